"""Fixtures and makers shared by the tests of scenarios, overlays and policies."""

import shutil

import pytest

from model.errors import InputError
from model.scenario import load_policy, load_scenario
from tests.bad_input_cases import ROOT, scenario_text

SCENARIOS = ROOT / "scenarios"
POLICIES = sorted((SCENARIOS / "policies").glob("*.toml"))


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the table of the small provinces."""
    shutil.copy(SCENARIOS / "small_provinces.csv", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def indonesia():
    """Return the scenario of Indonesia."""
    return load_scenario(SCENARIOS / "indonesia.toml")


@pytest.fixture
def small():
    """Return the small scenario."""
    return load_scenario(SCENARIOS / "small.toml")


def policy(folder, *overlays, name="test", kind="policy"):
    """Return a policy with overlays given as texts."""
    tables = "".join(f"\n[[overlays]]\n{overlay}\n" for overlay in overlays)
    path = folder / f"{name}.toml"
    path.write_text(f'schema = 1\nkind = "{kind}"\nname = "{name}"\n{tables}')
    return load_policy(path)


def load(folder, piece, name="case"):
    """Return the minimal scenario with a fragment laid over it."""
    path = folder / f"{name}.toml"
    path.write_text(scenario_text(piece))
    return load_scenario(path)


def refused(function, *arguments):
    """Return the message with which a call is refused."""
    with pytest.raises(InputError) as caught:
        function(*arguments)
    assert len(str(caught.value).splitlines()) <= 10
    return str(caught.value)
