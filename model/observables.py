"""What is read off a world: one row of numbers a month, in the order of `observables.toml`.

Shares of people are weighted by the inhabitants that a sampled citizen stands for; shares of offices, leaders and staff
count every office alike. Observing draws nothing and changes nothing.
"""

import numpy as np

from model.columns import (
    ACCESS,
    ASSISTED_CASES,
    AWARE,
    CITIZEN_MOVES,
    CITIZEN_SKILL,
    CITIZEN_STAGE,
    COUNTER_CASES,
    FAILED_ATTEMPTS,
    GROUPS,
    ONLINE_CASES,
    SATISFACTION,
    SERVANT_MOVES,
    SERVANT_STAGE,
    STAFF_SKILL,
    TRUST,
    TRUST_GENERAL,
    USERS,
)
from model.compiled import compiled
from model.groups import GROUP_SUMS, add_groups, digital_share
from model.positions import (
    ADOPTERS,
    ARRIVED,
    BACKLOG,
    CAPACITY,
    CONNECTED,
    CONTENT,
    COST,
    COVERAGE,
    DATA,
    DROPPED_SHARE,
    FAILED,
    FAILED_SHARE,
    GAP,
    GENERAL_TRUST,
    HELPED,
    KNOWING,
    LEADER_STAGE,
    LOST,
    OFFICE_STAGE,
    OFFICE_TRUST,
    PARTLY,
    PEOPLE_ABILITY,
    PEOPLE_STAGE,
    PEOPLE_STAGE_1,
    PEOPLE_STAGE_2,
    QUALITY,
    READINESS,
    RELAPSED,
    REPLACED,
    RUNNING,
    SELF_SERVICE,
    SERVED,
    SETTING_GAP,
    SKILL_GAP,
    SPENDING,
    STAFF_ABILITY,
    STAFF_ADOPTION,
    STAFF_STAGE,
    STAFF_STAGE_1,
    STAFF_STAGE_2,
    SUCCEEDED,
    SUPPLY,
    SUPPORT,
    USE,
    WAIT,
    WAITING,
)
from model.registry import load_observables
from model.scorecards import observe_scores

OBSERVABLES = tuple(load_observables())
AGENT_KINDS = ("office", "leader", "servant", "citizen")


@compiled
def observe(world, parameters, out):
    """Fill `out` (one number an observable) from the world; `parameters` holds one record for each province."""
    out[:] = 0.0
    observe_offices(world, parameters, out)
    observe_people(world, out)
    observe_cost(world, parameters, out)
    observe_groups(world, out)
    out[GAP] = out[SUPPLY] - out[USE]
    total, covered = 0.0, 0.0
    for row in range(world.regions.size):
        total += world.regions[row].population
        covered += world.regions[row].population * world.regions[row].coverage
    out[COVERAGE] = covered / total
    observe_scores(world, parameters, out)


@compiled
def observe_offices(world, parameters, out):
    """Fill in what is read off offices and leaders."""
    number = world.offices.size
    possible, deployed = 0.0, 0.0
    for row in range(number):
        office, leader = world.offices[row], world.leaders[row]
        p = parameters[office.region]
        out[OFFICE_STAGE + office.stage] += 1.0 / number
        out[LEADER_STAGE + leader.stage] += 1.0 / number
        out[SUPPORT] += leader.support / number
        out[REPLACED] += 100.0 * leader.is_new / number
        out[CAPACITY] += office.capacity / number
        out[READINESS] += office.readiness / number
        out[DATA] += office.data / number
        out[RUNNING] += (office.project > 0) / number
        out[SUCCEEDED] += 100.0 * (office.outcome == 1) / number
        out[PARTLY] += 100.0 * (office.outcome == 2) / number
        out[FAILED] += 100.0 * (office.outcome >= 3) / number
        out[RELAPSED] += 100.0 * office.regressed / number
        out[SPENDING] += office.spending * p.budget_unit / 1000.0
        out[ARRIVED] += office.arrived
        out[SERVED] += office.served
        out[WAITING] += office.waiting
        out[LOST] += office.dropped
        possible += office.possible
        if office.deployed > 0:
            deployed += 1.0
            out[QUALITY] += office.quality
    out[BACKLOG] = out[WAITING] / possible if possible > 0.0 else 0.0
    out[QUALITY] = out[QUALITY] / deployed if deployed > 0.0 else 0.0


