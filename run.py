"""The command line of Loket: it parses, calls one function and reports what went wrong.

Exit codes: 0 done; 1 a fault of ours; 2 bad input, nothing written; 3 some runs failed; 4 storage or
environment; 130 interrupted, the same command continues.
"""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from experiments.environment import cores, most_workers, prepare
from model.errors import LoketError

SEED_LIMIT = 2**32 - 1
REPLICATES_LIMIT = 100_000
INTERRUPTED = 130
CORES = cores()


class Commands(TyperGroup):
    """Commands that end with a message and an exit code instead of a traceback."""

    def invoke(self, context):
        """Run a command; errors raised on purpose and interruptions become exit codes."""
        try:
            return super().invoke(context)
        except LoketError as error:
            print(error, file=sys.stderr)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            print("\ninterrupted; what is finished is kept: continue with the same command", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None


def whole_number(low, high):
    """Return a parser of decimal integers `low` to `high` whose message says what was given and allowed."""

    def parse(text):
        digits = str(text).removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= 20 and low <= int(text) <= high:
            return int(text)
        shown = str(text).encode("unicode_escape").decode("ascii")[:40]
        raise typer.BadParameter(f"given '{shown}', allowed: integer {low}..{high}")

    parse.__name__ = f"INTEGER {low}..{high}"
    return parse


def positive(high):
    """Return a parser of numbers above 0 and at most `high`."""

    def parse(text):
        try:
            value = float(text) if str(text).isascii() and "_" not in str(text) else 0.0
        except ValueError:
            value = 0.0
        if 0.0 < value <= high:
            return value
        shown = str(text).encode("unicode_escape").decode("ascii")[:40]
        raise typer.BadParameter(f"given '{shown}', allowed: number above 0, at most {high:g}")

    parse.__name__ = "NUMBER"
    return parse


def choice(*words):
    """Return a parser of one of some words."""

    def parse(text):
        if text in words:
            return text
        shown = str(text).encode("unicode_escape").decode("ascii")[:40]
        raise typer.BadParameter(f"given '{shown}', allowed: {', '.join(words)}")

    parse.__name__ = "|".join(words)
    return parse


app = typer.Typer(
    cls=Commands,
    help="Loket simulates how public services become digital, and what policies change.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
Scenario = Annotated[str, typer.Argument(help="TOML file, or the name of one in scenarios/.")]
ResultFolder = Annotated[Path, typer.Argument(help="Folder made by simulate, compare or sweep.")]
Out = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/COMMAND-SCENARIO].")]
Seed = Annotated[
    int | None,
    typer.Option("--seed", parser=whole_number(0, SEED_LIMIT), help="Root of all draws [default: the scenario's]."),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        parser=whole_number(1, most_workers()),
        help="Worker processes; results never depend on it.",
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option("--replicates", parser=whole_number(1, REPLICATES_LIMIT), help="[default: the scenario's]."),
]
PairedReplicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=whole_number(2, REPLICATES_LIMIT),
        help="Paired replicates; an interval needs 2 [default: the scenario's].",
    ),
]


@app.command()
def check(
    scenario: Scenario,
    explain: Annotated[bool, typer.Option("--explain", help="Print every value and the file it came from.")] = False,
):
    """Check a scenario or policy file."""
    from experiments import commands

    commands.check(scenario, explain)


@app.command()
def describe(
    what: Annotated[str, typer.Argument(help="parameters, observables, rules or policies.")] = "parameters",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
):
    """Print what the model knows: parameters, observables, rules or policies."""
    from experiments import describing

    describing.describe(what, markdown, json)


@app.command()
def simulate(
    scenario: Scenario,
    replicates: Replicates = None,
    seed: Seed = None,
    policy: Annotated[str | None, typer.Option("--policy", help="Policy file, or name in scenarios/policies/.")] = None,
    out: Out = None,
    workers: Workers = CORES,
):
    """Run a scenario and draw its figures."""
    from experiments import commands

    commands.simulate(scenario, replicates, seed, policy, out, workers)


@app.command()
def compare(
    scenario: Scenario,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Policy file or name; may be repeated [default: all of scenarios/policies/]."),
    ] = None,
    replicates: PairedReplicates = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
):
    """Compare policies with the baseline, replicate by replicate, and write a report."""
    from experiments import commands

    commands.compare(scenario, policy, replicates, seed, out, workers)


@app.command()
def figures(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[RESULT] [NAMES]...", help="Result folder, then figures [default: all].")
    ] = None,
    source: Annotated[Path | None, typer.Option("--from", help="Result folder; then every argument is a figure.")] = None,
    list_names: Annotated[bool, typer.Option("--list", help="List the figures, or without a result their kinds.")] = False,
):
    """Draw the figures of a result."""
    from experiments.paper import commands

    commands.figures(words, source, list_names)


@app.command()
def report(result: ResultFolder):
    """Write the report of a result."""
    from experiments import commands

    commands.report(result)


@app.command()
def show(file: Annotated[Path, typer.Argument(help="Parquet, PNG, SVG or PDF file of a result.")]):
    """Print where a table or figure came from."""
    from experiments import commands

    commands.show(file)


