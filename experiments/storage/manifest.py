"""The manifest of a result folder: provenance as text that carries its own hash, so that one changed bit is noticed."""

import hashlib
import json
from pathlib import Path

from experiments.storage.publish import publish
from model.errors import InputError

MANIFEST = "manifest.json"
SCHEMA = 2  # version of the folder's layout


def manifest_text(manifest):
    """Return the text of a manifest, with the hash of everything else in it under loket.check."""
    facts = {key: value for key, value in manifest["loket"].items() if key != "check"}
    bare = json.dumps({**manifest, "loket": facts}, indent=1, sort_keys=True)
    facts["check"] = hashlib.sha256(bare.encode()).hexdigest()
    return json.dumps({**manifest, "loket": facts}, indent=1, sort_keys=True) + "\n"


def write_manifest(folder, manifest):
    """Publish a manifest."""
    publish(Path(folder) / MANIFEST, manifest_text(manifest))


def read_manifest(folder):
    """Return the manifest of a result folder; raises InputError if there is none, or it is not as we wrote it."""
    path = Path(folder) / MANIFEST
    if not path.is_file():
        raise InputError("no result here: manifest.json is missing", file=folder, allowed="a folder made by this program")
    try:
        content = path.read_bytes()
        manifest = json.loads(content)
        schema = manifest["loket"]["schema"]
        whole = content == manifest_text(manifest).encode()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError("damaged, or not a manifest of this program", file=path) from None
    if schema != SCHEMA:
        raise InputError("layout of another version", file=path, key="loket.schema", given=schema, allowed=SCHEMA)
    if not whole:
        raise InputError("damaged: it is not as it was written", file=path, allowed="a copy, or a new result folder")
    return manifest
