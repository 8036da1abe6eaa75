"""Where numbers come from: what a stranger needs to make a result or a figure again.

No time, host, user or absolute path is recorded: the same inputs give the same manifest.
"""

import dataclasses
import hashlib
import html
import json
import platform
import re
import struct
import subprocess
import sys
import zlib
from functools import cache
from importlib import metadata
from pathlib import Path

from model.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
KEY = "Loket"
PACKAGES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "matplotlib", "SALib", "scikit-learn", "optuna")
CRATE = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SIZE_LIMIT = 200_000_000  # bytes of a figure or table that is looked into


def source_hash(folder, pattern="*.py"):
    """Return the SHA-256 of the matching files below a folder, by relative name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def model_hash():
    """Return the hash of the model's sources: its Python and its registry."""
    parts = [source_hash(ROOT / "model", pattern) for pattern in ("*.py", "*.toml")]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


@cache
def code_version():
    """Return `git describe` of the sources, marked if changed since; "unknown" outside a repository."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--tags"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def installed(name):
    """Return the version of an installed package, or "absent"."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def run_set_hash(run_ids):
    """Return the hash of a set of runs, whatever their order."""
    return hashlib.sha256("\n".join(sorted(set(run_ids))).encode()).hexdigest()


def scenario_facts(scenario):
    """Return a resolved scenario as plain data, without the names of the files it came from."""
    facts = dataclasses.asdict(scenario)
    facts.pop("origins", None)
    return {**facts, "overlays": overlay_facts(scenario)}


def overlay_facts(scenario):
    """Return the overlays of a scenario as plain data, without the names of the files they came from."""
    facts = [dataclasses.asdict(overlay) for overlay in scenario.overlays]
    for overlay in facts:
        overlay.pop("origin", None)
    return facts


def part_metadata(run_ids, scenarios, seeds):
    """Return what the footer of a Parquet part says about the runs in it.

    Parameters
    ----------
    run_ids : of the part. scenarios, seeds : names and seeds of these runs, in any order, with repetitions.
    """
    from model import MODEL_VERSION

    return {
        "code_version": code_version(),
        "model_sha256": model_hash(),
        "model_version": MODEL_VERSION,
        "run_set_hash": run_set_hash(run_ids),
        "scenario": only_or_sorted(scenarios),
        "seed": only_or_sorted(seeds),
    }


def only_or_sorted(values):
    """Return the one value that all are, or a sorted list of the different ones."""
    different = sorted(set(values))
    return different[0] if len(different) == 1 else different


