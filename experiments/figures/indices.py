"""Figures of sensitivity indices: bars, elementary effects, pairs, convergence, tornado. All with their uncertainty."""

import textwrap

import numpy as np
import pandas
from matplotlib.lines import Line2D

from experiments.figures.style import BLACK, BLUE, DOUBLE, LINES, MARKERS, ORANGE, SINGLE, new_figure
from experiments.run_outcomes import label, unit
from experiments.sensitivity import tables, verdict
from experiments.sensitivity.variance import pairs_of
from experiments.units import change_of
from model.errors import InputError

EDGE = 0.04  # room for half a mark below zero, share of an axis
MOST = 12  # factors on a figure; the table behind it holds all
WORDS = {
    "ST": "Total index", "S1": "First-order index", "mu_star": "Mean size of elementary effects",
    "sigma": "Spread of elementary effects", "bound": "Upper bound of the total index", "median": "PAWN, median distance",
    "delta": "Delta", "distance": "Regional distance", "share": "Shapley effect, share of variance", "swing": "Swing",
}  # fmt: skip
INTERVALS = "lines: 95 % intervals (jackknife over independent parts of the design)"


def words_of(name, width=24):
    """Return the label of a unit in lines of some characters."""
    return textwrap.fill(verdict.label(name), width)


def shown_units(analysis, outcome, most=MOST):
    """Return the places of the strongest factors, then of seed (unless the index is none of chance) and dummy."""
    return [*verdict.order_of(analysis, outcome)[:most].tolist(), *below_rule(analysis)]


def below_rule(analysis):
    """Return the places of seed and dummy that have the index which ranks: a share of the variance is no distance."""
    count = len(analysis.layout.names)
    return [count + 1] if analysis.main in verdict.DISTANCES else [count, count + 1]


def need_uncertainty(analysis, outcome):
    """Require an interval for every factor: a figure without uncertainty is refused."""
    half = analysis.estimates[analysis.main].half_width[: len(analysis.layout.names), outcome]
    if not np.isfinite(half).all():
        raise InputError("a figure needs intervals", given=f"{analysis.outcomes[outcome]}: no interval",
                         allowed="a larger size, or an outcome that varies")  # fmt: skip


def unit_words(analysis, outcome, index):
    """Return the axis label of an index, with the unit in which it is shown if it has one."""
    of_unit = verdict.shown_in(index, analysis.outcomes[outcome])[1]
    return f"{WORDS.get(index, index)}\n({of_unit})" if of_unit else WORDS.get(index, index)


def drivers(analysis, outcome):
    """Draw the ranking index, and the first order beside it if there is one, of the strongest factors."""
    places = shown_units(analysis, outcome)
    names = [analysis.main] + (["S1"] if "S1" in analysis.estimates and analysis.main != "S1" else [])
    figure, axes = new_figure(SINGLE, 22 + 6.5 * len(places))
    height = 0.8 / len(names)
    rows = np.arange(len(places))[::-1]
    for number, name in enumerate(names):
        values, half = (numbers[places] for numbers in verdict.shown(analysis, name, outcome))
        at = rows + 0.4 - height * (number + 0.5)
        look = {"color": "0.55", "edgecolor": "0.25"} if number == 0 else {"color": "0.9", "edgecolor": "0.25"}
        axes.barh(at, values, height, linewidth=0.5, label=WORDS.get(name, name), **look)
        axes.errorbar(values, at, xerr=half, fmt="none", ecolor=BLACK, elinewidth=0.9, capsize=1.5)
    axes.axhline(len(below_rule(analysis)) - 0.5, color="0.6", linewidth=0.5)
    axes.axvline(0.0, color="0.4", linewidth=0.6)
    axes.set_yticks(rows, [words_of(analysis.layout.units[place], 26) for place in places])
    axes.set(xlabel=unit_words(analysis, outcome, analysis.main), ylim=(-0.7, len(places) - 0.3))
    if len(names) > 1:
        axes.set_xlabel("Share of the variance")
        figure.legend(loc="outside lower center", ncols=2, handlelength=1.2)
    shown = " and ".join(spoken_words(name) for name in names)
    caption = f"What drives {title(analysis, outcome)}: {shown}; {INTERVALS}. {below_words(analysis, outcome)}"
    return figure, only(analysis, outcome, names), caption


def below_words(analysis, outcome):
    """Return what stands below the rule of a ranking; chance in words if the index is none of chance."""
    if analysis.main in verdict.DISTANCES:
        return f"Below the rule: a dummy without effect. {verdict.chance(analysis, outcome)}"
    return "Below the rule: chance and a dummy without effect."


def spoken_words(index):
    """Return the words of an index within a sentence."""
    words = WORDS.get(index, index)
    return words if words[:2].isupper() else words[0].lower() + words[1:]


def title(analysis, outcome):
    """Return the words of an outcome for a caption."""
    return label(analysis.outcomes[outcome]).lower()


