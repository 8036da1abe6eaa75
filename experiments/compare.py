"""What a policy changes: paired differences from the baseline, with intervals and cost.

Replicates of two policies share their draws, so the difference is taken replicate by replicate;
what chance adds to both cancels. Where the baseline has more runs than there are pairs, they serve as
controls (`comparison.estimate`). Intervals are Student's t; the simultaneous ones hold for all policies
at once, by the largest of correlated t statistics.
"""

import math

import numpy as np
import pandas

from experiments.comparison.estimate import LEVEL, estimate
from model.errors import InputError
from model.parameter_table import BASELINE
from model.registry import load_observables

WINDOW = 12  # months at the end of the run over which an outcome is averaged
BILLION = 1000.0  # million rupiah
COST_DIGITS = 12  # of a planned cost; beyond them stands the rounding of a sum


def outcomes(result, observable, window=WINDOW):
    """Return the outcome of every finished run: the mean of an observable over the last months.

    Returns
    -------
    DataFrame, a row for each replicate, a column for each policy in the order of the design; NaN where
    a run is missing.
    Raises InputError if the observable is unknown or a finished run holds a value that is not finite.
    """
    if observable not in load_observables():
        raise InputError("no such observable", given=observable, allowed="see describe observables")
    if window < 1:
        raise InputError("window too short", given=window, allowed="at least 1 month")
    series = result.series[["run_id", "month", observable]]
    last = series.groupby("run_id")["month"].transform("max")
    # Month 0 is the initial state, in which nothing has happened yet.
    chosen = series[(series["month"] > last - window) & (series["month"] > 0)]
    wrong = chosen[~np.isfinite(chosen[observable])]
    if len(wrong):
        raise InputError(f"{observable} is not finite", given=f"run {wrong['run_id'].iloc[0]}", file=result.folder)
    means = chosen.groupby("run_id")[observable].mean()
    design = result.design.assign(outcome=result.design["run_id"].map(means))
    table = design.pivot(index="replicate", columns="policy", values="outcome")
    return table[result.policies]


def effects(result, observable, window=WINDOW):
    """Return the effect of every policy on one observable, a row for each policy but the baseline.

    Parameters
    ----------
    result : Result with a policy called baseline.
    observable : name of the observable.
    window : months at the end of the run that are averaged.

    Returns
    -------
    DataFrame with columns policy, mean_difference, low, high (95 % interval of the paired difference), simultaneous_low,
    simultaneous_high (for all policies at once), baseline_mean, policy_mean (the sum of both), n (pairs), baseline_runs,
    variance_ratio (by how much pairing reduces the variance of the difference), planned_cost (million rupiah),
    cost_effectiveness (change per 1,000 billion rupiah; NaN without cost).
    """
    differences, found = estimated(result, observable, window)
    table = outcomes(result, observable, window)
    costs = result.design.groupby("policy")["planned_cost"].first()
    frame = pandas.DataFrame({"policy": list(found.names), "mean_difference": found.value})
    for prefix, half in (("", found.half_width()), ("simultaneous_", found.simultaneous_half_width())):
        frame[f"{prefix}low"], frame[f"{prefix}high"] = found.value - half, found.value + half
    frame["baseline_mean"] = float(table[BASELINE].mean())
    frame["policy_mean"] = frame["baseline_mean"] + frame["mean_difference"]
    frame["n"] = found.pairs
    frame["baseline_runs"] = int(table[BASELINE].notna().sum())
    pairs = [pandas.DataFrame({"baseline": table[BASELINE], "policy": table[name]}).dropna() for name in found.names]
    frame["variance_ratio"] = [variance_ratio(pair) for pair in pairs]
    frame["planned_cost"] = [float(f"{costs[name]:.{COST_DIGITS}g}") for name in found.names]
    frame["cost_effectiveness"] = [per_cost(row.mean_difference, row.planned_cost) for row in frame.itertuples()]
    return frame


def estimated(result, observable, window=WINDOW):
    """Return (paired differences from the baseline, their Estimate) of every policy on one observable.

    Parameters as of `effects`. Differences: DataFrame, replicates that some policy has in rows, policies in columns.
    """
    return paired_estimate(result, outcomes(result, observable, window), window)


def paired_estimate(result, table, window=WINDOW, supply=None):
    """Return (differences, Estimate) of a table as `outcomes` makes it, with the baseline's covariates as controls.

    `supply` is the baseline's digital supply by replicate, where many tables need it.
    """
    if BASELINE not in table:
        raise InputError("no baseline to compare with", file=result.folder, allowed="a result of compare")
    names = [name for name in table if name != BASELINE]
    differences = table[names].sub(table[BASELINE], axis=0).dropna(how="all")
    return differences, with_controls(result, differences, {"own": table[BASELINE]}, window, supply)


