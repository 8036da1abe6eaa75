"""What is read off groups of citizens, once a year: thirds of skill, settings, provinces."""

import numpy as np

from model.columns import (
    ACCESS,
    GROUP_ACCESS,
    GROUP_CASES,
    GROUP_DIGITAL,
    GROUP_DROPPED,
    GROUP_SIZE,
    GROUPS,
)
from model.compiled import compiled
from model.record import GROUP_MEASURES
from model.world import DROPPED

GROUP_NAMES = (
    ("skill", "low"),
    ("skill", "middle"),
    ("skill", "high"),
    ("setting", "rural"),
    ("setting", "urban"),
)
THIRDS = 3
USE, CONNECTED, SUPPLY, WAIT, TRUSTING, EXCLUDED = range(len(GROUP_MEASURES))
CASES, DIGITAL, FILED, DAYS, GROUP_SUMS = range(5)


@compiled
def add_groups(world, sums):
    """Add the month's weighted cases to `sums`, shape (GROUP_SUMS, groups), and those of provinces if there is room."""
    for row in range(world.offices.size):
        office, counts = world.offices[row], world.tallies[row]
        for group in range(GROUPS):
            add_cases(sums, group, office, counts, group)
        if sums.shape[1] > GROUPS:
            for third in range(THIRDS):
                add_cases(sums, GROUPS + office.region, office, counts, third)


@compiled
def add_cases(sums, group, office, counts, part):
    """Add to `group` the cases of one part (a column of the tallies) of an office's citizens."""
    digital = counts[GROUP_DIGITAL + part]
    counter = counts[GROUP_CASES + part] - digital - counts[GROUP_DROPPED + part]
    sums[CASES, group] += office.weight * counts[GROUP_CASES + part]
    sums[DIGITAL, group] += office.weight * digital
    sums[FILED, group] += office.weight * (counter + digital)
    sums[DAYS, group] += office.weight * (counter * office.counter_days + digital * office.digital_days)


@compiled
def digital_share(sums, group):
    """Return the share of a group's cases that were digital, 0 if there were none."""
    return sums[DIGITAL, group] / sums[CASES, group] if sums[CASES, group] > 0.0 else 0.0


@compiled
def close_groups(world, sums, out):
    """Fill `out`, shape (groups, GROUP_MEASURES): use and wait over the year's `sums`, the other measures as they stand."""
    heads = np.zeros(out.shape[0])
    out[:] = 0.0
    for row in range(world.offices.size):
        office, counts = world.offices[row], world.tallies[row]
        for group in range(GROUPS):
            add_levels(out, heads, group, office, counts[GROUP_SIZE + group], counts[GROUP_ACCESS + group])
        people = world.citizens.size // world.offices.size
        add_levels(out, heads, GROUPS + office.region, office, people, counts[ACCESS])
        for citizen in range(row * people, (row + 1) * people):
            me = world.citizens[citizen]
            add_standing(out, int(me.third), office.weight, me)
            add_standing(out, THIRDS + int(me.urban), office.weight, me)
            add_standing(out, GROUPS + int(office.region), office.weight, me)
    for group in range(out.shape[0]):
        for measure in (CONNECTED, SUPPLY, TRUSTING, EXCLUDED):
            out[group, measure] = out[group, measure] / heads[group] if heads[group] > 0.0 else 0.0
        out[group, USE] = digital_share(sums, group)
        out[group, WAIT] = sums[DAYS, group] / sums[FILED, group] if sums[FILED, group] > 0.0 else 0.0


@compiled
def add_standing(out, group, weight, me):
    """Add a citizen's trust, and whether the last case got no decision."""
    out[group, TRUSTING] += weight * me.trust
    out[group, EXCLUDED] += weight * (me.habit >= DROPPED)


@compiled
def add_levels(out, heads, group, office, size, connected):
    """Add people, those with access, and the level of their office."""
    heads[group] += office.weight * size
    out[group, CONNECTED] += office.weight * connected
    out[group, SUPPLY] += 0.5 * office.weight * size * office.stage
