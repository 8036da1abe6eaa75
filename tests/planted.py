"""Samples of futures in which the failures lie in a box that is known."""

import numpy as np

BOX = {0: (0.6, 1.0), 2: (0.0, 0.45)}  # factor's place -> limits
INSIDE, OUTSIDE = 0.9, 0.08  # failing shares


def planted(points=1000, factors=6, seed=5):
    """Return (x, y): points in the unit cube, shape (points, factors), and whether each fails."""
    draw = np.random.default_rng(seed)
    x = draw.random((points, factors))
    inside = np.logical_and.reduce([(x[:, place] >= low) & (x[:, place] <= high) for place, (low, high) in BOX.items()])
    return x, draw.random(points) < np.where(inside, INSIDE, OUTSIDE)


def described(boxes):
    """Return a trajectory as plain data: points, failures and the limits of the restricted factors of every box."""
    return [
        {"held": box.held, "hits": box.hits, "limits": {str(place): [limit(box.low[place]), limit(box.high[place])]
         for place in box.restricted}}
        for box in boxes
    ]  # fmt: skip


def limit(value):
    """Return a limit as a number that text keeps, or None where a side is free."""
    return float(value) if np.isfinite(value) else None
