"""Does a whole calibration find what was planted? Every truth gets a complete sequential calibration of its own.

Truths are drawn from the prior and run once; their series, disturbed by the declared errors, become the targets of a plan
that `calibrate` would take. Settings, errors and parameters are those of `benchmarks/recovery.py`, which uses one wave for
all truths; here only the first wave is shared, as it is the same for all. A truth that is done is not calibrated again.

    python -m benchmarks.recovery_whole FOLDER [TRUTHS [PART PARTS]]

PART of PARTS does every PARTS-th truth, once the first wave is there (TRUTHS 0 makes it alone). The table is printed when
all truths are done.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np

from benchmarks.recovery import PLAN, RANKS, SEED, TARGET, YEARS, report
from experiments.calibration import errors, particles
from experiments.calibration.fit import fit, run_points, scenario_of
from experiments.calibration.observed import point_of
from experiments.calibration.plan import read_calibration
from experiments.running.runner import Options
from experiments.storage.publish import publish
from model import load_observables, load_scenario, simulate

SIZES = "[calibration]\nfirst = 256\nsize = 128\ngenerations = 3\nseed = 1\n"
TARGETS = (("access", "access_share", 0.0), ("supply", "supply_index", 0.3))
NOTHING_YET = {name: [0.5] * len(YEARS) for name, _, _ in TARGETS}  # in place of data that are not drawn yet


class Silent:
    """Progress that nobody sees."""

    def __getattr__(self, name):
        return lambda *arguments, **named: None


def main(folder, truths=200, part=0, parts=1):
    """Calibrate the truths of a part, and print the table once all are there."""
    folder = Path(folder)
    first_wave(folder)
    for number in range(part, truths, parts):
        if not (folder / f"truth-{number}.json").is_file():
            calibrate(folder, number)
            print(f"truth {number} of {truths}", flush=True)
    found = [folder / f"truth-{number}.json" for number in range(truths)]
    if found and all(file.is_file() for file in found):
        summarise(folder, [json.loads(file.read_text()) for file in found])


def write_plan(folder, series):
    """Write a plan with its targets (name -> values of YEARS) and return the CalibrationPlan."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, observable, level in TARGETS:
        points = "".join(f"{year} = {value!r}\n" for year, value in zip(YEARS, series[name], strict=True))
        (folder / f"{name}.toml").write_text(TARGET.format(name=name, observable=observable, level=level) + points)
    (folder / "plan.toml").write_text(PLAN.replace("[factors.access_contagion]", SIZES + "[factors.access_contagion]"))
    return read_calibration(folder / "plan.toml")


def first_wave(folder):
    """Run the first wave, which no data decide, once for all truths."""
    if (folder / "wave").is_dir():
        return
    plan = write_plan(folder / "draft", NOTHING_YET)
    scores = particles.first_scores(plan.sizes["first"], len(plan.factors), plan.sizes["seed"])
    values = particles.values_at(scores, plan.factors)
    run_points(plan, scenario_of(plan), values, folder / "draft" / "runs", Options(1), Silent())
    (folder / "draft" / "runs").rename(folder / "wave")


def calibrate(folder, number):
    """Plant a truth, calibrate on its disturbed series, and keep what the posterior says of each parameter."""
    shutil.rmtree(folder / f"plan-{number}", ignore_errors=True)  # of a calibration that was killed
    generator = np.random.default_rng([SEED, 2, number])
    plan = write_plan(folder / f"plan-{number}", NOTHING_YET)
    scores = generator.standard_normal(len(plan.factors))
    truth = particles.values_at(scores[None, :], plan.factors)[0]
    plan = write_plan(folder / f"plan-{number}", disturbed(plan, truth, number, generator))
    runs = folder / f"plan-{number}" / "runs"
    shutil.copytree(folder / "wave", runs)
    found = fit(plan, runs, Options(1), Silent)
    kept = found.population.scores[generator.choice(len(found.weights), RANKS, p=found.weights)]
    middle = found.weights @ found.population.scores
    row = {
        "rank": (kept < scores).sum(axis=0).tolist(),
        "below": [float(found.weights[found.population.scores[:, at] < scores[at]].sum()) for at in range(len(scores))],
        "spread": np.sqrt(found.weights @ (found.population.scores - middle) ** 2).tolist(),
        "effective_size": particles.effective_size(found.weights),
        "temperature": found.temperature,
    }
    publish(folder / f"truth-{number}.json", json.dumps(row) + "\n")
    shutil.rmtree(folder / f"plan-{number}")


def disturbed(plan, truth, number, generator):
    """Return name -> a truth's series with one draw of the declared errors."""
    scenario = load_scenario(plan.scenario, **plan.settings).with_parameters(**truth)
    series = simulate(scenario, 1_000_000 + number).series
    found = {}
    for target in plan.targets:
        column = list(load_observables()).index(target.observable)
        months = [point_of(scenario.start, scenario.months, target, year) for year in YEARS]
        model = target.transform([series[first : last + 1, column].mean() for first, last in months])
        whole = errors.covariance(target, YEARS) + errors.noise(target, YEARS)
        drawn = model + target.known_shift(YEARS) + generator.multivariate_normal(np.zeros(len(YEARS)), whole)
        found[target.name] = target.back(drawn).tolist()
    return found


def summarise(folder, rows):
    """Print and write the table of all truths."""
    plan = read_calibration(folder / "draft" / "plan.toml")
    below = np.array([row["below"] for row in rows])
    held = np.stack([np.abs(below - 0.5) <= half for half in (0.25, 0.45)], axis=2)
    ranks, spread = (np.array([row[name] for row in rows]) for name in ("rank", "spread"))
    sizes = np.array([row["effective_size"] for row in rows])
    runs = plan.sizes["first"] + plan.sizes["generations"] * plan.sizes["size"]
    report(plan, np.empty((runs, 0)), ranks, held, 1.0 - spread, sizes, folder / "recovery-whole.csv")
    print(f"tempered: {np.mean([row['temperature'] > 1.0 for row in rows]):.0%} of calibrations")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