def only(analysis, outcome, names):
    """Return the rows of the index table of one outcome and some indices."""
    frame = tables.index_table(analysis, {name: analysis.estimates[name] for name in names})
    return frame[frame["outcome"] == analysis.outcomes[outcome]]


def morris(analysis, outcome):
    """Draw mean size against spread of elementary effects, with intervals of both."""
    places = shown_units(analysis, outcome)[:-1]  # without the dummy
    figure, axes = new_figure(SINGLE, 78 + 2.0 * len(places))
    x, dx = (numbers[places] for numbers in verdict.shown(analysis, "mu_star", outcome))
    y, dy = (numbers[places] for numbers in verdict.shown(analysis, "sigma", outcome))
    axes.errorbar(x, y, xerr=dx, yerr=dy, fmt="none", ecolor="0.6", elinewidth=0.7)
    top = 1.12 * max((x + dx).max(), 1e-300)
    axes.plot([0, top], [0, top], color="0.4", linewidth=0.6, linestyle=":")
    for number, place in enumerate(places):
        marker, face = ("o", BLUE) if place < len(analysis.layout.names) else ("s", ORANGE)
        axes.plot(x[number], y[number], marker, color=face, markersize=9, markeredgecolor="black", markeredgewidth=0.4)
        axes.annotate(str(number + 1), (x[number], y[number]), ha="center", va="center_baseline", fontsize=6, color="white"
                      if place < len(analysis.layout.names) else "black")  # fmt: skip
    key = [f"{number + 1}  {words_of(analysis.layout.units[place], 27)}" for number, place in enumerate(places)]
    empty = [Line2D([], [], linestyle="none") for _ in key]
    figure.legend(empty, key, loc="outside lower left", ncols=2, handlelength=0, handletextpad=0, columnspacing=1.0)
    axes.locator_params(nbins=5)
    high = 1.12 * (y + dy).max()
    axes.set(xlim=(-EDGE * top, top), ylim=(-EDGE * high, high), xlabel=unit_words(analysis, outcome, "mu_star"),
             ylabel=unit_words(analysis, outcome, "sigma"))  # fmt: skip
    caption = (
        f"Screening for {title(analysis, outcome)}: the further right, the stronger; above the dotted line (spread equal to "
        f"mean size) an effect depends on the other factors or is far from a straight line; {INTERVALS}. Square: the seed."
    )
    return figure, only(analysis, outcome, ["mu_star", "sigma", "mu"]), caption


def pairs(analysis, outcome):
    """Draw second-order indices as a matrix; those whose interval holds zero are empty."""
    found, names = analysis.estimates["S2"], analysis.layout.names
    chosen = verdict.order_of(analysis, outcome)[:MOST].tolist()
    number = {pair: place for place, pair in enumerate(pairs_of(range(len(names))))}
    size = len(chosen)
    values, sure = np.full((size, size), np.nan), np.zeros((size, size), bool)
    for row in range(size):
        for column in range(row):
            place = number[tuple(sorted((chosen[row], chosen[column])))]
            values[row, column] = found.value[place, outcome]
            sure[row, column] = found.value[place, outcome] - found.half_width[place, outcome] > 0.0
    figure, axes = new_figure(DOUBLE if size > 5 else SINGLE, 22 + 8 * size)
    most = max(float(np.nanmax(np.where(sure, values, 0.0))), 0.01) if size > 1 else 0.01
    picture = axes.imshow(np.where(sure, values, np.nan), cmap="Greys", vmin=0.0, vmax=most, aspect="auto")
    half = found.half_width[:, outcome]
    for row in range(size):
        for column in range(row):
            wide = half[number[tuple(sorted((chosen[row], chosen[column])))]]
            dark = sure[row, column] and values[row, column] > 0.55 * most
            text = f"{verdict.number(values[row, column])}\n±{wide:.2f}" if size <= 8 or sure[row, column] else "·"
            axes.text(column, row, text, ha="center", va="center", fontsize=8 if text == "·" else 6,
                      color="white" if dark else "0.25")  # fmt: skip
    names_of = [f"{rank + 1}  {verdict.label(names[place])}" for rank, place in enumerate(chosen)]
    axes.set_xticks(range(size - 1), range(1, size))
    axes.set_yticks(range(1, size), names_of[1:])
    axes.set_xlabel(f"1: {verdict.label(names[chosen[0]])}; others as the lines")
    axes.set(xlim=(-0.5, size - 1.5), ylim=(size - 0.5, 0.5))
    if sure.any():
        figure.colorbar(picture, ax=axes, shrink=0.7, label="Second-order index")
    elif size > 4:  # the upper triangle has room to say why nothing is shaded
        words = f"every interval holds zero\n(the widest: ±{half.max():.2f})"
        axes.text(0.97, 0.95, words, transform=axes.transAxes, ha="right", va="top", fontsize=7)
    shading = "shaded: the interval lies above zero; a dot: it does not" if sure.any() else "every interval holds zero"
    caption = (
        f"Which factors act on {title(analysis, outcome)} together (second order, half the width of the 95 % interval); "
        f"{shading}."
    )
    return figure, only(analysis, outcome, ["S2"]), caption


