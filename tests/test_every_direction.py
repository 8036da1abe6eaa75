"""Every parameter moves what it should: low against high on paired draws, or a stated reason why no sign can be given.

The signs in `directions.toml` were derived from the mechanisms before they were measured. One counts as shown when the
mean paired difference lies beyond three standard errors on the stated side.
"""

import numpy as np
import pytest

from model import load_observables, load_registry
from model.registry import load_mechanisms
from tests.direction_worlds import KEYS, MONTHS, PLANNED_COST, TABLE, differences, direction, world
from tests.worlds import standard_error

STATED = TABLE["parameters"]
DIRECTED = [name for name, entry in STATED.items() if "directionless" not in entry]


def test_every_parameter_has_a_direction_or_a_reason():
    assert list(STATED) == list(load_registry()), "directions.toml and the registry name the same, in the same order"
    assert len(DIRECTED) >= 0.95 * len(STATED)
    for name, entry in STATED.items():
        if "directionless" in entry:
            assert set(entry) == {"directionless"} and len(entry["directionless"]) > 40, name


def test_every_statement_is_well_formed():
    for name in DIRECTED:
        entry, parameter, stated = STATED[name], load_registry()[name], direction(name)
        assert set(entry) <= KEYS, name
        assert entry["see"] in {*load_observables(), PLANNED_COST}, name
        assert parameter.low <= stated.low < stated.high <= parameter.high, name
        assert name not in entry.get("with", {}), name


@pytest.mark.parametrize("name", TABLE["worlds"])
def test_every_world_is_used_and_lawful(name):
    extended = {table.get("extends") for table in TABLE["worlds"].values()}
    used = {entry.get("world", "small") for entry in STATED.values()} | extended
    assert name in used
    assert set(TABLE["worlds"][name].get("off", ())) <= set(load_mechanisms())
    assert world(name).months >= MONTHS


@pytest.mark.parametrize("name", DIRECTED)
def test_direction(name):
    stated = direction(name)
    change = stated.sign * differences(stated)
    assert change.mean() > 3.0 * standard_error(change)
    assert np.isfinite(change).all()
