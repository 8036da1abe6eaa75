"""From the record of a run to tables: rows, Parquet files, and a hash independent of how they are stored."""

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError, StorageError
from model.registry import load_observables

KEYS = {
    "series": ("run_id", "month"),
    "groups": ("run_id", "month", "kind", "name"),
    "flows": ("run_id", "month", "kind", "from_stage", "to_stage"),
}
GROUP_MEASURES = ("use_share", "access_share", "supply_index", "wait_days", "trust_agency", "excluded_share")
STAGES = {
    "office": ("street", "screen", "system"),
    "leader": ("guard", "sponsor", "driver"),
    "servant": ("paper", "screen", "steward"),
    "citizen": ("counter", "assisted", "online"),
}
METADATA = b"Loket"


def columns_of(record):
    """Return the rows of one run without its id: table -> column -> array; columns have equal length."""
    return {"series": series_columns(record), "groups": group_columns(record), "flows": flow_columns(record)}


def series_columns(record):
    """Return month and every observable, a row for each month, month 0 included."""
    columns = {"month": np.arange(len(record.series), dtype=np.int32)}
    for name, values in zip(load_observables(), record.series.T, strict=True):
        columns[name] = np.ascontiguousarray(values, np.float64)
    return columns


def group_columns(record):
    """Return the measures of every group, a row for each year end and group."""
    kinds, names = zip(*record.group_names, strict=True)
    years, groups = len(record.year_ends), len(names)
    columns = {
        "month": np.repeat(np.array(record.year_ends, np.int32), groups),
        "kind": np.tile(np.array(kinds), years),
        "name": np.tile(np.array(names), years),
    }
    for place, measure in enumerate(GROUP_MEASURES):
        columns[measure] = np.ascontiguousarray(record.groups[:, :, place].ravel(), np.float64)
    return columns


def flow_columns(record):
    """Return the share of agents that moved between stages in the year, a row for each pair of stages."""
    pairs = [(kind, a, b) for kind, stages in STAGES.items() for a in stages for b in stages]
    kinds, before, after = (np.array(words) for words in zip(*pairs, strict=True))
    years = len(record.year_ends)
    return {
        "month": np.repeat(np.array(record.year_ends, np.int32), len(pairs)),
        "kind": np.tile(kinds, years),
        "from_stage": np.tile(before, years),
        "to_stage": np.tile(after, years),
        "share": np.ascontiguousarray(record.flows.ravel(), np.float64),
    }


def run_hash(columns):
    """Return the hash of one run: tables and columns by name, rows by key, numbers as little-endian 64 bits.

    Parameters
    ----------
    columns : as returned by `columns_of`, in any order of rows.
    """
    digest = hashlib.sha256()
    for table in sorted(KEYS):
        mine = columns[table]
        order = np.lexsort([mine[key] for key in reversed(KEYS[table]) if key != "run_id"])
        for name in sorted(mine):
            digest.update(f"{table}.{name}:{len(order)}\n".encode())
            digest.update(canonical_bytes(np.asarray(mine[name])[order]))
    return digest.hexdigest()


def canonical_bytes(values):
    """Return an array as bytes that are the same on every machine."""
    if values.dtype.kind == "f":
        return values.astype("<f8").tobytes()
    if values.dtype.kind in "iu":
        return values.astype("<i8").tobytes()
    return "\n".join(map(str, values)).encode()


def combine(run_hashes):
    """Return the hash of a result: of its runs' ids and hashes, in the order of the ids."""
    lines = (f"{run_id} {run_hashes[run_id]}\n" for run_id in sorted(run_hashes))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def part_tables(runs, metadata):
    """Return the three Arrow tables of several runs.

    Parameters
    ----------
    runs : run id -> columns of the run.
    metadata : JSON-able provenance for the footers.
    """
    footer = {METADATA: json.dumps(metadata, sort_keys=True).encode()}
    return {table: part_table(table, runs).replace_schema_metadata(footer) for table in KEYS}


def part_table(table, runs):
    """Return one Arrow table of several runs, its first column the run id."""
    lengths = [len(columns[table]["month"]) for columns in runs.values()]
    arrays = {"run_id": pa.array(np.repeat(np.array(list(runs)), lengths))}
    for name in next(iter(runs.values()))[table]:
        arrays[name] = pa.array(np.concatenate([columns[table][name] for columns in runs.values()]))
    return pa.table(arrays)


def write_parquet(table, path):
    """Write a table so that any damage to its pages will be noticed by readers."""
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def verify_parquet(table, path):
    """Raise StorageError unless the file holds exactly this table."""
    if not identical(read_arrow(path), table):
        raise StorageError(f"{path}: the table read back differs from the one written")


def identical(one, other):
    """Return whether two tables hold the same bits; unlike equality, NaN is then the same as NaN."""
    if one.schema != other.schema or one.num_rows != other.num_rows:
        return False
    pairs = zip(one.columns, other.columns, strict=True)
    return all(np.array_equal(bits(a), bits(b)) if pa.types.is_float64(a.type) else a.equals(b) for a, b in pairs)


def bits(column):
    """Return a column of numbers as whole numbers with the same bits."""
    return column.to_numpy().view(np.int64)


def read_arrow(path, columns=None):
    """Return a Parquet file as an Arrow table, its page checksums verified; raises InputError if damaged."""
    try:
        # Read through a plain file: a folder called name=value must not turn into a column.
        with open(path, "rb") as stream:
            return pq.read_table(stream, columns=columns, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise InputError("incomplete or damaged Parquet file", file=path, given=str(error)) from error
