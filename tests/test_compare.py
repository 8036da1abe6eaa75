"""Policy effects: paired, with intervals that can be checked by hand."""

import math
from html import unescape

import numpy as np
import pandas
import pytest
from scipy import stats

from experiments import compare
from experiments.comparison.tables import comparison_tables, write_tables
from experiments.report import write_report
from experiments.running import runner
from experiments.summary import caution, interval, print_effects, print_means
from model import load_registry
from model.errors import InputError
from tests import fake_model
from tests.synthetic_result import WORTH, SyntheticResult


@pytest.fixture
def result(quick, tmp_path):
    return runner.run(fake_model.scenarios(), 6, tmp_path / "result")


def test_common_random_numbers_cancel(result):
    table = compare.effects(result, "use_share").set_index("policy")
    assert list(table.index) == ["staff-training", "infrastructure"]
    for policy, row in table.iterrows():
        worth = fake_model.WORTH[policy]
        bounds = row[["mean_difference", "low", "high", "simultaneous_low", "simultaneous_high"]].to_numpy(float)
        np.testing.assert_allclose(bounds, worth, atol=1e-12)
        assert row["n"] == 6 and row["variance_ratio"] > 1e6
        assert row["policy_mean"] - row["baseline_mean"] == pytest.approx(worth)


def test_outcome_is_the_mean_of_the_last_months_without_the_initial_state(result):
    series = fake_model.simulate(fake_model.scenarios()[0], 2).series[:, 0]
    assert compare.outcomes(result, "use_share", 12).loc[2, "baseline"] == pytest.approx(series[-12:].mean())
    assert compare.outcomes(result, "use_share", 99).loc[2, "baseline"] == pytest.approx(series[1:].mean())


def test_interval_is_that_of_the_paired_t_test():
    noise = np.random.default_rng(3)
    baseline = pandas.Series(noise.normal(size=9))
    policy = baseline + noise.normal(0.4, 0.3, size=9)
    row = compare.effect(baseline, policy, comparisons=4)
    expected = stats.ttest_rel(policy, baseline)
    assert (row["low"], row["high"]) == pytest.approx(expected.confidence_interval(0.95))
    wide = (row["simultaneous_low"], row["simultaneous_high"])
    assert wide == pytest.approx(expected.confidence_interval(1 - 0.05 / 4))
    apart = policy.var() + baseline.var()
    assert row["variance_ratio"] == pytest.approx(apart / (policy - baseline).var())


def test_only_complete_pairs_count():
    baseline = pandas.Series([1.0, 2.0, math.nan, 4.0])
    row = compare.effect(baseline, pandas.Series([2.0, math.nan, 3.0, 5.5]), 1)
    assert row["n"] == 2 and row["mean_difference"] == pytest.approx(1.25)
    assert math.isnan(compare.effect(baseline[:1], baseline[:1], 1)["low"])


def test_intervals_cover_the_truth_as_often_as_they_say():
    """Binomial: 2,000 intervals at 95 %, five standard errors are 2.4 percentage points."""
    noise = np.random.default_rng(8)
    rows = [compare.effect(pandas.Series(noise.normal(size=5)), pandas.Series(noise.normal(size=5)), 1) for _ in range(2000)]
    assert np.mean([row["low"] <= 0.0 <= row["high"] for row in rows]) == pytest.approx(0.95, abs=0.0244)


def test_a_value_that_is_not_finite_is_refused(quick, tmp_path, monkeypatch):
    import model

    def broken(scenario, replicate):
        record = fake_model.simulate(scenario, replicate)
        record.series[-1, 0] = math.nan if replicate == 1 else 0.0
        return record

    monkeypatch.setattr(model, "simulate", broken)
    result = runner.run(fake_model.scenarios(), 3, tmp_path)
    with pytest.raises(InputError, match="use_share is not finite"):
        compare.effects(result, "use_share")


def test_questions_that_make_no_sense_are_refused(result):
    with pytest.raises(InputError, match="no such observable"):
        compare.effects(result, "useshare")
    with pytest.raises(InputError, match="window"):
        compare.effects(result, "use_share", window=0)


def test_tables_hold_the_same_numbers(result):
    written = write_tables(result)
    assert {path.name for path in (result.folder / "tables").iterdir()} == set(written)
    table = comparison_tables(result)["effects"]
    read = pandas.read_csv(result.folder / "tables" / "effects.csv")
    assert set(result.scenario["headline"]) < set(read["observable"]) and len(read) == 2 * read["observable"].nunique()
    np.testing.assert_array_equal(read["mean_difference"], table["mean_difference"])
    text = (result.folder / "tables" / "effects.tex").read_text()
    assert text.count(r"\\") == 3 and r"\toprule" in text and "staff-training" in text


def test_cost_effectiveness_needs_a_cost():
    assert compare.per_cost(0.1, 2_000_000.0) == pytest.approx(0.05)
    assert math.isnan(compare.per_cost(0.1, 0.0))


UNCLEAR = {"baseline": {}, "one": {"use_share": 0.0006}, "two": {}, "three": {}}


@pytest.mark.parametrize("worth", [WORTH, UNCLEAR])
def test_terminal_and_report_say_the_same(tmp_path, capsys, worth):
    result = SyntheticResult(tmp_path, worth=worth)
    print_effects(result)
    page = unescape(write_report(result).read_text(encoding="utf-8"))
    said = [line for line in capsys.readouterr().out.splitlines() if line.endswith(".")]
    assert len(said) >= 3 and all(line in page for line in said)


def test_the_largest_estimate_has_the_interval_for_all_policies_if_nothing_is_clear(tmp_path, capsys):
    result = SyntheticResult(tmp_path, worth=UNCLEAR)
    row = compare.effects(result, "use_share").set_index("policy").loc["one"]
    assert row["low"] > 0.0 > row["simultaneous_low"]  # clear alone, not among three
    print_effects(result)
    said = capsys.readouterr().out
    assert "No policy raises digital use beyond chance. The largest estimate is that of One & more: +0.05 " in said
    low, high = (f"{100 * row[f'simultaneous_{end}']:+.2f}" for end in ("low", "high"))
    assert f"({low} to {high}, for all policies at once)" in said


def test_with_three_pairs_the_terminal_says_that_there_is_no_interval_of_what_pairing_was_worth(tmp_path, capsys):
    print_effects(SyntheticResult(tmp_path, worth={"baseline": {}, "best": WORTH["best"]}, replicates=3))
    said = capsys.readouterr().out
    assert "(no interval with so few pairs; pairing alone: " in said and "nan" not in said


def test_what_rounds_to_nothing_has_no_sign():
    ends = {"mean_difference": -1e-6, "low": -2e-6, "high": 1e-6}
    assert interval("use_share", ends) == "0.00 [0.00, 0.00]"
    assert interval("wait_days", {"mean_difference": -1.5, "low": -2.0, "high": 0.004}) == "-1.50 [-2.00, 0.00]"


def test_the_table_of_effects_has_costs_without_the_rounding_of_sums(tmp_path):
    result = SyntheticResult(tmp_path, worth={"baseline": {}, "best": WORTH["best"]})
    result.design["planned_cost"] = 9000.000000000002 * (result.design["policy"] == "best")
    assert compare.effects(result, "use_share")["planned_cost"].tolist() == [9000.0]


@pytest.mark.parametrize("say", [print_means, print_effects])
def test_every_answer_on_the_terminal_counts_the_assumptions(result, capsys, say):
    say(result)
    assumed = sum(entry.status == "assumed" for entry in load_registry().values())
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == caution() and f"{assumed} of {len(load_registry())} parameters are assumptions" in last
