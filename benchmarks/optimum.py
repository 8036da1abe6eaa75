"""Optimisation: how much of a planted front a search finds, and whether it ends in the same bits after being killed.

    python -m benchmarks.optimum recovery 10 24 12 # ten searches of 24 policies and 12 generations, each with its own seed
    python -m benchmarks.optimum kills 20          # searches of a small country, killed at random instants

What was measured stands in docs/optimise.md.
"""

import contextlib
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TRUE_VOLUME = 2.0 / 3.0  # below (1, 1), of the front y = 1 - sqrt(x)
COMPARED = ("tables/front.csv", "tables/generations.csv", "points.parquet", "figures/allocation.csv")
SMALLER = {
    "generations = 8": "generations = 4",
    "population = 20": "population = 10",
    "[optimise]\n": "[optimise]\nfresh = 4\n",
}


def recovery(searches=10, population=24, generations=12):
    """Print which share of the true hypervolume the unbeaten points of each search dominate, by their true values."""
    import model
    from experiments.fronts import hypervolume
    from experiments.optimise.commands import answer
    from experiments.optimise.question import question_of
    from experiments.plans.plan_file import read_plan
    from experiments.running.runner import Options
    from tests import planted_front

    model.simulate, model.warm_up = planted_front.simulate, lambda scenario: None
    for algorithm in ("nsga2", "nsga3"):
        shares = []
        for seed in range(searches):
            with tempfile.TemporaryDirectory() as folder:
                options = f'[optimise]\nalgorithm = "{algorithm}"\nseed = {seed}\n'
                table = planted_front.TABLE.replace("[optimise]\n", options, 1).replace("front = 12", "front = 40")
                plan = planted_front.plan_at(Path(folder), population, generations, table=table)
                with contextlib.redirect_stderr(io.StringIO()):
                    judged = answer(question_of(read_plan(plan)), Path(folder) / "r", Options())[2]
            kept = [point for point, unbeaten in zip(judged.points, judged.unbeaten, strict=True) if unbeaten]
            losses = np.array([planted_front.losses_of(point.base) for point in kept])
            shares.append(hypervolume(losses, [1.0, 1.0]) / TRUE_VOLUME)
        words = f"{np.mean(shares):.3f} of the true volume on average, lowest {min(shares):.3f}, n = {searches}"
        print(f"{algorithm}, {population} x {generations}: {words}", flush=True)


def kills(count=20):
    """Kill searches with SIGKILL at random instants until `count` kills have hit, continue, compare with one left alone."""
    from experiments.storage.store import Result

    with tempfile.TemporaryDirectory() as name:
        folder, hit, bad = Path(name), 0, 0
        text = (ROOT / "scenarios/plans/optimise-small.toml").read_text()
        for old, new in SMALLER.items():
            text = text.replace(old, new)
        (folder / "plan.toml").write_text(text)
        began = time.monotonic()
        run(folder, "whole", None)
        seconds, generator, number = time.monotonic() - began, random.Random(0), 0
        while hit < count:
            out, number = f"killed-{number}", number + 1
            while not run(folder, out, generator.uniform(0.1, 0.7) * seconds):
                hit += 1
            same = all((folder / out / file).read_bytes() == (folder / "whole" / file).read_bytes() for file in COMPARED)
            bad += not same or Result.open(folder / out).hash != Result.open(folder / "whole").hash
        print(f"{hit} kills in {number} searches: {bad} ended in other bits")


def run(folder, out, wait):
    """Run the search; kill it after some seconds; say whether it came to its end."""
    command = [sys.executable, "run.py", "optimise", folder / "plan.toml", "--out", folder / out, "--workers", "1"]
    errors = folder / f"{out}.err"
    with open(errors, "w") as stream:
        process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stderr=stream, stdout=subprocess.DEVNULL)
        try:
            code = process.wait(wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return False
    if code:
        raise SystemExit(f"exit {code}: {errors.read_text()[-3000:]}")
    return True


if __name__ == "__main__":
    {"recovery": recovery, "kills": kills}[sys.argv[1]](*(int(word) for word in sys.argv[2:]))
