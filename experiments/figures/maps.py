"""Map of an outcome over two factors of a sweep, and colour bars that invent no scale."""

import textwrap

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from experiments.figures import data
from experiments.figures.style import new_figure
from experiments.figures.sweep_data import (
    binned,
    factors_of,
    headline_of,
    is_switch,
    name_of_factor,
    policy_rows,
    pooled,
    subject_of,
    ticks_of,
    words_of_ranges,
)
from experiments.outcomes import summarise
from experiments.units import change_in

MOST_TICKS = 6
POINTS_OF_CELL, CELLS_ALONG = 2, (3, 8)  # of a map of sampled points: few cells stay empty
CONSTANT = 1e-9  # of a value: what differs less is drawn as one
LIGHTEST = 0.12  # of the map of uncertainty: white is kept for cells without a run


def heat_map(result):
    """Map of the first headline observable over two factors, and how sure each cell is."""
    names = strongest_two(result)
    observable = headline_of(result)[0]
    rows = next(iter(policy_rows(result).values()))
    cells, borders = cells_of(result, rows, names, observable)
    shown = data.levels(cells, observable)
    figure, panels = new_figure(170, 84, 1, 2, sharey=True)
    means, widths = (shown.pivot(index=names[1], columns=names[0], values=key) for key in ("mean", "half_width"))
    draw_map(figure, panels[0], means, borders, colormaps["cividis"], f"mean: {data.label(observable)}", contours=True)
    greys = ListedColormap(colormaps["Greys"](np.linspace(LIGHTEST, 1.0, 256)))
    words = f"half-width of the 95 % interval of the mean ({change_in(observable)[1]})"
    draw_map(figure, panels[1], widths, borders, greys, words, contours=False, low=0.0)
    for axes in panels:
        axes.set_xlabel(textwrap.fill(name_of_factor(names[0]), 40))
        mark_cells(axes.xaxis, result, names[0], means.columns, borders)
    mark_cells(panels[0].yaxis, result, names[1], means.index, borders)
    panels[0].set_ylabel(textwrap.fill(name_of_factor(names[1]), 40))
    caption = (
        f"{data.short_label(observable)} over two factors, {subject_of(result)}: left the mean of the last twelve months "
        f"with contours, right the half-width of its 95 % interval over {int(cells['count'].min())} replicates"
        f"{', over all values of the other factors' if len(factors_of(result)) > 2 else ''}. White: no run."
        f"{words_of_ranges([name for name in names if borders[name] is not None])}"
    )
    return figure, cells, caption


def strongest_two(result):
    """Return the two factors whose values move the first headline observable most."""
    rows, observable = next(iter(policy_rows(result).values())), headline_of(result)[0]
    spread = {name: binned(result, rows, name, observable)["mean"].var(ddof=0) for name in factors_of(result)}
    chosen = sorted(spread, key=lambda name: -spread[name])[:2]
    return [name for name in factors_of(result) if name in chosen]


def cells_of(result, rows, names, observable):
    """Return (mean and half-width in every cell of two factors, factor -> borders of its ranges or None)."""
    points = len(rows[names].drop_duplicates())
    most = int(np.clip(np.sqrt(points / POINTS_OF_CELL), *CELLS_ALONG))
    found = {name: pooled(result, rows[name], most) for name in names}
    placed = rows.assign(**{name: values for name, (values, _) in found.items()})
    table = summarise(placed, [observable], names).sort_values(names[::-1], ignore_index=True)
    return table, {name: borders for name, (_, borders) in found.items()}


def draw_map(figure, axes, table, borders, colours, words, contours, low=None):
    """Draw one map; columns and rows of the table are the values of the factors; `low` begins the scale."""
    z = table.to_numpy(float)
    x, y = (middles(axis, borders[axis.name]) for axis in (table.columns, table.index))
    ends = [edges(axis, borders[axis.name]) for axis in (table.columns, table.index)]
    low, high = np.nanmin(z) if low is None else low, np.nanmax(z)
    mesh = axes.pcolormesh(*ends, z, cmap=colours, norm=scale_of(low, high), rasterized=True)
    bar = colour_bar(figure, axes, mesh, low, high, location="top")
    bar.set_label(textwrap.fill(words, 44))
    if contours and min(z.shape) > 2 and np.isfinite(z).all() and differ(low, high):
        halo = [withStroke(linewidth=1.2, foreground="black")]
        lines = axes.contour(x, y, z, 5, colors="white", linewidths=0.8)
        lines.set_path_effects(halo)
        for label in axes.clabel(lines, fontsize=6, fmt="%.3g"):
            label.set_path_effects(halo)


def middles(values, borders):
    """Return where the cells of a factor stand: at its levels, or in the middle of its ranges."""
    return values.to_numpy(float) if borders is None else (borders[:-1] + borders[1:]) / 2


def edges(values, borders):
    """Return where the cells of a factor end: half-way between its levels, or at the borders of its ranges."""
    if borders is not None:
        return borders
    levels = values.to_numpy(float)
    between = (levels[:-1] + levels[1:]) / 2
    return np.concatenate([[2 * levels[0] - between[0]], between, [2 * levels[-1] - between[-1]]])


def mark_cells(axis, result, name, values, borders):
    """Mark each level of a factor, or each border of its ranges, if there is room for the numbers."""
    marks = values.to_numpy(float) if borders[name] is None else borders[name]
    if not is_switch(result, name) and len(marks) <= MOST_TICKS:
        axis.set_ticks(marks, [f"{mark:.3g}" for mark in marks])
    else:
        ticks_of(axis, result, name)


def differ(low, high):
    """Say whether two values are more than rounding apart."""
    return high - low > CONSTANT * max(abs(low), abs(high))


def scale_of(low, high):
    """Return a scale of colours; one for a single value has room above it, because it cannot be drawn without."""
    return Normalize(low, high if differ(low, high) else low + 1.0)


def colour_bar(figure, axes, mesh, low, high, location="right"):
    """Add a colour bar; if all values are one, only that one is marked, since a scale around it would be invented."""
    bar = figure.colorbar(mesh, ax=axes, location=location, ticks=MaxNLocator(5))
    if not differ(low, high):
        bar.set_ticks([high], labels=[f"{high:.3g}"])
    return bar
