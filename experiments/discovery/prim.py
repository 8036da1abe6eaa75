"""The patient rule induction method (PRIM): boxes in the space of the uncertainties that hold many cases of interest.

From the whole space, slices of 5 % are peeled off one side after the other, each time the slice whose loss raises the share
of cases of interest most for every point that is lost. Which box of this trajectory is shown follows from one rule (see
`chosen`), so that resampling repeats the whole procedure. There is no pasting.

Source: Friedman & Fisher 1999, Statistics and Computing 9; objective "lenient1" of Kwakkel & Jaxa-Rozen 2016,
Environmental Modelling & Software 79; quasi-p-values: Bryant & Lempert 2010, Technological Forecasting and Social Change 77.
"""

from dataclasses import dataclass, replace

import numpy as np

from experiments.discovery.screening import screened

PEEL = 0.05  # share of the points of a box that a peel takes off
LEAST_MASS = 0.05  # share of all points that a box must hold
LEVEL = 0.05  # of a quasi-p-value, divided by the number of uncertainties


@dataclass(frozen=True)
class Box:
    """A box: low and high are of shape (factors,), infinite where a side is free.

    Attributes
    ----------
    held : points in the box. hits : cases of interest among them. points, cases : the same numbers of the whole sample.
    """

    low: np.ndarray
    high: np.ndarray
    held: int
    hits: int
    points: int
    cases: int

    @property
    def coverage(self):
        """Share of the cases of interest that lie in the box; NaN if there are none."""
        return self.hits / self.cases if self.cases else np.nan

    @property
    def density(self):
        """Share of the points in the box that are of interest; NaN if it is empty."""
        return self.hits / self.held if self.held else np.nan

    @property
    def mass(self):
        """Share of all points that lie in the box."""
        return self.held / self.points

    @property
    def restricted(self):
        """Places of the factors that the box restricts."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    @property
    def balance(self):
        """Harmonic mean of coverage and density, 0 without a case."""
        return 2.0 * self.hits / (self.held + self.cases)

    def holds(self, x):
        """Return which of some points, shape (points, factors), lie in the box."""
        places = self.restricted
        return ((x[:, places] >= self.low[places]) & (x[:, places] <= self.high[places])).all(axis=1)


def box_of(low, high, x, y):
    """Return the Box of some limits with the numbers of a sample."""
    inside = Box(low, high, 0, 0, len(y), int(y.sum())).holds(x)
    return Box(low, high, int(inside.sum()), int(y[inside].sum()), len(y), int(y.sum()))


def trajectory(x, y, peel=PEEL, least_mass=LEAST_MASS):
    """Return the boxes from the whole space to the smallest, one peel after the other.

    Parameters
    ----------
    x : float64, shape (points, factors). y : truth values, shape (points,): is the point of interest?
    peel, least_mass : shares of the points of a box, and of all points.
    """
    points, factors = x.shape
    low, high = np.full(factors, -np.inf), np.full(factors, np.inf)
    hits = y.astype(np.int64)
    order = np.argsort(x.T, axis=1, kind="stable")  # of each factor, the points in the box from its lowest value up
    boxes = [Box(low, high, points, int(hits.sum()), points, int(hits.sum()))]
    while factors:
        found = best_peel(x, hits, order, boxes[-1], peel)
        if found is None or found[2].shape[1] < least_mass * points:
            break
        low, high, order = found
        boxes.append(Box(low, high, order.shape[1], int(hits[order[0]].sum()), points, boxes[0].cases))
    return boxes


def best_peel(x, hits, order, box, peel):
    """Return (low, high, order) after the best peel of a box, or None if no peel raises its density.

    Among equal peels the one that restricts no further factor is taken, then the first factor, its upper side first.
    """
    values = np.take_along_axis(x.T, order, axis=1)
    sums = np.cumsum(hits[order], axis=1)
    sides = [taken_off(values, peel), taken_off(-values[:, ::-1], peel)]
    sums_of = (sums, np.cumsum(hits[order[:, ::-1]], axis=1))
    gains = np.column_stack([gain(count, taken, box) for (count, _), taken in zip(sides[::-1], sums_of[::-1], strict=True)])
    free = np.isinf(box.low) & np.isinf(box.high)
    best = np.lexsort((np.arange(gains.size), np.repeat(free, 2), -gains.ravel()))[0]
    factor, is_low = divmod(int(best), 2)
    if not gains[factor, is_low] > 0.0:
        return None
    low, high = box.low.copy(), box.high.copy()
    if is_low:
        low[factor] = sides[0][1][factor]
        gone = order[factor, : sides[0][0][factor]]
    else:
        high[factor] = -sides[1][1][factor]
        gone = order[factor, order.shape[1] - sides[1][0][factor] :]
    kept = np.ones(len(hits), dtype=bool)
    kept[gone] = False
    return low, high, order[kept[order]].reshape(len(order), -1)


def taken_off(values, peel):
    """Return (counts, limits) of peeling each row of sorted values from below; equal values go together.

    The limit lies half-way between the last value that goes and the first that stays.
    """
    size = values.shape[1]
    at = int(np.floor((size - 1) * peel))
    last = values[:, at, None]
    counts = (values <= last).sum(axis=1)
    all_go = counts == size
    counts[all_go] = (values[all_go] < last[all_go]).sum(axis=1)  # then only what lies below the last value goes
    first = np.take_along_axis(values, counts[:, None], axis=1)
    before = np.where(all_go[:, None], first, last)
    return counts, ((before + first) / 2.0)[:, 0]


def gain(counts, sums, box):
    """Return by how much peels raise the density, for each point that is lost; -inf where nothing is peeled."""
    taken = np.where(counts > 0, np.take_along_axis(sums, np.maximum(counts - 1, 0)[:, None], axis=1)[:, 0], 0)
    left = box.held - counts
    raised = (box.hits - taken) / np.maximum(left, 1) - box.hits / box.held
    return np.where(counts > 0, raised / np.maximum(counts, 1), -np.inf)


def chosen(x, y, boxes):
    """Return the box to show: of a trajectory the one that balances coverage and density best, then simplified.

    Limits that chance could explain (quasi-p-value above 0.05 divided by the number of factors) are dropped, the weakest
    first.
    """
    best = max(boxes, key=lambda box: (box.balance, -len(box.restricted)))
    while len(best.restricted):
        chances = quasi_p_values(x, y, best)
        weakest = max(chances, key=chances.get)
        if chances[weakest] <= LEVEL / x.shape[1]:
            break
        best = without(best, *weakest, x, y)
    return best


def without(box, factor, end, x, y):
    """Return a box with one side of one factor free; end 0 is the low one, 1 the high one."""
    low, high = box.low.copy(), box.high.copy()
    (low, high)[end][factor] = (-np.inf, np.inf)[end]
    return box_of(low, high, x, y)


def quasi_p_values(x, y, box):
    """Return (factor, end) of each limit -> probability of a density as high as the box's if that limit meant nothing.

    A one-sided binomial test against the density of the box without the limit. The box was chosen for its density, so these
    are no true significance levels.
    """
    from scipy.stats import binom

    limits = [
        (int(factor), end) for end, side in enumerate((box.low, box.high)) for factor in np.flatnonzero(np.isfinite(side))
    ]
    wider = {limit: without(box, *limit, x, y) for limit in limits}
    return {limit: float(binom.sf(box.hits - 1, box.held, other.density)) for limit, other in wider.items()}


def find_box(x, y):
    """Return (chosen Box, trajectory) of a sample, looking at the screened factors only."""
    places = screened(x, y)
    boxes = trajectory(x[:, places], y)
    found = chosen(x[:, places], y, boxes)
    return spread_out(found, places, x.shape[1]), [spread_out(box, places, x.shape[1]) for box in boxes]


def spread_out(box, places, factors):
    """Return a box of some factors as a box of all."""
    low, high = np.full(factors, -np.inf), np.full(factors, np.inf)
    low[places], high[places] = box.low, box.high
    return replace(box, low=low, high=high)
