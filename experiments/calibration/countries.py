"""One parameter set for many countries: how well the parameters of the calibrated case forecast the series of others.

Every country runs with points of the posterior as they are. Only one input is its own: its internet use in the year in which
the scenario begins. The declared errors of the targets carry on from its fitted years, as for the calibrated case, and
nothing is fitted anew. Points of the same years are left out, and the same naive forecasts compete.

Countries share the method of each survey and the course of the world. Intervals are over countries as if they were
independent, so they are too narrow.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas

from experiments.calibration.fit import need_started, study_of, variants_of
from experiments.calibration.observed import Readings, run_ids_of
from experiments.calibration.rivals import ALONE, MODEL, forecasts_of, joined
from experiments.calibration.scores import score
from experiments.calibration.tables import prediction_table
from experiments.calibration.tidy import country_values, need_share, read_tidy
from experiments.plans.factors import read_factors
from experiments.running.runner import run_variants
from model.checks import Place, fail, nearest_name

ACCESS, INPUT = "access_share", "initial_access"
POSTERIOR_POINTS = 24  # runs of each country; with 8 a ratio moved by .08 from one sample to another
FEWEST_FITTED = 5  # years of a series, as many as the straight line takes
FEWEST_COUNTRIES = 10
RESAMPLES = 2000
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True)
class Country:
    """A country with series of its own.

    Attributes
    ----------
    iso3 : its code. initial : internet users in the year in which the scenario begins, a share.
    targets : list of (Target with the values of this country, which of its points are left out).
    """

    iso3: str
    initial: float
    targets: list


def read_countries(plan, scenario, paths):
    """Return (Country objects of tidy CSV files, names of targets of which no country has the points).

    Series of provinces are not read. Raises InputError naming what is missing: the plan's own country, internet users of the
    year in which the scenario begins, enough countries.
    """
    pairs = zip(plan.targets, plan.held, strict=True)
    targets = [(target, held) for target, held in pairs if target.role == "fit" and not any(target.groups)]
    start, own = scenario.start[0], {target.iso3 for target in plan.targets}
    if "" in own:
        fail(Place(plan.file, "targets"), "a target without iso3: the calibrated country cannot be told from the others",
             allowed="iso3 in every target")  # fmt: skip
    rows = [found for path in paths for found in read_tidy(path)]
    initial = initial_access(plan, targets, start, rows)
    tables = {target.name: values_of(target, rows) for target, _ in targets}
    countries = []
    for iso3 in sorted(set(initial) - own):
        made = [
            (replace(target, iso3=iso3, groups=("",) * len(years), years=years, values=values), out)
            for target, held in targets
            for years, values, out in series_of(target, held, tables[target.name].get(iso3, {}))
        ]
        if made:
            countries.append(Country(iso3, initial[iso3], made))
    if len(countries) < FEWEST_COUNTRIES:
        fail(Place(paths[0]), "too few other countries with the points of the plan", given=str(len(countries)),
             allowed=f"{FEWEST_COUNTRIES} or more with internet users of {start}, all years left out and {FEWEST_FITTED} "
             "or more of those fitted")  # fmt: skip
    found = {target.name for country in countries for target, _ in country.targets}
    return countries, [target.name for target, _ in targets if target.name not in found]


def initial_access(plan, targets, start, rows):
    """Return iso3 -> internet users in the year in which the scenario begins: the one input that is a country's own."""
    access = next(((target, held) for target, held in targets if target.observable == ACCESS), None)
    if access is None:
        names = ", ".join(target.name for target in plan.targets)
        fail(Place(plan.file, "targets"), "no target of internet users: it tells countries apart", given=names,
             allowed=f"one with observable = '{ACCESS}'")  # fmt: skip
    target, held = access
    if any(late and year == start for year, late in zip(target.years, held, strict=True)):
        fail(Place(plan.file, "split"), "leaves out internet users of the year in which the scenario begins",
             given=str(start), allowed="that year fitted: it is an input of every country")  # fmt: skip
    values = values_of(target, rows)
    if not values:
        known = sorted({row["indicator"] for _, row in rows})
        place = rows[0][0] if rows else Place(plan.file)
        fail(Place(place.file), "no rows of this indicator", given=target.indicator, allowed=", ".join(known[:12]),
             nearest=nearest_name(target.indicator, known))  # fmt: skip
    return {iso3: known[start] for iso3, known in values.items() if start in known}


def values_of(target, rows):
    """Return iso3 -> {year: value in the unit of the observable}."""
    found = country_values(rows, target.indicator, target.factor)
    for known in found.values():
        for place, value in known.values():
            need_share(place, target.transformation, value)
    return {iso3: {year: value for year, (_, value) in known.items()} for iso3, known in found.items()}


