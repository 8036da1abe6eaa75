"""A citizen's month: live through the last case, get connected, hear of the service, choose a channel."""

from model.compiled import compiled
from model.numeric import clip, exp
from model.randomness import Stream, uniform4
from model.rules import citizens, errors, infrastructure, participation, screen, servants, system
from model.world import (
    ASSISTED,
    AT_COUNTER,
    BRIBED,
    BY_ASSISTANCE,
    BY_COUNTER,
    BY_SELF_SERVICE,
    CONCLUDED,
    CONTACTS,
    DEFERRED,
    DROPPED,
    FAULTED,
    HEARD,
    NO_CASE,
    ONLINE,
    SPOKE,
    STREET,
    SYSTEM,
    WRONGED,
)


@compiled
def citizen_month(me, seen, first, size, office, region, p, month, key):
    """Live through a month. Reads office, province and what was seen of neighbours; writes its own row only.

    `seen` is 1 where a citizen used a digital channel, `first` the row of the office's first citizen, `size` their number.
    """
    draws = uniform4(key, Stream.CITIZEN_MONTH, month, me.id)
    me.stage_before = me.stage
    me.fate = 0
    me.trust *= 1.0 - office.trust_shock
    if me.channel != NO_CASE and me.channel != DEFERRED:
        live_through_case(me, office, region, p, draws[3], month, key)
    get_connected(me, region, p, draws[0])
    if office.stage == STREET:
        me.stage = AT_COUNTER
    elif me.aware == 0:
        hear_of_service(me, seen, first, size, p, draws[1])
    elif me.stage == AT_COUNTER:
        reconsider(me, seen, first, size, office, p, draws[2])
    turn = me.turn + office.need_offset
    if me.channel == DEFERRED or turn - int(turn) < office.need:
        bring_case(me, office, p, month, key)
    else:
        me.channel = NO_CASE
        me.has_failed = 0


@compiled
def live_through_case(me, office, region, p, queue_draw, month, key):
    """Feel last month's case: satisfaction, trust, skill; speak up; perhaps give up the digital channel.

    A case that waited for staff may have been given up in the queue; then it counts as the last one without a decision.
    """
    fate = uniform4(key, Stream.CITIZEN_FATE, month, me.id)
    voice = uniform4(key, Stream.CITIZEN_VOICE, month, me.id)
    by_rule = me.channel == BY_SELF_SERVICE and office.stage == SYSTEM and fate[2] < office.automation
    given_up = me.channel != DROPPED and not by_rule and queue_draw < office.renege_share
    is_digital = not given_up and (me.channel == BY_ASSISTANCE or me.channel == BY_SELF_SERVICE)
    me.fate = CONCLUDED
    if given_up:
        me.habit = DROPPED
    elif me.channel != DROPPED:
        meet_fate(me, office, region, is_digital, by_rule, fate, p)
    is_bad = me.channel == DROPPED or me.has_failed == 1 or given_up or me.fate & WRONGED != 0
    experience = quality_felt(me, office, is_digital, p)
    me.trust = citizens.trust_next(me.trust, experience, is_bad, p)
    if is_digital:
        me.has_used = 1
        me.skill = clip(me.skill + p.skill_from_use * (1.0 - me.skill))
    if me.channel == BY_COUNTER and not given_up and office.stage != STREET:
        hear_at_counter(me, office, p, voice[3])
    if is_digital or me.has_failed == 1:
        felt = experience if is_digital else p.failed_experience
        me.satisfaction = citizens.satisfaction_next(me.satisfaction, felt, me.expectation, p)
        me.expectation = clip(me.expectation + p.expectation_rate * (felt - me.expectation))
        if voice[2] < citizens.leaving_probability(me.satisfaction, p):
            me.stage = AT_COUNTER
    me.trust_general = clip(me.trust_general + p.trust_general_rate * (office.trust - me.trust_general))
    speak_up(me, office, is_bad, voice, p)


@compiled
def hear_at_counter(me, office, p, draw):
    """Be told of the online service by whoever decided the case, if he works on screen himself."""
    if draw < citizens.referral_probability(office.use, p):
        me.aware = 1


@compiled
def quality_felt(me, office, is_digital, p):
    """Return the quality of last month's case in the citizen's eyes, 0-1; none if it took a bribe."""
    if me.fate & BRIBED != 0:
        return 0.0
    if is_digital:
        return citizens.digital_experience(citizens.service_speed(office.digital_days, p), office.data, office.quality, p)
    return citizens.counter_experience(citizens.service_speed(office.counter_days, p), office.standard, office.against, p)


@compiled
def meet_fate(me, office, region, is_digital, by_rule, draws, p):
    """Be asked for a bribe, decided wrongly by a person, or hit by a faulty rule, or none of it."""
    if draws[0] < (office.rent_chance if is_digital else office.bribe_chance):
        me.fate |= BRIBED
    if draws[1] < (errors.system_error_probability(p) if by_rule else office.error_chance):
        me.fate |= WRONGED
    if by_rule and region.fault == 1 and draws[3] < region.fault_share:
        me.fate |= WRONGED | FAULTED


@compiled
def speak_up(me, office, is_bad, draws, p):
    """Raise one's voice after a case, online where that is possible; learn whether it is heard."""
    able = own_capability(me, p) if office.stage != STREET else 0.0
    if draws[0] >= participation.voice_probability(able, is_bad, me.efficacy, p):
        return
    is_heard = draws[1] < office.answered
    me.fate |= SPOKE | HEARD if is_heard else SPOKE
    me.efficacy = participation.efficacy_next(me.efficacy, is_heard, p)