@compiled
def observe_people(world, out):
    """Fill in what is read off staff, citizens and their cases."""
    offices = world.offices.size
    staff, people = world.servants.size, world.citizens.size // offices
    heads, cases, filed, users = 0.0, 0.0, 0.0, 0.0
    for row in range(offices):
        office, counts, sums = world.offices[row], world.tallies[row], world.sums[row]
        weight = office.weight
        heads += weight * people
        cases += weight * office.arrived
        users += weight * counts[USERS]
        digital = counts[ASSISTED_CASES] + counts[ONLINE_CASES]
        filed += weight * (counts[COUNTER_CASES] + digital)
        out[SELF_SERVICE] += weight * counts[ONLINE_CASES]
        out[HELPED] += weight * counts[ASSISTED_CASES]
        out[FAILED_SHARE] += weight * counts[FAILED_ATTEMPTS]
        out[DROPPED_SHARE] += weight * office.dropped
        out[WAIT] += weight * (counts[COUNTER_CASES] * office.counter_days + digital * office.digital_days)
        out[SUPPLY] += 0.5 * weight * people * office.stage
        out[CONNECTED] += weight * counts[ACCESS]
        out[KNOWING] += weight * counts[AWARE]
        out[OFFICE_TRUST] += weight * sums[TRUST]
        out[GENERAL_TRUST] += weight * sums[TRUST_GENERAL]
        out[PEOPLE_ABILITY] += weight * sums[CITIZEN_SKILL]
        out[CONTENT] += weight * sums[SATISFACTION]
        out[STAFF_ABILITY] += sums[STAFF_SKILL] / staff
        for stage in range(3):
            out[PEOPLE_STAGE + stage] += weight * counts[CITIZEN_STAGE + stage]
            out[STAFF_STAGE + stage] += counts[SERVANT_STAGE + stage] / staff
    for column in (SUPPLY, CONNECTED, KNOWING, OFFICE_TRUST, GENERAL_TRUST, PEOPLE_ABILITY):
        out[column] /= heads
    for column in (PEOPLE_STAGE, PEOPLE_STAGE_1, PEOPLE_STAGE_2):
        out[column] /= heads
    for column in (SELF_SERVICE, HELPED, FAILED_SHARE, DROPPED_SHARE):
        out[column] = out[column] / cases if cases > 0.0 else 0.0
    out[WAIT] = out[WAIT] / filed if filed > 0.0 else 0.0
    out[USE] = out[SELF_SERVICE] + out[HELPED]
    out[ADOPTERS] = out[PEOPLE_STAGE_1] + out[PEOPLE_STAGE_2]
    out[STAFF_ADOPTION] = out[STAFF_STAGE_1] + out[STAFF_STAGE_2]
    out[CONTENT] = out[CONTENT] / users if users > 0.0 else 0.0


@compiled
def observe_cost(world, parameters, out):
    """Set the public cost per completed case, thousand rupiah: counters (largely fixed), digital cases, systems.

    Counters cost money while they stay open, whoever comes; savings follow only where they close.
    """
    million, served = 0.0, 0.0
    for row in range(world.offices.size):
        office, counts = world.offices[row], world.tallies[row]
        p = parameters[office.region]
        closed = p.counter_closure if office.stage > 0 else 0.0
        fixed = p.counter_fixed_share * office.usual_demand * (1.0 - closed)
        cases = fixed + (1.0 - p.counter_fixed_share) * counts[COUNTER_CASES]
        cases += p.assisted_cost_ratio * counts[ASSISTED_CASES] + p.online_cost_ratio * counts[ONLINE_CASES]
        million += office.weight * cases * p.counter_cost + office.spending * p.budget_unit
        served += office.weight * office.served
    out[COST] = 1000.0 * million / served if served > 0.0 else 0.0


@compiled
def observe_groups(world, out):
    """Fill in the gaps between groups of citizens."""
    sums, share = np.zeros((GROUP_SUMS, GROUPS)), np.zeros(GROUPS)
    add_groups(world, sums)
    for group in range(GROUPS):
        share[group] = digital_share(sums, group)
    out[SKILL_GAP] = share[2] - share[0]
    out[SETTING_GAP] = share[4] - share[3]


@compiled
def add_moves(world, moves):
    """Add the month's moves between stages to `moves`, shape (4 kinds, 3 from, 3 to), in the order of AGENT_KINDS."""
    for row in range(world.offices.size):
        office, leader, counts = world.offices[row], world.leaders[row], world.tallies[row]
        moves[0, office.stage_before, office.stage] += 1.0
        moves[1, leader.stage_before, leader.stage] += 1.0
        for before in range(3):
            for after in range(3):
                moves[2, before, after] += counts[SERVANT_MOVES + 3 * before + after]
                moves[3, before, after] += counts[CITIZEN_MOVES + 3 * before + after]
