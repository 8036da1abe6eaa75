"""What is simulated: a case (provinces, months, parameters) with its history and at most some policies."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path

from model.checks import Place, fail, need_choice, need_file
from model.overlays import Overlay, RawOverlay, bind, month_index, read_date, settle
from model.parameter_table import BASELINE
from model.provinces import Region, read_provinces
from model.registry import KNOWN_MECHANISMS, load_mechanisms, load_observables, load_registry
from model.scenario_file import CITIZEN_BYTES, INTEGERS, check_parameter, memory, read_source
from model.textfile import shown

__all__ = ["Overlay", "Policy", "Region", "Scenario", "explain", "load_policy", "load_scenario"]

PEOPLE_LIMIT = 50_000_000
DEFAULTS = {"seed": 1, "replicates": 20, "citizens_per_office": 64, "servants_per_office": 12}
UNITS = {
    "start": "year-month",
    "months": "months",
    "replicates": "runs",
    "citizens_per_office": "citizens",
    "servants_per_office": "civil servants",
}
REGION_RESULTS = (
    "name", "island_group", "regencies", "cities", "population", "internet_index", "cost_multiplier",
    "remote",
)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """A policy or shock as written; `with_policy` binds it to a scenario."""

    name: str
    title: str
    question: str
    reference: str
    overlays: tuple[RawOverlay, ...]
    file: str


@dataclass(frozen=True)
class Scenario:
    """Everything that decides a run, checked and resolved.

    `parameters` holds every registry name; `overlays` the history of the case and the policies;
    `switched_off` the mechanisms that are off, sorted; `origins` says which file each dotted key came from.
    """

    name: str
    title: str
    question: str
    reference: str
    start: tuple[int, int]
    months: int
    seed: int
    replicates: int
    regions: tuple[Region, ...]
    citizens_per_office: int
    servants_per_office: int
    headline: tuple[str, ...]
    parameters: dict[str, float]
    region_parameters: dict[str, dict[str, float]] = field(default_factory=dict)
    overlays: tuple[Overlay, ...] = ()
    switched_off: tuple[str, ...] = ()
    policy: str = BASELINE
    origins: dict[str, str] = field(default_factory=dict)

    @property
    def offices(self):
        """How many offices are simulated: all that exist."""
        return sum(region.offices for region in self.regions)

    @property
    def citizens(self):
        """How many citizens are simulated; each stands for many."""
        return self.offices * self.citizens_per_office

    @property
    def servants(self):
        """How many civil servants are simulated."""
        return self.offices * self.servants_per_office

    @property
    def population(self):
        """How many inhabitants the provinces have."""
        return sum(region.population for region in self.regions)

    def with_policy(self, policy):
        """Return this scenario with a policy on top; several compose, their names joined by +."""
        bound = tuple(bind(raw, self, policy.name) for raw in policy.overlays)
        name = policy.name if self.policy == BASELINE else f"{self.policy}+{policy.name}"
        return replace(self, policy=name, overlays=settle(self, self.overlays + bound))

    def with_parameters(self, **changes):
        """Return this scenario with other parameter values, checked; money of policies is resolved anew."""
        registry = load_registry()
        parameters = dict(self.parameters)
        for name, value in changes.items():
            place = Place(None, f"parameters.{name}")
            need_choice(place, name, registry, "known parameters")
            value = value.item() if hasattr(value, "item") else value
            if registry[name].type == "integer" and isinstance(value, float) and isfinite(value):
                value = int(value) if value == int(value) else value
            check_parameter(place, registry[name], value)
            parameters[name] = float(value)
        origins = {**self.origins, **{f"parameters.{name}": "changed after loading" for name in changes}}
        changed = replace(self, parameters=parameters, origins=origins)
        return replace(changed, overlays=settle(changed, self.overlays))

    def with_mechanisms(self, **switches):
        """Return this scenario with mechanisms switched on (true) or off (false)."""
        off = set(self.switched_off)
        for name, is_on in switches.items():
            need_choice(Place(None, f"mechanisms.{name}"), name, load_mechanisms(), KNOWN_MECHANISMS)
            (off.discard if is_on else off.add)(name)
        origins = {**self.origins, **{f"mechanisms.{name}": "changed after loading" for name in switches}}
        return replace(self, switched_off=tuple(sorted(off)), origins=origins)

    def canonical(self):
        """Return what decides results as plain data: no titles, paths, replicates or headline."""
        return {
            "start": f"{self.start[0]:04d}-{self.start[1]:02d}",
            "months": self.months,
            "seed": self.seed,
            "citizens_per_office": self.citizens_per_office,
            "servants_per_office": self.servants_per_office,
            "regions": [{key: getattr(region, key) for key in REGION_RESULTS} for region in self.regions],
            "parameters": dict(sorted(self.parameters.items())),
            "switched_off": list(self.switched_off),
            "region_parameters": {
                name: dict(sorted(values.items())) for name, values in sorted(self.region_parameters.items())
            },
            "overlays": [canonical_overlay(overlay) for overlay in self.overlays],
        }

    def fingerprint(self):
        """Return the SHA-256 of the canonical form, as 64 hexadecimal digits."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def month_label(self, month):
        """Return the calendar month of a month index, such as "2014-03".

        Month 1 is the first that is simulated (`start`); month 0 is the state in which it begins.
        """
        months = self.start[0] * 12 + self.start[1] - 2 + month
        return f"{months // 12:04d}-{months % 12 + 1:02d}"


