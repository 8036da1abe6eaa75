"""A sweep of the real model whose runs take about a millisecond, and a process that runs it.

    python -m benchmarks.tiny OUT [--runs 2000] [--workers 2] [--shard 1/4] [--shuffle 7] [--months 2]

Prints the result hash. Exit codes are those of run.py.
"""

import argparse
import random
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "benchmarks.tiny")  # to be started in ROOT

REPLICATES = 20
PLAN = """schema = 1
kind = "plan"
name = "tiny"
scenario = "small"
replicates = {replicates}
policies = ["{policy}"]
[settings]
months = {months}
citizens_per_office = {citizens}
servants_per_office = {servants}
[design]
method = "sobol"
points = {points}
[factors.training_rate]
high = 0.3
[factors.counters]
[factors.initial_trust]
"""


def study(folder, runs=2000, months=2, citizens=8, servants=2, policy=None):
    """Return the Study of a tiny sweep; its plan file is written to `folder`."""
    from experiments.plans.plan_file import read_plan
    from experiments.sweep import study_of

    kinds = 2 if policy else 1
    points = max(1, runs // (REPLICATES * kinds))
    replicates = runs // (points * kinds)
    facts = {"replicates": replicates, "months": months, "citizens": citizens, "servants": servants, "points": points}
    text = PLAN.format(policy=policy or "", **facts)
    text = text if policy else text.replace('policies = [""]\n', "")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny.toml"
    path.write_text(text)
    return study_of(read_plan(path))


def shuffled(made, seed):
    """Return a Study whose variants come in another order."""
    variants = list(made.variants)
    random.Random(seed).shuffle(variants)
    return replace(made, variants=variants)


def main():
    """Run the sweep as a process of its own."""
    from experiments.command_line.sweep_commands import read_shard
    from experiments.running.environment import prepare
    from experiments.running.runner import Options
    from experiments.sweep import sweep
    from model.errors import LoketError

    parser = argparse.ArgumentParser(prog="python -m benchmarks.tiny", description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    for name, default in (("runs", 2000), ("workers", 2), ("months", 2), ("citizens", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--shard")
    parser.add_argument("--dask")
    parser.add_argument("--shuffle", type=int)
    given = parser.parse_args()
    prepare()
    made = study(given.out.parent / f"{given.out.name}-plan", given.runs, given.months, given.citizens)
    if given.shuffle is not None:
        made = shuffled(made, given.shuffle)
    options = Options(given.workers, shard=read_shard(given.shard), dask=given.dask)
    try:
        print(sweep(made, given.out, options, command=["tiny"]).hash)
    except LoketError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
