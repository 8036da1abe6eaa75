"""No index from a design that is not whole: every fault is a refusal that names the run."""

from types import SimpleNamespace

import numpy as np
import pandas
import pytest

from experiments.plans.factors import Factor
from experiments.sensitivity import gates, study
from model.errors import InputError, LoketError, RunFailure
from tests.known_functions import evaluate, layout_of, linear

LAYOUT = layout_of("sobol", 5, size=64)
POINTS = LAYOUT.seeds.size
IDS = np.array([f"{point:016x}" for point in range(POINTS)], dtype=object)[:, None]
TABLE = pandas.DataFrame({"use_share": evaluate(LAYOUT, linear).ravel()}, index=IDS[:, 0])
FACTORS = [Factor(f"x{number + 1}", "number", 0.0, 1.0) for number in range(5)]
OPTIONS = {"outcomes": ["use_share"], "over_time": [], "every": "year"}


def analysed(table, monkeypatch, on_missing="refuse"):
    """Return the Analysis of a table of outcomes, through the code that analyses results."""
    monkeypatch.setattr(study, "outcome_table", lambda result, *rest: table)
    result = SimpleNamespace(folder="RESULT")
    return study.analyse_layout(result, LAYOUT, FACTORS, IDS, OPTIONS, on_missing, [])


def test_500_injections_of_nan_inf_and_failed_runs_are_refused_by_name(monkeypatch):
    draw = np.random.default_rng(1)
    for number in range(500):
        place, table = int(draw.integers(POINTS)), TABLE.copy()
        if number % 3 == 2:
            table = table.drop(index=IDS[place, 0])
        else:
            table.iloc[place, 0] = (np.nan, np.inf, -np.inf)[number % 5 % 3]
        with pytest.raises(RunFailure, match=f"run {IDS[place, 0]}") as caught:
            analysed(table, monkeypatch)
        assert "choices: run the same command again" in str(caught.value) and "region" in str(caught.value)


def test_1000_permutations_drops_duplicates_and_shifts_give_the_same_values_or_a_refusal():
    draw = np.random.default_rng(2)
    expected, _ = gates.values_of(TABLE, IDS, ["use_share"])
    for number in range(1000):
        kind = number % 4
        if kind == 0:
            table = TABLE.iloc[draw.permutation(POINTS)]
        elif kind == 1:
            table = TABLE.drop(index=TABLE.index[int(draw.integers(POINTS))])
        elif kind == 2:
            table = pandas.concat([TABLE, TABLE.iloc[[int(draw.integers(POINTS))]]])
        else:
            table = TABLE.iloc[np.roll(np.arange(POINTS), int(draw.integers(1, POINTS)))]
        try:
            values, faults = gates.values_of(table, IDS, ["use_share"])
        except InputError as error:
            assert kind == 2 and "twice" in str(error)
            continue
        assert kind != 2 and (len(faults) == 1 if kind == 1 else np.array_equal(values, expected))


def test_rows_in_another_order_give_the_same_indices(monkeypatch):
    one = analysed(TABLE, monkeypatch).estimates
    other = analysed(TABLE.iloc[::-1], monkeypatch).estimates
    assert all(np.array_equal(one[name].value, other[name].value) for name in one)


def test_the_region_of_failed_runs_is_found():
    shares = np.random.default_rng(3).random((400, 3))
    bad = shares[:, 1] > 0.93
    words = gates.region(shares, bad, ["a", "b", "c"])
    assert "b at or above 9" in words and "100% of them" in words
    assert "all over" in gates.region(shares, np.arange(400) % 7 == 0, ["a", "b", "c"])


def test_rows_are_dropped_whole_and_counted(monkeypatch):
    table = TABLE.copy()
    table.iloc[[3, 4, 90], 0] = np.nan
    analysis = analysed(table, monkeypatch, "drop")
    assert len(analysis.layout.part) == 62 and "2 of 64 rows" in analysis.notes[0] and "biased" in analysis.notes[0]
    assert abs(analysis.estimates["ST"].value[4, 0] - 25.0 / 55.0) < 0.2


def test_a_constant_outcome_is_refused(monkeypatch):
    with pytest.raises(InputError, match="never changes"):
        analysed(TABLE * 0.0, monkeypatch)


@pytest.mark.parametrize("fault", ["drop", "twice", "foreign"])
def test_a_design_that_does_not_match_is_refused(fault):
    design = pandas.DataFrame({"point": np.arange(POINTS), "replicate": LAYOUT.seeds.ravel(), "run_id": IDS[:, 0]})
    first = LAYOUT.seeds.ravel()
    assert (gates.run_ids(design, POINTS, 1, first) == IDS).all()
    changed = {
        "drop": design.drop(index=7),
        "twice": pandas.concat([design, design.iloc[[7]]]),
        "foreign": design.assign(replicate=design["replicate"] + (design["point"] == 7)),
    }[fault]
    with pytest.raises(LoketError):
        gates.run_ids(changed, POINTS, 1, first)


def test_a_month_that_varies_in_few_parts_has_no_index():
    layout = layout_of("morris", 5, size=16)
    late = evaluate(layout, linear)
    early = np.where(layout.part[:, None, None] < 7, late, 1.0)  # 7 of 16 parts
    course = study.over_time(layout, np.concatenate([early, late], axis=2), ["use_share@12", "use_share@24"])
    months, found = course["use_share"]
    assert months == [12, 24]
    assert np.isnan(found["mu_star"].value[:, 0]).all()
    assert np.isfinite(found["mu_star"].half_width[:, 1]).all()
