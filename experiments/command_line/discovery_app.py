"""The command of scenario discovery: it parses, calls one function, and imports nothing heavy before."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.command_line.options import CORES, Memory, PlanFile, Replicates, Seed, Timeout, Workers, choice

DiscoverOut = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/discover-PLAN].")]
Missing = Annotated[
    str, typer.Option("--on-missing", parser=choice("refuse", "drop"), help="Futures with failed runs: refuse or drop.")
]


def register(app):
    """Add the command to a typer application."""
    app.command()(discover)


def discover(
    plan: PlanFile,
    out: DiscoverOut = None,
    seed: Seed = None,
    replicates: Replicates = None,
    on_missing: Missing = "refuse",
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Find the futures in which policies fail, what these have in common, and which policy is robust."""
    from experiments.discovery import commands
    from experiments.running.runner import Options

    options = {"out": out, "seed": seed, "replicates": replicates, "on_missing": on_missing}
    commands.discover(plan, options, Options(workers, timeout, memory))