def series_of(target, held, known):
    """Yield (years, values, left out) if a country has all points left out and enough of the fitted ones; else nothing."""
    out = {year for year, late in zip(target.years, held, strict=True) if late}
    years = tuple(year for year in target.years if year in known)
    if out <= set(years) and len(years) - len(out) >= FEWEST_FITTED:
        yield years, tuple(known[year] for year in years), tuple(year in out for year in years)


def run_countries(fit, countries, folder, options, progress):
    """Return a Fit for each country that has runs: those with points of the posterior and its own input."""
    chosen = fit.sample(POSTERIOR_POINTS)
    values = [{**fit.values[row], INPUT: country.initial} for country in countries for row in chosen]
    named = [factor.name for factor in fit.plan.factors]
    more = () if INPUT in named else tuple(read_factors(Place(fit.plan.file, "factors"), {INPUT: {}}))
    plan = replace(fit.plan, name=fit.plan.name + "-countries", factors=fit.plan.factors + more)
    study = study_of(plan, fit.scenario, values)
    study.points["country"] = [country.iso3 for country in countries for _ in chosen]
    result = run_variants(variants_of(fit.scenario, values), 1, folder, options, progress, study=study)
    need_started(result)
    readings = Readings(fit.scenario, fit.plan.targets).load(result)
    sound, run_ids, made = readings.runs(), run_ids_of(result, len(values)), []
    for place, country in enumerate(countries):
        mine = [run_id for run_id in run_ids[place * len(chosen) : (place + 1) * len(chosen)] if run_id in sound]
        if mine:
            weights = np.full(len(mine), 1.0 / len(mine))
            made.append((country, replace(fit, readings=readings, run_ids=mine, weights=weights)))
    return result, made


def score_table(fits):
    """Return a row for each target, country and forecast: rmse, crps, shares inside the bands; empty if none is left out."""
    rows = []
    for country, fit in fits:
        for target, held in country.targets:
            forecasts = forecasts_of(fit, target, held)
            samples, observed = joined(forecasts) if forecasts else ({}, None)
            for name, sample in samples.items():
                scores = score(sample, observed)
                rows.append({"target": target.name, "country": country.iso3, "forecast": name, **scores})
    return pandas.DataFrame(rows)


def prediction_rows(fits, years):
    """Return forecasts of all countries, as `tables.prediction_table` for the calibrated case."""
    made = [
        prediction_table(replace(fit, plan=replace(fit.plan, targets=(target,), held=(held,))), years)
        for country, fit in fits
        for target, held in country.targets
    ]
    return pandas.concat(made, ignore_index=True)


def summary_table(scores, seed=0):
    """Return a row for each target and forecast over all countries.

    rmse is over all points (each country has equally many), crps their mean. For a rival, `ratio_rmse` and `ratio_crps` are
    the model's error over the rival's with 95 % intervals over resampled countries, `won` the share of countries in which
    the model's rmse is smaller; `verdict` is "won" or "lost" if the interval of `ratio_rmse` lies on one side of 1, else
    "open".
    """
    rows = []
    for target, mine in scores.groupby("target", sort=False):
        squares, crps = (mine.pivot(index="country", columns="forecast", values=name) for name in ("rmse", "crps"))
        squares = squares**2
        draws = np.random.default_rng([seed, 5]).integers(len(squares), size=(RESAMPLES, len(squares)))
        inside = mine.groupby("forecast")[["inside_50", "inside_90"]].mean()
        for name in dict.fromkeys(mine["forecast"]):
            row = {"target": target, "countries": len(squares), "forecast": name,
                   "rmse": float(np.sqrt(squares[name].mean())), "crps": float(crps[name].mean()),
                   **inside.loc[name].to_dict()}  # fmt: skip
            if name not in (MODEL, ALONE):
                row |= ratio("rmse", np.sqrt, squares, name, draws) | ratio("crps", np.asarray, crps, name, draws)
                row["won"] = float((squares[MODEL] < squares[name]).mean())
                row["verdict"] = "won" if row["ratio_rmse_high"] < 1.0 else "lost" if row["ratio_rmse_low"] > 1.0 else "open"
            rows.append(row)
    return pandas.DataFrame(rows)


def ratio(word, back, errors, name, draws):
    """Return the model's mean error over that of a rival, and its interval over resampled countries."""
    mine, other = errors[MODEL].to_numpy(), errors[name].to_numpy()
    low, high = np.percentile(back(mine[draws].mean(axis=1) / other[draws].mean(axis=1)), INTERVAL)
    whole = float(back(mine.mean() / other.mean()))
    return {f"ratio_{word}": whole, f"ratio_{word}_low": float(low), f"ratio_{word}_high": float(high)}
