"""How often does a comparison find what is not there, and how often what is? A policy against itself, and planted effects.

    python -m benchmarks.comparisons FOLDER [COMPARISONS] [WORKERS]

Route: a small lively country (20 offices, 4 civil servants and 8 citizens an office, 36 months) is simulated under as many
seeds as are needed; only the outcomes are kept, in FOLDER, in chunks, so that a killed benchmark continues. Every comparison
has runs that no other of its kind has: some for each of nine policies and six times as many of the baseline, all under seeds
of their own. So a policy is the baseline itself, and what is found is false. Estimates and intervals are those of `run.py
compare`. Then an effect is planted: a shift of one policy's outcomes, sized so that the interval of a single policy,
without controls, misses 0 with a stated probability (noncentral t).

Prints the share of comparisons with a false win, for one policy by its own interval and for any of the policies by the
simultaneous ones, and the share of planted effects that are found, each with its 95 % interval. Exit code 1 if a share of
false wins lies outside 5 +- 1.4 %, or the share found is off the stated power by more than 3 points.
"""

import math
import sys
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas
from scipy import stats

from experiments.comparison.estimate import estimate
from experiments.storage.provenance import model_hash

POLICIES = 9
SETTINGS = ((10, 60), (20, 120))  # pairs, baseline runs; the first gives COMPARISONS comparisons, the second half as many
NAMES = ("use_share", "wait_days")
COVARIATE = "supply_index"
WINDOW, CHUNK = 12, 2500
LIMIT, POWER, SLACK = 0.014, 0.80, 0.03
WORDS = (
    "false wins, one policy",
    "false wins, any of all, corrected",
    "planted effect found",
    "planted effect found, corrected",
)


def world():
    """Return the country that is simulated."""
    from model import load_scenario

    file = Path(__file__).resolve().parent.parent / "scenarios" / "small.toml"
    scenario = load_scenario(file, months=36, citizens_per_office=8, servants_per_office=4)
    return scenario.with_parameters(initial_systems=0.8, initial_data_mean=0.8, counter_closure=0.3)


def outcomes_of(replicates):
    """Return the outcomes of some replicates, shape (runs, observables)."""
    from model import simulate
    from model.observables import OBSERVABLES

    scenario, places = world(), [OBSERVABLES.index(name) for name in (*NAMES, COVARIATE)]
    return np.array([simulate(scenario, number).series[-WINDOW:, places].mean(axis=0) for number in replicates])


def pool(folder, number, workers):
    """Return the outcomes of `number` runs, simulating what the folder does not hold yet."""
    folder = folder / model_hash()[:16]  # runs of another model do not count
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(folder / f"runs-{first:07d}.npy", range(first, first + CHUNK)) for first in range(0, number, CHUNK)]
    todo = [(path, runs) for path, runs in wanted if not path.exists()]
    with get_context("spawn").Pool(workers) as crew:
        for (path, _), found in zip(todo, crew.imap(outcomes_of, [runs for _, runs in todo]), strict=True):
            temporary = path.with_suffix(".tmp.npy")
            np.save(temporary, found)
            temporary.rename(path)
            print(f"{path.name} written", file=sys.stderr, flush=True)
    return np.concatenate([np.load(path) for path, _ in wanted])[:number]


def judge(runs, name, controls, pairs, baseline):
    """Return what is found in every comparison, a row each: false for one policy, false for any, planted: one, corrected.

    Parameters
    ----------
    runs : shape (runs, observables and covariate). controls : whether the baseline's other runs serve as controls.
    pairs, baseline : runs of each policy and of the baseline in a comparison.
    """
    place, rows, need, shift = NAMES.index(name), [], POLICIES * pairs + baseline, planted(runs, name, pairs)
    for first in range(0, len(runs) - need + 1, need):
        base, arms = runs[first : first + baseline], runs[first + baseline : first + need, place]
        differences = pandas.DataFrame(arms.reshape(POLICIES, pairs).T - base[:pairs, [place]])
        covariates = pandas.DataFrame({"own": base[:, place], "supply": base[:, -1]})
        found = estimate(differences, *((covariates[:pairs], covariates) if controls else ()))
        alone, together = found.half_width(), found.simultaneous_half_width()
        distance, moved = np.abs(found.value), abs(found.value[0] + shift)
        rows.append((distance[0] > alone[0], (distance > together).any(), moved > alone[0], moved > together[0]))
    return np.array(rows)


def planted(runs, name, pairs):
    """Return the shift that one policy's interval without controls finds with probability POWER."""
    spread = math.sqrt(2.0) * runs[:, NAMES.index(name)].std() / math.sqrt(pairs)
    bound = stats.t.ppf(0.975, pairs - 1)
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        power = stats.nct.sf(bound, pairs - 1, middle) + stats.nct.cdf(-bound, pairs - 1, middle)
        low, high = (middle, high) if power < POWER else (low, middle)
    return low * spread


def share(found):
    """Return a share and half its 95 % interval."""
    value = float(np.mean(found))
    return value, 1.96 * math.sqrt(max(value * (1.0 - value), 1e-9) / len(found))


def main():
    """Simulate, judge, print."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    pairs, baseline = SETTINGS[0]
    runs, bad = pool(folder, number * (POLICIES * pairs + baseline), workers), False
    tasks = [(runs, name, controls, *size) for size in SETTINGS for name in NAMES for controls in (False, True)]
    with get_context("spawn").Pool(workers) as crew:
        for (_, name, controls, *size), found in zip(tasks, crew.starmap(judge, tasks, 1), strict=True):
            kind = "with controls" if controls else "paired t"
            words = f"{len(found)} comparisons, {size[0]} pairs, {name}, {kind}"
            for column, what in enumerate(WORDS):
                value, half = share(found[:, column])
                print(f"{words}: {what}: {100 * value:.1f} +- {100 * half:.1f} %", flush=True)
                bad |= tuple(size) == SETTINGS[0] and column < 2 and abs(value - 0.05) > LIMIT
                bad |= column == 2 and not controls and abs(value - POWER) > SLACK
    sys.exit(int(bad))


if __name__ == "__main__":
    main()
