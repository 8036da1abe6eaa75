"""The seal of a result folder: the hashes of everything drawn or derived from it, so that `verify` covers every file."""

import hashlib
import json
from pathlib import Path

from experiments.storage.journal import JOURNAL
from experiments.storage.manifest import MANIFEST
from experiments.storage.publish import LOCK, TEMPORARY, publish, sha256_of
from model.errors import InputError

SEAL = "seal.json"


def write_seal(result):
    """Publish the hashes of the files that neither journal nor manifest lists."""
    listed = listed_files(result)
    files = {name: sha256_of(result.folder / name) for name in found_files(result.folder) if name not in listed}
    publish(result.folder / SEAL, seal_text(files))


def read_seal(folder):
    """Return name -> SHA-256 of the sealed files, none if there is no seal; raises InputError if it is damaged."""
    path = Path(folder) / SEAL
    if not path.is_file():
        return {}
    content = path.read_bytes()
    try:
        files = json.loads(content)["files"]
        whole = content == seal_text(files).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise InputError("damaged: it is not as it was written", file=path)
    return files


def seal_text(files):
    """Return the text of a seal, which ends with a hash of its own."""
    bare = json.dumps(files, indent=1, sort_keys=True)
    return json.dumps({"check": hashlib.sha256(bare.encode()).hexdigest(), "files": files}, indent=1, sort_keys=True) + "\n"


def listed_files(result):
    """Return name -> SHA-256 of what journal and manifest list; None for those that check themselves."""
    files = {MANIFEST: None, JOURNAL: None, SEAL: None, **result.own_files}
    for entry in result.journal.parts.values():
        files |= {name: facts["sha256"] for name, facts in entry["files"].items()}
    return files


def found_files(folder):
    """Return the names of all files of a folder but temporary ones and the lock, sorted."""
    paths = (path for path in Path(folder).rglob("*") if path.is_file())
    return sorted(
        path.relative_to(folder).as_posix() for path in paths if path.name != LOCK and not path.name.startswith(TEMPORARY)
    )
