"""Tables of a discovery as DataFrames: futures, policies, boxes, their trajectory, rules of the trees."""

import numpy as np
import pandas

from experiments.discovery import robustness, words
from experiments.discovery.robustness import wilson
from experiments.run_outcomes import unit

ALL_GOALS = "all goals"


def futures_table(discovery):
    """Return a row for each future and policy: outcome, goal met and regret for each goal, and whether the policy fails."""
    futures = discovery.futures
    regret = robustness.regret(futures.values, futures.goals)
    count, policies, _ = futures.values.shape
    columns = {"point": np.repeat(futures.numbers, policies), "policy": np.tile(np.array(futures.policies), count)}
    for place, goal in enumerate(futures.goals):
        columns[goal.outcome] = futures.values[:, :, place].ravel()
        columns[f"{goal.outcome}_met"] = futures.met[:, :, place].ravel()
        columns[f"{goal.outcome}_regret"] = regret[:, :, place].ravel()
    return pandas.DataFrame({**columns, "fails": ~futures.met.all(axis=2).ravel()})


def policies_table(discovery):
    """Return a row for each policy, criterion and goal: value, interval, is it best, share of resamples in which it is."""
    futures, rows = discovery.futures, []
    for row in discovery.criteria:
        goal = futures.goals[row.goal] if row.goal is not None else None
        rows.append({
            "policy": futures.policies[row.policy], "criterion": row.criterion,
            "outcome": goal.outcome if goal else ALL_GOALS,
            "unit": "share of futures" if row.criterion == "satisficing" else unit(goal.outcome),
            "goal": words.goal_as_declared(goal) if goal else "all", "value": row.value, "low": row.low, "high": row.high,
            "best": row.best, "first_share": row.first, "futures": len(futures.x),
        })  # fmt: skip
    return pandas.DataFrame(rows)


def boxes_table(discovery):
    """Return a row for each restricted uncertainty of each policy's box, or one without uncertainty where there is no box.

    limit_low to limit_high: 5 to 95 % of each limit over half samples.
    """
    futures, rows = discovery.futures, []
    for found in discovery.findings:
        box, trusted = found.box, found.stability
        head = {**who(futures, found), **box_facts(box)}
        unseen = {"unseen_coverage": np.nanmean(trusted.coverage), "unseen_density": np.nanmean(trusted.density),
                  "chance_p": trusted.exceeded}  # fmt: skip
        for place in box.restricted if len(box.restricted) else [None]:
            rows.append({**head, **unseen, **(restriction(futures, found, place) if place is not None else {})})
    return pandas.DataFrame(rows)


def who(futures, found):
    """Return the policy and the outcome whose goal is missed."""
    return {
        "policy": futures.policies[found.policy],
        "missed": "any goal" if found.goal is None else futures.goals[found.goal].outcome,
    }


def of_finding(table, futures, found):
    """Return the rows of a table that are about one finding."""
    policy, missed = who(futures, found).values()
    return table[(table["policy"] == policy) & (table["missed"] == missed)].reset_index(drop=True)


def box_facts(box):
    """Return coverage and density with their intervals, mass and counts of a box."""
    coverage, density = wilson(box.hits, box.cases), wilson(box.hits, box.held)
    return {
        "restricted": len(box.restricted), "coverage": box.coverage, "coverage_low": float(coverage[0]),
        "coverage_high": float(coverage[1]), "density": box.density, "density_low": float(density[0]),
        "density_high": float(density[1]), "mass": box.mass, "held": box.held, "hits": box.hits, "failures": box.cases,
        "futures": box.points,
    }  # fmt: skip


def restriction(futures, found, place):
    """Return limits of one factor, as values and as shares of its range, with what resampling says about them."""
    factor, box, trusted = futures.factors[place], found.box, found.stability
    span = factor.high - factor.low
    row = {"factor": factor.name, "label": words.label(factor.name)}
    sides = (("low", box.low, trusted.low), ("high", box.high, trusted.high))
    for number, (end, limits, spread) in enumerate(sides):
        value = limits[place] if np.isfinite(limits[place]) else np.nan
        row |= {end: value, f"{end}_share": (value - factor.low) / span}
        row |= {f"{end}_half_5": spread[0, place], f"{end}_half_95": spread[1, place]}
        row[f"{end}_quasi_p"] = found.quasi_p.get((place, number), np.nan)
    return {**row, "reproduced": trusted.restricted[place]}


def trajectory_table(discovery):
    """Return a row for each box of each policy's peeling trajectory, from the whole space on, then the chosen box."""
    rows = []
    for found in discovery.findings:
        boxes = [*enumerate(found.boxes), ("chosen", found.box)]
        name = who(discovery.futures, found)
        rows += [{**name, "peel": str(peel), **box_facts(box)} for peel, box in boxes]
    return pandas.DataFrame(rows)


def reproduced_table(discovery):
    """Return a row for each policy and uncertainty that a search looked at or a half sample restricted."""
    futures, rows = discovery.futures, []
    for found in discovery.findings:
        share = found.stability.restricted
        for place in np.argsort(-share, kind="stable"):
            if share[place] > 0.0 or place in found.screened:
                factor = futures.factors[place]
                rows.append({
                    **who(futures, found), "factor": factor.name, "label": words.label(factor.name),
                    "reproduced": share[place], "screened": bool(place in found.screened),
                    "in_box": bool(place in found.box.restricted),
                })  # fmt: skip
    return pandas.DataFrame(rows)


def tree_table(discovery):
    """Return a row for each leaf of each policy's tree: rule in words, futures, failing share with interval, coverage."""
    futures, rows = discovery.futures, []
    for found in discovery.findings:
        for number, leaf in enumerate(found.tree.leaves):
            low, high = wilson(leaf.hits, leaf.held)
            rows.append({
                **who(futures, found), "leaf": number, "rule": words.rule_words(futures, leaf),
                "futures": leaf.held, "failures": leaf.hits, "failing_share": leaf.hits / leaf.held, "low": float(low),
                "high": float(high), "coverage": leaf.hits / found.box.cases, "same_root": found.tree.same_root,
                "unseen_accuracy": found.tree.accuracy,
            })  # fmt: skip
    return pandas.DataFrame(rows)


TABLES = {
    "futures": futures_table,
    "policies": policies_table,
    "boxes": boxes_table,
    "trajectory": trajectory_table,
    "reproduced": reproduced_table,
    "tree": tree_table,
}
