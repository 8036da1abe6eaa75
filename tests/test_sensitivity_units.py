"""Effects are shown as changes: of a share in percentage points, of an index in points of 100; tables for programs not."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.figures.analysis import catalogue
from experiments.figures.style import drawing
from experiments.sensitivity import report, tables, verdict
from tests.test_sensitivity_figures import analysis_of

SHOWN = {
    "use_share": (100.0, "percentage points", "% of cases"),
    "trust_agency": (100.0, "points of 100", "points of 100"),
    "wait_days": (1.0, "days", "days"),
}
EFFECTS = ("mu_star", "sigma", "mu", "swing", "ends", "slope")


def of(method, name):
    """Return the Analysis of a known function under the name of an outcome."""
    analysis = analysis_of(method)
    (course,) = analysis.course.values()
    return replace(analysis, outcomes=[name], course={name: course})


def drawn(analysis, kind):
    """Return (figure, table) of a kind of figure."""
    with drawing():
        figure, table, _ = catalogue(analysis)[f"{kind}-{analysis.outcomes[0]}"]()
        figure.draw_without_rendering()
    return figure, table


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(("method", "kind"), [("morris", "drivers"), ("one-at-a-time", "drivers"), ("morris", "convergence"),
                                              ("morris", "effects"), ("one-at-a-time", "tornado")])  # fmt: skip
def test_figures_of_effects_have_the_unit_of_a_change(name, method, kind):
    factor, unit, _ = SHOWN[name]
    analysis = of(method, name)
    figure, _ = drawn(analysis, kind)
    (axes,) = figure.axes
    label = axes.get_ylabel() if kind == "convergence" else axes.get_xlabel()
    assert label.endswith(f"({unit})")
    strongest = factor * analysis.estimates[analysis.main].value[: len(analysis.factors), 0].max()
    if kind == "drivers":
        assert axes.patches[0].get_width() == pytest.approx(strongest)
    if kind == "convergence":
        assert axes.lines[0].get_ydata()[-1] == pytest.approx(strongest) and axes.get_ylim()[1] > strongest
    if kind == "effects":
        assert axes.get_ylabel().endswith(f"({unit})")
        assert axes.lines[-len(analysis.factors) - 1].get_xdata()[0] == pytest.approx(strongest)


def test_bars_of_a_tornado_are_the_changes_of_its_table_in_percentage_points():
    figure, table = drawn(of("one-at-a-time", "use_share"), "tornado")
    bars = [bar.get_width() for bar in figure.axes[0].patches]
    low, high = (table[table["end"] == end]["change"] for end in ("low", "high"))
    np.testing.assert_allclose(bars, 100.0 * np.concatenate([low, high]))


@pytest.mark.parametrize("name", SHOWN)
def test_a_heat_map_of_effects_has_the_unit_of_a_change(name):
    factor, unit, _ = SHOWN[name]
    figure, table = drawn(of("morris", name), "heat")
    cells, bar = figure.axes
    assert bar.get_ylabel().endswith(f"({unit})")
    assert cells.images[0].get_array().max() == pytest.approx(factor * table["value"].max())


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("method", ["morris", "one-at-a-time", "dgsm", "sobol"])
def test_sentences_page_and_latex_agree_and_the_csv_keeps_the_unit_of_the_registry(name, method):
    factor, unit, level = SHOWN[name]
    analysis = of(method, name)
    section, latex = report.section(analysis, 0), tables.latex_table(analysis, 0)
    shown = [index for index in analysis.estimates if index != "S2"]
    effects = [index for index in shown if index in EFFECTS]
    assert section["title"].endswith(f"({level})")
    assert [head.endswith(f", {unit}") for head in section["heads"]] == [index in effects for index in shown]
    assert (f"In {unit}: " in latex) == bool(effects)
    assert (f", in {unit};" in section["answers"][0].words) == (analysis.main in effects)
    strongest = int(verdict.order_of(analysis, 0)[0])
    for index, cell in zip(shown, section["rows"][0]["cells"], strict=True):
        value = analysis.estimates[index].value[strongest, 0] * (factor if index in effects else 1.0)
        assert cell["value"] == verdict.number(value, verdict.places_of(analysis, index, 0))
        assert f"{tables.minus(cell['value'])} & {tables.minus(cell['interval'])}" in latex
        if index == analysis.main:
            assert section["answers"][0].items[0].endswith(f": {cell['value']} ({cell['interval']})")
    table = tables.index_table(analysis)
    np.testing.assert_array_equal(
        table[table["index"] == analysis.main]["value"], analysis.estimates[analysis.main].value[:, 0]
    )
    assert ("share of cases" in set(table["outcome_unit"])) == (name == "use_share")
