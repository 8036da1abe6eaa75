"""One attempt at one run: its columns, or the record of its failure with what repeats it."""

import traceback
from typing import NamedTuple

LONGEST_TEXT = 4000  # characters kept of a traceback
LONGEST_MESSAGE = 1000


class Outcome(NamedTuple):
    """What became of a run: its columns, or the record of its failure."""

    run_id: str
    columns: dict | None
    failure: dict | None


def attempt(run_id, variant, replicate):
    """Return the Outcome of one run; an exception becomes a recorded failure."""
    from experiments.tables import columns_of
    from model import simulate

    try:
        return Outcome(run_id, columns_of(simulate(variant.build(), replicate)), None)
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
    return Outcome(run_id, None, facts)
