"""The model built a second time, following `model/ODD.md`, in plain Python: provinces, leaders, counters.

Slow, unrounded, without compiled rules or behaviours; it shares only draws, quantiles and the table of parameters. Section
numbers are those of ODD.md. `second_build_plan.py` has what offices plan, `second_build_people.py` servants and citizens.
"""

from math import exp, floor, log, sqrt

from model.numeric import quantile
from model.randomness import Stream, uniform4


def clip(x):
    return min(1.0, max(0.0, x))


def logistic(x):
    return 1.0 / (1.0 + exp(-x))


def speed(days, p):
    return p.service_reference_days / (p.service_reference_days + days)


def ces(levels, exponent):
    levels = [max(level, 1e-6) for level in levels]
    if abs(exponent) < 1e-3:
        return clip(exp(sum(log(level) for level in levels) / len(levels)))
    return clip((sum(level**exponent for level in levels) / len(levels)) ** (1.0 / exponent))


def open_mind(leader):
    return (leader.openness + leader.receptivity) / 2.0


def care(leader):
    return (leader.caring + leader.dignity + leader.respect) / 3.0


def province_month(r, p, month, key):
    """7.1."""
    r.coverage = clip(r.coverage + p.coverage_growth * (1.0 - r.coverage) * p.infrastructure_effort / r.cost_multiplier)
    r.outage = p.outage_remote if r.remote else p.outage_core
    u = uniform4(key, Stream.FAULT, month, int(r.id))
    r.fault_found = 0
    if r.fault == 1:
        if u[0] < p.fault_detection:
            r.fault, r.fault_found = 0, 1
    elif r.system_share > 0.0 and u[1] < p.fault_rate * (1.0 - r.oversight):
        r.fault, r.fault_share, r.fault_hits = 1, min(1.0, -p.fault_share * log(u[2])), 0.0


def draw_traits(me, tables, block, key):
    a, b = (uniform4(key, Stream.LEADER_TRAITS, block + i, int(me.id)) for i in (0, 1))
    names = ("openness", "receptivity", "honesty", "caring", "dignity", "respect")
    for name, u in zip(names, (*a, b[0], b[1]), strict=True):
        setattr(me, name, quantile(tables.traits, u))


def leader_month(me, office, r, p, tables, month, key):
    """7.2."""
    u = uniform4(key, Stream.LEADER_MONTH, month, int(me.id))
    me.stage_before = me.stage
    stays = 1.0 - 1.0 / p.leader_tenure
    if (month + office.election_month) % floor(p.election_interval) == 0:
        stays *= 1.0 - p.election_turnover
    me.is_new = int(u[0] < 1.0 - stays)
    if me.is_new:
        draw_traits(me, tables, 2 * month, key)
        me.support = p.support_kept * me.support + (1.0 - p.support_kept) * p.support_openness * open_mind(me)
        me.tenure = 0
    else:
        me.tenure += 1
    if u[1] < p.leadership_development / 12.0:
        for name in ("openness", "receptivity", "honesty", "caring", "dignity", "respect"):
            setattr(me, name, getattr(me, name) + p.leadership_effect * (1.0 - getattr(me, name)))
    results = office.quality * office.adoption if office.deployed >= 1 else 0.0
    pressure = p.external_pressure + p.ranking_effect * max(0.0, r.score - office.score)
    target = clip(
        p.support_openness * open_mind(me)
        + p.support_peers * r.screen_share
        + p.support_culture * office.culture
        + p.support_results * results
        + pressure
    )
    me.support = clip(me.support + p.support_adjustment * (target - me.support))
    if not me.is_new:
        felt = (0.0, p.success_encouragement, -p.failure_discouragement / 2.0, -p.failure_discouragement, 0.0)
        me.support = clip(me.support + felt[int(office.outcome)])
    me.stage = leader_stage(me.stage, me.support, p)


def leader_stage(before, support, p):
    if support >= p.driver_threshold:
        return 2
    if support >= p.sponsor_threshold:
        return 2 if before == 2 and support >= p.driver_threshold - p.stage_margin else 1
    return 1 if before >= 1 and support >= p.sponsor_threshold - p.stage_margin else 0


def office_serve(o, cases, p, month, key):
    """7.7; `cases` are counter, assisted, self-service, dropped, deferred."""
    u = uniform4(key, Stream.COUNTER, month, int(o.id))
    c, a, s, d, put_off = cases
    automated = floor(s * o.automation + u[0]) if o.stage == 2 else 0
    share = automated / s if s else 0.0
    by_staff = c + a + s * (1.0 - share)
    work = (c + p.assisted_work * a + p.online_work * s * (1.0 - share)) / by_staff if by_staff > 0.0 else 1.0
    o.possible = o.usual_demand / o.load * o.pace / max(0.01, work)
    staffed = c + a + s - automated
    ready = o.waiting + staffed
    decided = min(ready, floor(o.possible + u[1]))
    given_up = floor((ready - decided) * p.reneging + u[2])
    o.arrived, o.served, o.dropped = c + a + s + d, decided + automated, d + given_up
    o.waiting = ready - decided - given_up
    o.renege_share = given_up / ready if ready > 0 else 0.0
    taken = 1.0 - p.coping_away_time * o.away + p.coping_toward_time * (1.0 - o.away - o.against)
    o.pressure = min(3.0, ready / (o.possible * taken))
    spent = o.standard * taken
    months = p.erosion_months if spent < o.standard else p.recovery_months
    o.standard = min(1.0, max(p.lowest_standard, o.standard + (spent - o.standard) / months))
    rho = min(0.95, max(1e-6, staffed / o.possible))
    queue = rho ** (sqrt(2.0 * (p.counters + 1.0)) - 1.0) / (p.counters * (1.0 - rho))
    o.wait_hours = p.service_hours / o.pace * queue
    backlog = 30.0 * o.waiting / o.possible
    h = p.handling_days_screen if o.stage > 0 else p.handling_days_street
    o.counter_days = backlog + (1.0 - o.use) * p.handling_days_street + o.use * h
    o.digital_days = share * p.handling_days_system + (1.0 - share) * (backlog + h)
    earn_standing(o, c, a + s, put_off, p)


def earn_standing(o, c, digital, put_off, p):
    face = c / (c + digital) if c + digital else 1.0
    o.bribery += p.norm_adjustment * (face * o.bribe_chance + (1.0 - face) * o.rent_chance - o.bribery)
    lost = (o.dropped + put_off) / (o.arrived + put_off) if o.arrived + put_off else 0.0
    process = (o.transparency + 1.0 - min(1.0, o.error_chance + lost)) / 2.0
    results = (speed(face * o.counter_days + (1.0 - face) * o.digital_days, p) + 1.0 - o.bribery) / 2.0
    target = p.legitimacy_input * o.efficacy + p.legitimacy_throughput * process
    target += (1.0 - p.legitimacy_input - p.legitimacy_throughput) * results
    o.legitimacy = clip(o.legitimacy + p.legitimacy_adjustment * (target - o.legitimacy))
