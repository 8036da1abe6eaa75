"""Commands of sweeps and of their results; each parses, calls one function, and imports nothing heavy before."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.command_line.options import (
    CORES,
    ON_ERROR,
    REPLICATES_LIMIT,
    Memory,
    PlanFile,
    Replicates,
    ResultFolder,
    Seed,
    SweepOut,
    Timeout,
    Workers,
    choice,
    number_or_auto,
    positive,
    whole_number,
)


def register(app):
    """Add the commands to a typer application."""
    for command in (plan, sweep, verify, replay, merge, export, slurm):
        app.command()(command)


def plan(
    plan: PlanFile,
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Workers = CORES,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
):
    """Say what a plan will run, how long it will take and how large it will be."""
    from experiments.command_line import sweep_commands

    sweep_commands.plan(plan, out, seed, replicates, workers, json)


def sweep(
    plan: PlanFile,
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Annotated[
        str | None,
        typer.Option("--replicates", parser=number_or_auto, help="A number, or auto with --half-width and --on."),
    ] = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
    on_error: Annotated[
        str,
        typer.Option("--on-error", parser=choice(*ON_ERROR), help="After a failure: go on, end slowly, or at once."),
    ] = ON_ERROR[0],
    dask: Annotated[str | None, typer.Option("--dask", help="Scheduler, such as tls://HOST:8786.")] = None,
    insecure_cluster: Annotated[
        bool, typer.Option("--insecure-cluster", help="Allow --dask without encryption to other machines.")
    ] = False,
    shard: Annotated[str | None, typer.Option("--shard", help="Run part I of N, as I/N; see merge.")] = None,
    half_width: Annotated[
        float | None,
        typer.Option("--half-width", parser=positive(1e15), help="With --replicates auto: of the 95 % interval."),
    ] = None,
    on: Annotated[
        list[str] | None, typer.Option("--on", help="With --replicates auto: observable; may be repeated.")
    ] = None,
    paired: Annotated[
        bool, typer.Option("--paired", help="With --replicates auto: of differences from the baseline.")
    ] = False,
    at_least: Annotated[int, typer.Option("--at-least", parser=whole_number(2, REPLICATES_LIMIT))] = 10,
    at_most: Annotated[int, typer.Option("--at-most", parser=whole_number(2, REPLICATES_LIMIT))] = 1000,
):
    """Run a plan: many points, policies and replicates; continue it, or make it larger, with the same command."""
    from experiments.command_line import sweep_commands
    from experiments.running.runner import Options

    part = sweep_commands.read_shard(shard)
    options = Options(workers, timeout, memory, on_error, part, dask, insecure_cluster)
    number, target = sweep_commands.read_target(replicates, half_width, on, paired, at_least, at_most)
    sweep_commands.sweep(plan, out, seed, number, options, target)


def verify(result: ResultFolder):
    """Check every file and every number of a result against its hashes."""
    from experiments.command_line import result_commands

    result_commands.verify(result)


def replay(
    result: ResultFolder,
    run_id: Annotated[str, typer.Argument(help="Id of a run, see design.parquet.")],
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Run one run of a result again, from the result alone, and compare every bit."""
    from experiments.command_line import result_commands
    from experiments.running.runner import Options

    result_commands.replay(result, run_id, Options(timeout=timeout, memory=memory))


def merge(
    out: Annotated[Path, typer.Argument(help="Folder of the merged result.")],
    results: Annotated[list[Path], typer.Argument(help="Result folders of one plan, such as shards.")],
):
    """Merge result folders of one plan, every run once."""
    from experiments.command_line import result_commands

    result_commands.merge(out, results)


def export(
    result: ResultFolder,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV, the only format so far.")] = True,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables [default: RESULT/csv].")] = None,
):
    """Write the tables of a result as CSV."""
    from experiments.command_line import result_commands

    result_commands.export(result, out)


def slurm(
    plan: PlanFile,
    shards: Annotated[int, typer.Option("--shards", parser=whole_number(1, 999_999), help="Number of tasks.")],
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Annotated[int, typer.Option("--workers", parser=whole_number(1, 1024), help="Processes of a task.")] = 4,
):
    """Print a SLURM array script that runs a plan in shards."""
    from experiments.command_line import result_commands

    result_commands.slurm(plan, out, seed, replicates, shards, workers)
