"""A comparison's tables: designs of levers, gaps, targets, prices, pairing; each on numbers whose truth is known."""

import math
from dataclasses import replace

import numpy as np
import pandas
import pytest

from experiments.comparison import gaps, levers, money, targets
from experiments.comparison.design import LEVERS, TOGETHER, Asked, Comparison, combined, comparison_of, ordered
from experiments.comparison.pairing import pairing
from experiments.comparison.tables import comparison_tables
from experiments.figures import available, draw_all
from experiments.running import runner
from model import load_policy, load_scenario, planned_cost
from model.errors import InputError
from tests import fake_model
from tests.synthetic_result import SyntheticResult

SCENARIOS = fake_model.SCENARIOS


@pytest.fixture(scope="module")
def small():
    return load_scenario(SCENARIOS / "small.toml")


@pytest.fixture(scope="module")
def three():
    return [load_policy(SCENARIOS / "policies" / f"{name}.toml") for name in LEVERS]


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    return SyntheticResult(tmp_path_factory.mktemp("synthetic"))


def test_more_baseline_runs_leave_the_pairs_as_they_are(quick, tmp_path):
    scenarios = fake_model.scenarios()
    comparison = Comparison("policies", scenarios, baseline_replicates=14)
    result = runner.run_variants(comparison.variants(4), 4, tmp_path, runner.Options(), study=comparison)
    counts = result.design.groupby("policy")["replicate"].nunique()
    assert counts["baseline"] == 16 and counts["staff-training"] == 4  # rounded up to whole multiples
    assert result.manifest["loket"]["comparison"]["kind"] == "policies"
    again = runner.run(scenarios, 4, tmp_path / "plain")
    mine = result.series[result.series["run_id"].isin(again.design["run_id"])]
    np.testing.assert_array_equal(mine["use_share"], again.series["use_share"])


@pytest.mark.parametrize(("asked", "runs"), [(25, 30), (30, 30), (10, 10), (None, 60)])
def test_the_manifest_records_the_baseline_runs_that_are_made(small, three, asked, runs):
    comparison = comparison_of(Asked(baseline_replicates=asked), small, three, 10)
    assert comparison.facts["comparison"]["baseline_replicates"] == runs
    baseline = [one for one in comparison.variants(10) if one.policy == "baseline"]
    assert 10 * len(baseline) == runs


def test_a_full_factorial_has_every_combination_and_adds_up_costs(small, three):
    cases = combined(small, three)
    assert len({case.policy for case in cases}) == 8
    cost = {case.policy: planned_cost(case) for case in cases}
    assert cost["+".join(LEVERS)] == pytest.approx(sum(cost[name] for name in LEVERS))


def test_every_order_costs_the_same_and_acts_one_after_the_other(small, three):
    cases = ordered(small, three)
    assert len(cases) == 2 + 6 and cases[1].policy == TOGETHER
    alone = np.mean([planned_cost(small.with_policy(policy)) for policy in three])
    for case in cases[1:]:
        assert planned_cost(case) == pytest.approx(alone)
    first, second, third = sorted(cases[2].overlays[len(small.overlays) :], key=lambda overlay: overlay.start)
    assert first.parameter == "leadership_development" and (first.end, second.end) == (second.start, third.start)


def test_levers_without_money_cannot_be_ordered(small, three):
    free = load_policy(SCENARIOS / "policies" / "integration.toml")
    with pytest.raises(InputError, match="new_application_chance without money"):
        ordered(small, [three[0], free])
    with pytest.raises(InputError, match="2 to 4 policies"):
        ordered(small, three[:1])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(factorial=True, orders=True), "two designs at once"),
        (Asked(baseline_replicates=3), "fewer baseline runs than pairs"),
        (Asked(targets=("use_shar=0.1",)), "use_share"),
        (Asked(targets=("use_share=high",)), "not a level"),
        (Asked(targets=("use_share=nan",)), "not a level"),
        (Asked(targets=("office_screen=0.5",)), "no better or worse"),
        (Asked(targets=("use_share=20",)), "(?s)key '--target'.*use_share=20.*0..1.*did you mean 'use_share=0.2'"),
        (Asked(targets=("legitimacy=60",)), "did you mean 'legitimacy=0.6'"),
        (Asked(targets=("use_share=-0.1",)), "outside its range"),
        (Asked(targets=("skill_gap=-20",)), "-1..1"),
    ],
)
def test_what_makes_no_sense_is_refused(small, three, asked, words):
    with pytest.raises(InputError, match=words):
        comparison_of(asked, small, three, 20)


@pytest.mark.parametrize("text", ["use_share=0", "use_share=1", "skill_gap=-0.05", "wait_days=20", "service_standard=1.2"])
def test_levels_that_a_unit_allows_are_taken(small, three, text):
    name, level = text.split("=")
    assert comparison_of(Asked(targets=(text,)), small, three, 20).targets == ((name, float(level)),)


