"""Tables of a calibration: how it fits, how it does on points it has not seen, what it predicts."""

import numpy as np
import pandas
from scipy.stats import spearmanr

from experiments.calibration.fit import groups_of, luck
from experiments.calibration.levels import DRAWS
from experiments.calibration.predictive import draws, left_out_draws
from experiments.calibration.rivals import ALONE, MODEL, forecasts_of, joined
from experiments.calibration.scores import band, score
from experiments.calibration.targets import ALL

LATER, NEW = "later years", "new provinces"
FEWEST_PROVINCES = 3
RANKED = 100  # draws whose ranks are compared


def each_target(fit, role="fit"):
    """Yield (target, held) of the targets of a plan that are fitted, or of those with another role."""
    yield from ((target, held) for target, held in zip(fit.plan.targets, fit.plan.held, strict=True) if target.role == role)


def spread_table(fit):
    """Return a row for each target and year with three or more provinces: spread between them, published and modelled.

    Spread is the standard deviation on the transformed scale; the model's includes its declared error of measurement.
    """
    rows = []
    for target, _ in [*each_target(fit), *each_target(fit, "spread")]:
        for year in sorted(set(target.years)):
            points = [(g, v) for g, y, v in zip(target.groups, target.years, target.values, strict=True) if y == year and g]
            if len(points) < FEWEST_PROVINCES:
                continue
            groups, values = zip(*points, strict=True)
            observed = target.transform(values)
            chosen = fit.sample(DRAWS)
            model = target.transform(
                fit.readings.values([fit.run_ids[row] for row in chosen], target, groups, [year] * len(groups))
            )
            noise = np.random.default_rng([fit.plan.sizes["seed"], 4]).standard_normal(model.shape)
            spread = (model + target.measurement_sd * noise).std(axis=1, ddof=1)
            low, high = (float(end) for end in band(spread, 0.9))
            mine, ranks = (
                float(observed.std(ddof=1)),
                np.median([spearmanr(row, observed).statistic for row in model[:RANKED]]),
            )
            rows.append({
                "target": target.name, "year": year, "provinces": len(groups), "observed": mine,
                "median": float(np.median(spread)), "low_90": low, "high_90": high, "inside_90": low <= mine <= high,
                "rank_correlation": float(ranks),
            })  # fmt: skip
    return pandas.DataFrame(rows)


def luck_table(fit):
    """Return a row for each fitted target, and one for all: how much of a run's log-likelihood is luck."""
    rows = luck(fit).items()
    return pandas.DataFrame([{"target": name, "runs": len(fit.repeats), "log_likelihood_sd": size} for name, size in rows])


def fit_table(fit):
    """Return a row for each fitted point: observed, median, 50 and 90 % band of the fit, whether it is inside."""
    rows = []
    for target, held in each_target(fit):
        for group, years, observed in groups_of(target, held, fitted=True):
            rows += band_rows(target, group, years, left_out_draws(fit, target, group, years, observed), observed)
    return pandas.DataFrame(rows)


def held_table(fit):
    """Return a row for each held-out point: observed, median, bands of the forecast; empty if none is held out."""
    rows = []
    for target, held in each_target(fit):
        for group, years, observed in groups_of(target, held, fitted=False):
            rows += band_rows(target, group, years, draws(fit, target, held, group, years, "carried"), observed)
    return pandas.DataFrame(rows)


def band_rows(target, group, years, sample, observed):
    """Return a dictionary for each year of a group."""
    (low_50, high_50), (low_90, high_90) = band(sample, 0.5), band(sample, 0.9)
    return [
        {
            "target": target.name, "province": group, "year": year, "observed": observed[place],
            "median": float(np.median(sample[:, place])), "low_50": low_50[place], "high_50": high_50[place],
            "low_90": low_90[place], "high_90": high_90[place],
            "inside_90": bool(low_90[place] <= observed[place] <= high_90[place]),
        }
        for place, year in enumerate(years)
    ]  # fmt: skip


def validation_table(fit):
    """Return a row for each target and forecast: rmse, crps, share inside the bands; and won or lost against the model.

    `part` is "all"; and, where both were left out, "later years" of provinces that were fitted, and "new provinces".
    `against_model` of a rival says whether the model won or lost against it by root mean square error, `by_crps` by CRPS.
    """
    rows = []
    for target, held in each_target(fit):
        forecasts = forecasts_of(fit, target, held)
        parts = {LATER: [one for one in forecasts if not one.is_new], NEW: [one for one in forecasts if one.is_new]}
        for part, chosen in {ALL: forecasts, **(parts if all(parts.values()) else {})}.items():
            rows += score_rows(target, part, *joined(chosen)) if chosen else []
    return pandas.DataFrame(rows)


def score_rows(target, part, samples, observed):
    """Return a dictionary for each forecast of some points."""
    scores, rows = {name: score(sample, observed) for name, sample in samples.items()}, []
    for name, found in scores.items():
        words = {"against_model": "", "by_crps": ""}
        if name not in (MODEL, ALONE):
            words = {"against_model": won(scores[MODEL], found, "rmse"), "by_crps": won(scores[MODEL], found, "crps")}
        rows.append({"target": target.name, "part": part, "points": len(observed), "forecast": name, **found, **words})
    return rows


def won(mine, other, measure):
    """Return in a word whether the model has the smaller error."""
    return "won" if mine[measure] < other[measure] else "lost"


def prediction_table(fit, years):
    """Return forecasts in tidy form (iso3, year, indicator, value, low, high) in the units of the sources.

    Value is the median, low and high the 90 % band. A province stands as "ISO3: Province" in `iso3`.
    """
    rows = []
    for target, held in each_target(fit):
        for group in dict.fromkeys(target.groups):
            sample = draws(fit, target, held, group, list(years), "carried") / target.factor
            low, high = band(sample, 0.9)
            for place, year in enumerate(years):
                where = f"{target.iso3}: {group}" if group else target.iso3
                value = float(np.median(sample[:, place]))
                rows.append((where, year, target.indicator, value, low[place], high[place]))
    return pandas.DataFrame(rows, columns=["iso3", "year", "indicator", "value", "low", "high"])
