"""The registry: every parameter and every observable, with unit, range, source and meaning.

The TOML files beside this module are the only source; nothing else in the project types a range or a unit.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from model.checks import (
    Place,
    fail,
    nearest_name,
    need_choice,
    need_known_keys,
    need_number,
    need_table,
    need_text,
)
from model.toml import read_toml

HERE = Path(__file__).parent
ROLES = ("lever", "uncertainty", "constant")
STATUSES = ("measured", "estimated", "calibrated", "assumed")
TYPES = ("number", "integer")
EXPOSURES = ("servant", "leader", "office", "citizen")
DIRECTIONS = ("higher", "lower", "neither")
PARAMETER_FIELDS = (
    "label", "default", "unit", "low", "high", "role", "status", "source", "meaning", "rules",
)  # fmt: skip
PRICE_FIELDS = ("cost", "cost_per", "improves")
START, EVERY_MONTH = "start", "every month"
MECHANISM_FIELDS = ("label", "meaning", "rules", "off")
KNOWN_MECHANISMS = "known mechanisms: run.py describe mechanisms"
OBSERVABLE_FIELDS = ("label", "unit", "direction", "meaning", "concept", "headline")
RULE = re.compile(r"R\d{1,3}[a-z]?")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Parameter:
    """One entry of the registry; `group` is the file it stands in."""

    name: str
    group: str
    label: str
    default: float
    unit: str
    low: float
    high: float
    role: str
    status: str
    source: str
    meaning: str
    rules: tuple[str, ...]
    type: str = "number"
    read_at: str = EVERY_MONTH  # or START: the initial state is drawn with it, and later values change nothing
    cost: str | None = None  # the parameter holding the price of one unit for a year and one `cost_per`
    cost_per: str | None = None
    improves: int | None = None  # the direction in which money moves the lever

    @property
    def allowed(self):
        """What a value must be, in words."""
        return f"{self.type} {self.low:.15g}..{self.high:.15g}"

    @property
    def origin(self):
        """Where the default stands."""
        return f"registry: model/parameters/{self.group}.toml"


@dataclass(frozen=True)
class Mechanism:
    """Something that happens in the model and can be switched off: `off` holds the values that do it."""

    name: str
    label: str
    meaning: str
    rules: tuple[str, ...]
    off: MappingProxyType


@dataclass(frozen=True)
class Observable:
    """One number that a run reports each month."""

    name: str
    label: str
    unit: str
    direction: str
    meaning: str
    concept: str
    headline: bool


@cache
def load_registry(folder=HERE / "parameters"):
    """Return all parameters of a folder as a read-only mapping of name to Parameter.

    The order is that of the sorted file names, then that of each file. Raises InputError naming file and key.
    """
    folder = Path(folder)
    registry, files = {}, {}
    for file in sorted(folder.glob("*.toml")):
        for name, entry in read_toml(file).items():
            place = Place(file, name)
            if name in registry:
                fail(place, f"declared twice; first in {files[name].name}")
            registry[name] = read_parameter(place, name, entry)
            files[name] = file
    if not registry:
        fail(Place(folder, None), "no parameters found", allowed="a folder of .toml files")
    for name, parameter in registry.items():
        check_price(Place(files[name], name), parameter, registry)
    return MappingProxyType(registry)


@cache
def load_observables(file=HERE / "observables.toml"):
    """Return all observables of a file as a read-only mapping of name to Observable, in its order."""
    entries = read_toml(file).items()
    observables = {name: read_observable(Place(file, name), name, entry) for name, entry in entries}
    if not any(observable.headline for observable in observables.values()):
        fail(Place(file, None), "no observable is a headline")
    return MappingProxyType(observables)


@cache
def load_mechanisms(file=HERE / "mechanisms.toml"):
    """Return all mechanisms of a file as a read-only mapping of name to Mechanism, in its order."""
    return MappingProxyType(
        {name: read_mechanism(Place(file, name), name, entry) for name, entry in read_toml(file).items()}
    )


def read_mechanism(place, name, entry):
    """Return one checked Mechanism; its `off` values may lie outside the range of a parameter, but must be finite."""
    need_entry(place, name, entry, MECHANISM_FIELDS, ())
    for field in ("label", "meaning"):
        need_filled_text(place / field, entry[field])
    need_sentence(place / "meaning", entry["meaning"])
    need_rules(place / "rules", entry["rules"])
    need_table(place / "off", entry["off"], "a table of parameters and the values that take their effect away")
    need_known_keys(place / "off", entry["off"], load_registry(), "known parameters: run.py describe parameters")
    off = {}
    for parameter, value in entry["off"].items():
        need_number(place / "off" / parameter, value, -1e12, 1e12)
        off[parameter] = float(value)
    return Mechanism(name, entry["label"], entry["meaning"], tuple(entry["rules"]), MappingProxyType(off))


def read_parameter(place, name, entry):
    """Return one checked Parameter."""
    need_entry(place, name, entry, PARAMETER_FIELDS, ("type", "read_at", *PRICE_FIELDS))
    for field in ("label", "unit", "source", "meaning"):
        need_filled_text(place / field, entry[field])
    need_choice(place / "role", entry["role"], ROLES)
    need_choice(place / "status", entry["status"], STATUSES)
    need_choice(place / "type", entry.get("type", "number"), TYPES)
    need_choice(place / "read_at", entry.get("read_at", EVERY_MONTH), (START, EVERY_MONTH))
    need_rules(place / "rules", entry["rules"])
    need_sentence(place / "meaning", entry["meaning"])
    need_order(place, entry)
    fields = {**entry, "rules": tuple(entry["rules"])}
    fields.update({bound: float(entry[bound]) for bound in ("low", "default", "high")})
    return Parameter(name=name, group=Path(place.file).stem, **fields)


def need_order(place, entry):
    """Require low <= default <= high, low < high, all finite; whole numbers for integers."""
    for bound in ("low", "default", "high"):
        value = entry[bound]
        need_number(place / bound, value, float("-inf"), float("inf"))
        if not isfinite(value):
            fail(place / bound, "must be finite", given=value)
        if entry.get("type") == "integer" and not isinstance(value, int):
            fail(place / bound, "must be an integer", given=value)
    if not entry["low"] <= entry["default"] <= entry["high"] or entry["low"] == entry["high"]:
        bounds = " ".join(f"{bound} {entry[bound]}" for bound in ("low", "default", "high"))
        allowed = "low <= default <= high, low < high"
        fail(place / "default", "not within its range", given=bounds, allowed=allowed)


def check_price(place, parameter, registry):
    """Require the three price fields together, on levers only, and a price that exists."""
    given = [field for field in PRICE_FIELDS if getattr(parameter, field) is not None]
    if not given:
        return
    if len(given) < len(PRICE_FIELDS) or parameter.role != "lever":
        allowed = "all of cost, cost_per, improves, or none"
        fail(place, "a price belongs to a lever", given=given, allowed=allowed)
    need_choice(place / "cost_per", parameter.cost_per, EXPOSURES)
    if parameter.improves not in (1, -1) or isinstance(parameter.improves, bool):
        fail(place / "improves", "not a direction", given=parameter.improves, allowed="1 or -1")
    if not isinstance(parameter.cost, str) or parameter.cost not in registry:
        near = nearest_name(parameter.cost, registry)
        fail(place / "cost", "no such parameter", given=parameter.cost, nearest=near)


def read_observable(place, name, entry):
    """Return one checked Observable."""
    need_entry(place, name, entry, OBSERVABLE_FIELDS, ())
    for field in ("label", "unit", "meaning", "concept"):
        need_filled_text(place / field, entry[field])
    need_choice(place / "direction", entry["direction"], DIRECTIONS)
    need_sentence(place / "meaning", entry["meaning"])
    if not isinstance(entry["headline"], bool):
        fail(place / "headline", "not a truth value", given=entry["headline"], allowed="true or false")
    return Observable(name=name, **entry)


def need_entry(place, name, entry, required, optional):
    """Require an identifier as name and a table with all required and no unknown fields."""
    if not IDENTIFIER.fullmatch(name):
        fail(place, "not an identifier", allowed=IDENTIFIER.pattern)
    need_table(place, entry, "a table of fields")
    need_known_keys(place, entry, (*required, *optional))
    for field in required:
        if field not in entry:
            fail(place / field, "missing")


def need_filled_text(place, value):
    """Require text that is not empty."""
    need_text(place, value, 500)
    if not value.strip():
        fail(place, "empty", allowed="text")


def need_sentence(place, value):
    """Require text that ends with a full stop."""
    if not value.endswith("."):
        fail(place, "must end with a full stop", given=value)


def need_rules(place, value):
    """Require a list of rule names such as "R14"."""
    rules = value if isinstance(value, list) else [None]
    if not all(isinstance(rule, str) and RULE.fullmatch(rule) for rule in rules):
        fail(place, "not a list of rules", given=value, allowed='a list such as ["R14"]')
