"""Commands of calibration and validation; each parses, calls one function, and imports nothing heavy before."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.command_line.options import CORES, Memory, Timeout, Workers, choice, positive, whole_number

Plan = Annotated[str, typer.Argument(help="File of kind calibration, or the name of one in scenarios/calibrations/.")]
Folder = Annotated[Path | None, typer.Option("--runs", help="Result folder [default: results/calibrate-PLAN].")]
Predict = Annotated[str | None, typer.Option("--predict", help="Years without data, such as 2020-2024.")]
Scale = Annotated[str, typer.Option(help="As in the target.", parser=choice("logit", "log", "identity"))]
Countries = Annotated[
    list[Path] | None, typer.Option("--countries", help="Tidy CSV of other countries to forecast too; may be repeated.")
]
Predictions = Annotated[Path | None, typer.Option("--out", help="With --predict: the CSV to write.")]


def register(app):
    """Add the commands to a typer application."""
    for command in (calibrate, validate):
        app.command()(command)
    app.command(name="target-errors")(target_errors)


def calibrate(
    plan: Plan,
    runs: Folder = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Fit parameters to published series; continue with the same command."""
    from experiments.calibration import commands
    from experiments.running.runner import Options

    commands.calibrate(plan, runs, Options(workers, timeout, memory))


def validate(
    plan: Plan,
    runs: Folder = None,
    predict: Predict = None,
    out: Predictions = None,
    countries: Countries = None,
    workers: Workers = CORES,
    timeout: Timeout = None,
    memory: Memory = None,
):
    """Compare forecasts with points left out of the fit and with naive forecasts; predict years without data."""
    from experiments.calibration import commands
    from experiments.running.runner import Options

    commands.validate(plan, runs, Options(workers, timeout, memory), predict, out, countries or [])


def target_errors(
    panel: Annotated[Path, typer.Argument(help="Tidy CSV of many countries: country, iso3, year, indicator, value.")],
    indicator: Annotated[str, typer.Argument(help="Indicator in that file.")],
    points: Annotated[int, typer.Option(help="Points of each country.", parser=whole_number(4, 200))],
    last: Annotated[int, typer.Option(help="No point after this year.", parser=whole_number(1800, 2200))],
    without: Annotated[str, typer.Option(help="iso3 codes to leave out: the countries of your targets.")] = "",
    start_at: Annotated[float, typer.Option(help="The first point is the first value as large as this.")] = 0.0,
    within: Annotated[str, typer.Option(help="Leave out countries with values outside LOW:HIGH.")] = "",
    factor: Annotated[
        float, typer.Option(parser=positive(1e9), help="Published value x factor = unit of the target.")
    ] = 1.0,
    transformation: Scale = "logit",
    surveys: Annotated[
        bool, typer.Option("--surveys", help="Values of a year come from one survey of all countries.")
    ] = False,
):
    """Estimate sizes of a target's errors from other countries: drift, measurement, trend, and what surveys share."""
    from experiments.calibration import commands

    commands.target_errors(panel, indicator, (points, last, start_at), within, without, factor, transformation, surveys)
