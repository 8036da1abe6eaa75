"""The model built a second time: civil servants, citizens, counting, 7.4 to 7.8 of `model/ODD.md`; see `second_build.py`."""

from math import exp, floor, sqrt

from model.numeric import normal_quantile, quantile
from model.randomness import Stream, uniform4
from tests.second_build import care, clip, logistic, open_mind, speed


def z(level, p):
    return (level - p.construct_mean) / p.construct_spread


def ability(s):
    return min(1.0, s.skill + s.trained)


def new_person(s, p, tables, stream, block, key):
    """Section 5."""
    a, b = (uniform4(key, stream, block + i, int(s.id)) for i in (0, 1))
    s.skill = quantile(tables.skills, a[0])
    s.curiosity, s.honesty, s.ownership = (quantile(tables.innovators, u) for u in (a[1], b[2], b[3]))
    s.innovativeness = (s.curiosity * s.honesty * s.ownership) ** (1.0 / 3.0)
    s.switching_cost = clip(p.switching_cost_mean + p.switching_cost_spread * normal_quantile(a[2]))
    s.threshold = p.adoption_threshold + p.adoption_threshold_spread * normal_quantile(a[3])
    s.peer_threshold = clip(p.peer_threshold_mean + p.peer_threshold_spread * normal_quantile(b[0]))
    s.character = normal_quantile(b[1])
    s.stage = s.trained = s.use = s.months_of_use = 0


def servant_month(s, seen, o, leader, p, tables, month, key):
    """7.4; `seen` is how many of the five contacts were on screen."""
    u = uniform4(key, Stream.SERVANT_MONTH, month, int(s.id))
    s.stage_before = s.stage
    if u[0] < p.servant_exit + p.servant_rotation:
        new_person(s, p, tables, Stream.SERVANT_REPLACEMENT, 2 * month, key)
        s.skill = clip(s.skill + p.newcomer_skill_bonus)
    if u[1] < p.training_rate / 12.0:
        s.trained += p.training_effect * p.servant_skill_spread * p.training_transfer * (1.0 - ability(s))
    if s.use > 0.0:
        s.skill = clip(s.skill + p.learning_by_doing * s.use * (1.0 - ability(s)))
    else:
        s.trained *= exp(-p.skill_decay)
    s.skill = clip(s.skill + p.knowledge_sharing * o.readiness * o.use * max(0.0, o.skill - ability(s)))
    commitment, habit = attitude(s, o, leader, p)
    way_of_working(s, seen, o, leader, commitment, habit, p, u[2])
    cope(s, o, commitment, habit, p)


def attitude(s, o, leader, p):
    r = p.commitment_from_leadership
    lead = (care(leader) + open_mind(leader)) / 2.0
    commitment = clip(0.5 + p.commitment_spread * (r * z(lead, p) + sqrt(1.0 - r * r) * s.character))
    felt = (s.switching_cost + p.rent_resistance * o.bribery) * (1.0 - p.resistance_skill * ability(s))
    return commitment, z(felt * (1.0 - p.resistance_support * leader.support), p)


def common_drive(usefulness, ease, peers, conditions, p):
    drive = p.weight_usefulness * (z(usefulness, p) + p.effort_on_usefulness * z(ease, p)) + p.weight_ease * z(ease, p)
    return drive + p.weight_peers * z(peers, p) + p.weight_conditions * z(conditions, p)


def way_of_working(s, seen, o, leader, commitment, habit, p, u):
    if o.deployed == 0:
        s.stage, s.use = 0, 0.0
        return
    conditions = clip((o.technology + ability(s) + leader.support) / 3.0 * (0.5 + commitment))
    usefulness = clip((o.quality + o.data) / 2.0 - o.disappointment)
    weight = p.leader_weight * (1.0 - p.flattening * o.use)
    visible = (p.visibility + (1.0 - p.visibility) * o.data) * seen
    adopting = (visible + weight * (leader.stage > 0)) / (5.0 + weight)
    peers = clip(logistic((adopting - s.peer_threshold) / p.threshold_noise) * (0.5 + commitment))
    drive = common_drive(usefulness, (ability(s) + o.quality) / 2.0, peers, conditions, p)
    drive += p.weight_innovativeness * z(s.innovativeness, p) - p.weight_status_quo * habit
    chance = logistic(p.choice_slope * (drive - s.threshold))
    if s.stage == 0:
        s.stage = int(u < p.adoption_rate * chance)
    elif u < p.abandonment_rate * (1.0 - chance):
        s.stage = 0
    if s.stage:
        s.stage = 2 if o.deployed == 2 and ability(s) >= p.steward_skill else 1
    s.use = clip(p.use_conversion + (1.0 - p.use_conversion) * conditions) if s.stage else 0.0
    s.months_of_use += s.use


