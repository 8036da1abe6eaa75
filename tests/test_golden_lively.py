"""The tiny lively countries, every field of every agent in every month frozen. A change needs a line in CHANGELOG.

`python -m tests.test_golden_lively` writes the file anew.
"""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest

from model.observables import OBSERVABLES
from tests.lively import KINDS, TILTS, run

GOLDEN = Path(__file__).parent / "golden" / "lively.csv"
HEAD = ["country", "kind", "field", "last_mean", "digest"]


def current(name):
    """Return a row for each field: its mean in the last month, and a digest of all its bits in all months."""
    result = run(name)
    rows = []
    for kind in KINDS:
        for field, values in result.columns[kind].items():
            rows.append([name, kind, field, f"{values[-1].mean(dtype=float):.6g}", digest(values)])
    for place, observable in enumerate(OBSERVABLES):
        values = result.series[:, place]
        rows.append([name, "observables", observable, f"{values[-1]:.6g}", digest(values)])
    return rows


def digest(values):
    """Return ten hexadecimal digits that stand for every bit of an array, the same on every machine."""
    plain = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return hashlib.sha256(plain.tobytes()).hexdigest()[:10]


def frozen(name):
    """Return the rows of a country in the golden file."""
    with GOLDEN.open(newline="") as file:
        return [row for row in csv.reader(file) if row[0] == name]


@pytest.mark.parametrize("name", TILTS)
def test_lively_country_is_what_it_was(name):
    assert current(name) == frozen(name)


if __name__ == "__main__":
    with GOLDEN.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEAD, *(row for name in TILTS for row in current(name))])
