"""One interval for every index: leave out one independent part of the layout at a time.

Source: Tukey 1958, delete-a-group jackknife; Student's t with parts - 1 degrees of freedom. Its coverage is measured in
benchmarks/coverage.py. Bootstrapping the rows of a quasi-random design is not calibrated, hence not used.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """Values of one index with what its interval needs.

    Attributes
    ----------
    value : float64, shape (units, outcomes). without : shape (parts, units, outcomes), the value without each part.
    """

    value: np.ndarray
    without: np.ndarray

    @property
    def half_width(self):
        """Half the width of the 95 % interval."""
        return half_width(self.without)

    def lead(self, one, other, outcome):
        """Return (difference, half width) between two units; they share rows, so this is not read off two intervals."""
        difference = self.value[one, outcome] - self.value[other, outcome]
        return difference, float(half_width(self.without[:, one, outcome] - self.without[:, other, outcome]))


def half_width(without):
    """Return half the width of the 95 % interval of a jackknife along the first axis; NaN for fewer than two parts."""
    parts = len(without)
    if parts < 2:
        return np.full(without.shape[1:], np.nan)
    error = np.sqrt((parts - 1) / parts * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return t.ppf(0.5 + LEVEL / 2.0, parts - 1) * error


def estimate(statistic, layout, outputs):
    """Return index -> Estimate of a statistic; no interval (NaN) where an outcome does not vary without one of the parts."""
    parts = np.unique(layout.part)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = statistic(layout, outputs)
        kept = [layout.part != part for part in parts] if len(parts) > 1 else []
        without = [statistic(layout.take(rows), outputs[rows]) for rows in kept]
    shape = (0, *next(iter(whole.values())).shape)
    return {
        name: Estimate(finite(value), finite(np.array([found[name] for found in without])) if without else np.empty(shape))
        for name, value in whole.items()
    }


def finite(values):
    """Return values with NaN for infinity: an index divided by no variance is not known."""
    return np.where(np.isfinite(values), values, np.nan)
