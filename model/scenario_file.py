"""Scenario and policy files: reading, following `extends`, and checking every key where it stands."""

import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from model.checks import (
    NAME_ALLOWED,
    Place,
    fail,
    nearest_name,
    need_choice,
    need_integer,
    need_known_keys,
    need_list,
    need_name,
    need_number,
    need_table,
    need_text,
)
from model.errors import shorten
from model.overlays import MONTHS_LIMIT, read_date, read_overlay
from model.registry import KNOWN_MECHANISMS, load_mechanisms, load_observables, load_registry
from model.textfile import is_folder
from model.toml import read_toml

SCENARIOS = Path(__file__).parent.parent / "scenarios"
KINDS = ("case", "policy", "shock")
BUNDLED = {"policy": [SCENARIOS / "policies"], "shock": [SCENARIOS / "shocks"]}
SHARED_KEYS = ("schema", "kind", "name", "title", "question", "reference", "extends", "overlays")
CASE_KEYS = (
    "schema", "kind", "name", "title", "question", "reference", "extends", "start", "months", "seed",
    "replicates", "provinces", "citizens_per_office", "servants_per_office", "headline", "parameters",
    "regions", "mechanisms", "overlays",
)  # fmt: skip
REQUIRED = {
    "case": ("schema", "kind", "name", "start", "months", "provinces"),
    "policy": ("schema", "kind", "name", "overlays"),
    "shock": ("schema", "kind", "name", "overlays"),
}
INTEGERS = {
    "schema": (1, 1),
    "months": (1, MONTHS_LIMIT),
    "seed": (0, 2**32 - 1),
    "replicates": (1, 100_000),
    "citizens_per_office": (8, 65_535),
    "servants_per_office": (2, 1024),
}
TEXTS = {"title": 200, "question": 1000, "reference": 1000}
CITIZEN_BYTES = 64
OVERLAYS_LIMIT = 500
BASE = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\.toml)?")
BASE_ALLOWED = "a scenario's name, or a relative path below this folder"
TABLE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
PARAMETERS_ALLOWED = "a table of parameter names and numbers"


@dataclass
class Source:
    """A file with everything it extends merged in; `origins` says which file said what."""

    file: Path
    values: dict = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)
    regions: dict = field(default_factory=dict)
    mechanisms: dict = field(default_factory=dict)
    overlays: list = field(default_factory=list)
    origins: dict = field(default_factory=dict)  # dotted key -> Place

    def place(self, key):
        """Return where a key was given; the file itself if it was not."""
        return self.origins.get(key, Place(self.file, key))


def read_source(path, kinds):
    """Return the Source of a file of one of some kinds; raises InputError for the first fault found."""
    path = Path(path)
    chain = read_chain(path, kinds)
    source = Source(path)
    for file, content in reversed(chain):
        merge(source, file, content)
    if "name" not in chain[0][1]:  # a name is not inherited: two scenarios would share it
        fail(Place(path, "name"), "missing", allowed=NAME_ALLOWED)
    for key in REQUIRED[source.values.get("kind", "case")]:
        if key not in source.values and not (key == "overlays" and "overlays" in source.origins):
            fail(Place(path, key), "missing", allowed=allowed_text(key) or "required")
    return source


def read_chain(path, kinds):
    """Return [(file, content)] from a file to the last base it extends."""
    chain, seen = [], []
    while path is not None:
        content = read_toml(path, allowed_text)
        kind = check_kind(path, content, kinds)
        check_file(path, content, kind)
        chain.append((path, content))
        seen.append(path.resolve())
        kinds = (kind,)
        path = find_base(path, content["extends"], kind) if "extends" in content else None
        if path is not None and path.resolve() in seen:
            circle = " -> ".join(file.stem for file in [*seen[seen.index(path.resolve()) :], path])
            fail(Place(chain[-1][0], "extends"), f"circular 'extends': {shorten(circle, 300)}")
    return chain


def check_kind(path, content, kinds):
    """Return the kind of a file, which decides what it may hold."""
    place = Place(path, "kind")
    kind = content.get("kind", kinds[0])
    need_choice(place, kind, KINDS)
    if kind not in kinds:
        fail(place, f"a file of kind '{kind}' is not expected here", given=kind, allowed=" or ".join(kinds))
    return kind


def find_base(path, base, kind):
    """Return the file that `extends` means: beside the file, else among the bundled scenarios."""
    place = Place(path, "extends")
    need_text(place, base, 200, BASE_ALLOWED)
    if not BASE.fullmatch(base):
        fail(place, "not a scenario", given=base, allowed=BASE_ALLOWED)
    base = base.removesuffix(".toml")
    folders = [path.parent, SCENARIOS, *BUNDLED.get(kind, ())]
    for folder in folders:
        file = folder / f"{base}.toml"
        if file.is_file():
            return file
    files = [file for folder in folders if is_folder(folder) for file in folder.glob("*.toml")]
    found = sorted({file.stem for file in files if file.stem != path.stem})
    near = nearest_name(PurePosixPath(base).name, found, at_any_distance=True)
    names = ", ".join(shorten(name, 40) for name in found[:12])
    fail(place, f"base scenario '{shorten(base)}' not found", given=base, allowed=names, nearest=near)


