"""Parameters that are read at the start only: from month 1 on nothing depends on them, and on all others something does."""

from functools import cache

import numpy as np
import pytest

from model.month import simulate_month
from model.observables import OBSERVABLES, observe
from model.parameter_table import parameter_table
from model.randomness import make_key
from model.registry import START, load_registry
from model.start import build_world
from tests.lively import KINDS, MONTHS, TILTS, lively

REGISTRY = load_registry()
PRICES = {price for spec in REGISTRY.values() for price in [spec.cost] if price} | {"civil_servants_per_office"}
NOT_HERE = {"flattening", "threshold_noise", "visibility", "weight_trust"}  # turn no decision among so few agents


@cache
def country(name):
    """Return (table of parameters, seed) of a tiny country."""
    scenario = lively(name)
    return parameter_table(scenario), scenario.seed


def outcome(name, table):
    """Return all bits of every agent and observable in every month, under a table of parameters."""
    key, found = make_key(country(name)[1], 0), []
    world, series = build_world(lively(name), table[0], key), np.zeros(len(OBSERVABLES))
    for month in range(MONTHS + 1):
        if month:
            simulate_month(world, table[month], month, key)
        observe(world, table[month], series)
        found += [series.tobytes(), *(getattr(world, kind).tobytes() for kind in KINDS)]
    return b"".join(found)


@cache
def unchanged(name):
    """Return the outcome of a tiny country as it is."""
    return outcome(name, country(name)[0])


def is_read_later(parameter):
    """Say whether any tiny country changes if a parameter is at an end of its range from month 1 on."""
    for name in TILTS:
        for value in (REGISTRY[parameter].low, REGISTRY[parameter].high):
            table = country(name)[0].copy()
            table[parameter][1:] = value
            if outcome(name, table) != unchanged(name):
                return True
    return False


@pytest.mark.parametrize("parameter", REGISTRY)
def test_what_is_read_at_the_start_only_is_said_to_be(parameter):
    if parameter not in PRICES | NOT_HERE:
        assert is_read_later(parameter) == (REGISTRY[parameter].read_at != START)
