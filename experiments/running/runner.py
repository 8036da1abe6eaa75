"""Running a design: every variant times every replicate, each run once, whatever happens on the way.

A run is identified by its content, so what is finished is never computed again. A run that raises, takes too long, or
kills its worker is recorded with the facts that repeat it; the others go on.
"""

import time
from contextlib import closing
from dataclasses import dataclass

from experiments.plans.variants import Variant
from experiments.running.environment import prepare
from experiments.running.interruption import Stop
from experiments.running.progress import Silent
from experiments.storage.provenance import command_line, describe_run, manifest_of, part_metadata
from experiments.storage.rows import design, in_shard, missing, shard_of
from experiments.storage.store import Result, open_store
from model.errors import StorageError

PART_RUNS = 25  # runs in a part of a small design; large designs have some forty parts, up to a limit
PARTS, LARGEST_PART = 40, 100
PART_SECONDS = 10.0  # finished runs wait no longer than this before they are safe on disk


@dataclass(frozen=True)
class Options:
    """How a design is computed; the numbers never depend on it.

    Attributes
    ----------
    workers : processes; 1 without limits computes in this process.
    timeout : seconds that a run may take, or None. memory : megabytes that it may take, or None.
    on_error : keep (record the failed run and go on), slow (start no new run), fast (stop at once).
    shard : (number from 1, of how many) or None. dask : address of a scheduler, or None; insecure : without TLS.
    """

    workers: int = 1
    timeout: float | None = None
    memory: int | None = None
    on_error: str = "keep"
    shard: tuple[int, int] | None = None
    dask: str | None = None
    insecure: bool = False


def run(scenarios, replicates, out, workers=1, progress=None, policies=(), command=None):
    """Run every scenario for every replicate and return the Result.

    Parameters
    ----------
    scenarios : scenarios, each with its policy; the first is the reference.
    replicates : number of replicates, numbered from 0; equal numbers pair two policies draw by draw.
    out : result folder; runs finished there before are kept and not repeated.
    workers : number of worker processes; 1 runs in this process.
    progress : object with start, advance and stop, or None.
    policies : Policy objects, for their titles.
    command : arguments to record, by default those of this process.

    Raises StorageError and InputError about the folder; KeyboardInterrupt after saving what is finished.
    Failed runs do not raise: see `failures`.
    """
    variants = [Variant(scenario) for scenario in scenarios]
    return run_variants(variants, replicates, out, Options(workers), progress, policies, command)


def run_variants(variants, replicates, out, options, progress=None, policies=(), command=None, study=None):
    """Run every variant for every replicate and return the Result; parameters and errors as of `run`.

    Parameters
    ----------
    variants : list of Variant.
    options : Options.
    study : Study or Comparison with more facts for the manifest and perhaps a table of points, or None.
    """
    prepare()
    complete(variants, replicates, out, options, progress or Silent(), policies, given(command), study)
    return Result.open(out)  # after everything else has been let go: both hold what the journal says


def complete(variants, replicates, out, options, progress, policies, command, study):
    """Run what is missing of a design and write down how far it came; parameters as of `run_variants`."""
    rows = design(variants, replicates)
    facts = describe_run(list_bases(variants), policies, replicates, command, rows)
    facts.update(study.facts if study else {})
    with open_store(out, facts) as store:
        mine = shard_of(rows, options.shard)
        todo = missing(variants, mine, store.finished)
        wanted = len({row.run_id for row in mine})
        if not store.has_manifest:  # first of all the folder is made recognisable as ours
            store.write_manifest(manifest_of(facts, "Active"))
        if study and study.points is not None:
            facts["points_sha256"] = store.write_points(study.points, facts)
        digest = store.write_design(rows, facts)
        del rows, mine  # a large design is on disk from here on
        progress.start(wanted, cached=wanted - len(todo))
        try:
            if todo:
                store.write_manifest(manifest_of(facts, "Active", design_sha256=digest))
                execute(todo, store, options, progress)
        finally:
            progress.stop()
            todo.clear()  # what follows needs memory of its own
            close(store, facts, options.shard)


def given(command):
    """Return the arguments to record."""
    return command_line() if command is None else command


def list_bases(variants):
    """Return the different scenarios with policy of some variants, in order."""
    return list({(variant.scenario, variant.policy): variant.base for variant in variants}.values())


def close(store, facts, shard=None):
    """Write down how far the design came; with a shard, its own runs alone decide whether it is complete."""
    digest, states = store.refresh_design()
    wanted = [state for run_id, state in states.items() if in_shard(run_id, shard)]
    failed = sum(state not in ("ok", "missing") for state in wanted)
    status = "Failed" if failed else "Active" if "missing" in wanted else "Completed"
    error = f"{failed} of {len(wanted)} runs failed" if failed else None
    store.write_manifest(manifest_of(facts, status, error, digest))


def execute(todo, store, options, progress):
    """Compute runs and publish them part by part; what is finished is on disk even if this is interrupted."""
    from experiments.running.worker import warm
    from experiments.running.workers import outcomes

    warm(todo[0][1].base)
    stop = Stop()
    writer = PartWriter(store, todo)
    with stop.listening():
        try:
            with closing(outcomes(todo, options, stop)) as finished:
                for outcome in finished:
                    take(outcome, store, writer, progress)
                    if outcome.failure and options.on_error != "keep":
                        stop.request()
                    if outcome.failure and options.on_error == "fast":
                        break
        finally:
            writer.flush()
    if stop.by_signal:
        raise KeyboardInterrupt


def take(outcome, store, writer, progress):
    """Keep one outcome."""
    if outcome.failure:
        store.add_failure(outcome.failure)
    else:
        writer.add(outcome)
    progress.advance(failed=outcome.failure is not None)


class PartWriter:
    """Collects finished runs until they fill a part, or until they have waited long enough."""

    def __init__(self, store, todo):
        self.store, self.waiting = store, {}
        self.variants = {run_id: variant for run_id, variant, _ in todo}
        self.size = min(LARGEST_PART, max(PART_RUNS, len(todo) // PARTS))
        self.last, self.refused = time.monotonic(), False

    def add(self, outcome):
        """Take one run."""
        self.waiting[outcome.run_id] = outcome
        if len(self.waiting) >= self.size or time.monotonic() - self.last > PART_SECONDS:
            self.flush()

    def flush(self):
        """Publish what is waiting; after the disk has refused, nothing more is tried."""
        runs, self.waiting, self.last = self.waiting, {}, time.monotonic()
        if not runs or self.refused:
            return
        from experiments.storage.records import part_tables

        variants = [self.variants.pop(run_id) for run_id in runs]
        metadata = part_metadata(runs, (one.scenario for one in variants), (one.seed for one in variants))
        tables = part_tables({run_id: outcome.record for run_id, outcome in runs.items()}, metadata)
        try:
            self.store.add_part({run_id: outcome.digest for run_id, outcome in runs.items()}, tables, metadata)
        except StorageError:
            self.refused = True
            raise
