"""The figure of the stylized facts: how far each lies from its threshold, with interval, number and verdict."""

import textwrap

import numpy as np

from experiments.figures.style import BLUE, RED, drawing, new_figure, save
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors

NAME = "patterns"
ROW = 7.0  # millimetres
REACH = 2.0  # the axis ends here, either way
COLOURS = {"pass": BLUE, "fail": RED}


def draw_patterns(result, table):
    """Draw the figure into the folder of the result, with its numbers and caption."""
    folder = result.folder / "figures"
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
    with drawing():
        figure, caption = patterns(table)
        save(figure, folder, NAME, figure_metadata(result, NAME))
    publish(folder / f"{NAME}.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / f"{NAME}.txt", caption + "\n")


def patterns(table):
    """Return (figure, caption): a row for each tested fact."""
    shown = table[table["verdict"] != "not testable"].iloc[::-1]
    figure, axes = new_figure(190, 22 + ROW * len(shown))
    axes.axvline(0.0, color="0.3", linewidth=0.8, linestyle=":")
    axes.axvspan(-REACH, 0.0, color="0.95", linewidth=0)
    for place, row in enumerate(shown.itertuples()):
        draw_fact(axes, place, row)
    labels = [textwrap.fill(f"{row.fact}  {row.statement}", 62) for row in shown.itertuples()]
    axes.set_yticks(range(len(shown)), labels, fontsize=6)
    right = axes.secondary_yaxis("right")
    words = [f"{row.mean:.3g} [{row.low:.3g}, {row.high:.3g}];  {row.threshold}" for row in shown.itertuples()]
    right.set_yticks(range(len(shown)), words, fontsize=6)
    right.tick_params(length=0)
    axes.set(xlim=(-REACH, REACH), ylim=(-0.7, len(shown) - 0.3))
    axes.set_xlabel("fails  \u2190  distance from the threshold, relative to it  \u2192  passes")
    pairs = int(shown["n"].min()) if len(shown) else 0
    untested = ", ".join(table.loc[table["verdict"] == "not testable", "fact"])
    caption = (
        f"Stylized facts: mean and 95 % interval over {pairs} seeds, as distance from the threshold relative to it (to the "
        "mean where the threshold is 0; to half the range where there are two). Right: the numbers and the threshold. Blue, "
        f"filled: the whole interval passes; red, open: it does not. Not testable: {untested or 'none'}."
    )
    return figure, caption


def draw_fact(axes, place, row):
    """Draw one fact."""
    middle, low, high = np.clip(distances(row), -0.97 * REACH, 0.97 * REACH)
    colour = COLOURS[row.verdict]
    axes.plot([low, high], [place, place], color=colour, linewidth=2.0)
    face = colour if row.verdict == "pass" else "white"
    axes.plot(middle, place, marker="o", markersize=4.5, color=colour, markerfacecolor=face)


def distances(row):
    """Return mean and ends of the interval as distances from the threshold, positive where the fact holds."""
    values = np.array([row.mean, row.low, row.high])
    if " to " in row.threshold:
        first, last = (float(text) for text in row.threshold.split(" to "))
        half = (last - first) / 2.0
        width = (row.high - row.low) / 2.0 / half
        middle = 1.0 - abs(row.mean - (first + last) / 2.0) / half
        return np.array([middle, middle - width, middle + width])
    bound = float(row.threshold[2:])
    sign = 1.0 if row.threshold.startswith(">") else -1.0
    unit = abs(bound) or max(abs(row.mean), 1e-12)
    return sign * (values - bound) / unit
