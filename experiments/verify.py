"""Is a result as it was written? Every file is compared with its hash, every run with its numbers."""

from experiments.journal import Journal
from experiments.manifest import read_manifest
from experiments.publish import sha256_of
from experiments.seal import found_files, listed_files, read_seal
from experiments.store import DESIGN, TABLES, Result, part_name
from experiments.tables import read_arrow, run_hash
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
        hashes = {run_id: run_hash(columns) for run_id, columns in runs_of(part_of(result.folder, number))}
        if hashes != entry["runs"]:
            problems.append((part_name(TABLES[0], number), "its runs differ from the journal's"))
    return problems


def part_of(folder, number):
    """Return the tables of a part: table -> Arrow table."""
    return {name: read_arrow(folder / part_name(name, number)) for name in TABLES}


def runs_of(tables):
    """Yield (run id, table -> column -> array) of every run of a part, given its tables."""
    tables = {name: table.to_pandas() for name, table in tables.items()}
    groups = {name: dict(list(table.groupby("run_id", sort=False))) for name, table in tables.items()}
    for run_id in groups[TABLES[0]]:
        frames = {name: groups[name][run_id].drop(columns="run_id") for name in TABLES}
        yield run_id, {name: {column: plain(frame[column]) for column in frame} for name, frame in frames.items()}


def plain(column):
    """Return a column as a NumPy array of numbers or of texts."""
    return column.to_numpy(dtype=str) if column.dtype.kind not in "fiu" else column.to_numpy()


def check_design(result):
    """Return (counts of states, problems): every run of the design is finished, failed with a record, or missing."""
    finished, failures, problems = result.journal.run_hashes(), result.journal.failures, []
    for run in result.design.itertuples():
        state = "ok" if run.run_id in finished else failures.get(run.run_id, {}).get("status", "missing")
        if run.status != state and not (run.status == "missing" and result.is_active):
            problems.append((DESIGN, f"run {run.run_id} is called {run.status}, the journal says {state}"))
    return {state: int(count) for state, count in result.design["status"].value_counts().items()}, problems
