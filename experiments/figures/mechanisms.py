"""Figures of an ablation: what having each mechanism changes, several observables side by side."""

import pandas

from experiments.figures import data
from experiments.figures.style import BLUE, RED, drawing, new_figure, save
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors
from experiments.units import change_in
from model.registry import load_observables

PANELS = 3
ROW = 4.2  # millimetres
OUTLIERS = 2  # intervals that a panel may cut,
FLATTENING = 2.0  # if the panel would have to reach that many times as far for them
NAMES = ("mechanisms", "mechanisms_harm")


def draw_mechanisms(result, table):
    """Draw one figure of the headline observables and one of the harm, each with its numbers and caption."""
    folder = result.folder / "figures"
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
    observables = list(dict.fromkeys(table["observable"]))
    for name, shown in zip(NAMES, (observables[:PANELS], chosen_harm(table, observables[PANELS:])), strict=True):
        if not shown:
            continue
        with drawing():
            figure, numbers, caption = contributions(table, shown)
            save(figure, folder, name, figure_metadata(result, name))
        publish(folder / f"{name}.csv", numbers.to_csv(index=False, lineterminator="\n"))
        publish(folder / f"{name}.txt", caption + "\n")


def chosen_harm(table, observables):
    """Return the harm that most mechanisms change for certain, at most three."""
    clear = table.assign(clear=(table["simultaneous_low"] > 0) | (table["simultaneous_high"] < 0))
    counts = clear.groupby("observable")["clear"].sum()
    ranked = sorted(observables, key=lambda name: (-counts[name], observables.index(name)))[:PANELS]
    return [name for name in observables if name in ranked]


def contributions(table, observables):
    """Return (figure, numbers, caption): a row for each mechanism, a panel for each observable."""
    shown = table[table["observable"].isin(observables)]
    first = table[table["observable"] == table["observable"].iloc[0]]
    order = first["mechanism"].tolist()[::-1]
    labels = first.set_index("mechanism").loc[order, "label"]
    figure, panels = new_figure(190, 24 + ROW * len(order), 1, len(observables), sharey=True, squeeze=False)
    for axes, name in zip(panels[0], observables, strict=True):
        draw_panel(axes, shown[shown["observable"] == name].set_index("mechanism").loc[order], name)
    panels[0][0].set_yticks(range(len(order)), labels, fontsize=6)
    figure.align_xlabels()
    pairs = int(shown["n"].min())
    caption = (
        f"What having each mechanism changes in the last twelve months: the scenario minus the scenario without it, {pairs} "
        "pairs. Thick: 95 % interval; thin: 95 % for all mechanisms at once. Filled: differs from zero for all at once; "
        "blue is better, red is worse, black has no direction; arrows: outside the panel. Ordered by the effect on "
        f"{data.short_label(first_name(table)).lower()}."
    )
    return figure, pandas.DataFrame(shown), caption


def first_name(table):
    """Return the observable that orders the rows."""
    return table["observable"].iloc[0]


def draw_panel(axes, rows, name):
    """Draw the intervals of one observable."""
    factor, unit = change_in(name)
    direction = load_observables()[name].direction
    axes.axvline(0.0, color="0.4", linewidth=0.7, linestyle=":")
    edge = edge_of(rows) * factor
    for place, row in enumerate(rows.itertuples()):
        clear = row.simultaneous_low > 0 or row.simultaneous_high < 0
        colour = colour_of(row.effect, direction) if clear else "0.6"
        ends = [factor * row.simultaneous_low, factor * row.simultaneous_high]
        axes.plot(ends, [place, place], color=colour, linewidth=0.7)
        axes.plot([factor * row.low, factor * row.high], [place, place], color=colour, linewidth=2.0)
        face = colour if clear else "white"
        axes.plot(factor * row.effect, place, marker="o", markersize=3.2, color=colour, markerfacecolor=face)
        if abs(factor * row.effect) > edge:
            point_beyond(axes, [factor * value for value in (row.effect, row.low, row.high)], place, edge, colour)
    for place in range(0, len(rows), 2):
        axes.axhspan(place - 0.5, place + 0.5, color="0.96", linewidth=0, zorder=0)
    axes.set(xlabel=unit, title=data.short_label(name), ylim=(-0.7, len(rows) - 0.3))
    axes.set_xlim(-1.06 * edge, 1.06 * edge)
    axes.locator_params(axis="x", nbins=5)


def edge_of(rows):
    """Return how far from zero a panel reaches: all intervals but those of the few that would flatten the others."""
    reach = rows[["simultaneous_low", "simultaneous_high"]].abs().max(axis=1).sort_values(ascending=False)
    farthest, inside = float(reach.iloc[0]), float(reach.iloc[min(OUTLIERS, len(reach) - 1)])
    return inside if inside and farthest > FLATTENING * inside else farthest or 1.0


def point_beyond(axes, numbers, place, edge, colour):
    """Say what an effect is that lies outside the panel, with its 95 % interval."""
    value, low, high = numbers
    side = 1.0 if value > 0 else -1.0
    look = {"ha": "right" if value > 0 else "left", "va": "center", "fontsize": 6, "color": colour}
    words = f"{value:+.3g} [{low:.3g}, {high:.3g}]"
    arrow = f"{words} \u2192" if value > 0 else f"\u2190 {words}"
    axes.text(side * edge, place, arrow, bbox={"facecolor": "white", "linewidth": 0, "pad": 0.6}, **look)


def colour_of(value, direction):
    """Return blue for better, red for worse, black if the observable has no direction."""
    if direction == "neither":
        return "black"
    return BLUE if (value > 0) == (direction == "higher") else RED
