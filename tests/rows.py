"""Single rows made by hand: of parameters and of agents."""

from functools import cache

import numpy as np

from model.registry import load_registry


@cache
def _registry_row():
    """Return a table of one row, every parameter at the registry's default."""
    registry = load_registry()
    table = np.zeros(1, np.dtype([(name, "f8") for name in registry]))
    for name, entry in registry.items():
        table[name] = entry.default
    return table


def defaults(**changes):
    """Return a parameter record at the registry's defaults, with changes."""
    table = _registry_row().copy()
    for name, value in changes.items():
        table[name] = value
    return table[0]


def row(kind, **fields):
    """Return an agent's row of this dtype with these fields; the others are 0."""
    table = np.zeros(1, kind)
    for name, value in fields.items():
        table[name] = value
    return table[0]


def values(me, *names):
    """Return these fields of a row."""
    return [me[name] for name in names]
