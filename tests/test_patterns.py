"""The stylized facts: declared, measured on a small world, and judged by the whole interval."""

from dataclasses import replace

import numpy as np
import pytest

from experiments import office_panel, patterns
from experiments.command_line.pattern_commands import conclude_patterns
from experiments.pattern_statistics import STATISTICS, SURGE_END, SURGE_START
from experiments.running.runner import Options
from experiments.sweep import sweep
from model import load_policy, load_scenario
from tests.fake_model import SCENARIOS
from tests.test_command_line import loket

FACTS = patterns.declared()[1]
TESTED = [fact for fact in FACTS if not fact.untested]


@pytest.fixture(scope="module")
def small():
    return replace(load_scenario(SCENARIOS / "small.toml"), citizens_per_office=16)


def judged(scenario, folder):
    result = sweep(patterns.study_of(scenario, 3), folder, Options())
    conclude_patterns(result, scenario)
    import pandas

    return pandas.read_csv(folder / "patterns.csv", keep_default_na=False, na_values=[""]).set_index("fact")


@pytest.fixture(scope="module")
def table(small, tmp_path_factory):
    return judged(small, tmp_path_factory.mktemp("patterns") / "result")


def test_all_twenty_facts_are_declared_and_every_tested_one_is_measured():
    assert {fact.name.rstrip("abcd") for fact in FACTS} == {f"F{number}" for number in range(1, 21)}
    assert {fact.name for fact in TESTED} == set(STATISTICS)
    for fact in FACTS:
        assert fact.statement.endswith(".") and fact.source
        assert fact.untested or (fact.statistic and fact.threshold and fact.low < fact.high)


def test_the_surge_is_where_the_statistic_looks_for_it():
    overlay = load_policy(SCENARIOS / "shocks" / "demand-surge.toml").overlays[0]
    assert (overlay.start, overlay.end) == (SURGE_START, SURGE_END)


def test_every_tested_fact_gives_a_finite_number(table):
    tested = table.loc[[fact.name for fact in TESTED]]
    assert np.isfinite(tested[["mean", "low", "high"]].to_numpy(float)).all()
    assert set(tested["verdict"]) == {"pass", "fail"} and set(tested["n"]) == {3}
    assert set(table.loc[[fact.name for fact in FACTS if fact.untested], "verdict"]) == {"not testable"}


def test_verdicts_turn_when_the_mechanism_is_gone(small, table, tmp_path):
    """Without the mechanism behind them, facts that hold must fail."""
    off = small.with_mechanisms(reactance=False, fragmentation=False, project_failure=False, mandate=False)
    other = judged(replace(off, name="other"), tmp_path / "result")
    assert other.loc["F1d", "mean"] > 0.8 and other.loc["F1d", "verdict"] == "fail"
    assert table.loc["F20b", "verdict"] == "pass" and other.loc["F20b", "verdict"] == "fail"
    assert other.loc["F20a", "mean"] == 0.0


def test_the_whole_interval_decides():
    samples = {fact.name: np.array([0.30, 0.34, 0.38]) for fact in TESTED}
    found = patterns.judge(samples).set_index("fact")
    assert found.loc["F1b", "verdict"] == "fail" and "reaches over" in found.loc["F1b", "reason"]
    samples["F1b"] = np.array([0.34, 0.35, 0.36])
    samples["F18"] = "no province has five offices"
    found = patterns.judge(samples).set_index("fact")
    assert found.loc["F1b", "verdict"] == "pass"
    assert found.loc["F2a", "verdict"] == "pass" and found.loc["F1d", "verdict"] == "fail"
    assert found.loc["F18", "verdict"] == "not testable" and "five offices" in found.loc["F18", "reason"]


def test_an_event_study_sees_a_dip_and_nothing_where_there_is_none():
    spending = np.ones((60, 2))
    is_new = np.zeros((60, 2), bool)
    is_new[30, 0] = True
    assert office_panel.turnover_effect(spending, is_new) == pytest.approx(0.0)
    spending[31:43, 0] = 0.5
    assert office_panel.turnover_effect(spending, is_new) == pytest.approx(-0.5, abs=0.02)
    assert office_panel.turnover_effect(spending, np.zeros((60, 2), bool)) == 0.0


def test_spread_needs_provinces_with_enough_offices():
    region = np.array([0] * 5 + [1] * 2)
    score = np.array([0.1, 0.2, 0.3, 0.4, 0.9, 0.0, 1.0])
    assert office_panel.spread_within(score, region) == pytest.approx(0.8)
    assert office_panel.spread_within(score[5:], region[5:]) == 0.0


def test_offices_are_followed_in_the_same_world_that_is_simulated(small):
    from model import simulate
    from model.observables import OBSERVABLES

    short = replace(small, months=24)
    spending, is_new, _, _ = office_panel.follow(short, 1)
    series = simulate(short, 1).series
    unit = small.parameters["budget_unit"] / 1000.0
    np.testing.assert_allclose(spending.sum(axis=1) * unit, series[1:, OBSERVABLES.index("digital_spending")], rtol=1e-5)
    replaced = series[1:, OBSERVABLES.index("leaders_replaced")] / 100.0
    np.testing.assert_allclose(is_new.mean(axis=1), replaced, atol=1e-9)


def test_one_replicate_is_refused(tmp_path):
    done = loket("patterns", "small", "--replicates", "1", "--out", tmp_path / "new")
    assert done.returncode == 2 and "2..100000" in done.stderr
    assert not (tmp_path / "new").exists()