def with_controls(result, differences, own, window=WINDOW, supply=None):
    """Return the Estimate of differences, with the baseline's own outcomes and its digital supply as controls.

    How far offices have come by luck decides how much most policies can do. These covariates were fixed before any policy
    was looked at.

    Parameters
    ----------
    differences : DataFrame, replicates in rows. own : name -> Series of the baseline's outcomes by replicate.
    supply : the baseline's digital supply by replicate; read from the result if None.
    """
    covariates = controls(result, own, window, supply)
    return estimate(differences, covariates.loc[differences.index], covariates)


def controls(result, own, window=WINDOW, supply=None):
    """Return the covariates of all baseline runs, replicates in rows: the outcomes in `own`, and digital supply."""
    return pandas.DataFrame({**own, "supply": supply_of(result, window) if supply is None else supply})


def supply_of(result, window=WINDOW):
    """Return the digital supply of the baseline at the end, by replicate."""
    return outcomes(result, "supply_index", window)[BASELINE]


def effect(baseline, policy, comparisons):
    """Return the paired effect of one policy; `comparisons` is the number of policies judged together."""
    pairs = pandas.DataFrame({"baseline": baseline, "policy": policy}).dropna()
    difference = (pairs["policy"] - pairs["baseline"]).to_numpy()
    mean = float(difference.mean()) if len(pairs) else math.nan
    half = half_width(difference, LEVEL)
    wide = half_width(difference, 1.0 - (1.0 - LEVEL) / comparisons)
    return {
        "mean_difference": mean,
        "low": mean - half,
        "high": mean + half,
        "simultaneous_low": mean - wide,
        "simultaneous_high": mean + wide,
        "baseline_mean": float(pairs["baseline"].mean()),
        "policy_mean": float(pairs["policy"].mean()),
        "n": len(pairs),
        "variance_ratio": variance_ratio(pairs),
    }


def half_width(sample, level):
    """Return half the width of the t interval of a mean; NaN for fewer than two values."""
    from scipy.stats import t

    if len(sample) < 2:
        return math.nan
    error = float(np.std(sample, ddof=1)) / math.sqrt(len(sample))
    return float(t.ppf(0.5 + level / 2.0, len(sample) - 1)) * error


def variance_ratio(pairs):
    """Return (variance of policy + of baseline) / variance of the difference; NaN if nothing varies."""
    if len(pairs) < 2:
        return math.nan
    apart = float(pairs["policy"].var() + pairs["baseline"].var())
    together = float((pairs["policy"] - pairs["baseline"]).var())
    if together == 0.0:
        return math.inf if apart > 0.0 else math.nan
    return apart / together


def per_cost(change, cost):
    """Return the change for each 1,000 billion rupiah; NaN for a policy without a positive price."""
    return change / (cost / BILLION) * 1000.0 if cost > 0.0 else math.nan


def mean_intervals(result, names, window=WINDOW):
    """Return a DataFrame policy, observable, mean, low, high, n: 95 % intervals over replicates."""
    rows = []
    for name in names:
        for policy, values in outcomes(result, name, window).items():
            sample = values.dropna().to_numpy()
            mean = float(sample.mean()) if len(sample) else math.nan
            half = half_width(sample, LEVEL)
            rows.append((policy, name, mean, mean - half, mean + half, len(sample)))
    return pandas.DataFrame(rows, columns=["policy", "observable", "mean", "low", "high", "n"])


def all_effects(result, window=WINDOW, names=None):
    """Return the effects on several observables, in one table with a column `observable`; by default on the headline."""
    frames = []
    for name in names or result.scenario["headline"]:
        frame = effects(result, name, window)
        frame.insert(0, "observable", name)
        frames.append(frame)
    return pandas.concat(frames, ignore_index=True)


def latex(table, headline):
    """Return the effects as a LaTeX table (package booktabs): policies in rows, observables in columns."""
    observables = load_observables()
    titles = [f"{escaped(observables[name].label)} ({escaped(observables[name].unit)})" for name in headline]
    lines = [
        "% Paired differences from the baseline with 95 % intervals; cost in billion rupiah.",
        rf"\begin{{tabular}}{{l{'r' * (len(titles) + 1)}}}",
        r"\toprule",
        " & ".join(["Policy", "Planned cost", *titles]) + r" \\",
        r"\midrule",
    ]
    for policy, rows in table.groupby("policy", sort=False):
        by_name = rows.set_index("observable")
        cells = [
            f"${value['mean_difference']:.4g}$ [${value['low']:.4g}$, ${value['high']:.4g}$]"
            for value in (by_name.loc[name] for name in headline)
        ]
        cost = f"{rows['planned_cost'].iloc[0] / BILLION:,.0f}"
        lines.append(" & ".join([escaped(policy), cost, *cells]) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def escaped(text):
    """Return text with the characters that LaTeX would interpret escaped."""
    return "".join(f"\\{letter}" if letter in "&%$#_{}" else letter for letter in text)
