"""Scenario discovery where the answer is known: planted boxes, noise, robustness by hand, plans that must be refused."""

import json
import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.discovery import prim, robustness, screening, verdict, words
from experiments.discovery.futures import Futures, Goal
from experiments.discovery.resampling import stability
from experiments.discovery.settings import read_discovery
from experiments.discovery.study import findings_of
from experiments.discovery.tree import find_tree
from experiments.figures.robustness import regret as draw_regret
from experiments.figures.style import drawing
from experiments.plans.factors import Factor
from experiments.plans.uncertainties import assumed
from experiments.run_outcomes import unit
from model.checks import Place
from model.errors import InputError
from model.registry import load_registry
from tests.planted import described, planted

GOLDEN = Path(__file__).with_name("golden") / "ema_prim.json"
GOALS = [Goal("use_share", "at_least", 0.5, "level"), Goal("wait_days", "at_most", 10.0, "level")]


def test_the_trajectory_is_that_of_the_ema_workbench_box_by_box():
    """The golden file is written by benchmarks/ema_workbench.py."""
    golden = json.loads(GOLDEN.read_text())
    assert len(golden) > 40 and described(prim.trajectory(*planted())) == golden


def test_a_planted_box_is_found_with_its_limits():
    x, y = planted()
    box, boxes = prim.find_box(x, y)
    assert box.restricted.tolist() == [0, 2] and len(boxes) > 40
    assert abs(box.low[0] - 0.6) < 0.02 and np.isinf(box.high[0])
    assert abs(box.high[2] - 0.45) < 0.03 and np.isinf(box.low[2])
    inside = (x[:, 0] >= box.low[0]) & (x[:, 2] <= box.high[2])
    assert (box.held, box.hits) == (inside.sum(), y[inside].sum())
    assert box.density > 0.85 and box.coverage > 0.65 and max(prim.quasi_p_values(x, y, box).values()) < 1e-20


def test_a_planted_box_among_two_hundred_parameters_is_found_and_little_else():
    x, y = planted(factors=200)
    box, _ = prim.find_box(x, y)
    found = stability(x, y, box, 20, [1])
    assert box.restricted.tolist() == [0, 2] and found.exceeded == 1 / 21
    assert found.restricted[[0, 2]].min() > 0.9 and np.delete(found.restricted, [0, 2]).max() < 0.2
    assert np.nanmean(found.density) > 0.8 and np.nanmean(found.coverage) > 0.6
    assert found.low[0, 0] < 0.6 < found.low[1, 0] + 0.05 and found.high[0, 2] - 0.05 < 0.45 < found.high[1, 2]


def test_pure_noise_gives_a_box_in_few_samples():
    draw = np.random.default_rng(3)
    boxes = [prim.find_box(draw.random((300, 100)), draw.random(300) < 0.3)[0] for _ in range(100)]
    assert sum(len(box.restricted) > 0 for box in boxes) <= 12  # 5 expected; 12 is the 99.8 % quantile


def test_equal_values_are_peeled_together():
    draw = np.random.default_rng(4)
    x = np.column_stack([draw.integers(0, 2, 400), draw.integers(1, 7, 400), draw.random(400)]).astype(float)
    y = (x[:, 0] == 1.0) & (x[:, 1] >= 5.0)
    box, _ = prim.find_box(x, y)
    assert (
        box.restricted.tolist() == [0, 1] and box.low[0] == 0.5 and box.low[1] == 4.5 and box.density == box.coverage == 1.0
    )


def test_no_peel_where_nothing_varies_or_nothing_fails():
    x = np.ones((50, 3))
    y = np.arange(50) % 2 == 0
    assert len(prim.trajectory(x, y)) == 1
    assert prim.find_box(planted()[0], np.zeros(1000, bool))[0].restricted.size == 0


def test_distances_are_those_of_scipy():
    from scipy.stats import ks_2samp

    x, y = planted(points=300)
    x[:, 3] = np.round(3 * x[:, 3])
    expected = [ks_2samp(column[y], column[~y], method="asymp").statistic for column in x.T]
    assert np.allclose(screening.distances(x, y), expected)


def test_the_tree_finds_the_planted_box():
    x, y = planted()
    tree = find_tree(x, y, 20, [2])
    worst = max(tree.leaves, key=lambda leaf: leaf.hits / leaf.held)
    assert {0, 2} <= {step[0] for step in worst.steps} and worst.hits / worst.held > 0.8
    assert tree.root in (0, 2) and tree.accuracy > 0.75
    assert sum(leaf.held for leaf in tree.leaves) == 1000 and sum(leaf.hits for leaf in tree.leaves) == y.sum()


VALUES = np.array(
    [[[0.4, 8.0], [0.6, 12.0]], [[0.7, 9.0], [0.9, 9.0]], [[0.5, 14.0], [0.2, 10.0]]]
)  # futures, policies, goals


