"""Generations of runs: points are proposed, run through the ordinary runner, weighted by the fitted points of the targets.

Nothing but the plan, the seed and the numbers of finished runs decides what is proposed next. So a calibration that was
killed comes to the same posterior by the same command, on any number of workers, and runs that are there are not repeated.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from experiments.calibration import errors, particles
from experiments.calibration.observed import Readings, need_covered, run_ids_of
from experiments.calibration.posterior import central
from experiments.calibration.targets import ALL
from experiments.methods import CALIBRATION
from experiments.plans.plan_file import Plan
from experiments.plans.variants import Variant
from experiments.running.runner import run_variants
from experiments.sweep import Study
from model import load_scenario
from model.errors import RunFailure

REPEATS = 12  # more runs of the middle point, to tell luck from parameters


@dataclass(frozen=True)
class Fit:
    """A calibration and all that was run for it.

    Attributes
    ----------
    plan : CalibrationPlan. scenario : Scenario. result : Result of all runs. readings : Readings of them.
    run_ids : of all points, in order. values : factor -> value of each point. population : Population.
    weights : posterior weights of the points. temperature : 1 if they are those of the declared errors.
    history : a row (dictionary) for each generation. repeats : run ids of more runs of the middle point, see `luck`.
    """

    plan: object
    scenario: object
    result: object
    readings: Readings
    run_ids: list
    values: list
    population: particles.Population
    weights: np.ndarray
    temperature: float
    history: list
    repeats: list = field(default_factory=list)

    def sample(self, count):
        """Return the numbers of `count` equally weighted points of the posterior."""
        return particles.resample(self.weights, count, self.plan.sizes["seed"])


def scenario_of(plan):
    """Return the Scenario of a plan; raises InputError if it cannot show what the targets ask for."""
    scenario = load_scenario(plan.scenario, **plan.settings)
    if plan.seed is not None:
        scenario = replace(scenario, seed=plan.seed)
    need_covered(plan, scenario)
    return scenario


def fit(plan, folder, options, progress, say=lambda words: None):
    """Run all generations of a plan and return the Fit; errors as of `runner.run_variants`."""
    scenario, sizes = scenario_of(plan), plan.sizes
    readings = Readings(scenario, plan.targets)
    scores = particles.first_scores(sizes["first"], len(plan.factors), sizes["seed"])
    population = particles.Population(scores, np.empty(0), [(len(scores), particles.log_prior)])
    history, temperature, apart = [], float("inf"), None
    for generation in range(sizes["generations"] + 1):
        if generation:
            kernel, temperature = particles.next_kernel(population, apart, sizes["size"])
            drawn = kernel.draw(sizes["size"], np.random.default_rng([sizes["seed"], generation + 1]))
            population.scores = np.vstack([population.scores, drawn])
            population.proposals.append((len(drawn), kernel.log_density))
        values = particles.values_at(population.scores, plan.factors)
        result, run_ids = run_points(plan, scenario, values, folder, options, progress())
        readings.load(result)
        population.log_likelihood, apart = compare(plan, readings, run_ids)
        need_numbers(result, apart)
        history.append(describe(generation, population, apart, temperature))
        say(history[-1])
    temperature = population.temperature(particles.FINAL_SIZE)
    weights = population.weights(temperature)
    found = Fit(plan, scenario, result, readings, run_ids, values, population, weights, temperature, history)
    result, run_ids = run_points(plan, scenario, values + [central(found)] * REPEATS, folder, options, progress())
    readings.load(result)
    return replace(found, result=result, repeats=run_ids[len(values) :])


def run_points(plan, scenario, values, folder, options, progress):
    """Run each point once, those that are there already not again, and return (Result, run ids in order)."""
    study = study_of(plan, scenario, values)
    result = run_variants(variants_of(scenario, values), 1, folder, options, progress, study=study)
    need_started(result)
    return result, run_ids_of(result, len(values))


def variants_of(scenario, values):
    """Return a Variant for each point, each with a seed of its own: chance is part of what is averaged over."""
    return [Variant(scenario, changes, number, first=number) for number, changes in enumerate(values)]


def study_of(plan, scenario, values):
    """Return the Study that the manifest of a calibration describes."""
    points = {"point": list(range(len(values))), "scenario": [scenario.name] * len(values)}
    points |= {factor.name: [value[factor.name] for value in values] for factor in plan.factors}
    facts = {"targets": [target.name for target in plan.targets], **plan.sizes}
    described = Plan(
        name=plan.name, title=plan.title, question=plan.question, reference=plan.reference, scenarios=(plan.scenario,),
        policies=(), replicates=1, seed=plan.seed, settings=plan.settings, method=CALIBRATION, options=facts,
        factors=plan.factors, constraints=(), headline=(), file=plan.file,
    )  # fmt: skip
    return Study(described, [], [], 1, points, 0, scenario.headline)


def need_started(result):
    """Require that every run was tried: a failed run weighs nothing, a missing one would change what comes next."""
    left = int((result.design["status"] == "missing").sum())
    if left:
        raise RunFailure(f"{left} runs of this generation were not started; the same command continues")


def need_numbers(result, apart):
    """Require that some runs can be compared with the data."""
    if not np.isfinite(apart).any():
        raise RunFailure(f"none of {len(apart)} runs has numbers for the fitted points; see run.py show {result.folder}")


def compare(plan, readings, run_ids):
    """Return (log-likelihood, implausibility) of runs by the points that are fitted; the largest implausibility counts."""
    likelihood, apart = np.zeros(len(run_ids)), np.zeros(len(run_ids))
    for target, held in zip(plan.targets, plan.held, strict=True):
        if target.role != "fit":
            continue
        for group, years, observed in groups_of(target, held, fitted=True):
            residuals = residuals_of(target, readings, run_ids, group, years, observed)
            sound = np.isfinite(residuals).all(axis=1)
            residuals[~sound] = 0.0
            likelihood += np.where(sound, errors.log_likelihood(target, years, residuals), -np.inf)
            apart = np.maximum(apart, np.where(sound, errors.implausibility(target, years, residuals), np.inf))
    return likelihood, apart


def luck(fit):
    """Return target -> standard deviation of its log-likelihood between runs of the middle point, "all" for their sum.

    A run is weighted by its own series, chance included. Where chance moves the log-likelihood by much more than one, the
    lucky runs carry the weight, whatever their parameters. NaN if fewer than two of the runs have numbers.
    """
    plan, found = fit.plan, {}
    parts = {t.name: ((t,), (held,)) for t, held in zip(plan.targets, plan.held, strict=True) if t.role == "fit"}
    for name, (targets, held) in {**parts, ALL: (plan.targets, plan.held)}.items():
        likelihood, _ = compare(replace(plan, targets=targets, held=held), fit.readings, fit.repeats)
        sound = likelihood[np.isfinite(likelihood)]
        found[name] = float(sound.std(ddof=1)) if len(sound) > 1 else float("nan")
    return found


def groups_of(target, held, fitted):
    """Yield (province, years, values in the unit of the observable) of the fitted or of the held-out points."""
    for group in dict.fromkeys(target.groups):
        mine = [
            (year, value)
            for place, year, value, out in zip(target.groups, target.years, target.values, held, strict=True)
            if place == group and out != fitted
        ]
        if mine:
            years, values = zip(*mine, strict=True)
            yield group, list(years), np.array(values)


def residuals_of(target, readings, run_ids, group, years, observed):
    """Return observed less known survey and model, transformed, shape (runs, years); NaN for runs without numbers."""
    model = readings.values(run_ids, target, [group] * len(years), years)
    known = target.transform(observed) - target.known_shift(years)
    return np.where(np.isfinite(model), known - target.transform(np.nan_to_num(model)), np.nan)


def describe(generation, population, apart, temperature):
    """Return what a generation found, as a row of the table of generations."""
    new = population.proposals[-1][0]
    weights = population.weights()
    return {
        "generation": generation,
        "runs": len(apart),
        "temperature_of_proposal": temperature,
        "best_implausibility": float(apart.min()),
        "share_not_ruled_out": float(np.mean(apart[-new:] <= particles.NOT_RULED_OUT)),
        "effective_size": particles.effective_size(weights),
    }
