"""Figures of what lies behind the indices: scatter with running mean, curves, distributions."""

import textwrap

import numpy as np
import pandas
from matplotlib.lines import Line2D
from scipy.stats import t

from experiments.figures.indices import title, words_of
from experiments.figures.style import BLUE, DOUBLE, RED, new_figure
from experiments.run_outcomes import label, unit
from experiments.sensitivity import verdict
from experiments.sensitivity.given import SLICES, slices_of
from experiments.sensitivity.layout import GIVEN_DATA
from experiments.units import level_of
from model.registry import load_registry

PANELS = 6
PANEL = 26  # characters that fit above or below one of three panels
BINS = 12
FEWEST = 8  # points of a slice or of a part that is averaged: of fewer, distributions and means are mostly noise
# Neighbours of a base point repeat its values: they would make a mean look surer than it is.
INDEPENDENT = {"sobol": [0, 1], "shapley": [0, -1], "morris": [0], "morris-radial": [0], "dgsm": [0]}


def points_of(analysis, outcome):
    """Return (shares of shape (points, factors), outcome) of points that lie all over the space, each drawn on its own."""
    layout, outputs = analysis.layout, analysis.outputs[..., outcome]
    if layout.method in GIVEN_DATA:  # columns are seeds of a point
        return layout.shares[:, 0], outputs.mean(axis=1)
    columns = INDEPENDENT.get(layout.method, slice(None))
    return layout.shares[:, columns].reshape(-1, layout.shares.shape[2]), outputs[:, columns].ravel()


def top_factors(analysis, outcome, most):
    """Return the places of the factors of the strongest units, group by group."""
    members = {factor.name: place for place, factor in enumerate(analysis.factors)}
    order = [analysis.layout.names[place] for place in verdict.order_of(analysis, outcome)]
    singles = [members[name] for name in order if name in members]
    return (singles or list(range(len(analysis.factors))))[:most]


def axis_values(factor, shares):
    """Return the values of a factor at shares of its distribution."""
    return np.array([float(factor.at(share)) for share in shares])


def factor_of(analysis, outcome):
    """Return by what the values of an outcome are multiplied where they are drawn; tables keep its own unit."""
    return level_of(unit(analysis.outcomes[outcome]))[0]


def outcome_words(analysis, outcome):
    """Return the axis label of an outcome, with the unit in which its levels are drawn."""
    name = analysis.outcomes[outcome]
    return f"{label(name)} ({level_of(unit(name))[1]})"


def draw_mean(axes, table, factor, **look):
    """Draw a mean along an axis with its interval, times a factor."""
    axes.fill_between(table["at"], factor * table["low"], factor * table["high"], color=BLUE, alpha=0.35, linewidth=0)
    axes.plot(table["at"], factor * table["mean"], color=BLUE, linewidth=1.5, **look)