def factorial_result(worth, folder, monkeypatch, small, three):
    """Return the result of a factorial in which each combination is worth `worth(set of levers)`."""
    import model

    def simulate(scenario, replicate):
        record = fake_model.simulate(replace(scenario, policy="baseline"), replicate)
        chosen = set() if scenario.policy == "baseline" else set(scenario.policy.split("+"))
        record.series[:] += worth(chosen)
        return record

    monkeypatch.setattr(model, "simulate", simulate)
    cases = [fake_model.shortened(case, 14) for case in combined(small, three)]
    comparison = Comparison("factorial", cases, LEVERS)
    return runner.run_variants(comparison.variants(5), 5, folder, runner.Options(), study=comparison)


def test_main_effects_and_complements_are_found(quick, tmp_path, monkeypatch, small, three):
    leadership, training, infrastructure = LEVERS
    table = levers.factorial(
        factorial_result(
            lambda on: 1.0 * (leadership in on) + 2.0 * (training in on) + 0.5 * ({leadership, training} <= on)
            - 0.25 * ({training, infrastructure} <= on), tmp_path, monkeypatch, small, three,
        ),
        ["use_share", "wait_days"],
    )  # fmt: skip
    use = table[table["observable"] == "use_share"].set_index("term")
    assert use.loc[leadership, "effect"] == pytest.approx(1.25) and use.loc[training, "effect"] == pytest.approx(2.125)
    assert use.loc[f"{leadership} + {training}", ["effect", "relation"]].tolist() == [pytest.approx(0.5), "complements"]
    assert use.loc[f"{training} + {infrastructure}", "relation"] == "substitutes"
    assert use.loc[f"{leadership} + {infrastructure}", "relation"] == "unclear"
    assert use.loc[" + ".join(LEVERS), "effect"] == pytest.approx(0.0, abs=1e-9)
    wait = table[table["observable"] == "wait_days"].set_index("term")
    assert wait.loc[f"{leadership} + {training}", "relation"] == "substitutes"  # a longer wait is worse


def test_levers_together_and_in_order_are_drawn(quick, tmp_path, monkeypatch, small, three):
    result = factorial_result(lambda on: 1.0 * len(on), tmp_path / "factorial", monkeypatch, small, three)
    assert "lever_effects" in available(result)
    # Without overlays only the seeds tell the runs of two orders apart.
    cases = [replace(case, months=14, overlays=(), seed=place) for place, case in enumerate(ordered(small, three))]
    comparison = Comparison("orders", cases, LEVERS)
    orders = runner.run_variants(comparison.variants(4), 4, tmp_path / "orders", runner.Options(), study=comparison)
    draw_all(orders, tmp_path / "figures", ["lever_effects"])
    table = pandas.read_csv(tmp_path / "figures" / "lever_effects.csv")
    assert set(table["kind"]) == {"order against side by side", "first"} and len(table) == 3 * (6 + 3)


def test_pairing_says_what_was_saved(synthetic):
    table = pairing(synthetic, ["use_share"]).set_index("policy")
    row = table.loc["best"]
    assert row["factor"] == pytest.approx(row["pairing_factor"])  # no more baseline runs than pairs
    assert row["low"] < row["factor"] < row["high"] and row["factor"] > 5.0
    assert row["replicates_independent"] == pytest.approx(6 * row["factor"])
    assert row["share_removed"] == pytest.approx(1.0 - row["variance_paired"] / row["variance_independent"])


def test_a_mean_gain_that_widens_a_gap_is_flagged(synthetic, monkeypatch):
    groups = synthetic.groups.merge(synthetic.design[["run_id", "policy"]], on="run_id")
    lifted = (groups["policy"] == "best") & (groups["kind"] == "skill") & (groups["name"] == "high")
    groups.loc[lifted, "use_share"] += 0.2
    monkeypatch.setitem(synthetic.__dict__, "groups", groups.drop(columns="policy"))
    table = gaps.gaps(synthetic).set_index(["measure", "kind", "policy"])
    row = table.loc[("use_share", "skill", "best")]
    assert row["verdict"] == "widens" and row["flag"] == "gains on average, widens the gap"
    assert row["mean_difference"] == pytest.approx(0.2, abs=0.02)
    others = table.drop(index=("use_share", "skill", "best"))
    assert not others["flag"].any()
    assert {"skill", "setting", "province", "remote"} == set(table.index.get_level_values("kind"))


def test_months_to_a_target_keep_runs_that_never_get_there(synthetic):
    level = 0.24
    table = targets.months_to_target(synthetic, "use_share", level).set_index("policy")
    assert table.loc["backward", "reached"] == 0.0 and table.loc["backward", "restricted_mean"] == 60.0
    assert math.isnan(table.loc["backward", "median"]) and table.loc["backward", "reached_high"] < 0.5
    best = table.loc["best"]
    assert best["reached"] == 1.0 and best["restricted_mean"] == pytest.approx(best["median"], abs=1.0)
    assert best["difference"] == pytest.approx(best["restricted_mean"] - table.loc["baseline", "restricted_mean"])
    rows = synthetic.series[synthetic.series["run_id"] == "best-0"].set_index("month")["use_share"]
    by_hand = rows[1:].rolling(12).mean()
    assert targets.times(synthetic, "use_share", level)["best-0"] == by_hand.index[by_hand >= level][0]


