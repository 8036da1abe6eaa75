"""Which uncertainties a search looks at: with hundreds of them and some hundred futures, chance alone makes fine boxes.

A factor is looked at if its values differ between the cases of interest and the others (two-sample Kolmogorov-Smirnov,
false discovery rate 5 %), at most the twelve clearest. A factor that matters only through another, with no effect of its
own, is missed. Few factors are all looked at.

Source: regional sensitivity analysis, Hornberger & Spear 1981, Journal of Environmental Management 12; Benjamini & Hochberg
1995, Journal of the Royal Statistical Society B 57.
"""

import numpy as np

RATE = 0.05  # of false discoveries
MOST = 12


def distances(x, y):
    """Return the Kolmogorov-Smirnov distance of every factor between points of interest and others, shape (factors,)."""
    order = np.argsort(x, axis=0, kind="stable")
    values = np.take_along_axis(x, order, axis=0)
    hits = y[order]
    apart = np.abs(np.cumsum(hits, axis=0) / y.sum() - np.cumsum(~hits, axis=0) / (~y).sum())
    last = np.ones(values.shape, dtype=bool)  # of equal values only the last tells the two distributions apart
    last[:-1] = values[1:] != values[:-1]
    return np.where(last, apart, 0.0).max(axis=0)


def chances(x, y):
    """Return the asymptotic p-value of every factor's distance; conservative for whole numbers and switches."""
    from scipy.special import kolmogorov

    ours, others = int(y.sum()), int((~y).sum())
    return kolmogorov(np.sqrt(ours * others / (ours + others)) * distances(x, y))


def screened(x, y):
    """Return the places of the factors that a search looks at, in their order.

    Parameters
    ----------
    x : float64, shape (points, factors). y : truth values, shape (points,).
    """
    factors = x.shape[1]
    if y.all() or not y.any():
        return np.arange(0)
    if factors <= MOST:
        return np.arange(factors)
    p = chances(x, y)
    order = np.argsort(p, kind="stable")
    passed = np.flatnonzero(p[order] <= RATE * np.arange(1, factors + 1) / factors)
    count = min(int(passed[-1]) + 1 if len(passed) else 0, MOST)
    return np.sort(order[:count])
