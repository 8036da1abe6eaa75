"""Load: five kinds of bad runs among two thousand, memory of the parent, and time spent outside the model."""

import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from tiny import study

from experiments.variants import Variant


@dataclass(frozen=True)
class Bad(Variant):
    """A variant that does harm when a worker builds it."""

    harm: str = ""

    def build(self):
        """Return a scenario in the parent; do harm elsewhere."""
        if os.getpid() == self.changes["parent"]:
            return replace(self.base, seed=self.changes["number"])
        HARMS[self.harm]()
        raise AssertionError("survived")


def loop():
    """Never end."""
    while True:
        time.sleep(0.01)


def complain():
    """Raise."""
    raise ZeroDivisionError("no offices")


HARMS = {
    "segfault": lambda: ctypes.string_at(0),
    "loop": loop,
    "memory": lambda: bytearray(100_000_000_000),
    "exception": complain,
    "exit": lambda: os._exit(7),
}
STATES = {"segfault": "killed", "loop": "timeout", "memory": "failed", "exception": "failed", "exit": "killed"}


def bad_runs(folder, scale, runs=2000):
    """Plant a segfault, an endless loop, a memory bomb, an exception and an os._exit among many runs."""
    from experiments import runner
    from experiments.commands import conclude
    from experiments.failures import failures
    from model.errors import RunFailure

    made = study(folder / "plan", max(100, int(runs * scale)))
    base, parent = made.variants[0].base, os.getpid()
    planted = [
        Bad(replace(base, policy=harm), {"parent": parent, "number": 1000 + number}, number, harm)
        for number, harm in enumerate(HARMS)
    ]
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
import resource, sys
sys.path[:0] = [{root!r}, {here!r}]
from experiments.environment import prepare
prepare()
from pathlib import Path
from tiny import study
from experiments.outcomes import write_outcomes
from experiments.runner import Options
from experiments.sweep import sweep
folder = Path({folder!r})
result = sweep(study(folder / "plan", {runs}), folder / "out", Options(workers=2), command=["tiny"])
first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
table = write_outcomes(result)
print(first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, table.num_rows)
"""


def memory(folder, scale, few=1000, many=50_000):
    """Compare the peak memory of the parent for few and for many runs; at most 1.2 times."""
    here = Path(__file__).resolve().parent
    peaks, many = {}, max(2 * few, int(many * scale))
    for runs in (few, many):
        text = CHILD.format(root=str(here.parent), here=str(here), folder=str(folder / str(runs)), runs=runs)
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
        running, after, rows = map(int, done.stdout.split())
        peaks[runs] = {"running_MB": running // 1024, "with_outcomes_MB": after // 1024}
        assert rows == runs
    ratio = peaks[many]["running_MB"] / peaks[few]["running_MB"]
    whole = peaks[many]["with_outcomes_MB"] / peaks[few]["with_outcomes_MB"]
    bad = [f"ratio {ratio:.2f}"] if ratio > 1.2 else []
    return {"n": many, "peaks": peaks, "ratio": round(ratio, 3), "ratio_with_outcomes": round(whole, 3), "bad": bad}


def overhead(folder, scale, runs=200):
    """Measure the share of processor time outside the model for runs of about 0.1 s in one process; under 10 %."""
    import model
    from experiments.runner import Options
    from experiments.sweep import sweep

    made = study(folder / "plan", max(20, int(runs * scale)), months=120, citizens=400, servants=12)
    sweep(study(folder / "first-plan", 20), folder / "first", Options(), command=["tiny"])  # libraries are loaded once
    simulate, spent = model.simulate, []

    def timed(scenario, replicate):
        began = time.process_time()
        record = simulate(scenario, replicate)
        spent.append(time.process_time() - began)
        return record

    model.simulate = timed
    began = time.process_time()
    sweep(made, folder / "out", Options(), command=["tiny"])
    whole = time.process_time() - began
    model.simulate = simulate
    share = 1.0 - sum(spent) / whole
    each = sum(spent) / len(spent)
    bad = [f"share {share:.3f}"] if share > 0.10 else []
    return {"n": len(spent), "seconds_per_run": round(each, 3), "share_outside": round(share, 4), "bad": bad}
