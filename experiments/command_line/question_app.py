"""Commands that ask one question each: what do mechanisms contribute, are facts reproduced, which policy is best."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.command_line.options import CORES, REPLICATES_LIMIT, Memory, PlanFile, Seed, Timeout, Workers, whole_number

ScenarioFile = Annotated[str, typer.Argument(help="TOML file, or the name of one in scenarios/.")]
Out = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/COMMAND-SCENARIO].")]


def pairs_option(default):
    """Return the option of a number of paired replicates."""
    return Annotated[
        int | None,
        typer.Option(
            "--replicates",
            parser=whole_number(2, REPLICATES_LIMIT),
            help=f"Paired replicates; an interval needs 2 [default: {default}].",
        ),
    ]


def register(app):
    """Add the commands to a typer application."""
    for command in (ablate, patterns, optimise):
        app.command()(command)


def ablate(
    scenario: ScenarioFile,
    mechanism: Annotated[
        list[str] | None,
        typer.Option("--mechanism", help="Mechanism to switch off; may be repeated [default: all that are on]."),
    ] = None,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", help="Policy in force throughout; may be repeated.")
    ] = None,
    replicates: pairs_option(10) = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
):
    """Switch off one mechanism at a time and say what each contributes; continue with the same command."""
    from experiments.command_line import ablate_commands

    ablate_commands.ablate(scenario, mechanism, policy, replicates, seed, out, workers)


def patterns(
    scenario: Annotated[str, typer.Argument(help="TOML file, or the name of one in scenarios/.")] = "indonesia",
    replicates: pairs_option(30) = None,
    seed: Seed = None,
    out: Out = None,
    workers: Workers = CORES,
):
    """Test the stylized facts, each with its statistic, interval, threshold and verdict."""
    from experiments.command_line import pattern_commands

    pattern_commands.run_patterns(scenario, replicates, seed, out, workers)


def optimise(
    plan: PlanFile,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates",
            parser=whole_number(2, REPLICATES_LIMIT),
            help="Seeds of a point during the search [default: the plan's, or 3].",
        ),
    ] = None,
    seed: Seed = None,
    out: Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/optimise-PLAN].")] = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Search levers, timing and regions under a budget; judge the front on fresh seeds; continue with the same command."""
    from experiments.optimise import commands
    from experiments.running.runner import Options

    commands.optimise(plan, out, seed, replicates, Options(workers, timeout, memory))