def test_regret_and_goals_by_hand():
    assert robustness.met(VALUES, GOALS).tolist() == [
        [[False, True], [True, False]], [[True, True], [True, True]], [[True, False], [False, True]],
    ]  # fmt: skip
    expected = [[[0.2, 0.0], [0.0, 4.0]], [[0.2, 0.0], [0.0, 0.0]], [[0.0, 4.0], [0.3, 0.0]]]
    assert np.allclose(robustness.regret(VALUES, GOALS), expected)


def test_regret_is_drawn_in_points_and_its_table_keeps_the_unit():
    futures = SimpleNamespace(values=VALUES, goals=GOALS, policies=["one", "other"], x=VALUES)
    table = SimpleNamespace(futures=futures, criteria=robustness.judge(VALUES, GOALS, [1]))
    with drawing():
        figure, numbers, _ = draw_regret(table)
    use, wait = figure.axes
    assert use.get_xlabel().endswith("(percentage points)") and wait.get_xlabel().endswith("(days)")
    drawn = [line.get_xdata().max() for axes in (use, wait) for line in axes.lines if line.get_marker() == "D"]
    mean = numbers[numbers["criterion"] == "mean regret"].groupby("outcome")["value"].max()
    assert drawn == pytest.approx([100.0 * mean["use_share"], mean["wait_days"]]) and mean["use_share"] < 1.0


def test_criteria_by_hand():
    rows = {(row.policy, row.criterion, row.goal): row for row in robustness.judge(VALUES, GOALS, [1])}
    assert rows[0, "satisficing", None].value == rows[1, "satisficing", None].value == pytest.approx(1 / 3)
    assert rows[0, "satisficing", None].best and rows[0, "satisficing", None].first == pytest.approx(0.5, abs=0.1)
    assert rows[0, "worst", 0].value == 0.4 and rows[1, "worst", 1].value == 12.0 and rows[1, "worst", 1].best
    assert rows[0, "mean regret", 0].value == pytest.approx(0.4 / 3) and rows[1, "largest regret", 1].value == 4.0
    assert np.isnan(rows[0, "worst", 0].low) and rows[0, "expected", 0].low <= 1.6 / 3 <= rows[0, "expected", 0].high


def test_intervals_of_shares_hold_the_share_and_stay_in_range():
    low, high = robustness.wilson(np.array([0, 5, 10]), 10)
    assert low[0] == 0.0 and high[2] == 1.0 and 0.23 < low[1] < 0.24 and 0.76 < high[1] < 0.77 and high[0] > 0.2


def futures_of_sample(x, y):
    """Return Futures of two policies, of which the second fails as planted."""
    values = np.where(np.column_stack([np.zeros(len(y), bool), y]), 0.1, 0.9)[:, :, None]
    factors = [Factor(f"x{place}", "number", 0.0, 1.0) for place in range(x.shape[1])]
    return Futures(np.arange(len(y)), factors, x, ["baseline", "other"], GOALS[:1], values, 2 * len(y), 1, float("nan"), [])


def test_the_whole_analysis_gives_the_same_for_the_same_seed():
    x, y = planted(points=300)
    one, again, other = (findings_of(futures_of_sample(x, y), 20, seed) for seed in (1, 1, 2))
    assert [found.policy for found in one.findings] == [1]
    found, same, different = (discovery.findings[0].stability for discovery in (one, again, other))
    assert np.array_equal(found.density, same.density) and not np.array_equal(found.density, different.density)


def test_a_box_that_half_samples_seldom_find_is_called_not_settled():
    discovery = findings_of(futures_of_sample(*planted(points=300)), 20, 1)
    (found,) = discovery.findings
    assert found.holds_up and verdict.policy_words(discovery, 1)[1].startswith("other fails when")
    rare = replace(found, stability=replace(found.stability, restricted=found.stability.restricted * 0.1))
    text = verdict.finding_words(discovery.futures, rare)
    assert text[0].startswith("Not settled") and "does not hold up" in text[1]


def test_sides_are_said_with_unit_and_part_of_the_range():
    need = load_registry()["need_rate"]
    factor = Factor("need_rate", "number", need.low, need.high)
    text = words.side(factor, need.low + 0.75 * (need.high - need.low), np.inf)
    assert "highest 25 % of its range" in text and need.unit in text and "need_rate" in text
    assert words.side(Factor("mechanisms.participation", "boolean", 0.0, 1.0, (False, True)), 0.5, np.inf).endswith(" on")


def read(given, factors=()):
    table = {"futures": 50, "goals": {"use_share": {"at_least": 0.3}}, **given}
    return read_discovery(Place(Path("plan.toml"), "discover"), table, factors)


def test_uncertainties_are_the_assumed_ones_groups_and_names():
    _, factors = read({"uncertainties": "assumed"})
    registry = load_registry()
    assert [factor.name for factor in factors] == assumed() and len(factors) > 200
    assert {(registry[factor.name].role, registry[factor.name].status) for factor in factors} == {("uncertainty", "assumed")}
    _, factors = read({"uncertainties": ["leaders", "need_rate", "mechanisms.participation"]})
    assert {registry[factor.name].group for factor in factors[:-2]} == {"leaders"} and factors[-1].type == "boolean"
    narrow = Factor("need_rate", "number", 0.1, 0.2)
    options, factors = read({"uncertainties": ["need_rate", "counters"]}, (narrow,))
    assert factors[0] == narrow and options["points"] == 50 and options["goals"][0]["sense"] == "at_least"


