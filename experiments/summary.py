"""The answer on the terminal: one small table and one sentence."""

from collections import Counter

from experiments.compare import BILLION, WINDOW, all_effects, mean_intervals, strongest
from experiments.texts import say
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
    """Print the effect of every policy on the headline observables, strongest first, and what follows."""
    from rich.table import Table

    effects = all_effects(result)
    headline = result.scenario["headline"]
    pairs = int(effects["n"].min()) if len(effects) else 0
    title = f"{result.scenario['title']}: change from the baseline over the last {WINDOW} months, 95 % interval"
    runs = int(effects["baseline_runs"].max()) if len(effects) else 0
    caption = f"at least {pairs} paired replicates, {runs} baseline runs; cost in billion rupiah, whole run"
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
    name = "use_share" if "use_share" in headline else headline[0]
    print(sentence(effects, name))
    print(pairing_sentence(result, effects, name))
    print(caution())


def heading(name):
    """Return the heading of an observable's column."""
    return f"{load_observables()[name].label.lower()}\n({change_in(name)[1]})"


def interval(name, row):
    """Return a change with its interval as text."""
    factor = change_in(name)[0]
    change, low, high = (factor * row[key] for key in ("mean_difference", "low", "high"))
    return f"{change:+.2f} [{low:+.2f}, {high:+.2f}]"


def sentence(effects, name):
    """Return which policy moves an observable most and how sure that is."""
    found = strongest(effects, name)
    label = load_observables()[name].label.lower()
    if found is None:
        return f"No policy was compared on {label}."
    first, second, overlap = found
    unit = change_in(name)[1]
    text = f"{first['policy']} moves {label} most: {interval(name, first)} {unit}"
    if second is None:
        return f"{text}."
    relation = "overlaps" if overlap else "does not overlap"
    return f"{text}; its interval {relation} that of the next, {second['policy']} ({interval(name, second)})."


def pairing_sentence(result, effects, name):
    """Return what pairing is worth for the policy that moves an observable most."""
    from experiments.comparison.pairing import pairing

    found = strongest(effects, name)
    if found is None:
        return "Nothing was paired."
    row = pairing(result, [name]).set_index("policy").loc[found[0]["policy"]]
    numbers = (
        f"{row['pairing_factor']:.1f} by pairing, {row['factor']:.1f} [{row['low']:.1f}, {row['high']:.1f}] with controls"
    )
    work = f"{row['n']:.0f} replicates do the work of {row['replicates_independent']:.0f} with independent seeds"
    return f"The variance of this effect is smaller by a factor of {numbers}: {work}."


def show(table):
    """Print a table as wide as it needs to be when the output is not a terminal."""
    from rich.console import Console

    console = Console()
    Console(width=console.width if console.is_terminal else 160).print(table)
