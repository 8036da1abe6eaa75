"""Functions of points in the unit cube whose sensitivity indices are known."""

import numpy as np

from experiments.sensitivity.designs import LAYOUTS
from experiments.sensitivity.layout import members_of

SLOPES = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
OPTIONS = {"size": 1024, "seed": 0, "second_order": False, "levels": 5, "seeds_a_point": 2, "centre": ()}


def ishigami(shares):
    """Ishigami & Homma 1990 with a = 7, b = 0.1."""
    x = np.pi * (2.0 * shares - 1.0)
    return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def sobol_g(shares):
    """Sobol's g function."""
    return np.prod((np.abs(4.0 * shares - 2.0) + WEIGHTS) / (1.0 + WEIGHTS), axis=-1)


def linear(shares):
    """A sum with known weights."""
    return shares @ SLOPES


def g_indices():
    """Return (S1, ST) of Sobol's g function."""
    alone = (1.0 / 3.0) / (1.0 + WEIGHTS) ** 2
    total = np.prod(1.0 + alone) - 1.0
    return alone / total, alone * np.prod(1.0 + alone) / (1.0 + alone) / total


ISHIGAMI = (np.array([0.31390519, 0.44241114, 0.0]), np.array([0.55758886, 0.44241114, 0.24368366]))
LINEAR = (SLOPES**2 / (SLOPES**2).sum(),) * 2
CASES = {"ishigami": (ishigami, 3, ISHIGAMI), "g": (sobol_g, 8, g_indices()), "linear": (linear, 5, LINEAR)}


def layout_of(method, factors, groups=None, **options):
    """Return the Layout of a method for factors x1, x2, ... in the unit cube."""
    names = [f"x{number + 1}" for number in range(factors)]
    chosen = {**OPTIONS, "method": method, "centre": [0.5] * factors, **options}
    units = list(groups) if groups else names
    return LAYOUTS[method](units, members_of(units, names, groups or {}), chosen)


def evaluate(layout, function, noise=0.0):
    """Return outputs of shape (rows, columns, 1); noise is the standard deviation of what the seed adds."""
    values = function(layout.shares)
    if noise:
        table = np.random.default_rng(3).standard_normal(10_000) * noise
        values = values + table[layout.seeds]
    return values[:, :, None]
