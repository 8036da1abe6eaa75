"""Figures of a policy's failures: the box with coverage and density, pairs of uncertainties, the tree."""

import textwrap

import numpy as np
import pandas
from matplotlib import colormaps

from experiments.discovery import tables, words
from experiments.discovery.tree import DEPTH
from experiments.figures.style import BLACK, BLUE, DOUBLE, RED, SINGLE, new_figure
from experiments.sensitivity.verdict import label

PAIRS = 4  # uncertainties in a figure of pairs
CODES = {"fails": (RED, "^", 11.0), "holds": ("0.72", "o", 5.0)}


def box(discovery, found):
    """Draw the trade-off of coverage and density along the trajectory, and the limits of the chosen box."""
    futures = discovery.futures
    count = max(len(found.box.restricted), 1)
    figure, (left, right) = new_figure(DOUBLE, 62 + 9 * count, 1, 2, width_ratios=(1.0, 1.25))
    trade_off(left, found)
    limits(right, futures, found)
    table = tables.trajectory_table(discovery)
    caption = (
        f"When {words.subject(futures, found)}. Left: every box of the search, from all futures (right end, coverage 1) to "
        "the smallest; the chosen box (diamond) with 95 % intervals, and coverage and density in unseen halves of the "
        "futures (cross: 5 to 95 % of halves). Right: limits of the chosen box as shares of each range; thin lines: 5 to "
        "95 % of each limit over half samples; in brackets the share of half samples that restrict the parameter."
    )
    if not found.holds_up:
        caption += " Half samples seldom find this box: it is not settled."
    return figure, tables.of_finding(table, futures, found), caption


def trade_off(axes, found):
    """Draw coverage against density of every box, shaded by the number of restricted uncertainties."""
    coverage = np.array([one.coverage for one in found.boxes])
    density = np.array([one.density for one in found.boxes])
    restricted = np.array([len(one.restricted) for one in found.boxes])
    axes.plot(coverage, density, color="0.8", linewidth=0.7, zorder=1)
    most = int(restricted.max())
    shades = colormaps["Greys"].resampled(most + 1)
    dots = axes.scatter(coverage, density, c=restricted, cmap=shades, vmin=-0.5, vmax=most + 0.5, s=16, edgecolor="0.3",
                        linewidth=0.4, zorder=2)  # fmt: skip
    axes.figure.colorbar(dots, ax=axes, location="bottom", shrink=0.8, label="Restricted parameters", ticks=range(most + 1))
    facts = tables.box_facts(found.box)
    x, y = facts["coverage"], facts["density"]
    axes.errorbar(x, y, xerr=[[x - facts["coverage_low"]], [facts["coverage_high"] - x]],
                  yerr=[[y - facts["density_low"]], [facts["density_high"] - y]], fmt="D", color=BLUE, markersize=6,
                  elinewidth=1.0, capsize=2, label="chosen box", zorder=4)  # fmt: skip
    if len(found.box.restricted):
        cross(axes, found.stability)
    axes.set(xlabel="Coverage: share of all failures in the box", ylabel="Density: failing share in the box",
             xlim=(-0.03, 1.05), ylim=(0.0, 1.05))  # fmt: skip
    axes.legend(loc="lower left")


def cross(axes, trusted):
    """Draw coverage and density in unseen halves."""
    spans = [np.nanquantile(values, (0.05, 0.95)) for values in (trusted.coverage, trusted.density)]
    x, y = (float(np.nanmean(values)) for values in (trusted.coverage, trusted.density))
    errors = [[[max(at - span[0], 0.0)], [max(span[1] - at, 0.0)]] for at, span in zip((x, y), spans, strict=True)]
    axes.errorbar(x, y, xerr=errors[0], yerr=errors[1], fmt="none", color=BLACK, elinewidth=0.9, linestyle=":",
                  label="unseen halves", zorder=3)  # fmt: skip


def limits(axes, futures, found):
    """Draw the chosen box: of each restricted uncertainty the part of its range inside, with the spread of its limits."""
    places = found.box.restricted
    rows = np.arange(len(places))[::-1]
    for row, place in zip(rows, places, strict=True):
        factor, span = futures.factors[place], futures.factors[place].high - futures.factors[place].low
        ends = np.clip([found.box.low[place], found.box.high[place]], factor.low, factor.high)
        low, high = (ends - factor.low) / span
        axes.barh(row, 1.0, 0.5, color="0.95", edgecolor="0.6", linewidth=0.5)
        axes.barh(row, high - low, 0.5, left=low, color="0.55", edgecolor="0.25", linewidth=0.5)
        for limit, spread in ((found.box.low, found.stability.low), (found.box.high, found.stability.high)):
            if np.isfinite(limit[place]):
                axes.plot((spread[:, place] - factor.low) / span, [row - 0.38] * 2, color=BLACK, linewidth=1.2)
                text = words.number(limit[place])
                axes.annotate(text, ((limit[place] - factor.low) / span, row + 0.27), ha="center", va="bottom", fontsize=6.5)
    axes.set_yticks(rows, [row_label(futures.factors[place], found.stability.restricted[place]) for place in places])
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.7, max(len(places), 1) - 0.35), xlabel="Share of the range of the plan")
    if not len(places):
        axes.set_yticks([])
        axes.text(0.5, 0.3, "no restriction that chance\ncould not explain", ha="center", va="center", color="0.3")


def row_label(factor, share):
    """Return the label of an uncertainty, its unit, and how often half samples restrict it."""
    return textwrap.fill(f"{axis_words(factor)} [{words.percent(share)}]".replace(" %", "\u00a0%"), 28)


