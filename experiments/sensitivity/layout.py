"""Layouts: the points of a sensitivity analysis as an array of rows by columns.

A row is what stands or falls together: a base point with its neighbours, a trajectory, a search curve. Rows belong to
independent parts, so that an interval can be had by leaving out one part at a time. Larger layouts begin with the smaller
ones, part by part.

The seed of a run is a factor like the others: its index is the share of the variance that is chance.
"""

from dataclasses import dataclass, field, replace

import numpy as np

PARTS = 16  # independent parts; Student's t with 15 degrees of freedom widens an interval by 9 %
SEEDS = 10_000  # seeds that chance is drawn from
GIVEN_DATA = ("pawn", "delta", "rbd-fast", "regional")  # methods that take any sample of the space
SEED, DUMMY = "seed", "dummy"  # units of every table besides the factors: chance, and what has no effect at all
BELOW_ONE = np.nextafter(1.0, 0.0)


@dataclass(frozen=True)
class Layout:
    """Points of one analysis.

    Attributes
    ----------
    method : name. names : units, that is factors or groups of them.
    shares : float64, shape (rows, columns, factors), shares of the ranges in [0, 1).
    seeds : int64, shape (rows, columns), number of the seed, 0 to SEEDS - 1.
    part : int64, shape (rows,). order : float64, shape (rows,), position within its part, in (0, 1).
    extra : arrays whose first axis is rows, for the statistic of the method.
    """

    method: str
    names: tuple
    shares: np.ndarray
    seeds: np.ndarray
    part: np.ndarray
    order: np.ndarray
    extra: dict = field(default_factory=dict)

    @property
    def units(self):
        """Names of the lines of a table: factors or groups, seed and dummy."""
        return (*self.names, SEED, DUMMY)

    def take(self, rows):
        """Return the layout of some rows (mask or numbers)."""
        kept = {name: values[rows] for name, values in self.extra.items()}
        arrays = {name: getattr(self, name)[rows] for name in ("shares", "seeds", "part", "order")}
        return replace(self, **arrays, extra=kept)


def generator(seed, *key):
    """Return a generator of its own for a seed (0 included) and a key of whole numbers."""
    return np.random.default_rng([0x10CE7, int(seed), len(key), *key])


def seeds_from(shares):
    """Return seed numbers from shares in [0, 1)."""
    return np.minimum(shares * SEEDS, SEEDS - 1).astype(np.int64)


def rows_of_parts(seed, size, dimensions):
    """Return (shares of shape (rows, dimensions), part, order) of PARTS scrambled Sobol sequences of equal length.

    Source: Owen 1997, scrambled nets; independent scramblings give an interval (Owen 2013, Monte Carlo, ch. 17).
    """
    from scipy.stats.qmc import Sobol

    each = size // PARTS
    shares = [Sobol(d=dimensions, scramble=True, rng=generator(seed, part)).random(each) for part in range(PARTS)]
    part = np.repeat(np.arange(PARTS), each)
    order = np.tile((np.arange(each) + 0.5) / each, PARTS)
    return np.minimum(np.concatenate(shares), BELOW_ONE), part, order


def single_rows(count):
    """Return (part, order) of rows that are independent of each other: each its own part, or in PARTS equal parts."""
    numbers = np.arange(count)
    part = numbers if count <= 2 * PARTS else numbers % PARTS
    return part, (numbers + 0.5) / count


def members_of(names, factors, groups):
    """Return a truth table of shape (units, factors): which factors a unit holds."""
    position = {factor: place for place, factor in enumerate(factors)}
    table = np.zeros((len(names), len(factors)), dtype=bool)
    for unit, name in enumerate(names):
        for factor in groups.get(name, (name,)):
            table[unit, position[factor]] = True
    return table
