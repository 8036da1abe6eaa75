"""One small run, every number frozen. A change needs a line in CHANGELOG under 'Results change' and a new MODEL_VERSION.

`python -m tests.test_golden` writes the file anew.
"""

import csv
from pathlib import Path

from model import MODEL_VERSION, simulate
from model.observables import OBSERVABLES
from tests.worlds import small

GOLDEN = Path(__file__).parent / "golden" / "small.csv"


def current():
    """Return the rows of the golden file: a year-end each, numbers with every digit."""
    series = simulate(small(), 0).series
    head = ["model_version", "month", *OBSERVABLES]
    return [head] + [
        [str(MODEL_VERSION), str(month), *(repr(float(value)) for value in series[month])] for month in range(0, 121, 12)
    ]


def test_small_run_is_what_it_was():
    with GOLDEN.open(newline="") as file:
        assert list(csv.reader(file)) == current()


if __name__ == "__main__":
    with GOLDEN.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(current())
