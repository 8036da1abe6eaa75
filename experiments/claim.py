"""Whose folder is it? What is not ours is never touched."""

from experiments.manifest import MANIFEST, read_manifest
from experiments.publish import LOCK, TEMPORARY, storage_errors
from model.errors import InputError

TABLES = ("series", "groups", "flows")


def claim(folder):
    """Make sure that a folder is ours to write, or new; touch nothing that is not."""
    with storage_errors(folder):
        if folder.exists() and not folder.is_dir():
            raise InputError("not a folder", key="--out", given=str(folder), allowed="a new folder or an earlier result")
        if not folder.is_dir():
            folder.mkdir(parents=True)
            return
        names = [path.name for path in folder.iterdir()]
    if MANIFEST in names:
        read_manifest(folder)
    elif any(not is_beginning(folder / name) for name in names):
        raise InputError(
            "the folder is not empty and not a result of this program; nothing was changed",
            key="--out",
            given=str(folder),
            allowed="a new or empty folder, or an earlier result",
        )


def is_beginning(path):
    """Say whether a file or folder is what a command that was killed at once leaves behind: empty, hidden, or a lock."""
    empty = path.name in TABLES and path.is_dir() and not any(path.iterdir())
    return empty or path.name == LOCK or path.name.startswith(TEMPORARY)
