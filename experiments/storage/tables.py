"""The tables of runs: their keys, Parquet files, and a hash independent of how rows are ordered and stored."""

import hashlib
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import InputError, StorageError

KEYS = {
    "series": ("run_id", "month"),
    "groups": ("run_id", "month", "kind", "name"),
    "flows": ("run_id", "month", "kind", "from_stage", "to_stage"),
}
RUN_ID = "run_id"
METADATA = b"Loket"


class SortedKeys(NamedTuple):
    """How the rows of a table are ordered for hashing, and its key columns in that order.

    Attributes
    ----------
    order : places of the rows in order. content : key -> canonical bytes.
    """

    order: np.ndarray
    content: dict


def sorted_keys(table, columns):
    """Return the SortedKeys of a table (column -> array, with or without numbers)."""
    keys = [key for key in KEYS[table] if key != RUN_ID]
    order = np.lexsort([columns[key] for key in reversed(keys)])
    return SortedKeys(order, {key: canonical_bytes(np.asarray(columns[key])[order]) for key in keys})


def run_hash(columns, known=None):
    """Return the hash of one run: tables and columns by name, rows by key, numbers as little-endian 64 bits.

    Parameters
    ----------
    columns : table -> column -> array, rows in any order.
    known : table -> SortedKeys of these rows, if known.
    """
    digest = hashlib.sha256()
    for table in sorted(KEYS):
        mine = columns[table]
        order, content = known[table] if known else sorted_keys(table, mine)
        for name in sorted(mine):
            digest.update(f"{table}.{name}:{len(order)}\n".encode())
            digest.update(content[name] if name in content else canonical_bytes(np.asarray(mine[name])[order]))
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


def write_parquet(table, path):
    """Write a table so that any damage to its pages will be noticed by readers."""
    pq.write_table(table, path, **parquet_options(table.schema))


def parquet_options(schema):
    """Return how tables of a schema are written."""
    # A dictionary of numbers that hardly repeat takes longer and more room than the numbers.
    repeated = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return {"compression": "zstd", "write_page_checksum": True, "use_dictionary": repeated}


def verify_parquet(table, path):
    """Raise StorageError unless the file holds exactly this table."""
    if not identical(read_arrow(path), table):
        raise StorageError(f"{path}: the table read back differs from the one written")


def identical(one, other):
    """Return whether two tables hold the same bits; unlike equality, NaN is then the same as NaN."""
    if one.schema != other.schema or one.num_rows != other.num_rows:
        return False
    return all(bits(a).equals(bits(b)) for a, b in zip(one.columns, other.columns, strict=True))


def bits(column):
    """Return a column of numbers as whole numbers with the same bits, any other as it is."""
    if not pa.types.is_float64(column.type):
        return column
    return pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())


def table_digest(table):
    """Return the hash of the values of a table, empty cells apart from any value."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(f"{name}:{len(column)}\n".encode())
        digest.update(column.is_null().to_numpy().tobytes())
        digest.update(canonical_bytes(column.to_numpy()))
    return digest.hexdigest()


def read_arrow(path, columns=None):
    """Return a Parquet file as an Arrow table, its page checksums verified; raises InputError if damaged."""
    try:
        # Read through a plain file: a folder called name=value must not turn into a column.
        with open(path, "rb") as stream:
            return pq.read_table(stream, columns=columns, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise InputError("incomplete or damaged Parquet file", file=path, given=str(error)) from error


def row_groups(path):
    """Yield the row groups of a Parquet file as Arrow tables, page checksums verified."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number)
