"""How an office conducts itself: discretion, openness, accountability, bribes, errors, and its standing."""

from model.compiled import compiled
from model.rules import citizens, corruption, errors, legitimacy, participation, pressure, screen, street, system
from model.world import SCREEN, STREET, SYSTEM


@compiled
def answer_to_public(me, leader, openness, p):
    """Set what citizens with a case will meet this month: openness, answers, bribes, errors."""
    me.discretion = discretion_left(me, p)
    by_rule = me.automation if me.stage == SYSTEM else 0.0  # before, the rules are in the system but decide nothing
    trace = max(me.use, by_rule)
    me.answered = participation.responsiveness(openness, p)
    me.transparency = legitimacy.transparency(trace, me.mandate, me.data * me.culture, by_rule, p)
    me.accountability = legitimacy.accountability(trace, me.answered, p)
    me.detection = corruption.detection_probability(me.accountability, trace, p)
    opportunity = corruption.bribe_opportunity(me.discretion, 1.0, me.accountability, p)
    months_waited = me.waiting / me.possible if me.possible > 0.0 else 0.0
    bribe = corruption.bribe_probability(opportunity, me.bribery, months_waited, leader.honesty, me.detection, p)
    me.rent_chance = corruption.gatekeeper_probability(trace, p)
    me.bribe_chance = corruption.either(bribe, me.rent_chance)
    coping = errors.coping_errors(me.away, 1.0 - me.away - me.against, p)
    rigid = errors.rigidity(me.discretion, p)
    me.error_chance = errors.error_probability(me.skill, me.use, coping, me.standard, rigid, p)


@compiled
def discretion_left(me, p):
    """Return officials' discretion in single cases (0-1) at the office's level."""
    taken = street.discretion_taken(me.use, me.automation, p)
    if me.stage == SCREEN:
        taken = screen.discretion_taken(me.use, me.automation, p)
    elif me.stage == SYSTEM:
        taken = system.discretion_taken(me.use, me.automation, p)
    return min(1.0, max(0.0, p.initial_discretion * (1.0 - taken)))


@compiled
def feel_pressure(me, ready, p):
    """Compare the work with the hands after a month; staff forget how much time a case once got.

    An eroded standard hides part of the overload: what staff still think necessary is less.
    """
    taken = pressure.coping_time(me.away, 1.0 - me.away - me.against, p)
    me.pressure = pressure.work_pressure(ready, me.possible * taken)
    me.standard = pressure.standard_next(me.standard, me.standard * taken, p)


@compiled
def earn_standing(me, counter, digital, put_off, p):
    """Bring the habit of bribes and legitimacy up to date after a month.

    `counter` and `digital` cases were filed; `put_off` wait for help, which counts against the office like dropping them.
    """
    filed = counter + digital
    face = counter / filed if filed > 0 else 1.0
    me.bribery = corruption.norm_next(me.bribery, face * me.bribe_chance + (1.0 - face) * me.rent_chance, p)
    days = face * me.counter_days + (1.0 - face) * me.digital_days
    cases = me.arrived + put_off
    lost = (me.dropped + put_off) / cases if cases > 0 else 0.0
    wronged = min(1.0, me.error_chance + lost)
    process = legitimacy.throughput(me.transparency, wronged)
    results = legitimacy.output(citizens.service_speed(days, p), me.bribery)
    me.legitimacy = legitimacy.legitimacy_next(me.legitimacy, me.efficacy, process, results, p)


@compiled
def published_score(me):
    """Return digital maturity (0-1) as a yearly ranking would see it: level in practice and quality of the system."""
    return (me.stage + me.quality) / 3.0 if me.deployed != STREET else 0.0
