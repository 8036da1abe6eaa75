"""Indices from any sample of the space: PAWN, delta, RBD-FAST, regional analysis. Shapes as in `variance`.

Outcomes are averaged over the seeds of a point first. The dummy is a column of random numbers: what it gets is the level
below which an index means nothing. The index of the seed is its share of the variance.
"""

import numpy as np

from experiments.sensitivity.layout import generator

SLICES = 10
CELLS = 200  # of the range of an outcome, in which densities are compared
BEHAVIOUR = 0.75  # quantile above which a run behaves as asked, for regional analysis


def columns_of(layout):
    """Return shares of every factor and of a dummy, shape (factors + 1, rows)."""
    dummy = generator(0, 7).permutation(1_000_003)[: len(layout.shares)] / 1_000_003.0
    return [*layout.shares[:, 0].T, dummy]


def by_factor(layout, outputs, measure):
    """Return an index of every factor, the seed and the dummy; `measure(column, outcome)` gives a number."""
    means = outputs.mean(axis=1)
    found = [[measure(column, means[:, outcome]) for outcome in range(means.shape[1])] for column in columns_of(layout)]
    return np.array([*found[:-1], chance_share(outputs), found[-1]])


def chance_share(outputs):
    """Return the share of the variance of the means that is chance (law of total variance); NaN with one seed a point."""
    copies = outputs.shape[1]
    if copies < 2:
        return np.full(outputs.shape[2], np.nan)
    within = outputs.var(axis=1, ddof=1).mean(axis=0) / copies
    return within / outputs.mean(axis=1).var(axis=0, ddof=1)


def slices_of(column, most=SLICES):
    """Return the slice of every point: `most` slices of equal numbers of points, or one for each value if there are few."""
    values, places = np.unique(column, return_inverse=True)
    if len(values) <= SLICES:
        return places
    ranks = np.argsort(np.argsort(column, kind="stable"), kind="stable")
    return ranks * most // len(column)


def distances(column, outcome):
    """Return the Kolmogorov-Smirnov distance between the outcome in each slice of a factor and the outcome overall."""
    order = np.argsort(outcome, kind="stable")
    inside = slices_of(column)[order][:, None] == np.unique(slices_of(column))
    last = np.append(np.diff(outcome[order]) > 0.0, True)  # compare only where a step is complete
    overall = np.arange(1, len(outcome) + 1) / len(outcome)
    conditional = np.cumsum(inside, axis=0) / inside.sum(axis=0)
    return np.abs(conditional - overall[:, None])[last].max(axis=0)


def pawn(layout, outputs):
    """Median and largest distance between conditional and overall distributions.

    Source: Pianosi & Wagener 2018, Environmental Modelling & Software 108.
    """
    return {
        "median": by_factor(layout, outputs, lambda column, outcome: np.median(distances(column, outcome))),
        "maximum": by_factor(layout, outputs, lambda column, outcome: distances(column, outcome).max()),
    }


def delta(layout, outputs):
    """Borgonovo's delta: half the mean area between the density of the outcome in a class of a factor and overall.

    Source: Plischke, Borgonovo & Smith 2013, European Journal of Operational Research 226, equation 26. SALib's estimator
    on binned data, which is some hundred times faster; the two are compared in tests/test_sensitivity_methods.py.
    """
    return {"delta": by_factor(layout, outputs, shift_of_density)}


def shift_of_density(column, outcome):
    """Return delta of one factor."""
    edges, low, high = edges_of(len(outcome)), outcome.min(), outcome.max()
    if low == high:
        return 0.0
    overall = density(outcome, low, high)
    ranks = np.argsort(np.argsort(column, kind="stable"), kind="stable") + 1
    total = 0.0
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        inside = outcome[(ranks > begin) & (ranks <= end)]
        if len(inside):
            total += len(inside) / (2.0 * len(outcome)) * np.abs(overall - density(inside, low, high)).mean() * (high - low)
    return total


def density(values, low, high):
    """Return a Gaussian kernel density on CELLS cells from `low` to `high`, Silverman's bandwidth but at least a cell."""
    cell = (high - low) / CELLS
    counts = np.histogram(values, CELLS, (low, high))[0] / len(values)
    spread = values.std(ddof=1) if len(values) > 1 else 0.0
    width = max(spread * (0.75 * len(values)) ** -0.2, cell)
    offsets = np.arange(1 - CELLS, CELLS) * cell / width
    kernel = np.exp(-0.5 * offsets**2) / (np.sqrt(2.0 * np.pi) * width)
    return np.convolve(counts, kernel)[CELLS - 1 : 2 * CELLS - 1]


def edges_of(count):
    """Return the edges of the classes of a sample (Plischke et al. 2013, section 4)."""
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    return np.linspace(0, count, int(min(np.ceil(count**exponent), 48)) + 1)


def rbd_fast(layout, outputs):
    """First order S1 from the spectrum of the outcome sorted by each factor.

    Source: Plischke 2010 (EASI), bias correction of Tissot & Prieur 2012; SALib's estimators.
    """
    from SALib.analyze.rbd_fast import compute_first_order, permute_outputs, unskew_S1

    def first(column, outcome):
        harmonics = min(10, len(outcome) // 8)
        return unskew_S1(compute_first_order(permute_outputs(column, outcome), harmonics), harmonics, len(outcome))

    return {"S1": by_factor(layout, outputs, first)}


def regional(layout, outputs):
    """Distance between the factor's distribution where the outcome lies in its highest quarter, and elsewhere.

    Source: Hornberger & Spear 1981 (Monte Carlo filtering); Saltelli et al. 2008, ch. 5.
    """

    def apart(column, outcome):
        behaves = outcome >= np.quantile(outcome, BEHAVIOUR)
        if behaves.all():
            return 0.0
        values = np.unique(column)
        sides = (np.sort(column[behaves]), np.sort(column[~behaves]))
        above = [np.searchsorted(side, values, side="right") / len(side) for side in sides]
        return float(np.abs(above[0] - above[1]).max())

    return {"distance": by_factor(layout, outputs, apart)}
