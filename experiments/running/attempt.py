"""One attempt at one run: its numbers, or the record of its failure with what repeats it."""

import traceback
from typing import NamedTuple

LONGEST_TEXT = 4000  # characters kept of a traceback
LONGEST_MESSAGE = 1000


class Outcome(NamedTuple):
    """What became of a run.

    Attributes
    ----------
    record, digest : RunRecord and the hash of its numbers, taken where it was computed; None if it failed.
    failure : what is known of a run that failed, or None.
    """

    run_id: str
    record: object = None
    digest: str | None = None
    failure: dict | None = None


def attempt(run_id, variant, replicate):
    """Return the Outcome of one run; an exception becomes a recorded failure."""
    from experiments.storage.records import record_hash
    from model import simulate

    try:
        record = simulate(variant.build(), replicate)
        return Outcome(run_id, record, record_hash(record))
    except Exception as error:  # the one place where any fault of a run becomes a record, so that the others go on
        text = traceback.format_exc()[-LONGEST_TEXT:]
        return failed(run_id, variant, replicate, "failed", type(error).__name__, str(error), text)


def failed(run_id, variant, replicate, status, kind, message, text=""):
    """Return the Outcome of a failed run, with what is needed to repeat it.

    Parameters
    ----------
    status : failed (it raised), timeout (it took too long) or killed (its process died).
    kind, message, text : type of the fault, what it says, and the traceback if there is one.
    """
    facts = {
        "run_id": run_id,
        "scenario": variant.scenario,
        "policy": variant.policy,
        "point": variant.point,
        "changes": variant.changes,
        "replicate": replicate,
        "seed": variant.seed,
        "status": status,
        "type": kind,
        "message": message[:LONGEST_MESSAGE],
        "traceback": text,
        "replay": f"python run.py replay RESULT {run_id}",
    }
    return Outcome(run_id, failure=facts)
