"""How far series of other countries wander from a steady course: sizes for the declared errors of a target.

Each country's series, on the transformed scale, is a level of its own, plus a trend that differs from the common one, plus
drift (a Gaussian process with exponential correlation), plus an error of each measurement: the statistical model of a
target with a common straight line in place of the model. Sizes are common to all countries and maximise the restricted
likelihood, in which levels and the common line are integrated out. Source: Patterson & Thompson 1971 (restricted
likelihood); Laird & Ware 1982 (trends as random effects); Kennedy & O'Hagan 2001 (the drift).

If the values of a year come from one survey of all countries, its method moves all of them. Then what all countries have in
common is estimated for each survey, and only what is left is a country's own.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from experiments.calibration.tidy import country_values, need_share, tidy_rows
from model.checks import Place, fail, nearest_name

BOUNDS = {"drift_sd": (1e-3, 10.0), "drift_years": (0.3, 60.0), "measurement_sd": (1e-3, 5.0), "trend_sd": (1e-4, 1.0)}
STARTS = [(drift, years, error, 0.03) for drift in (0.1, 0.5) for years in (3.0, 20.0) for error in (0.05, 0.2)]
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
    """Estimated sizes, each a dictionary of the keys of a target: value, and bounds of the 95 % interval over countries.

    survey_shift : year -> what all countries have in common beyond a straight line, empty without surveys. survey_sd : its
        standard deviation.
    """

    countries: tuple[str, ...]
    value: dict
    low: dict
    high: dict
    survey_shift: dict
    survey_sd: float

    def at_bound(self, name):
        """Say whether a size lies at the end of the range in which it is sought."""
        return self.value[name] > BOUNDS[name][1] / NEAR or self.value[name] < BOUNDS[name][0] * NEAR

    @property
    def yearly_step(self):
        """Return the standard deviation of the change of drift from one year to the next."""
        return self.value["drift_sd"] * np.sqrt(2.0 * (1.0 - np.exp(-1.0 / self.value["drift_years"])))


def read_panel(path, indicator, factor, window, transformation="logit"):
    """Return iso3 -> (years, values) of a tidy CSV, cut to the window; raises InputError naming what is missing."""
    series = country_values(tidy_rows(path, indicator), indicator, factor)
    need_known(path, window.without, series)
    cut = {iso3: cut_to(known, window) for iso3, known in sorted(series.items()) if iso3 not in window.without}
    kept = {iso3: found for iso3, found in cut.items() if found is not None}
    for iso3, (years, _) in kept.items():
        for year in years:
            need_share(series[iso3][int(year)][0], transformation, series[iso3][int(year)][1])
    return need_enough(path, kept, "all points of the window")


def need_known(path, without, series):
    """Require that countries to leave out are in the table: a slip would leave the country of the target in."""
    for iso3 in without:
        if iso3 not in series:
            fail(Place(Path(path), "--without"), "no rows of this country", given=iso3,
                 allowed=", ".join(sorted(series)[:12]), nearest=nearest_name(iso3, sorted(series)))  # fmt: skip


def cut_to(known, window):
    """Return (years, values) of a country's window, or None if it has not all of it; known: year -> (Place, value)."""
    years = sorted(year for year in known if year <= window.last)
    begun = next((place for place, year in enumerate(years) if known[year][1] >= window.start_at), len(years))
    years = years[begun : begun + window.points]
    values = np.array([known[year][1] for year in years])
    whole = len(years) == window.points and values.min() >= window.lowest and values.max() <= window.highest
    return (np.array(years, float), values) if whole else None


def of_one_survey(path, panel):
    """Return the part of a panel that has the years of most countries; raises InputError if it is small."""
    layouts = Counter(tuple(years) for years, _ in panel.values())
    years = max(sorted(layouts), key=layouts.get)
    return need_enough(path, {iso3: found for iso3, found in panel.items() if tuple(found[0]) == years}, "the same years")


