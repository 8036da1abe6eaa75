"""Laws that hold in every month of every run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Simulation, simulate
from model.registry import load_registry
from tests.lively import WEIGHTS
from tests.worlds import COLUMN, small

REGISTRY = load_registry()
SHARES = [
    ("office_street", "office_screen", "office_system"),
    ("leader_guard", "leader_sponsor", "leader_driver"),
    ("servant_paper", "servant_screen", "servant_steward"),
    ("citizen_counter", "citizen_assisted", "citizen_online"),
]


def check_conservation(scenario, replicate=0):
    """Step a run and check every office in every month, in whole cases."""
    model = Simulation(scenario, replicate)
    waiting = model.world.offices["waiting"].copy()
    while model.month < scenario.months:
        model.step()
        office = model.world.offices
        assert (waiting + office["arrived"] == office["served"] + office["dropped"] + office["waiting"]).all()
        assert (office["waiting"] >= 0).all() and (office["dropped"] >= 0).all() and (office["served"] >= 0).all()
        waiting = office["waiting"].copy()
    return model


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"utilisation_mean": 1.2, "reneging": 0.3},
        {"counter_closure": 1.0, "initial_systems": 1.0},
        {"initial_systems": 1.0, "assistance_coverage": 1.0, "need_rate": 0.6},
        {"online_work": 0.0, "initial_screen": 1.0, "initial_systems": 1.0, "initial_users": 1.0, "counter_closure": 1.0},
    ],
)
def test_cases_are_conserved_exactly(changes):
    model = check_conservation(replace(small().with_parameters(**changes), months=60))
    cases = {name: model.series[1:, COLUMN[name]] for name in ("cases_arrived", "cases_served", "cases_dropped")}
    left = cases["cases_arrived"].sum() - cases["cases_served"].sum() - cases["cases_dropped"].sum()
    assert left == model.series[-1, COLUMN["cases_waiting"]]
    assert cases["cases_arrived"].sum() > 0


@pytest.mark.parametrize("number", range(40))
def test_any_corner_of_the_ranges_is_lawful(number):
    """A random share of all parameters at one end of its range or the other: where screenings look, and limits are met."""
    generator = np.random.default_rng([5, number])
    at_an_end = generator.random()
    changes = {
        name: (entry.low, entry.high)[generator.integers(2)]
        for name, entry in REGISTRY.items()
        if generator.random() < at_an_end and name not in WEIGHTS
    }
    series = check_conservation(replace(small().with_parameters(**changes), months=24, citizens_per_office=16)).series
    assert np.isfinite(series).all() and series.min() > -1e4 and series.max() < 1e6


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.data())
def test_any_world_within_the_ranges_is_lawful(data):
    """Fifteen parameters anywhere in their ranges: finite numbers, shares in [0, 1] that sum to 1, cases conserved."""
    names = data.draw(st.lists(st.sampled_from(sorted(REGISTRY)), min_size=15, max_size=15, unique=True))
    changes = {}
    for name in names:
        entry = REGISTRY[name]
        whole = entry.type == "integer"
        kind = st.integers(int(entry.low), int(entry.high)) if whole else st.floats(entry.low, entry.high)
        changes[name] = data.draw(kind)
    scenario = replace(small().with_parameters(**changes), months=24, citizens_per_office=16)
    series = check_conservation(scenario).series
    assert np.isfinite(series).all()
    for names in SHARES:
        assert np.allclose(sum(series[:, COLUMN[name]] for name in names), 1.0)
    for name in (
        "use_share",
        "supply_index",
        "trust_agency",
        "access_share",
        "data_share",
        "coverage",
        "leader_support",
    ):
        column = series[:, COLUMN[name]]
        assert column.min() >= 0.0 and column.max() <= 1.0 + 1e-9


def test_nobody_works_above_what_the_office_provides():
    model = Simulation(small().with_parameters(initial_systems=0.8))
    size = small().servants_per_office
    for _ in range(60):
        model.step()
        deployed = np.repeat(model.world.offices["deployed"], size)
        assert (model.world.servants["stage"] <= deployed).all()
        assert (model.world.offices["stage"] <= model.world.offices["deployed"]).all()


def test_a_world_without_capacity_stays_at_street_level():
    nothing = {name: 0.0 for name in REGISTRY if name.endswith("_effort") and name != "infrastructure_effort"}
    nothing |= {"initial_capacity_mean": 0.0, "initial_capacity_spread": 0.0, "initial_systems": 0.0}
    nothing |= {"capacity_growth": 0.0, "leader_trait_mean": 0.0, "culture_mean": 0.0, "culture_spread": 0.0}
    nothing |= {"digital_commitment_share": 0.0, "digital_base_share": 0.0}
    for replicate in range(3):
        series = simulate(small().with_parameters(**nothing), replicate).series
        assert series[:, COLUMN["office_street"]] == pytest.approx(1.0)
        assert series[:, COLUMN["use_share"]].max() == 0.0


def test_a_world_with_everything_reaches_system_level():
    everything = {
        "initial_capacity_mean": 1.0, "initial_capacity_spread": 0.0, "leader_trait_mean": 1.0, "culture_mean": 1.0,
        "servant_skill_mean": 0.95, "initial_data_mean": 0.9, "initial_coverage": 1.0, "initial_coverage_remote": 1.0,
        "project_rate": 0.5, "digital_base_share": 0.3, "digital_commitment_share": 0.7, "design_overreach": 0.0,
        "capacity_depreciation": 0.0, "network_effort": 5.0, "citizen_skill_mean": 0.95, "initial_access": 1.0,
        "support_culture": 0.5, "adoption_threshold": -1.5, "citizen_threshold": -1.5, "training_rate": 1.0,
        "applications": 1.0,
    }  # fmt: skip
    for replicate in range(3):
        series = simulate(small().with_parameters(**everything), replicate).series
        assert series[-1, COLUMN["office_system"]] > 0.9
        assert series[-12:, COLUMN["use_share"]].mean() > 0.15


def test_observing_changes_nothing():
    """A model that is observed twice a month goes the same way as one observed once."""
    from model.observables import observe

    once, twice = Simulation(small()), Simulation(small())
    room = np.zeros(once.series.shape[1])
    for _ in range(12):
        once.step()
        observe(twice.world, twice.now, room)
        twice.step()
    assert (once.series == twice.series).all()
