"""Result folders: written part by part, believed only as far as their journal goes.

A folder holds manifest.json (provenance), design.parquet (a row for each run), series, groups and flows
(Parquet parts of some 25 runs), journal.jsonl, and what is drawn from them: figures, tables, report.html.
"""

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from experiments.storage.claim import TABLES, claim
from experiments.storage.journal import Journal
from experiments.storage.manifest import MANIFEST, read_manifest, write_manifest
from experiments.storage.provenance import table_footer
from experiments.storage.publish import (
    locked,
    publish_with,
    remove_leftovers,
    sha256_of,
    storage_errors,
)
from experiments.storage.rows import Row
from model.errors import InputError

DESIGN, POINTS, STAMP = "design.parquet", "points.parquet", ".report-stamp"
AGAIN = "run the command that made this folder again"


def result_hash(result):
    """Return the hash of all numbers of a result: the same for any number of workers, any order."""
    return result.hash


@contextmanager
def open_store(folder, facts=None):
    """Hold a result folder for writing, creating it if needed; `facts` say for which study, None for that in it.

    Raises InputError if the folder holds something else, StorageError if it cannot be written or is in use.
    """
    folder = Path(folder)
    claim(folder, facts)
    with locked(folder):
        remove_leftovers(folder)
        yield Store(folder)


def finished_in(folder):
    """Return the ids of the runs that a result folder holds; none if there is no such result. Nothing is changed."""
    folder = Path(folder)
    return set(Journal(folder).run_hashes()) if (folder / MANIFEST).is_file() else set()


def part_name(table, number):
    """Return the name of a part relative to its result folder."""
    return f"{table}/part-{number:05d}.parquet"


class Store:
    """The writing side of a result folder; create it with `open_store`."""

    def __init__(self, folder):
        self.folder = folder
        self.journal = Journal(folder)
        self.journal.cut_torn_line()
        with storage_errors(folder):
            for table in TABLES:
                (folder / table).mkdir(exist_ok=True)
            self._drop_damaged_parts()
            self._remove_unlisted_parts()

    def _drop_damaged_parts(self):
        """Strike out parts whose files are missing or changed; their runs will be computed again."""
        for number, entry in list(self.journal.parts.items()):
            if damaged_files(self.folder, entry):
                self.journal.add(entry="dropped", part=number)

    def _remove_unlisted_parts(self):
        """Remove parts that a killed process had not yet named in the journal."""
        for path in unlisted_parts(self.folder, self.journal):
            path.unlink()

    @property
    def has_manifest(self):
        """Whether the folder can be recognised as a result."""
        return (self.folder / MANIFEST).is_file()

    @property
    def finished(self):
        """Run id -> hash of every finished run."""
        return self.journal.run_hashes()

    def add_part(self, hashes, tables, metadata):
        """Publish some runs as one part of each table.

        Parameters
        ----------
        hashes : run id -> hash of its numbers. tables : table -> Arrow table of these runs.
        metadata : as of `provenance.part_metadata`.
        """
        number, files = self.journal.next_part(), {}
        for name, table in tables.items():
            path = part_name(name, number)
            files[path] = {"sha256": self.write_table(path, table), "rows": table.num_rows}
        sources = metadata["model_sha256"]
        self.journal.add(entry="part", part=number, files=files, runs=hashes, model_sha256=sources)

    def add_failure(self, failure):
        """Record a failed run: dictionary of run_id, policy, replicate, seed, type, message, traceback."""
        self.journal.add(entry="failure", run=failure)

    def write_design(self, rows, facts):
        """Publish the design (list of Row, facts as of `describe_run`) with every run's state; return the file's hash."""
        import pyarrow as pa

        columns = {name: [row[place] for row in rows] for place, name in enumerate(Row._fields)}
        footer = table_footer(facts, "design")
        return self.write_table(DESIGN, pa.table({**columns, "status": self.states(columns["run_id"])}, metadata=footer))

    def refresh_design(self):
        """Publish the design again with the states that its runs have now; return (hash, run id -> state)."""
        import pyarrow as pa

        from experiments.storage.tables import read_arrow

        table = read_arrow(self.folder / DESIGN)
        run_ids = table["run_id"].to_pylist()
        states = self.states(run_ids)
        changed = table.set_column(table.column_names.index("status"), "status", pa.array(states))
        return self.write_table(DESIGN, changed), dict(zip(run_ids, states, strict=True))

    def states(self, run_ids):
        """Return the state of every run: ok, how it failed, or missing."""
        finished = self.finished
        failed = {run_id: failure.get("status", "failed") for run_id, failure in self.journal.failures.items()}
        return ["ok" if run_id in finished else failed.get(run_id, "missing") for run_id in run_ids]

    def write_points(self, points, facts):
        """Publish the points of a design (column -> values, the first column the number); return the file's hash."""
        import pyarrow as pa

        return self.write_table(POINTS, pa.table(points, metadata=table_footer(facts, "points")))

    def write_table(self, name, table):
        """Publish one Arrow table; return the file's hash."""
        from experiments.storage.tables import verify_parquet, write_parquet

        return publish_with(
            self.folder / name,
            lambda temporary: write_parquet(table, temporary),
            verify=lambda temporary: verify_parquet(table, temporary),
        )

    def write_manifest(self, manifest):
        """Publish the manifest, which also says how the journal begins."""
        write_manifest(self.folder, {**manifest, "loket": {**manifest["loket"], "journal": self.journal.mark()}})


