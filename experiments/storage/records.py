"""From the record of a run to rows of the three tables, and their hash.

The keys of the rows (months, groups, stages) are the same in every run of a scenario: they are made, sorted and encoded
once, and only the numbers travel from the worker.
"""

import json
from functools import cache

import numpy as np
import pyarrow as pa

from experiments.storage.tables import KEYS, METADATA, RUN_ID, run_hash, sorted_keys
from model.record import GROUP_MEASURES
from model.registry import load_observables

STAGES = {
    "office": ("street", "screen", "system"),
    "leader": ("guard", "sponsor", "driver"),
    "servant": ("paper", "screen", "steward"),
    "citizen": ("counter", "assisted", "online"),
}


class Layout:
    """The keys of the rows of a run.

    Attributes
    ----------
    columns : table -> key -> array, without the run id; not to be written to.
    sorted : table -> SortedKeys, for hashing. arrow : table -> key -> Arrow array.
    """

    def __init__(self, months, year_ends, group_names):
        self.columns = {
            "series": {"month": np.arange(months + 1, dtype=np.int32)},
            "groups": group_keys(year_ends, group_names),
            "flows": flow_keys(year_ends),
        }
        self.sorted = {table: sorted_keys(table, keys) for table, keys in self.columns.items()}
        self.arrow = {table: {name: pa.array(key) for name, key in keys.items()} for table, keys in self.columns.items()}


@cache
def make_layout(months, year_ends, group_names):
    """Return the Layout of runs of so many months, the same object every time."""
    return Layout(months, year_ends, group_names)


def layout_of(record):
    """Return the Layout of a RunRecord."""
    return make_layout(len(record.series) - 1, record.year_ends, record.group_names)


def group_keys(year_ends, group_names):
    """Return month, kind and name, a row for each year end and group."""
    kinds, names = zip(*group_names, strict=True)
    return {
        "month": np.repeat(np.array(year_ends, np.int32), len(names)),
        "kind": np.tile(np.array(kinds), len(year_ends)),
        "name": np.tile(np.array(names), len(year_ends)),
    }


def flow_keys(year_ends):
    """Return month, kind and stages, a row for each year end, kind of agent and pair of stages."""
    pairs = [(kind, a, b) for kind, stages in STAGES.items() for a in stages for b in stages]
    kinds, before, after = (np.array(words) for words in zip(*pairs, strict=True))
    return {
        "month": np.repeat(np.array(year_ends, np.int32), len(pairs)),
        "kind": np.tile(kinds, len(year_ends)),
        "from_stage": np.tile(before, len(year_ends)),
        "to_stage": np.tile(after, len(year_ends)),
    }


def numbers_of(record):
    """Return table -> float64 (rows, columns of numbers): observables, measures of groups, shares of agents that moved."""
    groups, flows = record.groups.reshape(-1, len(GROUP_MEASURES)), record.flows.reshape(-1, 1)
    return {"series": record.series, "groups": groups, "flows": flows}


def names_of_numbers():
    """Return table -> names of its columns of numbers."""
    return {"series": tuple(load_observables()), "groups": GROUP_MEASURES, "flows": ("share",)}


def columns_of(record):
    """Return the rows of one run without its id: table -> column -> array; columns of a table have equal length."""
    numbers, layout, columns = numbers_of(record), layout_of(record), {}
    for table, names in names_of_numbers().items():
        columns[table] = {**layout.columns[table], **dict(zip(names, by_column(numbers[table]), strict=True))}
    return columns


def by_column(numbers):
    """Return a table of numbers column by column, each contiguous."""
    return np.ascontiguousarray(numbers.T, np.float64)


def record_hash(record):
    """Return the `run_hash` of a record."""
    return run_hash(columns_of(record), layout_of(record).sorted)


def part_tables(records, metadata):
    """Return the three Arrow tables of several runs: table -> Arrow table, its first column the run id.

    Parameters
    ----------
    records : run id -> RunRecord.
    metadata : JSON-able provenance for the footers.
    """
    footer = {METADATA: json.dumps(metadata, sort_keys=True).encode()}
    return {table: part_table(table, records).replace_schema_metadata(footer) for table in KEYS}


def part_table(table, records):
    """Return one Arrow table of several runs."""
    layouts = [layout_of(record) for record in records.values()]
    numbers = [numbers_of(record)[table] for record in records.values()]
    columns = {RUN_ID: pa.array(np.repeat(np.array(list(records)), [len(rows) for rows in numbers]))}
    for key in layouts[0].arrow[table]:
        columns[key] = pa.chunked_array([layout.arrow[table][key] for layout in layouts])
    return pa.table({**columns, **dict(zip(names_of_numbers()[table], by_column(np.concatenate(numbers)), strict=True))})
