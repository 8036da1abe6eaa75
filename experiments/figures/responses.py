"""Figures of what lies behind the indices: scatter with running mean, distributions, indices over time."""

import textwrap

import numpy as np
import pandas
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.figures.indices import INTERVALS, WORDS, title, words_of
from experiments.figures.style import BLUE, DOUBLE, RED, SINGLE, new_figure
from experiments.sensitivity import verdict
from experiments.sensitivity.given import slices_of
from experiments.sensitivity.outcomes import label, unit
from model.registry import load_observables, load_registry

PANELS = 6
PANEL = 26  # characters that fit above or below one of three panels
BINS = 12
LAYERS = 6
SHADES = ("#08306B", "#08519C", "#2171B5", "#4292C6", "#6BAED6", "#9ECAE1", "#F0F0F0")  # dark to light, as the legend
NUMBERED = 0.03  # thickness from which a layer carries its number


def points_of(analysis, outcome):
    """Return (shares of shape (points, factors), outcome) of points that lie all over the space."""
    columns = slice(0, 2) if analysis.layout.method == "sobol" else slice(None)
    shares = analysis.layout.shares[:, columns].reshape(-1, analysis.layout.shares.shape[2])
    outputs = analysis.outputs[..., outcome]
    if shares.shape[0] != outputs[:, columns].size:  # given data: a column of points, several seeds each
        return analysis.layout.shares[:, 0], outputs.mean(axis=1)
    return shares, outputs[:, columns].ravel()


def top_factors(analysis, outcome, most):
    """Return the places of the factors of the strongest units, group by group."""
    members = {factor.name: place for place, factor in enumerate(analysis.factors)}
    order = [analysis.layout.names[place] for place in verdict.order_of(analysis, outcome)]
    singles = [members[name] for name in order if name in members]
    return (singles or list(range(len(analysis.factors))))[:most]


def axis_values(factor, shares):
    """Return the values of a factor at shares of its range."""
    if factor.type == "boolean" or factor.values:
        return np.array([float(factor.at(share)) for share in shares])
    return factor.low + shares * (factor.high - factor.low)


