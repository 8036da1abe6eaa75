"""Several levers: what each adds, which pairs help each other (full factorial), and in which order they do most (orders)."""

import itertools

import numpy as np
import pandas

from experiments.compare import WINDOW, estimated
from experiments.comparison.design import JOIN, THEN, TOGETHER
from model.registry import load_observables

KINDS = {1: "main effect", 2: "interaction of two", 3: "interaction of three"}


def about(result):
    """Return what the manifest says about a comparison; a plain one if it says nothing."""
    plain = {"kind": "policies", "levers": [], "targets": [], "baseline_replicates": 0}
    return result.manifest["loket"].get("comparison", plain)


def factorial(result, observables, window=WINDOW):
    """Return main effects and interactions of a full factorial, for each observable.

    A main effect is what a lever adds, averaged over the other levers being off and on. An interaction of two is what both
    add together beyond the sum of each alone, averaged likewise; of three, by how much the third changes that.

    Returns
    -------
    DataFrame with columns observable, term, kind, effect, low, high, simultaneous_low, simultaneous_high (for all terms of
    the same kind at once), relation (complements, substitutes or unclear, for interactions of two and by the declared
    direction of the observable), n.
    """
    levers, rows = about(result)["levers"], []
    for observable in observables:
        found = estimated(result, observable, window)[1]
        for size in range(1, min(len(levers), max(KINDS)) + 1):
            terms = list(itertools.combinations(levers, size))
            weights = [term_weights(term, levers, found.names) for term in terms]
            names = [f" {JOIN} ".join(term) for term in terms]
            rows += interval_rows(found.contrast(weights, names), observable, "term", kind=KINDS[size])
    table = pandas.DataFrame(rows).rename(columns={"mean_difference": "effect"})
    table.insert(len(table.columns) - 1, "relation", [relation(row) for row in table.itertuples()])
    return table


def term_weights(term, levers, names):
    """Return the weights of the policies in one term: the alternating sum over its levers, the mean over the others.

    Every policy is a difference from no lever at all, which therefore has no weight of its own.
    """
    sets = [frozenset(name.split(JOIN)) for name in names]
    others = len(levers) - len(term)
    signs = [(-1.0) ** (len(term) - len(chosen & set(term))) for chosen in sets]
    return [sign / 2**others for sign in signs]


def interval_rows(found, observable, column, **facts):
    """Return a row for each value of an Estimate, with its intervals."""
    alone, together = found.half_width(), found.simultaneous_half_width()
    return [
        {
            "observable": observable, column: name, **facts, "mean_difference": value, "low": value - alone[place],
            "high": value + alone[place], "simultaneous_low": value - together[place],
            "simultaneous_high": value + together[place], "n": int(found.pairs[place]),
        }
        for place, (name, value) in enumerate(zip(found.names, found.value, strict=True))
    ]  # fmt: skip


def relation(row):
    """Return whether two levers help each other, in words."""
    if row.kind != KINDS[2]:
        return ""
    direction = load_observables()[row.observable].direction
    if direction == "neither" or not (row.simultaneous_low > 0 or row.simultaneous_high < 0):
        return "unclear"
    helps = row.effect > 0 if direction == "higher" else row.effect < 0
    return "complements" if helps else "substitutes"


def orders(result, observables, window=WINDOW):
    """Return what the order of levers changes, for each observable.

    Returns
    -------
    DataFrame with columns observable, contrast, kind, mean_difference, low, high, simultaneous_low, simultaneous_high (for
    all contrasts of a kind at once), n. Kinds: "order" (against the baseline), "order against side by side", and "first":
    what beginning with a lever adds to the mean over all orders.
    """
    levers, rows = about(result)["levers"], []
    for observable in observables:
        found = estimated(result, observable, window)[1]
        sequences = [name for name in found.names if name != TOGETHER]
        place = {name: number for number, name in enumerate(found.names)}
        unit = np.eye(len(place))
        rows += interval_rows(found, observable, "contrast", kind="order")
        if TOGETHER in place:
            weights = [unit[place[name]] - unit[place[TOGETHER]] for name in sequences]
            rows += interval_rows(
                found.contrast(weights, sequences), observable, "contrast", kind="order against side by side"
            )
        everything = sum(unit[place[name]] for name in sequences) / len(sequences)
        weights = []
        for lever in levers:
            mine = [name for name in sequences if name.split(THEN)[0] == lever]
            weights.append(sum(unit[place[name]] for name in mine) / len(mine) - everything)
        rows += interval_rows(found.contrast(weights, levers), observable, "contrast", kind="first")
    return pandas.DataFrame(rows)
