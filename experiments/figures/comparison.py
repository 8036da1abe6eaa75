"""Figures of a comparison: who gains, at what price, when, and what several levers do together."""

import textwrap

import numpy as np
import pandas

from experiments.comparison import gaps, levers, money
from experiments.comparison.design import JOIN
from experiments.comparison.tables import timed
from experiments.figures import data
from experiments.figures.policies import forest, legend_below, look_of, scale
from experiments.figures.style import BLUE, new_figure
from model.registry import load_observables

WIDTH = 24  # letters of a name in a line
GAIN = "digital_cases"
MILLION, TRILLION = 1e6, 1e6  # cases; million rupiah in a trillion
FINE = 200  # points of a line on a bent scale


def wrapped(name):
    """Return the name of a policy in short lines."""
    return textwrap.fill(name.replace(JOIN, f" {JOIN} "), WIDTH)


def gap_effects(result):
    """Change of digital use on average, and of every gap between groups, one panel each."""
    table = gaps.gaps(result)
    table = table[table["measure"] == "use_share"]
    kinds = list(dict.fromkeys(table["kind"]))
    order = table[table["kind"] == kinds[0]].sort_values("average")["policy"].tolist()
    figure, panels = new_figure(190, 32 + 8 * len(order), 1, 1 + len(kinds), sharey=True)
    mean = table[table["kind"] == kinds[0]].set_index("policy").loc[order]
    mean = pandas.DataFrame({
        "mean_difference": mean["average"], "low": mean["average_low"], "high": mean["average_high"],
        "simultaneous_low": mean["average_low"], "simultaneous_high": mean["average_high"],
    })  # fmt: skip
    forest(panels[0], 100.0 * mean, "higher")
    panels[0].set(title="Digital use", xlabel="percentage points")
    for axes, kind in zip(panels[1:], kinds, strict=True):
        rows = table[table["kind"] == kind].set_index("policy").loc[order]
        forest(axes, 100.0 * rows[list(mean)], "lower")
        axes.set(title=f"Gap: {kind}", xlabel="percentage points")
    panels[0].set_yticks(range(len(order)), [wrapped(name) for name in order])
    caption = (
        "Who gains: change of digital use in the last year on average, and of the gaps between groups (skill: most minus "
        "least skilled third; setting: urban minus rural; province: standard deviation between provinces; remote: other "
        "minus remote provinces). Thick: 95 % interval (for all policies at once under digital use); thin: for all policies "
        "at once. Right of the dotted line a gap widens; red: clearly so."
    )
    return figure, table, caption


def price_plane(result):
    """Cost and gain of every policy with intervals, and the frontier, for both accounts."""
    table = money.prices(result)
    table = table[table["gain"] == GAIN]
    states = money.incremental(result, GAIN)
    figure, panels = new_figure(190, 85, 1, len(money.ACCOUNTS))
    policies, gains = list(dict.fromkeys(table["policy"])), table["amount"] / MILLION
    for axes, account in zip(panels, money.ACCOUNTS, strict=True):
        for row in table[table["account"] == account].itertuples():
            look = look_of(1 + policies.index(row.policy))
            cost = [[(row.cost - row.cost_low) / TRILLION], [(row.cost_high - row.cost) / TRILLION]]
            gain = [[(row.amount - row.amount_low) / MILLION], [(row.amount_high - row.amount) / MILLION]]
            axes.errorbar(
                row.amount / MILLION, row.cost / TRILLION, cost, gain, linestyle="none", color=look["color"],
                marker=look["marker"], markersize=5, elinewidth=0.9, label=row.policy,
            )  # fmt: skip
        best = states[(states["account"] == account) & (states["state"] == "frontier")].sort_values("cost")
        steps = np.linspace(0.0, len(best) - 1.0, FINE)
        line = [np.interp(steps, np.arange(len(best)), best[name]) for name in ("amount", "cost")]
        axes.plot(line[0] / MILLION, line[1] / TRILLION, color="0.5", linewidth=0.8, zorder=0, label="frontier")
        axes.plot(best["amount"] / MILLION, best["cost"] / TRILLION, "o", color="0.5", markersize=10, markerfacecolor="none")
        axes.axhline(0.0, color="0.4", linewidth=0.6, linestyle=":")
        axes.axvline(0.0, color="0.4", linewidth=0.6, linestyle=":")
        axes.set(title=f"{account.capitalize()} account", xlabel="additional digital cases (million)")
        axes.margins(0.12)
        axes.set_xscale("symlog", linthresh=10.0 ** np.floor(np.log10(max(float(gains.abs().max()), 1e-6) / 300.0)))
    panels[0].set_ylabel("cost over the run (Rp trillion)")
    legend_below(figure, panels[0])
    caption = (
        "What policies cost and what they gain over the run, with 95 % intervals. Programme: what the policy is planned to "
        "cost; public: the programme and what the service itself costs more or less. Grey: the frontier and, ringed, what "
        "stands on it; what lies above is dominated, or does worse than a mix of two others. The scale of gains is linear "
        "around nothing and logarithmic further out, so the frontier's straight pieces look bent. No discounting."
    )
    return figure, table.merge(states[["account", "policy", "state"]], on=["account", "policy"]), caption


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
        axes.set(title=f"{account.capitalize()} account", xlabel="worth of an additional digital case (thousand rupiah)")
        axes.set_xscale("log")
        axes.set_ylim(-0.03, 1.03)
    panels[0].set_ylabel("probability of being the best buy")
    legend_below(figure, panels[0])
    caption = (
        "Acceptability: how probably each policy has the highest net benefit, over what the buyer would pay for an "
        "additional digital case. The probability is that of chance in the runs alone; parameters are held fixed. Policies "
        "that are the best buy in less than 1 % of draws everywhere are left out."
    )
    return figure, table, caption


