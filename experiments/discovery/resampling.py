"""How far a box can be trusted: the whole search is repeated on halves of the futures, and on shuffled failures.

Half samples: how often each factor is restricted, how far its limits move, and coverage and density in the other half,
which the search has not seen. Shuffled failures: how good a box chance alone gives. Source of the first: the
reproducibility statistics of Bryant & Lempert 2010, Technological Forecasting and Social Change 77.
"""

from dataclasses import dataclass

import numpy as np

from experiments.discovery.prim import box_of, find_box

SPREAD = (0.05, 0.95)  # quantiles of limits over half samples


@dataclass(frozen=True)
class Stability:
    """What resampling says.

    Attributes
    ----------
    restricted : share of the half samples in which a factor is restricted, shape (factors,).
    low, high : limits over the half samples that have them, shape (2, factors), 5 and 95 % quantiles; NaN without any.
    coverage, density : in the unseen half, shape (resamples,).
    chance : balance (harmonic mean of coverage and density) of the box of shuffled failures, shape (resamples,).
    exceeded : p-value, share of shuffles (the sample itself counted in) whose balance reaches that of the sample.
    """

    restricted: np.ndarray
    low: np.ndarray
    high: np.ndarray
    coverage: np.ndarray
    density: np.ndarray
    chance: np.ndarray
    exceeded: float


def stability(x, y, box, resamples, seed):
    """Return the Stability of the Box of a sample; `seed` is a sequence of whole numbers."""
    draw = np.random.default_rng(seed)
    limits = np.full((resamples, 2, x.shape[1]), np.nan)
    unseen = np.full((resamples, 2), np.nan)
    chance = np.empty(resamples)
    for number in range(resamples):
        order = draw.permutation(len(y))
        one, other = order[: len(y) // 2], order[len(y) // 2 :]
        found, _ = find_box(x[one], y[one])
        limits[number] = np.where(np.isfinite([found.low, found.high]), [found.low, found.high], np.nan)
        there = box_of(found.low, found.high, x[other], y[other])
        unseen[number] = there.coverage, there.density
        chance[number] = find_box(x, y[draw.permutation(len(y))])[0].balance
    restricted = np.isfinite(limits).any(axis=1).mean(axis=0)
    low, high = (quantiles(limits[:, side]) for side in (0, 1))
    exceeded = (1.0 + np.count_nonzero(chance >= box.balance)) / (resamples + 1.0)
    return Stability(restricted, low, high, *unseen.T, chance, exceeded)


def quantiles(limits):
    """Return the spread of limits over resamples, shape (2, factors); NaN where there is no limit in any."""
    spread = np.full((2, limits.shape[1]), np.nan)
    some = np.isfinite(limits).any(axis=0)
    spread[:, some] = np.nanquantile(limits[:, some], SPREAD, axis=0)
    return spread
