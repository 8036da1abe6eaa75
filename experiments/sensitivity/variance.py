"""Indices that divide the variance of an outcome: Sobol, FAST, Shapley effects.

Every statistic takes a Layout and outputs of shape (rows, columns, outcomes) and returns index -> array of shape
(units, outcomes), or (pairs, outcomes) for second order.
"""

from itertools import combinations

import numpy as np

from experiments.sensitivity.designs import HARMONICS


def sobol(layout, outputs, pairs=True):
    """First order S1, total ST and, if the layout has it, second order S2.

    The dummy is a unit without effect: its indices, known to be zero, show the error of the estimators (Khorashadi Zadeh
    et al. 2017, Environmental Modelling & Software 91). Source: Saltelli et al. 2010; SALib's estimators.
    """
    from SALib.analyze.sobol import first_order, second_order, total_order

    units = len(layout.names) + 1
    centred = outputs - outputs[:, :2].mean(axis=(0, 1))
    a, b = centred[:, 0], centred[:, 1]
    forward, back = centred[:, 2 : 2 + units], centred[:, 2 + units :]
    first = [first_order(a, forward[:, unit], b) for unit in range(units)]
    total = [total_order(a, forward[:, unit], b) for unit in range(units)]
    variance = np.concatenate([a, b]).var(axis=0)
    first.append((a * b).mean(axis=0) / variance)
    total.append(1.0 - (a * a).mean(axis=0) / variance)
    found = {"ST": np.array(total), "S1": np.array(first)}
    if pairs and back.shape[1]:
        # SALib's second_order subtracts first orders of its own: the same numbers as above.
        both = combinations(range(units - 1), 2)
        found["S2"] = np.array([second_order(a, forward[:, j], forward[:, k], back[:, j], b) for j, k in both])
    return found


def pairs_of(names):
    """Return the pairs of units in the order of second-order indices."""
    return list(combinations(names, 2))


def fast(layout, outputs):
    """First order S1 and total ST from the Fourier spectrum along search curves, averaged over phases.

    Source: Saltelli, Tarantola & Chan 1999; SALib's spectrum.
    """
    from SALib.analyze.fast import compute_orders

    units = len(layout.names) + 2
    length = outputs.shape[1] // units
    main = (length - 1) // (2 * HARMONICS)
    orders = np.empty((2, units, outputs.shape[2]))
    for unit in range(units):
        curve = outputs[:, unit * length : (unit + 1) * length]
        for outcome in range(outputs.shape[2]):
            found = [compute_orders(row[:, outcome], length, HARMONICS, main) for row in curve]
            orders[:, unit, outcome] = np.mean(found, axis=0)
    return {"ST": orders[1], "S1": orders[0]}


def shapley(layout, outputs):
    """Shapley effects as shares of the variance; with the seed they add up to 1.

    Source: Goda 2021, estimator of algorithm 1, as in SALib's `analyze.shapley`.
    """
    before, after = outputs[:, :-1], outputs[:, 1:]
    gains = (outputs[:, :1] - (before + after) / 2.0) * (before - after)
    ordered = np.zeros_like(gains)
    np.put_along_axis(ordered, layout.extra["moved"][:, :, None], gains, axis=1)
    effects = ordered.mean(axis=0)
    effects = effects / effects.sum(axis=0)
    return {"share": np.concatenate([effects, np.zeros((1, outputs.shape[2]))])}
