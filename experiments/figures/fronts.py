"""Figures of an optimisation: the front goal against goal, what its points spend, how the search advanced."""

import textwrap

import pandas

from experiments.compare import BILLION
from experiments.figures.style import BLUE, DOUBLE, RED, SINGLE, drawing, new_figure, save
from experiments.optimise.goals import axis, factor_and_unit, signs
from experiments.optimise.levers import lever_words
from experiments.optimise.settings import EVERYWHERE
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors

NAMES = ("front", "allocation", "hypervolume")
COLUMNS = 2
GREYS = ("0.15", "#56B4E9", "0.85", "#E69F00", "0.5", "#009E73", "#D55E00", "#F0E442", "#0072B2", "#CC79A7", "0.7", "0.35")
HATCHES = ("", "", "///", "", "...", "\\\\\\", "", "xxx", "", "///", "+++", "...")
LEGIBLE = 0.14  # of the width of the panel: a shorter bar has no room for words


def draw_front(result, judged, table, history):
    """Draw every figure of an optimisation with its numbers and caption; return the names.

    Parameters
    ----------
    result : Result. judged : Judgement. table : as of `front_table`. history : DataFrame, a row for each generation.
    """
    folder = result.folder / "figures"
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
    makers = {"front": lambda: front(judged, table), "allocation": lambda: allocation(judged, table),
              "hypervolume": lambda: hypervolume(history)}  # fmt: skip
    for name in NAMES:
        with drawing():
            figure, numbers, caption = makers[name]()
            save(figure, folder, name, figure_metadata(result, name))
        publish(folder / f"{name}.csv", numbers.to_csv(index=False, lineterminator="\n"))
        publish(folder / f"{name}.txt", caption + "\n")
    return list(NAMES)


