"""How often do 95 % intervals hold the true index? Sobol indices of functions whose indices are known.

    python -m benchmarks.coverage [REPEATS] [SIZE]

Each repeat has a layout of its own seed and goes through the code that analyses the model. Prints, for each function and
index, the share of intervals that hold the truth, with the 95 % interval of that share. Exit code 1 if the mean over
factors of any function and index lies outside 95 +- 1.5 %.
"""

import sys
import time

import numpy as np

from experiments.sensitivity import variance
from experiments.sensitivity.intervals import estimate
from tests.known_functions import CASES, evaluate, layout_of

TARGET, SLACK = 0.95, 0.015


def coverage(case, repeats, size):
    """Return index -> share of intervals that hold the truth, shape (factors,)."""
    function, factors, (first, total) = CASES[case]
    inside = {"S1": np.zeros(factors), "ST": np.zeros(factors)}
    for seed in range(repeats):
        layout = layout_of("sobol", factors, size=size, seed=seed)
        found = estimate(lambda part, values: variance.sobol(part, values, pairs=False), layout, evaluate(layout, function))
        for name, known in (("S1", first), ("ST", total)):
            value, half = found[name].value[:factors, 0], found[name].half_width[:factors, 0]
            inside[name] += np.abs(value - known) <= half
    return {name: count / repeats for name, count in inside.items()}


def main():
    """Measure and print."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 512
    worst = 0.0
    for case in CASES:
        began = time.perf_counter()
        for name, shares in coverage(case, repeats, size).items():
            mean = shares.mean()
            half = 1.96 * np.sqrt(0.95 * 0.05 / repeats)
            worst = max(worst, abs(mean - TARGET))
            each = " ".join(f"{100 * share:.1f}" for share in shares)
            print(f"{case} {name}: mean {100 * mean:.2f} %, factors {each} (each +-{100 * half:.1f})", flush=True)
        print(f"{case}: {repeats} repeats of size {size} in {time.perf_counter() - began:.0f} s", flush=True)
    print(f"largest distance of a mean from 95 %: {100 * worst:.2f} points; allowed {100 * SLACK:.1f}")
    sys.exit(int(worst > SLACK))


if __name__ == "__main__":
    main()
