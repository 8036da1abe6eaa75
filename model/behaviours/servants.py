"""A civil servant's month: stay or leave, learn and forget, choose paper or screen, cope with pressure."""

from model.behaviours.leaders import care, open_mind
from model.compiled import compiled
from model.numeric import clip, normal_quantile, quantile
from model.randomness import Stream, uniform4
from model.rules import leadership, pressure, servants
from model.world import ON_SCREEN, PAPER, SERVANT_CONTACTS, STEWARD, STREET, SYSTEM


@compiled
def servant_month(me, contacts, seen, office, leader, p, quantiles, month, key):
    """Live through a month. Reads office, leader and what was seen of colleagues; writes its own row only.

    `contacts` are the rows of the colleagues looked at, `seen` is 1 where a servant worked on screen last month,
    `quantiles` are those of skill and of Davis's traits among those who are hired.
    """
    draws = uniform4(key, Stream.SERVANT_MONTH, month, me.id)
    me.stage_before = me.stage
    if draws[0] < p.servant_exit + p.servant_rotation:
        be_replaced(me, p, quantiles, month, key)
    if draws[1] < p.training_rate / 12.0:
        me.trained += servants.skill_from_training(effective_skill(me), p)
    learn_and_forget(me, office, p)
    commitment, habit = attitude(me, office, leader, p)
    choose_way_of_working(me, contacts, seen, office, leader, commitment, habit, p, draws[2])
    cope(me, office, commitment, habit, p)


@compiled
def be_replaced(me, p, quantiles, month, key):
    """Leave the seat to someone new, who starts on paper."""
    me.stage = PAPER
    me.trained = 0.0
    me.use = 0.0
    me.months_of_use = 0.0
    draw_person(me, p, quantiles, 2 * month, Stream.SERVANT_REPLACEMENT, key)
    me.skill = clip(me.skill + p.newcomer_skill_bonus)


@compiled
def draw_person(me, p, quantiles, block, stream, key):
    """Draw skill, character and thresholds of a person; `block` and `block` + 1 address the draws within the stream."""
    first = uniform4(key, stream, block, me.id)
    second = uniform4(key, stream, block + 1, me.id)
    skills, traits = quantiles
    me.skill = quantile(skills, first[0])
    me.curiosity = quantile(traits, first[1])
    me.honesty = quantile(traits, second[2])
    me.ownership = quantile(traits, second[3])
    me.innovativeness = servants.innovativeness(me.curiosity, me.honesty, me.ownership)
    me.switching_cost = clip(p.switching_cost_mean + p.switching_cost_spread * normal_quantile(first[2]))
    me.threshold = p.adoption_threshold + p.adoption_threshold_spread * normal_quantile(first[3])
    me.peer_threshold = clip(p.peer_threshold_mean + p.peer_threshold_spread * normal_quantile(second[0]))
    me.character = normal_quantile(second[1])


@compiled
def attitude(me, office, leader, p):
    """Return commitment under this leader (0-1) and the pull of the status quo (standard units)."""
    commitment = leadership.staff_commitment(0.5 * (care(leader) + open_mind(leader)), me.character, p)
    return commitment, servants.resistance(me.switching_cost, office.bribery, effective_skill(me), leader.support, p)


@compiled
def effective_skill(me):
    """Return skill with what is left of training, 0-1."""
    return min(1.0, me.skill + me.trained)


@compiled
def learn_and_forget(me, office, p):
    """Learn from use and from colleagues on screen; what was trained fades while it is not used."""
    missing = 1.0 - effective_skill(me)
    if me.use > 0.0:
        me.skill = clip(me.skill + p.learning_by_doing * me.use * missing)
    else:
        me.trained *= servants.unused_gain_kept(p)
    shared = p.knowledge_sharing * office.readiness * office.use * max(0.0, office.skill - effective_skill(me))
    me.skill = clip(me.skill + shared)


@compiled
def choose_way_of_working(me, contacts, seen, office, leader, commitment, habit, p, draw):
    """Take up the screen or go back to paper; look after the automated service if able. Never above the office."""
    if office.deployed == STREET:
        me.stage = PAPER
        me.use = 0.0
        return
    conditions = clip((office.technology + effective_skill(me) + leader.support) / 3.0 * (0.5 + commitment))
    wish = drive(me, contacts, seen, office, leader, commitment, conditions, p) - p.weight_status_quo * habit
    chance = servants.inclination(wish, me.threshold, p)
    if me.stage == PAPER:
        me.stage = ON_SCREEN if draw < p.adoption_rate * chance else PAPER
    elif draw < p.abandonment_rate * (1.0 - chance):
        me.stage = PAPER
    if me.stage != PAPER:
        able = office.deployed == SYSTEM and effective_skill(me) >= p.steward_skill
        me.stage = STEWARD if able else ON_SCREEN
    me.use = servants.use_intensity(conditions, p) if me.stage != PAPER else 0.0
    me.months_of_use += me.use


@compiled
def drive(me, contacts, seen, office, leader, commitment, conditions, p):
    """Return the drive to work on screen in standard units: UTAUT terms and innovativeness."""
    skill = effective_skill(me)
    usefulness = clip(0.5 * (office.quality + office.data) - office.disappointment)
    ease = 0.5 * (skill + office.quality)
    peers = servants.social_influence(adopting_share(contacts, seen, office, leader, p), me.peer_threshold, p)
    common = servants.common_drive(usefulness, ease, clip(peers * (0.5 + commitment)), conditions, p)
    innovation = p.weight_innovativeness * servants.standardised(me.innovativeness, p)
    return common + innovation


@compiled
def adopting_share(contacts, seen, office, leader, p):
    """Return the share of contacts seen on screen, as far as one can see; a sponsoring leader counts as several."""
    total = 0.0
    for place in range(SERVANT_CONTACTS):
        total += seen[contacts[place]]
    total *= servants.visible_share(office.data, p)
    weight = leadership.hierarchy_weight(office.use, p)
    if leader.stage > 0:
        total += weight
    return total / (SERVANT_CONTACTS + weight)


@compiled
def cope(me, office, commitment, habit, p):
    """Deal with pressure: toward clients, away from them or against them, as chances."""
    away = pressure.weight_away(office.pressure, commitment, p)
    against = pressure.weight_against(office.pressure, commitment, habit, p)
    me.away = away / (1.0 + away + against)
    me.against = against / (1.0 + away + against)


@compiled
def work_pace(me, p):
    """Return output relative to work on paper, 1 before go-live."""
    if me.stage == PAPER:
        return 1.0
    return 1.0 / (1.0 - me.use + me.use * servants.screen_work_time(me.months_of_use, p))
