"""Every figure of an analysis at narrow widths under the longest names there are: no words cut, none over others."""

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas
import pytest
from matplotlib.text import Annotation, Text

from experiments.figures import responses, style
from experiments.figures.analysis import catalogue
from experiments.figures.responses import points_of
from experiments.plans.factors import Factor
from experiments.sensitivity import study
from experiments.sensitivity.designs import LAYOUTS
from experiments.sensitivity.layout import members_of
from model.registry import load_observables, load_registry
from tests.known_functions import OPTIONS, evaluate, sobol_g

FACTORS = 8
YEARS = 5
SIZES = {"sobol": 64, "morris": 12, "one-at-a-time": 6, "pawn": 128, "shapley": 64, "dgsm": 64, "fast": 65, "rbd-fast": 128}


def longest(entries, count):
    """Return the names of the entries whose label and unit take the most room."""
    return sorted(entries, key=lambda name: -len(entries[name].label) - len(entries[name].unit) / 2)[:count]


def analysis_of(method):
    """Return the Analysis of a known function under the longest names."""
    registry = load_registry()
    numbers = {name: entry for name, entry in registry.items() if entry.type == "number"}
    names = longest(numbers, FACTORS)
    factors = [Factor(name, "number", registry[name].low, registry[name].high) for name in names]
    chosen = {**OPTIONS, "method": method, "size": SIZES[method], "second_order": True, "centre": [0.5] * FACTORS}
    layout = LAYOUTS[method](names, members_of(names, names, {}), chosen)
    values = evaluate(layout, sobol_g, 0.2).ravel()
    outcome = longest(load_observables(), 1)[0]
    columns = {outcome: values} | {f"{outcome}@{12 * year}": values * year for year in range(1, YEARS + 1)}
    ids = np.arange(values.size).astype(str).astype(object)[:, None]
    table = pandas.DataFrame(columns, index=ids[:, 0])
    options = {"outcomes": [outcome], "over_time": [outcome], "every": "year"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "outcome_table", lambda result, *rest: table)
        return study.analyse_layout(SimpleNamespace(folder="RESULT"), layout, factors, ids, options, "refuse", [])


def unseen(axes):
    """Yield the texts of an axes that is hidden, or of its ticks beyond the ends of an axis."""
    if not axes.get_visible():
        yield from axes.findobj(Text)
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def boxes_of(figure):
    """Return (text, box) of everything written."""
    figure.draw_without_rendering()
    hidden = {id(text) for axes in figure.axes for text in unseen(axes)}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text, text.get_window_extent()) for text in texts if id(text) not in hidden]


def faults_of(name, figure):
    """Return what is cut or lies over something else."""
    boxes, faults = boxes_of(figure), []
    for text, box in boxes:
        if min(box.x0, box.y0) < -1 or box.x1 > figure.bbox.width + 1 or box.y1 > figure.bbox.height + 1:
            faults.append((name, "cut", text.get_text()))
    fixed = [(text, box) for text, box in boxes if not isinstance(text, Annotation)]  # marks of points may meet
    for (one, first), (other, second) in combinations(fixed, 2):
        if first.shrunk(0.9, 0.9).overlaps(second.shrunk(0.9, 0.9)):
            faults.append((name, "over", one.get_text(), other.get_text()))
    return faults


@pytest.mark.parametrize("method", SIZES)
def test_no_words_are_cut_or_lie_over_others(method, monkeypatch):
    narrowest = tuple(min(widths) for widths in zip(*style.JOURNALS.values(), strict=True))
    monkeypatch.setitem(style.JOURNALS, "narrowest", narrowest)
    faults = []
    for name, draw in catalogue(analysis_of(method)).items():
        with style.drawing("narrowest"):
            faults += faults_of(name, draw()[0])
    assert not faults


@pytest.mark.parametrize(("method", "drawn"), [("sobol", True), ("pawn", False)])
def test_a_share_of_chance_is_not_drawn_among_distances(method, drawn):
    analysis = analysis_of(method)
    figure, table, caption = catalogue(analysis)[f"drivers-{analysis.outcomes[0]}"]()
    lines = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert ("Chance (seed)" in lines) == drawn
    assert ("Chance (the seed) makes" in caption) != drawn
    assert ("Chance (seed): share of the variance" in set(table["label"])) != drawn


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_points_of_a_scatter_are_drawn_one_by_one(method):
    shares, values = points_of(analysis_of(method), 0)
    rows = SIZES[method] * (2 if method == "sobol" else 1)
    assert len(shares) == len(values) == rows
    assert method == "morris" or len(np.unique(shares[:, 0])) == rows  # the grid of Morris has four levels


@pytest.mark.parametrize(("unit", "factor", "shown"), [("share of cases", 100.0, "% of cases"), ("days", 1.0, "days")])
def test_outcomes_along_factors_are_levels_in_the_unit_of_the_terminal(unit, factor, shown, monkeypatch):
    monkeypatch.setattr(responses, "unit", lambda name: unit)
    for method, kind in (("one-at-a-time", "curves"), ("pawn", "scatter")):
        analysis = analysis_of(method)
        figure, table, _ = catalogue(analysis)[f"{kind}-{analysis.outcomes[0]}"]()
        assert figure.get_supylabel().endswith(f"({shown})")
        name = table["factor"].iloc[0]
        heights = [line.get_ydata() for line in figure.axes[0].lines]
        mean = factor * table[table["factor"] == name]["mean"].to_numpy()
        assert any(len(one) == len(mean) and np.allclose(one, mean) for one in heights)
        if kind == "curves":
            assert heights[-1][0] == pytest.approx(factor * analysis.outputs[:, 0, 0].mean())
    figure, table, _ = catalogue(analysis)[f"distributions-{analysis.outcomes[0]}"]()
    assert figure.axes[1].get_xlabel().endswith(f"({shown})")
    overall = figure.axes[0].lines[-1].get_xdata()
    np.testing.assert_allclose(overall, factor * table[table["slice"] == "overall"]["value"])
