"""Is a result as it was written? Every file is compared with its hash, every run with its numbers."""

import numpy as np
import pyarrow as pa

from experiments.storage.journal import Journal
from experiments.storage.manifest import read_manifest
from experiments.storage.publish import sha256_of
from experiments.storage.seal import found_files, listed_files, read_seal
from experiments.storage.store import DESIGN, TABLES, Result, part_name
from experiments.storage.tables import KEYS, RUN_ID, read_arrow, run_hash, sorted_keys
from model.errors import InputError


def verify(folder):
    """Check a result folder.

    Returns
    -------
    (facts, problems) : dictionary of counts (files, runs, ok, failed, missing), and a list of (file, what is wrong);
    with problems in manifest or journal nothing else can be checked.
    """
    try:
        manifest = read_manifest(folder)
        result = Result(folder, manifest, Journal(folder))
        result.journal.need_mark(manifest["loket"]["journal"])
        sealed = read_seal(folder)
    except InputError as error:
        return {}, [(str(error.file or folder), error.problem)]
    listed = {**sealed, **listed_files(result)}
    problems = check_files(folder, listed)
    wrong = {name for name, _ in problems}
    problems += check_numbers(result, wrong)
    facts = {"files": len(listed), "runs": len(result.journal.run_hashes())}
    if DESIGN not in wrong:
        status, more = check_design(result)
        facts, problems = {**facts, **status}, problems + more
    return facts, problems


def check_files(folder, listed):
    """Return what is wrong with the files of a folder, given name -> SHA-256 or None."""
    problems, found = [], found_files(folder)
    for name in found:
        if name not in listed:
            problems.append((name, "listed nowhere: not written by a finished command"))
        elif listed[name] is not None and sha256_of(folder / name) != listed[name]:
            problems.append((name, "changed: its hash differs"))
    return problems + [(name, "missing") for name in sorted(set(listed) - set(found)) if listed[name] is not None]


def check_numbers(result, wrong):
    """Return the parts whose runs have other hashes than the journal says; those known to be wrong are left out."""
    problems = []
    for number, entry in sorted(result.journal.parts.items()):
        if wrong & set(entry["files"]):
            continue
        if dict(hashes_of(part_of(result.folder, number))) != entry["runs"]:
            problems.append((part_name(TABLES[0], number), "its runs differ from the journal's"))
    return problems


def part_of(folder, number):
    """Return the tables of a part: table -> Arrow table."""
    return {name: read_arrow(folder / part_name(name, number)) for name in TABLES}


def hashes_of(tables):
    """Yield (run id, hash) of every run of a part, given its tables."""
    keys, known = None, None
    for run_id, columns in runs_of(tables):
        mine = [columns[table][key] for table in TABLES for key in KEYS[table] if key != RUN_ID]
        if keys is None or not all(map(np.array_equal, mine, keys)):  # hardly ever: runs of a part have the same rows
            keys, known = mine, {table: sorted_keys(table, columns[table]) for table in TABLES}
        yield run_id, run_hash(columns, known)


def runs_of(tables):
    """Yield (run id, table -> column -> array) of every run of a part, given its tables."""
    pieces = {name: pieces_of(table) for name, table in tables.items()}
    for run_id in pieces[TABLES[0]]:
        yield run_id, {name: pieces[name][run_id] for name in TABLES}


def pieces_of(table):
    """Return run id -> column -> array of its rows, in their order; runs in the order in which they appear."""
    runs = table[RUN_ID].combine_chunks().dictionary_encode()
    codes = runs.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(runs.dictionary)))[:-1]
    columns = {name: np.split(plain(table[name])[order], ends) for name in table.column_names if name != RUN_ID}
    names = runs.dictionary.to_pylist()
    return {run_id: {name: parts[place] for name, parts in columns.items()} for place, run_id in enumerate(names)}


def plain(column):
    """Return a column as a NumPy array of numbers or of texts."""
    if not pa.types.is_string(column.type):
        return column.to_numpy()
    texts = column.combine_chunks().dictionary_encode()
    return np.array(texts.dictionary.to_pylist(), dtype=str)[texts.indices.to_numpy()]


def check_design(result):
    """Return (counts of states, problems): every run of the design is finished, failed with a record, or missing."""
    finished, failures, problems = result.journal.run_hashes(), result.journal.failures, []
    for run in result.design.itertuples():
        state = "ok" if run.run_id in finished else failures.get(run.run_id, {}).get("status", "missing")
        if run.status != state and not (run.status == "missing" and result.is_active):
            problems.append((DESIGN, f"run {run.run_id} is called {run.status}, the journal says {state}"))
    return {state: int(count) for state, count in result.design["status"].value_counts().items()}, problems
