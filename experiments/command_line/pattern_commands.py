"""What `patterns` does: run all worlds, follow single offices, judge, write, draw, print."""

import sys
from pathlib import Path

import pandas

from experiments import patterns
from experiments.command_line.commands import FEWEST_PAIRS, conclude, load
from experiments.command_line.sweep_commands import duration
from model.errors import InputError

REPLICATES = 30
TABLE, PANEL = "patterns.csv", "offices.csv"


def run_patterns(text, replicates, seed, out, workers):
    """Test the stylized facts that need no held data."""
    number = replicates or REPLICATES
    if number < FEWEST_PAIRS:
        raise InputError("an interval needs replicates", key="--replicates", given=number, allowed="2..100000")
    scenario = load(text, seed)
    study = patterns.study_of(scenario, number)
    folder = Path(out) if out else Path("results") / f"patterns-{scenario.name}"
    result = run(study, folder, workers)
    conclude_patterns(result, scenario)


def run(study, folder, workers):
    """Run all worlds with progress on the screen."""
    from experiments.running.progress import progress_for
    from experiments.running.runner import Options
    from experiments.sweep import preview, sweep

    found = preview(study, folder, probes=1)
    left = found.runs - found.finished
    about = duration(left * found.seconds / max(min(workers, left), 1)) if left else "0 s"
    worlds = len(study.variants)
    print(f"{worlds} worlds, {study.replicates} replicates: {left} runs to do, about {about}", file=sys.stderr)
    return sweep(study, folder, Options(workers), progress_for())


def conclude_patterns(result, scenario):
    """Judge, write the table and the figure, print, and name what failed to run."""
    from experiments.figures.patterns import draw_patterns
    from experiments.pattern_statistics import Evidence, samples_of
    from experiments.storage.publish import locked, publish
    from experiments.storage.seal import write_seal

    with locked(result.folder):
        panel = follow_offices(result, scenario)
        evidence = Evidence(result, list(patterns.declared()[0]), scenario, panel)
        if len(evidence.replicates) < FEWEST_PAIRS:
            conclude(result)
        table = patterns.judge(samples_of(evidence))
        publish(result.folder / TABLE, table.to_csv(index=False, lineterminator="\n"))
        draw_patterns(result, table)
        write_seal(result)
    print_table(result, table)
    print(f"table: {result.folder / TABLE}\nfigure: {result.folder / 'figures' / 'patterns.png'}")
    conclude(result)


def follow_offices(result, scenario):
    """Return what single offices of the baseline go through, a row for each replicate; finished rows are kept."""
    from experiments.office_panel import panel_numbers
    from experiments.storage.publish import publish

    design = result.design[(result.design["point"] == 0) & (result.design["status"] == "ok")]
    path = result.folder / PANEL
    rows = pandas.read_csv(path, float_precision="round_trip").to_dict("records") if path.is_file() else []
    done = {row["run_id"] for row in rows}
    todo = [row for row in design.itertuples() if row.run_id not in done]
    for number, row in enumerate(todo, 1):
        turnover, spread = panel_numbers(scenario, int(row.replicate))
        rows.append({"run_id": row.run_id, "replicate": row.replicate, "turnover": turnover, "spread": spread})
        if number % 10 == 0 or number == len(todo):
            publish(path, pandas.DataFrame(rows).to_csv(index=False, lineterminator="\n"))
            print(f"following offices: {number} of {len(todo)} runs", file=sys.stderr, flush=True)
    table = pandas.DataFrame(rows)
    return table[table["run_id"].isin(set(design["run_id"]))]


def print_table(result, table):
    """Print every fact with its statistic and verdict, then count them."""
    from rich.table import Table

    from experiments.summary import show

    title = f"Stylized facts, {result.scenario['title']}: {int(table['n'].max())} replicates, 95 % intervals over seeds"
    printed = Table(title=title)
    for heading in ("fact", "statement"):
        printed.add_column(heading)
    for heading in ("mean", "interval", "threshold"):
        printed.add_column(heading, justify="right", no_wrap=True)
    printed.add_column("verdict", no_wrap=True)
    for row in table.itertuples():
        known = row.verdict != patterns.UNTESTED
        numbers = (f"{row.mean:.3g}", f"[{row.low:.3g}, {row.high:.3g}]", row.threshold) if known else ("", "", "")
        words = row.statement if not row.reason else f"{row.statement} ({row.reason})"
        printed.add_row(row.fact, words, *numbers, row.verdict)
    show(printed)
    counts = table["verdict"].value_counts()
    print(", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in (patterns.PASS, patterns.FAIL, patterns.UNTESTED)))
