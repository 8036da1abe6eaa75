"""A full Sobol analysis of the small country: 22 factors, first, total and second order, killed once and continued.

    python -m benchmarks.full_sobol [SIZE] [FOLDER]

SIZE is 1024 unless given; the promise (under 20 minutes on two processors that do nothing else) is for 1024. Prints wall
time, processor time, and the share of processor time spent outside the model's kernel. Processor time does not depend on
what else the machine does; wall time does.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PLAN = ROOT / "scenarios" / "plans" / "drivers-sobol.toml"
KILL_AT = 0.3  # share of the runs after which it is killed
PROBES = 24


def plan_of(size, folder):
    """Return the path of the plan at another size."""
    path = Path(folder) / "drivers-sobol.toml"
    path.write_text(PLAN.read_text().replace("size = 1024", f"size = {size}"))
    return path


def start(plan, out):
    """Start the analysis in a process group of its own."""
    command = [sys.executable, str(ROOT / "run.py"), "sensitivity", str(plan), "--out", str(out), "--workers", "2"]
    return subprocess.Popen(command, start_new_session=True, cwd=ROOT)


def finished(out):
    """Return how many runs the journal holds."""
    from experiments.store import finished_in

    return len(finished_in(out))


def kernel_seconds(out):
    """Return (processor seconds of a run inside the kernel, number of runs), measured on runs spread over the design."""
    from experiments.replay import job_of
    from experiments.store import Result
    from model import simulate, warm_up

    result = Result.open(out)
    ids = result.design["run_id"].drop_duplicates().tolist()
    jobs = [job_of(result, run_id) for run_id in ids[:: max(1, len(ids) // PROBES)][:PROBES]]
    built = [(variant.build(), replicate) for _, variant, replicate in jobs]
    warm_up(built[0][0])
    began = time.process_time()
    for scenario, replicate in built:
        simulate(scenario, replicate)
    return (time.process_time() - began) / len(built), len(ids)


def main():
    """Run, kill, continue, and print."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch)
        plan, out = plan_of(size, scratch), folder / "result"
        began = time.perf_counter()
        process = start(plan, out)
        while process.poll() is None and finished(out) < KILL_AT * 45 * size:
            time.sleep(2.0)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kept = finished(out)
        print(f"killed after {time.perf_counter() - began:.0f} s with {kept} runs kept; continuing", flush=True)
        code = start(plan, out).wait()
        wall = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = used.ru_utime + used.ru_stime
        each, runs = kernel_seconds(out)
    outside = 100.0 * (1.0 - runs * each / processor)
    print(f"exit code {code}; size {size}: {runs} runs, wall {wall:.0f} s, processor {processor:.0f} s")
    print(f"kernel {1000 * each:.1f} ms a run; outside the kernel {outside:.0f} % of processor time")
    print(f"two free processors would need about {processor / 120:.1f} minutes")


if __name__ == "__main__":
    main()
