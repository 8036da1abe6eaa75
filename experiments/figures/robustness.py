"""Figures of robust choice: how often each policy meets its goals, and how much it is regretted."""

import textwrap

import numpy as np

from experiments.discovery import robustness, tables
from experiments.figures.style import BLACK, DOUBLE, LINES, MARKERS, SINGLE, new_figure
from experiments.run_outcomes import label, unit
from experiments.units import change_of

WHISKERS = (5, 95)


def satisficing(discovery):
    """Draw the share of futures in which each policy meets all goals, and each goal alone, with intervals."""
    futures, table = discovery.futures, tables.policies_table(discovery)
    table = table[table["criterion"] == "satisficing"]
    names = ["all goals", *(goal.outcome for goal in futures.goals)] if len(futures.goals) > 1 else ["all goals"]
    figure, axes = new_figure(SINGLE, 28 + 9 * len(futures.policies) + 4 * len(names))
    rows = np.arange(len(futures.policies))[::-1]
    for number, name in enumerate(names):
        mine = table[table["outcome"] == name].set_index("policy").loc[futures.policies]
        at = rows + 0.3 - 0.6 * (number / max(len(names) - 1, 1)) if len(names) > 1 else rows
        value = mine["value"].to_numpy()
        spread = [value - mine["low"].to_numpy(), mine["high"].to_numpy() - value]
        words = "all goals" if number == 0 else label(name)
        axes.errorbar(value, at, xerr=spread, fmt=MARKERS[1 + number], color=LINES[number][0], markersize=4.5,
                      elinewidth=1.0, capsize=1.5, label=words)  # fmt: skip
    for row in rows[:-1]:
        axes.axhline(row - 0.5, color="0.9", linewidth=0.5)
    axes.set_yticks(rows, [textwrap.fill(policy.replace("-", " "), 20) for policy in futures.policies])
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.6, len(rows) - 0.4), xlabel="Share of futures in which the goal is met")
    if len(names) > 1:
        figure.legend(loc="outside lower center", ncols=2)
    caption = "In which share of the futures each policy meets its goals, with 95 % intervals (Wilson)."
    return figure, table, caption


def regret(discovery):
    """Draw how far each policy is behind the best one of the same future, a panel for each outcome."""
    futures = discovery.futures
    behind = robustness.regret(futures.values, futures.goals)
    count = len(futures.goals)
    columns = min(count, 3)
    lines = -(-count // columns)
    width = SINGLE if count == 1 else DOUBLE
    figure, panels = new_figure(
        width, 8 + lines * (22 + 8 * len(futures.policies)), lines, columns, sharey=True, squeeze=False
    )
    rows = np.arange(len(futures.policies))[::-1]
    table = tables.policies_table(discovery)
    for place, axes in enumerate(panels.flat):
        if place >= count:
            axes.set_axis_off()
            continue
        name = futures.goals[place].outcome
        factor, unit_words = change_of(unit(name))
        axes.boxplot(list(factor * behind[:, :, place].T), positions=rows, orientation="horizontal", whis=WHISKERS,
                     widths=0.5, showfliers=False, manage_ticks=False, medianprops={"color": BLACK}, patch_artist=True,
                     boxprops={"facecolor": "0.85", "linewidth": 0.6}, whiskerprops={"linewidth": 0.6})  # fmt: skip
        mine = table[(table["criterion"] == "mean regret") & (table["outcome"] == name)].set_index("policy")
        mine = factor * mine.loc[futures.policies, ["value", "low", "high"]]
        spread = [mine["value"] - mine["low"], mine["high"] - mine["value"]]
        axes.errorbar(
            mine["value"], rows, xerr=spread, fmt="D", color=LINES[1][0], markersize=3.5, elinewidth=1.4, capsize=2
        )
        axes.set(xlabel=textwrap.fill(f"Regret: {label(name).lower()} ({unit_words})", 30), ylim=(-0.6, len(rows) - 0.4))
        axes.locator_params(axis="x", nbins=5)
    panels[0, 0].set_yticks(rows, [textwrap.fill(policy.replace("-", " "), 20) for policy in futures.policies])
    caption = (
        "Regret: how far each policy is behind the best policy of the same future. Box: half of the futures, line: median, "
        "whiskers: 5 to 95 %; diamond: mean with its 95 % interval (bootstrap over futures)."
    )
    kept = ("mean regret", "high regret", "largest regret")
    return figure, table[table["criterion"].isin(kept)], caption
