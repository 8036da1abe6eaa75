"""Pareto fronts as arithmetic: who is dominated, how much a front dominates, where it bends. Losses: less is better."""

import numpy as np


def nondominated(losses):
    """Say which points no other point beats: at most equal in every goal and less in one.

    Parameters
    ----------
    losses : shape (points, goals), finite.

    Returns
    -------
    bool array, shape (points,); of equal points all are kept.
    """
    losses = np.asarray(losses, dtype=float)
    kept = np.ones(len(losses), dtype=bool)
    for place, point in enumerate(losses):
        if kept[place]:  # a beaten point beats nobody whom its winner does not beat
            kept &= ~((point <= losses).all(axis=1) & (point < losses).any(axis=1))
    return kept


def hypervolume(losses, reference):
    """Return the volume that some points dominate below a reference point, exactly.

    The algorithm is WFG (While, Bradstreet and Barone 2012): each point adds its own box less what others share of it.

    Parameters
    ----------
    losses : shape (points, goals). reference : shape (goals,); points that do not beat it in every goal add nothing.
    """
    losses, reference = np.asarray(losses, dtype=float), np.asarray(reference, dtype=float)
    inside = losses[(losses < reference).all(axis=1)]
    return volume(front_of(inside), reference) if len(inside) else 0.0


def front_of(losses):
    """Return the points that no other beats, each once, sorted by the first goal."""
    return np.unique(losses[nondominated(losses)], axis=0)


def volume(front, reference):
    """Return the hypervolume of a front as `front_of` gives it."""
    if front.shape[1] == 2:
        heights = np.diff(np.concatenate([[reference[1]], front[:, 1]]))
        return float(-((reference[0] - front[:, 0]) * heights).sum())
    total = 0.0
    for place, point in enumerate(front):
        own = float(np.prod(reference[1:] - point[1:]))
        if place:
            # Earlier points are better in the first goal, so they share all of its length: one goal less to count.
            own -= volume(front_of(np.maximum(front[:place, 1:], point[1:])), reference[1:])
        total += float(reference[0] - point[0]) * own
    return total


def scaled(losses):
    """Return losses as shares of each goal's range over the points; a goal that does not vary becomes 0."""
    losses = np.asarray(losses, dtype=float)
    low, width = losses.min(axis=0), np.ptp(losses, axis=0)
    return (losses - low) / np.where(width > 0.0, width, 1.0)


def knee(losses):
    """Return the position of the point nearest to the ideal, each goal as a share of its range; of equals the first.

    The ideal has the best of every goal at once. In two dimensions with a marked bend it is the bend; the best of a single
    goal is as far away as can be, unless it is good in all others (compromise programming, Yu 1973; Zeleny 1973).

    Parameters
    ----------
    losses : points of a front, shape (points, goals).
    """
    return int(np.argmin(np.linalg.norm(scaled(losses), axis=1)))


def spread_out(losses, count):
    """Return positions of at most `count` points spread over a front, in their order.

    The best of every goal and the knee come first, then always the point farthest from all that are chosen.
    """
    shares = scaled(losses)
    chosen = list(dict.fromkeys([*shares.argmin(axis=0).tolist(), knee(losses)]))[:count]
    while len(chosen) < min(count, len(shares)):
        away = np.linalg.norm(shares[:, None] - shares[chosen], axis=2).min(axis=1)
        away[chosen] = -1.0
        chosen.append(int(away.argmax()))
    return sorted(chosen)
