"""Posterior predictive draws: a run of the posterior, its declared errors, a measurement."""

import numpy as np

from experiments.calibration import errors
from experiments.calibration.fit import groups_of, residuals_of

DRAWS = 2000
EIGEN_FLOOR = 1e-12
KINDS = ("carried", "bare", "fit")


def draws(fit, target, held, group, years, kind):
    """Return posterior predictive draws of what would be observed, in the unit of the observable, shape (DRAWS, years).

    Parameters
    ----------
    kind : "carried": level and drift are conditioned on the points that were fitted, so that the forecast starts where the
        data end. "bare": the model with its declared errors, which know nothing of the data but through the parameters.
        "fit": each fitted year given the other fitted years.
    """
    chosen = fit.sample(DRAWS)
    rows, counts = np.unique(chosen, return_inverse=True)
    run_ids = [fit.run_ids[row] for row in rows]
    model = target.transform(fit.readings.values(run_ids, target, [group] * len(years), years)) + target.known_shift(years)
    found = expected(fit, target, held, group, years, kind, run_ids)
    generator = np.random.default_rng([fit.plan.sizes["seed"], 3, KINDS.index(kind)])
    sizes, vectors = np.linalg.eigh(found.covariance)
    noise = generator.standard_normal((DRAWS, len(years))) * np.sqrt(np.maximum(sizes, EIGEN_FLOOR)) @ vectors.T
    return target.back((model + found.shift)[counts] + noise)


def expected(fit, target, held, group, years, kind, run_ids):
    """Return the Forecast of the declared errors for some runs."""
    points = {place: (known, values) for place, known, values in groups_of(target, held, fitted=True)}
    if kind == "bare" or group not in points:  # a province that was left out lends nothing to its own forecast
        return errors.forecast(target, (), np.zeros((len(run_ids), 0)), years)
    known, values = points[group]
    residuals = residuals_of(target, fit.readings, run_ids, group, known, values)
    if kind == "fit":
        return errors.leave_one_out(target, known, residuals)
    return errors.forecast(target, known, residuals, years)
