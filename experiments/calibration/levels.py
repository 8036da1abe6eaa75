"""Draws that are spread evenly: medians and bands of forecasts that are scored should not hang on luck."""

from scipy.stats import norm, qmc

DRAWS = 2000  # of every forecast


def even_levels(count, columns, seed):
    """Return levels between 0 and 1, shape (count, columns): each column holds every midpoint of `count` equal slices once.

    The order of a column is drawn, so that columns are unrelated (Latin hypercube). Source: McKay, Beckman & Conover 1979.

    Parameters
    ----------
    seed : an integer or a list of them.
    """
    return qmc.LatinHypercube(columns, scramble=False, rng=seed).random(count)


def even_normal(count, columns, seed):
    """Return standard normal errors at even levels, shape (count, columns)."""
    return norm.ppf(even_levels(count, columns, seed))
