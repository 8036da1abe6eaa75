"""Figures of a comparison: who gains, at what price, when, and what several levers do together."""

import textwrap

import numpy as np
import pandas

from experiments.comparison import gaps, levers, money
from experiments.comparison.tables import timed
from experiments.figures import data
from experiments.figures.policies import forest, legend_below, look_of, row_height, wrapped
from experiments.figures.style import BLUE, new_figure
from experiments.texts import marked, measured, named, say
from experiments.units import change_in, level_in
from model.registry import load_observables

GAIN = "digital_cases"
COSTS = (  # million rupiah -> the label of an axis in that unit
    (1e6, "cost over the run (Rp trillion)"),
    (1e3, "cost over the run (Rp billion)"),
    (1.0, "cost over the run (Rp million)"),
)
GAINS = (
    (1e6, "additional digital cases (million)"),
    (1e3, "additional digital cases (thousand)"),
    (1.0, "additional digital cases"),
)
MINUS = "\N{MINUS SIGN}"
CLEAR = {"facecolor": "white", "linewidth": 0, "pad": 0.4}  # keeps a line from striking a number through
MOST_DECADES = 3  # marked on either side of zero
FINE = 200  # points of a line on a bent scale


def gap_effects(result):
    """Change of digital use on average, and of every gap between groups, one panel each."""
    table = gaps.gaps(result)
    table = table[table["measure"] == "use_share"]
    kinds = list(dict.fromkeys(table["kind"]))
    order = table[table["kind"] == kinds[0]].sort_values("average")["policy"].tolist()
    names = [wrapped(name) for name in order]
    figure, panels = new_figure(190, 32 + row_height(names) * len(order), 1, 1 + len(kinds), sharey=True)
    mean = table[table["kind"] == kinds[0]].set_index("policy").loc[order]
    mean = pandas.DataFrame({
        "mean_difference": mean["average"], "low": mean["average_low"], "high": mean["average_high"],
        "simultaneous_low": mean["average_low"], "simultaneous_high": mean["average_high"],
    })  # fmt: skip
    factor, unit = change_in("use_share")
    forest(panels[0], factor * mean, "higher")
    panels[0].set(title=data.in_lines(data.short_label("use_share")), xlabel=named(unit))
    for axes, kind in zip(panels[1:], kinds, strict=True):
        rows = table[table["kind"] == kind].set_index("policy").loc[order]
        forest(axes, factor * rows[list(mean)], "lower")
        axes.set(title=data.in_lines(named(f"Gap: {kind}")), xlabel=named(unit))
    panels[0].set_yticks(range(len(order)), names)
    return figure, table, say("caption.gap_effects")


def price_plane(result):
    """Cost and gain of every policy with intervals, and the frontier, for both accounts."""
    table = money.prices(result)
    table = table[table["gain"] == GAIN]
    states = money.incremental(result, GAIN)
    figure, panels = new_figure(190, 85, 1, len(money.ACCOUNTS))
    policies = list(dict.fromkeys(table["policy"]))
    (much, gain_words), (dear, cost_words) = by_size(table["amount"], GAINS), by_size(table["cost"], COSTS)
    for axes, account in zip(panels, money.ACCOUNTS, strict=True):
        for row in table[table["account"] == account].itertuples():
            look = look_of(1 + policies.index(row.policy))
            cost = [[(row.cost - row.cost_low) / dear], [(row.cost_high - row.cost) / dear]]
            gain = [[(row.amount - row.amount_low) / much], [(row.amount_high - row.amount) / much]]
            axes.errorbar(
                row.amount / much, row.cost / dear, cost, gain, linestyle="none", color=look["color"],
                marker=look["marker"], markersize=5, elinewidth=0.9, label=row.policy,
            )  # fmt: skip
        best = states[(states["account"] == account) & (states["state"] == "frontier")].sort_values("cost")
        steps = np.linspace(0.0, len(best) - 1.0, FINE)
        line = [np.interp(steps, np.arange(len(best)), best[name]) for name in ("amount", "cost")]
        axes.plot(line[0] / much, line[1] / dear, color="0.5", linewidth=0.8, zorder=0, label=named("frontier"))
        axes.plot(best["amount"] / much, best["cost"] / dear, "o", color="0.5", markersize=10, markerfacecolor="none")
        axes.axhline(0.0, color="0.4", linewidth=0.6, linestyle=":")
        axes.axvline(0.0, color="0.4", linewidth=0.6, linestyle=":")
        axes.set(title=named(f"{account.capitalize()} account"), xlabel=named(gain_words))
        axes.margins(0.12)
        bend(axes, float(table["amount"].abs().max()) / much)
    panels[0].set_ylabel(named(cost_words))
    legend_below(figure, panels[0])
    known = table.merge(states[["account", "policy", "state"]], on=["account", "policy"])
    return figure, known, say("caption.price_plane")


def by_size(values, units):
    """Return the largest unit (factor, label) in which the farthest of some values is at least one."""
    farthest = float(values.abs().max())
    return next((unit for unit in units if farthest >= unit[0]), units[-1])


