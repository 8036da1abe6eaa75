"""The front judged on fresh seeds: means with intervals, changes from doing nothing, who is beaten after all, the knee."""

from dataclasses import dataclass

import numpy as np
import pandas

from experiments.compare import LEVEL, effect, half_width
from experiments.fronts import knee, nondominated
from experiments.optimise.goals import signs
from experiments.optimise.settings import FEWEST_REPLICATES

RESAMPLES = 1000


@dataclass(frozen=True)
class Judgement:
    """What fresh seeds say about the points that a search proposes.

    Attributes
    ----------
    points : list of Point, in the order of the first goal, the best first. goals : names.
    values : shape (points, seeds, goals), in the goals' own units.
    searched : shape (points, goals), changes from doing nothing under the seeds of the search, means.
    unbeaten : bool, shape (points,): no other of them is better in the means of the fresh seeds.
    knee : position of the knee among the points.
    unbeaten_share, knee_share : shape (points,), of resamples of the seeds.
    """

    points: list
    goals: list
    values: np.ndarray
    searched: np.ndarray
    unbeaten: np.ndarray
    knee: int
    unbeaten_share: np.ndarray
    knee_share: np.ndarray

    @property
    def nothing(self):
        """Values of the scenario as it is, shape (seeds, goals)."""
        return self.values[next(place for place, point in enumerate(self.points) if point.number == 0)]

    @property
    def means(self):
        """Means over the fresh seeds, shape (points, goals)."""
        return self.values.mean(axis=1)

    @property
    def changes(self):
        """Changes from doing nothing, means over the fresh seeds, shape (points, goals)."""
        return self.means - self.nothing.mean(axis=0)

    @property
    def losses(self):
        """Means as losses, shape (points, goals)."""
        return self.means * signs(self.goals)


def judge(points, goals, values, searched, seed):
    """Return the Judgement of some points, doing nothing among them.

    Parameters
    ----------
    points, goals, values, searched : as the attributes of a Judgement, in any order. seed : of the resampling.

    Raises ValueError if a point was seen under one fresh seed only: it may just have been lucky.
    """
    if values.shape[1] < FEWEST_REPLICATES:
        raise ValueError("a point seen under one seed is never reported")
    order = np.argsort((values.mean(axis=1) * signs(goals))[:, 0], kind="stable")
    values, searched, points = values[order], searched[order], [points[place] for place in order]
    losses = values.mean(axis=1) * signs(goals)
    unbeaten = nondominated(losses)
    shares = resampled(values * signs(goals), seed)
    return Judgement(points, list(goals), values, searched, unbeaten, knee_of(losses, unbeaten), *shares)


def knee_of(losses, unbeaten):
    """Return the position of the knee of the unbeaten points among all."""
    return int(np.flatnonzero(unbeaten)[knee(losses[unbeaten])])


def resampled(losses, seed):
    """Return in which share of resamples of the seeds each point is unbeaten, and in which it is the knee.

    Parameters
    ----------
    losses : shape (points, seeds, goals); a resample draws the same seeds for all points, as they share their draws.
    """
    generator = np.random.default_rng(seed)
    unbeaten, bends = np.zeros(len(losses)), np.zeros(len(losses))
    for _ in range(RESAMPLES):
        means = losses[:, generator.integers(losses.shape[1], size=losses.shape[1])].mean(axis=1)
        kept = nondominated(means)
        unbeaten += kept
        bends[knee_of(means, kept)] += 1.0
    return unbeaten / RESAMPLES, bends / RESAMPLES


def difference(judged, goal, one, other, comparisons=1):
    """Return the paired effect (see `compare.effect`) of point `one` against point `other`, or None for doing nothing."""
    place = judged.goals.index(goal)
    base = judged.nothing if other is None else judged.values[other]
    return effect(pandas.Series(base[:, place]), pandas.Series(judged.values[one][:, place]), comparisons)


def front_table(judged):
    """Return a row for each point.

    Columns: point, generation, unbeaten, unbeaten_share, knee, knee_share, n (fresh seeds); for each goal its mean, low,
    high (95 % t interval), change from doing nothing with change_low, change_high (paired, 95 % for all points at once), and
    search_change (under the seeds of the search); for each lever percent, spend (million rupiah), start, where.
    """
    rows = []
    for place, point in enumerate(judged.points):
        row = {
            "point": point.number,
            "generation": point.generation + 1,
            "unbeaten": bool(judged.unbeaten[place]),
            "unbeaten_share": judged.unbeaten_share[place],
            "knee": place == judged.knee,
            "knee_share": judged.knee_share[place],
            "n": judged.values.shape[1],
        }
        for number, goal in enumerate(judged.goals):
            row |= {f"{goal}.{key}": value for key, value in numbers_of(judged, place, number).items()}
        for part in point.parts:
            name = part.lever["name"]
            row |= {f"{name}.{key}": getattr(part, key) for key in ("percent", "spend", "start", "where")}
        rows.append(row)
    table = pandas.DataFrame(rows)
    money = {name: "int64" for name in table if name.endswith((".percent", ".spend"))}
    return table.fillna(dict.fromkeys(money, 0)).astype(money)  # doing nothing has no parts


def numbers_of(judged, place, number):
    """Return mean, interval, change from doing nothing and its value in the search of one goal of one point."""
    sample, goal = judged.values[place][:, number], judged.goals[number]
    half = half_width(sample, LEVEL)
    change = difference(judged, goal, place, None, len(judged.points))
    return {
        "mean": sample.mean(),
        "low": sample.mean() - half,
        "high": sample.mean() + half,
        "change": change["mean_difference"],
        "change_low": change["simultaneous_low"],
        "change_high": change["simultaneous_high"],
        "search_change": judged.searched[place, number],
    }
