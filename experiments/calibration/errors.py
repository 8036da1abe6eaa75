"""The declared errors of a target: covariance, likelihood of a run, and what follows for years without data.

All functions work on the transformed scale and on one group of a target. Source: Kennedy & O'Hagan 2001 (the model's error
as a Gaussian process beside the measurement's); Wilkinson 2013 (with declared errors the acceptance of approximate
Bayesian computation is a likelihood, and the result is exact for the model with its errors).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve


@dataclass(frozen=True)
class Forecast:
    """What is expected of a group in some years, given a run and the points that were fitted.

    Attributes
    ----------
    shift : mean of level, trend and drift, shape (runs, years). covariance : of the observations around it, shape
        (years, years).
    """

    shift: np.ndarray
    covariance: np.ndarray


def covariance(target, years, others=None):
    """Return the covariance of level, trend and drift between years, shape (years, others)."""
    others = years if others is None else others
    years, others = np.asarray(years, float), np.asarray(others, float)
    apart = np.abs(np.subtract.outer(years, others))
    trend = np.multiply.outer(years - min(target.years), others - min(target.years))
    return target.level_sd**2 + target.trend_sd**2 * trend + target.drift_sd**2 * np.exp(-apart / target.drift_years)


def noise(target, years):
    """Return the covariance of what each year has for itself: the measurement, and a survey of which nothing is known."""
    unknown = np.array([year not in target.survey_shift for year in years], float)
    return np.diag(target.measurement_sd**2 + target.survey_sd**2 * unknown)


def log_likelihood(target, years, residuals):
    """Return the weighted log-likelihood of runs by residuals (observed less model) of shape (runs, years)."""
    total = covariance(target, years) + noise(target, years)
    factor = cho_factor(total, lower=True)
    size = np.sum(residuals * cho_solve(factor, residuals.T).T, axis=1)
    constant = 2.0 * np.log(np.diag(factor[0])).sum() + len(years) * np.log(2.0 * np.pi)
    return -0.5 * target.weight * (size + constant)


def implausibility(target, years, residuals):
    """Return how far runs are from the data, in standard deviations: root mean square with declared errors allowed for."""
    total = covariance(target, years) + noise(target, years)
    factor = cho_factor(total, lower=True)
    return np.sqrt(np.mean(residuals * cho_solve(factor, residuals.T).T, axis=1))


def forecast(target, fitted, residuals, years):
    """Return the Forecast of observations in `years`, given residuals in the years `fitted`, shape (runs, fitted).

    With no fitted years it is the declared error alone.
    """
    own = covariance(target, years) + noise(target, years)
    if len(fitted) == 0:
        return Forecast(np.zeros((len(residuals), len(years))), own)
    known = covariance(target, fitted) + noise(target, fitted)
    gain = cho_solve(cho_factor(known, lower=True), covariance(target, fitted, years)).T
    left = own - gain @ covariance(target, fitted, years)
    return Forecast(residuals @ gain.T, 0.5 * (left + left.T))


def leave_one_out(target, fitted, residuals):
    """Return the Forecast of each fitted point from all others: what a run and its declared errors say of a known year.

    The band of a fit. Errors of different years are drawn independently; its width does not depend on how the marginal size
    of a drift that hardly fades is declared. Source: Sundararajan & Keerthi 2001 (leave-one-out of a Gaussian process).
    """
    known = covariance(target, fitted) + noise(target, fitted)
    inverse = cho_solve(cho_factor(known, lower=True), np.eye(len(fitted)))
    left = 1.0 / np.diag(inverse)
    return Forecast(residuals - (residuals @ inverse) * left, np.diag(left))
