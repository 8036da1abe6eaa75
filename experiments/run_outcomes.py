"""Outcomes of a run: means of the last year, and summaries of its whole course. One row a run, joined by run id."""

from dataclasses import dataclass

import numpy as np
import pandas

from experiments.compare import WINDOW
from experiments.storage.store import part_name
from experiments.storage.tables import read_arrow
from model.checks import fail, nearest_name, need_list
from model.registry import load_observables

USE, SPENDING = "use_share", "digital_spending"


@dataclass(frozen=True)
class Summary:
    """A number made of the months of a run; `reduce` takes arrays of shape (runs, months), month 0 left out."""

    label: str
    unit: str
    observables: tuple
    reduce: object


def last_year(values):
    """Return the mean of the last twelve months."""
    return values[:, -WINDOW:].mean(axis=1)


def time_to_half(use):
    """Return the first month in which use reaches half of its mean in the last year."""
    reached = use >= 0.5 * last_year(use)[:, None]
    return reached.argmax(axis=1) + 1.0


def yearly_peak(values):
    """Return the largest mean of twelve successive months (of all months, if there are fewer)."""
    width = min(WINDOW, values.shape[1])
    total = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return (total[:, width:] - total[:, :-width]).max(axis=1) / width


def equity_gap(skill, setting):
    """Return the larger of the gap by skill and the gap by setting in the last year."""
    return np.maximum(np.abs(last_year(skill)), np.abs(last_year(setting)))


SUMMARIES = {
    "time_to_half": Summary("Time to half of final use", "months", (USE,), time_to_half),
    "peak_use": Summary("Peak of digital use", "share of cases", (USE,), yearly_peak),
    "peak_wait": Summary("Longest wait of a year", "days", ("wait_days",), yearly_peak),
    "mean_supply_use_gap": Summary("Supply minus use, whole run", "0-1", ("supply_use_gap",), lambda gap: gap.mean(axis=1)),
    "equity_gap": Summary("Equity gap", "share of cases", ("skill_gap", "setting_gap"), equity_gap),
    "total_cost": Summary("Total digital spending", "billion rupiah", (SPENDING,), lambda paid: paid.sum(axis=1)),
}


def default_outcomes():
    """Return the outcomes of a plan that names none: what a paper reports."""
    return [USE, "wait_days", "cost_per_case", *SUMMARIES]


def read_outcome_names(place, names):
    """Return the checked names of outcomes; raises InputError."""
    need_list(place, names, "a list of observables and summaries")
    for position, name in enumerate(names):
        need_outcome(place / position, name)
    return list(dict.fromkeys(names))


def need_outcome(place, name):
    """Require the name of an observable or a summary."""
    known = [*SUMMARIES, *load_observables()]
    if name not in known:
        allowed = f"summaries: {', '.join(SUMMARIES)}; or observables of run.py describe observables"
        fail(place, "no such outcome", given=name, allowed=allowed, nearest=nearest_name(name, known))


def label(name):
    """Return the words of an outcome."""
    return SUMMARIES[name].label if name in SUMMARIES else load_observables()[name].label


def unit(name):
    """Return the unit of an outcome."""
    return SUMMARIES[name].unit if name in SUMMARIES else load_observables()[name].unit


def needed(names):
    """Return the observables that some outcomes are made of."""
    parts = [SUMMARIES[name].observables if name in SUMMARIES else (name,) for name in names]
    return list(dict.fromkeys(observable for part in parts for observable in part))


def reduce_run(name, months):
    """Return an outcome of some runs, given observable -> array of shape (runs, months)."""
    if name in SUMMARIES:
        return SUMMARIES[name].reduce(*(months[observable] for observable in SUMMARIES[name].observables))
    return last_year(months[name])


def outcome_table(result, outcomes, over_time=(), every="year"):
    """Return the outcomes of every finished run of a result, reading one part at a time.

    Returns
    -------
    DataFrame indexed by run id; columns are outcomes, then "NAME@MONTH" for each observable over time and each month, or
    last month of a year (whose value is the mean of that year).
    """
    columns = list(dict.fromkeys([*needed(outcomes), *over_time]))
    wanted, tables = set(result.design["run_id"]), []
    for number, entry in sorted(result.journal.parts.items()):
        if wanted & set(entry["runs"]):
            series = read_arrow(result.folder / part_name("series", number), ["run_id", "month", *columns]).to_pandas()
            tables.append(reduce_part(series, columns, outcomes, over_time, every))
    if not tables:
        return pandas.DataFrame(columns=list(outcomes), dtype=float)
    table = pandas.concat(tables)
    return table[table.index.isin(wanted)]


def reduce_part(series, columns, outcomes, over_time, every):
    """Return the outcomes of the runs of one part."""
    series = series[series["month"] > 0].sort_values(["run_id", "month"], kind="stable")
    runs, counts = np.unique(series["run_id"].to_numpy(dtype=str), return_counts=True)
    found = []
    for length in np.unique(counts):  # runs of equal length together
        chosen = runs[counts == length]
        mine = series if len(chosen) == len(runs) else series[series["run_id"].isin(chosen)]
        months = {name: mine[name].to_numpy().reshape(len(chosen), length) for name in columns}
        values = {name: reduce_run(name, months) for name in outcomes}
        for name in over_time:
            values |= {f"{name}@{month}": column for month, column in course(months[name], every)}
        found.append(pandas.DataFrame(values, index=chosen))
    return pandas.concat(found)


def course(values, every):
    """Yield (month, values of all runs) of a course by month, or by the mean of each whole or begun year."""
    months = values.shape[1]
    if every == "month":
        yield from ((month + 1, values[:, month]) for month in range(months))
        return
    for begin in range(0, months, WINDOW):
        end = min(begin + WINDOW, months)
        yield end, values[:, begin:end].mean(axis=1)
