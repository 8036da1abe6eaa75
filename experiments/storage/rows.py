"""The rows of a design: a run each, identified by the hash of everything that decides its numbers."""

import hashlib
import json
from typing import NamedTuple


class Row(NamedTuple):
    """One run of a design; planned cost in million rupiah."""

    run_id: str
    scenario: str
    policy: str
    point: int
    replicate: int
    seed: int
    planned_cost: float

    @property
    def key(self):
        """What the run shares with its replicates."""
        return self.scenario, self.policy, self.point


def design(variants, replicates):
    """Return a Row for each variant and replicate, replicates of a variant together.

    Raises InputError naming the point if a variant cannot be built.
    """
    from model import planned_cost

    rows = []
    for variant in variants:
        scenario = variant.build()
        cost, content = float(planned_cost(scenario)), canonical_text(scenario)
        facts = (variant.scenario, variant.policy, variant.point)
        begin = variant.first * replicates
        rows += [
            Row(run_id_of(content, scenario.seed, replicate), *facts, replicate, scenario.seed, cost)
            for replicate in range(begin, begin + replicates)
        ]
    return rows


def canonical_text(scenario):
    """Return everything in a scenario that decides results as canonical JSON."""
    return json.dumps(scenario.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)


def run_id_of(content, seed, replicate):
    """Return the id of a run: the first 16 hexadecimal digits of the hash of what decides its numbers."""
    from model import MODEL_VERSION

    identity = f'[{content},{seed},{replicate},"{MODEL_VERSION}"]'
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def shard_of(rows, shard):
    """Return the rows of shard (number, of how many), all of them if there is none."""
    return [row for row in rows if in_shard(row.run_id, shard)]


def in_shard(run_id, shard):
    """Say whether a run belongs to a shard, which depends on its id alone."""
    return shard is None or int(run_id, 16) % shard[1] == shard[0] - 1


def missing(variants, rows, finished):
    """Return the unfinished runs as (run id, variant, replicate), each once: policies may be equal."""
    by_key = {(variant.scenario, variant.policy, variant.point): variant for variant in variants}
    todo = {}
    for row in rows:
        if row.run_id not in finished:
            todo.setdefault(row.run_id, row)
    return [(run_id, by_key[row.key], row.replicate) for run_id, row in todo.items()]
