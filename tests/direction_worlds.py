"""Worlds in which single mechanisms show, and what `directions.toml` says about every parameter."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from model import load_registry, planned_cost, simulate
from model.checks import Place
from model.overlays import read_overlay
from model.scenario import Policy
from tests.worlds import COLUMN, small

TABLE = tomllib.loads(Path(__file__).with_name("directions.toml").read_text())
MONTHS = 48
REPLICATES = 6
PLANNED_COST = "planned cost"
KEYS = {"see", "sign", "world", "with", "span", "low", "high", "replicates"}


@dataclass(frozen=True)
class Direction:
    """What a parameter does: the sign of the change of an observable in a world when the parameter rises."""

    parameter: str
    see: str
    sign: int
    low: float
    high: float
    changes: tuple[tuple[str, float], ...]
    span: str
    replicates: int


def world_values(name):
    """Return the parameter values of a world of directions.toml, those it extends included."""
    table = TABLE["worlds"][name]
    values = world_values(table["extends"]) if "extends" in table else {}
    return values | {key: value for key, value in table.items() if key not in ("extends", "meaning")}


@cache
def world(name, changes=()):
    """Return a small country with the values of a world and some more; `months` and `off` are special."""
    values = {"months": MONTHS} | world_values(name) | dict(changes)
    months, off = int(values.pop("months")), values.pop("off", ())
    scenario = small().with_parameters(**values).with_mechanisms(**dict.fromkeys(off, False))
    return replace(scenario, months=months)


def direction(parameter):
    """Return the Direction that directions.toml states, with the registry's range where it gives no other."""
    stated, entry = TABLE["parameters"][parameter], load_registry()[parameter]
    changes = {"world": stated.get("world", "small")} | stated.get("with", {})
    return Direction(
        parameter=parameter,
        see=stated["see"],
        sign={"+": 1, "-": -1}[stated["sign"]],
        low=stated.get("low", entry.low),
        high=stated.get("high", entry.high),
        changes=tuple(changes.items()),
        span=stated.get("span", "all"),
        replicates=stated.get("replicates", REPLICATES),
    )


def differences(stated):
    """Return the paired differences of the observable between the upper and the lower value, one a replicate."""
    (_, name), *changes = stated.changes
    low, high = (
        [outcome(world(name, (*changes, (stated.parameter, value))), stated, n) for n in range(stated.replicates)]
        for value in (stated.low, stated.high)
    )
    return np.array(high) - np.array(low)


def outcome(scenario, stated, replicate):
    """Return what is to be seen of one run."""
    if stated.see == PLANNED_COST:
        return planned_cost(scenario.with_policy(one_of_everything()))
    column = simulate(scenario, replicate).series[:, COLUMN[stated.see]]
    return {"all": column, "end": column[-12:], "start": column[:1]}[stated.span].mean()


@cache
def one_of_everything():
    """Return a policy that moves every lever with a price a tenth of its range to the better side."""
    overlays = []
    for name, lever in load_registry().items():
        if lever.cost:
            entry = {"parameter": name, "start": 1, "delta": 0.1 * lever.improves * (lever.high - lever.low)}
            overlays.append(read_overlay(Place(None, f"overlays.{name}"), entry))
    return Policy("everything", "", "", "", tuple(overlays), "")
