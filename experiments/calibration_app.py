"""Commands of calibration and validation; each parses, calls one function, and imports nothing heavy before."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.options import CORES, Memory, Timeout, Workers

Plan = Annotated[str, typer.Argument(help="File of kind calibration, or the name of one in scenarios/calibrations/.")]
Folder = Annotated[Path | None, typer.Option("--runs", help="Result folder [default: results/calibrate-PLAN].")]
Predict = Annotated[str | None, typer.Option("--predict", help="Years without data, such as 2020-2024.")]
Predictions = Annotated[Path | None, typer.Option("--out", help="With --predict: the CSV to write.")]


def register(app):
    """Add the commands to a typer application."""
    for command in (calibrate, validate):
        app.command()(command)


def calibrate(
    plan: Plan,
    runs: Folder = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Fit parameters to published series; continue with the same command."""
    from experiments.calibration import commands
    from experiments.runner import Options

    commands.calibrate(plan, runs, Options(workers, timeout, memory))


def validate(
    plan: Plan,
    runs: Folder = None,
    predict: Predict = None,
    out: Predictions = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Compare forecasts with points left out of the fit and with naive forecasts; predict years without data."""
    from experiments.calibration import commands
    from experiments.runner import Options

    commands.validate(plan, runs, Options(workers, timeout, memory), predict, out)
