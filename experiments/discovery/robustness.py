"""Which policy is robust: share of futures in which it meets its goals, regret, worst and expected outcomes.

Source: Lempert, Popper & Bankes 2003, Shaping the Next One Hundred Years; criteria as in McPhail et al. 2018, Earth's
Future 6. Every policy meets the same futures under the same seeds, so all resampling is paired.
"""

from typing import NamedTuple

import numpy as np

from experiments.compare import LEVEL

RESAMPLES = 1000
BLOCK = 100  # resamples held in memory together
NEAR_WORST = 0.05


class Row(NamedTuple):
    """One policy by one criterion.

    policy, goal : places; no goal means all of them. low, high : 95 % interval, a bootstrap over futures; Wilson's for
    shares; NaN for extremes. best : whether the policy is the best by the criterion. first : share of the resamples in
    which it is, ties shared.
    """

    policy: int
    criterion: str
    goal: int | None
    value: float
    low: float
    high: float
    best: bool
    first: float


def met(values, goals):
    """Return where goals are met, shape (futures, policies, goals).

    Parameters
    ----------
    values : shape (futures, policies, goals). goals : list of Goal.
    """
    senses = np.array([1.0 if goal.sense == "at_least" else -1.0 for goal in goals])
    return senses * values >= senses * np.array([goal.limit for goal in goals])


def regret(values, goals):
    """Return how far each policy is behind the best policy of the same future, shape as `values`, never negative."""
    senses = np.array([1.0 if goal.sense == "at_least" else -1.0 for goal in goals])
    good = senses * values
    return good.max(axis=1, keepdims=True) - good


def criteria(values, goals):
    """Yield (criterion, goal's place or None, statistic of samples, samples, is higher better).

    `samples` has shape (futures, policies); a statistic takes samples and an axis.
    """
    fulfilled, behind = met(values, goals), regret(values, goals)
    yield "satisficing", None, np.mean, fulfilled.all(axis=2).astype(float), True
    for place, goal in enumerate(goals):
        higher = goal.sense == "at_least"
        outcome, lost = values[:, :, place], behind[:, :, place]
        yield "satisficing", place, np.mean, fulfilled[:, :, place].astype(float), True
        yield "expected", place, np.mean, outcome, higher
        yield "near worst", place, quantile(NEAR_WORST if higher else 1.0 - NEAR_WORST), outcome, higher
        yield "worst", place, np.min if higher else np.max, outcome, higher
        yield "mean regret", place, np.mean, lost, False
        yield "high regret", place, quantile(1.0 - NEAR_WORST), lost, False
        yield "largest regret", place, np.max, lost, False


EXTREMES = ("worst", "largest regret")  # no resampling gives these an interval: more futures can only make them worse


def quantile(share):
    """Return the function that takes a quantile along an axis."""
    return lambda samples, axis: np.quantile(samples, share, axis=axis)


def judge(values, goals, seed):
    """Return a Row for each policy, criterion and goal; `seed` is a sequence of whole numbers."""
    futures = len(values)
    draws = np.random.default_rng(seed).integers(0, futures, (RESAMPLES, futures))
    rows = []
    for name, place, statistic, samples, higher in criteria(values, goals):
        found = statistic(samples, axis=0)
        again = np.concatenate([statistic(samples[block], axis=1) for block in np.array_split(draws, RESAMPLES // BLOCK)])
        first = shares_of_first(again, higher)
        low, high = np.quantile(again, (0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0), axis=0)
        if name == "satisficing":
            low, high = wilson(samples.sum(axis=0), futures)
        elif name in EXTREMES:
            low = high = np.full(len(found), np.nan)
        best = found == (found.max() if higher else found.min())
        for policy, value in enumerate(found):
            interval = float(low[policy]), float(high[policy])
            rows.append(Row(policy, name, place, float(value), *interval, bool(best[policy]), float(first[policy])))
    return rows


def shares_of_first(samples, higher):
    """Return the share of the resamples in which each policy is best, shape (policies,); ties are shared."""
    best = samples == (samples.max(axis=1) if higher else samples.min(axis=1))[:, None]
    return (best / best.sum(axis=1, keepdims=True)).mean(axis=0)


def wilson(hits, count):
    """Return (low, high) of the 95 % interval of a share, also near 0 and 1; NaN without a case.

    Source: Wilson 1927, Journal of the American Statistical Association 22.
    """
    from scipy.stats import norm

    hits, count = np.asarray(hits, dtype=float), np.maximum(np.asarray(count, dtype=float), 0.0)
    z = norm.ppf(0.5 + LEVEL / 2.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / count
        middle = (share + z**2 / (2.0 * count)) / (1.0 + z**2 / count)
        half = z / (1.0 + z**2 / count) * np.sqrt(share * (1.0 - share) / count + z**2 / (4.0 * count**2))
    return np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)  # rounding must not lose the share
