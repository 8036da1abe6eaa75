"""Every switch: it sets exactly its parameters, it changes something, and exactly its effect is gone.

`switches.toml` says for each what must be gone; what cannot be seen in an observable is tested through rules and agents
in `test_switched_rules.py`.
"""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from model import load_registry, simulate
from model.checks import Place
from model.observables import OBSERVABLES
from model.overlays import read_overlay
from model.parameter_table import parameter_table
from model.registry import load_mechanisms
from model.scenario import Policy
from tests.direction_worlds import world
from tests.worlds import COLUMN, small

SWITCHES = tomllib.loads(Path(__file__).with_name("switches.toml").read_text())
KEYS = {"world", "with", "silent", "see", "besides", "zero", "still", "before", "rule"}
SLOW = (("initial_systems", 0.0), ("months", 120))  # a world in which most things begin late


def having(key):
    """Return the switches that say something under a key."""
    return [name for name, stated in SWITCHES.items() if key in stated]


@cache
def run(name, is_on, changes=()):
    """Return the series of the world of a switch."""
    stated = SWITCHES[name]
    scenario = world(stated.get("world", "small"), (*stated.get("with", {}).items(), *changes))
    return simulate(scenario.with_mechanisms(**{name: is_on}), 0).series


def test_every_mechanism_is_described():
    assert list(SWITCHES) == list(load_mechanisms())
    for name, stated in SWITCHES.items():
        assert set(stated) <= KEYS, name
        assert stated.keys() & {"silent", "zero", "still", "rule"}, name


@pytest.mark.parametrize("name", SWITCHES)
def test_off_sets_exactly_its_parameters_whatever_policies_do(name):
    off = load_mechanisms()[name].off
    overlays = [
        read_overlay(Place(None, "test"), {"parameter": parameter, "start": 0, "value": load_registry()[parameter].high})
        for parameter in off
    ]
    changed = small().with_policy(Policy("test", "", "", "", tuple(overlays), ""))
    usual, switched = (parameter_table(scenario) for scenario in (changed, changed.with_mechanisms(**{name: False})))
    for parameter in usual.dtype.names:
        if parameter in off:
            assert (usual[parameter] == load_registry()[parameter].high).all()
            assert (switched[parameter] == off[parameter]).all()
        else:
            assert (switched[parameter] == usual[parameter]).all()


@pytest.mark.parametrize("name", SWITCHES)
def test_it_changes_something(name):
    assert (run(name, True) != run(name, False)).any()
    assert np.isfinite(run(name, False)).all()


@pytest.mark.parametrize("name", having("zero"))
def test_what_must_be_zero(name):
    for observable in SWITCHES[name]["zero"]:
        assert run(name, True)[:, COLUMN[observable]].max() > 0.0, observable
        assert abs(run(name, False)[:, COLUMN[observable]]).max() < 1e-6, observable


@pytest.mark.parametrize("name", having("still"))
def test_what_must_stand_still(name):
    for observable in SWITCHES[name]["still"]:
        assert np.ptp(run(name, True)[:, COLUMN[observable]]) > 1e-3, observable
        assert np.ptp(run(name, False)[:, COLUMN[observable]]) < 1e-6, observable


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, each) for name in having("silent") for each in SWITCHES[name]["silent"]]
)
def test_what_acts_through_it_alone_is_silent(name, parameter):
    stated, entry = SWITCHES[name], load_registry()[parameter]
    columns = [COLUMN[each] for each in stated.get("see", OBSERVABLES) if each not in stated.get("besides", ())]
    for is_on in (True, False):
        low, high = (run(name, is_on, ((parameter, value),))[:, columns] for value in (entry.low, entry.high))
        assert (low != high).any() == is_on


@pytest.mark.parametrize("name", having("before"))
def test_months_before_its_first_act_are_bit_identical(name):
    stated = SWITCHES[name]
    usual = run(name, True, SLOW)
    acts = usual[:, [COLUMN[each] for each in stated["before"]]].max(axis=1) > 0.0
    first = int(acts.argmax())
    assert acts.any() and first > 1
    assert (usual[:first] == run(name, False, SLOW)[:first]).all()
    assert (usual[first:] != run(name, False, SLOW)[first:]).any()
