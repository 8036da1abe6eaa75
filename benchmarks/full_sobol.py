"""A full Sobol analysis of the small country: 22 factors, first, total and second order, killed once and continued.

    python -m benchmarks.full_sobol [SIZE] [FOLDER]

SIZE is 1024 unless given; the promise (under 20 minutes on two processors that do nothing else) is for 1024. Prints wall
time, processor time, and the share of processor time spent outside the model's kernel. Processor time does not depend on
what else the machine does; wall time does. With a FOLDER the result stays there.
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
PROBES = 48
PROMISE = 20.0  # minutes


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
    from experiments.storage.store import finished_in

    return len(finished_in(out))


def runs_of(plan):
    """Return how many different runs a plan has."""
    from experiments.plans.plan_file import read_plan
    from experiments.storage.rows import design
    from experiments.sweep import study_of

    study = study_of(read_plan(plan))
    return len({row.run_id for row in design(study.variants, study.replicates)})


def kernel_seconds(out):
    """Return (processor seconds of a run inside the kernel, number of runs), measured on runs spread over the design."""
    from experiments.replay import job_of
    from experiments.storage.store import Result
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


def seconds_of_group(group):
    """Return the processor seconds of a process group so far, its finished children included (Linux)."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        if int(fields[2]) == group:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def kill_once(plan, out):
    """Start the analysis, kill it with everything it started after a share of its runs.

    Returns (runs it kept, processor seconds it took).
    """
    wanted = KILL_AT * runs_of(plan)
    process = start(plan, out)
    while process.poll() is None and finished(out) < wanted:
        time.sleep(2.0)
    spent = seconds_of_group(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return finished(out), spent


def main():
    """Run, kill, continue, and print."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch)
        plan, out = plan_of(size, scratch), folder / "result"
        began = time.perf_counter()
        kept, spent = kill_once(plan, out)
        print(f"killed after {time.perf_counter() - began:.0f} s with {kept} runs kept; continuing", flush=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = start(plan, out).wait()
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = spent + after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        each, runs = kernel_seconds(out)
    outside = 100.0 * (1.0 - runs * each / processor)
    print(f"exit code {code}; size {size}: {runs} runs, wall {wall / 60:.1f} minutes, processor {processor:.0f} s")
    print(f"kernel {1000 * each:.1f} ms a run; outside the kernel {outside:.0f} % of processor time")
    print(f"promise for size 1024: {PROMISE:.0f} minutes; {'kept' if wall / 60 < PROMISE and code == 0 else 'MISSED'}")
    sys.exit(code)


if __name__ == "__main__":
    main()
