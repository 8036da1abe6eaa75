"""Figures of a sweep: what each factor does, which depend on each other, all at once."""

import textwrap

import numpy as np
import pandas
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable

from experiments.figures import data
from experiments.figures.maps import colour_bar, differ, scale_of
from experiments.figures.style import LINES, MARKERS, new_figure
from experiments.figures.sweep_data import (
    binned,
    centred,
    factors_of,
    headline_of,
    is_switch,
    name_of_factor,
    point_means,
    policy_rows,
    pooled,
    ranged,
    subject_of,
    ticks_of,
    words_of_ranges,
)
from experiments.units import level_in

PANEL = 45  # millimetres
HIGH, APART = 24, 15  # letters of a label along the height of a panel, and below one of several parallel axes
MOST_FACTORS, MOST_ROWS = 4, 3
MOST_LINES = 400
LEVELS, ALONG = 3, 5  # ranges of the interaction panel: a line for each of the first, a mark on it for each of the second
DODGE = 0.012  # of the width of a panel, between the bars of two levels
PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # keeps the axis from striking a number through
BAND_WORDS = "Band: 5 to 95 % of runs; bars: 95 % interval of the mean over replicates, the points taken as given"


def response(result):
    """Response curves: each headline observable against each factor."""
    names, observables = factors_of(result)[:MOST_FACTORS], headline_of(result)[:MOST_ROWS]
    policies = list(policy_rows(result))[: len(LINES)]
    size = max(90, 20 + PANEL * len(names)), 14 + PANEL * len(observables)
    figure, panels = new_figure(*size, len(observables), len(names), squeeze=False, sharey="row")
    tables = []
    for row, observable in enumerate(observables):
        for column, name in enumerate(names):
            axes = panels[row, column]
            for place, policy in enumerate(policies):
                rows = centred(result, policy_rows(result)[policy], name)
                table = binned(result, rows, name, observable)
                draw_response(axes, data.levels(table, observable), place, policy)
                tables.append(table.assign(policy=policy, factor=name, observable=observable))
            ticks_of(axes.xaxis, result, name)
            if row == len(observables) - 1:
                axes.set_xlabel(textwrap.fill(name_of_factor(name), 26))
        panels[row, 0].set_ylabel(data.label_in_lines(observable, HIGH))
    if len(policies) > 1:
        figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    caption = (
        f"Mean over the last twelve months against each factor, {subject_of(result)}; other factors "
        f"{'as the scenario has them' if result.method == 'one-at-a-time' else 'vary as designed'}. {BAND_WORDS}."
        f"{words_of_ranges(ranged(result, next(iter(policy_rows(result).values())), names))}"
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def draw_response(axes, table, place, words):
    """Draw one curve with band and intervals."""
    colour, dashes = LINES[place]
    axes.fill_between(table["value"], table["low"], table["high"], color=colour, alpha=0.13, linewidth=0)
    bars = {"capsize": 1.5, "elinewidth": 0.7, "markersize": 2.5, "marker": MARKERS[place + 1]}
    axes.errorbar(table["value"], table["mean"], table["half_width"], color=colour, linestyle=dashes, label=words, **bars)


def interaction(result):
    """Interaction panel: the first headline observable against each factor at low, middle and high values of the others."""
    names, observable = factors_of(result)[:MOST_FACTORS], headline_of(result)[0]
    rows = next(iter(policy_rows(result).values()))
    size = 25 + PANEL * len(names), 18 + PANEL * len(names)
    figure, panels = new_figure(*size, len(names), len(names), squeeze=False, sharey=True, sharex="col")
    tables = []
    for row, other in enumerate(names):
        groups, _ = pooled(result, rows[other], LEVELS)
        for column, name in enumerate(names):
            axes = panels[row, column]
            if row == column:
                diagonal(axes, data.levels(binned(result, rows, name, observable), observable))
                continue
            for place, level in enumerate(chosen_levels(groups)):
                table = binned(result, rows[groups == level], name, observable, most=ALONG)
                words = words_of_level(result, other, rows[other][groups == level])
                draw_level(axes, data.levels(table, observable), place, words)
                tables.append(table.assign(factor=name, other=other, other_value=level))
        panels[row, 0].set_ylabel(data.label_in_lines(observable, HIGH))
        name_levels(panels[row], row, other)
    for column, name in enumerate(names):
        ticks_of(panels[-1, column].xaxis, result, name)
        panels[-1, column].set_xlabel(textwrap.fill(name_of_factor(name), 26))
    caption = (
        f"{data.short_label(observable)} against one factor at low, middle and high values of another, "
        f"{subject_of(result)}. Parallel lines: the two do not depend on each other. Bars: 95 % interval of the mean over "
        f"replicates, drawn side by side; diagonal: one factor alone.{words_of_ranges(ranged(result, rows, names, LEVELS))}"
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def chosen_levels(groups):
    """Return at most three values: the lowest, the middle and the highest."""
    levels = sorted(groups.dropna().unique())
    return levels if len(levels) <= 3 else [levels[0], levels[len(levels) // 2], levels[-1]]


def words_of_level(result, name, values):
    """Return the words of the values of a factor that one line stands for: one level, or the ends of a range."""
    if is_switch(result, name):
        return "on" if values.iloc[0] else "off"
    return " to ".join(apart(values.min(), values.max()))


def name_levels(panels, row, name):
    """Write the levels of a row's factor beside its last panel; the panel on the diagonal has none."""
    handles, words = panels[1 if row == 0 else 0].get_legend_handles_labels() if len(panels) > 1 else ([], [])
    title = textwrap.fill(name_of_factor(name).split(" (")[0], 14)
    beside = {"loc": "center left", "bbox_to_anchor": (1.02, 0.5)}
    panels[-1].legend(handles, words, title=title, title_fontsize=6, fontsize=6, **beside)


def draw_level(axes, table, place, words):
    """Draw one line of the interaction panel, its bars beside those of the other levels."""
    colour, dashes = LINES[place]
    look = {"capsize": 1.5, "elinewidth": 0.7, "marker": MARKERS[place + 1], "markersize": 2.5}
    beside = (place - 1) * DODGE * (table["value"].max() - table["value"].min())
    axes.errorbar(table["value"] + beside, table["mean"], table["half_width"], color=colour, linestyle=dashes, label=words,
                  **look)  # fmt: skip


def diagonal(axes, table):
    """Draw the response to one factor alone."""
    axes.fill_between(table["value"], table["low"], table["high"], color="0.85", linewidth=0)
    axes.errorbar(table["value"], table["mean"], table["half_width"], color="0.3", capsize=1.5, elinewidth=0.7)


def parallel_coordinates(result):
    """Parallel coordinates: every point as a line through its factors and its outcomes."""
    observables = headline_of(result)[:MOST_ROWS]
    names = factors_of(result)[:8]
    means = point_means(result, observables)
    shown = means.sort_values(observables[0], kind="stable").reset_index(drop=True)
    if len(shown) > MOST_LINES:
        shown = shown.iloc[np.linspace(0, len(shown) - 1, MOST_LINES).astype(int)]
    axes_names = [*names, *observables]
    figure, axes = new_figure(max(120, 28 * len(axes_names)), 85)
    values = shown[axes_names].astype(float)
    low, high = means[axes_names].astype(float).min(), means[axes_names].astype(float).max()
    span = (high - low).where([differ(*ends) for ends in zip(low, high, strict=True)])
    heights = ((values - low) / span).fillna(0.5).to_numpy()  # what does not vary is drawn in the middle
    colours = colormaps["cividis"](heights[:, len(names)])
    for line, colour in zip(heights, colours, strict=True):
        axes.plot(range(len(axes_names)), line, color=colour, linewidth=0.6, alpha=0.7)
    for place, name in enumerate(axes_names):
        axes.axvline(place, color="0.3", linewidth=0.6)
        ends = ends_of(result, name, low[name], high[name])
        marks = ((0.0, "top"), (1.0, "bottom")) if len(ends) == 2 else ((0.5, "bottom"),)
        for text, (height, side) in zip(ends, marks, strict=True):
            axes.annotate(text, (place, height), (0, -3 if side == "top" else 3), textcoords="offset points",
                          ha="center", va=side, fontsize=6, bbox=PATCH)  # fmt: skip
    draw_median_interval(axes, len(names) - 0.25, means[f"{observables[0]} half-width"].median() / span[observables[0]])
    labels = [data.filled(name_of_factor(name).split(" (")[0], APART) for name in names]
    labels += [data.label_in_lines(name, APART) for name in observables]
    axes.set_xticks(range(len(axes_names)), labels)
    axes.set(yticks=[], ylim=(-0.1, 1.1))
    axes.spines["left"].set_visible(False)
    factor = level_in(observables[0])[0]
    ends = factor * float(low[observables[0]]), factor * float(high[observables[0]])
    bar = colour_bar(figure, axes, ScalarMappable(scale_of(*ends), "cividis"), *ends)
    bar.set_label(data.label(observables[0]))
    caption = (
        f"Every point of the design as a line through its factors (left) and the means of its outcomes (right), "
        f"{subject_of(result)}; colour: {data.short_label(observables[0]).lower()}."
    )
    return figure, means, caption


def ends_of(result, name, low, high):
    """Return the ends of an axis as text: of a factor as it is, of an observable in the unit in which it is shown."""
    if name not in result.points:
        return apart(level_in(name)[0] * low, level_in(name)[0] * high)
    return ("off", "on") if is_switch(result, name) else apart(low, high)


def apart(low, high):
    """Return the ends of an axis as text, with the digits that tell them apart, or the one value that all points share."""
    if not differ(low, high):
        return (f"{high:.3g}",)
    texts = ((f"{low:.{digits}g}", f"{high:.{digits}g}") for digits in range(3, 17))
    return next(pair for pair in texts if pair[0] != pair[1])


def draw_median_interval(axes, place, half):
    """Draw a bar of twice a half-width (share of the axis) beside the first outcome, if it fits on the axis."""
    if half <= 0.5:
        axes.errorbar([place], [0.5], [[half], [half]], color="0.1", capsize=2)
        # Beside the bar: above a long one it would run into the number at the end of the axis.
        beside = {"xytext": (-4, 0), "textcoords": "offset points", "ha": "right", "va": "center", "fontsize": 6}
        axes.annotate("95 %", (place, 0.5), **beside, bbox=PATCH)
