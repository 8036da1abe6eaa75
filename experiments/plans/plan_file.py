"""Plan files: a question in TOML that says what varies, by which design, under which policies, how often."""

from dataclasses import dataclass
from pathlib import Path

from experiments.methods import IN_PLACE_OF_DESIGN, OPTIMISE, SENSITIVITY
from experiments.plans.constraints import read_constraints
from experiments.plans.factors import read_factors
from model.checks import (
    NAME_ALLOWED,
    Place,
    fail,
    nearest_name,
    need_choice,
    need_integer,
    need_keys,
    need_known_keys,
    need_list,
    need_name,
    need_table,
    need_text,
)
from model.registry import load_observables
from model.scenario_file import INTEGERS, KINDS, SCENARIOS, TEXTS, check_headline
from model.toml import read_toml

KIND = "plan"
EVERY_KIND = (*KINDS, KIND, "calibration", "target")
PLANS = SCENARIOS / "plans"
KEYS = (
    "schema", "kind", "name", "title", "question", "reference", "scenario", "scenarios", "replicates", "seed",
    "policies", "headline", "figures", "settings", "design", "sensitivity", "optimise", "discover", "factors",
    "constraints",
)  # fmt: skip
SETTINGS = ("months", "citizens_per_office", "servants_per_office")
FIGURES = (
    "cells", "contrasts", "paths", "response", "heat_map", "interaction", "parallel_coordinates", "half_width",
)  # fmt: skip
METHODS = {  # method -> its options
    "grid": ("levels",),
    "zip": (),
    "latin-hypercube": ("points", "seed"),
    "sobol": ("points", "seed"),
    "independent": ("points", "seed"),
    "one-at-a-time": ("levels",),
    "csv": ("file",),
    "scenarios": (),
    "replicates": (),
}
WITHOUT_FACTORS = ("csv", "scenarios", "replicates", OPTIMISE)
OPTIONS = {"levels": (2, 10_000), "points": (1, 1_000_000), "seed": (0, 2**32 - 1)}


@dataclass(frozen=True)
class Plan:
    """A checked plan.

    Attributes
    ----------
    scenarios, policies : files. settings : keys of the scenario that the plan replaces.
    replicates, seed : as given, or None for the scenario's.
    method, options : the design. factors : what varies. constraints : what points must fulfil.
    headline : observables that summaries and figures open with; () for the scenario's.
    figures : names of the figures to draw; () for all that the result can fill.
    """

    name: str
    title: str
    question: str
    reference: str
    scenarios: tuple[Path, ...]
    policies: tuple[Path, ...]
    replicates: int | None
    seed: int | None
    settings: dict
    method: str
    options: dict
    factors: tuple
    constraints: tuple
    headline: tuple[str, ...]
    file: Path
    figures: tuple[str, ...] = ()


def read_plan(path):
    """Return the Plan of a TOML file; raises InputError naming file, key, what was given and what is allowed."""
    path = Path(path)
    content = read_toml(path)
    place = Place(path)
    check_head(place, content)
    method, options, factors = read_method(place, content, read_factors(place / "factors", content.get("factors", {})))
    need_matching_factors(place / "factors", method, factors)
    texts = {key: content.get(key, "") for key in ("question", "reference")}
    return Plan(
        name=content["name"],
        title=content.get("title", content["name"]),
        **texts,
        scenarios=read_scenarios(place, content, method),
        policies=read_files(place / "policies", content.get("policies", []), SCENARIOS / "policies", "policy"),
        replicates=content.get("replicates"),
        seed=content.get("seed"),
        settings=content.get("settings", {}),
        method=method,
        options=options,
        factors=factors,
        constraints=read_constraints(place / "constraints", content.get("constraints", []), factors),
        headline=tuple(content.get("headline", ())),
        file=path,
        figures=tuple(content.get("figures", ())),
    )


def need_kind(place, content, kind):
    """Require a file of a kind before its keys are judged, all of which would be unknown in a file of another kind."""
    given = content.get("kind", kind)
    if isinstance(given, str) and given != kind:
        words = f"a file of kind '{given}' is not expected here" if given in EVERY_KIND else "unknown"
        fail(place / "kind", words, given=given, allowed=kind, nearest=nearest_name(given, (kind,)))


def check_head(place, content):
    """Check everything but design, factors and files."""
    need_kind(place, content, KIND)
    need_known_keys(place, content, KEYS, "known keys of a plan: " + ", ".join(KEYS))
    needed = next((key for key in IN_PLACE_OF_DESIGN if key in content), "design")
    need_keys(place, content, {"schema": "1", "kind": KIND, "name": NAME_ALLOWED, needed: "a table [design] with a method"})
    need_choice(place / "kind", content["kind"], (KIND,))
    need_name(place / "name", content["name"])
    for key in ("schema", "replicates", "seed"):
        if key in content:
            need_integer(place / key, content[key], *INTEGERS[key])
    for key, limit in TEXTS.items():
        need_text(place / key, content.get(key, ""), limit)
    if "headline" in content:
        check_headline(place / "headline", content["headline"])
    if "figures" in content:
        check_figures(place / "figures", content["figures"])
    settings = content.get("settings", {})
    need_table(place / "settings", settings, "a table of " + ", ".join(SETTINGS))
    need_known_keys(place / "settings", settings, SETTINGS)
    for key, value in settings.items():
        need_integer(place / "settings" / key, value, *INTEGERS[key])


