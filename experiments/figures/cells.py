"""Figures of small sweeps: every cell with its interval, paired contrasts, and differences over time."""

import textwrap

import numpy as np
import pandas
from matplotlib.ticker import MaxNLocator
from scipy.stats import t

from experiments import contrasts as paired
from experiments.figures import data
from experiments.figures.style import BLACK, BLUE, LINES, RED, new_figure
from experiments.figures.sweep_data import headline_of, name_of_factor, subject_of
from experiments.plans.variants import SWITCH
from experiments.units import change_in, level_in
from model.observables import OBSERVABLES
from model.parameter_table import BASELINE
from model.registry import load_observables

PANELS = 3
ROW, LINE = 5.0, 2.4  # millimetres: least height of a row, height of a line of its label
LETTERS = 58  # of a line of a label
MOST_CELLS = 60


def short(name):
    """Return the words of a factor without its unit, in lower case."""
    words = name_of_factor(name).split(" (")[0].lower()
    return f"mechanism {words}" if name.startswith(SWITCH) else words


def cells(swept):
    """Every point and policy: mean and interval of the headline observables."""
    names, observables = paired.named_by(swept), headline_of(swept)
    table = paired.cells(swept, observables)
    shown = [table[table["observable"] == name] for name in observables[:PANELS]]
    labels = [cell_label(row, names, swept) for _, row in shown[0].iterrows()]
    figure, panels = rows_figure(labels, min(len(observables), PANELS))
    for axes, name, rows in zip(panels, observables, shown, strict=False):
        factor, unit = level_in(name)
        for place, row in enumerate(rows.iloc[::-1].itertuples()):
            axes.plot([factor * row.low, factor * row.high], [place, place], color=BLUE, linewidth=2.0)
            axes.plot(factor * row.mean, place, marker="o", markersize=3.5, color=BLUE)
        axes.set(xlabel=unit, title=data.short_label(name))
        axes.locator_params(axis="x", nbins=4)
    caption = (
        f"Mean of the last twelve months and 95 % interval over {int(table['count'].min())} replicates, "
        f"{subject_of(swept, False)}.{words_of_repeats(swept)}"
    )
    return figure, table, caption


def words_of_repeats(swept):
    """Return the sentence of a caption that says that equal points share a row, or nothing."""
    repeated = len(swept.points) - len(paired.points_once(swept))
    return " Equal points share a row." if repeated else ""


def cell_label(row, names, swept):
    """Return the words of a cell: its point, and its policy if there are several."""
    point = paired.label_of(row, names, short)
    if len(swept.policies) == 1:
        return point
    return f"{point}: {row['policy']}" if point else row["policy"]


def rows_figure(labels, panels):
    """Return (figure, axes) with a labelled row for each entry, the first on top."""
    lines = [textwrap.fill(label, LETTERS, break_on_hyphens=False) for label in labels]
    height = max(ROW, LINE * (1 + max(label.count("\n") + 1 for label in lines)))  # a line apart from the next label
    figure, grid = new_figure(190, 24 + height * max(len(labels), 3), 1, panels, sharey=True, squeeze=False)
    axes = list(grid[0])
    axes[0].set_yticks(range(len(lines)), lines[::-1], fontsize=5.5)
    for one in axes:
        one.set_ylim(-0.7, len(lines) - 0.3)
        for place in range(0, len(lines), 2):
            one.axhspan(place - 0.5, place + 0.5, color="0.96", linewidth=0, zorder=0)
    return figure, axes


def contrasts(swept):
    """Paired differences: policies against the baseline at each point, or along the last factor."""
    names, observables = paired.named_by(swept), headline_of(swept)
    table = paired.contrasts(swept, observables)
    shown = table[[paired.is_baseline(text) for text in table["contrast"]]] if len(swept.policies) > 1 else table
    first = shown[shown["observable"] == observables[0]]
    labels = [contrast_label(row, names, swept) for _, row in first.iterrows()]
    figure, panels = rows_figure(labels, min(len(observables), PANELS))
    for axes, name in zip(panels, observables, strict=False):
        draw_contrasts(axes, shown[shown["observable"] == name], name)
    caption = (
        f"Paired differences over the last twelve months, {subject_of(swept, False)}; bars: 95 % interval over "
        f"{int(table['n'].min())} replicates. Filled: the interval leaves out zero; blue is better, red is worse, black has "
        f"no direction.{words_of_repeats(swept)}"
    )
    return figure, table, caption


