"""Load: five kinds of bad runs among two thousand, memory of the parent, and time outside the model."""

import multiprocessing
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import model
from benchmarks.bad_variants import HARMS, STATES, bad_variants
from benchmarks.tiny import ROOT, study
from experiments.plans.variants import Variant


def bad_runs(folder, extent, runs=2000):
    """Plant a segfault, an endless loop, a memory bomb, an exception and an os._exit among many runs."""
    from experiments.command_line.commands import conclude
    from experiments.running import runner
    from experiments.running.failures import failures
    from model.errors import RunFailure

    made = study(folder / "plan", extent.of(runs, least=100))
    planted = bad_variants(made.variants[0].base, first_seed=1000)
    step = len(made.variants) // 6
    variants = list(made.variants)
    for number, variant in enumerate(planted, 1):
        variants.insert(number * step, variant)
    options = runner.Options(workers=2, timeout=5.0, memory=4000)
    result = runner.run_variants(variants, made.replicates, folder / "out", options)
    whole = runner.run_variants(made.variants, made.replicates, folder / "whole", runner.Options())
    bad = []
    found = {(run["policy"], run["status"]) for run in failures(result)}
    if found != set(STATES.items()):
        bad.append(f"named: {sorted(found)}")
    if len(failures(result)) != len(HARMS) * made.replicates:
        bad.append(f"{len(failures(result))} failures")
    hashes, expected = result.journal.run_hashes(), whole.journal.run_hashes()
    if hashes != expected:
        bad.append(f"{len(expected)} others expected, {len(hashes)} finished")
    try:
        conclude(result)
        bad.append("no failure at the end")
    except RunFailure as error:
        if error.exit_code != 3:
            bad.append(f"exit {error.exit_code}")
    return {"n": len(HARMS) * made.replicates, "kinds": len(HARMS), "others": len(expected), "bad": bad}


CHILD = """
import resource
from experiments.running.environment import prepare
prepare()
from pathlib import Path
from benchmarks.tiny import study
from experiments.outcomes import write_outcomes
from experiments.running.runner import Options
from experiments.sweep import sweep
folder = Path({folder!r})
result = sweep(study(folder / "plan", {runs}), folder / "out", Options(workers=2), command=["tiny"])
first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = write_outcomes(result)
print(first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, rows)
"""


def memory(folder, extent, few=1000, many=50_000):
    """Compare the peak memory of the parent for few and for many runs; at most 1.2 times."""
    peaks, many = {}, extent.of(many, least=2 * few)
    for runs in (few, many):
        text = CHILD.format(folder=str(folder / str(runs)), runs=runs)
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, cwd=ROOT)
        running, after, rows = map(int, done.stdout.split())
        peaks[runs] = {"running_MB": running // 1024, "with_outcomes_MB": after // 1024}
        assert rows == runs
    ratio = peaks[many]["running_MB"] / peaks[few]["running_MB"]
    whole = peaks[many]["with_outcomes_MB"] / peaks[few]["with_outcomes_MB"]
    bad = [f"ratio {ratio:.2f}"] if ratio > 1.2 else []
    return {"n": many, "peaks": peaks, "ratio": round(ratio, 3), "ratio_with_outcomes": round(whole, 3), "bad": bad}


@dataclass(frozen=True)
class Timed(Variant):
    """A variant that makes the worker which builds it write down the processor time of every simulation."""

    folder: str = field(default="", kw_only=True)

    def build(self):
        """Return the scenario; in a worker, the first call puts a clock around the model."""
        if multiprocessing.parent_process() and not hasattr(model.simulate, "clock"):
            model.simulate = clocked(model.simulate, Path(self.folder) / f"{os.getpid()}.seconds")
        return super().build()


def clocked(simulate, path):
    """Return a function that simulates and adds the processor time to a file, a line each."""

    def timed(scenario, replicate):
        began = time.process_time()
        record = simulate(scenario, replicate)
        with open(path, "a") as stream:
            stream.write(f"{time.process_time() - began}\n")
        return record

    timed.clock = path
    return timed


def processor_seconds():
    """Return the processor time of this process and of those that it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def overhead(folder, extent, runs=1000):
    """Measure the share of processor time outside the model for runs of about 0.1 s in two workers; under 10 %.

    The share counts everything that the sweep takes, from the start of the workers to the sealed result without figures.
    """
    from experiments.running.runner import Options
    from experiments.sweep import sweep

    made = study(folder / "plan", extent.of(runs, least=20), months=120, citizens=700, servants=12)
    sweep(study(folder / "first-plan", 20), folder / "first", Options(), command=["tiny"])  # libraries are loaded once
    made = replace(
        made, variants=[Timed(variant.base, variant.changes, variant.point, folder=str(folder)) for variant in made.variants]
    )
    began = processor_seconds()
    sweep(made, folder / "out", Options(workers=2), command=["tiny"])
    whole = processor_seconds() - began
    spent = [float(line) for path in folder.glob("*.seconds") for line in path.read_text().split()]
    share = 1.0 - sum(spent) / whole
    each = sum(spent) / len(spent)
    bad = [f"share {share:.3f}"] if share > 0.10 else []
    return {"n": len(spent), "seconds_per_run": round(each, 3), "share_outside": round(share, 4), "bad": bad}
