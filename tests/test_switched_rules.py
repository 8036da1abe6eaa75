"""Switches whose effect no observable shows alone: through their rules, or through the rows of the agents."""

import numpy as np
import pytest

from model import Simulation
from model.parameter_table import parameter_table
from model.rules import citizens, corruption, errors, infrastructure, leadership, projects, servants
from model.world import AT_COUNTER, BY_COUNTER, STREET
from tests.direction_worlds import world
from tests.test_mechanisms import SWITCHES, run
from tests.worlds import COLUMN, small

LEVELS = (0.0, 0.3, 1.0)


def parameters(**switches):
    """Return the parameters of a month of the small country with some switches."""
    return parameter_table(small().with_mechanisms(**switches))[1, 0]


# switch, rule as a function of (level, parameters): how it depends on the level must be gone.
RULES = {
    "information_access": lambda level, p: servants.visible_share(level, p),
    "flattening": lambda level, p: leadership.hierarchy_weight(level, p),
    "leader_commitment": lambda level, p: leadership.staff_commitment(level, 0.5, p),
    "rent_resistance": lambda level, p: servants.resistance(0.5, level, 0.2, 0.2, p),
    "status_quo": lambda level, p: p["weight_status_quo"] * servants.resistance(level, 0.1, 0.2, 0.2, p),
    "disappointment": lambda level, p: p["disappointment"] * level,
    "detection": lambda level, p: corruption.detection_probability(level, level, p),
    "absorption": lambda level, p: projects.absorption(0.4 * level, p),
    "rigidity": lambda level, p: errors.rigidity(level, p),
    "skilled_first": lambda level, p: infrastructure.access_by_skill(level, p),
    "counter_referral": lambda level, p: citizens.referral_probability(level, p),
    "discretion_shift": lambda level, p: p["discretion_at_screen"] * level,
}


@pytest.mark.parametrize("name", RULES)
def test_the_rule_no_longer_depends(name):
    usual, off = ({RULES[name](level, parameters(**{name: on})) for level in LEVELS} for on in (True, False))
    assert len(usual) == len(LEVELS) and len(off) == 1


def test_every_rule_marked_in_the_list_is_tested_here():
    tested = set(RULES) | {"office_learning", "skill_decay", "go_live_dip", "necessary_conditions", "fragmentation"}
    tested |= {"external_pressure", "outages", "habit"}
    assert {name for name, stated in SWITCHES.items() if stated.get("rule")} <= tested


def test_offices_do_not_learn_from_each_other():
    p = parameters(office_learning=False)
    assert len({projects.design_gap(20.0, 0.3, examples, p) for examples in LEVELS}) == 1
    assert len({leadership.support_target(0.5, peers, 0.3, 0.1, 0.0, p) for peers in LEVELS}) == 1


def test_trained_skill_is_kept():
    assert servants.unused_gain_kept(parameters(skill_decay=False)) == 1.0
    assert servants.unused_gain_kept(parameters()) < 1.0


def test_the_first_month_on_screen_is_as_fast_as_paper():
    assert servants.screen_work_time(0.0, parameters(go_live_dip=False)) == 1.0
    assert servants.screen_work_time(0.0, parameters()) > 1.0


@pytest.mark.parametrize("is_on", [True, False])
def test_conditions_add_up_as_plain_means(is_on):
    """Readiness reads the records of the month before: they are kept after conditions are weighed."""
    series = run("necessary_conditions", is_on)
    six = ["human_resources", "organisation", "resources", "network", "environment", "mandate"]
    mean = series[:, [COLUMN[f"capacity_{name}"] for name in six]].mean(axis=1)
    assert np.allclose(series[:, COLUMN["capacity"]], mean, atol=1e-6) != is_on
    records, openness, technology = (
        series[:, COLUMN[f"rosenberg_{name}"]] for name in ("information", "openness", "technology")
    )
    mean = (records[:-1] + openness[1:] + technology[1:]) / 3.0
    assert np.allclose(series[1:, COLUMN["readiness"]], mean, atol=1e-6) != is_on


def test_fragments_cost_nothing():
    lost = [1.0 - run("fragmentation", is_on)[:, COLUMN["tapscott_integrated_network"]] for is_on in (True, False)]
    assert lost[0].min() > 0.1
    assert abs(lost[1]).max() < 1e-9
    assert run("fragmentation", False)[-1, COLUMN["applications_per_function"]] > 1.0


def test_pressure_from_outside_is_as_if_it_had_never_been():
    """Off under a national rule equals on without one, bit by bit."""
    none = (("external_pressure", 0.0), ("ranking_effect", 0.0))
    assert (run("external_pressure", False) == run("external_pressure", True, none)).all()


def test_services_are_never_down():
    for is_on in (True, False):
        model = Simulation(world("lively").with_mechanisms(outages=is_on))
        down = 0
        while model.month < 24:
            model.step()
            down += int(model.world.offices["is_down"].sum())
        assert (down > 0) == is_on
        assert (model.world.regions["outage"] > 0.0).all() == is_on


def test_a_citizen_without_habit_chooses_as_one_who_has_forgotten():
    """Overwriting the channel used last every month changes nothing once habit is off, and something while it is on."""
    for is_on in (True, False):
        usual, forgetful = (Simulation(world("lively").with_mechanisms(habit=is_on)) for _ in range(2))
        while usual.month < 24:
            forgetful.world.citizens["habit"] = BY_COUNTER
            usual.step()
            forgetful.step()
        shown = COLUMN["use_share"]
        assert (usual.series[:, shown] != forgetful.series[:, shown]).any() == is_on


def test_everybody_hears_of_a_service_in_the_month_it_opens():
    model = Simulation(world("lively").with_mechanisms(awareness=False))
    citizens = small().citizens_per_office
    while model.month < 24:
        opened = np.repeat(model.world.offices["stage"] != STREET, citizens)
        model.step()
        still = np.repeat(model.world.offices["stage"] != STREET, citizens)
        assert (model.world.citizens["aware"][opened & still] == 1).all()
    assert opened.any()


def test_nobody_leaves_for_lack_of_satisfaction():
    """Without giving up, and where offices never fall back, whoever serves himself online stays."""
    scenario = world("lively", (("minimum_quality", 0.0),)).with_mechanisms(discontinuance=False)
    model = Simulation(scenario)
    users = model.world.citizens["stage"] != AT_COUNTER
    while model.month < scenario.months:
        model.step()
        now = model.world.citizens["stage"] != AT_COUNTER
        assert now[users].all()
        users = now
    assert users.any()
