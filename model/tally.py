"""Counting an office's people at the end of a month: whole numbers for cases and heads, sums for levels.

Refreshing what agents can see of each other
belongs to the same pass, because it must happen when everybody has acted and before anybody acts again.
"""

from model.behaviours.servants import effective_skill, work_pace
from model.columns import (
    ACCESS,
    AGAINST,
    ASSISTED_CASES,
    AWARE,
    AWAY,
    BRIBES,
    CITIZEN_MOVES,
    CITIZEN_SKILL,
    CITIZEN_STAGE,
    CONCLUDED_CASES,
    COUNTER_CASES,
    DEFERRED_CASES,
    DROPPED_CASES,
    EFFICACY,
    ERRORS,
    EXCLUDED,
    FAILED_ATTEMPTS,
    FAST,
    FAULT_HITS,
    GROUP_ACCESS,
    GROUP_CASES,
    GROUP_DIGITAL,
    GROUP_DROPPED,
    GROUP_SIZE,
    HEARD_VOICES,
    INNOVATION,
    ONLINE_CASES,
    SATISFACTION,
    SERVANT_MOVES,
    SERVANT_STAGE,
    STAFF_PACE,
    STAFF_SKILL,
    STAFF_USE,
    TRUST,
    TRUST_GENERAL,
    TRUST_SQUARES,
    USERS,
    VOICES,
)
from model.compiled import compiled
from model.rules import pressure
from model.world import (
    AT_COUNTER,
    BRIBED,
    BY_ASSISTANCE,
    BY_COUNTER,
    BY_SELF_SERVICE,
    CONCLUDED,
    DEFERRED,
    DROPPED,
    FAULTED,
    HEARD,
    NO_CASE,
    PAPER,
    SPOKE,
    WRONGED,
)


@compiled
def count_citizens(counts, sums, citizens, seen, first, size):
    """Count the citizens in rows `first` to `first + size` into `counts` and `sums`, and refresh what is seen of them."""
    for row in range(first, first + size):
        me = citizens[row]
        seen[row] = me.stage != AT_COUNTER
        counts[CITIZEN_STAGE + me.stage] += 1
        counts[CITIZEN_MOVES + 3 * me.stage_before + me.stage] += 1
        counts[ACCESS] += me.has_access
        counts[AWARE] += me.aware
        counts[FAST] += me.is_fast
        counts[EXCLUDED] += me.habit >= DROPPED
        sums[TRUST] += me.trust
        sums[TRUST_SQUARES] += me.trust * me.trust
        sums[EFFICACY] += me.efficacy
        sums[TRUST_GENERAL] += me.trust_general
        sums[CITIZEN_SKILL] += me.skill
        if me.has_used == 1:
            counts[USERS] += 1
            sums[SATISFACTION] += me.satisfaction
        third, setting = me.third, 3 + me.urban
        counts[GROUP_SIZE + third] += 1
        counts[GROUP_SIZE + setting] += 1
        counts[GROUP_ACCESS + third] += me.has_access
        counts[GROUP_ACCESS + setting] += me.has_access
        if me.channel == DEFERRED:
            counts[DEFERRED_CASES] += 1
        elif me.channel != NO_CASE:
            count_case(counts, me.channel, me.has_failed, third, setting)
        if me.fate != 0:
            count_fate(counts, me.fate)


@compiled
def count_fate(counts, fate):
    """Count what last month's case brought a citizen."""
    counts[CONCLUDED_CASES] += fate & CONCLUDED != 0
    counts[BRIBES] += fate & BRIBED != 0
    counts[ERRORS] += fate & WRONGED != 0
    counts[FAULT_HITS] += fate & FAULTED != 0
    counts[VOICES] += fate & SPOKE != 0
    counts[HEARD_VOICES] += fate & HEARD != 0


@compiled
def count_case(counts, channel, has_failed, third, setting):
    """Count one case by channel and by the groups of the citizen."""
    counts[GROUP_CASES + third] += 1
    counts[GROUP_CASES + setting] += 1
    counts[FAILED_ATTEMPTS] += has_failed
    if channel == BY_COUNTER:
        counts[COUNTER_CASES] += 1
    elif channel == DROPPED:
        counts[DROPPED_CASES] += 1
        counts[GROUP_DROPPED + third] += 1
        counts[GROUP_DROPPED + setting] += 1
    else:
        counts[ASSISTED_CASES] += channel == BY_ASSISTANCE
        counts[ONLINE_CASES] += channel == BY_SELF_SERVICE
        counts[GROUP_DIGITAL + third] += 1
        counts[GROUP_DIGITAL + setting] += 1


@compiled
def count_servants(counts, sums, office, servants, seen, first, size, p):
    """Count the servants in rows `first` to `first + size`, refresh what is seen of them, and tell the office."""
    for row in range(first, first + size):
        me = servants[row]
        seen[row] = me.stage != PAPER
        counts[SERVANT_STAGE + me.stage] += 1
        counts[SERVANT_MOVES + 3 * me.stage_before + me.stage] += 1
        sums[STAFF_SKILL] += effective_skill(me)
        sums[STAFF_USE] += me.use
        sums[STAFF_PACE] += work_pace(me, p)
        sums[INNOVATION] += me.innovativeness
        sums[AWAY] += me.away
        sums[AGAINST] += me.against
    office.adoption = 1.0 - counts[SERVANT_STAGE] / size
    office.skill = sums[STAFF_SKILL] / size
    office.use = sums[STAFF_USE] / size
    office.innovation = sums[INNOVATION] / size
    office.away = sums[AWAY] / size
    office.against = sums[AGAINST] / size
    taken = pressure.coping_time(office.away, 1.0 - office.away - office.against, p)
    office.pace = sums[STAFF_PACE] / size / (office.standard * taken)
