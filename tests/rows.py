"""Single rows made by hand: of parameters and of agents."""

import numpy as np

from model.registry import load_registry


def defaults(**changes):
    """Return a parameter record at the registry's defaults, with changes."""
    registry = load_registry()
    table = np.zeros(1, np.dtype([(name, "f8") for name in registry]))
    for name, entry in registry.items():
        table[name] = changes.pop(name, entry.default)
    assert not changes
    return table[0]


def row(kind, **fields):
    """Return an agent's row of this dtype with these fields; the others are 0."""
    table = np.zeros(1, kind)
    for name, value in fields.items():
        table[name] = value
    return table[0]
