"""What an optimisation found, in plain sentences: how it was searched, the knee, what it gives up against its neighbours."""

import numpy as np

from experiments.compare import BILLION
from experiments.fronts import scaled
from experiments.optimise.goals import better, factor_and_unit, label, number
from experiments.optimise.judgement import difference
from experiments.optimise.levers import describe
from experiments.optimise.search import candidates
from experiments.optimise.settings import COST


def sentences(question, found, judged):
    """Return the paragraphs of the answer as a list of texts.

    Parameters
    ----------
    question : Question. found : Search. judged : Judgement.
    """
    knee = judged.points[judged.knee]
    return [
        searched(question, found, judged),
        f"The knee of the front is {name_of(knee)}. {describe(knee.parts)}.",
        against_nothing(judged),
        *against_neighbours(judged),
        how_sure(judged),
        flattery(judged),
    ]


def name_of(point):
    """Return what a point is called."""
    return f"policy {point.number}" if point.number else "the scenario as it is"


def searched(question, found, judged):
    """Return how many policies were tried, under how many seeds, and how many are left."""
    options, seeds, kept = question.options, judged.values.shape[1], int(judged.unbeaten.sum())
    return (
        f"{len(found.points) - 1} policies of at most Rp {options['budget'] / BILLION:,.0f} billion were tried in "
        f"{options['generations']} generations, each under {question.replicates} seeds; {len(candidates(found.losses))} "
        f"were beaten by none in all goals. {len(judged.points) - 1} of these, spread over the front, and doing nothing "
        f"were run again under {seeds} seeds that the search never saw: {kept} are still unbeaten, and only fresh seeds are "
        "shown."
    )


def against_nothing(judged):
    """Return what the knee changes against the scenario as it is."""
    if not judged.points[judged.knee].number:
        return "The knee is to do nothing: every policy gives up more, goal by goal, than it gains."
    changes = [changed(judged, goal, difference(judged, goal, judged.knee, None)) for goal in judged.goals]
    return f"Against doing nothing it changes: {'; '.join(changes)} (95 % intervals, paired)."


def changed(judged, goal, found):
    """Return the change of a goal in words, with its interval unless it is certain."""
    change, low, high = (number(goal, found[key], signed=True) for key in ("mean_difference", "low", "high"))
    unit = factor_and_unit(goal)[1]
    chance = " (may be chance)" if found["low"] <= 0.0 <= found["high"] and goal != COST else ""
    interval = "" if goal == COST else f" [{low} to {high}]"
    return f"{label(goal).lower()} {change} {unit}{interval}{chance}"


def against_neighbours(judged):
    """Return, for each goal or goals together, what the nearest better point gains over the knee and what it gives up."""
    by_place = {}
    for goal in judged.goals:
        by_place.setdefault(neighbour(judged, goal), []).append(goal)
    none = [f"{better(goal)} {label(goal).lower()}" for goal in by_place.pop(None, [])]
    said = [against_neighbour(judged, place, goals) for place, goals in by_place.items()]
    return said + ([f"No point of the front has {' or '.join(none)} than the knee."] if none else [])


def against_neighbour(judged, place, goals):
    """Return what a point gains over the knee in the goals it is named for, and every change that is for the worse."""
    changes = {goal: changed(judged, goal, difference(judged, goal, place, judged.knee)) for goal in judged.goals}
    wanted = " and ".join(f"{better(goal)} {label(goal).lower()}" for goal in goals)
    gains = "; ".join(changes[goal] for goal in goals)
    price = "; ".join(words for goal, words in changes.items() if worse(judged, goal, place))
    point = judged.points[place]
    return f"For {wanted}, the neighbour is {name_of(point)} ({describe(point.parts)}): {gains}; the price is {price}."


def neighbour(judged, goal):
    """Return the position of the unbeaten point nearest to the knee of those better in a goal, or None.

    Nearness is Euclidean, each goal as a share of its range on the front.
    """
    places, number_of = np.flatnonzero(judged.unbeaten), judged.goals.index(goal)
    shares = scaled(judged.losses[places])
    own = shares[places == judged.knee][0]
    ahead = shares[:, number_of] < own[number_of]
    if not ahead.any():
        return None
    away = np.where(ahead, np.linalg.norm(shares - own, axis=1), np.inf)
    return int(places[away.argmin()])


def worse(judged, goal, place):
    """Say whether a point is worse than the knee in the mean of a goal."""
    column = judged.goals.index(goal)
    return judged.losses[place, column] > judged.losses[judged.knee, column]


def how_sure(judged):
    """Return how often the knee comes out of resampled seeds."""
    kept, bend = judged.unbeaten_share[judged.knee], judged.knee_share[judged.knee]
    return (
        f"How sure: if the fresh seeds are drawn again and again, this point stays unbeaten in {100 * kept:.0f} % of cases "
        f"and is the knee in {100 * bend:.0f} %. A knee weighs every goal's range on the front equally; who cares more for "
        "one goal than another should read the front, not the knee."
    )


def flattery(judged):
    """Return how far the seeds of the search flattered the points that they chose."""
    parts = []
    for place, goal in enumerate(judged.goals):
        if goal != COST:
            away = float((judged.changes - judged.searched)[:, place].mean())
            parts.append(f"{label(goal).lower()} {number(goal, away, signed=True)} {factor_and_unit(goal)[1]}")
    return (
        "Luck in the search: on fresh seeds the changes from doing nothing differ from what the search saw, on average over "
        f"the points, by: {'; '.join(parts)}."
    )