def cope(s, o, commitment, habit, p):
    less = p.coping_commitment * (commitment - 0.5)
    away = exp(p.coping_away_base + p.coping_away_pressure * (o.pressure - 1.0) - less)
    against = p.coping_against_base + p.coping_against_pressure * (o.pressure - 1.0)
    against = exp(against + p.coping_against_status_quo * habit - less)
    s.away, s.against = away / (1.0 + away + against), against / (1.0 + away + against)


def pace(s, p):
    if s.stage == 0:
        return 1.0
    t = max(p.fastest_work, (1.0 + p.go_live_shock) * (1.0 + s.months_of_use) ** -p.learning_exponent)
    return 1.0 / (1.0 - s.use + s.use * t)


def own_capability(c, p):
    return 0.0 if not c.has_access else c.skill if c.is_fast else (1.0 - p.slow_penalty) * c.skill


def readiness(c, p):
    return max(0.0, 1.0 + p.access_skill * (c.skill - p.citizen_skill_mean))


def citizen_month(c, n, o, r, p, month, key):
    """7.5; `n` is the share of the eight neighbours seen at the assisted or online stage."""
    u = uniform4(key, Stream.CITIZEN_MONTH, month, int(c.id))
    c.stage_before, c.fate = c.stage, 0
    c.trust *= 1.0 - o.trust_shock
    if c.channel not in (0, 5):
        live_through(c, o, r, p, u, month, key)
    distance = c.rank * (1.0 - p.urban_advantage) if c.urban else c.rank
    if not c.has_access:
        pace = p.access_contagion / 12.0 * r.internet_index**p.access_pace_gap
        chance = pace * readiness(c, p) * (r.online_share + p.access_seed)
        c.has_access = int(distance < r.coverage and u[0] < clip(chance))
    else:
        c.skill = clip(c.skill + p.skill_from_access * (1.0 - c.skill))
    c.is_fast = int(c.has_access and distance < r.coverage - p.speed_lag)
    if o.stage == 0:
        c.stage = 0
    elif not c.aware:
        c.aware = int(u[1] < (p.awareness_external + p.awareness_contact * n) / 12.0)
    elif c.stage == 0:
        reconsider(c, n, o, p, u[2])
    turn = c.turn + o.need_offset
    if c.channel == 5 or turn - floor(turn) < o.need:
        bring_case(c, o, p, uniform4(key, Stream.CITIZEN_CASE, month, int(c.id)))
    else:
        c.channel = c.has_failed = 0


def live_through(c, o, r, p, u, month, key):
    v = uniform4(key, Stream.CITIZEN_FATE, month, int(c.id))
    by_rule = c.channel == 3 and o.stage == 2 and v[2] < o.automation
    given_up = c.channel != 4 and not by_rule and u[3] < o.renege_share
    digital = c.channel in (2, 3) and not given_up
    c.fate = 32
    if given_up:
        c.habit = 4
    elif c.channel != 4:
        hit = by_rule and r.fault == 1 and v[3] < r.fault_share
        wrong = hit or v[1] < (p.system_error_ratio * p.error_rate if by_rule else o.error_chance)
        c.fate += (v[0] < (o.rent_chance if digital else o.bribe_chance)) + 2 * wrong + 4 * hit
    bad = c.channel == 4 or c.has_failed or given_up or c.fate & 2
    if c.fate & 1:
        felt = 0.0
    elif digital:
        felt = p.experience_speed * speed(o.digital_days, p) + p.experience_information * o.data
        felt = clip(felt + p.experience_quality * o.quality)
    else:
        felt = clip(speed(o.counter_days, p) * o.standard - p.coping_against_dissatisfaction * o.against)
    c.trust = clip(c.trust + p.trust_gain * (felt - c.trust) - (p.trust_loss * c.trust if bad else 0.0))
    if digital:
        c.has_used, c.skill = 1, clip(c.skill + p.skill_from_use * (1.0 - c.skill))
    if c.channel == 1 and not given_up and o.stage > 0:
        told = uniform4(key, Stream.CITIZEN_VOICE, month, int(c.id))[3] < p.counter_referral * o.use
        c.aware = int(c.aware or told)
    if digital or c.has_failed:
        felt = felt if digital else p.failed_experience
        c.satisfaction = clip(c.satisfaction + p.satisfaction_rate * (felt - c.expectation))
        c.expectation = clip(c.expectation + p.expectation_rate * (felt - c.expectation))
        leaves = p.discontinuance * (1.0 - logistic(p.continuation_slope * (c.satisfaction - p.continuation_level)))
        if uniform4(key, Stream.CITIZEN_VOICE, month, int(c.id))[2] < leaves:
            c.stage = 0
    c.trust_general = clip(c.trust_general + p.trust_general_rate * (o.trust - c.trust_general))
    v = uniform4(key, Stream.CITIZEN_VOICE, month, int(c.id))
    drive = p.voice_base + p.voice_efficacy * c.efficacy + (p.voice_issue if bad else 0.0)
    if v[0] < logistic(drive + p.voice_capability * (own_capability(c, p) if o.stage else 0.0)):
        heard = v[1] < o.answered
        c.fate += 24 if heard else 8
        c.efficacy = clip(c.efficacy + (p.efficacy_gain if heard else -p.efficacy_loss))


