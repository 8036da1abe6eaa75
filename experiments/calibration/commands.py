"""What `calibrate` and `validate` do: run, fit, write, say. All printing of calibrations is here."""

import sys
from math import isnan
from pathlib import Path

from model.errors import InputError, RunFailure

YEARS_LIMIT = 200
HARDLY = 10.0  # temperature at which errors count as three times as large as declared
MOST_LUCK = 1.5  # a little above what pays best for noisy likelihoods, 1.2 (Doucet et al. 2015, doi 10.1093/biomet/asu075)


def load(text):
    """Return the CalibrationPlan that a path or name means."""
    from experiments.calibration.plan import FOLDER as PLANS
    from experiments.calibration.plan import read_calibration
    from experiments.command_line.commands import find

    return read_calibration(find(text, PLANS, "calibration"))


def run(plan, out, options):
    """Run every generation of a plan and return the Fit."""
    from experiments.calibration.fit import fit
    from experiments.command_line.sweep_commands import check_options
    from experiments.running.progress import progress_for

    check_options(options)
    folder = Path(out) if out else Path("results") / f"calibrate-{plan.name}"
    return fit(plan, folder, options, progress_for, say_generation)


def say_generation(row):
    """Say how far a calibration is."""
    words = "generation {generation}: {runs} runs, best {best_implausibility:.2f} sd from the data"
    words += ", effective size {effective_size:.0f}"
    print(words.format(**row), file=sys.stderr, flush=True)


def calibrate(text, out, options):
    """Calibrate a plan and write tables, figures and the calibrated scenario."""
    from experiments.calibration.output import write
    from experiments.command_line.commands import conclude

    found = run(load(text), out, options)
    print(f"tables and figures: {write(found, {})}")
    say_posterior(found)
    conclude(found.result)


def validate(text, out, options, predict, predictions, tables_of_countries=()):
    """Calibrate without the held-out points, compare forecasts of them with the data and with naive forecasts."""
    import pandas

    from experiments.calibration.countries import prediction_rows
    from experiments.calibration.output import write
    from experiments.calibration.tables import held_table, prediction_table, validation_table
    from experiments.storage.publish import publish

    if (predict is None) != (predictions is None):
        raise InputError(
            "--predict and --out belong together", key="--predict", allowed="--predict 2020-2024 --out predictions.csv"
        )
    if predictions is not None and not Path(predictions).parent.is_dir():
        raise InputError("no such folder", key="--out", given=str(predictions), allowed="a file in a folder that is there")
    plan = load(text)
    years = read_years(predict) if predict else []
    need_years(plan, years)
    left_out = any(map(any, plan.held))
    if not left_out and not years:
        raise InputError("the plan holds no point out: there is nothing to validate", file=plan.file, key="split",
                         allowed="[split] with last, years or groups; or --predict YEARS")  # fmt: skip
    others = countries_of(plan, tables_of_countries)
    found = run(plan, out, options)
    results, fits = [found.result], []
    if others:
        result, fits = run_others(found, others, options)
        results.append(result)
    tables = {"held_out": held_table(found), "validation": validation_table(found)} if left_out else {}
    tables |= country_tables(fits, plan.sizes["seed"]) if fits and left_out else {}
    print(f"tables and figures: {write(found, tables)}")
    say_posterior(found)
    if left_out:
        say_validation(tables["validation"])
    if "countries" in tables:
        say_countries(tables["countries"])
    if years:
        forecasts = [prediction_table(found, years), *([prediction_rows(fits, years)] if fits else [])]
        publish(Path(predictions), pandas.concat(forecasts).to_csv(index=False, lineterminator="\n"))
        print(f"predictions: {predictions}")
    conclude_all(results)


