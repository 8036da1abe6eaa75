"""Scenarios that many tests share."""

from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from model import load_scenario, simulate
from model.observables import OBSERVABLES

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
COLUMN = {name: place for place, name in enumerate(OBSERVABLES)}


@lru_cache
def small():
    """Return the teaching country of 20 offices."""
    return load_scenario(SCENARIOS / "small.toml")


@lru_cache
def indonesia():
    """Return the Indonesian case."""
    return load_scenario(SCENARIOS / "indonesia.toml")


@cache
def last_year(scenario_key, replicates, changes=()):
    """Return outcomes (replicates, observables): means over the last 12 months of `small` or `indonesia`."""
    scenario = {"small": small, "indonesia": indonesia}[scenario_key]().with_parameters(**dict(changes))
    return np.array([simulate(scenario, replicate).series[-12:].mean(axis=0) for replicate in range(replicates)])


def paired(scenario_key, observable, replicates, changes, reference=()):
    """Return the paired differences of an observable by these parameter changes, one a replicate."""
    column = COLUMN[observable]
    changed = last_year(scenario_key, replicates, tuple(sorted(changes.items())))
    return changed[:, column] - last_year(scenario_key, replicates, tuple(sorted(dict(reference).items())))[:, column]


def standard_error(values):
    """Return the standard error of a mean."""
    return values.std(ddof=1) / np.sqrt(values.size)