def finishing(capability, p):
    return logistic(p.completion_slope * (capability - p.form_difficulty))


def reconsider(c, n, o, p, u):
    own = own_capability(c, p)
    best = own + p.assistance_gain * (1.0 - own) if c.helper < p.assistance_coverage else own
    if best <= 0.0 or u >= p.citizen_adoption_rate:
        return
    drive = common_drive(o.usefulness, finishing(best, p), n, best, p)
    drive += p.weight_transparency * z(o.transparency, p) + (0.0 if c.has_used else p.weight_trust * z(c.trust, p))
    if u < p.citizen_adoption_rate * logistic(p.choice_slope * (drive - c.threshold)):
        c.stage = 2 if c.has_access else 1


def bring_case(c, o, p, v):
    is_open = o.stage == 0 or v[0] >= p.counter_closure
    willing = o.stage > 0 and (c.stage != 0 or not is_open)
    own = own_capability(c, p)
    helped = own + p.assistance_gain * (1.0 - own)
    if c.channel != 5:
        c.has_failed = 0
    if not is_open and c.stage == 0:
        c.trust = clip(c.trust - p.mandate_reaction * p.service_sensitivity * (1.0 - c.trust_general))
    ways = [1] if is_open else []
    ways += [2] if willing and c.helper < p.assistance_coverage else []
    ways += [3] if willing and c.has_access and not o.is_down else []
    if ways in ([], [1]):
        c.channel = 1 if is_open else 5
    else:
        c.channel = choose(c, o, ways, own, helped, p, v[1])
    if c.channel in (2, 3):
        if v[2] < finishing(helped if c.channel == 2 else own, p):
            c.stage, c.aware = c.channel - 1, 1
        else:
            c.has_failed, c.channel = 1, 1 if is_open else 5
    if c.channel == 5 and v[3] < p.forced_dropout:
        c.channel = 4
    c.habit = c.channel


def choose(c, o, ways, own, helped, p, v):
    travel = p.travel_hours_urban if c.urban else p.travel_hours_rural
    trips = p.paper_demand if o.stage == 1 else 0.0
    delay = p.delay_cost * o.digital_days
    hours = {
        1: p.visits * (travel + o.wait_hours) + p.form_hours_paper + p.delay_cost * o.counter_days,
        2: p.form_hours_online + p.effort_hours * (1.0 - helped) + (trips + p.assisted_travel_share) * travel + delay,
        3: p.form_hours_online + p.effort_hours * (1.0 - own) + trips * travel + delay,
    }
    weights = {}
    for way in ways:
        value = -p.channel_sensitivity * hours[way] + p.habit_strength * (c.habit == way)
        weights[way] = exp(value + (p.trust_first_use * c.trust if way > 1 and not c.has_used else 0.0))
    left = v * sum(weights.values())
    for way in ways[:-1]:
        if left < weights[way]:
            return way
        left -= weights[way]
    return ways[-1]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def count(o, staff, people, p):
    """7.6; returns the month's cases: counter, assisted, self-service, dropped, deferred."""
    o.adoption, o.use = mean(s.stage != 0 for s in staff), mean(s.use for s in staff)
    o.skill, o.innovation = mean(map(ability, staff)), mean(s.innovativeness for s in staff)
    o.away, o.against = mean(s.away for s in staff), mean(s.against for s in staff)
    taken = 1.0 - p.coping_away_time * o.away + p.coping_toward_time * (1.0 - o.away - o.against)
    o.pace = mean(pace(s, p) for s in staff) / (o.standard * taken)
    o.trust, o.efficacy = mean(c.trust for c in people), mean(c.efficacy for c in people)
    lived = sum(c.fate >= 32 for c in people)
    o.voice = sum(int(c.fate) & 8 != 0 for c in people) / lived if lived else 0.0
    return [sum(c.channel == way for c in people) for way in range(1, 6)]


def take_note(r, offices, people, month):
    """7.8; `people` are the citizens of each office."""
    r.online_share = mean(c.has_access for group in people for c in group)
    r.screen_share, r.system_share = mean(o.stage >= 1 for o in offices), mean(o.stage == 2 for o in offices)
    r.oversight = mean(o.accountability for o in offices)
    for o, group in zip(offices, people, strict=True):
        r.fault_hits += o.weight * sum(int(c.fate) & 4 != 0 for c in group)
    r.worst_fault = max(r.worst_fault, r.fault_hits)
    if month % 12 == 0:
        for o in offices:
            o.score = (o.stage + o.quality) / 3.0 if o.deployed else 0.0
        r.score = mean(o.score for o in offices)
