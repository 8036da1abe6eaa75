"""For whom: effects by province, setting and skill, and whether a gain on average widens the gap between groups."""

import numpy as np
import pandas

from experiments.compare import outcomes, paired_estimate, supply_of
from model.parameter_table import BASELINE
from model.registry import load_observables

CONTRASTS = {"skill": ("high", "low"), "setting": ("urban", "rural"), "remote": ("other", "remote")}  # better, worse off
KINDS = ("skill", "setting", "province", "remote")
GROUP_KEYS = ("run_id", "month", "kind", "name")
OVER_YEAR = ("use_share", "wait_days")  # measured over the cases of a year; the other measures as they stand at its end
WORDS = {
    "skill": "least against most skilled third",
    "setting": "rural against urban citizens",
    "province": "standard deviation between provinces, by population",
    "remote": "remote against other provinces, by population",
}


def group_table(result, measure):
    """Return one measure of all groups in the last year, a row for each run, columns (kind, name).

    A province counts under "province"; the mean of remote and of other provinces, by population, under "remote".
    """
    rows = result.groups
    last = rows[rows["month"] == rows.groupby("run_id")["month"].transform("max")]
    table = last.pivot(index="run_id", columns=["kind", "name"], values=measure)
    regions = pandas.DataFrame(result.scenario["regions"]).set_index("name")
    for name, chosen in (("remote", regions["remote"].astype(bool)), ("other", ~regions["remote"].astype(bool))):
        mine = [region for region in regions.index[chosen] if ("province", region) in table]
        if mine and chosen.any() and not chosen.all():
            weights = regions.loc[mine, "population"].to_numpy(float)
            columns = table[[("province", region) for region in mine]].to_numpy(float)
            table[("remote", name)] = columns @ weights / weights.sum()
    return table


def gaps_of(table, result, measure):
    """Return the gaps of each run: a row for each run, a column for each kind that the groups allow.

    A gap is by how much the worse-off group does worse: less of what is good, more of what is bad.
    """
    sign = -1.0 if load_observables()[measure].direction == "lower" else 1.0
    found = {
        kind: sign * (table[(kind, better)] - table[(kind, worse)])
        for kind, (better, worse) in CONTRASTS.items()
        if (kind, better) in table and (kind, worse) in table
    }
    people = pandas.DataFrame(result.scenario["regions"]).set_index("name")["population"]
    provinces = [name for kind, name in table if kind == "province" and name in people]
    if len(provinces) > 1:
        shares, weights = table["province"][provinces], people[provinces].to_numpy(float)
        mean = shares.to_numpy(float) @ weights / weights.sum()
        found["province"] = np.sqrt(((shares.sub(mean, axis=0)) ** 2) @ weights / weights.sum())
    return pandas.DataFrame({kind: found[kind] for kind in KINDS if kind in found})


def by_design(result, values):
    """Return values of runs (Series by run id) as a table, replicates in rows, policies in columns."""
    design = result.design.assign(value=result.design["run_id"].map(values))
    return design.pivot(index="replicate", columns="policy", values="value")[result.policies]


def basis(measure):
    """Return in words over what a measure of groups is taken; the same observable of everybody is a mean of months."""
    return "all cases of the last year" if measure in OVER_YEAR else "as it stands at the end of the run"


def measures_of(result):
    """Return what the groups are measured by."""
    return [name for name in result.groups if name not in GROUP_KEYS]


