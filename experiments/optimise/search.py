"""The search: generation by generation Optuna proposes points, the runner computes them, and what is stored is told back.

Nothing but the store is kept between processes. Who continues begins again at the first generation with the same seed;
runs that are stored are not repeated, so Optuna is told the same numbers and proposes the same points.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from experiments.fronts import hypervolume, nondominated, spread_out
from experiments.optimise.goals import signs, values_of
from experiments.optimise.levers import UNUSED, afford, describe, parts_of, policy_of
from model.checks import Place
from model.scenario import Scenario

MARGIN = 0.1  # how far the reference point of the hypervolume lies beyond the worst of the first generation


@dataclass(frozen=True)
class Point:
    """A policy that was tried: its number (0 spends nothing), generation, parts and the scenario under it."""

    number: int
    generation: int
    parts: tuple
    policy: object
    base: Scenario


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes
    ----------
    points : list of Point. runs : losses, less is better, shape (points, seeds of the search, goals).
    history : list of dict, a row for each generation.
    """

    points: list
    runs: np.ndarray
    history: list

    @property
    def losses(self):
        """Means over the seeds, shape (points, goals)."""
        return self.runs.mean(axis=1)


def search(question, run, say=lambda row: None):
    """Return the Search of a Question.

    Parameters
    ----------
    question : Question. run : function from a list of Point to a Result that holds them under the seeds of the search.
    say : called with the row of each generation.
    """
    options, goals = question.options, question.options["goals"]
    study = open_study(options)
    points, runs, history = [nothing(question)], np.empty((0, question.replicates, len(goals))), []
    for generation in range(options["generations"]):
        trials = [study.ask(distributions(options["levers"])) for _ in range(options["population"])]
        points += [point_of(question, len(points) + place, generation, trial.params) for place, trial in enumerate(trials)]
        numbers = [point.number for point in points[len(runs) :]]
        runs = np.concatenate([runs, values_of(run(points), numbers, question.seeds, goals) * signs(goals)])
        for trial, losses in zip(trials, runs[-len(trials) :].mean(axis=1), strict=True):
            study.tell(trial, losses.tolist())
        history.append(progress_row(generation, runs, 1 + options["population"], goals))
        say(history[-1])
    return Search(points, runs, history)


def open_study(options):
    """Return a new Optuna study that minimises losses, with a seeded sampler and the first points to try."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = {"nsga2": optuna.samplers.NSGAIISampler, "nsga3": optuna.samplers.NSGAIIISampler}[options["algorithm"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        # Of eight operators the blend crossover found most of a planted front within a few hundred points.
        blend = optuna.samplers.nsgaii.BLXAlphaCrossover()
        chosen = sampler(population_size=options["population"], seed=options["seed"], crossover=blend)
    study = optuna.create_study(directions=["minimize"] * len(options["goals"]), sampler=chosen)
    for decisions in first_points(options["levers"])[: options["population"]]:
        study.enqueue_trial(decisions)
    return study


def distributions(levers):
    """Return name -> Optuna distribution of everything that there is to decide."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    found = {}
    for lever in levers:
        found[f"{lever['name']}.share"] = IntDistribution(-UNUSED, lever["most"])
        if len(lever["start"]) > 1:
            found[f"{lever['name']}.start"] = IntDistribution(0, len(lever["start"]) - 1)
        if len(lever["where"]) > 1:
            found[f"{lever['name']}.where"] = CategoricalDistribution(lever["where"])
    return found


def first_points(levers):
    """Return what is tried first: each lever alone with all it may have, then all of them with equal shares."""
    nothing = {f"{lever['name']}.share": 0 for lever in levers}
    alone = [{**nothing, f"{lever['name']}.share": lever["most"]} for lever in levers]
    equal = {f"{lever['name']}.share": min(lever["most"], 100 // len(levers)) for lever in levers}
    rest = {}
    for lever in levers:
        rest |= {f"{lever['name']}.start": 0} if len(lever["start"]) > 1 else {}
        rest |= {f"{lever['name']}.where": lever["where"][0]} if len(lever["where"]) > 1 else {}
    return [{**point, **rest} for point in ([*alone, equal] if len(levers) > 1 else alone)]


def nothing(question):
    """Return point 0: the scenario as it is."""
    return Point(0, 0, (), None, question.scenario)


def point_of(question, number, generation, decisions):
    """Return the Point that some decisions mean."""
    parts = parts_of(question.options["levers"], decisions)
    place = Place(question.plan.file, "optimise") / "levers"
    overlays, spent = afford(question.scenario, parts, question.options["budget"], place)
    policy = policy_of(f"mix-{number:05d}", overlays, describe(spent))
    return Point(number, generation, tuple(spent), policy, question.scenario.with_policy(policy))


def progress_row(generation, runs, first, goals):
    """Return generation, points so far, size and hypervolume of their front, and the best of every goal so far.

    The hypervolume is in units of the box between the best and the worst of the first generation, so that it can be
    compared between generations and with a longer search. Low and high: the same front under each seed alone, outcomes as
    changes from point 0 under that seed.

    Parameters
    ----------
    runs : losses, shape (points, seeds, goals). first : number of points of the first generation. goals : names.
    """
    changes = runs - runs[0]
    losses = changes.mean(axis=1)
    low, high = losses[:first].min(axis=0), losses[:first].max(axis=0)
    units = (changes[candidates(losses)] - low) / np.where(high > low, high - low, 1.0)
    reference = np.full(len(goals), 1.0 + MARGIN)
    alone = [hypervolume(units[:, seed], reference) for seed in range(units.shape[1])]
    best = runs.mean(axis=1).min(axis=0) * signs(goals)
    return {
        "generation": generation + 1,
        "points": len(losses),
        "front": len(units),
        "hypervolume": hypervolume(units.mean(axis=1), reference),
        "hypervolume_low": min(alone),
        "hypervolume_high": max(alone),
        **{f"best_{name}": float(value) for name, value in zip(goals, best, strict=True)},
    }


def candidates(losses):
    """Return the positions of the points that no other beats, equal ones once, in their order."""
    front = np.flatnonzero(nondominated(losses))
    return front[np.sort(np.unique(losses[front], axis=0, return_index=True)[1])]


def shown_of(found, most):
    """Return the numbers of the points to judge on fresh seeds: 0, and the candidates, at most `most` spread over them.

    Doing nothing (0) is always judged: a policy that it beats must not pass for lack of a rival.
    """
    kept = candidates(found.losses)
    kept = kept[kept > 0]
    return [0, *kept[spread_out(found.losses[kept], most)].tolist()]
