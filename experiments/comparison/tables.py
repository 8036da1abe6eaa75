"""All tables of a comparison, from one function; each is tidy, a row for each fact, and is written as tables/NAME.csv."""

import itertools

import numpy as np
import pandas

from experiments.compare import WINDOW, all_effects, estimated, latex
from experiments.comparison import gaps, levers, money, targets
from experiments.comparison.pairing import pairing
from experiments.storage.publish import publish, storage_errors
from model.registry import load_observables

LATEX = "effects.tex"
ALWAYS = ("legitimacy", "excluded_share")  # beside the headline: without them harm would go unseen


def observables_of(result):
    """Return what policies are compared by: the scenario's headline, the registry's, legitimacy and exclusion."""
    known = load_observables()
    marked = [name for name, entry in known.items() if entry.headline]
    return [name for name in dict.fromkeys((*result.scenario["headline"], *marked, *ALWAYS)) if name in result.series]


def comparison_tables(result, window=WINDOW):
    """Return name -> DataFrame of everything that a comparison says; needs at least two replicates of every policy.

    effects, pairing, pairwise (`compare`, `comparison.pairing`), groups, gaps (`comparison.gaps`), months_to_target
    (`comparison.targets`), prices, incremental, acceptability (`comparison.money`), and for such designs factorial or
    orders (`comparison.levers`). The functions named there say what the columns hold. `basis` says over what an outcome is
    taken: by it the gap by skill in effects (monthly gaps averaged) differs from that in gaps (all cases of the year).
    """
    names, about = observables_of(result), levers.about(result)
    tables = {
        "effects": all_effects(result, window, names).assign(basis=f"mean of the last {window} monthly values"),
        "pairing": pairing(result, names, window),
        "pairwise": pairwise(result, result.scenario["headline"], window),
        "groups": gaps.groups(result),
        "gaps": gaps.gaps(result),
        "months_to_target": timed(result, about["targets"]),
        "prices": money.prices(result),
        "incremental": money.incremental(result),
        "acceptability": money.acceptability(result),
    }
    designs = {"factorial": levers.factorial, "orders": levers.orders}
    if about["kind"] in designs:
        tables[about["kind"]] = designs[about["kind"]](result, names, window)
    return tables


def timed(result, chosen):
    """Return the months to every target that was asked for, or to the default one."""
    pairs = chosen or targets.default_targets(result)
    return pandas.concat([targets.months_to_target(result, *pair) for pair in pairs], ignore_index=True) if pairs else None


def pairwise(result, observables, window=WINDOW):
    """Return the difference of every two policies, with intervals for one pair and for all pairs at once.

    Returns
    -------
    DataFrame with columns observable, policy, other, mean_difference (policy minus other), low, high, simultaneous_low,
    simultaneous_high, n.
    """
    rows = []
    for observable in observables:
        found = estimated(result, observable, window)[1]
        pairs = list(itertools.combinations(range(len(found.names)), 2))
        if pairs:
            unit = np.eye(len(found.names))
            apart = found.contrast([unit[one] - unit[two] for one, two in pairs], pairs)
            for row, (one, two) in zip(levers.interval_rows(apart, observable, "pair"), pairs, strict=True):
                del row["pair"]
                rows.append({"policy": found.names[one], "other": found.names[two], **row})
    table = pandas.DataFrame(rows)
    return table[["observable", *[name for name in table if name != "observable"]]] if len(table) else table


def write_tables(result, window=WINDOW):
    """Write every table as tables/NAME.csv, and the effects on the headline in LaTeX; return the names of the files."""
    tables = {name: table for name, table in comparison_tables(result, window).items() if table is not None and len(table)}
    folder = result.folder / "tables"
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        publish(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / LATEX, latex(tables["effects"], result.scenario["headline"]))
    return [LATEX, *(f"{name}.csv" for name in tables)]
