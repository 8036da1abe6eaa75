"""How far series of other countries wander from a steady course: sizes for the declared errors of a target.

Each country's series, on the transformed scale, is a straight line of its own, plus drift (a Gaussian process with
exponential correlation), plus an error of each measurement: the statistical model of a target with the line in place of
the model. The three sizes are common to all countries. They maximise the restricted likelihood, in which the lines are
integrated out. Source: Patterson & Thompson 1971 (restricted likelihood); Kennedy & O'Hagan 2001 (the drift).

An error that all countries share in one year, such as a changed method, counts as an error of each; so its size rests on
as many years as there are, not on as many countries.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from experiments.calibration.targets import number_of, read_value, tidy_rows
from model.checks import Place, fail

BOUNDS = {"drift_sd": (1e-3, 10.0), "drift_years": (0.3, 60.0), "measurement_sd": (1e-3, 5.0)}
STARTS = [(drift, years, error) for drift in (0.1, 0.5) for years in (3.0, 20.0) for error in (0.05, 0.2)]
RESAMPLES = 200
FEWEST = 10  # countries
NEAR = 1.01  # a size within one per cent of its bound is at it


@dataclass(frozen=True)
class Window:
    """Which part of each country's series is read.

    Attributes
    ----------
    points : number of points, all of which must be there. last : no point after this year. start_at : the first point is
        the first value as large as this. lowest, highest : countries with a value outside are left out.
    without : iso3 codes that are left out.
    """

    points: int
    last: int
    start_at: float = 0.0
    lowest: float = 0.0
    highest: float = 1.0
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sizes:
    """Estimated sizes, each a dictionary of the keys of a target: value, and bounds of the 95 % interval over countries."""

    countries: tuple[str, ...]
    value: dict
    low: dict
    high: dict

    def at_bound(self, name):
        """Say whether a size lies at the end of the range in which it is sought."""
        return self.value[name] > BOUNDS[name][1] / NEAR or self.value[name] < BOUNDS[name][0] * NEAR

    @property
    def yearly_step(self):
        """Return the standard deviation of the change of drift from one year to the next."""
        return self.value["drift_sd"] * np.sqrt(2.0 * (1.0 - np.exp(-1.0 / self.value["drift_years"])))


def read_panel(path, indicator, factor, window):
    """Return iso3 -> (years, values) of a tidy CSV, cut to the window; raises InputError naming what is missing."""
    series = {}
    for line, row in tidy_rows(path, indicator):
        year, value = read_value(line, row["year"].strip(), number_of(line / "value", row["value"]))
        series.setdefault(row["iso3"], {})[year] = factor * value
    cut = {iso3: cut_to(known, window) for iso3, known in sorted(series.items()) if iso3 not in window.without}
    kept = {iso3: found for iso3, found in cut.items() if found is not None}
    if len(kept) < FEWEST:
        fail(Place(Path(path)), "too few countries with all points of the window", given=str(len(kept)),
             allowed=f"{FEWEST} or more")  # fmt: skip
    return kept


def cut_to(known, window):
    """Return (years, values) of a country's window, or None if it has not all of it."""
    years = sorted(year for year in known if year <= window.last)
    begun = next((place for place, year in enumerate(years) if known[year] >= window.start_at), len(years))
    years = years[begun : begun + window.points]
    values = np.array([known[year] for year in years])
    whole = len(years) == window.points and values.min() >= window.lowest and values.max() <= window.highest
    return (np.array(years, float), values) if whole else None


def estimate(panel, transform, seed=0, resamples=RESAMPLES):
    """Return the Sizes of a panel as of `read_panel`; intervals are percentiles over resampled countries."""
    layouts = {}
    for years, values in panel.values():
        layouts.setdefault(tuple(years - years[0]), []).append(transform(values))
    groups = [(np.array(years), np.array(series)) for years, series in layouts.items()]
    ones = [np.ones(len(series)) for _, series in groups]
    best = min((maximise(groups, ones, start) for start in STARTS), key=lambda found: found.fun)
    generator, found = np.random.default_rng([seed, 4]), []
    total = len(panel)
    ends = np.cumsum([len(one) for one in ones])[:-1]
    for _ in range(resamples):
        counts = np.bincount(generator.integers(total, size=total), minlength=total).astype(float)
        found.append(np.exp(maximise(groups, np.split(counts, ends), np.exp(best.x)).x))
    ranges = np.percentile(found, [2.5, 97.5], axis=0)
    named = [dict(zip(BOUNDS, map(float, row), strict=True)) for row in (np.exp(best.x), *ranges)]
    return Sizes(tuple(panel), *named)


def maximise(groups, counts, start):
    """Return scipy's result for the logarithms of the sizes that maximise the restricted likelihood from a start."""
    limits = [tuple(np.log(limit)) for limit in BOUNDS.values()]
    sums = [
        (years, (series * count[:, None]).T @ series, count.sum())
        for (years, series), count in zip(groups, counts, strict=True)
    ]
    return minimize(lost, np.log(start), args=(sums,), method="L-BFGS-B", bounds=limits)


def lost(logarithms, sums):
    """Return minus the restricted log-likelihood.

    Parameters
    ----------
    sums : (years, sum of outer products of the series, number of series) of all countries with points in the same years.
    """
    drift_sd, drift_years, measurement_sd = np.exp(logarithms)
    whole = 0.0
    for years, products, count in sums:
        apart = np.abs(np.subtract.outer(years, years))
        spread = drift_sd**2 * np.exp(-apart / drift_years) + measurement_sd**2 * np.eye(len(years))
        line = np.stack([np.ones(len(years)), years - years.mean()], axis=1)
        inverse = np.linalg.inv(spread)
        within = line.T @ inverse @ line
        projection = inverse - inverse @ line @ np.linalg.solve(within, line.T @ inverse)
        sizes = np.linalg.slogdet(spread)[1] + np.linalg.slogdet(within)[1]
        whole += 0.5 * (count * sizes + np.sum(projection * products))
    return whole