@pytest.mark.parametrize(
    ("given", "key", "said"),
    [
        ({"uncertainties": "asumed"}, "uncertainties", "not a list"),
        ({"uncertainties": ["citzens"]}, "uncertainties[0]", "citizens"),
        ({"uncertainties": ["training_rate"]}, "uncertainties[0]", "a lever is not uncertain"),
        ({}, "uncertainties", "missing"),
        ({"uncertainties": "assumed", "futures": 3}, "futures", "20..1000000"),
        ({"uncertainties": "assumed", "futures": 3.5}, "futures", "integer"),
        ({"uncertainties": "assumed", "desing": "sobol"}, "desing", "did you mean 'design'"),
        ({"uncertainties": "assumed", "design": "halton"}, "design", "sobol"),
        ({"uncertainties": "assumed", "resamples": 1}, "resamples", "20..1000"),
        ({"uncertainties": "assumed", "goals": {}}, "goals", "no goal"),
        ({"uncertainties": "assumed", "goals": {"use_shar": {"at_least": 1}}}, "goals.use_shar", "did you mean 'use_share'"),
        ({"uncertainties": "assumed", "goals": {"use_share": {}}}, "goals.use_share", "either at_least or at_most"),
        ({"uncertainties": "assumed", "goals": {"use_share": {"at_least": 1, "at_most": 2}}}, "goals.use_share", "either"),
        ({"uncertainties": "assumed", "goals": {"use_share": {"at_least": float("nan")}}}, "at_least", "number"),
        ({"uncertainties": "assumed", "goals": {"use_share": {"at_least": 1, "of": "chang"}}}, "of", "change"),
    ],
)
def test_bad_tables_are_refused_by_key(given, key, said):
    with pytest.raises(InputError) as caught:
        read(given)
    assert key in str(caught.value) and said in str(caught.value)


def test_an_experiment_of_the_workbench_is_our_run_and_can_be_sent():
    """What needs the workbench itself is in benchmarks/ema_workbench.py."""
    from experiments.ema import experiment
    from experiments.run_outcomes import last_year
    from model import load_observables, load_policy, load_scenario, simulate

    files = "scenarios/small.toml", ["scenarios/policies/staff-training.toml"]
    run, factors = experiment(*files, ["need_rate"], ["use_share"], ["wait_days"])
    assert [factor.name for factor in factors] == ["need_rate"] and list(run.scenarios) == ["baseline", "staff-training"]
    given = pickle.loads(pickle.dumps(run))(policy_name="staff-training", replicate=3, need_rate=0.3)
    scenario = load_scenario(files[0]).with_policy(load_policy(files[1][0])).with_parameters(need_rate=0.3)
    series = simulate(scenario, 3).series[:, list(load_observables()).index("use_share")]
    assert given["use_share"] == last_year(series[None, 1:])[0] and given["wait_days_by_month"].shape == (120,)
    with pytest.raises(InputError, match="staff-training"):
        run(policy_name="staf-training")


@pytest.mark.parametrize(
    ("goal", "clause", "missed"),
    [
        (Goal("use_share", "at_least", 0.02, "change"), "at least 2 percentage points", "below 2 percentage points"),
        (Goal("use_share", "at_least", 0.3, "level"), "at least 30 % of cases", "below 30 % of cases"),
        (Goal("trust_agency", "at_most", 0.5, "level"), "at most 50 points of 100", "above 50 points of 100"),
        (Goal("wait_days", "at_most", 10.0, "level"), "at most 10 days", "above 10 days"),
        (Goal("peak_use", "at_least", 0.4, "level"), "at least 40 % of cases", "below 40 % of cases"),
    ],
)
def test_goals_are_said_in_the_unit_in_which_they_are_shown(goal, clause, missed):
    assert words.goal_words(goal).endswith(clause) and words.missed_words(goal).endswith(missed)
    assert words.goal_as_declared(goal).endswith(f"{goal.limit:g} ({unit(goal.outcome)})")


def test_the_best_policy_is_said_with_the_unit_of_a_level_a_change_or_a_share_of_futures():
    futures = SimpleNamespace(policies=["one", "other"], goals=[replace(GOALS[0], of="change"), *GOALS])
    best = {"policy": 0, "best": True, "value": 0.034, "low": 0.032, "high": 0.036, "first": 1.0}

    def said(criterion, goal):
        rows = [{**best, "criterion": criterion, "goal": goal}, {"criterion": criterion, "goal": goal, "best": False}]
        return verdict.winner(futures, [SimpleNamespace(**row) for row in rows]).partition(";")[0]

    assert said("expected", 0) == said("mean regret", 1) == "one, 3.4 percentage points (3.2 to 3.6)"
    assert said("expected", 1) == "one, 3.4 % of cases (3.2 to 3.6 %)"
    assert said("satisficing", None) == "one, 3.4 % (3.2 to 3.6 %)"
    assert said("high regret", 2) == "one, 0.034 days (0.032 to 0.036)"
