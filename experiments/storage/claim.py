"""Whose folder is it? What is not ours is never touched."""

from experiments.methods import CALIBRATION, IN_PLACE_OF_DESIGN
from experiments.storage.manifest import MANIFEST, read_manifest
from experiments.storage.publish import LOCK, TEMPORARY, storage_errors
from model.errors import InputError

TABLES = ("series", "groups", "flows")
APART = (*IN_PLACE_OF_DESIGN, CALIBRATION)  # methods of plans that a command of their own runs
COMPARISONS = {"policies": "compare"}  # other kinds are called as their options are


def claim(folder, facts=None):
    """Make sure that a folder is ours to write, or new; touch nothing that is not.

    Parameters
    ----------
    folder : Path. facts : what the manifest shall say, to refuse the folder of another study, or None.
    """
    with storage_errors(folder):
        if folder.exists() and not folder.is_dir():
            raise InputError("not a folder", file=folder, key=option_of(facts), allowed="a new folder or an earlier result")
        if not folder.is_dir():
            folder.mkdir(parents=True)
            return
        names = [path.name for path in folder.iterdir()]
    if MANIFEST in names:
        need_same_study(folder, read_manifest(folder)["loket"], facts)
    elif any(not is_beginning(folder / name) for name in names):
        raise InputError(
            "the folder is not empty and not a result of this program; nothing was changed",
            file=folder,
            key=option_of(facts),
            allowed="a new or empty folder, or an earlier result",
        )


def need_same_study(folder, found, facts):
    """Require that a folder holds the study that is to be written; a changed size of it is the same study."""
    if facts is None or study_words(found) == study_words(facts):
        return
    raise InputError(
        "the folder holds another study; nothing was changed",
        file=folder,
        key=option_of(facts),
        given=study_words(found),
        allowed=f"{study_words(facts)}; or a new or empty folder",
    )


def option_of(facts):
    """Return the option that names the folder of results: the --out of a calibration is a table of predictions."""
    plan = (facts or {}).get("plan")
    return "--runs" if plan and plan["method"] == CALIBRATION else "--out"


def study_words(facts):
    """Return which study a manifest is of: kind, plan if there is one, and scenario; never how large it is.

    Plans are told apart by name and not by content: a plan that was edited continues in its folder.
    """
    scenario, plan = f"scenario '{facts['scenario']['name']}'", facts.get("plan")
    if plan:
        kind = plan["method"] if plan["method"] in APART else "sweep"
        return f"{kind} of plan '{plan['name']}', {scenario}"
    kind = facts["comparison"]["kind"] if "comparison" in facts else None
    return f"{COMPARISONS.get(kind, kind) if kind else 'simulate'} of {scenario}"


def is_beginning(path):
    """Say whether a file or folder is what a command that was killed at once leaves behind: empty, hidden, or a lock."""
    empty = path.name in TABLES and path.is_dir() and not any(path.iterdir())
    return empty or path.name == LOCK or path.name.startswith(TEMPORARY)