def conclude_all(results):
    """Conclude every result, then raise the first failure: one does not hide the others."""
    from experiments.command_line.commands import conclude, relative

    failures = []
    for result in results:
        try:
            if len(results) > 1:
                print(f"{relative(result.folder)}:")
            conclude(result)
        except RunFailure as failure:
            failures.append(failure)
    for failure in failures[1:]:
        print(failure, file=sys.stderr)
    if failures:
        raise failures[0]


def countries_of(plan, paths):
    """Return the Country objects of tables, checked before anything runs."""
    from experiments.calibration.countries import read_countries
    from experiments.calibration.fit import scenario_of

    if not paths:
        return []
    countries, without = read_countries(plan, scenario_of(plan), paths)
    if without:
        print(f"note: no country has the points of {', '.join(without)}", file=sys.stderr)
    return countries


def run_others(fit, countries, options):
    """Run other countries with the posterior and return (result, list of (Country, its Fit))."""
    from experiments.calibration.countries import run_countries
    from experiments.running.progress import progress_for

    print(f"{len(countries)} other countries with the parameters of this one", file=sys.stderr, flush=True)
    folder = fit.result.folder.with_name(fit.result.folder.name + "-countries")
    return run_countries(fit, countries, folder, options, progress_for())


def country_tables(fits, seed):
    """Return the tables of scores of other countries."""
    from experiments.calibration.countries import score_table, summary_table

    scores = score_table(fits)
    return {"countries": summary_table(scores, seed), "country_scores": scores} if len(scores) else {}


def read_years(text):
    """Return the years of a text such as "2020-2024" or "2020,2022"; raises InputError."""
    allowed = "years such as 2020-2024 or 2020,2022"
    years = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        ends = [first, last if dash else first]
        if not all(end.isascii() and end.isdigit() and len(end) == 4 for end in ends) or int(ends[0]) > int(ends[1]):
            raise InputError("not years", key="--predict", given=text, allowed=allowed)
        years += range(int(ends[0]), int(ends[1]) + 1)
    if len(years) > YEARS_LIMIT:
        raise InputError("too many years", key="--predict", given=text, allowed=f"at most {YEARS_LIMIT} years")
    return sorted(set(years))


def need_years(plan, years):
    """Require that the runs reach the years to predict."""
    from experiments.calibration.fit import scenario_of
    from experiments.calibration.observed import point_of

    scenario = scenario_of(plan)
    for target in plan.targets:
        for year in years:
            if point_of(scenario.start, scenario.months, target, year) is None:
                span = f"whole years from {scenario.month_label(1)} to {scenario.month_label(scenario.months)}"
                raise InputError("outside the run", key="--predict", given=str(year), allowed=span)


def say_posterior(fit):
    """Print the posterior of every parameter, and what the data did not inform."""
    from experiments.calibration.fit import luck
    from experiments.calibration.particles import effective_size
    from experiments.calibration.posterior import summary
    from experiments.calibration.tables import fit_table

    table, points = summary(fit), fit_table(fit)
    for row in table.itertuples():
        print(f"  {row.parameter}: {row.median:.4g} [{row.low_90:.4g}, {row.high_90:.4g}], informed: {row.informed}")
    size = effective_size(fit.weights)
    inside = f"{points['inside_90'].mean():.0%} of fitted points inside the 90 % band"
    print(f"{len(fit.values)} runs, effective size {size:.0f}; {inside}")
    say_distance(fit.history[-1]["best_implausibility"])
    if fit.temperature > HARDLY:
        print(f"note: the posterior is hardly more than the prior (temperature {fit.temperature:.3g}): it takes more runs")
    elif fit.temperature > 1.0:
        print(f"note: too few runs for the declared errors; the posterior is widened (temperature {fit.temperature:.2f})")
    say_luck(luck(fit)["all"], fit.temperature)


