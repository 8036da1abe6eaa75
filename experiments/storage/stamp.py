"""The stamp of tables, figures and report: what decided them when they were drawn."""

import json

from experiments.storage.provenance import ROOT, source_hash
from experiments.storage.store import STAMP


def stamp_of(result, language):
    """Return what decides tables, figures and report: the numbers, the language and the code that draws them."""
    facts = result.manifest["loket"]
    code = [source_hash(ROOT / "experiments", pattern) for pattern in ("*.py", "*.html", "*.toml")]
    inputs = {
        "result": result.hash,
        "language": language,
        "design": facts["design_sha256"],
        "scenario": facts["scenario"],
        "policies": facts["policies"],
        "plan": facts.get("plan"),
        "comparison": facts.get("comparison"),
        "code": [*code, source_hash(ROOT / "model", "*.toml")],
        "packages": facts["packages"],
    }
    return json.dumps(inputs, sort_keys=True) + "\n"


def stamp_in(result):
    """Return the stamp that was written with the report of a result, or None."""
    path = result.folder / STAMP
    return path.read_text() if path.is_file() else None
