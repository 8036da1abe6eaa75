"""Several result folders of one plan into one: every run once, every number checked on the way."""

import json

import pyarrow as pa
from pyarrow import compute

from experiments.running.runner import close
from experiments.storage.provenance import manifest_of, part_metadata
from experiments.storage.rows import Row
from experiments.storage.store import Result, open_store
from experiments.storage.tables import METADATA, RUN_ID
from experiments.storage.verify import hashes_of, part_of
from model.errors import InputError, StorageError, shorten

SAME = ("plan", "scenario", "other_scenarios", "policies", "seed", "replicates", "model_version", "run_set_hash")


def merge(out, folders):
    """Merge result folders into `out` and return its Result.

    Raises InputError if the folders are not parts of one design, StorageError if a run differs between two of them.
    """
    results = [Result.open(folder) for folder in folders]
    facts = results[0].manifest["loket"]
    for result in results[1:]:
        need_same(results[0], result)
    rows = [Row(*row) for row in results[0].design[list(Row._fields)].itertuples(index=False)]
    wanted = {row.run_id: row for row in reversed(rows)}  # of equal runs the first
    facts = {key: value for key, value in facts.items() if key not in ("check", "journal", "design_sha256", "shard")}
    with open_store(out, facts) as store:
        if not store.has_manifest:
            store.write_manifest(manifest_of(facts, "Active"))
        if "points_sha256" in facts:
            points = results[0].points
            facts["points_sha256"] = store.write_points({name: points[name].tolist() for name in points}, facts)
        store.write_manifest(manifest_of(facts, "Active", design_sha256=store.write_design(rows, facts)))
        for result in results:
            take_runs(store, result, wanted)
        for result in results:
            take_failures(store, result, wanted)
        close(store, facts)
    return Result.open(out)


def need_same(first, other):
    """Require two results of one design."""
    mine, theirs = first.manifest["loket"], other.manifest["loket"]
    for key in SAME:
        if mine.get(key) != theirs.get(key):
            path, given, wanted = first_difference(key, theirs.get(key), mine.get(key))
            allowed = shorten(f"as in {first.folder}: {wanted}", 200)
            raise InputError("not a part of the same design", file=other.folder, key=path, given=given, allowed=allowed)


def first_difference(key, one, other):
    """Return (dotted key, value, other value) of the first entry in which two facts of a manifest differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        name = next(name for name in ("name", *sorted({*one, *other})) if one.get(name) != other.get(name))
        return first_difference(f"{key}.{name}", one.get(name), other.get(name))
    return key, one, other


def take_runs(store, result, wanted):
    """Copy the runs of a result that the store lacks; raise StorageError about runs that differ.

    Parameters
    ----------
    wanted : run id -> Row of the design.
    """
    finished = store.finished
    for number, entry in sorted(result.journal.parts.items()):
        fresh, tables = [], part_of(result.folder, number)
        for run_id, digest in hashes_of(tables):
            if digest != entry["runs"].get(run_id):
                raise StorageError(f"{result.folder}: run {run_id} has other numbers than its journal says")
            known = finished.get(run_id)
            if known not in (None, digest):
                raise StorageError(f"{result.folder}: run {run_id} has other numbers than the same run merged before")
            if known is None and run_id in wanted:
                fresh.append(run_id)
        if fresh:
            rows = [wanted[run_id] for run_id in fresh]
            metadata = part_metadata(fresh, (row.scenario for row in rows), (row.seed for row in rows))
            metadata["model_sha256"] = entry["model_sha256"]
            store.add_part({run_id: entry["runs"][run_id] for run_id in fresh}, chosen(tables, fresh, metadata), metadata)


def chosen(tables, run_ids, metadata):
    """Return the rows of some runs: table -> Arrow table."""
    footer = {METADATA: json.dumps(metadata, sort_keys=True).encode()}
    wanted = pa.array(run_ids)
    return {
        name: table.filter(compute.is_in(table[RUN_ID], value_set=wanted)).replace_schema_metadata(footer)
        for name, table in tables.items()
    }


def take_failures(store, result, wanted):
    """Copy the records of failed runs that no folder has finished."""
    finished = store.finished
    for run_id, failure in sorted(result.journal.failures.items()):
        if run_id in wanted and run_id not in finished and run_id not in store.journal.failures:
            store.add_failure(failure)
