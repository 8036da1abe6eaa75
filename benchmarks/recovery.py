"""Does calibration find what was planted? Coverage, ranks and identifiability on synthetic truths.

One table of runs of the prior (small country) serves for all truths. 200 of its runs are taken as truths in turn; their
series, disturbed by the declared errors, become data; the others, weighted by the likelihood of those data, the posterior:
once tempered to an effective size as `calibrate` does it, once without. Reported for each parameter: the share of truths
inside their 50 and 90 % intervals, with the Clopper-Pearson interval of the latter; simulation-based calibration, i.e. ranks
of truths among posterior draws, with a chi-squared test (Talts et al. 2018); the contraction from prior to posterior. Then
where truths lie in their posteriors on average, by the number of runs: tempering spreads a posterior to where the model
changes little with its parameters, which is not around the truth.

    python -m benchmarks.recovery FOLDER [RUNS [TRUTHS]]
"""

import sys
from pathlib import Path

import numpy as np
import pandas
from scipy.stats import binomtest, chisquare

from experiments.calibration import errors, particles
from experiments.calibration.fit import Readings, study_of, variants_of
from experiments.calibration.observed import run_ids_of
from experiments.calibration.plan import read_calibration
from experiments.running.progress import progress_for
from experiments.running.runner import Options, run_variants
from model import load_scenario

TRUTHS, RANKS, BINS, SEED = 200, 19, 10, 11
YEARS = list(range(2010, 2022))
PLAN = """schema = 1
kind = "calibration"
name = "recovery"
scenario = "small"
targets = ["access.toml", "supply.toml"]
seed = 1
[settings]
months = 144
citizens_per_office = 32
servants_per_office = 6
[factors.access_contagion]
[factors.access_seed]
[factors.project_rate]
high = 0.2
[factors.initial_screen]
"""
TARGET = """schema = 1
kind = "target"
name = "{name}"
indicator = "{name}"
source = "planted"
observable = "{observable}"
moment = "year-end"
level_sd = {level}
drift_sd = 0.2
trend_sd = 0.03
measurement_sd = 0.1
survey_sd = 0.1
[survey_shift]
2012 = 0.2
2016 = -0.3
[values]
"""