def read_method(place, content, factors):
    """Return (method, options, factors) of the table [design], or of the table that stands in its place."""
    method = next((key for key in IN_PLACE_OF_DESIGN if key in content), None)
    if method is None:
        return *read_design(place / "design", content.get("design")), factors
    excluded, why = IN_PLACE_OF_DESIGN[method]
    for key in (*excluded, *(other for other in IN_PLACE_OF_DESIGN if other != method)):
        if key in content:
            fail(place / key, f"given together with {method}", allowed=why)
    if method == SENSITIVITY:
        from experiments.sensitivity.settings import read_sensitivity

        return method, *read_sensitivity(place / method, content[method], factors)
    if method == OPTIMISE:
        from experiments.optimise.settings import read_optimise

        return method, read_optimise(place / method, content[method]), factors
    from experiments.discovery.settings import read_discovery

    return method, *read_discovery(place / method, content[method], factors)


def check_figures(place, names):
    """Require a list of figures that sweeps can draw."""
    need_list(place, names, "a list of figures: " + ", ".join(FIGURES))
    for position, name in enumerate(names):
        need_choice(place / position, name, FIGURES)


def read_design(place, table):
    """Return (method, options) of the table [design]."""
    need_table(place, table, "a table with a method")
    need_keys(place, table, {"method": "one of " + ", ".join(METHODS)})
    method = table["method"]
    need_choice(place / "method", method, METHODS)
    need_known_keys(place, table, ("method", *METHODS[method]), known_options(method))
    options = {key: value for key, value in table.items() if key != "method"}
    for key, limits in OPTIONS.items():
        if key in options:
            need_integer(place / key, options[key], *limits)
    if "points" in METHODS[method] and "points" not in options:
        fail(place / "points", "missing", allowed="integer {}..{}".format(*OPTIONS["points"]))
    if method == "csv":
        if "file" not in options:
            fail(place / "file", "missing", allowed="the name of a .csv file beside this file")
        need_text(place / "file", options["file"], 200)
    return method, options


def known_options(method):
    """Return what the table of a method may hold, in words."""
    return f"known keys of method {method}: " + ", ".join(("method", *METHODS[method]))


def need_matching_factors(place, method, factors):
    """Require factors where the method varies something, and none where it does not."""
    if method in WITHOUT_FACTORS and factors:
        words = "the header of the CSV file" if method == "csv" else "no factors"
        fail(place, f"method {method} takes {words}", given=factors[0].name, allowed="no [factors]")
    if method not in WITHOUT_FACTORS and not factors:
        fail(place, "missing", allowed="at least one table [factors.NAME]")
    if method == "zip":
        lengths = {factor.name: len(factor.values) for factor in factors}
        if 0 in lengths.values() or len(set(lengths.values())) > 1:
            given = ", ".join(f"{name}: {length or 'no'} values" for name, length in lengths.items())
            fail(
                place, "method zip pairs lists of equal length", given=given, allowed="values of one length for each factor"
            )


def read_scenarios(place, content, method):
    """Return the files of the scenarios: one, or several where the design names them."""
    given = [key for key in ("scenario", "scenarios") if key in content]
    if len(given) != 1:
        fail(place / "scenario", "missing" if not given else "given together with scenarios",
             allowed="either scenario or scenarios")  # fmt: skip
    if given == ["scenarios"]:
        need_list(place / "scenarios", content["scenarios"], "a list of scenarios")
        return read_files(place / "scenarios", content["scenarios"], SCENARIOS, "scenario")
    return (find_file(place / "scenario", content["scenario"], SCENARIOS, "scenario"),)


def read_files(place, names, bundled, kind):
    """Return the files that a list of names or relative paths means."""
    if names:
        need_list(place, names, f"a list of names or relative paths ({kind})")
    return tuple(find_file(place / position, name, bundled, kind) for position, name in enumerate(names))


def find_file(place, text, bundled, kind):
    """Return the file that a bundled name, or a path relative to the plan, means."""
    need_text(place, text, 200, f"the name of a {kind}, or a path relative to this file")
    for file in (place.file.parent / text, bundled / f"{text}.toml"):
        if file.suffix == ".toml" and file.is_file():
            return file
    known = sorted(file.stem for file in bundled.glob("*.toml"))
    beside = sorted(file.name for file in place.file.parent.glob("*.toml"))
    allowed = f"a .toml file relative to this file, or one of: {', '.join(known)}"
    fail(place, f"no such {kind}", given=text, allowed=allowed, nearest=nearest_name(text, [*known, *beside]))


def observables_of(plan, scenario):
    """Return the observables that a plan opens with: its own, or those of its scenario."""
    return plan.headline or scenario.headline or tuple(load_observables())[:1]
