"""Numbers behind the figures of a sweep: groups of runs along factors, with bands and intervals."""

import numpy as np
import pandas

from experiments.figures.data import BAND
from experiments.outcomes import joined, summarise
from experiments.plans.plan_file import WITHOUT_FACTORS
from experiments.plans.variants import SWITCH
from experiments.running.failures import counted
from experiments.texts import listed
from model.errors import InputError
from model.parameter_table import BASELINE
from model.registry import load_mechanisms, load_registry

LEVELLED = ("grid", "zip", "one-at-a-time")  # designs that name the levels of their factors
MOST_VALUES = 12  # a sampled factor with more different values is shown in ranges
BINS = 10
RESERVED = ("point", "scenario")


class Swept:
    """A sweep as its figures read it: the result, with its table of outcomes joined once."""

    def __init__(self, result):
        self.result, self.plan = result, result.manifest["loket"]["plan"]
        self.method = self.plan["method"]
        target = self.plan.get("target") or {}
        table = joined(result, [*self.plan["headline"], *target.get("observables", ())])
        self.table = table[table["status"] == "ok"]
        if len(self.table) < 2 or self.table["replicate"].nunique() < 2:
            given = f"{self.table['replicate'].nunique()} replicate"
            raise InputError(
                "a figure needs a band", file=result.folder, given=given, allowed="at least 2; see --replicates"
            )

    def __getattr__(self, name):
        return getattr(self.result, name)


def factors_of(swept):
    """Return the names of the factors that take at least two values."""
    return [name for name in swept.points if name not in RESERVED and swept.points[name].nunique() > 1]


def headline_of(swept):
    """Return the observables that the plan opens with."""
    return list(swept.plan["headline"])


def policy_rows(swept):
    """Return policy -> its finished runs of the first scenario, the baseline first."""
    first = swept.table[swept.table["scenario"] == swept.table["scenario"].iloc[0]]
    order = sorted(first["policy"].unique(), key=lambda name: (name != BASELINE, swept.policies.index(name)))
    return {policy: first[first["policy"] == policy] for policy in order}


def centred(swept, rows, name):
    """Return the runs that show one factor alone: all of them, or those with the others at the centre of the design."""
    if swept.method != "one-at-a-time":
        return rows
    centre = swept.points.iloc[0]
    others = [other for other in factors_of(swept) if other != name]
    return rows[np.logical_and.reduce([rows[other] == centre[other] for other in others])] if others else rows


def has_levels(swept, name):
    """Say whether the design names the levels of a factor; those are shown as they are, never pooled with others."""
    values = swept.points[name]
    recurring = 2 * values.nunique() <= len(values)  # in a file of points: a grid by hand
    return swept.method in LEVELLED or (swept.method == "csv" and recurring)


def pooled(swept, values, most=BINS):
    """Return (value that each run is shown at, borders of ranges) for a factor, whose name `values` bear.

    Levels and few values are shown as they are, without borders; others fall into ranges that hold about the same number of
    runs, each shown at the mean of its values.
    """
    values = values.astype(float)
    few = max(most, MOST_VALUES if most == BINS else most)
    if has_levels(swept, values.name) or values.nunique() <= few:
        return values, None
    parts, borders = pandas.qcut(values, most, labels=False, duplicates="drop", retbins=True)
    return values.groupby(parts).transform("mean"), borders


def words_of_ranges(names):
    """Return the sentence of a caption that names the factors shown in ranges, or nothing."""
    if not names:
        return ""
    words = listed([name_of_factor(name).split(" (")[0].lower() for name in names])
    return f" In ranges that hold about the same number of runs each: {words}."


def ranged(swept, rows, names, most=BINS):
    """Return those of some factors whose values fall into ranges."""
    return [name for name in names if pooled(swept, rows[name], most)[1] is not None]


def binned(swept, rows, name, observable, most=BINS):
    """Return mean, half-width, band and number of runs of an observable along a factor, a row for each value or range."""
    values, _ = pooled(swept, rows[name], most)
    table = summarise(rows.assign(value=values), [observable], ["value"]).sort_values("value", ignore_index=True)
    groups = rows.groupby(values)[observable]
    return table.assign(low=groups.quantile(BAND[0]).to_numpy(), high=groups.quantile(BAND[1]).to_numpy())


def point_means(swept, observables):
    """Return a row for each point: factors, means of observables and the half-widths of their intervals."""
    rows = next(iter(policy_rows(swept).values()))
    table = summarise(rows, observables, ["point"])
    wide = table.pivot(index="point", columns="observable", values="mean")
    half = table.pivot(index="point", columns="observable", values="half_width").add_suffix(" half-width")
    return swept.points.merge(wide.join(half), left_on="point", right_index=True)


def name_of_factor(name):
    """Return the words of a factor: label and unit from the registry; a mechanism can bear the label of a lever."""
    registry = load_registry()
    if name not in registry:
        return f"{load_mechanisms()[name.removeprefix(SWITCH)].label} (mechanism)"
    return f"{registry[name].label} ({registry[name].unit})"


def is_switch(swept, name):
    """Say whether a factor is on or off."""
    return swept.points[name].dtype == bool


def ticks_of(axis, swept, name):
    """Label the two values of a switch as off and on."""
    if is_switch(swept, name):
        axis.set_ticks([0.0, 1.0], ["off", "on"])
    else:
        axis.get_major_locator().set_params(nbins=4)


def subject_of(swept, one=True):
    """Return what a figure shows, in words: the first scenario, or all of them if it shows not only one."""
    first = next(iter(policy_rows(swept)))
    names = list(dict.fromkeys(swept.points["scenario"]))[: 1 if one else None]
    points = swept.points[swept.points["scenario"].isin(names)]
    runs = swept.table["scenario"].isin(names).sum()
    who = ", ".join(names) + (f", policy {first}" if first != BASELINE else "")
    return f"{who}, {counted(len(points), 'point')}, {counted(runs, 'run')}"


def has_factors(result):
    """Say whether a result is a sweep whose factors can be drawn."""
    facts = result.manifest["loket"]
    if "plan" not in facts or facts["plan"]["method"] in set(WITHOUT_FACTORS) - {"csv"}:
        return False
    return any(name not in RESERVED and result.points[name].nunique() > 1 for name in result.points)
