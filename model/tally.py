"""Counting an office's people at the end of a month: whole numbers for cases and heads, sums for levels.

Columns of `World.tallies` (counts) and `World.sums` (levels) are named here. Refreshing what agents can see of each other
belongs to the same pass, because it must happen when everybody has acted and before anybody acts again.
"""

from model.behaviours.servants import effective_skill, work_pace
from model.compiled import compiled
from model.world import (
    AT_COUNTER,
    BY_ASSISTANCE,
    BY_COUNTER,
    BY_SELF_SERVICE,
    DROPPED,
    NO_CASE,
    PAPER,
)

COUNTER_CASES, ASSISTED_CASES, ONLINE_CASES, DROPPED_CASES, FAILED_ATTEMPTS = 0, 1, 2, 3, 4
ACCESS, AWARE, USERS = 5, 6, 7
CITIZEN_STAGE = 8  # three columns
CITIZEN_MOVES = 11  # nine columns: from * 3 + to
SERVANT_STAGE = 20
SERVANT_MOVES = 23
GROUPS = 5  # skill low, middle, high; rural, urban
GROUP_CASES = 32
GROUP_DIGITAL = 37
GROUP_ACCESS = 42
GROUP_SIZE = 47
TALLIES = 52

TRUST, TRUST_GENERAL, SATISFACTION, CITIZEN_SKILL, STAFF_SKILL, STAFF_USE, STAFF_PACE = 0, 1, 2, 3, 4, 5, 6
SUMS = 7


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
        sums[TRUST] += me.trust
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
        if me.channel != NO_CASE:
            count_case(counts, me.channel, me.has_failed, third, setting)


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
    office.adoption = 1.0 - counts[SERVANT_STAGE] / size
    office.skill = sums[STAFF_SKILL] / size
    office.use = sums[STAFF_USE] / size
    office.pace = sums[STAFF_PACE] / size