def pair_places(found):
    """Return the uncertainties of a figure of pairs: those of the box, then those that half samples restrict most."""
    others = [place for place in np.argsort(-found.stability.restricted, kind="stable") if place not in found.box.restricted]
    return [*found.box.restricted.tolist(), *others][: max(2, min(PAIRS, len(found.box.restricted)))]


def pairs(discovery, found):
    """Draw every future in the planes of two uncertainties, failing or not, with the edges of the box."""
    futures = discovery.futures
    places, fails = pair_places(found), futures.fails(found.policy, found.goal)
    size = len(places) - 1
    width = SINGLE if size == 1 else DOUBLE
    figure, panels = new_figure(
        width, 14 + 62 * size if size > 1 else 84, size, size, squeeze=False, sharex="col", sharey="row"
    )
    for row in range(size):
        for column in range(size):
            axes = panels[row, column]
            if column > row:
                axes.set_axis_off()
                continue
            across, up = places[column], places[row + 1]
            scatter(axes, futures, fails, across, up)
            frame(axes, found.box, futures, across, up)
            axes.locator_params(nbins=5)
            if row == size - 1:
                axes.set_xlabel(textwrap.fill(axis_words(futures.factors[across]), 28))
            if column == 0:
                axes.set_ylabel(textwrap.fill(axis_words(futures.factors[up]), 28))
    handles, names = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    names = [futures.factors[place].name for place in places]
    table = pandas.DataFrame(futures.x[:, places], columns=names).assign(point=futures.numbers, fails=fails)
    caption = (
        f"Every future in the plane of two uncertainties: where {words.subject(futures, found)} (triangles) and where it "
        "does not (circles); dashed: the box, whose other restrictions are not seen in a plane."
    )
    return figure, table, caption


def axis_words(factor):
    """Return label and unit of an uncertainty."""
    found = words.suffix(factor).strip()
    return f"{label(factor.name)} ({found})" if found else label(factor.name)


def scatter(axes, futures, fails, across, up):
    """Draw the futures of a plane."""
    for name, chosen in (("holds", ~fails), ("fails", fails)):
        colour, marker, size = CODES[name]
        axes.scatter(futures.x[chosen, across], futures.x[chosen, up], c=colour, marker=marker, s=size, linewidth=0.2,
                     edgecolor="white", label=name, rasterized=True)  # fmt: skip


def frame(axes, box, futures, across, up):
    """Draw the edges of a box in a plane; a free side is the edge of the range."""
    ends = []
    for place in (across, up):
        factor = futures.factors[place]
        ends.append((max(box.low[place], factor.low), min(box.high[place], factor.high)))
    (left, right), (bottom, top) = ends
    axes.plot([left, right, right, left, left], [bottom, bottom, top, top, bottom], color=BLACK, linestyle="--",
              linewidth=1.1, label="box")  # fmt: skip


def tree(discovery, found):
    """Draw the tree: at every node its question, at every leaf its futures and failing share with interval."""
    futures = discovery.futures
    table = tables.of_finding(tables.tree_table(discovery), futures, found)
    leaves = found.tree.leaves
    figure, axes = new_figure(DOUBLE, 24 + 24 * (DEPTH + 1))
    places = {leaf.steps: number for number, leaf in enumerate(leaves)}
    draw_node(axes, futures, places, table, ())
    axes.set(xlim=(-0.7, len(leaves) - 0.3), ylim=(-DEPTH - 0.45, 0.4))
    axes.set_axis_off()
    caption = (
        f"When {words.subject(futures, found)}, as a classification tree: left branch yes, right branch no. In each leaf "
        "the failing share of its futures with its 95 % interval and their number; the darker, the more fail. In unseen "
        f"halves the tree is right on {words.percent(found.tree.accuracy)} of failures and successes alike (a coin: 50 %)."
    )
    return figure, table, caption


def draw_node(axes, futures, places, table, steps):
    """Draw what lies below a node and return its horizontal place."""
    depth = len(steps)
    if steps in places:
        number = places[steps]
        row = table.iloc[number]
        shade = str(round(1.0 - 0.65 * row["failing_share"], 3))
        share, low, high = (100 * row[name] for name in ("failing_share", "low", "high"))
        text = f"{share:.0f} %\n({low:.0f} to {high:.0f} %)\nof {row['futures']:,}"
        style = {"boxstyle": "square,pad=0.35", "facecolor": shade, "edgecolor": "0.25", "linewidth": 0.6}
        axes.text(number, -depth, text, ha="center", va="center", fontsize=7, bbox=style,
                  color="white" if row["failing_share"] > 0.75 else "black")  # fmt: skip
        return number
    factor, _, limit = next(leaf[depth] for leaf in places if leaf[:depth] == steps and len(leaf) > depth)
    children = [(*steps, (factor, is_below, limit)) for is_below in (True, False)]
    at = [draw_node(axes, futures, places, table, child) for child in children]
    middle = sum(at) / 2.0
    for child, name in zip(at, ("yes", "no"), strict=True):
        axes.plot([middle, child], [-depth - 0.16, -depth - 0.84], color="0.5", linewidth=0.8, zorder=0)
        axes.text(0.65 * middle + 0.35 * child, -depth - 0.42, name, fontsize=6, ha="center", va="center", color="0.3",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip
    text = textwrap.fill(question(futures.factors[factor], limit), 24)
    axes.text(middle, -depth, text, ha="center", va="center", fontsize=7,
              bbox={"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": "0.4", "linewidth": 0.6})  # fmt: skip
    return middle


def question(factor, limit):
    """Return the question at a node of a tree."""
    if factor.type == "boolean":
        return f"{label(factor.name)} off?"
    return f"{label(factor.name)} at most {words.number(limit)}{words.suffix(factor)}?"
