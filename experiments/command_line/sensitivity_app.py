"""Commands of sensitivity analyses and papers; each parses, calls one function, and imports nothing heavy before."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.command_line.options import CORES, Memory, Replicates, Seed, Timeout, Workers, choice, positive

Plan = Annotated[str | None, typer.Argument(help="Plan with a table [sensitivity], or its name.")]
Source = Annotated[Path | None, typer.Option("--from", help="Analyse a finished sweep with a given-data method.")]
Method = Annotated[str | None, typer.Option("--method", help="With --from: pawn, delta, rbd-fast or regional.")]
Outcome = Annotated[list[str] | None, typer.Option("--outcome", help="With --from: outcome; may be repeated.")]
Width = Annotated[
    float | None, typer.Option("--until-width", parser=positive(10), help="Double the size until no interval is wider.")
]
Missing = Annotated[
    str, typer.Option("--on-missing", parser=choice("refuse", "drop"), help="Runs without outcome: refuse or drop.")
]
ResultOut = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/sensitivity-PLAN].")]
Plans = Annotated[list[str], typer.Argument(metavar="PLAN...", help="Plans: sensitivity, sweep, or replicates.")]
Journal = Annotated[str, typer.Option("--journal", help="elsevier, springer, jasss, ieee or thesis.")]
PackOut = Annotated[Path | None, typer.Option("--out", help="Folder of the pack [default: results/paper-PLAN].")]
Runs = Annotated[Path, typer.Option("--runs", help="Folder in which the results of the plans are.")]


def register(app):
    """Add the commands to a typer application."""
    for command in (sensitivity, paper):
        app.command()(command)


def sensitivity(
    plan: Plan = None,
    source: Source = None,
    method: Method = None,
    outcome: Outcome = None,
    until_width: Width = None,
    on_missing: Missing = "refuse",
    out: ResultOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Find what drives the outcomes, how sure that is, and how much of it is chance."""
    from experiments.running.runner import Options
    from experiments.sensitivity import commands

    chosen = {"method": method, "outcomes": outcome, "out": out, "seed": seed, "replicates": replicates}
    chosen |= {"width": until_width, "on_missing": on_missing}
    commands.sensitivity(plan, source, chosen, Options(workers, timeout, memory))


def paper(
    plans: Plans,
    journal: Journal = "elsevier",
    out: PackOut = None,
    runs: Runs = Path("results"),
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Make every figure and table of a paper, with captions, a methods paragraph and references."""
    from experiments.paper import commands
    from experiments.running.runner import Options

    commands.paper(plans, journal, out, runs, Options(workers, timeout, memory))
