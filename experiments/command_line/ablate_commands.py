"""What `ablate` does: say how long it takes, run, write the table, draw, print."""

import sys
from pathlib import Path

from experiments.command_line.commands import FEWEST_PAIRS, conclude, load, load_policies
from experiments.command_line.sweep_commands import duration
from experiments.planner.words import DIGITS
from experiments.texts import number
from model.errors import InputError
from model.registry import load_observables

REPLICATES = 10  # unless more are asked for: fifty runs a replicate take their time
SHOWN = 3  # observables on the terminal
LONGEST = 25  # mechanisms on the terminal


def ablate(text, mechanisms, policies, replicates, seed, out, workers):
    """Switch off one mechanism at a time and say what each contributes."""
    from experiments.ablate import study_of

    pairs = replicates or REPLICATES
    if pairs < FEWEST_PAIRS:
        raise InputError("an interval needs pairs", key="--replicates", given=pairs, allowed="2..100000")
    scenario = load(text, seed)
    chosen = load_policies(policies) if policies else []
    for policy in chosen:
        scenario = scenario.with_policy(policy)
    study = study_of(scenario, chosen, tuple(mechanisms or ()), pairs)
    folder = Path(out) if out else Path("results") / folder_name(scenario)
    announce(study, folder, workers)
    conclude_ablation(run(study, folder, workers))


def folder_name(scenario):
    """Return the name of the result folder of a scenario under its policies."""
    policy = "" if scenario.policy == "baseline" else f"-{scenario.policy}"
    return f"ablate-{scenario.name}{policy}"


def announce(study, folder, workers):
    """Say how many runs there are and about how long they take."""
    from experiments.sweep import preview

    found = preview(study, folder, probes=1)
    left = found.runs - found.finished
    about = duration(left * found.seconds / max(min(workers, left), 1)) if left else "0 s"
    print(
        f"{len(study.variants) - 1} mechanisms, {study.replicates} pairs: {left} runs to do, about {about}", file=sys.stderr
    )


def run(study, folder, workers):
    """Run with progress on the screen."""
    from experiments.running.progress import progress_for
    from experiments.running.runner import Options
    from experiments.sweep import sweep

    return sweep(study, folder, Options(workers), progress_for())


def conclude_ablation(result):
    """Write table and figures, print, and name what failed."""
    from experiments.ablate import TABLE, write_table
    from experiments.figures.mechanisms import draw_mechanisms
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal

    with locked(result.folder):
        table = write_table(result)
        draw_mechanisms(result, table)
        write_seal(result)
    print_table(result, table)
    print(f"table: {result.folder / 'tables' / TABLE}\nfigures: {result.folder / 'figures'}")
    conclude(result)


def print_table(result, table):
    """Print what the mechanisms with the largest effects contribute."""
    from rich.table import Table

    from experiments.summary import heading, show
    from experiments.units import change_in

    names = list(dict.fromkeys(table["observable"]))[:SHOWN]
    pairs = int(table["n"].min())
    title = f"{result.scenario['title']}: what having each mechanism changes, last 12 months"
    note = f"{pairs} pairs; 95 % intervals for all mechanisms at once; * differs from zero"
    printed = Table(title=title, caption=note)
    printed.add_column("mechanism", no_wrap=True)
    for name in names:
        printed.add_column(heading(name), justify="right")
    rows = {name: table[table["observable"] == name].set_index("mechanism") for name in names}
    for mechanism in rows[names[0]].index[:LONGEST]:
        cells = [interval(rows[name].loc[mechanism], change_in(name)[0]) for name in names]
        printed.add_row(rows[names[0]].loc[mechanism, "label"], *cells)
    show(printed)
    left = len(rows[names[0]]) - LONGEST
    if left > 0:
        print(f"{left} mechanisms with smaller effects on {load_observables()[names[0]].label.lower()} are in the table")


def interval(row, factor):
    """Return an effect with its simultaneous interval, in decimals as `compare` prints it."""
    low, high = row["simultaneous_low"], row["simultaneous_high"]
    star = "*" if low > 0.0 or high < 0.0 else " "
    effect, *ends = (number(factor * value, DIGITS, signed=True) for value in (row["effect"], low, high))
    return f"{effect} [{', '.join(ends)}]{star}"
