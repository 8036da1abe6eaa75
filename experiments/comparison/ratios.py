"""Prices of gains: ratios of two estimates with their intervals, the frontier of policies, acceptability."""

import math

import numpy as np

from experiments.comparison.estimate import DRAWS, LEVEL, SEED, factor

UNDEFINED = "undefined: the interval of the gain holds 0"
WORSENS = "worsens: no price"


def fieller(cost, gain, covariance, degrees, level=LEVEL):
    """Return (ratio, low, high, note) of cost / gain.

    Parameters
    ----------
    cost, gain : estimates. covariance : of the two, shape (2, 2). degrees : of freedom.

    The interval is NaN, and the note says so, where the interval of the gain holds 0: then no finite interval exists.
    Where the gain is negative the policy makes things worse, and a price of it would mislead: NaN as well.
    Source: Fieller 1954, J. R. Stat. Soc. B 16; Willan & O'Brien 1996, Health Economics 5 (for cost-effectiveness).
    """
    from scipy.stats import t

    nothing = math.nan, math.nan, math.nan
    (cost_variance, shared), (_, gain_variance) = covariance
    bound = t.ppf(0.5 + level / 2.0, degrees) if degrees > 0 else math.nan
    leading = gain**2 - bound**2 * gain_variance
    if not leading > 0.0:
        return *nothing, UNDEFINED
    if gain < 0.0:
        return *nothing, WORSENS
    middle = cost * gain - bound**2 * shared
    root = math.sqrt(max(0.0, middle**2 - leading * (cost**2 - bound**2 * cost_variance)))
    return cost / gain, (middle - root) / leading, (middle + root) / leading, ""


FRONTIER, DOMINATED, EXTENDED = "frontier", "dominated", "extendedly dominated"


def frontier(costs, gains):
    """Return what each option is and its incremental ratio on the frontier, as two lists.

    Dominated: another costs no more and gains no less (one of the two strictly). Extendedly dominated: a mix of two others
    does better, so that the price of the next gain would fall instead of rise. Among options that are equal the first stays.
    Source: Drummond et al. 2015, Methods for the Economic Evaluation of Health Care Programmes, chapter 4.

    Parameters
    ----------
    costs, gains : of each option, doing nothing included.

    Returns
    -------
    (states, ratios) : ratios against the option before it on the frontier; NaN off the frontier and for the cheapest.
    """
    costs, gains = snapped(costs), snapped(gains)
    states, ratios = [DOMINATED] * len(costs), [math.nan] * len(costs)
    left = [place for place in range(len(costs)) if not is_dominated(place, costs, gains)]
    left.sort(key=lambda place: costs[place])
    for place in left:
        states[place] = FRONTIER
    place = 1
    while place < len(left) - 1:
        before, here, after = left[place - 1 : place + 2]
        if slope(costs, gains, before, here) > slope(costs, gains, here, after):
            states[here] = EXTENDED
            left.pop(place)
            place = max(1, place - 1)
        else:
            place += 1
    for before, here in zip(left, left[1:], strict=False):
        ratios[here] = slope(costs, gains, before, here)
    return states, ratios


def snapped(values):
    """Return numbers without the digits that are rounding beside the largest of them: equal options must be equal."""
    values = np.asarray(values, float)
    largest = np.abs(values).max(initial=0.0)
    return np.round(values / largest, 9) * largest if largest > 0.0 else values


def is_dominated(place, costs, gains):
    """Say whether another option costs no more and gains no less."""
    as_good = (costs <= costs[place]) & (gains >= gains[place])
    better = as_good & ((costs < costs[place]) | (gains > gains[place]))
    return bool(better.any() or as_good[:place].any())


def slope(costs, gains, before, here):
    """Return the price of a unit of gain between two options."""
    return float((costs[here] - costs[before]) / (gains[here] - gains[before]))


def draws_of(found, number=DRAWS):
    """Return draws of the estimates as the runs leave them uncertain: multivariate t, shape (number, K)."""
    generator = np.random.default_rng(SEED)
    scale = np.where(found.error > 0.0, found.error, 1.0)
    root = factor(found.covariance / np.outer(scale, scale)) * scale[:, None]
    degrees = float(np.nanmin(found.degrees))
    spread = np.sqrt(degrees / generator.chisquare(degrees, size=(number, 1)))
    return found.value + (generator.standard_normal((number, root.shape[1])) @ root.T) * spread


def acceptability(costs, gains, prices):
    """Return how often each option has the highest net benefit, price x gain - cost.

    Parameters
    ----------
    costs, gains : draws, shape (number, options). prices : willingness to pay for a unit of gain, shape (P,).

    Returns
    -------
    shape (P, options), rows sum to 1. Source: van Hout et al. 1994, Health Economics 3.
    """
    shares = np.zeros((len(prices), costs.shape[1]))
    for place, price in enumerate(prices):
        best = np.argmax(price * gains - costs, axis=1)
        shares[place] = np.bincount(best, minlength=costs.shape[1]) / len(costs)
    return shares