@compiled
def get_connected(me, region, p, draw):
    """Get access once covered, a fast line later; being online builds skill."""
    distance = infrastructure.remoteness(me.rank, me.urban == 1, p)
    if me.has_access == 0:
        ready = infrastructure.access_by_skill(me.skill, p)
        chance = infrastructure.access_probability(region.online_share, region.internet_index, ready, p)
        if distance < region.coverage and draw < chance:
            me.has_access = 1
    else:
        me.skill = clip(me.skill + p.skill_from_access * (1.0 - me.skill))
    me.is_fast = me.has_access == 1 and distance < region.coverage - p.speed_lag


@compiled
def neighbours_share(me, seen, first, size):
    """Return the share of neighbours seen to use a digital channel: a ring, some ties of which lead far."""
    place = int(me.id) & 0xFFFF
    total = 0
    for tie in range(CONTACTS):
        if (me.rewired >> tie) & 1:
            other = (int(me.far) + 7919 * tie) % size
        else:
            step = tie - 4 if tie < 4 else tie - 3
            other = (place + step + size) % size
        total += seen[first + other]
    return total / CONTACTS


@compiled
def hear_of_service(me, seen, first, size, p, draw):
    """Become aware through media and office, or through neighbours who use it (Bass)."""
    chance = (p.awareness_external + p.awareness_contact * neighbours_share(me, seen, first, size)) / 12.0
    me.aware = draw < chance


@compiled
def own_capability(me, p):
    """Return the citizen's capability without help, 0-1."""
    return infrastructure.capability(me.has_access == 1, me.is_fast == 1, me.skill, p)


@compiled
def reconsider(me, seen, first, size, office, p, draw):
    """Decide whether to try the digital way, alone or with help."""
    own = own_capability(me, p)
    has_help = me.helper < p.assistance_coverage
    best = infrastructure.assisted_capability(own, p) if has_help else own
    if best <= 0.0 or draw >= p.citizen_adoption_rate:
        return
    peers = neighbours_share(me, seen, first, size)
    ease = citizens.completion_probability(best, p)
    drive = servants.common_drive(office.usefulness, ease, peers, best, p)
    if me.has_used == 0:
        drive += p.weight_trust * servants.standardised(me.trust, p)
    drive += p.weight_transparency * servants.standardised(office.transparency, p)
    if draw < p.citizen_adoption_rate * servants.inclination(drive, me.threshold, p):
        me.stage = ONLINE if me.has_access == 1 else ASSISTED


@compiled
def bring_case(me, office, p, month, key):
    """Choose among the channels that are open to this citizen, and try to finish.

    Who is sent online against his will loses trust; who then finds no way waits for help, tries again next month, or
    drops the case.
    """
    draws = uniform4(key, Stream.CITIZEN_CASE, month, me.id)
    is_open = office.stage == STREET or draws[0] >= p.counter_closure
    is_willing = office.stage != STREET and (me.stage != AT_COUNTER or not is_open)
    own = own_capability(me, p)
    helped = infrastructure.assisted_capability(own, p)
    can_be_assisted = is_willing and me.helper < p.assistance_coverage
    can_go_online = is_willing and me.has_access == 1 and office.is_down == 0
    if me.channel != DEFERRED:
        me.has_failed = 0
    if not is_open and me.stage == AT_COUNTER:
        me.trust = clip(me.trust - citizens.reactance(me.trust_general, p))
    me.channel = choose_channel(me, office, own, helped, is_open, can_be_assisted, can_go_online, p, draws[1])
    if me.channel == BY_ASSISTANCE or me.channel == BY_SELF_SERVICE:
        capability = helped if me.channel == BY_ASSISTANCE else own
        finish_or_fall_back(me, capability, is_open, p, draws[2])
    if me.channel == DEFERRED and draws[3] < p.forced_dropout:
        me.channel = DROPPED
    me.habit = me.channel


@compiled
def choose_channel(me, office, own, helped, is_open, can_be_assisted, can_go_online, p, draw):
    """Return the channel chosen by a multinomial logit of hours, habit and trust; deferred if none is open."""
    if not (can_be_assisted or can_go_online):
        return BY_COUNTER if is_open else DEFERRED
    travel = citizens.travel_hours(me.urban == 1, p)
    trips = system.online_visits(p) if office.stage == SYSTEM else screen.online_visits(p)
    counter, assisted, online = 0.0, 0.0, 0.0
    if is_open:
        hours = citizens.counter_hours(travel, office.wait_hours, office.counter_days, p)
        counter = weight(me, BY_COUNTER, hours, p)
    if can_be_assisted:
        hours = citizens.digital_hours(helped, trips + p.assisted_travel_share, travel, office.digital_days, p)
        assisted = weight(me, BY_ASSISTANCE, hours, p)
    if can_go_online:
        hours = citizens.digital_hours(own, trips, travel, office.digital_days, p)
        online = weight(me, BY_SELF_SERVICE, hours, p)
    draw *= counter + assisted + online
    if draw < counter:
        return BY_COUNTER
    return BY_ASSISTANCE if draw < counter + assisted else BY_SELF_SERVICE


@compiled
def weight(me, channel, hours, p):
    """Return the logit weight of a channel."""
    value = -p.channel_sensitivity * hours
    if me.habit == channel:
        value += p.habit_strength
    if channel != BY_COUNTER and me.has_used == 0:
        value += p.trust_first_use * me.trust
    return exp(value)


@compiled
def finish_or_fall_back(me, capability, is_open, p, draw):
    """Finish the digital case, else go to the counter; if that is closed the case is put off."""
    if draw < citizens.completion_probability(capability, p):
        me.stage = ASSISTED if me.channel == BY_ASSISTANCE else ONLINE
        me.aware = 1
        return
    me.has_failed = 1
    me.channel = BY_COUNTER if is_open else DEFERRED
