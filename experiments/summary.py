"""The answer on the terminal: one small table, and what the report says of it."""

from collections import Counter

from experiments.compare import BILLION, WINDOW, all_effects, mean_intervals
from experiments.planner.answers import in_short
from experiments.planner.evidence import Evidence
from experiments.planner.words import DIGITS
from experiments.texts import number, say
from experiments.units import change_in, level_in
from model.registry import load_observables, load_registry


def caution():
    """Return the sentence that stands under every answer: what it is not for, and how much of it is assumed."""
    statuses = Counter(entry.status for entry in load_registry().values())
    return say("caution", assumed=statuses["assumed"], all=statuses.total())


def print_means(result):
    """Print mean and interval of the headline observables over the replicates."""
    from rich.table import Table

    observables = load_observables()
    table = Table(title=f"{result.scenario['title']}: mean of the last {WINDOW} months, 95 % interval over replicates")
    for heading in ("policy", "observable", "unit"):
        table.add_column(heading)
    for heading in ("mean", "low", "high", "n"):
        table.add_column(heading, justify="right")
    for row in mean_intervals(result, result.scenario["headline"]).itertuples():
        factor, unit = level_in(row.observable)
        numbers = [f"{factor * value:.4g}" for value in (row.mean, row.low, row.high)]
        table.add_row(row.policy, observables[row.observable].label, unit, *numbers, str(row.n))
    show(table)
    print(caution())


def print_effects(result):
    """Print the effect of every policy on the headline observables, strongest first, and what the report says of them."""
    from rich.table import Table

    effects = all_effects(result)
    headline = result.scenario["headline"]
    pairs = int(effects["n"].min()) if len(effects) else 0
    title = f"{result.scenario['title']}: change from the baseline over the last {WINDOW} months, 95 % interval"
    runs = int(effects["baseline_runs"].max()) if len(effects) else 0
    caption = f"{pairs} pairs or more, {runs} baseline runs; intervals one by one; cost in billion rupiah, whole run"
    table = Table(title=title, caption=caption)
    table.add_column("policy", no_wrap=True)
    table.add_column("planned cost", justify="right")
    for name in headline:
        table.add_column(heading(name), justify="right")
    by_policy = {policy: rows.set_index("observable") for policy, rows in effects.groupby("policy", sort=False)}
    for policy in sorted(by_policy, key=lambda name: -by_policy[name].loc[headline[0], "mean_difference"]):
        rows = by_policy[policy]
        cells = [interval(name, rows.loc[name]) for name in headline]
        table.add_row(policy, f"{rows['planned_cost'].iloc[0] / BILLION:,.0f}", *cells)
    show(table)
    print(*in_short(Evidence(result)), caution(), sep="\n")


def heading(name):
    """Return the heading of an observable's column."""
    return f"{load_observables()[name].label.lower()}\n({change_in(name)[1]})"


def interval(name, row):
    """Return a change with its interval as text."""
    factor = change_in(name)[0]
    change, low, high = (factor * row[key] for key in ("mean_difference", "low", "high"))
    change, low, high = (number(value, DIGITS, signed=True) for value in (change, low, high))
    return f"{change} [{low}, {high}]"


def show(table):
    """Print a table as wide as it needs to be when the output is not a terminal."""
    from rich.console import Console

    console = Console()
    Console(width=console.width if console.is_terminal else 160).print(table)