def test_intervals_of_months_stay_within_the_run(synthetic, monkeypatch):
    late = pandas.Series({"baseline-0": 59.0, "best-0": 13.0}).reindex(synthetic.design["run_id"]).fillna(math.inf)
    monkeypatch.setattr(targets, "times", lambda *about: late)
    table = targets.months_to_target(synthetic, "use_share", 0.2).set_index("policy")
    alone = table.loc[["baseline", "best"]]
    assert table.loc["baseline", ["difference_low", "difference_high"]].isna().all()
    assert (alone["high"] == 60.0).all() and (alone["low"] < alone["restricted_mean"]).all()
    early = late.where(~late.index.str.startswith("best"), 0.0)
    early["best-0"] = 60.0
    monkeypatch.setattr(targets, "times", lambda *about: early)
    row = targets.months_to_target(synthetic, "use_share", 0.2).set_index("policy").loc["best"]
    assert row["low"] == 0.0 and row["difference_low"] == -60.0
    assert row["high"] == pytest.approx(10.0 + 25.7, abs=0.1)  # t of 5 degrees times the standard error of 10


def test_the_share_of_the_baseline_counts_all_its_runs(synthetic, monkeypatch):
    kept = (synthetic.design["policy"] == "baseline") | (synthetic.design["replicate"] < 2)
    monkeypatch.setitem(synthetic.__dict__, "design", synthetic.design[kept])
    ends = pandas.Series(math.inf, index=synthetic.design["run_id"])
    ends[["baseline-3", "baseline-4", "baseline-5"]] = 50.0  # none of them has a partner
    monkeypatch.setattr(targets, "times", lambda *about: ends)
    row = targets.months_to_target(synthetic, "use_share", 0.2).set_index("policy").loc["baseline"]
    assert (row["reached"], row["runs"], row["n"], row["restricted_mean"]) == (0.5, 6, 2, 60.0)
    assert row["reached_low"] < 0.5 < row["reached_high"]


def test_prices_by_hand(synthetic):
    prices = money.prices(synthetic).set_index(["gain", "account", "policy"])
    use = prices.loc[("digital_cases", "programme", "best")]
    people = sum(region["population"] for region in synthetic.scenario["regions"]) / (514 * 64)
    series = synthetic.series[synthetic.series["month"] > 0].set_index("run_id")
    cases = [
        (series.loc[f"{policy}-0", "use_share"] * series.loc[f"{policy}-0", "cases_arrived"]).sum() * people
        for policy in ("best", "baseline")
    ]
    assert money.totals(synthetic)["digital_cases"]["best-0"] == pytest.approx(cases[0])
    assert use["amount"] == pytest.approx(cases[0] - cases[1], rel=0.05)
    assert use["price"] == pytest.approx(use["cost"] / use["amount"]) and use["cost"] == 5e6
    assert use["price_low"] < use["price"] < use["price_high"]
    assert prices.loc[("digital_cases", "programme", "backward"), "note"].startswith("worsens")
    assert math.isnan(prices.loc[("waiting_hours", "programme", "slow"), "price"])


def test_every_table_is_tidy_and_finite_where_it_says_something(synthetic):
    tables = comparison_tables(synthetic)
    assert {"effects", "pairing", "pairwise", "groups", "gaps", "months_to_target", "prices", "incremental",
            "acceptability"} == set(tables)  # fmt: skip
    for name, table in tables.items():
        assert isinstance(table, pandas.DataFrame) and len(table) and not table.columns.duplicated().any(), name
    shares = tables["acceptability"].groupby(["account", "worth"])["probability"].sum()
    np.testing.assert_allclose(shares, 1.0)
    assert (tables["incremental"]["frontier_probability"].between(0.0, 1.0)).all()


def test_two_gaps_by_skill_say_over_what_each_is_taken(synthetic):
    tables = comparison_tables(synthetic)
    assert set(tables["effects"]["basis"]) == {"mean of the last 12 monthly values"}
    for name in ("gaps", "groups"):
        found = tables[name].groupby("measure")["basis"].unique().map("; ".join).to_dict()
        yearly = {measure for measure, words in found.items() if words == "all cases of the last year"}
        assert yearly == {"use_share", "wait_days"} and set(found.values()) - {"all cases of the last year"} == {
            "as it stands at the end of the run"
        }


def test_a_gap_in_what_is_bad_widens_when_the_worse_off_get_more_of_it(synthetic, monkeypatch):
    groups = synthetic.groups.merge(synthetic.design[["run_id", "policy"]], on="run_id").assign(wait_days=10.0)
    longer = (groups["policy"] == "best") & (groups["kind"] == "setting") & (groups["name"] == "rural")
    groups.loc[longer, "wait_days"] += 1.0
    monkeypatch.setitem(synthetic.__dict__, "groups", groups.drop(columns="policy"))
    row = gaps.gaps(synthetic).set_index(["measure", "kind", "policy"]).loc[("wait_days", "setting", "best")]
    assert (row["verdict"], row["mean_difference"], row["worse_off"]) == ("widens", 1.0, 1.0)
    assert row["flag"] == "gains on average, widens the gap"  # best shortens the wait on average by two days
