"""One table for analysis: a row for each run of a sweep, with its point and the mean of every observable at the end.

A run without numbers is a row with its status and empty cells (null, not zero and not NaN).
"""

import numpy as np
import pandas
import pyarrow as pa

from experiments.compare import WINDOW
from experiments.storage.provenance import table_footer
from experiments.storage.publish import publish_with
from experiments.storage.store import DESIGN, POINTS, part_name
from experiments.storage.tables import parquet_options, read_arrow, row_groups, table_digest
from model.errors import StorageError
from model.registry import load_observables

OUTCOMES = "outcomes.parquet"
BLOCK = 2000  # rows that are held at a time


def write_outcomes(result):
    """Write the table of a sweep, some thousand runs at a time; return the number of rows."""
    import pyarrow.parquet as pq

    schema, digests = schema_of(result), []

    def write(temporary):
        with pq.ParquetWriter(temporary, schema, **parquet_options(schema)) as writer:
            for frame in blocks(result):
                table = pa.Table.from_pandas(frame, schema, preserve_index=False)
                digests.append((table.num_rows, table_digest(table)))
                writer.write_table(table, row_group_size=BLOCK)

    def verify(temporary):
        if [(group.num_rows, table_digest(group)) for group in row_groups(temporary)] != digests:
            raise StorageError(f"{result.folder / OUTCOMES}: the table read back differs from the one written")

    publish_with(result.folder / OUTCOMES, write, verify=verify)
    return sum(rows for rows, _ in digests)


def schema_of(result):
    """Return the columns of the table of outcomes: those of design and points, then every observable."""
    design, points = (read_arrow(result.folder / name).schema for name in (DESIGN, POINTS))
    factors = [field for field in points if field.name not in design.names]
    observed = [pa.field(name, pa.float64()) for name in load_observables()]
    footer = table_footer(result.manifest["loket"], "outcomes", result_hash=result.hash)
    return pa.schema([*design, *factors, *observed], metadata=footer)


def read_outcomes(result):
    """Return the table of a sweep as a DataFrame: run_id, policy, replicate, status, factors, observables."""
    return read_arrow(result.folder / OUTCOMES).to_pandas()


def joined(result, names=None):
    """Return design, points and means of the last months of some observables (all if none are named), a row for each run."""
    return pandas.concat(blocks(result, names), ignore_index=True)


def blocks(result, names=None):
    """Yield `joined` some thousand rows at a time, holding the means of those parts only whose runs are among them."""
    names = list(load_observables()) if names is None else list(dict.fromkeys(names))
    parts = {run_id: number for number, entry in result.journal.parts.items() for run_id in entry["runs"]}
    known = {}
    for begin in range(0, max(1, len(result.design)), BLOCK):
        rows = result.design.iloc[begin : begin + BLOCK]
        numbers = sorted({parts[run_id] for run_id in rows["run_id"] if run_id in parts})
        known = {number: known[number] if number in known else part_means(result, number, names) for number in numbers}
        observed = pandas.concat(known.values()) if known else empty_means(names)
        table = rows.merge(result.points, on=["point", "scenario"], how="left", validate="many_to_one")
        yield table.merge(observed, left_on="run_id", right_index=True, how="left", validate="many_to_one")


def empty_means(names):
    """Return `part_means` of no run."""
    return pandas.DataFrame(columns=names, index=pandas.Index([], dtype=object), dtype=float)


def part_means(result, number, names):
    """Return the means of some observables over the last months of each run of a part, a row for each run id."""
    series = read_arrow(result.folder / part_name("series", number), ["run_id", "month", *names]).to_pandas()
    last = series.groupby("run_id")["month"].transform("max")
    chosen = series[(series["month"] > last - WINDOW) & (series["month"] > 0)]
    return chosen.drop(columns="month").groupby("run_id").mean()


def summarise(table, names, by):
    """Return mean, half-width of the 95 % t interval, standard deviation and number of replicates of some observables.

    Runs with the same number of the replicate share their draws, so several points are averaged within a replicate
    first: the interval is over replicates, the points are taken as given.

    Parameters
    ----------
    table : as returned by `read_outcomes`; runs that are not finished are left out and counted nowhere.
    names : observables. by : columns that define a group, such as ["policy", "point"].
    """
    from scipy.stats import t

    rows = []
    done = table[table["status"] == "ok"]
    for name in names:
        groups = done.groupby([*by, "replicate"], sort=False)[name].mean().groupby(by, sort=False)
        found = groups.agg(["mean", "std", "count"]).reset_index()
        enough = np.maximum(found["count"] - 1, 1)
        found["half_width"] = t.ppf(0.975, enough) * found["std"] / np.sqrt(found["count"])
        rows.append(found.assign(observable=name))
    return pandas.concat(rows, ignore_index=True)
