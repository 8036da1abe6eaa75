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

from experiments.command_line import calibration_app, discovery_app, question_app, sensitivity_app, sweep_app
from experiments.command_line.options import (
    CORES,
    REPLICATES_LIMIT,
    Language,
    Replicates,
    ResultFolder,
    Seed,
    Workers,
    whole_number,
)
from experiments.running.environment import prepare
from model.errors import LoketError

INTERRUPTED = 130


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


app = typer.Typer(
    cls=Commands,
    help="Loket simulates how public services become digital, and what policies change.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
Scenario = Annotated[str, typer.Argument(help="TOML file, or the name of one in scenarios/.")]
Out = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/COMMAND-SCENARIO].")]
PairedReplicates = Annotated[
    int | None,
    typer.Option(
        "--replicates",
        parser=whole_number(2, REPLICATES_LIMIT),
        help="Paired replicates; an interval needs 2 [default: the scenario's].",
    ),
]
BaselineReplicates = Annotated[
    int | None,
    typer.Option(
        "--baseline-replicates",
        parser=whole_number(2, REPLICATES_LIMIT),
        help="Runs of the baseline; more than --replicates make the intervals of all policies narrower [default: 6 times].",
    ),
]


@app.command()
def check(
    scenario: Scenario,
    explain: Annotated[bool, typer.Option("--explain", help="Print every value and the file it came from.")] = False,
):
    """Check a scenario, policy, plan, calibration or target."""
    from experiments.command_line import checking

    checking.check(scenario, explain)


@app.command()
def describe(
    what: Annotated[str, typer.Argument(help="parameters, observables, rules, policies or mechanisms.")] = "parameters",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
):
    """Print what the model knows: parameters, observables, rules, policies or mechanisms."""
    from experiments.command_line import describing

    describing.describe(what, markdown, json)


@app.command()
def simulate(
    scenario: Scenario,
    replicates: Replicates = None,
    seed: Seed = None,
    policy: Annotated[str | None, typer.Option("--policy", help="Policy file, or name in scenarios/policies/.")] = None,
    out: Out = None,
    workers: Workers = CORES,
    language: Language = "en",
):
    """Run a scenario and draw its figures."""
    from experiments.command_line import commands

    commands.simulate(scenario, replicates, seed, policy, out, workers, language)


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
    baseline_replicates: BaselineReplicates = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", help="OBSERVABLE=LEVEL: months until it is reached; may be repeated."),
    ] = None,
    factorial: Annotated[
        bool, typer.Option("--factorial", help="Take the policies as levers, in every combination.")
    ] = False,
    orders: Annotated[
        bool, typer.Option("--orders", help="Take the policies as levers, in every order at equal cost.")
    ] = False,
    language: Language = "en",
):
    """Compare policies with the baseline, replicate by replicate, and write a report."""
    from experiments.command_line import commands
    from experiments.comparison.design import Asked

    asked = Asked(factorial, orders, baseline_replicates, tuple(target or ()))
    commands.compare(scenario, policy, replicates, seed, out, workers, asked, language)


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
def report(result: ResultFolder, language: Language = "en"):
    """Draw the figures of a result and write its report, in another language if asked."""
    from experiments.command_line import commands

    commands.report(result, language)


@app.command()
def show(file: Annotated[Path, typer.Argument(help="Parquet, PNG, SVG or PDF file of a result.")]):
    """Print where a table or figure came from."""
    from experiments.command_line import commands

    commands.show(file)


@app.command()
def benchmark():
    """Measure the speed of the model, compiled and driven by Mesa."""
    from experiments import benchmark

    benchmark.run()


question_app.register(app)
sweep_app.register(app)
sensitivity_app.register(app)
discovery_app.register(app)
calibration_app.register(app)


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