PlanFile = Annotated[str, typer.Argument(help="TOML file of kind plan, or the name of one in scenarios/plans/.")]
SweepOut = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/sweep-PLAN].")]

Timeout = Annotated[float | None, typer.Option("--timeout", parser=positive(1e7), help="Seconds that one run may take.")]
Memory = Annotated[
    int | None, typer.Option("--memory", parser=whole_number(1, 10**7), help="Megabytes that one run may take.")
]


@app.command()
def plan(
    plan: PlanFile,
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Workers = CORES,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
):
    """Say what a plan will run, how long it will take and how large it will be."""
    from experiments import sweep_commands

    sweep_commands.plan(plan, out, seed, replicates, workers, json)


@app.command()
def sweep(
    plan: PlanFile,
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
    on_error: Annotated[
        str,
        typer.Option(
            "--on-error", parser=choice("keep", "slow", "fast"), help="After a failure: go on, end slowly, or at once."
        ),
    ] = "keep",
    shard: Annotated[str | None, typer.Option("--shard", help="Run part I of N, as I/N; see merge.")] = None,
):
    """Run a plan: many points, policies and replicates; continue it, or make it larger, with the same command."""
    from experiments import sweep_commands
    from experiments.runner import Options

    options = Options(workers, timeout, memory, on_error, sweep_commands.read_shard(shard))
    sweep_commands.sweep(plan, out, seed, replicates, options)


@app.command()
def sensitivity(
    plan: Annotated[str | None, typer.Argument(help="Plan with a table [sensitivity], or its name.")] = None,
    source: Annotated[Path | None, typer.Option("--from", help="Analyse a finished sweep with a given-data method.")] = None,
    method: Annotated[str | None, typer.Option("--method", help="With --from: pawn, delta, rbd-fast or regional.")] = None,
    outcome: Annotated[list[str] | None, typer.Option("--outcome", help="With --from: outcome; may be repeated.")] = None,
    until_width: Annotated[
        float | None,
        typer.Option("--until-width", parser=positive(10), help="Double the size until no interval is wider."),
    ] = None,
    on_missing: Annotated[
        str, typer.Option("--on-missing", parser=choice("refuse", "drop"), help="Runs without outcome: refuse or drop.")
    ] = "refuse",
    out: Out = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Find what drives the outcomes, how sure that is, and how much of it is chance."""
    from experiments.runner import Options
    from experiments.sensitivity import commands

    chosen = {"method": method, "outcomes": outcome, "out": out, "seed": seed, "replicates": replicates}
    chosen |= {"width": until_width, "on_missing": on_missing}
    commands.sensitivity(plan, source, chosen, Options(workers, timeout, memory))


@app.command()
def paper(
    plans: Annotated[list[str], typer.Argument(metavar="PLAN...", help="Plans: sensitivity, or policies in replicates.")],
    journal: Annotated[str, typer.Option("--journal", help="elsevier, springer, jasss, ieee or thesis.")] = "elsevier",
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the pack [default: results/paper-PLAN].")] = None,
    runs: Annotated[Path, typer.Option("--runs", help="Folder in which the results of the plans are.")] = Path("results"),
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Make every figure and table of a paper, with captions, a methods paragraph and references."""
    from experiments.paper import commands
    from experiments.runner import Options

    commands.paper(plans, journal, out, runs, Options(workers, timeout, memory))


@app.command()
def verify(result: ResultFolder):
    """Check every file and every number of a result against its hashes."""
    from experiments import result_commands

    result_commands.verify(result)


@app.command()
def replay(
    result: ResultFolder,
    run_id: Annotated[str, typer.Argument(help="Id of a run, see design.parquet.")],
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Run one run of a result again, from the result alone, and compare every bit."""
    from experiments import result_commands
    from experiments.runner import Options

    result_commands.replay(result, run_id, Options(timeout=timeout, memory=memory))


@app.command()
def merge(
    out: Annotated[Path, typer.Argument(help="Folder of the merged result.")],
    results: Annotated[list[Path], typer.Argument(help="Result folders of one plan, such as shards.")],
):
    """Merge result folders of one plan, every run once."""
    from experiments import result_commands

    result_commands.merge(out, results)


@app.command()
def export(
    result: ResultFolder,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV, the only format so far.")] = True,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables [default: RESULT/csv].")] = None,
):
    """Write the tables of a result as CSV."""
    from experiments import result_commands

    result_commands.export(result, out)


@app.command()
def slurm(
    plan: PlanFile,
    shards: Annotated[int, typer.Option("--shards", parser=whole_number(1, 999_999), help="Number of tasks.")],
    out: SweepOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Annotated[int, typer.Option("--workers", parser=whole_number(1, 1024), help="Processes of a task.")] = 4,
):
    """Print a SLURM array script that runs a plan in shards."""
    from experiments import result_commands

    result_commands.slurm(plan, out, seed, replicates, shards, workers)


@app.command()
def benchmark():
    """Measure the speed of the model, compiled and driven by Mesa."""
    from experiments import benchmark

    benchmark.run()


def interrupt(number, frame):
    """Treat a request to end like Ctrl-C, so that finished runs are saved."""
    raise KeyboardInterrupt


def main():
    """Run the command line."""
    prepare()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
    app()


if __name__ == "__main__":
    main()
