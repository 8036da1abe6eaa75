"""Indices from single steps: elementary effects (Morris), derivatives, one factor at a time.

Effects are in the unit of the outcome for the whole range of a factor. Shapes as in `variance`.
"""

import numpy as np


def effects(layout, outputs):
    """Return elementary effects, shape (rows, units without dummy, outcomes).

    A trajectory compares neighbours, a radial design each point with the first.
    """
    base = outputs[:, :1] if layout.method == "morris-radial" else outputs[:, :-1]
    change = (outputs[:, 1:] - base) / layout.extra["steps"][:, :, None]
    ordered = np.empty_like(change)
    np.put_along_axis(ordered, layout.extra["moved"][:, :, None], change, axis=1)
    return ordered


def morris(layout, outputs):
    """Mean size mu_star, mean mu and standard deviation sigma of elementary effects.

    The step of the seed is a change of all draws at once. Source: Morris 1991; Campolongo et al. 2007 (mu_star).
    """
    found = effects(layout, outputs)
    spread = found.std(axis=0, ddof=1) if len(found) > 1 else np.zeros(found.shape[1:])
    statistics = {"mu_star": np.abs(found).mean(axis=0), "sigma": spread, "mu": found.mean(axis=0)}
    return {name: with_dummy(values) for name, values in statistics.items()}


def derivative(layout, outputs):
    """Upper bound of the total index from mean squared derivatives, and their root mean square.

    Not defined for the seed, which has no derivative. Source: Sobol & Kucherenko 2009, Mathematics and Computers in
    Simulation 79, theorem 2 for a uniform factor: ST <= v / (pi squared times the variance).
    """
    slopes = (outputs[:, 1:-1] - outputs[:, :1]) / layout.extra["steps"][:, :-1, None]
    squares = (slopes**2).mean(axis=0)
    variance = outputs[:, 0].var(axis=0)
    chance = 0.5 * ((outputs[:, -1] - outputs[:, 0]) ** 2).mean(axis=0)
    bound = np.concatenate([squares / (np.pi**2 * variance), (chance / variance)[None]])
    slope = np.concatenate([np.sqrt(squares), np.zeros((1, outputs.shape[2]))])
    return {"bound": with_dummy(bound), "slope": with_dummy(slope)}


def one_at_a_time(layout, outputs):
    """Swing (largest minus smallest mean along a factor) and difference between its ends, others as in the scenario.

    For the seed the swing is the mean size of the difference between two runs of the scenario.
    """
    means = outputs.mean(axis=0)
    paths = means[1:].reshape(len(layout.names), -1, outputs.shape[2])
    together = np.concatenate([paths, np.broadcast_to(means[0], (len(paths), 1, outputs.shape[2]))], axis=1)
    swing, ends = np.ptp(together, axis=1), paths[:, -1] - paths[:, 0]
    centre = outputs[:, 0]
    apart = np.abs(centre[:, None] - centre[None]).sum(axis=(0, 1)) / max(len(centre) * (len(centre) - 1), 1)
    return {
        "swing": with_dummy(np.concatenate([swing, apart[None]])),
        "ends": with_dummy(np.concatenate([ends, np.zeros_like(apart)[None]])),
    }


def with_dummy(values):
    """Return values with a last line of zeros: what changes nothing has no effect, exactly."""
    return np.concatenate([values, np.zeros((1, *values.shape[1:]))])