def panels_of(analysis, outcome, places):
    """Return (figure, axes) with a panel for each factor in `places`, the outcome along the ordinate of all."""
    columns = min(3, len(places))
    rows = -(-len(places) // columns)
    figure, panels = new_figure(DOUBLE, 15 + 52 * rows, rows, columns, sharey=True, squeeze=False)
    for axes, place in zip(panels.flat, places, strict=False):
        axes.set_xlabel(factor_words(analysis.factors[place]))
        if analysis.factors[place].type == "boolean":
            axes.set(xticks=[0, 1], xlim=(-0.2, 1.2))
        else:
            axes.locator_params(axis="x", nbins=4)
    for axes in panels.flat[len(places) :]:
        axes.set_visible(False)
    figure.supylabel(outcome_words(analysis, outcome), fontsize=8)
    return figure, panels.flat[: len(places)]


def scatter(analysis, outcome):
    """Draw the outcome against the strongest factors, with a running mean and its interval."""
    shares, values = points_of(analysis, outcome)
    places = top_factors(analysis, outcome, PANELS)
    figure, panels = panels_of(analysis, outcome, places)
    tables, size = [], 4.0 if len(values) < 500 else 2.0
    times = factor_of(analysis, outcome)
    for axes, place in zip(panels, places, strict=True):
        factor = analysis.factors[place]
        at = axis_values(factor, shares[:, place])
        axes.plot(at, times * values, ".", color="0.55", markersize=size, markeredgewidth=0, rasterized=True)
        table = running_mean(at, values).assign(factor=factor.name)
        draw_mean(axes, table, times)
        tables.append(table)
    caption = (
        f"{label(analysis.outcomes[outcome])} against its strongest drivers; grey: points of the design; line: mean of "
        "equal parts of the points, with its 95 % t interval."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def curves(analysis, outcome):
    """Draw the outcome along the range of the strongest factors, all others as in the scenario, with its interval."""
    outputs, count = analysis.outputs[..., outcome], len(analysis.layout.names)
    paths = outputs[:, 1:].reshape(len(outputs), count, -1)
    shares = analysis.layout.shares[0, 1:].reshape(count, -1, count)
    places, tables = verdict.order_of(analysis, outcome)[:PANELS].tolist(), []
    figure, panels = panels_of(analysis, outcome, places)
    times = factor_of(analysis, outcome)
    for axes, place in zip(panels, places, strict=True):
        factor = analysis.factors[place]
        at = axis_values(factor, shares[place, :, place])
        table = along(at, paths[:, place]).assign(factor=factor.name)
        axes.plot(np.broadcast_to(at, paths[:, place].shape).T, times * paths[:, place].T, color="0.4", linewidth=0.4)
        draw_mean(axes, table, times, marker="o", markersize=3)
        axes.axhline(times * outputs[:, 0].mean(), color="0.3", linewidth=0.7, linestyle=":")
        tables.append(table)
    caption = (
        f"{label(analysis.outcomes[outcome])} along the range of one factor, all others as in the scenario; grey: seeds; "
        "line: their mean with its 95 % t interval; dotted: the scenario as it is."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def along(at, paths):
    """Return at, mean, low, high, n of values of shape (seeds, steps)."""
    mean, half = paths.mean(axis=0), t_half_width(paths)
    return pandas.DataFrame({"at": at, "mean": mean, "low": mean - half, "high": mean + half, "n": len(paths)})


def t_half_width(values):
    """Return half the width of the 95 % t interval of the mean along the first axis, which has two values or more."""
    return t.ppf(0.975, len(values) - 1) * values.std(axis=0, ddof=1) / np.sqrt(len(values))


def parts_of(count, most):
    """Return into how many equal parts some points are cut."""
    return int(np.clip(count // FEWEST, 2, most))


def factor_words(factor):
    """Return the axis label of a factor."""
    registry = load_registry()
    unit_words = registry[factor.name].unit if factor.name in registry else "off 0, on 1"
    return f"{words_of(factor.name, PANEL)}\n{textwrap.fill(f'({unit_words})', PANEL)}"


def running_mean(at, values):
    """Return at, mean, low, high of equal parts of the points along an axis."""
    order = np.argsort(at, kind="stable")
    few = len(np.unique(at)) <= BINS
    equal = np.array_split(order, parts_of(len(at), BINS))
    parts = [np.flatnonzero(at == value) for value in np.unique(at)] if few else equal
    rows = []
    for part in parts:
        half = t_half_width(values[part]) if len(part) > 1 else np.nan
        mean = values[part].mean()
        rows.append((at[part].mean(), mean, mean - half, mean + half, len(part)))
    return pandas.DataFrame(rows, columns=["at", "mean", "low", "high", "n"])


def distributions(analysis, outcome):
    """Draw the distribution of the outcome in slices of the strongest factors (PAWN) beside the overall one."""
    shares, values = points_of(analysis, outcome)
    places = top_factors(analysis, outcome, 3)
    figure, panels = new_figure(DOUBLE, 70, 1, len(places), sharey=True, squeeze=False)
    overall, times = np.sort(values), factor_of(analysis, outcome)
    levels = np.arange(1, len(overall) + 1) / len(overall)
    band = np.sqrt(np.log(2.0 / 0.05) / (2.0 * len(overall)))  # Dvoretzky-Kiefer-Wolfowitz
    tables = [pandas.DataFrame({"factor": "", "slice": "overall", "value": overall, "share": levels})]
    for axes, place in zip(panels.flat, places, strict=True):
        slices = slices_of(shares[:, place], parts_of(len(values), SLICES))
        for number in np.unique(slices):
            inside = np.sort(values[slices == number])
            height = np.arange(1, len(inside) + 1) / len(inside)
            tone = 0.85 - 0.75 * number / max(slices.max(), 1)
            along_x, steps = times * np.array([overall[0], *inside, overall[-1]]), [0.0, *height, 1.0]
            axes.step(along_x, steps, where="post", color=str(tone), linewidth=0.8)
            name = analysis.factors[place].name
            tables.append(pandas.DataFrame({"factor": name, "slice": str(number + 1), "value": inside, "share": height}))
        axes.fill_between(times * overall, levels - band, levels + band, color=RED, alpha=0.3, linewidth=0, step="post")
        axes.step(times * overall, levels, where="post", color=RED, linewidth=1.6, linestyle="--")
        axes.set(title=words_of(analysis.factors[place].name, PANEL), ylim=(0, 1))
        axes.locator_params(axis="x", nbins=4)
    panels[0, 0].set_ylabel("Share of points below")
    panels[0, len(places) // 2].set_xlabel(outcome_words(analysis, outcome))
    ends = [Line2D([], [], color=tone, linestyle=dashes) for tone, dashes in (("0.85", "-"), ("0.1", "-"), (RED, "--"))]
    figure.legend(ends, ["lowest slice", "highest slice", "overall"], loc="outside lower center", ncols=3)
    caption = (
        f"Distribution of {title(analysis, outcome)} in equal slices of a factor "
        "(light: low, dark: high) and overall, the latter with its 95 % band (Dvoretzky-Kiefer-Wolfowitz)."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption
