"""How the interval narrows as replicates are added: what has been bought, and what more would buy."""

import numpy as np
import pandas
from matplotlib.ticker import MaxNLocator

from experiments.figures import data
from experiments.figures.style import LINES, new_figure
from experiments.figures.sweep_data import headline_of, subject_of
from experiments.precision import Target, widths
from experiments.units import change_in

FEWEST = 3  # replicates from which an interval is drawn
WIDTHS = ("narrowest", "median", "widest")
FEW = 12  # numbers of replicates up to which each is marked


def half_width(swept):
    """Half-width of the 95 % interval of the mean against the number of replicates, the widest point and the median."""
    target = swept.plan.get("target") or {}
    observables = list(target.get("observables", headline_of(swept)))[: len(LINES)]
    paired = bool(target.get("paired"))
    table = curves(swept.table, observables, paired)
    figure, panels = new_figure(max(90, 60 * len(observables)), 65, 1, len(observables), squeeze=False)
    for axes, name in zip(panels[0], observables, strict=True):
        mine, unit = shown(table, name)
        for (key, words), (colour, dashes) in zip((("widest", "widest"), ("median", "median")), LINES, strict=False):
            look = {"color": colour, "linestyle": dashes, "marker": "o" if len(mine) < FEW else None, "markersize": 3}
            axes.plot(mine["replicates"], mine[key], label=f"{words} of all points", **look)
        axes.fill_between(mine["replicates"], mine["narrowest"], mine["widest"], color="0.9", linewidth=0)
        if target:
            axes.axhline(change_in(name)[0] * target["half_width"], color="0.4", linestyle=":", label="target")
        axes.set(xlabel="replicates", ylabel=data.with_unit(f"Half-width of {data.short_label(name).lower()}", unit, 30))
        axes.set_ylim(0.0, 1.06 * mine["widest"].max() or None)  # a line along the edge would be cut
        axes.set_xlim(mine["replicates"].min() - 0.5, mine["replicates"].max() + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
    panels[0, 0].legend()
    what = "paired difference from the baseline" if paired else "mean"
    caption = (
        f"Half-width of the 95 % interval of the {what} over the last twelve months, by the first n replicates, "
        f"{subject_of(swept, False)}. Grey: narrowest to widest of all points and policies."
    )
    return figure, table, caption


def shown(table, name):
    """Return (curves of an observable as they are drawn, unit): a width is a difference, so of a share in points."""
    factor, unit = change_in(name)
    mine = table[table["observable"] == name]
    return mine.assign(**{key: factor * mine[key] for key in WIDTHS}), unit


def curves(table, observables, paired):
    """Return narrowest, median and widest half-width by number of replicates, a row for each number and observable."""
    rows = []
    last = int(table["replicate"].max()) + 1
    numbers = np.unique(np.linspace(min(FEWEST, last), last, 40).astype(int))
    target = Target(1.0, tuple(observables), paired)
    for number in numbers:
        found = widths(table[table["replicate"] < number], target).dropna(subset=["half_width"])
        for name, group in found.groupby("observable")["half_width"]:
            facts = dict(zip(WIDTHS, (group.min(), group.median(), group.max()), strict=True))
            rows.append({"observable": name, "replicates": int(number), **facts})
    return pandas.DataFrame(rows)
