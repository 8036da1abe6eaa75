"""When: months until an observable reaches a level, with the runs that never do kept in the account.

A run that has not reached the level by the end is censored there: its time is at least the length of the run. Means of
times would need a guess; so the share of runs that reach it is reported, and the restricted mean: of the smaller of time
and length of the run. Source: Royston & Parmar 2013, BMC Medical Research Methodology 13 (restricted mean survival time).
"""

import math

import numpy as np
import pandas

from experiments.compare import WINDOW, outcomes
from experiments.comparison.estimate import LEVEL, estimate
from model.parameter_table import BASELINE
from model.registry import load_observables


def default_targets(result):
    """Return where every policy is timed unless it was asked otherwise: the baseline's own level at the end.

    Reached early, the policy saves so many months against doing nothing. The first headline observable is taken.
    """
    name = result.scenario["headline"][0]
    level = float(outcomes(result, name)[BASELINE].mean())
    return [(name, level)] if load_observables()[name].direction != "neither" else []


def times(result, observable, level):
    """Return the first month in which the mean of the last twelve months is as good as a level, for each run.

    Returns
    -------
    Series by run id; infinite where a run never gets there.
    """
    rows = result.series.loc[result.series["month"] > 0, ["run_id", "month", observable]].sort_values(["run_id", "month"])
    rolled = rows.groupby("run_id")[observable].rolling(WINDOW, min_periods=WINDOW).mean().to_numpy()
    sign = -1.0 if load_observables()[observable].direction == "lower" else 1.0
    reached = rows[sign * (rolled - level) >= 0.0]
    found = reached.groupby("run_id")["month"].min().astype(float)
    return found.reindex(pandas.unique(rows["run_id"])).fillna(math.inf)


def months_to_target(result, observable, level):
    """Return when each policy reaches a level, the baseline first.

    Returns
    -------
    DataFrame with columns observable, target, policy, reached (share of runs), reached_low, reached_high (95 %, Wilson),
    restricted_mean (months from the start of the run), low, high, difference, difference_low, difference_high (from the
    baseline, paired; negative is earlier), median (NaN if fewer than half the runs get there), horizon (months), n.
    """
    months = times(result, observable, level)
    horizon = float(result.series["month"].max())
    design = result.design.assign(month=result.design["run_id"].map(months))
    table = design.pivot(index="replicate", columns="policy", values="month")[result.policies]
    table = table[table.drop(columns=BASELINE).notna().any(axis=1)]  # baseline runs without a partner would not compare
    limited = table.clip(upper=horizon)
    means = {policy: estimate(limited[[policy]].dropna()) for policy in table}
    others = [policy for policy in table if policy != BASELINE]
    apart = estimate(limited[others].sub(limited[BASELINE], axis=0))
    half = dict(zip(others, apart.half_width(), strict=True))
    change = dict(zip(others, apart.value, strict=True))
    rows = []
    for policy in table:
        known = table[policy].dropna()
        low, high = wilson(int(np.isfinite(known).sum()), len(known))
        mean, width = float(means[policy].value[0]), float(means[policy].half_width()[0])
        moved, wide = float(change.get(policy, math.nan)), float(half.get(policy, math.nan))
        median = float(np.median(known)) if len(known) else math.nan
        share = float(np.isfinite(known).mean()) if len(known) else math.nan
        rows.append({
            "observable": observable, "target": level, "policy": policy, "reached": share, "reached_low": low,
            "reached_high": high, "restricted_mean": mean, "low": mean - width, "high": mean + width, "difference": moved,
            "difference_low": moved - wide, "difference_high": moved + wide,
            "median": median if math.isfinite(median) else math.nan, "horizon": horizon, "n": len(known),
        })  # fmt: skip
    return pandas.DataFrame(rows)


def wilson(successes, number, level=LEVEL):
    """Return the bounds of a share. Source: Wilson 1927, J. Am. Stat. Assoc. 22."""
    from scipy.stats import norm

    if number == 0:
        return math.nan, math.nan
    z = norm.ppf(0.5 + level / 2.0)
    share = successes / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return max(0.0, middle - half), min(1.0, middle + half)
