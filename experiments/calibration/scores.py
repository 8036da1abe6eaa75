"""How good a forecast is: root mean square error, CRPS, share of points inside the bands."""

import numpy as np

BANDS = (0.5, 0.9)


def crps(draws, observed):
    """Return the continuous ranked probability score of draws, shape (draws, points), for observed points; shape (points,).

    Mean absolute error less half the mean absolute difference of two draws; in the unit of the observable, smaller is
    better. Source: Gneiting & Raftery 2007.
    """
    ordered = np.sort(draws, axis=0)
    count = len(draws)
    places = 2.0 * np.arange(1, count + 1) - count - 1.0
    spread = (places[:, None] * ordered).sum(axis=0) / count**2
    return np.abs(draws - observed).mean(axis=0) - spread


def band(draws, level):
    """Return (low, high) of the central band of draws, each of shape (points,)."""
    return np.quantile(draws, 0.5 - level / 2.0, axis=0), np.quantile(draws, 0.5 + level / 2.0, axis=0)


def score(draws, observed):
    """Return rmse (of the median), crps and the share of points inside each band, as a dictionary."""
    middle = np.median(draws, axis=0)
    found = {"rmse": float(np.sqrt(np.mean((middle - observed) ** 2))), "crps": float(crps(draws, observed).mean())}
    for level in BANDS:
        low, high = band(draws, level)
        found[f"inside_{level * 100:.0f}"] = float(np.mean((low <= observed) & (observed <= high)))
    return found