def effect_rows(result, table, facts, supply, family=None):
    """Return a row for each policy: change with interval, levels before and after, pairs.

    Parameters
    ----------
    table : outcomes, replicates in rows, policies in columns. facts : what each row begins with.
    supply : of the baseline, by replicate.
    family : number of differences that the simultaneous intervals are for; by default the policies of this table.
    """
    _, found = paired_estimate(result, table, supply=supply)
    alone, together = found.half_width(), found.family_half_width(family) if family else found.simultaneous_half_width()
    before = float(table[BASELINE].mean())
    rows = []
    for place, policy in enumerate(found.names):
        change = float(found.value[place])
        bounds = {"low": change - alone[place], "high": change + alone[place]}
        wide = {"simultaneous_low": change - together[place], "simultaneous_high": change + together[place]}
        levels = {"baseline_mean": before, "policy_mean": before + change, "n": int(found.pairs[place])}
        rows.append({**facts, "policy": policy, "mean_difference": change, **bounds, **wide, **levels})
    return rows


def groups(result, measures=None):
    """Return the effect of every policy on every group in the last year, by some measures or all that groups have.

    Returns
    -------
    DataFrame with columns measure, basis, kind, group, policy, mean_difference, low, high, simultaneous_low,
    simultaneous_high (for all policies and all groups of the kind at once), baseline_mean, policy_mean, n.
    """
    rows, supply = [], supply_of(result)
    for measure in measures or measures_of(result):
        table = group_table(result, measure)
        sizes = table.columns.get_level_values("kind").value_counts()
        for kind, name in table:
            facts = {"measure": measure, "basis": basis(measure), "kind": kind, "group": name}
            family = sizes[kind] * (len(result.policies) - 1)
            rows += effect_rows(result, by_design(result, table[(kind, name)]), facts, supply, family)
    return pandas.DataFrame(rows)


def gaps(result, measures=None):
    """Return what every policy does to the gaps between groups in the last year, beside what it does on average.

    Parameters as of `groups`.

    Returns
    -------
    DataFrame with the columns of `groups` but group, and meaning (which gap), average, average_low, average_high (the
    change of the mean over everybody and the last twelve months, for all policies at once), worse_off, worse_off_low,
    worse_off_high (the change of the worse-off group), verdict (widens, narrows or unclear, for all policies at once) and
    flag: "gains on average, widens the gap" where both are clear, empty otherwise.
    """
    rows, supply = [], supply_of(result)
    for measure in measures or measures_of(result):
        table = group_table(result, measure)
        found = gaps_of(table, result, measure)
        average = average_effects(result, measure, supply)
        for kind in found:
            facts = {"measure": measure, "basis": basis(measure), "kind": kind, "meaning": WORDS[kind]}
            worse = worse_off(result, table, kind, supply)
            for row in effect_rows(result, by_design(result, found[kind]), facts, supply):
                rows.append({**row, **average[row["policy"]], **worse.get(row["policy"], {})})
    table = pandas.DataFrame(rows)
    if table.empty:
        return table
    table["verdict"] = np.select(
        [table["simultaneous_low"] > 0, table["simultaneous_high"] < 0], ["widens", "narrows"], "unclear"
    )
    lower = table["measure"].map(lambda name: load_observables()[name].direction == "lower")
    gains = np.where(lower, table["average_high"] < 0, table["average_low"] > 0)
    table["flag"] = np.where((table["verdict"] == "widens") & gains, "gains on average, widens the gap", "")
    return table


def worse_off(result, table, kind, supply):
    """Return policy -> change of the worse-off group of a kind with its interval; empty for provinces."""
    column = (kind, CONTRASTS[kind][1]) if kind in CONTRASTS else None
    if column is None:
        return {}
    names = {"mean_difference": "worse_off", "low": "worse_off_low", "high": "worse_off_high"}
    rows = effect_rows(result, by_design(result, table[column]), {}, supply, family=1)
    return {row["policy"]: {new: row[old] for old, new in names.items()} for row in rows}


def average_effects(result, measure, supply):
    """Return policy -> change of the mean over everybody, with bounds for all policies at once."""
    rows = effect_rows(result, outcomes(result, measure), {}, supply)
    names = {"mean_difference": "average", "simultaneous_low": "average_low", "simultaneous_high": "average_high"}
    return {row["policy"]: {new: row[old] for old, new in names.items()} for row in rows}
