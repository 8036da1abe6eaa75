"""Figures of indices over time: stacked shares of the variance, and a heat map."""

import textwrap

import numpy as np
from matplotlib.ticker import MaxNLocator

from experiments.figures.indices import INTERVALS, WORDS, below_rule, spoken_words, words_of
from experiments.figures.style import DOUBLE, SINGLE, new_figure
from experiments.sensitivity import verdict
from experiments.sensitivity.tables import time_table
from model.registry import load_observables

LAYERS = 6
SHADES = ("#08306B", "#08519C", "#2171B5", "#4292C6", "#6BAED6", "#9ECAE1", "#F0F0F0")  # dark to light, as the legend
NUMBERED = 0.03  # thickness from which a layer carries its number


def over_time(analysis, observable):
    """Draw how the first orders of the strongest factors share the variance over time, stacked, with intervals."""
    months, estimates = analysis.course[observable]
    index = "S1" if "S1" in estimates else next(iter(estimates))
    found, count = estimates[index], len(analysis.layout.names)
    years = np.array(months) / 12.0
    value = np.where(np.isfinite(found.half_width), np.nan_to_num(found.value), 0.0)  # nothing without an interval
    order = np.argsort(-value[:count].mean(axis=1), kind="stable")[:LAYERS].tolist()
    layers = [np.maximum(value[place], 0.0) for place in order]
    layers.append(np.maximum(value[:count], 0.0).sum(axis=0) - np.sum(layers, axis=0))
    figure, axes = new_figure(SINGLE, 85)
    names = [f"{rank}  {words_of(analysis.layout.names[place], 20)}" for rank, place in enumerate(order, 1)]
    names.append("Other factors")
    axes.stackplot(years, layers, labels=names, colors=SHADES, linewidth=0.3, edgecolor="black")
    edges = np.cumsum(layers[:-1], axis=0)
    shown = yearly(months)
    for number, place in enumerate(order):
        at, half = years[shown] + (number - len(order) / 2.0) * 0.06, found.half_width[place][shown]
        axes.errorbar(at, edges[number][shown], yerr=half, fmt="none", ecolor="black", elinewidth=0.6)
    number_layers(axes, years, layers[:-1])
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set(xlabel="Year of the run", ylabel=textwrap.fill(f"{WORDS.get(index, index)}, stacked", 32), ylim=(0, 1.05))
    axes.margins(x=0.03)
    figure.legend(loc="outside lower left", ncols=1 if count < 4 else 2, handlelength=1.4, columnspacing=1.0)
    left = "chance" if index == "share" else "chance and joint effects"
    caption = (
        f"What drives {load_observables()[observable].label.lower()} over time: {spoken_words(index)}; {INTERVALS} of the "
        f"layer below each edge, once a year. What is left to one is {left}; estimates below zero, and those without an "
        "interval, count as zero."
    )
    return figure, time_rows(analysis, observable, index), caption


def yearly(months):
    """Return the places of whole years among months, and of the last month: where there is room for an interval."""
    return np.array([place for place, month in enumerate(months) if month % 12 == 0 or place == len(months) - 1])


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
    known, chance = np.isfinite(found.half_width), below_rule(analysis)[:-1]
    index = next(iter(estimates))
    factor, unit = verdict.shown_in(index, observable)
    shown, half = factor * np.where(known, found.value, np.nan), factor * found.half_width
    order = [*np.argsort(-np.nan_to_num(shown[:count]).mean(axis=1), kind="stable")[:12].tolist(), *chance]
    figure, axes = new_figure(DOUBLE if len(months) > 12 else SINGLE, 30 + 6 * len(order))
    largest = max(np.nan_to_num(shown[order]).max(), 0.0) or 1.0
    most = min(largest, 1.0) if index in verdict.ABSOLUTE else largest
    of_unit = f"\n({unit})" if unit else ""
    picture = axes.imshow(shown[order], aspect="auto", cmap="Greys", vmin=0.0, vmax=most)
    floor = factor * np.maximum(np.nan_to_num(found.value[-1]), 0.0)
    weak = known & ~(shown - half > floor)
    for row, column in np.argwhere(weak[order]):
        axes.plot(column, row, ".", color="white" if shown[order[row], column] > 0.5 * most else "0.3", markersize=2.5)
    for row, column in np.argwhere(~known[order]):
        axes.plot(column, row, "x", color="0.6", markersize=3, markeredgewidth=0.6)
    ticks = yearly(months)
    ticks = ticks[:: max(1, len(ticks) // 6)]
    axes.set_xticks(ticks, [f"{months[place] / 12:g}" for place in ticks])
    axes.set_yticks(range(len(order)), [words_of(analysis.layout.units[place], 26) for place in order])
    axes.set_xlabel("Year of the run")
    figure.colorbar(picture, ax=axes, label=WORDS.get(index, index) + of_unit, shrink=0.8,
                    extend="max" if largest > most else "neither")  # fmt: skip
    words = load_observables()[observable].label.lower()
    caption = (
        f"What drives {words} over time: {spoken_words(index)}{'; last line: chance' if chance else ''}; "
        "a dot: the 95 % interval reaches down to the dummy, so the cell cannot be told from no effect; a cross: no "
        "interval, as the outcome varies at few points yet."
    )
    return figure, time_rows(analysis, observable, index), caption


def time_rows(analysis, observable, index):
    """Return the rows of the table over time of one observable and index."""
    table = time_table(analysis)
    return table[(table["observable"] == observable) & (table["index"] == index)]
