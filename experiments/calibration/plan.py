"""Calibration plans: a scenario, targets, what may vary between which bounds, and which points are left out of the fit."""

from dataclasses import dataclass
from pathlib import Path

from experiments.calibration.particles import FINAL_SIZE
from experiments.calibration.targets import FOLDER as TARGETS
from experiments.calibration.targets import Target, read_target
from experiments.calibration.tidy import YEARS
from experiments.plans.factors import read_factors
from experiments.plans.plan_file import SETTINGS, find_file, need_kind
from model.checks import (
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
from model.scenario_file import INTEGERS, SCENARIOS, TEXTS
from model.toml import read_toml

KIND = "calibration"
FOLDER = SCENARIOS / "calibrations"
KEYS = (
    "schema", "kind", "name", "title", "question", "reference", "scenario", "targets", "seed", "settings", "calibration",
    "split", "factors",
)  # fmt: skip
REQUIRED = ("schema", "kind", "name", "scenario", "targets", "factors")
SIZES = {"first": (8, 100_000), "size": (8, 100_000), "generations": (1, 100), "seed": (0, 2**32 - 1)}
DEFAULT_SIZES = {"first": 256, "size": 192, "generations": 5, "seed": 1}
FEWEST_RUNS = 2 * int(FINAL_SIZE)  # a posterior is widened until so many count; of fewer runs it would be the prior
SPLIT = ("last", "years", "groups")


@dataclass(frozen=True)
class Held:
    """Which points of a target are left out of the fit: the last so many years of each group, named years, named groups."""

    last: int = 0
    years: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalibrationPlan:
    """A checked calibration plan.

    Attributes
    ----------
    targets : Target objects. held : for each target which of its points are left out of the fit (booleans).
    factors : Factor objects; the prior is uniform between their bounds. sizes : first, size, generations, seed.
    """

    name: str
    title: str
    question: str
    reference: str
    scenario: Path
    seed: int | None
    settings: dict
    sizes: dict
    targets: tuple[Target, ...]
    held: tuple[tuple[bool, ...], ...]
    factors: tuple
    file: Path


def read_calibration(path):
    """Return the CalibrationPlan of a TOML file; raises InputError naming file, key, given and allowed."""
    path = Path(path)
    content, place = read_toml(path), Place(path)
    check_head(place, content)
    names = content["targets"]
    need_list(place / "targets", names, "a list of targets")
    files = [find_file(place / "targets" / number, name, TARGETS, "target") for number, name in enumerate(names)]
    targets = tuple(read_target(file) for file in files)
    for number, target in enumerate(targets):
        if target.name in [other.name for other in targets[:number]]:
            fail(place / "targets" / number, "two of one name", given=target.name, allowed="different names")
    if not any(target.role == "fit" and target.weight > 0.0 for target in targets):
        fail(place / "targets", "none of them is fitted", given=", ".join(names),
             allowed='at least one of role "fit" with a weight above 0')  # fmt: skip
    factors = read_factors(place / "factors", content["factors"])
    for factor in factors:
        if factor.type != "number" or factor.values:
            fail(place / "factors" / factor.name, "cannot be estimated", given=factor.type,
                 allowed="parameters of type number, with low and high")  # fmt: skip
        if factor.mode is not None or factor.levels is not None:
            fail(place / "factors" / factor.name, "has more than bounds; the prior is uniform between them",
                 given=", ".join(content["factors"][factor.name]), allowed="low and high")  # fmt: skip
    split = read_split(place / "split", content.get("split", {}), targets)
    held = tuple(held_points(target, split[target.name], place / "split") for target in targets)
    for target, out in zip(targets, held, strict=True):
        need_unknown_surveys(place / "split", target, out)
    sizes = read_sizes(place / "calibration", content.get("calibration", {}))
    return CalibrationPlan(
        **{key: content.get(key, "") for key in ("name", "question", "reference")},
        title=content.get("title", content["name"]),
        scenario=find_file(place / "scenario", content["scenario"], SCENARIOS, "scenario"),
        seed=content.get("seed"),
        settings=content.get("settings", {}),
        sizes=sizes,
        targets=targets,
        held=held,
        factors=factors,
        file=path,
    )


def check_head(place, content):
    """Check the keys that need no other file."""
    need_kind(place, content, KIND)
    need_known_keys(place, content, KEYS, "known keys of a calibration: " + ", ".join(KEYS))
    need_keys(place, content, dict.fromkeys(REQUIRED, "required: " + ", ".join(REQUIRED)))
    need_choice(place / "kind", content["kind"], (KIND,))
    need_name(place / "name", content["name"])
    for key in ("schema", "seed"):
        if key in content:
            need_integer(place / key, content[key], *INTEGERS[key])
    for key, limit in TEXTS.items():
        need_text(place / key, content.get(key, ""), limit)
    need_table(place / "factors", content["factors"], "tables [factors.NAME]")
    if not content["factors"]:
        fail(place / "factors", "nothing to estimate", allowed="at least one table [factors.NAME]")
    settings = content.get("settings", {})
    need_table(place / "settings", settings, "a table of " + ", ".join(SETTINGS))
    need_known_keys(place / "settings", settings, SETTINGS)
    for key, value in settings.items():
        need_integer(place / "settings" / key, value, *INTEGERS[key])


def read_sizes(place, table):
    """Return the sizes of the table [calibration]."""
    need_table(place, table, "a table of " + ", ".join(SIZES))
    need_known_keys(place, table, SIZES)
    for key, value in table.items():
        need_integer(place / key, value, *SIZES[key])
    sizes = {**DEFAULT_SIZES, **table}
    runs = sizes["first"] + sizes["size"] * sizes["generations"]
    if runs < FEWEST_RUNS:
        fail(place, "too few runs for a posterior", given=f"{runs} runs: first + size x generations",
             allowed=f"{FEWEST_RUNS} or more")  # fmt: skip
    if sizes["first"] & (sizes["first"] - 1):
        fail(place / "first", "not a power of two", given=sizes["first"], allowed="a power of two: a balanced Sobol sample")
    return sizes


def read_split(place, table, targets):
    """Return target name -> Held; a table of a target's name replaces what holds for all."""
    need_table(place, table, "a table of " + ", ".join(SPLIT) + ", or tables of target names")
    names = [target.name for target in targets]
    need_known_keys(place, table, (*SPLIT, *names))
    common = read_held(place, {key: value for key, value in table.items() if key in SPLIT})
    need_points_of(place, common, targets)
    split = {}
    for target in targets:
        split[target.name] = read_held(place / target.name, table[target.name]) if target.name in table else common
        if target.name in table:
            need_points_of(place / target.name, split[target.name], [target])
    return split


def need_points_of(place, held, targets):
    """Require that some target has points of each year and province: a slip must not fit what was to be left out."""
    known = sorted({year for target in targets for year in target.years})
    for number, year in enumerate(held.years):
        if year not in known:
            fail(place / "years" / number, "no target has a point of this year", given=year,
                 allowed=", ".join(map(str, known)))  # fmt: skip
    provinces = sorted({group for target in targets for group in target.groups} - {""})
    for number, group in enumerate(held.groups):
        if group not in provinces:
            fail(place / "groups" / number, "no target has points of this province", given=group,
                 allowed=", ".join(provinces[:12]) or "none: no target here has provinces",
                 nearest=nearest_name(group, provinces))  # fmt: skip


def read_held(place, table):
    """Return the checked Held of a table."""
    need_table(place, table, "a table of " + ", ".join(SPLIT))
    need_known_keys(place, table, SPLIT)
    need_integer(place / "last", table.get("last", 0), 0, 1000)
    years, groups = table.get("years", []), table.get("groups", [])
    if years:
        need_list(place / "years", years, "a list of years")
    for number, year in enumerate(years):
        need_integer(place / "years" / number, year, *YEARS)
    if groups:
        need_list(place / "groups", groups, "a list of provinces")
    for number, group in enumerate(groups):
        need_text(place / "groups" / number, group, 60)
    return Held(table.get("last", 0), tuple(years), tuple(groups))


def held_points(target, held, place):
    """Return for each point of a target whether it is left out of the fit; some must stay."""
    out = []
    for group, year in zip(target.groups, target.years, strict=True):
        mine = sorted(y for g, y in zip(target.groups, target.years, strict=True) if g == group)
        late = held.last > 0 and year in mine[-held.last :]
        out.append(late or year in held.years or group in held.groups)
    if target.role == "fit" and all(out):
        fail(place, f"leaves nothing of target '{target.name}' to fit", given=f"{len(out)} points", allowed="fewer held out")
    return tuple(out)


def need_unknown_surveys(place, target, out):
    """Require that a target knows no survey of a year left out; its sizes would know what the forecast must not."""
    known = sorted({year for year, held in zip(target.years, out, strict=True) if held} & set(target.survey_shift))
    if known:
        years = ", ".join(map(str, known))
        fail(place, f"target '{target.name}' knows the surveys of years that are left out", given=years,
             allowed="a target whose sizes and [survey_shift] end before them; it can extend this one")  # fmt: skip