def bend(axes, farthest):
    """Bend the x axis, logarithmic on both sides of zero, and mark as many powers of ten as stand apart."""
    smallest = int(np.floor(np.log10(max(farthest, 1e-6) / 300.0)))
    axes.set_xscale("symlog", linthresh=10.0**smallest)
    low, high = axes.get_xlim()
    largest = int(np.floor(np.log10(max(abs(low), abs(high)))))
    step = -(-(largest - smallest + 1) // MOST_DECADES)
    powers = 10.0 ** np.arange(largest, smallest, -step)
    marks = [mark for mark in (*-powers, 0.0, *powers[::-1]) if low <= mark <= high]
    axes.set_xticks(marks, [marked(f"{mark:,g}").replace("-", MINUS) for mark in marks])
    axes.minorticks_off()


def acceptability(result):
    """How probably each policy is the best buy, over what an additional digital case is worth."""
    table = money.acceptability(result, GAIN)
    figure, panels = new_figure(190, 85, 1, len(money.ACCOUNTS), sharey=True)
    policies = list(dict.fromkeys(table["policy"]))
    shown = [name for name in policies if table.loc[table["policy"] == name, "probability"].max() >= 0.01]
    for axes, account in zip(panels, money.ACCOUNTS, strict=True):
        mine = table[table["account"] == account]
        for name in shown:
            rows = mine[mine["policy"] == name]
            look = look_of(policies.index(name))
            axes.plot(1e3 * rows["worth"], rows["probability"], **look, markevery=20, label=name)
        axes.set(title=named(f"{account.capitalize()} account"))
        axes.set_xlabel(named("worth of an additional digital case (thousand rupiah)"))
        axes.set_xscale("log")
        axes.set_ylim(-0.03, 1.03)
    panels[0].set_ylabel(named("probability of being the best buy"))
    legend_below(figure, panels[0])
    return figure, table, say("caption.acceptability")


def months_to_target(result):
    """Months until a target is reached, restricted to the length of the run, and the share of runs that reach it."""
    table = timed(result, levers.about(result)["targets"])
    keys = list(dict.fromkeys(zip(table["observable"], table["target"], strict=True)))
    order = table[table["observable"] == keys[0][0]].sort_values("restricted_mean", ascending=False)["policy"].unique()
    names = [wrapped(name) for name in order]
    height = 22 + row_height(names, 7.0) * len(names)
    figure, panels = new_figure(190, height, 1, len(keys), sharey=True, squeeze=False)
    for axes, (name, level) in zip(panels[0], keys, strict=True):
        rows = table[(table["observable"] == name) & (table["target"] == level)].set_index("policy").loc[order]
        for place, row in enumerate(rows.itertuples()):
            axes.plot([row.low, row.high], [place, place], color=BLUE, linewidth=2.4)
            full = row.reached == 1.0
            axes.plot(row.restricted_mean, place, "o", color=BLUE, markersize=4.5, markerfacecolor=BLUE if full else "white")
            words = measured(f"{100 * row.reached:.0f}", "%") + (f" / {row.runs}" if row.runs > row.n else "")
            above = {"xytext": (0, 5), "textcoords": "offset points", "fontsize": 6, "ha": "center", "bbox": CLEAR}
            axes.annotate(words, (row.restricted_mean, place), **above)
        factor, unit = level_in(name)
        axes.axvline(rows["horizon"].iloc[0], color="0.4", linewidth=0.7, linestyle=":")
        axes.set_title(f"{data.short_label(name)}: {measured(marked(f'{factor * level:.3g}'), named(unit))}")
        axes.set_xlabel(named("months from the start"))
        axes.margins(x=0.08)
        axes.set_ylim(-0.7, len(rows) - 0.3)
    panels[0][0].set_yticks(range(len(order)), names)
    return figure, table, say("caption.months_to_target")


def lever_effects(result):
    """Main effects and interactions of a factorial, or the orders of levers, on the headline observables."""
    kind = levers.about(result)["kind"]
    names = result.scenario["headline"]
    if kind == "factorial":
        table, column, value = levers.factorial(result, names), "term", "effect"
    else:
        table, column, value = levers.orders(result, names), "contrast", "mean_difference"
        table = table[table["kind"] != "order"]  # orders against the baseline stand with the effects of policies
    table = table.assign(mean_difference=table[value], label=table[column] + "\n(" + table["kind"].map(named) + ")")
    labels = list(dict.fromkeys(table["label"]))[::-1]
    figure, panels = new_figure(190, 30 + 11 * len(labels), 1, len(names), sharey=True, squeeze=False)
    for axes, name in zip(panels[0], names, strict=True):
        factor, unit = change_in(name)
        rows = table[table["observable"] == name].set_index("label").loc[labels]
        bounds = ["mean_difference", "low", "high", "simultaneous_low", "simultaneous_high"]
        forest(axes, rows[bounds] * factor, load_observables()[name].direction)
        axes.set(title=data.short_label(name), xlabel=named(unit))
    panels[0][0].set_yticks(range(len(labels)), [in_lines(label) for label in labels])
    return figure, table.drop(columns="label"), say(f"caption.{kind}")


def in_lines(label):
    """Return a label of a term or an order in short lines."""
    return "\n".join(textwrap.fill(line, 34) for line in label.split("\n"))
