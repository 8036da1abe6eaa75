"""Posterior predictive draws: a run of the posterior, its declared errors, a measurement.

Source for points that were fitted: Gelfand, Dey & Chang 1992 and Vehtari, Gelman & Gabry 2017 (leave-one-out by weights over
the density of the point), with weights cut as in Ionides 2008.
"""

from dataclasses import replace

import numpy as np
from scipy.special import logsumexp

from experiments.calibration import errors
from experiments.calibration.fit import groups_of, residuals_of
from experiments.calibration.levels import DRAWS, even_normal
from experiments.calibration.particles import resample

EIGEN_FLOOR = 1e-12
FREE_LEVEL = 30.0  # times the largest other error: as good as unknown
KINDS = ("carried", "bare")


def draws(fit, target, held, group, years, kind):
    """Return posterior predictive draws of what would be observed, in the unit of the observable, shape (DRAWS, years).

    Parameters
    ----------
    kind : "carried": level and drift are conditioned on the points that were fitted, so that the forecast starts where the
        data end. "bare": the model with its declared errors, which know nothing of the data but through the parameters.
    """
    chosen = fit.sample(DRAWS)
    rows, counts = np.unique(chosen, return_inverse=True)
    run_ids = [fit.run_ids[row] for row in rows]
    model = target.transform(fit.readings.values(run_ids, target, [group] * len(years), years)) + target.known_shift(years)
    found = expected(fit, target, held, group, years, kind, run_ids)
    noise = normal_draws(found.covariance, [fit.plan.sizes["seed"], 3, KINDS.index(kind)])
    return target.back((model + found.shift)[counts] + noise)


def normal_draws(covariance, seed):
    """Return draws of a normal distribution of mean 0, shape (DRAWS, years)."""
    sizes, vectors = np.linalg.eigh(covariance)
    return even_normal(DRAWS, len(covariance), seed) * np.sqrt(np.maximum(sizes, EIGEN_FLOOR)) @ vectors.T


def still(target, known, values, years, seed):
    """Return draws, shape (DRAWS, years), of the declared errors alone, around a world in which nothing changes.

    What is left of a forecast without the model: a level from the fitted points, trend, drift and surveys as declared.
    """
    free = replace(target, level_sd=FREE_LEVEL * max(target.drift_sd, target.measurement_sd, target.survey_sd))
    observed = target.transform(values) - target.known_shift(known)
    found = errors.forecast(free, known, (observed - observed.mean())[None, :], years)
    return target.back(observed.mean() + found.shift + target.known_shift(years) + normal_draws(found.covariance, [seed, 6]))


def expected(fit, target, held, group, years, kind, run_ids):
    """Return the Forecast of the declared errors for some runs."""
    points = {place: (known, values) for place, known, values in groups_of(target, held, fitted=True)}
    if kind == "bare" or group not in points:  # a province that was left out lends nothing to its own forecast
        return errors.forecast(target, (), np.zeros((len(run_ids), 0)), years)
    known, values = points[group]
    residuals = residuals_of(target, fit.readings, run_ids, group, known, values)
    return errors.forecast(target, known, residuals, years)


def left_out_draws(fit, target, group, years, observed):
    """Return draws of each fitted point of a group as all other points have it, shape (DRAWS, years).

    Both the errors and the weights of the runs know the other points only.
    """
    used = np.flatnonzero(fit.weights > 0.0)
    run_ids = [fit.run_ids[row] for row in used]
    residuals = residuals_of(target, fit.readings, run_ids, group, years, observed)
    model = target.transform(observed) - residuals  # the known shift of a survey is part of it
    found = errors.leave_one_out(target, years, residuals)
    sizes = np.diag(found.covariance)
    likely = -0.5 * target.weight / fit.temperature * (residuals - found.shift) ** 2 / sizes  # what the point itself adds
    normal = even_normal(DRAWS, len(years), [fit.plan.sizes["seed"], 3, len(KINDS)])
    draws = np.empty((DRAWS, len(years)))
    for place in range(len(years)):
        chosen = resample(without(fit.weights[used], likely[:, place]), DRAWS, fit.plan.sizes["seed"])
        draws[:, place] = (model + found.shift)[chosen, place] + np.sqrt(sizes[place]) * normal[:, place]
    return target.back(draws)


def without(weights, likely):
    """Return weights of runs as they would be without one point, given the log-likelihood that it adds to each, normalised.

    None counts more than the square root of their number times the mean (Ionides 2008).
    """
    ratio = -likely - logsumexp(np.log(weights) - likely)
    logs = np.log(weights) + np.minimum(ratio, 0.5 * np.log(len(weights)))
    return np.exp(logs - logsumexp(logs))
