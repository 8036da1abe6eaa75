"""What pairing is worth: the variance of an effect with independent seeds, paired, and with the baseline as control."""

import math

import numpy as np
import pandas

from experiments.compare import WINDOW, controls, outcomes
from experiments.comparison.estimate import LEVEL, mean_variance, regress, usable
from model.parameter_table import BASELINE

COLUMNS = (
    "observable", "policy", "variance_independent", "variance_paired", "variance_estimate", "pairing_factor",
    "control_factor", "factor", "low", "high", "share_removed", "n", "baseline_runs", "replicates_independent",
    "replicates_saved",
)  # fmt: skip


def pairing(result, observables, window=WINDOW):
    """Return how much variance pairing removes, a row for each observable and policy.

    Returns
    -------
    DataFrame with the columns of COLUMNS. variance_independent: of policy plus of baseline, which is what the difference of
    runs with seeds of their own varies by; variance_paired: of the paired difference; variance_estimate: of the estimate
    that is reported, times the number of pairs. pairing_factor and control_factor are their successive ratios, factor their
    product, with its 95 % interval (jackknife over pairs, on the logarithm). share_removed: 1 - 1 / factor.
    replicates_independent: how many replicates of each policy and of the baseline with independent seeds give an interval
    as narrow as ours; replicates_saved: that number less n.
    """
    rows = []
    for observable in observables:
        table = outcomes(result, observable, window)
        known = controls(result, {"own": table[BASELINE]}, window)
        for policy in table:
            if policy != BASELINE:
                pairs = table[[BASELINE, policy]].dropna()
                rows.append({"observable": observable, "policy": policy, **worth(pairs, known, policy)})
    return pandas.DataFrame(rows, columns=COLUMNS)


def worth(pairs, known, policy):
    """Return the row of one policy; `pairs` holds both arms, `known` the covariates of all baseline runs."""
    number, known = len(pairs), known.dropna()
    if number < 2:
        return {"n": number, "baseline_runs": len(known)}
    arms = pairs[[BASELINE, policy]].to_numpy(float)
    order = [*pairs.index, *known.index.difference(pairs.index)]  # the pairs first
    rows = known.loc[order].to_numpy(float)[:, usable(number, known.to_numpy(float))]
    independent, paired, final = variances(arms, rows)
    factor = ratio(independent, final)
    low, high = jackknife(arms, rows, factor)
    return {
        "variance_independent": independent, "variance_paired": paired, "variance_estimate": final,
        "pairing_factor": ratio(independent, paired), "control_factor": ratio(paired, final), "factor": factor, "low": low,
        "high": high, "share_removed": 1.0 - 1.0 / factor if factor else math.nan, "n": number,
        "baseline_runs": len(known), "replicates_independent": factor * number, "replicates_saved": (factor - 1.0) * number,
    }  # fmt: skip


def variances(arms, known):
    """Return (variance with independent seeds, paired, of our estimate times the pairs).

    Parameters
    ----------
    arms : shape (n, 2), baseline and policy. known : covariates of all baseline runs, the pairs first, shape (m, p).
    """
    number, difference = len(arms), arms[:, 1] - arms[:, 0]
    found = regress(difference, known[:number], known.mean(axis=0))
    variance = found.variance + mean_variance(found.slopes, known)
    apart = sum(spread(arm, known) for arm in arms.T)
    return apart, spread(difference, known), float(variance) * number


def spread(column, known):
    """Return the variance of one arm, or of the difference, in the population of replicates.

    What covariates explain is scaled to their variance over all baseline runs, which is known better than over the pairs.
    """
    number = len(column)
    found = regress(column, known[:number], known.mean(axis=0))
    if not found.degrees:
        return float(column.var(ddof=1))
    rest = float((found.residuals**2).sum()) / found.degrees
    return rest + float(mean_variance(found.slopes, known)) * len(known)


def ratio(above, below):
    """Return a ratio of variances; infinite if nothing is left, NaN if nothing varied."""
    if below > 0.0:
        return above / below
    return math.inf if above > 0.0 else math.nan


def jackknife(arms, known, factor):
    """Return the 95 % interval of the factor: pairs are left out one at a time, logarithms are averaged."""
    from scipy.stats import t

    number = len(arms)
    if number < 4 or not 0.0 < factor < math.inf:
        return math.nan, math.nan
    left = np.array([without(arms, known, place) for place in range(number)])
    if not np.isfinite(left).all():
        return math.nan, math.nan
    error = math.sqrt((number - 1) / number * float(((left - left.mean()) ** 2).sum()))
    half = t.ppf(0.5 + LEVEL / 2.0, number - 1) * error
    return factor * math.exp(-half), factor * math.exp(half)


def without(arms, known, place):
    """Return the logarithm of the factor without one pair."""
    independent, _, final = variances(np.delete(arms, place, axis=0), np.delete(known, place, axis=0))
    value = ratio(independent, final)
    return math.log(value) if 0.0 < value < math.inf else math.nan
