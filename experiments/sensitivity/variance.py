"""Indices that divide the variance of an outcome: Sobol, FAST, Shapley effects.

Every statistic takes a Layout and outputs of shape (rows, columns, outcomes) and returns index -> array of shape
(units, outcomes), or (pairs, outcomes) for second order.
"""

from itertools import combinations

import numpy as np

from experiments.sensitivity.designs import HARMONICS, main_frequency


def sobol(layout, outputs, pairs=True):
    """First order S1, total ST and, if the layout has it, second order S2.

    The dummy is a unit without effect: its indices, known to be zero, show the error of the estimators (Khorashadi Zadeh
    et al. 2017, Environmental Modelling & Software 91). Source: Saltelli et al. 2010; SALib's estimators.
    """
    from SALib.analyze.sobol import first_order, second_order, total_order

    units = len(layout.names) + 1
    varies = np.ptp(outputs[:, :2], axis=(0, 1)) > 0.0  # what does not vary has no index; SALib would give zero, and warn
    centred = np.where(varies, outputs - outputs[:, :2].mean(axis=(0, 1)), np.nan)
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
    return {name: np.where(varies, values, np.nan) for name, values in found.items()}


def pairs_of(names):
    """Return the pairs of units in the order of second-order indices."""
    return list(combinations(names, 2))


def fast(layout, outputs):
    """First order S1 and total ST from the Fourier spectrum along search curves, summed over phases.

    What is rough is spread over all frequencies alike, and that is what chance does: each curve shows the share of it that
    lies at the frequencies counted. The seed's total is therefore its spectrum over that share, and the same roughness is
    taken off all other indices. All are shares of the variance over all curves, since one curve has too few frequencies
    for the others to estimate it.

    Source: Saltelli, Tarantola & Chan 1999; SALib's spectrum.
    """
    units = len(layout.names) + 2
    length = outputs.shape[1] // units
    curves = outputs.reshape(len(outputs), units, length, -1)
    first, total = spectrum(curves)
    frequencies = (length - 1) // 2
    above, at_harmonics = 1.0 - main_frequency(length) // 2 / frequencies, HARMONICS / frequencies
    chance = total[-2] / above
    first, total = first - chance * at_harmonics, total - chance * above
    total[-2] = chance
    return {"ST": total, "S1": first}


def spectrum(curves):
    """Return (power at the harmonics of the main frequency, power above half of it) as shares of the variance.

    Parameters
    ----------
    curves : shape (rows, units, points, outcomes), an odd number of points. Returns two arrays of shape (units, outcomes).
    """
    from SALib.analyze.fast import compute_orders

    length, variances = curves.shape[2], curves.var(axis=2)
    main, shares = main_frequency(length), np.zeros((2, *variances.shape))
    for row, unit, outcome in zip(*np.nonzero(variances), strict=True):
        shares[:, row, unit, outcome] = compute_orders(curves[row, unit, :, outcome], length, HARMONICS, main)
    return (shares * variances).mean(axis=1) / variances.mean(axis=(0, 1))


def shapley(layout, outputs):
    """Shapley effects as shares of the variance; with the seed they add up to 1.

    Source: Goda 2021, estimator of algorithm 1, as in SALib's `analyze.shapley`.
    """
    before, after = outputs[:, :-1], outputs[:, 1:]
    gains = (outputs[:, :1] - (before + after) / 2.0) * (before - after)
    ordered = np.zeros_like(gains)
    np.put_along_axis(ordered, layout.extra["moved"][:, :, None], gains, axis=1)
    effects = ordered.mean(axis=0)
    varies = np.any(outputs[:, 0] != outputs[:, -1], axis=0)  # their sum is zero otherwise, but for rounding
    effects = np.where(varies, effects / effects.sum(axis=0), np.nan)
    return {"share": np.concatenate([effects, np.zeros((1, outputs.shape[2]))])}
