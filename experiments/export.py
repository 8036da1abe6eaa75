"""Tables of a result as CSV, for those who have no Parquet at hand."""

from experiments.outcomes import OUTCOMES
from experiments.storage.publish import publish_with, storage_errors
from experiments.storage.store import DESIGN, POINTS, TABLES, part_name
from experiments.storage.tables import read_arrow


def export(result, folder):
    """Write design, points, outcomes, series, groups and flows as CSV into a folder; return the files' paths.

    Runs that are not of the design are left out; numbers are written so that they read back as the same bits.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    sources = {}
    for name in (DESIGN, POINTS, OUTCOMES):
        if (result.folder / name).is_file():
            sources[name.removesuffix(".parquet")] = [name]
    wanted = set(result.design["run_id"])
    numbers = [number for number, entry in sorted(result.journal.parts.items()) if wanted & set(entry["runs"])]
    sources |= {table: [part_name(table, number) for number in numbers] for table in TABLES if numbers}
    return [write_csv(result, folder / f"{name}.csv", parts, wanted) for name, parts in sources.items()]


def write_csv(result, path, parts, wanted):
    """Write some Parquet files of a result as one CSV file, whole or not at all; return its path."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.csv import CSVWriter

    ids = pa.array(sorted(wanted))

    def write(temporary):
        writer = None
        for part in parts:
            table = read_arrow(result.folder / part)
            if "run_id" in table.column_names:
                table = table.filter(pc.is_in(table["run_id"], ids))
            writer = writer or CSVWriter(temporary, table.schema)
            writer.write_table(table)
        writer.close()

    publish_with(path, write)
    return path
