"""Forecasts of the points left out, side by side: the model's two, and those of its rivals, which know only the series."""

from dataclasses import dataclass

import numpy as np

from experiments.calibration import naive
from experiments.calibration.fit import groups_of
from experiments.calibration.levels import DRAWS, even_normal
from experiments.calibration.predictive import draws, still

MODEL = "model"
ALONE = "model, errors not carried"
STILL = "errors without the model"


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of the points of one group that were left out.

    Attributes
    ----------
    group : a province, or "". is_new : none of its points was fitted. observed : shape (points,).
    samples : name of the forecast -> draws, shape (draws, points).
    """

    group: str
    is_new: bool
    observed: np.ndarray
    samples: dict


def forecasts_of(fit, target, held):
    """Return the Forecasts of each group of a target of which points were left out."""
    fitted = {group: (years, observed) for group, years, observed in groups_of(target, held, fitted=True)}
    found, seed = [], fit.plan.sizes["seed"]
    for group, years, observed in groups_of(target, held, fitted=False):
        samples = {
            MODEL: draws(fit, target, held, group, years, "carried"),
            ALONE: draws(fit, target, held, group, years, "bare"),
        }
        if group in fitted:
            samples |= of_series(target, *fitted[group], years, seed)
        elif fitted:
            samples |= of_others(target, fitted, years, seed)
        found.append(Forecasts(group, group not in fitted, observed, samples))
    return found


def joined(forecasts):
    """Return (name -> draws of all points, observed of all points) of the forecasts that every group has."""
    names = [name for name in forecasts[0].samples if all(name in one.samples for one in forecasts)]
    samples = {name: np.hstack([one.samples[name] for one in forecasts]) for name in names}
    return samples, np.concatenate([one.observed for one in forecasts])


def of_series(target, known, values, years, seed):
    """Return name -> draws of every rival from the fitted points of the series itself."""
    return {STILL: still(target, known, values, years, seed), **naive.forecasts(target, known, values, years, seed)}


def of_others(target, fitted, years, seed):
    """Return name -> draws of every rival for a province that was left out, from the provinces that were not.

    Each forecasts their mean, from its known value in years that they have. To it comes one unknown distance of this
    province, as large as provinces differ among themselves.
    """
    known, means, apart = mean_of_provinces(target, fitted)
    found = of_series(target, known, means, years, seed)
    distance = apart * even_normal(DRAWS, 1, [seed, 7])
    for sample in found.values():
        for place, year in enumerate(years):
            if year in known:
                sample[:, place] = means[known.index(year)]
    return {name: target.back(target.transform(sample) + distance) for name, sample in found.items()}


def mean_of_provinces(target, fitted):
    """Return (years, mean over the provinces that have a year, how far provinces differ).

    The last is a standard deviation on the transformed scale.

    Parameters
    ----------
    fitted : province -> (years, values), the points that were fitted.
    """
    values = {}
    for known, mine in fitted.values():
        for year, value in zip(known, mine, strict=True):
            values.setdefault(year, []).append(value)
    years = sorted(values)
    variances = [np.var(target.transform(values[year]), ddof=1) for year in years if len(values[year]) > 1]
    apart = float(np.sqrt(np.mean(variances))) if variances else 0.0
    return years, np.array([np.mean(values[year]) for year in years]), apart