def main(folder, runs=4096, truths=TRUTHS):
    """Run the table of the prior, then recover every truth and print what was found."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, observable, level in (("access", "access_share", 0.0), ("supply", "supply_index", 0.3)):
        points = "".join(f"{year} = 0.5\n" for year in YEARS)
        (folder / f"{name}.toml").write_text(TARGET.format(name=name, observable=observable, level=level) + points)
    (folder / "plan.toml").write_text(PLAN)
    plan = read_calibration(folder / "plan.toml")
    scenario = load_scenario(plan.scenario, **plan.settings)
    scores = particles.first_scores(runs, len(plan.factors), SEED)
    values = particles.values_at(scores, plan.factors)
    study = study_of(plan, scenario, values)
    result = run_variants(variants_of(scenario, values), 1, folder / "runs", Options(2), progress_for(), study=study)
    readings, ids = Readings(scenario, plan.targets).load(result), run_ids_of(result, runs)
    outputs = [target.transform(readings.values(ids, target, [""] * len(YEARS), YEARS)) for target in plan.targets]
    for wanted, words in ((particles.FINAL_SIZE, "as calibrate does"), (0.0, "without a floor of the effective size")):
        print(f"\n{words}: effective size at least {wanted:.0f}")
        report(plan, scores, *recover(plan, scores, outputs, wanted, truths), folder / f"recovery-{wanted:.0f}.csv")
    by_runs(plan, scores, outputs, truths)


def likelihoods(plan, outputs, count):
    """Yield (number of the truth, log-likelihood of every run for its disturbed series); its own run has none."""
    generator = np.random.default_rng([SEED, 1])
    for truth in generator.choice(len(outputs[0]), count, replace=False):
        likelihood = np.zeros(len(outputs[0]))
        for target, model in zip(plan.targets, outputs, strict=True):
            whole = errors.covariance(target, YEARS) + errors.noise(target, YEARS)
            data = model[truth] + generator.multivariate_normal(np.zeros(len(YEARS)), whole)  # less what is known of surveys
            likelihood += errors.log_likelihood(target, YEARS, data - model)
        likelihood[truth] = -np.inf
        yield truth, likelihood


def by_runs(plan, scores, outputs, count):
    """Print the mean percentile of truths in their posteriors for the first so many runs, with the floor and without."""
    rows = []
    found = list(likelihoods(plan, outputs, count))
    for runs in [size for size in (640, 2048, 4096, 8192, 16384) if size <= len(scores)]:
        for wanted in (particles.FINAL_SIZE, 0.0):
            below, temperatures = [], []
            for truth, likelihood in found:
                population = particles.Population(scores[:runs], likelihood[:runs], [(runs, particles.log_prior)])
                temperatures.append(population.temperature(wanted) if wanted else 1.0)
                below.append(population.weights(temperatures[-1]) @ (scores[:runs] < scores[truth]))
            means, error = np.mean(below, axis=0), np.std(below, axis=0).max() / np.sqrt(count)
            names = [factor.name for factor in plan.factors]
            rows.append({"runs": runs, "floor": wanted, **dict(zip(names, means, strict=True)), "standard_error": error,
                         "median_temperature": np.median(temperatures)})  # fmt: skip
    print(f"\nmean percentile of {count} truths in their posteriors (0.5 is right)")
    print(pandas.DataFrame(rows).round(3).to_string(index=False))


def recover(plan, scores, outputs, wanted, count):
    """Return ranks, intervals held (50 and 90 %), contraction, effective sizes; all but the last by truth and factor.

    `wanted` is the effective size that a temperature must leave, 0 for none.
    """
    generator = np.random.default_rng([SEED, 2])
    ranks, held = np.zeros((count, scores.shape[1]), int), np.zeros((count, scores.shape[1], 2), bool)
    spread, sizes = np.zeros((count, scores.shape[1])), np.zeros(count)
    for number, (truth, likelihood) in enumerate(likelihoods(plan, outputs, count)):
        population = particles.Population(scores, likelihood, [(len(scores), particles.log_prior)])
        weights = population.weights(population.temperature(wanted) if wanted else 1.0)
        sizes[number] = particles.effective_size(weights)
        draws = scores[generator.choice(len(scores), RANKS, p=weights)]
        ranks[number] = (draws < scores[truth]).sum(axis=0)
        for factor in range(scores.shape[1]):
            below = weights[scores[:, factor] < scores[truth, factor]].sum()
            held[number, factor] = abs(below - 0.5) <= 0.25, abs(below - 0.5) <= 0.45
            mean = weights @ scores[:, factor]
            spread[number, factor] = np.sqrt(weights @ (scores[:, factor] - mean) ** 2)
    return ranks, held, 1.0 - spread, sizes


def report(plan, scores, ranks, held, contraction, sizes, path):
    """Print and write the table of all factors."""
    rows = []
    for place, factor in enumerate(plan.factors):
        inside = held[:, place].mean(axis=0)
        interval = binomtest(int(held[:, place, 1].sum()), len(held)).proportion_ci(method="exact")
        counts, _ = np.histogram(ranks[:, place], np.linspace(-0.5, RANKS + 0.5, BINS + 1))
        rows.append({
            "parameter": factor.name, "inside_50": inside[0], "inside_90": inside[1], "low": interval.low,
            "high": interval.high, "rank_p": chisquare(counts).pvalue, "contraction": contraction[:, place].mean(),
            "ranks": " ".join(map(str, counts)),
        })  # fmt: skip
    table = pandas.DataFrame(rows)
    table.to_csv(path, index=False)
    print(table.round(3).to_string(index=False))
    print(f"{len(held)} truths, {len(scores)} runs; all parameters together: 90 % intervals hold {held[:, :, 1].mean():.1%}")
    print(f"effective size: median {np.median(sizes):.0f}, smallest tenth below {np.quantile(sizes, 0.1):.0f}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
