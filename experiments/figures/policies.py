"""Figures of policies: paired effects, trajectories, the map."""

import textwrap

import numpy as np
import pandas
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from scipy.stats import t

from experiments.compare import BILLION, effects
from experiments.comparison.design import JOIN
from experiments.figures import data
from experiments.figures.style import BLUE, LINES, MARKERS, RED, new_figure, tick_words
from experiments.texts import marked, named, say
from experiments.units import change_in
from model.registry import load_observables

FOREST = ("use_share", "wait_days", "dropped_share", "cost_per_case")
WIDTH, LINE = 24, 3.2  # letters of a name in a line; millimetres of a line
INTERVALS = ("mean_difference", "low", "high", "simultaneous_low", "simultaneous_high")


def policy_effects(result):
    """Forest plot of paired effects with intervals and cost."""
    tables = [effects(result, name).assign(observable=name) for name in FOREST]
    order = tables[0].sort_values("mean_difference")["policy"].tolist()
    names = [wrapped(name) for name in order]
    figure, panels = new_figure(190, 30 + row_height(names) * len(order), 1, len(FOREST), sharey=True)
    for axes, name, table in zip(panels, FOREST, tables, strict=True):
        factor, unit = change_in(name)
        rows = table.set_index("policy").loc[order]
        forest(axes, rows[list(INTERVALS)] * factor, load_observables()[name].direction)
        axes.set(xlabel=named(unit), title=data.in_lines(data.short_label(name)))
    costs = tables[0].set_index("policy")["planned_cost"]
    panels[0].set_yticks(range(len(order)), names)
    panels[0].annotate(
        named("no difference"), (0.0, -0.8), (2, 0), textcoords="offset points", va="center", fontsize=6, color="0.4"
    )
    prices = panels[-1].secondary_yaxis("right")
    prices.set_yticks(range(len(order)), [marked(f"{costs[name] / BILLION:,.0f}") for name in order])
    prices.set_ylabel(say("table.planned"))
    prices.tick_params(length=0)
    table = pandas.concat(tables, ignore_index=True)
    return figure, table, say("caption.policy_effects")


def wrapped(name):
    """Return the name of a policy in short lines, broken between the names that it joins rather than within them."""
    return textwrap.fill(name.replace(JOIN, f" {JOIN} "), WIDTH)


def row_height(names, least=8.0):
    """Return how high a row with its name in lines must be, in millimetres."""
    return max(least, LINE * max(name.count("\n") + 1 for name in names))


def forest(axes, rows, direction):
    """Draw one panel of intervals, the mean printed above each; blue is better, red is worse."""
    sign = -1.0 if direction == "lower" else 1.0
    axes.axvline(0.0, color="0.4", linewidth=0.7, linestyle=":")
    for place, row in enumerate(rows.itertuples()):
        clear = row.simultaneous_low > 0 or row.simultaneous_high < 0
        colour = (BLUE if sign * row.mean_difference > 0 else RED) if clear else "0.45"
        axes.plot([row.simultaneous_low, row.simultaneous_high], [place, place], color=colour, linewidth=0.7)
        axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2.4)
        face = colour if clear else "white"
        look = {"ha": "center", "fontsize": 6, "color": colour, "bbox": {"facecolor": "white", "linewidth": 0, "pad": 0.4}}
        axes.annotate(
            in_words(row.mean_difference, clear), (row.mean_difference, place), (0, 5), textcoords="offset points", **look
        )
        axes.plot(row.mean_difference, place, marker="o", markersize=4.5, color=colour, markerfacecolor=face)
    axes.margins(x=0.16)
    axes.set_ylim(-1.1, len(rows) - 0.3)
    axes.locator_params(axis="x", nbins=4)


def in_words(value, clear):
    """Return a change as text; one that is clear although small is not rounded to nothing."""
    text = f"{value:+.2f}"
    if text in ("-0.00", "+0.00"):
        text = f"{value:+.1g}" if clear else "0.00"
    return marked(text)


TRAJECTORIES = ("use_share", "wait_days", "cost_per_case", "trust_agency", "dropped_share", "digital_spending")


