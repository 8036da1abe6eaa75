"""Run the model without compilation, on rows that are plain Python objects.

A compiled model takes most of a minute to compile, which no check of a thousand changes can afford. Without compilation
a numpy record would do as a row, but its arithmetic is in single precision and its attributes are slow; so agents and
parameters become objects with slots. Numbers differ from the compiled run by rounding only (fields are not rounded to
single precision), so a golden trajectory is compared with one that the unchanged code made in the same way.

Import this module before any of the model: it switches compilation off.
"""

import os

os.environ["NUMBA_DISABLE_JIT"] = "1"

import sys  # noqa: E402
from functools import cache, lru_cache  # noqa: E402

import numpy as np  # noqa: E402

import model.numeric  # noqa: E402
import model.randomness  # noqa: E402
import model.start  # noqa: E402


class Rows(list):
    """A column of agents that can be indexed by row, or by field name like a structured array."""

    __slots__ = ("dtype",)

    @property
    def size(self):
        """How many rows there are."""
        return len(self)

    def __getitem__(self, place):
        """Return a row, or a copy of a field of all rows."""
        if isinstance(place, str):
            return np.array([getattr(row, place) for row in self], _plain_kind(self.dtype[place]))
        return list.__getitem__(self, place)


class Table(list):
    """A table of numbers as a list, with the size of an array."""

    __slots__ = ()

    @property
    def size(self):
        """How many numbers there are."""
        return len(self)


def _plain_kind(kind):
    """Return the kind of number that a field of row objects holds: fractions are not rounded to single precision."""
    return np.dtype(float) if kind.kind == "f" else kind


@cache
def row_class(dtype):
    """Return the class of rows of a structured dtype; whole fields cut what is put into them, as the array would."""
    names = {"__slots__": tuple(f"_{name}" if dtype[name].kind in "iu" else name for name in dtype.names)}
    for name in dtype.names:
        if dtype[name].kind in "iu":
            names[name] = _whole_field(f"_{name}", dtype[name])
    names["__getitem__"] = lambda self, name: getattr(self, name)
    return type("Row", (), names)


def _whole_field(slot, kind):
    """Return a property that keeps whole numbers of a width."""
    modulus = 2 ** (8 * kind.itemsize) if kind.kind == "u" else None

    def write(self, value):
        value = int(value)
        setattr(self, slot, value % modulus if modulus else value)

    return property(lambda self: getattr(self, slot), write)


def to_row(record):
    """Return a record of a structured array as a row object."""
    row = row_class(record.dtype)()
    for name, value in zip(record.dtype.names, record.item(), strict=True):
        setattr(row, name, value)
    return row


def to_rows(array):
    """Return a structured array as rows."""
    rows = Rows(to_row(record) for record in array)
    rows.dtype = array.dtype
    return rows


def to_rows_world(world):
    """Return a world whose agents are row objects; tallies and what agents see stay arrays."""
    parts = {}
    for name, part in world._asdict().items():
        if part.dtype.names:
            parts[name] = to_rows(part)
        elif part.ndim == 1 and part.dtype.kind == "f":
            parts[name] = Table(part.tolist())
        elif name == "contacts":
            parts[name] = part.tolist()
        else:
            parts[name] = part
    return type(world)(**parts)


def to_parameters(table):
    """Return a parameter table as a list of months, each a list of rows; equal months share them."""
    seen = {}
    months = []
    for month in table:
        text = month.tobytes()
        if text not in seen:
            seen[text] = [to_row(record) for record in month]
        months.append(seen[text])
    return months


def build_world(scenario, parameters, key):
    """Return the world of month 0 as rows. Stands for `start.build_world`, whose table functions need arrays."""
    started = []

    def start_world(world, *others):
        rows = to_rows_world(world)
        _ORIGINAL["start_world"](rows, *others)
        started.append(rows)

    model.start.start_world = start_world
    try:
        _ORIGINAL["build_world"](scenario, parameters, key)
    finally:
        model.start.start_world = _ORIGINAL["start_world"]
    return started[0]


_ORIGINAL = {"start_world": model.start.start_world, "build_world": model.start.build_world}


def replace_everywhere(name, old, new):
    """Let every loaded module that knows `old` by this name know `new` instead."""
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is old:
            setattr(module, name, new)


def remember(name, module):
    """Keep the results of a pure function, so that changed models draw the same numbers without working them out."""
    old = getattr(module, name)
    replace_everywhere(name, old, lru_cache(maxsize=None)(old))