def damaged_files(folder, entry):
    """Return the files of a journal entry that are missing or differ from it."""
    wrong = []
    for name, facts in entry["files"].items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != facts["sha256"]:
            wrong.append(name)
    return wrong


def unlisted_parts(folder, journal):
    """Return the parts on disk that the journal does not name."""
    listed = {name for entry in journal.parts.values() for name in entry["files"]}
    found = [path for table in TABLES for path in sorted((folder / table).glob("part-*.parquet"))]
    return [path for path in found if path.relative_to(folder).as_posix() not in listed]


class Result:
    """The reading side of a result folder, verified against its journal.

    Attributes
    ----------
    folder : where it is. manifest : provenance (dict). hash : hash of all numbers.
    design : DataFrame, a row for each run.
    series, groups, flows : DataFrames of the finished runs of the design.
    """

    def __init__(self, folder, manifest, journal):
        self.folder, self.manifest, self.journal = folder, manifest, journal

    @classmethod
    def open(cls, path):
        """Return the Result in a folder; raises InputError naming the first file missing or changed."""
        folder = Path(path)
        if not folder.is_dir():
            raise InputError(
                "no such folder",
                file=folder,
                allowed="a folder made by simulate, compare, sweep or another command that runs the model",
            )
        manifest, journal = read_manifest(folder), Journal(folder)
        result = cls(folder, manifest, journal)
        journal.need_mark(manifest["loket"]["journal"])
        own = {"files": {name: {"sha256": digest} for name, digest in result.own_files.items()}}
        for entry in (own, *journal.parts.values()):
            for name in damaged_files(folder, entry):
                problem = "incomplete or damaged: its hash differs from the journal's"
                raise InputError(problem, file=folder / name, allowed=AGAIN)
        for extra in unlisted_parts(folder, journal):
            raise InputError("a part that the journal does not list", file=extra, allowed=AGAIN)
        return result

    @property
    def own_files(self):
        """Name -> SHA-256 of the files that the manifest lists."""
        facts = self.manifest["loket"]
        found = {DESIGN: facts.get("design_sha256"), POINTS: facts.get("points_sha256")}
        return {name: digest for name, digest in found.items() if name == DESIGN or digest}

    @property
    def is_active(self):
        """Whether the sweep that wrote it was killed or is still running."""
        nodes = self.manifest["@graph"]
        return any(str(node.get("actionStatus", "")).endswith("ActiveActionStatus") for node in nodes)

    @property
    def scenario(self):
        """The resolved scenario as plain data."""
        return self.manifest["loket"]["scenario"]

    @property
    def policies(self):
        """Names of the policies in the order of the design, baseline first if it is there."""
        return list(dict.fromkeys(self.design["policy"]))

    @cached_property
    def hash(self):
        """The hash of all numbers of the finished runs of the design."""
        from experiments.storage.tables import combine

        wanted = set(self.design["run_id"])
        return combine({run_id: digest for run_id, digest in self.journal.run_hashes().items() if run_id in wanted})

    @cached_property
    def design(self):
        """The runs: run_id, scenario, policy, replicate, seed, planned_cost (million Rp), status."""
        from experiments.storage.tables import read_arrow

        return read_arrow(self.folder / DESIGN).to_pandas()

    @cached_property
    def points(self):
        """The points of a sweep: point, scenario and every factor; raises InputError if this is no sweep."""
        from experiments.storage.tables import read_arrow

        if "points_sha256" not in self.manifest["loket"]:
            raise InputError("not a sweep: it has no points", file=self.folder, allowed="a folder made by sweep")
        return read_arrow(self.folder / POINTS).to_pandas()

    @cached_property
    def series(self):
        """A row for each run and month: run_id, month and every observable."""
        return self._table("series")

    @cached_property
    def groups(self):
        """A row for each run, year end and group: every measure of `model.record.GROUP_MEASURES`."""
        return self._table("groups")

    @cached_property
    def flows(self):
        """A row for each run, year end, kind of agent and pair of stages: share that moved in the year."""
        return self._table("flows")

    def _table(self, table):
        """Return the rows of the design's runs, sorted by run; empty if nothing is finished."""
        import pandas

        from experiments.storage.tables import read_arrow

        wanted = set(self.design["run_id"])
        parts = [number for number, entry in self.journal.parts.items() if wanted & set(entry["runs"])]
        if not parts:
            raise InputError("no finished runs in this result", file=self.folder, allowed=AGAIN)
        frames = [read_arrow(self.folder / part_name(table, number)).to_pandas() for number in sorted(parts)]
        rows = pandas.concat(frames, ignore_index=True)
        rows = rows[rows["run_id"].isin(wanted)]
        return rows.sort_values("run_id", kind="stable").reset_index(drop=True)
