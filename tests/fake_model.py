"""A model that takes no time: a policy adds what it is worth, chance adds the same to all policies."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from model import RunRecord, load_observables, load_policy, load_scenario
from model.record import GROUP_MEASURES, year_ends_of

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
WORTH = {"baseline": 0.0, "staff-training": 0.25, "infrastructure": -0.5}
GROUPS = (("skill", "low"), ("setting", "urban"), ("province", "Somewhere"))


def scenarios(months=14, seed=1):
    """Return the small case without and with two policies."""
    case = replace(load_scenario(SCENARIOS / "small.toml"), months=120, seed=seed)
    policies = [load_policy(SCENARIOS / "policies" / f"{name}.toml") for name in WORTH if name != "baseline"]
    return [shortened(one, months) for one in (case, *(case.with_policy(policy) for policy in policies))]


def shortened(scenario, months):
    """Return a scenario of fewer months, its overlays from the first month to the last."""
    overlays = tuple(replace(overlay, start=1, end=months + 1, ramp=0) for overlay in scenario.overlays)
    return replace(scenario, months=months, overlays=overlays)


def simulate(scenario, replicate):
    """Return a record in which every observable of a replicate is a random number plus the policy's worth."""
    ends = year_ends_of(scenario.months)
    noise = np.random.default_rng([scenario.seed, replicate])
    series = noise.normal(size=(scenario.months + 1, len(load_observables()))) + WORTH[scenario.policy]
    groups = noise.random((len(ends), len(GROUPS), len(GROUP_MEASURES)))
    return RunRecord(series, groups, np.zeros((len(ends), 4, 3, 3)), ends, GROUPS)


class Deadly:
    """Stands for a variant that kills the process that receives it."""

    scenario, policy, point, seed, changes = "small", "deadly", 0, 1, {}

    def __reduce__(self):
        return os._exit, (1,)
