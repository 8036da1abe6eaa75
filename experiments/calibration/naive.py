"""Forecasts that know only the series itself: what any model must beat.

Each gives draws, so that it can be scored like the model: normal errors of the size of its own residuals, of Student's t for
straight lines, wider with the distance where the theory says so. Persistence and the straight line stand on the published
scale, curves and the second straight line on the transformed one.
"""

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import norm
from scipy.stats import t as student

from experiments.calibration.levels import DRAWS, even_levels

LAST = 5  # points of the linear forecast
SMALLEST = 1e-3  # of a standard deviation


def persistence(years, values, ahead):
    """Return (mean, sd): the last value; the spread of a random walk with the mean squared yearly change of the series."""
    mean = np.full(len(ahead), values[-1])
    if len(values) < 2:
        return mean, np.full(len(ahead), SMALLEST)
    yearly = np.mean(np.diff(values) ** 2 / np.maximum(np.diff(years), 1))
    return mean, np.sqrt(yearly * np.maximum(np.asarray(ahead) - years[-1], 1))


def linear(years, values, ahead):
    """Return (mean, scale) of a straight line through the last five points, with its prediction error: Student's t."""
    years, values = np.asarray(years[-LAST:], float), values[-LAST:]
    if len(years) < 3:
        return persistence(years, values, ahead)
    slope, start = np.polyfit(years - years.mean(), values, 1)
    apart = np.asarray(ahead) - years.mean()
    spread = np.sqrt(np.sum((values - start - slope * (years - years.mean())) ** 2) / (len(years) - 2))
    return start + slope * apart, spread * np.sqrt(1.0 + 1.0 / len(years) + apart**2 / np.sum((years - years.mean()) ** 2))


def logistic_curve(parameters, years):
    """Return a logistic curve with a ceiling of at most 1, as a share."""
    ceiling, middle, pace = parameters
    return ceiling / (1.0 + np.exp(-np.clip(pace * (years - middle), -60.0, 60.0)))


def bass_curve(parameters, years):
    """Return the cumulative curve of Bass (1969) from the year before the first point: ceiling, p, q."""
    ceiling, outer, inner = parameters
    decay = np.exp(-(outer + inner) * np.maximum(years, 0.0))
    return ceiling * (1.0 - decay) / (1.0 + inner / outer * decay)


def fitted(curve, starts, bounds, years, values, ahead, transform):
    """Return (mean, sd) on the transformed scale of a curve of shares fitted from the best of some starts."""
    origin = years[0] - 1
    times, later = np.asarray(years, float) - origin, np.asarray(ahead, float) - origin
    found = [
        least_squares(lambda p: transform(curve(p, times)) - values, start, bounds=bounds, x_scale=np.abs(start))
        for start in starts
    ]
    best = min(found, key=lambda one: one.cost)
    free = max(len(years) - len(best.x), 1)
    return transform(curve(best.x, later)), np.full(len(ahead), max(np.sqrt(2.0 * best.cost / free), SMALLEST))


def logistic(years, values, ahead, transform):
    """Return (mean, sd) of a fitted logistic curve."""
    span = max(years[-1] - years[0], 1)
    starts = [(ceiling, share * span, pace) for ceiling in (0.5, 0.95) for share in (0.5, 1.5) for pace in (0.1, 0.3)]
    return fitted(logistic_curve, starts, ([1e-3, -200.0, 0.0], [1.0, 400.0, 5.0]), years, values, ahead, transform)


def bass(years, values, ahead, transform):
    """Return (mean, sd) of a fitted Bass curve."""
    starts = [(ceiling, p, q) for ceiling in (0.5, 0.95) for p in (0.001, 0.02) for q in (0.1, 0.4)]
    return fitted(bass_curve, starts, ([1e-3, 1e-6, 1e-6], [1.0, 1.0, 2.0]), years, values, ahead, transform)


def forecasts(target, years, observed, ahead, seed):
    """Return name -> draws in the unit of the observable, shape (draws, years ahead); curves only for shares."""
    later, changed = list(ahead), target.transform(observed)
    plain = {"persistence": persistence(years, observed, later), "linear": linear(years, observed, later)}
    curved = (
        {f"linear in {target.transformation}s": linear(years, changed, later)} if target.transformation != "identity" else {}
    )
    if target.transformation == "logit" and len(years) > 3:
        for name, curve in (("logistic", logistic), ("bass", bass)):
            curved[name] = curve(years, changed, later, target.transform)
    levels = even_levels(DRAWS, len(later), [seed, 2])
    normal = norm.ppf(levels)
    freedom = min(len(years), LAST) - 2
    of_lines = student.ppf(levels, freedom) if freedom > 0 else normal  # of fewer than three points a line is persistence
    errors = {name: of_lines if name.startswith("linear") else normal for name in (*plain, *curved)}
    found = {name: mean + sd * errors[name] for name, (mean, sd) in plain.items()}
    return {**found, **{name: target.back(mean + sd * errors[name]) for name, (mean, sd) in curved.items()}}