def describe_run(scenarios, policies, replicates, command, rows):
    """Return the executable part of a manifest: everything that decides the numbers.

    Parameters
    ----------
    scenarios : the scenario under each policy, the first of them the reference.
    policies : Policy objects, for their titles.
    command : list of arguments.
    rows : the design.
    """
    from experiments.storage.manifest import SCHEMA
    from model import MODEL_VERSION

    titles = {policy.name: {k: getattr(policy, k) for k in ("title", "question", "reference")} for policy in policies}
    return {
        "schema": SCHEMA,
        "command": list(command),
        "scenario": scenario_facts(scenarios[0]),
        "policies": [
            {
                "name": scenario.policy,
                **titles.get(scenario.policy, {}),
                "overlays": overlay_facts(scenario),
            }
            for scenario in scenarios
        ],
        "seed": scenarios[0].seed,
        "replicates": replicates,
        "model_version": MODEL_VERSION,
        "model_sha256": model_hash(),
        "code_version": code_version(),
        "packages": {name: installed(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "run_set_hash": run_set_hash(row.run_id for row in rows),
    }


def manifest_of(facts, status, error=None, design_sha256=None):
    """Return a manifest: an RO-Crate graph for readers, and under "loket" the facts for programs.

    Parameters
    ----------
    facts : as returned by `describe_run`, perhaps with more.
    status : Active, Completed or Failed.
    """
    scenario = facts["scenario"]
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": " ".join(facts["command"]) or "run",
        "description": scenario.get("question", ""),
        "instrument": {"@id": "#loket"},
        "object": [{"@id": "#scenario"}],
        "result": [{"@id": name} for name in ("design.parquet", "series/", "groups/", "flows/")],
        "actionStatus": f"http://schema.org/{status}ActionStatus",
    }
    if error:
        action["error"] = error
    software = {
        "@id": "#loket",
        "@type": "SoftwareApplication",
        "name": KEY,
        "softwareVersion": facts["code_version"],
        "softwareRequirements": [f"{name}=={version}" for name, version in sorted(facts["packages"].items())],
    }
    crate = {
        "@id": "./",
        "@type": "Dataset",
        "name": scenario.get("title", ""),
        "conformsTo": {"@id": PROFILE},
        "mentions": {"@id": "#run"},
    }
    graph = [
        crate,
        action,
        software,
        {"@id": "#scenario", "@type": "PropertyValue", "name": scenario["name"]},
    ]
    return {"@context": CRATE, "@graph": graph, "loket": {**facts, "design_sha256": design_sha256}}


def described(facts):
    """Return what every file drawn or derived from a result says of its origin; facts as of `describe_run`."""
    keys = ("seed", "replicates", "model_version", "model_sha256", "code_version", "run_set_hash")
    return {**{key: facts[key] for key in keys}, "scenario": facts["scenario"]["name"]}


def table_footer(facts, name, **more):
    """Return the metadata of the Parquet footer of a table of a result: key -> JSON, as bytes."""
    return {KEY.encode(): json.dumps({**described(facts), "table": name, **more}, sort_keys=True).encode()}


def figure_metadata(result, name):
    """Return the provenance to embed in a figure, as one line of ASCII JSON.

    PNG: text chunk "Loket"; SVG: metadata "Description"; PDF: "Keywords".
    """
    facts = result.manifest["loket"]
    extra = {"figure": name, "result_hash": result.hash, "matplotlib": facts["packages"].get("matplotlib")}
    return json.dumps({**described(facts), **extra}, sort_keys=True)


def read_provenance(path):
    """Return the provenance in a Parquet, PNG, SVG or PDF file; raises InputError if there is none."""
    path = Path(path)
    readers = {".parquet": from_parquet, ".png": from_png, ".svg": from_svg, ".pdf": from_pdf}
    if path.suffix.lower() not in readers:
        raise InputError("no provenance in such files", file=path, allowed=" ".join(readers))
    if not path.is_file():
        raise InputError("file not found", file=path)
    if path.stat().st_size > SIZE_LIMIT:
        raise InputError("too large to be one of ours", file=path, allowed=f"at most {SIZE_LIMIT:,} bytes")
    try:
        text = readers[path.suffix.lower()](path)
        found = json.loads(text) if text else None
    except (OSError, ValueError, struct.error, zlib.error) as error:
        raise InputError("cannot read provenance: damaged file", file=path, given=str(error)) from error
    if not isinstance(found, dict):
        raise InputError("this file carries no provenance of ours", file=path)
    return found


def from_parquet(path):
    """Return the text in a Parquet footer."""
    import pyarrow.parquet as pq

    with open(path, "rb") as stream:
        return (pq.read_schema(stream).metadata or {}).get(KEY.encode())


def from_png(path):
    """Return the text of the chunk "Loket" of a PNG file."""
    content, place = path.read_bytes(), 8
    while place + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        if kind == b"tEXt" and data.startswith(KEY.encode() + b"\0"):
            return data.split(b"\0", 1)[1].decode("latin-1")
        place += 12 + length
    return None


def from_svg(path):
    """Return the description in the metadata of an SVG file."""
    found = re.search(r"<dc:description>(.*?)</dc:description>", path.read_text(encoding="utf-8"), re.DOTALL)
    return html.unescape(found.group(1)) if found else None


def from_pdf(path):
    """Return the keywords of a PDF file."""
    found = re.search(rb"/Keywords \(((?:\\.|[^\\()])*)\)", path.read_bytes(), re.DOTALL)
    return re.sub(rb"\\(.)", rb"\1", found.group(1)).decode("ascii") if found else None


def command_line():
    """Return the arguments of this process; of absolute paths the name, as they mean nothing elsewhere."""
    return [Path(word).name if Path(word).is_absolute() else word for word in [Path(sys.argv[0]).name, *sys.argv[1:]]]
