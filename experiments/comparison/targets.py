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
    baseline, paired; negative is earlier), median (NaN if fewer than half the runs get there), horizon (months), n
    (replicates behind means and median: those that some policy has, so that rows compare), runs (behind the share: all of
    a policy's, the baseline's without a partner too, since its level at the end is the default target).
    """
    months = times(result, observable, level)
    horizon = float(result.series["month"].max())
    design = result.design.assign(month=result.design["run_id"].map(months))
    every = design.pivot(index="replicate", columns="policy", values="month")[result.policies]
    table = every[every.drop(columns=BASELINE).notna().any(axis=1)]  # baseline runs without a partner would not compare
    limited = table.clip(upper=horizon)
    means = {policy: estimate(limited[[policy]].dropna()) for policy in table}
    others = [policy for policy in table if policy != BASELINE]
    apart = estimate(limited[others].sub(limited[BASELINE], axis=0))
    half = dict(zip(others, apart.half_width(), strict=True))
    change = dict(zip(others, apart.value, strict=True))
    rows = []
    for policy in table:
        known = table[policy].dropna()
        mean, width = float(means[policy].value[0]), float(means[policy].half_width()[0])
        moved, wide = float(change.get(policy, math.nan)), float(half.get(policy, math.nan))
        low, high = within(mean, width, 0.0, horizon)
        moved_low, moved_high = within(moved, wide, -horizon, horizon)
        median = float(np.median(known)) if len(known) else math.nan
        rows.append({
            "observable": observable, "target": level, "policy": policy, **reached(every[policy].dropna()),
            "restricted_mean": mean, "low": low, "high": high, "difference": moved, "difference_low": moved_low,
            "difference_high": moved_high, "median": median if math.isfinite(median) else math.nan, "horizon": horizon,
            "n": len(known), "runs": int(every[policy].notna().sum()),
        })  # fmt: skip
    return pandas.DataFrame(rows)


def within(mean, width, least, most):
    """Return the ends of an interval, cut where the true value cannot lie: it then holds it as often as before."""
    low, high = np.clip((mean - width, mean + width), least, most)  # what is not known stays NaN
    return float(low), float(high)


def reached(months):
    """Return the share of runs that get there with its bounds; `months` is infinite for those that do not."""
    got = int(np.isfinite(months).sum())
    low, high = wilson(got, len(months))
    return {"reached": got / len(months) if len(months) else math.nan, "reached_low": low, "reached_high": high}


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
