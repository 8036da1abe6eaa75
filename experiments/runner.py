"""Running a design: every scenario times every replicate, each run once, whatever happens on the way.

A run is identified by its content, so what is finished is never computed again. A run that raises, or
that kills its worker, is recorded with the facts that repeat it; the others go on.
"""

import hashlib
import json
import time
import traceback
from contextlib import closing

from experiments.environment import prepare
from experiments.progress import Silent
from experiments.provenance import command_line, describe_run, manifest_of, part_metadata
from experiments.store import Result, open_store

PART_RUNS = 25
PART_SECONDS = 10.0  # finished runs wait no longer than this before they are safe on disk
BATCHES_PER_WORKER = 8
LONGEST_TEXT = 4000  # characters kept of a traceback


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
    prepare()
    progress = progress or Silent()
    rows = design(scenarios, replicates)
    facts = describe_run(scenarios, policies, replicates, command_line() if command is None else command, rows)
    with open_store(out) as store:
        todo = missing(scenarios, rows, store.finished)
        progress.start(len({row["run_id"] for row in rows}), cached=len({row["run_id"] for row in rows}) - len(todo))
        try:
            if todo:
                store.write_manifest(manifest_of(facts, "Active", design_sha256=store.write_design(rows)))
                execute(todo, store, workers, progress)
        finally:
            progress.stop()
            close(store, rows, facts)
    return Result.open(out)


def close(store, rows, facts):
    """Write down how far the design came."""
    digest = store.write_design(rows)
    wanted, finished = {row["run_id"] for row in rows}, store.finished
    failed = [run_id for run_id in wanted if run_id in store.journal.failures]
    status = "Failed" if failed else "Completed" if wanted <= set(finished) else "Active"
    error = f"{len(failed)} of {len(wanted)} runs failed" if failed else None
    store.write_manifest(manifest_of(facts, status, error, digest))


def design(scenarios, replicates):
    """Return a row (dictionary) for each scenario and replicate, with its run id and planned cost."""
    rows = []
    for scenario in scenarios:
        cost, content = planned(scenario), canonical_text(scenario)
        for replicate in range(replicates):
            rows.append(
                {
                    "run_id": run_id_of(content, scenario.seed, replicate),
                    "scenario": scenario.name,
                    "policy": scenario.policy,
                    "replicate": replicate,
                    "seed": scenario.seed,
                    "planned_cost": cost,
                }
            )
    return rows


def planned(scenario):
    """Return the planned cost of a scenario's policies, million rupiah."""
    from model import planned_cost

    return float(planned_cost(scenario))


def canonical_text(scenario):
    """Return everything in a scenario that decides results as canonical JSON."""
    return json.dumps(scenario.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)


def run_id_of(content, seed, replicate):
    """Return the id of a run: the first 16 hexadecimal digits of the hash of what decides its numbers."""
    from model import MODEL_VERSION

    identity = f'[{content},{seed},{replicate},"{MODEL_VERSION}"]'
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def missing(scenarios, rows, finished):
    """Return the unfinished runs as (run id, scenario, replicate), each once: policies may be equal."""
    by_policy = {scenario.policy: scenario for scenario in scenarios}
    todo = {}
    for row in rows:
        if row["run_id"] not in finished:
            todo.setdefault(row["run_id"], row)
    return [(run_id, by_policy[row["policy"]], row["replicate"]) for run_id, row in todo.items()]


def execute(todo, store, workers, progress):
    """Compute runs and publish them part by part; what is finished is on disk even if this is interrupted."""
    from experiments.workers import outcomes

    warm(todo[0][1])
    writer = PartWriter(store, {run_id: scenario for run_id, scenario, _ in todo})
    try:
        with closing(outcomes(batches(todo, workers), workers)) as finished:
            for outcome in finished:
                if outcome.columns is None:
                    store.add_failure(outcome.failure)
                else:
                    writer.add(outcome.run_id, outcome.columns)
                progress.advance(failed=outcome.columns is None)
    finally:
        writer.flush()


def warm(scenario):
    """Compile the model once, before several processes would each do it."""
    from model import warm_up

    warm_up(scenario)


def batches(todo, workers):
    """Return the runs in batches: replicates of one scenario together, so that it is rarely sent twice."""
    size = max(1, min(PART_RUNS, -(-len(todo) // (workers * BATCHES_PER_WORKER))))
    by_policy = {}
    for item in todo:
        by_policy.setdefault(item[1].policy, []).append(item)
    return [items[place : place + size] for items in by_policy.values() for place in range(0, len(items), size)]


class PartWriter:
    """Collects finished runs until they fill a part, or until they have waited long enough."""

    def __init__(self, store, scenarios):
        self.store, self.scenarios, self.waiting = store, scenarios, {}
        self.last = time.monotonic()

    def add(self, run_id, columns):
        """Take one run."""
        self.waiting[run_id] = columns
        if len(self.waiting) >= PART_RUNS or time.monotonic() - self.last > PART_SECONDS:
            self.flush()

    def flush(self):
        """Publish what is waiting."""
        runs, self.waiting, self.last = self.waiting, {}, time.monotonic()
        if runs:
            self.store.add_part(runs, part_metadata(self.scenarios[next(iter(runs))], runs))


def simulate_one(run_id, scenario, replicate):
    """Return the Outcome of one run; an exception becomes a recorded failure."""
    from experiments.tables import columns_of
    from experiments.workers import Outcome
    from model import simulate

    try:
        return Outcome(run_id, columns_of(simulate(scenario, replicate)), None)
    except Exception as error:  # the one place where any fault of a run becomes a record, so that the others go on
        text = traceback.format_exc()[-LONGEST_TEXT:]
        return Outcome(run_id, None, failure_of(run_id, scenario, replicate, type(error).__name__, str(error), text))


def failure_of(run_id, scenario, replicate, kind, message, text=""):
    """Return the record of a failed run, with what is needed to repeat it."""
    facts = {"run_id": run_id, "policy": scenario.policy, "replicate": replicate, "seed": scenario.seed}
    return {**facts, "type": kind, "message": message, "traceback": text}


def failures(result):
    """Return the records of the failed runs of a result's design."""
    wanted = set(result.design["run_id"])
    return [facts for run_id, facts in sorted(result.journal.failures.items()) if run_id in wanted]


def describe_failures(result):
    """Return a message that names the failed runs, a line each, or None if all went well."""
    failed = failures(result)
    lines = [
        f"  policy {run['policy']}, replicate {run['replicate']}, seed {run['seed']}: {run['type']}: {run['message']}"
        for run in failed[:20]
    ]
    more = [f"  and {len(failed) - 20} more, in journal.jsonl"] if len(failed) > 20 else []
    return "\n".join([f"{len(failed)} runs failed; the others are kept:", *lines, *more]) if failed else None


def stale_sources(result):
    """Return how many runs were computed by other model sources of the same MODEL_VERSION."""
    from experiments.provenance import model_hash

    wanted = set(result.design["run_id"])
    return sum(
        len(wanted & set(entry["runs"])) for entry in result.journal.parts.values() if entry["model_sha256"] != model_hash()
    )