def front(judged, table):
    """Draw the first goal against each other goal, with intervals of both."""
    first, *others = judged.goals
    rows = -(-len(others) // COLUMNS)
    columns = min(COLUMNS, len(others))
    figure, panels = new_figure(DOUBLE if columns > 1 else SINGLE, 12 + 66 * rows, rows, columns, squeeze=False, sharey=True)
    for axes, goal in zip(panels.flat, others, strict=False):
        draw_pair(axes, judged, table, goal, first)
    for axes in panels.flat[len(others) :]:
        axes.set_visible(False)
    for axes in panels[:, 0]:
        axes.set_ylabel(f"Change of {in_text(first)} {arrow(first)}".replace(" (", "\n("))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    seeds = int(table["n"].min())
    caption = (
        f"Policies of the front against doing nothing, under {seeds} seeds that the search never saw: mean change in the "
        "last twelve months; bars: 95 % intervals for all policies at once, paired by seed. Hollow: beaten by another of "
        "these in all goals after all. Arrows point to the better side."
    )
    return figure, table, caption


def draw_pair(axes, judged, table, across, up):
    """Draw one goal against another."""
    x, y = (of_goal(table, goal) for goal in (across, up))
    axes.axhline(0.0, color="0.8", linewidth=0.6)
    axes.axvline(0.0, color="0.8", linewidth=0.6)
    bars = {key: [one["mean"] - one["low"], one["high"] - one["mean"]] for key, one in (("xerr", x), ("yerr", y))}
    axes.errorbar(x["mean"], y["mean"], **bars, fmt="none", ecolor="0.6", elinewidth=0.7)
    kept, knee = judged.unbeaten, judged.knee
    look = {"marker": "o", "linestyle": "none", "markersize": 4.5, "markeredgewidth": 0.8}
    if (~kept).any():
        axes.plot(x["mean"][~kept], y["mean"][~kept], color="0.4", markerfacecolor="white", label="beaten", **look)
    axes.plot(x["mean"][kept], y["mean"][kept], color=BLUE, label="unbeaten", **look)
    axes.plot(0.0, 0.0, marker="s", color="black", markersize=6, linestyle="none", label="doing nothing")
    name = f"knee ({judged.points[knee].number})"
    axes.plot(x["mean"][knee], y["mean"][knee], marker="D", color=RED, markersize=6, linestyle="none", label=name)
    axes.set_xlabel(f"Change of {in_text(across)} {arrow(across)}")
    axes.locator_params(nbins=5)


def of_goal(table, goal):
    """Return mean, low and high of the change of a goal in the unit that is shown."""
    factor, keys = factor_and_unit(goal)[0], {"mean": "change", "low": "change_low", "high": "change_high"}
    return {key: factor * table[f"{goal}.{column}"].to_numpy() for key, column in keys.items()}


def in_text(goal):
    """Return words and unit of a goal as they stand within a sentence."""
    words = axis(goal)
    return words[0].lower() + words[1:]


def arrow(goal):
    """Return an arrow to the better side of an axis; the label of an upright axis is turned with it."""
    return "\u2190" if signs([goal])[0] > 0 else "\u2192"


def allocation(judged, table):
    """Draw what every point of the front spends on which lever, from when and where."""
    places = [place for place in range(len(judged.points)) if judged.unbeaten[place]]
    spent = {place: [part for part in judged.points[place].parts if part.spend] for place in places}
    levers = {part.lever["name"]: part.lever for point in judged.points for part in point.parts}
    names = list(levers)
    widest = max([sum(part.spend for part in parts) for parts in spent.values()] + [1.0]) / BILLION
    figure, axes = new_figure(DOUBLE, 32 + 6.5 * len(places))
    for row, place in enumerate(reversed(places)):
        left = 0.0
        for part in spent[place]:
            width = part.spend / BILLION
            number = names.index(part.lever["name"]) % len(GREYS)
            axes.barh(row, width, 0.75, left, color=GREYS[number], hatch=HATCHES[number], edgecolor="0.2", linewidth=0.5)
            if width > LEGIBLE * widest:
                box = {"facecolor": "white", "linewidth": 0, "pad": 0.8}
                axes.text(left + width / 2, row, when_where(part), ha="center", va="center", fontsize=5.5, bbox=box)
            left += width
    for number, name in enumerate(names):
        axes.barh(0, 0, color=GREYS[number % len(GREYS)], hatch=HATCHES[number % len(GREYS)], edgecolor="0.2",
                  linewidth=0.5, label=textwrap.fill(lever_words(levers[name]), 26))  # fmt: skip
    axes.set_yticks(range(len(places)), [tick_of(judged, table, place) for place in reversed(places)])
    axes.set(xlabel="Planned spending, whole run (Rp billion)", xlim=(0.0, 1.03 * widest), ylim=(-0.6, len(places) - 0.4))
    figure.legend(loc="outside lower center", ncols=3)
    caption = (
        "What the unbeaten policies spend, with start and region where there is room for words; policies by "
        f"{in_text(judged.goals[0])}, best first; behind the number its change from doing nothing with the half-width of "
        "its 95 % interval for all policies at once."
    )
    return figure, allocation_table(judged, places), caption


def when_where(part):
    """Return start and region of a part, short."""
    return part.start[:4] if part.where == EVERYWHERE else f"{part.start[:4]}, {part.where}"


def tick_of(judged, table, place):
    """Return number, knee, and change of the first goal with its interval of a point."""
    change = {key: values[place] for key, values in of_goal(table, judged.goals[0]).items()}
    words = f"{change['mean']:+.1f}\u00b1{change['high'] - change['mean']:.1f}"
    return f"{'knee: ' if place == judged.knee else ''}{judged.points[place].number} ({words})"


def allocation_table(judged, places):
    """Return a row for each unbeaten point and lever."""
    rows = [
        {"point": judged.points[place].number, "lever": part.lever["name"], "spend": part.spend, "start": part.start,
         "where": part.where}
        for place in places
        for part in judged.points[place].parts
    ]  # fmt: skip
    return pandas.DataFrame(rows, columns=["point", "lever", "spend", "start", "where"])


def hypervolume(history):
    """Draw how the volume dominated by the front grew over the generations."""
    figure, axes = new_figure(SINGLE, 70)
    time, band = history["generation"], (history["hypervolume_low"], history["hypervolume_high"])
    axes.fill_between(time, *band, color="0.85", linewidth=0, label="each seed alone, lowest to highest")
    axes.plot(time, history["hypervolume"], marker="o", markersize=3, color="black", label="means over seeds")
    axes.set(xlabel="Generation", ylabel="Hypervolume\n(box of the first generation = 1)", ylim=(0.0, None))
    axes.locator_params(axis="x", integer=True)
    axes.legend(loc="lower right")
    caption = (
        "Volume of outcomes that the front so far dominates, in units of the box between best and worst of the first "
        "generation, under the seeds of the search; grey: the same front under each seed alone. A curve that still rises "
        "says that more generations would find more."
    )
    return figure, history, caption
