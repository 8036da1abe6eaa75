"""Options that several commands share, and how their values are read: what was given, what is allowed."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.running.environment import cores, most_workers

SEED_LIMIT = 2**32 - 1
REPLICATES_LIMIT = 100_000
CORES = cores()
ON_ERROR = ("keep", "slow", "fast")  # record the failed run and go on, start no new run, stop at once


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


def number_or_auto(text):
    """Return a number of replicates, or the word auto."""
    return text if text == "auto" else whole_number(1, REPLICATES_LIMIT)(text)


def choice(*words):
    """Return a parser of one of some words."""

    def parse(text):
        if text in words:
            return text
        shown = str(text).encode("unicode_escape").decode("ascii")[:40]
        raise typer.BadParameter(f"given '{shown}', allowed: {', '.join(words)}")

    parse.__name__ = "|".join(words)
    return parse


def language(text):
    """Return the code of a language in which reports can be written; raises InputError with the nearest one."""
    from experiments.texts import need_language

    return need_language(text)


ResultFolder = Annotated[Path, typer.Argument(help="Folder made by simulate, compare or sweep.")]
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
Language = Annotated[str, typer.Option("--language", parser=language, help="Language of report and figures: en or id.")]
Replicates = Annotated[
    int | None,
    typer.Option("--replicates", parser=whole_number(1, REPLICATES_LIMIT), help="[default: the scenario's]."),
]
PlanFile = Annotated[str, typer.Argument(help="TOML file of kind plan, or the name of one in scenarios/plans/.")]
SweepOut = Annotated[Path | None, typer.Option("--out", help="Result folder [default: results/sweep-PLAN].")]
Timeout = Annotated[float | None, typer.Option("--timeout", parser=positive(1e7), help="Seconds that one run may take.")]
Memory = Annotated[
    int | None, typer.Option("--memory", parser=whole_number(1, 10**7), help="Megabytes that one run may take.")
]
