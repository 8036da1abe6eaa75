"""What a policy changes: paired differences from the baseline, with intervals and cost.

Replicates of two policies share their draws, so the difference is taken replicate by replicate;
what chance adds to both cancels. Intervals are Student's t; the simultaneous ones hold for all
policies at once (Bonferroni).
"""

import math

import numpy as np
import pandas

from experiments.publish import publish, storage_errors
from model.errors import InputError
from model.parameter_table import BASELINE
from model.registry import load_observables

LEVEL = 0.95
WINDOW = 12  # months at the end of the run over which an outcome is averaged
BILLION = 1000.0  # million rupiah


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
    DataFrame with columns policy, mean_difference, low, high (95 % t interval of the paired difference),
    simultaneous_low, simultaneous_high (for all policies at once), baseline_mean, policy_mean, n (pairs),
    planned_cost (million rupiah), cost_effectiveness (change per 1,000 billion rupiah; NaN without cost),
    variance_ratio (by how much pairing reduces the variance of the difference).
    """
    table = outcomes(result, observable, window)
    if BASELINE not in table:
        raise InputError("no baseline to compare with", file=result.folder, allowed="a result of compare")
    costs = result.design.groupby("policy")["planned_cost"].first()
    names = [name for name in table if name != BASELINE]
    rows = [effect(table[BASELINE], table[name], len(names)) for name in names]
    for name, row in zip(names, rows, strict=True):
        row["planned_cost"] = float(costs[name])
        row["cost_effectiveness"] = per_cost(row["mean_difference"], row["planned_cost"])
    frame = pandas.DataFrame(rows, columns=list(rows[0]) if rows else EFFECT_COLUMNS)
    frame.insert(0, "policy", names)
    return frame


EFFECT_COLUMNS = (
    "mean_difference", "low", "high", "simultaneous_low", "simultaneous_high", "baseline_mean", "policy_mean",
    "n", "variance_ratio", "planned_cost", "cost_effectiveness",
)  # fmt: skip


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


def all_effects(result, window=WINDOW):
    """Return the effects on every headline observable, in one table with a column `observable`."""
    frames = []
    for name in result.scenario["headline"]:
        frame = effects(result, name, window)
        frame.insert(0, "observable", name)
        frames.append(frame)
    return pandas.concat(frames, ignore_index=True)


def write_tables(result, window=WINDOW):
    """Write tables/effects.csv and tables/effects.tex; return the table."""
    table = all_effects(result, window)
    folder = result.folder / "tables"
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
    publish(folder / "effects.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / "effects.tex", latex(table, result.scenario["headline"]))
    return table


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


def strongest(table, observable="use_share"):
    """Return what moves an observable most: (row, next row or None, do their intervals overlap)."""
    rows = table[table["observable"] == observable].dropna(subset=["mean_difference"])
    if rows.empty:
        return None
    ranked = rows.iloc[np.argsort(-rows["mean_difference"].abs().to_numpy(), kind="stable")]
    first = ranked.iloc[0]
    if len(ranked) == 1:
        return first, None, False
    second = ranked.iloc[1]
    return first, second, bool(first["low"] <= second["high"] and second["low"] <= first["high"])
