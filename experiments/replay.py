"""One run of a result again, from the result alone, and whether it gives the same bits."""

import numpy as np

from experiments.plans.variants import SWITCH, Variant, scenario_from_facts
from experiments.running.interruption import Stop
from experiments.running.runner import Options
from experiments.running.workers import Crew, outcomes
from experiments.storage.records import columns_of
from experiments.storage.rows import canonical_text, run_id_of
from experiments.storage.verify import part_of, runs_of
from model import MODEL_VERSION
from model.checks import nearest_name
from model.errors import InputError
from model.registry import load_registry


def job_of(result, run_id):
    """Return (run id, Variant, replicate) of a run of a result; raises InputError if this model cannot repeat it."""
    rows = result.design[result.design["run_id"] == run_id]
    if rows.empty:
        near = nearest_name(run_id, result.design["run_id"][:1000])
        raise InputError("no such run", file=result.folder, given=run_id, allowed="see design.parquet", nearest=near)
    row = rows.iloc[0]
    version = result.manifest["loket"]["model_version"]
    if version != MODEL_VERSION:
        raise InputError("made by another version of the model", file=result.folder, key="model_version", given=version,
                         allowed=MODEL_VERSION)  # fmt: skip
    variant = variant_of(result, row)
    scenario = variant.build()
    if run_id_of(canonical_text(scenario), scenario.seed, int(row["replicate"])) != run_id:
        raise InputError("the manifest does not lead to this run: parameters were added or removed since", given=run_id)
    return run_id, variant, int(row["replicate"])


def variant_of(result, row):
    """Return the Variant of a row of the design."""
    facts = result.manifest["loket"]
    known = [{"scenario": facts["scenario"], "policies": facts["policies"]}, *facts.get("other_scenarios", [])]
    entry = next(entry for entry in known if entry["scenario"]["name"] == row["scenario"])
    policy = next(policy for policy in entry["policies"] if policy["name"] == row["policy"])
    base = scenario_from_facts(entry["scenario"], policy["name"], policy["overlays"])
    return Variant(base, changes_at(result, int(row["point"])), int(row["point"]))


def changes_at(result, point):
    """Return factor -> value at a point; nothing if the result is no sweep."""
    if "points_sha256" not in result.manifest["loket"]:
        return {}
    row = result.points[result.points["point"] == point]
    values = {name: row[name].iloc[0] for name in row if is_factor(name)}
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}


def is_factor(name):
    """Say whether a column of the points changes a parameter or a mechanism; others describe the point."""
    return name.startswith(SWITCH) or name in load_registry()


def replay(result, run_id, options=None):
    """Compute a run again.

    Returns
    -------
    (state, words) : "same" if all bits agree, "differs" with where, "fails" with the failure, "finishes" if a run that
    failed has come through.
    """
    job, options = job_of(result, run_id), options or Options()
    recorded = result.journal.failures.get(run_id)
    apart = recorded is not None and recorded["status"] != "failed"  # it may take its process down again
    found = list(Crew([job], options, Stop()).outcomes() if apart else outcomes([job], options, Stop()))
    if not found:
        raise KeyboardInterrupt
    outcome = found[0]
    if outcome.failure:
        facts = outcome.failure
        return "fails", f"{facts['type']}: {facts['message']}\n{facts['traceback']}".rstrip()
    if run_id not in result.journal.run_hashes():
        return "finishes", "the run comes through now; run the sweep again to keep it"
    columns = columns_of(outcome.record)
    if outcome.digest == result.journal.run_hashes()[run_id]:
        numbers = sum(column.size for table in columns.values() for column in table.values())
        return "same", f"{numbers:,} values, all bits the same"
    return "differs", first_difference(result, run_id, columns)


def first_difference(result, run_id, columns):
    """Return where a run first differs from what is stored, in words."""
    number = next(number for number, entry in result.journal.parts.items() if run_id in entry["runs"])
    stored = next(kept for name, kept in runs_of(part_of(result.folder, number)) if name == run_id)
    for table, mine in columns.items():
        for name, values in mine.items():
            if name not in stored[table] or len(values) != len(stored[table][name]):
                return f"{table}.{name}: another shape"
            unequal = np.flatnonzero(np.asarray(values) != stored[table][name])
            if unequal.size:
                row = int(unequal[0])
                return f"{table}.{name}, row {row}: stored {stored[table][name][row]!r}, now {values[row]!r}"
    return "columns were added or removed"