def contrast_label(row, names, swept):
    """Return the words of a contrast."""
    if len(swept.policies) > 1:
        point = paired.label_of(row, names, short)
        text = row["contrast"].removesuffix(f" - {BASELINE}")
        return f"{point}: {text}" if point else text
    *others, last = names
    point = paired.label_of(row, others, short)
    text = f"{short(last)}{row['contrast'].removeprefix(last).replace(' - ', ' against ')}"
    return f"{point}: {text}" if point else text


def draw_contrasts(axes, rows, name):
    """Draw the differences of one observable."""
    factor, unit = change_in(name)
    direction = load_observables()[name].direction
    axes.axvline(0.0, color="0.4", linewidth=0.7, linestyle=":")
    for place, row in enumerate(rows.iloc[::-1].itertuples()):
        clear = row.low > 0 or row.high < 0
        colour = colour_of(row.difference, direction) if clear else "0.55"
        axes.plot([factor * row.low, factor * row.high], [place, place], color=colour, linewidth=2.0)
        face = colour if clear else "white"
        axes.plot(factor * row.difference, place, marker="o", markersize=3.5, color=colour, markerfacecolor=face)
    axes.set(xlabel=unit, title=data.short_label(name))
    axes.locator_params(axis="x", nbins=4)


def colour_of(value, direction):
    """Return blue for better, red for worse, black if the observable has no direction."""
    if direction == "neither":
        return BLACK
    return BLUE if (value > 0) == (direction == "higher") else RED


def paths(swept):
    """Paired difference of each policy from the baseline over time, headline observables."""
    observables = headline_of(swept)[:PANELS]
    figure, grid = new_figure(190, 75, 1, len(observables), squeeze=False)
    tables = []
    for place, policy in enumerate(name for name in swept.policies if name != BASELINE):
        for axes, name in zip(grid[0], observables, strict=True):
            table = difference_over_time(swept, policy, name)
            colour, dashes = LINES[place % len(LINES)]
            year, factor = table["year"], change_in(name)[0]
            axes.fill_between(year, factor * table["low"], factor * table["high"], color=colour, alpha=0.2, linewidth=0)
            axes.plot(year, factor * table["mean"], color=colour, linestyle=dashes, label=policy)
            tables.append(table)
    for axes, name in zip(grid[0], observables, strict=True):
        axes.axhline(0.0, color="0.4", linewidth=0.7, linestyle=":")
        axes.set(title=data.short_label(name), xlabel="Year", ylabel=f"difference ({change_in(name)[1]})")
        axes.margins(x=0)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    caption = (
        f"Difference from the baseline, month by month, paired; band: 95 % interval of the mean, {subject_of(swept)}, first "
        "point of the design."
    )
    return figure, pandas.concat(tables, ignore_index=True), caption


def difference_over_time(swept, policy, name):
    """Return year, mean, low and high of the paired difference from the baseline at the first point."""
    rows = swept.table[(swept.table["status"] == "ok") & (swept.table["point"] == swept.points["point"].iloc[0])]
    series = swept.series.set_index("run_id")[["month", *(set(OBSERVABLES) & {name})]]
    wide = {
        which: rows[rows["policy"] == which].set_index("replicate")["run_id"].sort_index() for which in (policy, BASELINE)
    }
    common = wide[policy].index.intersection(wide[BASELINE].index)
    values = [
        series.loc[wide[policy][number], name].to_numpy() - series.loc[wide[BASELINE][number], name].to_numpy()
        for number in common
    ]
    matrix = np.array(values)
    mean = matrix.mean(axis=0)
    half = t.ppf(0.975, len(matrix) - 1) * matrix.std(axis=0, ddof=1) / np.sqrt(len(matrix))
    months = np.arange(matrix.shape[1])
    columns = {"policy": policy, "observable": name, "month": months, "year": data.years(swept, months)}
    return pandas.DataFrame({**columns, "mean": mean, "low": mean - half, "high": mean + half})
