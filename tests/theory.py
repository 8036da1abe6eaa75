"""Worlds in which one mechanism acts alone, and the closed forms it is held against.

Everything in `model/mechanisms.toml` is off in them but what a test names as `at_work` or sets itself; a mechanism that is
added to the model later is therefore off too, once it has its setting there.
"""

import math
from dataclasses import replace

import numpy as np

from model import Simulation
from model.registry import load_mechanisms
from tests.worlds import small

STANDARD_ERRORS = 5.0  # every sampling tolerance: five standard errors of the stated number of draws
NEUTRAL = {mechanism: entry.off for mechanism, entry in load_mechanisms().items()}
QUIET = {"initial_systems": 0.0, "project_rate": 0.0, "training_rate": 0.0, "servant_exit": 0.0, "servant_rotation": 0.0}
OPEN_AND_READY = {
    "initial_systems": 1.0, "project_rate": 0.0, "staff_threshold": 0.0, "data_threshold": 0.0, "minimum_quality": 0.0,
    "assistance_coverage": 1.0, "discontinuance": 0.0, "citizen_adoption_rate": 1.0, "citizen_threshold": -50.0,
    "citizen_threshold_spread": 0.0,
}  # fmt: skip


def neutral(at_work=()):
    """Return the parameter values by which every mechanism but these is off."""
    assert set(at_work) <= set(NEUTRAL), at_work
    return {name: value for mechanism in NEUTRAL if mechanism not in at_work for name, value in NEUTRAL[mechanism].items()}


def country(offices, months, people=1, staff=1, at_work=(), **parameters):
    """Return a case of one plain province in which only these mechanisms, and what `parameters` set, are at work.

    Values may lie outside the registry's ranges: limits are where theory lives.
    """
    base = small()
    unknown = set(parameters) - set(base.parameters)
    assert not unknown, unknown
    province = replace(
        base.regions[0], regencies=offices, cities=0, internet_index=1.0, cost_multiplier=1.0, remote=0,
    )  # fmt: skip
    return replace(
        base, months=months, citizens_per_office=people, servants_per_office=staff, regions=(province,), overlays=(),
        region_parameters={}, parameters={**base.parameters, **neutral(at_work), **parameters},
    )  # fmt: skip


def erlang_wait(utilisation, servers):
    """Return the mean wait of M/M/c in units of the service time: C / (c (1 - rho)), C by Erlang's recursion."""
    load, blocking = servers * utilisation, 1.0
    for server in range(1, servers + 1):
        blocking = load * blocking / (server + load * blocking)
    waits = blocking / (1.0 - utilisation * (1.0 - blocking))
    return waits / (servers * (1.0 - utilisation))


def sakasegawa_wait(utilisation, servers):
    """Return Sakasegawa's approximation of the same."""
    return utilisation ** (math.sqrt(2 * (servers + 1)) - 1) / (servers * (1 - utilisation))


def bass(external, contact, years):
    """Return adopters (0-1) by Bass's closed form."""
    fading = np.exp(-(external + contact) * years)
    return (1.0 - fading) / (1.0 + contact / external * fading)


def line(external, contact, years):
    """Return adopters on a line where each looks at the nearest only (Fibich & Gibori 2010): the slowest network."""
    return 1.0 - np.exp(-(external + contact) * years + contact * (1.0 - np.exp(-external * years)) / external)


def mixed_months(external, contact, months):
    """Return users by month under perfect mixing, in the model's steps: who hears this month uses the next."""
    aware, users = 0.0, [0.0]
    for _ in range(months):
        hears = (external + contact * users[-1]) / 12.0
        users.append(aware)
        aware += (1.0 - aware) * hears
    return np.array(users)


def random_ties_months(external, contact, months, ties=8):
    """Return users by month when each looks for ever at the same random citizens (a directed tree, locally).

    A citizen stays unaware with (1 - p/12)^t w^ties, `w` the mean over one contact of what his months of use leave.
    """
    users, aware, alone, told = [0.0], 0.0, 1.0, 0.0
    for month in range(months):
        told *= 1.0 - contact / 12.0 / ties
        alone *= 1.0 - external / 12.0
        silent = 1.0 - users[month] + told
        told += aware - users[month]
        users.append(aware)
        aware = 1.0 - alone * silent**ties
    return np.array(users)


def complete_months(external, contact, months, people):
    """Return mean users by month in a complete network of few citizens: the exact Markov chain of (users, aware)."""
    law, mean = np.zeros((people + 1, people + 1)), [0.0]
    law[0, 0] = 1.0
    for _ in range(months):
        after = np.zeros_like(law)
        for users, aware in zip(*np.nonzero(law), strict=True):
            hears = (external + contact * users / (people - 1)) / 12.0
            for more in range(people - aware + 1):
                chance = math.comb(people - aware, more) * hears**more * (1.0 - hears) ** (people - aware - more)
                after[aware, aware + more] += law[users, aware] * chance
        law = after
        mean.append(float(law.sum(axis=1) @ np.arange(people + 1)) / people)
    return np.array(mean)


def users_by_office(scenario, replicates=1, is_mixed=False):
    """Return the share of citizens who use the service, shape (months + 1, offices x replicates).

    `is_mixed` deals everyone new contacts every month, which no parameter does: the well-mixed limit.
    """
    paths = []
    for replicate in range(replicates):
        model, deal = Simulation(scenario, replicate), np.random.default_rng(replicate)
        path = [uses(model)]
        while model.month < scenario.months:
            if is_mixed:
                model.world.citizens["far"] = deal.integers(0, 1 << 16, model.world.citizens.size)
            model.step()
            path.append(uses(model))
        paths.append(np.array(path))
    return np.concatenate(paths, axis=1)


def uses(model):
    """Return the share of citizens at each office who left the counter."""
    return (model.world.citizens["stage"] > 0).reshape(model.world.offices.size, -1).mean(axis=1)


def misses(paths, expected):
    """Return by how many standard errors (offices are independent) the mean path misses the expected one, each month."""
    error = paths.std(axis=1, ddof=1) / math.sqrt(paths.shape[1])
    return np.abs(paths.mean(axis=1) - expected)[error > 0] / error[error > 0]