def scatter(analysis, outcome):
    """Draw the outcome against the strongest factors, with a running mean and its interval."""
    shares, values = points_of(analysis, outcome)
    places = top_factors(analysis, outcome, PANELS)
    columns = min(3, len(places))
    rows = -(-len(places) // columns)
    figure, panels = new_figure(DOUBLE, 15 + 52 * rows, rows, columns, sharey=True, squeeze=False)
    tables, size = [], 4.0 if len(values) < 500 else 2.0
    for axes, place in zip(panels.flat, places, strict=False):
        factor = analysis.factors[place]
        at = axis_values(factor, shares[:, place])
        axes.plot(at, values, ".", color="0.55", markersize=size, markeredgewidth=0, rasterized=True)
        table = running_mean(at, values).assign(factor=factor.name)
        axes.fill_between(table["at"], table["low"], table["high"], color=BLUE, alpha=0.35, linewidth=0)
        axes.plot(table["at"], table["mean"], color=BLUE, linewidth=1.5)
        axes.set_xlabel(factor_words(factor))
        axes.locator_params(axis="x", nbins=4)
        tables.append(table)
    for axes in panels.flat[len(places) :]:
        axes.set_visible(False)
    figure.supylabel(f"{label(analysis.outcomes[outcome])} ({unit(analysis.outcomes[outcome])})", fontsize=8)
    caption = (
        f"{label(analysis.outcomes[outcome])} against its strongest drivers; grey: points of the design; line: mean of "
        "equal parts of the points, with its 95 % interval."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def factor_words(factor):
    """Return the axis label of a factor."""
    registry = load_registry()
    unit_words = registry[factor.name].unit if factor.name in registry else "off 0, on 1"
    return f"{words_of(factor.name, PANEL)}\n{textwrap.fill(f'({unit_words})', PANEL)}"


def running_mean(at, values):
    """Return at, mean, low, high of equal parts of the points along an axis."""
    order = np.argsort(at, kind="stable")
    few = len(np.unique(at)) <= BINS
    parts = [np.flatnonzero(at == value) for value in np.unique(at)] if few else np.array_split(order, BINS)
    rows = []
    for part in parts:
        half = 1.96 * values[part].std(ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan
        mean = values[part].mean()
        rows.append((at[part].mean(), mean, mean - half, mean + half, len(part)))
    return pandas.DataFrame(rows, columns=["at", "mean", "low", "high", "n"])


def distributions(analysis, outcome):
    """Draw the distribution of the outcome in slices of the strongest factors (PAWN) beside the overall one."""
    shares, values = points_of(analysis, outcome)
    places = top_factors(analysis, outcome, 3)
    figure, panels = new_figure(DOUBLE, 70, 1, len(places), sharey=True, squeeze=False)
    overall = np.sort(values)
    levels = np.arange(1, len(overall) + 1) / len(overall)
    band = np.sqrt(np.log(2.0 / 0.05) / (2.0 * len(overall)))  # Dvoretzky-Kiefer-Wolfowitz
    tables = [pandas.DataFrame({"factor": "", "slice": "overall", "value": overall, "share": levels})]
    for axes, place in zip(panels.flat, places, strict=True):
        slices = slices_of(shares[:, place])
        for number in np.unique(slices):
            inside = np.sort(values[slices == number])
            height = np.arange(1, len(inside) + 1) / len(inside)
            tone = 0.85 - 0.75 * number / max(slices.max(), 1)
            axes.step(inside, height, where="post", color=str(tone), linewidth=0.8)
            name = analysis.factors[place].name
            tables.append(pandas.DataFrame({"factor": name, "slice": str(number + 1), "value": inside, "share": height}))
        axes.fill_between(overall, levels - band, levels + band, color=RED, alpha=0.3, linewidth=0, step="post")
        axes.step(overall, levels, where="post", color=RED, linewidth=1.6, linestyle="--")
        axes.set(title=words_of(analysis.factors[place].name, PANEL), ylim=(0, 1))
        axes.locator_params(axis="x", nbins=4)
    panels[0, 0].set_ylabel("Share of points below")
    panels[0, len(places) // 2].set_xlabel(f"{label(analysis.outcomes[outcome])} ({unit(analysis.outcomes[outcome])})")
    ends = [Line2D([], [], color=tone, linestyle=dashes) for tone, dashes in (("0.85", "-"), ("0.1", "-"), (RED, "--"))]
    figure.legend(ends, ["lowest slice", "highest slice", "overall"], loc="outside lower center", ncols=3)
    caption = (
        f"Distribution of {title(analysis, outcome)} ({unit(analysis.outcomes[outcome])}) in equal slices of a factor "
        "(light: low, dark: high) and overall, the latter with its 95 % band (Dvoretzky-Kiefer-Wolfowitz)."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def over_time(analysis, observable):
    """Draw how the first orders of the strongest factors share the variance over time, stacked, with intervals."""
    months, estimates = analysis.course[observable]
    index = "S1" if "S1" in estimates else next(iter(estimates))
    found, count = estimates[index], len(analysis.layout.names)
    years = np.array(months) / 12.0
    value = np.nan_to_num(found.value)
    order = np.argsort(-value[:count].mean(axis=1), kind="stable")[:LAYERS].tolist()
    layers = [np.maximum(value[place], 0.0) for place in order]
    layers.append(np.maximum(value[:count], 0.0).sum(axis=0) - np.sum(layers, axis=0))
    figure, axes = new_figure(SINGLE, 85)
    names = [f"{rank}  {words_of(analysis.layout.names[place], 26)}" for rank, place in enumerate(order, 1)]
    names.append("Other factors")
    axes.stackplot(years, layers, labels=names, colors=SHADES, linewidth=0.3, edgecolor="black")
    edges = np.cumsum(layers[:-1], axis=0)
    for number, place in enumerate(order):
        shift = (number - len(order) / 2.0) * 0.06
        axes.errorbar(years + shift, edges[number], yerr=found.half_width[place], fmt="none", ecolor="black", elinewidth=0.6)
    number_layers(axes, years, layers[:-1])
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set(xlabel="Year of the run", ylabel=f"{WORDS.get(index, index)}, stacked", ylim=(0, 1.05))
    axes.margins(x=0.03)
    figure.legend(loc="outside lower left", fontsize=6, ncols=1 if count < 4 else 2)
    caption = (
        f"What drives {load_observables()[observable].label.lower()} from year to year; {INTERVALS} of the layer below each "
        "edge. What is left to one is chance and joint effects; estimates below zero count as zero."
    )
    return figure, time_rows(analysis, observable, index), caption


def number_layers(axes, years, layers):
    """Write its number on every layer that is thick enough, where it is thickest."""
    top = np.cumsum(layers, axis=0)
    for number, layer in enumerate(layers):
        place = int(np.argmax(layer))
        if layer[place] > NUMBERED:
            tone, side = ("white" if number < 4 else "black"), (-6 if place == len(years) - 1 else 6)
            axes.annotate(str(number + 1), (years[place], top[number][place] - layer[place] / 2.0), (side, 0), color=tone,
                          textcoords="offset points", ha="center", va="center", fontsize=6)  # fmt: skip


def heat(analysis, observable):
    """Draw the ranking index of every strong factor, year by year, as a heat map; weak cells carry a dot."""
    months, estimates = analysis.course[observable]
    found, count = estimates[next(iter(estimates))], len(analysis.layout.names)
    order = [*np.argsort(-np.nan_to_num(found.value[:count]).mean(axis=1), kind="stable")[:12].tolist(), count]
    figure, axes = new_figure(DOUBLE if len(months) > 12 else SINGLE, 30 + 6 * len(order))
    index = next(iter(estimates))
    most = min(np.nanmax(found.value[order]), 1.0) if index in verdict.ABSOLUTE else np.nanmax(found.value[order])
    of_unit = f"\n({load_observables()[observable].unit})" if index in verdict.HAVE_UNIT else ""
    picture = axes.imshow(found.value[order], aspect="auto", cmap="Greys", vmin=0.0, vmax=most)
    floor = np.maximum(np.nan_to_num(found.value[-1]), 0.0)
    weak = ~(found.value - found.half_width > floor)[order]
    for row, column in np.argwhere(weak):
        axes.plot(column, row, ".", color="white" if found.value[order[row], column] > 0.5 * most else "0.3", markersize=2.5)
    step = max(1, len(months) // 6)
    axes.set_xticks(range(0, len(months), step), [f"{month / 12:.0f}" for month in months[::step]])
    axes.set_yticks(range(len(order)), [words_of(analysis.layout.units[place], 26) for place in order])
    axes.set_xlabel("Year of the run")
    figure.colorbar(picture, ax=axes, label=WORDS.get(index, index) + of_unit, shrink=0.8)
    caption = (
        f"What drives {load_observables()[observable].label.lower()} over time, and chance (last line); a dot: the 95 % "
        "interval reaches down to the dummy, so the cell cannot be told from no effect."
    )
    return figure, time_rows(analysis, observable, index), caption


def time_rows(analysis, observable, index):
    """Return the rows of the table over time of one observable and index."""
    from experiments.sensitivity.tables import time_table

    table = time_table(analysis)
    return table[(table["observable"] == observable) & (table["index"] == index)]