def convergence(analysis, outcome):
    """Draw the ranking index of the first five factors at a quarter, a half and all of the rows."""
    order = verdict.order_of(analysis, outcome)[: verdict.TOP]
    places = [*order.tolist(), len(analysis.layout.names) + 1]
    figure, axes = new_figure(SINGLE, 82)
    shares = list(analysis.stages)
    rows = np.array([round(share * len(analysis.layout.part)) for share in shares], dtype=float)
    shift, factor = np.linspace(-0.07, 0.07, len(places)), verdict.shown_in(analysis.main, analysis.outcomes[outcome])[0]
    for number, place in enumerate(places):
        colour, dashes = LINES[number]
        stages = [stage[analysis.main] for stage in analysis.stages.values()]
        values = factor * np.array([stage.value[place, outcome] for stage in stages])
        half = factor * np.array([stage.half_width[place, outcome] for stage in stages])
        look = {"color": colour, "linestyle": dashes, "marker": MARKERS[number + 1], "markersize": 3.5}
        axes.errorbar(np.arange(len(rows)) + shift[number], values, yerr=half, capsize=1.5, elinewidth=0.8,
                      label=words_of(analysis.layout.units[place]), **look)  # fmt: skip
    last = [stage[analysis.main] for stage in list(analysis.stages.values())[-2:]]  # a stage may be without values
    top = 1.15 * factor * max(float(np.max(np.nan_to_num(one.value + one.half_width)[places, outcome])) for one in last)
    axes.set_ylim(-0.25 * top, top or 1.0)
    axes.axhline(0.0, color="0.4", linewidth=0.6)
    axes.set_xticks(range(len(rows)), [f"{row:.0f}" for row in rows])
    words = "\n".join(textwrap.fill(line, 28) for line in unit_words(analysis, outcome, analysis.main).split("\n"))
    axes.set(xlabel="Rows of the design", ylabel=words, xlim=(-0.3, len(rows) - 0.7))
    figure.legend(loc="outside lower left", ncols=1 if len(places) < 4 else 2)
    table = tables.convergence_table(analysis)
    table = table[(table["outcome"] == analysis.outcomes[outcome]) & (table["index"] == analysis.main)]
    caption = f"Convergence of the five strongest drivers of {title(analysis, outcome)} and the dummy; {INTERVALS}."
    return figure, table, f"{caption} Intervals of few rows may leave the panel."


def tornado(analysis, outcome):
    """Draw the outcome with each factor at its low and its high end, others as in the scenario, with intervals."""
    from scipy.stats import t

    outputs, count = analysis.outputs[..., outcome], len(analysis.layout.names)
    ends = outputs[:, 1:].reshape(len(outputs), count, -1)[:, :, [0, -1]]
    change = ends - outputs[:, :1, None]
    mean = change.mean(axis=0)
    half = t.ppf(0.975, len(outputs) - 1) * change.std(axis=0, ddof=1) / np.sqrt(len(outputs))
    order = np.argsort(-np.abs(mean).max(axis=1), kind="stable")[:MOST]
    figure, axes = new_figure(SINGLE, 28 + 7 * len(order))
    rows, (factor, of_unit) = np.arange(len(order))[::-1], change_of(unit(analysis.outcomes[outcome]))
    for end, (colour, words) in enumerate((("0.9", "at its lowest"), ("0.55", "at its highest"))):
        shift = 0.2 if end == 0 else -0.2
        change_shown, half_shown = factor * mean[order, end], factor * half[order, end]
        axes.barh(rows + shift, change_shown, 0.4, color=colour, edgecolor="0.35", linewidth=0.5, label=words)
        axes.errorbar(change_shown, rows + shift, xerr=half_shown, fmt="none", ecolor=BLACK, elinewidth=0.9, capsize=1.5)
    axes.axvline(0.0, color="black", linewidth=0.7)
    axes.set_yticks(rows, [words_of(analysis.layout.names[place], 26) for place in order])
    axes.set(xlabel=f"{textwrap.fill(f'Change of {title(analysis, outcome)}', 30)}\n({of_unit})")
    axes.locator_params(axis="x", nbins=5)
    figure.legend(loc="outside lower center", ncols=2)
    table = pandas.DataFrame({
        "factor": [analysis.layout.names[place] for place in order for _ in range(2)],
        "end": ["low", "high"] * len(order), "change": mean[order].ravel(),
        "low": (mean - half)[order].ravel(), "high": (mean + half)[order].ravel(),
    })  # fmt: skip
    caption = (
        f"Change of {title(analysis, outcome)} when one factor goes to an end of its range and all others stay as in the "
        "scenario; lines: 95 % t intervals over seeds, paired."
    )
    return figure, table, caption