def months_to_target(result):
    """Months until a target is reached, restricted to the length of the run, and the share of runs that reach it."""
    table = timed(result, levers.about(result)["targets"])
    keys = list(dict.fromkeys(zip(table["observable"], table["target"], strict=True)))
    height = 22 + 7 * table["policy"].nunique()
    figure, panels = new_figure(190, height, 1, len(keys), sharey=True, squeeze=False)
    order = table[table["observable"] == keys[0][0]].sort_values("restricted_mean", ascending=False)["policy"].unique()
    for axes, (name, level) in zip(panels[0], keys, strict=True):
        rows = table[(table["observable"] == name) & (table["target"] == level)].set_index("policy").loc[order]
        for place, row in enumerate(rows.itertuples()):
            axes.plot([row.low, row.high], [place, place], color=BLUE, linewidth=2.4)
            full = row.reached == 1.0
            axes.plot(row.restricted_mean, place, "o", color=BLUE, markersize=4.5, markerfacecolor=BLUE if full else "white")
            axes.annotate(
                f"{100 * row.reached:.0f} %", (row.restricted_mean, place), (0, 5), textcoords="offset points", fontsize=6,
                ha="center",
            )  # fmt: skip
        factor, unit = scale(name)
        axes.axvline(rows["horizon"].iloc[0], color="0.4", linewidth=0.7, linestyle=":")
        unit = "% of cases" if factor == 100.0 else unit
        axes.set(title=f"{data.short_label(name)}: {factor * level:.3g} {unit}", xlabel="months from the start")
        axes.margins(x=0.08)
        axes.set_ylim(-0.7, len(rows) - 0.3)
    panels[0][0].set_yticks(range(len(order)), [wrapped(name) for name in order])
    caption = (
        "Months until the mean of the last twelve months is as good as the target: mean over runs, a run that does not get "
        "there counted with the length of the run (dotted), with 95 % intervals. Printed: the share of runs that get there; "
        "hollow: not all do. The target of a comparison without --target is the level that the baseline reaches at the end."
    )
    return figure, table, caption


def lever_effects(result):
    """Main effects and interactions of a factorial, or the orders of levers, on the headline observables."""
    kind = levers.about(result)["kind"]
    names = result.scenario["headline"]
    if kind == "factorial":
        table, column, value = levers.factorial(result, names), "term", "effect"
    else:
        table, column, value = levers.orders(result, names), "contrast", "mean_difference"
        table = table[table["kind"] != "order"]  # orders against the baseline stand with the effects of policies
    table = table.assign(mean_difference=table[value], label=table[column] + "\n(" + table["kind"] + ")")
    labels = list(dict.fromkeys(table["label"]))[::-1]
    figure, panels = new_figure(190, 30 + 11 * len(labels), 1, len(names), sharey=True, squeeze=False)
    for axes, name in zip(panels[0], names, strict=True):
        factor, unit = scale(name)
        rows = table[table["observable"] == name].set_index("label").loc[labels]
        bounds = ["mean_difference", "low", "high", "simultaneous_low", "simultaneous_high"]
        forest(axes, rows[bounds] * factor, load_observables()[name].direction)
        axes.set(title=data.short_label(name), xlabel=unit)
    panels[0][0].set_yticks(range(len(labels)), [in_lines(label) for label in labels])
    words = {
        "factorial": (
            "What levers add, alone and together: a main effect is averaged over the other levers being off and on; an "
            "interaction is what two add beyond the sum of each alone. Blue interactions complement each other."
        ),
        "orders": (
            "The same levers, the same money, in every order: what an order adds against all levers side by side, and what "
            "beginning with a lever adds to the mean over all orders."
        ),
    }
    caption = f"{words[kind]} Thick: 95 % interval; thin: for all of the same kind at once; blue is better, red is worse."
    return figure, table.drop(columns="label"), caption


def in_lines(label):
    """Return a label of a term or an order in short lines."""
    return "\n".join(textwrap.fill(line, 34) for line in label.split("\n"))
