"""Contrasts of a sweep: paired differences between policies at a point, or along the last factor, with intervals.

Runs of equal replicate share their draws, so every difference is taken replicate by replicate.
"""

import itertools

import numpy as np
import pandas

from experiments.compare import LEVEL, half_width
from model.parameter_table import BASELINE

NEAR = 1e-9


def varying(swept):
    """Return the factors that take at least two values, in the order of the plan."""
    return [name for name in swept.points if name not in ("point", "scenario") and swept.points[name].nunique() > 1]


def points_once(swept):
    """Return the points without those that equal an earlier one: their runs are the same, so they show nothing new."""
    return swept.points.drop_duplicates([name for name in swept.points if name != "point"], ignore_index=True)


def named_by(swept):
    """Return what names a point: the scenario if there are several, and the factors that take at least two values."""
    several = swept.points["scenario"].nunique() > 1
    return (["scenario"] if several else []) + varying(swept)


def wide_tables(swept, observable):
    """Return policy -> DataFrame of an observable, replicates in rows, points in columns."""
    rows = swept.table[swept.table["status"] == "ok"]
    return {
        policy: rows[rows["policy"] == policy].pivot(index="replicate", columns="point", values=observable)
        for policy in swept.policies
    }


def contrasts(swept, observables):
    """Return paired differences, a row each: of policies at every point, or of values of the last factor.

    Returns
    -------
    DataFrame with columns observable, the factors, contrast (what minus what), difference, low, high (95 %), n, and
    change, change_low, change_high: the difference less the same one at the first point (the interaction).
    """
    kind = between_policies if len(swept.policies) > 1 else along_last_factor
    rows = []
    for observable in observables:
        rows += [{"observable": observable, **row} for row in kind(swept, wide_tables(swept, observable))]
    return pandas.DataFrame(rows)


def between_policies(swept, wide):
    """Return the rows of every pair of policies at every point, each minus one that stands before it."""
    names, points, rows = named_by(swept), points_once(swept), []
    for before, after in itertools.combinations(swept.policies, 2):
        first = None
        for _, point in points.iterrows():
            difference = (wide[after][point["point"]] - wide[before][point["point"]]).dropna()
            first = difference if first is None else first
            head = {**{name: point[name] for name in names}, "contrast": f"{after} - {before}"}
            rows.append({**head, **numbers(difference, first)})
    return rows


def along_last_factor(swept, wide):
    """Return the rows of every value of the last factor against its first, the others equal."""
    if not varying(swept):
        return []
    names = named_by(swept)
    *others, last = names
    table, points = wide[swept.policies[0]], points_once(swept)
    levels, rows, first = list(dict.fromkeys(points[last])), [], {}
    for _, group in points.groupby(others or [points["scenario"]], sort=False):
        reference = group[group[last] == levels[0]]
        for level in levels[1:]:
            point = group[group[last] == level]
            if len(reference) != 1 or len(point) != 1:
                continue
            difference = (table[point["point"].iloc[0]] - table[reference["point"].iloc[0]]).dropna()
            head = {name: point[name].iloc[0] for name in names}
            text = f"{last} {words(level)} - {words(levels[0])}"
            rows.append({**head, "contrast": text, **numbers(difference, first.setdefault(level, difference))})
    return rows


def words(value):
    """Return a value as text."""
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    return f"{value:g}"


def numbers(difference, first):
    """Return mean and interval of a paired difference, and of its change from the first."""
    change = (difference - first).dropna().to_numpy()
    values = difference.to_numpy()
    half, wide = half_width(values, LEVEL), half_width(change, LEVEL)
    mean, moved = float(values.mean()), float(change.mean())
    facts = {"difference": mean, "low": mean - half, "high": mean + half, "n": len(values)}
    return {**facts, "change": moved, "change_low": moved - wide, "change_high": moved + wide}


def cells(swept, observables):
    """Return every point and policy: mean, interval, and the standard deviation over seeds with its own interval."""
    from scipy.stats import chi2

    from experiments.outcomes import summarise

    table = summarise(swept.table, observables, ["point", "policy"])
    points = points_once(swept)
    points = points if points["scenario"].nunique() > 1 else points.drop(columns="scenario")
    table = points.merge(table, on="point")
    table["low"], table["high"] = table["mean"] - table["half_width"], table["mean"] + table["half_width"]
    degrees = np.maximum(table["count"] - 1, 1)
    for name, share in (("std_low", 0.975), ("std_high", 0.025)):
        table[name] = table["std"] * np.sqrt(degrees / chi2.ppf(share, degrees))
    order = {policy: place for place, policy in enumerate(swept.policies)}
    key = table.assign(place=table["policy"].map(order), number=table["observable"].map(list(observables).index))
    return table.loc[key.sort_values(["number", "point", "place"]).index].reset_index(drop=True)


def label_of(row, names, short):
    """Return the words of a point: its scenario if that is among the names, then factor and value."""
    return ", ".join(row[name] if name == "scenario" else f"{short(name)} {words(row[name])}" for name in names)


def is_baseline(contrast):
    """Say whether a contrast is with the baseline."""
    return contrast.endswith(f" - {BASELINE}")
