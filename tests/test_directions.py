"""Directions: what each lever does to use, wait and cost, over 20 paired replicates of Indonesia with a thin sample.

A direction counts as shown when the mean paired difference lies beyond three standard errors on the stated side. The
signs were derived from the mechanisms before they were measured; where two mechanisms pull against each other the test
says which one wins at the defaults.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model import load_policy, load_registry, planned_cost, simulate
from tests.worlds import COLUMN, SCENARIOS, indonesia, standard_error

REPLICATES = 20
POLICIES = sorted((SCENARIOS / "policies").glob("*.toml"))


@cache
def outcome(changes):
    """Return outcomes (replicates, observables): means over the last 12 months."""
    scenario = replace(indonesia(), citizens_per_office=16).with_parameters(**dict(changes))
    return np.array([simulate(scenario, replicate).series[-12:].mean(axis=0) for replicate in range(REPLICATES)])


def difference(observable, **changes):
    """Return the paired differences to the baseline."""
    return (outcome(tuple(sorted(changes.items()))) - outcome(()))[:, COLUMN[observable]]


# lever, new value, sign on use, wait, cost. Cost rises where people use a dearer channel (assistance). Where offices build
# more, systems cost more and digital cases less: the second wins for leadership, neither for networks and training.
LEVERS = [
    ("leadership_development", 0.3, +1, -1, -1),
    ("training_rate", 1.0, +1, -1, 0),
    ("infrastructure_effort", 3.0, +1, -1, -1),
    ("network_effort", 3.0, +1, -1, 0),
    ("new_application_chance", 0.0, +1, -1, -1),
    ("form_difficulty", 0.15, +1, -1, -1),
    ("assistance_coverage", 0.5, +1, -1, +1),
    ("counter_closure", 0.3, +1, -1, -1),
]


def test_every_lever_with_a_price_has_a_direction():
    priced = {name for name, entry in load_registry().items() if entry.role == "lever" and entry.cost}
    assert priced <= {lever[0] for lever in LEVERS}


@pytest.mark.parametrize(("lever", "value", "use", "wait", "cost"), LEVERS, ids=[lever[0] for lever in LEVERS])
def test_direction_of_a_lever(lever, value, use, wait, cost):
    for observable, sign in (("use_share", use), ("wait_days", wait), ("cost_per_case", cost)):
        effect = difference(observable, **{lever: value})
        if sign:
            assert sign * effect.mean() > 3 * standard_error(effect), observable


def test_closing_counters_does_harm_that_help_softens():
    closed = {"counter_closure": 0.3}
    for observable, sign in (("dropped_share", 1), ("trust_agency", -1), ("skill_gap", 1)):
        effect = difference(observable, **closed)
        assert sign * effect.mean() > 3 * standard_error(effect), observable
    with_help = difference("dropped_share", **closed, assistance_coverage=0.5)
    assert with_help.mean() < difference("dropped_share", **closed).mean()


RISE = 0.15
LEADERSHIP = {"leader_trait_mean": 0.45 + RISE}
SKILLS = {"servant_skill_mean": 0.24 + RISE, "citizen_skill_mean": 0.32 + RISE}
INFRASTRUCTURE = {
    "initial_coverage": 0.30 + RISE,
    "initial_coverage_remote": 0.10 + RISE,
    "initial_access": 0.1092 + RISE,
}


@pytest.mark.parametrize("alone", [LEADERSHIP, SKILLS, INFRASTRUCTURE], ids=["leadership", "skills", "infrastructure"])
def test_one_condition_alone_does_less_than_all_three(alone):
    together = difference("use_share", **LEADERSHIP, **SKILLS, **INFRASTRUCTURE)
    more = together - difference("use_share", **alone)
    assert more.mean() > 3 * standard_error(more)


def test_the_three_conditions_are_complements_at_the_defaults():
    parts = sum(difference("use_share", **alone) for alone in (LEADERSHIP, SKILLS, INFRASTRUCTURE))
    beyond = difference("use_share", **LEADERSHIP, **SKILLS, **INFRASTRUCTURE) - parts
    assert beyond.mean() > 3 * standard_error(beyond)


def test_policies_cost_the_same_on_indonesia():
    assert len(POLICIES) >= 8
    costs = [planned_cost(indonesia().with_policy(load_policy(path))) for path in POLICIES]
    assert max(costs) - min(costs) < 1e-6 * max(costs)
    assert costs[0] == pytest.approx(4_999_313, abs=1)


def test_the_baseline_moves_both_ways():
    """Every kind of agent is in more than one stage at the end, offices fall back and projects fail."""
    record = simulate(indonesia(), 0)
    last = record.series[-1]
    for kind in (
        ("office_street", "office_screen", "office_system"),
        ("leader_guard", "leader_sponsor", "leader_driver"),
        ("servant_paper", "servant_screen", "servant_steward"),
        ("citizen_counter", "citizen_assisted", "citizen_online"),
    ):
        assert sum(last[COLUMN[name]] > 0.01 for name in kind) >= 2, kind
    for name in ("offices_regressed", "projects_succeeded", "projects_partial", "projects_failed"):
        assert record.series[:, COLUMN[name]].sum() > 0, name
    moves = record.flows.sum(axis=0)
    for kind in range(4):
        assert np.triu(moves[kind], 1).sum() > 0 and np.tril(moves[kind], -1).sum() > 0