def say_distance(best):
    """Say if no run comes near the data: every band and score then rests on the declared errors, not on the model."""
    from experiments.calibration.particles import NOT_RULED_OUT

    if best > NOT_RULED_OUT:
        print(f"WARNING: the nearest run lies {best:.1f} sd (declared errors) from a series; {NOT_RULED_OUT:g} rules out")
        print("scenario, bounds or errors do not fit the data, and forecasts rest on carried errors alone")


def say_luck(size, temperature):
    """Print how much of a run's log-likelihood is luck, and what helps."""
    if isnan(size):
        print("luck of a run: not known, as fewer than two of its repetitions have numbers")
        return
    print(f"luck of a run: its log-likelihood differs by {size:.2f} (sd) between runs of one point")
    if size > MOST_LUCK:
        widened = "and shifts a widened posterior to where runs differ least"
        words = widened if temperature > 1.0 else "so that few runs count"
        print(f"note: that is much, {words}; [settings] citizens_per_office makes larger worlds")


def say_validation(table):
    """Print what was won and lost."""
    for row in table.itertuples():
        words = f"; model {row.against_model} (rmse), {row.by_crps} (crps)" if row.against_model else ""
        bands = f"inside 50 %: {row.inside_50:.0%}, 90 %: {row.inside_90:.0%}"
        where = row.target if row.part == "all" else f"{row.target} ({row.part})"
        print(f"  {where}, {row.forecast}: rmse {row.rmse:.4f}, crps {row.crps:.4f}, {bands}{words}")


def say_countries(table):
    """Print how the model does on other countries against each rival."""
    for row in table.itertuples():
        words = f"  {row.target}, {row.countries} countries, {row.forecast}: rmse {row.rmse:.4f}, crps {row.crps:.4f}"
        words += f", inside 50 %: {row.inside_50:.0%}, 90 %: {row.inside_90:.0%}"
        if isinstance(row.verdict, str):
            words += f"; model's rmse is {row.ratio_rmse:.2f} [{row.ratio_rmse_low:.2f}, {row.ratio_rmse_high:.2f}] of it"
            words += f", smaller in {row.won:.0%} of countries: {row.verdict}"
        print(words)


def target_errors(path, indicator, window, within, without, factor, transformation, surveys):
    """Print the sizes of errors that a panel of other countries suggests, as lines of a target file."""
    from experiments.calibration.panel import Window, estimate, of_one_survey, read_panel
    from experiments.calibration.targets import transform

    points, last, start_at = window
    lowest, highest = read_range(within) if within else (float("-inf"), float("inf"))
    codes = tuple(without.replace(",", " ").split())
    panel = read_panel(path, indicator, factor, Window(points, last, start_at, lowest, highest, codes), transformation)
    whole = len(panel)
    panel = of_one_survey(path, panel) if surveys else panel
    sizes = estimate(panel, lambda values: transform(transformation, values), surveys)
    common = "the mean of every survey" if surveys else "a common straight line"
    print(f"# {len(panel)} countries, {points} points each, none after {last}; {common} taken out")
    if whole > len(panel):
        print(f"# {whole - len(panel)} more countries have their points in other years and are left out")
    for name, value in sizes.value.items():
        note = "; at the end of the range searched" if sizes.at_bound(name) else ""
        print(f"{name} = {value:.3g}  # 95 % over countries: {sizes.low[name]:.3g} to {sizes.high[name]:.3g}{note}")
    print(f"# drift changes by {sizes.yearly_step:.3g} from one year to the next")
    if surveys:
        print(f"survey_sd = {sizes.survey_sd:.3g}  # of {len(sizes.survey_shift)} surveys\n[survey_shift]")
        print("\n".join(f"{year} = {shift:.3f}" for year, shift in sizes.survey_shift.items()))


def read_range(text):
    """Return (low, high) of a text such as "0.1:0.9"; raises InputError."""
    parts = text.split(":")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        low, high = 1.0, 0.0
    if not low < high:
        raise InputError("not a range", key="--within", given=text, allowed="LOW:HIGH, such as 0.1:0.9")
    return low, high