def need_enough(path, panel, words):
    """Return a panel of enough countries."""
    if len(panel) < FEWEST:
        fail(Place(Path(path)), "too few countries with " + words, given=str(len(panel)), allowed=f"{FEWEST} or more")
    return panel


def estimate(panel, transform, surveys=False, seed=0, resamples=RESAMPLES):
    """Return the Sizes of a panel as of `read_panel`; intervals are percentiles over resampled countries.

    surveys : whether the values of a year come from one survey of all countries, which must then have the same years.
    """
    layouts = {}
    for years, values in panel.values():
        layouts.setdefault(tuple(years - (0.0 if surveys else years[0])), []).append(transform(values))
    groups = [(np.array(years), np.array(series)) for years, series in layouts.items()]
    ones = [np.ones(len(series)) for _, series in groups]
    best = min((maximise(groups, ones, surveys, start) for start in STARTS), key=lambda found: found.fun)
    generator, found = np.random.default_rng([seed, 4]), []
    total = len(panel)
    ends = np.cumsum([len(one) for one in ones])[:-1]
    for _ in range(resamples):
        counts = np.bincount(generator.integers(total, size=total), minlength=total).astype(float)
        found.append(np.exp(maximise(groups, np.split(counts, ends), surveys, np.exp(best.x)).x))
    ranges = np.percentile(found, [2.5, 97.5], axis=0)
    named = [dict(zip(BOUNDS, map(float, row), strict=True)) for row in (np.exp(best.x), *ranges)]
    return Sizes(tuple(panel), *named, *(shared(*groups[0]) if surveys else ({}, 0.0)))


def shared(years, series):
    """Return (year -> shift, standard deviation): how the mean of all countries departs from a straight line."""
    mean = series.mean(axis=0)
    slope, start = np.polyfit(years - years.mean(), mean, 1)
    shift = mean - start - slope * (years - years.mean())
    return dict(zip(map(int, years), map(float, shift), strict=True)), float(np.sqrt(np.sum(shift**2) / (len(years) - 2)))


def maximise(groups, counts, surveys, start):
    """Return scipy's result for the logarithms of the sizes that maximise the restricted likelihood from a start."""
    limits = [tuple(np.log(limit)) for limit in BOUNDS.values()]
    sums = [
        (years, (series * count[:, None]).T @ series, count @ series, count.sum())
        for (years, series), count in zip(groups, counts, strict=True)
        if count.sum()
    ]
    return minimize(lost, np.log(start), args=(sums, surveys), method="L-BFGS-B", bounds=limits)


def lost(logarithms, sums, surveys):
    """Return minus the restricted log-likelihood.

    Parameters
    ----------
    sums : (years, sum of outer products of the series, sum of the series, number of series) of all countries with points
        in the same years. surveys : whether each year has a mean of its own, in place of one common trend.
    """
    drift_sd, drift_years, measurement_sd, trend_sd = np.exp(logarithms)
    whole, known, slope = 0.0, 0.0, 0.0
    for years, products, total, count in sums:
        from_middle = years - years.mean()
        apart = np.abs(np.subtract.outer(years, years))
        spread = drift_sd**2 * np.exp(-apart / drift_years) + measurement_sd**2 * np.eye(len(years))
        spread += trend_sd**2 * np.multiply.outer(from_middle, from_middle)
        inverse = np.linalg.inv(spread)
        across = inverse.sum(axis=0)
        projection = inverse - np.multiply.outer(across, across) / across.sum()  # takes out each country's level
        sizes = np.linalg.slogdet(spread)[1] + np.log(across.sum())
        own = products - np.multiply.outer(total, total) / count if surveys else products
        whole += 0.5 * ((count - surveys) * sizes + np.sum(projection * own))
        known += count * from_middle @ projection @ from_middle
        slope += from_middle @ projection @ total
    return whole if surveys else whole + 0.5 * (np.log(known) - slope**2 / known)