def merge(source, file, content):
    """Lay the content of one file over what it extends: keys replace, tables merge, overlays append."""
    for key, value in content.items():
        if key == "parameters":
            merge_numbers(source, source.parameters, Place(file, key), "parameters", value)
        elif key == "mechanisms":
            for name, is_on in value.items():
                source.mechanisms[name] = is_on
                source.origins[f"mechanisms.{name}"] = Place(file, key) / name
        elif key == "regions":
            for name, numbers in value.items():
                known = source.regions.setdefault(name, {})
                merge_numbers(source, known, Place(file, key) / name, f"regions.{name}", numbers)
                source.origins[f"regions.{name}"] = Place(file, key) / name
        elif key == "overlays":
            for position, entry in enumerate(value):
                source.origins[f"overlays[{len(source.overlays)}]"] = Place(file, key)
                source.overlays.append(read_overlay(Place(file, key) / position, entry))
            source.origins["overlays"] = Place(file, key)
        elif key != "extends":
            source.values[key] = value
            source.origins[key] = Place(file, key)


def merge_numbers(source, known, place, prefix, numbers):
    """Lay parameters over those already known."""
    for name, value in numbers.items():
        known[name] = float(value)
        source.origins[f"{prefix}.{name}"] = place / name


def check_file(path, content, kind):
    """Check every key of one file by itself."""
    known = CASE_KEYS if kind == "case" else SHARED_KEYS
    need_known_keys(Place(path), content, known, f"known keys of a {kind}: " + ", ".join(known))
    for key, value in content.items():
        place = Place(path, key)
        if key in INTEGERS:
            check_integer(place, key, value)
        elif key in TEXTS:
            need_text(place, value, TEXTS[key])
        elif key in CHECKS:
            CHECKS[key](place, value)


def check_integer(place, key, value):
    """Check one of the integer keys, with a word on what too large a number would mean."""
    low, high = INTEGERS[key]
    if type(value) is int and value > high:
        if key == "schema":
            fail(place, "the file is from a newer version", given=value, allowed=allowed_text(key))
        if key == "citizens_per_office":
            need = f"would need {memory(value * CITIZEN_BYTES)} of memory in each office"
            fail(place, f"outside its range; {need} at {CITIZEN_BYTES} bytes a citizen", given=value,
                 allowed=allowed_text(key))  # fmt: skip
    need_integer(place, value, low, high)


def memory(size):
    """Return a number of bytes in readable units."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    step = min(len(units) - 1, max(0, (len(str(size)) - 1) // 3))
    return f"{size / 1000**step:,.1f} {units[step]}"


def check_headline(place, value):
    """Check the list of observables that a comparison opens with."""
    observables = load_observables()
    need_list(place, value, "a list of observables")
    for position, name in enumerate(value):
        if not isinstance(name, str):
            need_text(place / position, name, 64, "text (an observable)")
        need_choice(place / position, name, observables, "known observables: run.py describe observables")


def check_parameters(place, value):
    """Check a table of parameter values."""
    registry = load_registry()
    need_table(place, value, PARAMETERS_ALLOWED)
    need_known_keys(place, value, registry, "known parameters: run.py describe parameters")
    for name, number in value.items():
        check_parameter(place / name, registry[name], number)


def check_parameter(place, parameter, number):
    """Check one value against its registry entry."""
    if parameter.type == "integer":
        need_integer(place, number, int(parameter.low), int(parameter.high))
    need_number(place, number, parameter.low, parameter.high, parameter.allowed)


def check_regions(place, value):
    """Check the tables of single provinces; whether the provinces exist is known only after merging."""
    need_table(place, value, "a table of provinces, each a table of parameters")
    for name, numbers in value.items():
        check_parameters(place / name, numbers)


def check_mechanisms(place, value):
    """Check the table of switches."""
    need_table(place, value, "a table of mechanisms, each true or false")
    need_known_keys(place, value, load_mechanisms(), KNOWN_MECHANISMS)
    for name, is_on in value.items():
        if not isinstance(is_on, bool):
            fail(place / name, "not a truth value", given=is_on, allowed="true or false")


def check_overlays(place, value):
    """Check the overlays."""
    if not isinstance(value, list):
        fail(place, "not an array of tables", given=value, allowed="[[overlays]]")
    if len(value) > OVERLAYS_LIMIT:
        fail(place, "too many", given=f"{len(value)} overlays", allowed=f"0..{OVERLAYS_LIMIT} overlays")
    for position, entry in enumerate(value):
        read_overlay(place / position, entry)


def check_provinces(place, value):
    """Check the name of the table of provinces."""
    need_text(place, value, 100, "a .csv file beside this file")
    if not TABLE_FILE.fullmatch(value) or not value.endswith(".csv"):
        allowed = "the name of a .csv file beside this file, no folders"
        fail(place, "not a file name", given=value, allowed=allowed)


CHECKS = {
    "name": need_name,
    "start": read_date,
    "provinces": check_provinces,
    "headline": check_headline,
    "parameters": check_parameters,
    "regions": check_regions,
    "mechanisms": check_mechanisms,
    "overlays": check_overlays,
    "kind": partial(need_choice, choices=KINDS),
}


def allowed_text(key):
    """Return what a dotted key accepts, in words, or None if nothing is known about it."""
    if key in INTEGERS:
        return "integer {}..{}".format(*INTEGERS[key])
    texts = {"kind": "one of " + ", ".join(KINDS), "name": NAME_ALLOWED}
    if key.startswith("parameters."):
        parameter = load_registry().get(key.removeprefix("parameters."))
        return parameter.allowed if parameter else None
    return texts.get(key)