def trajectories(result):
    """Headline observables over time, every policy."""
    figure, panels = new_figure(190, 135, 2, 3, sharex=True)
    frame = data.smooth(data.paired_rows(result), TRAJECTORIES)
    tables = []
    for number, policy in enumerate(result.policies):
        look = look_of(number)
        summary = data.over_time(result, TRAJECTORIES, policy=policy, frame=frame).assign(policy=policy)
        tables.append(summary)
        for axes, name in zip(panels.flat, TRAJECTORIES, strict=True):
            mine = data.levels(summary[summary["name"] == name], name)
            if number == 0:
                axes.fill_between(mine["year"], mine["low"], mine["high"], color="0.85", linewidth=0)
            # Markers of different policies stand at different months, so that lines on top of each other show.
            axes.plot(mine["year"], mine["mean"], **look, markevery=(3 * number, max(12, len(mine) // 5)), label=policy)
            axes.set_title(data.short_label(name))
            axes.set_ylabel(data.unit_of_level(name))
            axes.margins(x=0)
            axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    legend_below(figure, panels[0, 0])
    caption = say("caption.trajectories", subject=data.subject(result))
    return figure, pandas.concat(tables, ignore_index=True), caption


def legend_below(figure, axes):
    """Draw the legend of one panel below a figure, in as many columns as names leave room for."""
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=4 if max(map(len, names)) < 30 else 2)


def look_of(number):
    """Return line style of a policy by its place: the first, the reference, is plain and thick."""
    colour, dashes = LINES[number % len(LINES)]
    marker = MARKERS[number % len(MARKERS)]
    width = 1.8 if number == 0 else 1.0
    return {"color": colour, "linestyle": dashes, "linewidth": width, "marker": marker, "markersize": 3.5}


def province_map(result):
    """Tile map of digital use at the end of the run."""
    policy = data.first_policy(result)
    runs = set(result.design.loc[result.design["policy"] == policy, "run_id"])
    rows = result.groups[result.groups["run_id"].isin(runs) & (result.groups["kind"] == "province")]
    rows = rows[rows["month"] == rows["month"].max()]
    shares = rows.groupby("name")["use_share"].agg(["mean", "std", "count"])
    shares["half_width"] = t.ppf(0.975, shares["count"] - 1) * shares["std"] / np.sqrt(shares["count"])
    regions = pandas.DataFrame(result.scenario["regions"]).set_index("name")
    table = regions[["tile_row", "tile_column", "population"]].join(shares).reset_index(names="province")
    bottom, right = int(table["tile_row"].max()) + 1, int(table["tile_column"].max()) + 1
    tile = min(190 / right, 24.0)  # millimetres
    figure, axes = new_figure(max(90, tile * right), tile * (bottom + 0.6) * 1.02 + 12)
    shown = data.levels(table, "use_share")
    norm, colours = Normalize(0.0, max(shown["mean"].max(), 0.1)), colormaps["YlGnBu"]
    for row in shown.itertuples():
        draw_tile(axes, row, norm, colours, longest=int(tile / LETTER))
    axes.set(xlim=(-0.05, right + 0.05), ylim=(bottom + 0.05, -0.05), aspect="equal")
    axes.axis("off")
    figure.colorbar(
        _mappable(norm, colours), ax=axes, orientation="horizontal", shrink=0.4 if right > 8 else 0.9, aspect=30, pad=0.01,
        format=tick_words(),
        label=data.label("use_share"),
    )  # fmt: skip
    return figure, table, say("caption.province_map", subject=data.subject(result))


def _mappable(norm, colours):
    """Return what a colour bar needs."""
    from matplotlib.cm import ScalarMappable

    return ScalarMappable(norm, colours)


def draw_tile(axes, row, norm, colours, longest):
    """Draw one province, its numbers in percent; `longest` letters fit on a tile."""
    face = colours(norm(row.mean))
    ink = "white" if 0.3 * face[0] + 0.59 * face[1] + 0.11 * face[2] < 0.5 else "black"
    axes.add_patch(Rectangle((row.tile_column, row.tile_row), 0.94, 0.94, facecolor=face, edgecolor="0.6", linewidth=0.4))
    middle = row.tile_column + 0.47
    axes.text(middle, row.tile_row + 0.22, code(row.province, longest), ha="center", va="center", color=ink, fontsize=5.5)
    axes.text(middle, row.tile_row + 0.52, marked(f"{row.mean:.1f}"), ha="center", va="center", color=ink, fontsize=7.5)
    axes.text(middle, row.tile_row + 0.78, marked(f"±{row.half_width:.1f}"), ha="center", va="center", color=ink, fontsize=5)


LETTER = 1.2  # millimetres a letter on a tile takes
SHORT = {
    "DKI Jakarta": "Jakarta",
    "Kalimantan": "Kal",
    "Sulawesi": "Sul",
    "Sumatera": "Sum",
    "Kepulauan": "Kep",
    "Bangka Belitung": "Babel",
    "Nusa Tenggara": "NT",
    "Gorontalo": "Gorontalo",
    "Bengkulu": "Bengkulu",
    "Yogyakarta": "Yogya",
    "Selatan": "Sel",
    "Tenggara": "Tgr",
    "Tengah": "Tgh",
    "Utara": "Ut",
    "Barat": "Bar",
    "Timur": "Tim",
}


def code(name, longest):
    """Return a short form of a province's name, cut if it would not fit."""
    for long, short in SHORT.items():
        name = name.replace(long, short)
    return name if len(name) <= longest else name[: longest - 1] + "…"