def canonical_overlay(overlay):
    """Return what an overlay does as plain data."""
    keys = ("parameter", "start", "end", "mode", "amount", "ramp")
    return {**{key: getattr(overlay, key) for key in keys}, "where": list(overlay.where)}


def load_scenario(path, **settings):
    """Return the Scenario of a file of kind "case", with everything it extends; raises InputError.

    Parameters
    ----------
    path : the file.
    settings : checked whole numbers that replace those of the file, such as months=24.
    """
    source = read_source(path, ("case",))
    values = {**DEFAULTS, **source.values, **settings}
    provinces = source.place("provinces")
    parameters = {name: parameter.default for name, parameter in load_registry().items()} | source.parameters
    scenario = Scenario(
        **texts(values),
        start=read_date(source.place("start"), values["start"]),
        regions=read_provinces(need_file(provinces, values["provinces"])),
        headline=tuple(values.get("headline", default_headline())),
        parameters=parameters,
        region_parameters=source.regions,
        switched_off=tuple(sorted(name for name, is_on in source.mechanisms.items() if not is_on)),
        origins=origins_of(source),
        **{key: values[key] for key in INTEGERS if key != "schema"},
    )
    check_whole(source, scenario)
    overlays = tuple(bind(raw, scenario, BASELINE) for raw in source.overlays if not is_later_history(raw, scenario, path))
    return replace(scenario, overlays=settle(scenario, overlays))


def is_later_history(raw, scenario, path):
    """Tell whether an overlay was inherited and begins after the run: a shorter run of a case ends before its history."""
    return raw.place.file != Path(path) and month_index(raw.start, scenario.start) > scenario.months


def load_policy(path):
    """Return the Policy of a file of kind "policy" or "shock", with what it extends; raises InputError."""
    source = read_source(path, ("policy", "shock"))
    return Policy(**texts(source.values), overlays=tuple(source.overlays), file=shown(path))


def texts(values):
    """Return the texts that describe a scenario or policy."""
    described = {key: values.get(key, "") for key in ("question", "reference")}
    return {"name": values["name"], "title": values.get("title", values["name"]), **described}


def default_headline():
    """Return the observables that the registry marks as headline."""
    return tuple(name for name, observable in load_observables().items() if observable.headline)


def check_whole(source, scenario):
    """Check what depends on several keys: provinces that exist, and the number of people simulated."""
    names = [region.name for region in scenario.regions]
    for name in scenario.region_parameters:
        need_choice(source.place(f"regions.{name}"), name, names, "provinces of the scenario")
    people = scenario.citizens + scenario.servants + scenario.offices
    if people > PEOPLE_LIMIT:
        need = f"need about {memory(people * CITIZEN_BYTES)} of memory at {CITIZEN_BYTES} bytes a citizen"
        fail(
            source.place("citizens_per_office"),
            f"{people:,} people in {scenario.offices:,} offices {need}",
            given=scenario.citizens_per_office,
            allowed=f"at most {PEOPLE_LIMIT:,} simulated people",
        )


def origins_of(source):
    """Return which file each resolved dotted key came from."""
    given = {key: shown(place.file) for key, place in source.origins.items()}
    defaults = {f"parameters.{name}": parameter.origin for name, parameter in load_registry().items()}
    built_in = dict.fromkeys(("title", "question", "reference", *DEFAULTS), "default")
    return {**built_in, "headline": "registry: model/observables.toml", **defaults, **given}


def explain(scenario):
    """Return rows (dotted key, value, unit, origin) for every resolved value of a scenario."""
    registry = load_registry()
    origin = scenario.origins.get
    rows = [("name", scenario.name, "", origin("name", ""))]
    rows += [(key, getattr(scenario, key), "", origin(key, "")) for key in ("title", "question", "reference")]
    rows.append(("start", scenario.month_label(1), UNITS["start"], origin("start", "")))
    keys = ("months", "seed", "replicates", "citizens_per_office", "servants_per_office")
    rows += [(key, getattr(scenario, key), UNITS.get(key, ""), origin(key, "")) for key in keys]
    rows.append(("headline", ", ".join(scenario.headline), "", origin("headline", "")))
    counts = len(scenario.regions), scenario.offices, scenario.population
    provinces = "{} provinces, {} offices, {} inhabitants".format(*counts)
    rows.append(("provinces", provinces, "", origin("provinces", "")))
    for name, value in scenario.parameters.items():
        rows.append((f"parameters.{name}", value, registry[name].unit, origin(f"parameters.{name}", "")))
    for region, values in scenario.region_parameters.items():
        for name, value in values.items():
            key = f"regions.{region}.{name}"
            rows.append((key, value, registry[name].unit, origin(key, "")))
    for name in load_mechanisms():
        key = f"mechanisms.{name}"
        rows.append(
            (key, "off" if name in scenario.switched_off else "on", "", origin(key, "registry: model/mechanisms.toml"))
        )
    for position, overlay in enumerate(scenario.overlays):
        span = f"{scenario.month_label(overlay.start)} to {scenario.month_label(overlay.end - 1)}"
        edit = f"{overlay.parameter} {overlay.mode} {overlay.amount:.6g}"
        value = f"{edit}, {span}, {len(overlay.where)} provinces"
        rows.append((f"overlays[{position}]", value, registry[overlay.parameter].unit, overlay.origin))
    return rows
