"""Target files: a published series, the observable that stands for it, and how far the two may differ.

The statistical model of a target, on its transformed scale and for each group by itself:

    observed(year) = model(year) + level + trend x (year - first year) + drift(year) + survey(year) + error(year)

`level` is one unknown shift of the whole series and `trend` one unknown departure of its pace (two scales that need not
agree), `drift` the model's own error, which wanders with the years (Kennedy & O'Hagan 2001), `survey` what a survey does
to all countries alike, known for some years and unknown for others, `error` that of one measurement. Sizes are declared,
not fitted.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibration.points import read_points, read_years
from experiments.plans.plan_file import find_file, need_kind
from experiments.units import is_bounded
from model.checks import (
    Place,
    fail,
    need_choice,
    need_keys,
    need_known_keys,
    need_name,
    need_number,
    need_text,
)
from model.registry import load_observables
from model.scenario_file import SCENARIOS
from model.toml import read_toml

KIND = "target"
FOLDER = SCENARIOS / "targets"
KEYS = (
    "schema", "kind", "extends", "name", "title", "indicator", "iso3", "source", "mapping", "observable", "unit", "factor",
    "transformation", "moment", "role", "weight", "level_sd", "trend_sd", "drift_sd", "drift_years", "measurement_sd",
    "survey_sd", "survey_shift", "data", "country", "provinces", "values",
)  # fmt: skip
REQUIRED = ("schema", "kind", "name", "indicator", "source", "observable", "drift_sd", "measurement_sd")
TEXTS = {"title": 200, "source": 1000, "mapping": 1000, "unit": 100, "indicator": 100, "iso3": 3, "country": 100}
NUMBERS = {
    "factor": (1e-9, 1e9),
    "weight": (0.0, 1.0),
    "level_sd": (0.0, 10.0),
    "trend_sd": (0.0, 10.0),
    "drift_sd": (0.0, 10.0),
    "drift_years": (0.1, 1000.0),
    "measurement_sd": (1e-6, 10.0),
    "survey_sd": (0.0, 10.0),
}
EDGE = 1e-3  # shares are kept this far from 0 and 1 before their logit is taken
TRANSFORMATIONS = ("logit", "log", "identity")
MOMENTS = ("year-mean", "year-end")
ROLES = ("fit", "spread")
GROUP_MEASURES = {"use_share": "year-mean", "access_share": "year-end", "supply_index": "year-end"}  # known for provinces
ALL = "all"  # stands for all targets in tables


@dataclass(frozen=True)
class Target:
    """One published series.

    Attributes
    ----------
    groups, years, values : one entry for each point, sorted by group and year; group "" is the whole case. Values are
        in the unit of the observable (published values times `factor`).
    transformation : scale on which errors are declared. moment : when in a year the observable is read.
    role : "fit", or "spread" if only the spread between provinces is compared, which is never fitted.
    weight : power of its likelihood, below 1 if it repeats another.
    level_sd, drift_sd, measurement_sd, survey_sd : standard deviations on the transformed scale; trend_sd : the same for a
        year. drift_years : correlation time.
    survey_shift : year -> what the survey of that year adds for all countries, on the transformed scale. In years without
        an entry it is unknown, with standard deviation survey_sd.
    """

    name: str
    title: str
    indicator: str
    iso3: str
    source: str
    mapping: str
    observable: str
    unit: str
    factor: float
    transformation: str
    moment: str
    role: str
    weight: float
    level_sd: float
    trend_sd: float
    drift_sd: float
    drift_years: float
    measurement_sd: float
    survey_sd: float
    survey_shift: dict
    groups: tuple[str, ...]
    years: tuple[int, ...]
    values: tuple[float, ...]
    file: Path

    def transform(self, values):
        """Return values on the scale on which errors are declared."""
        return transform(self.transformation, values)

    def back(self, values):
        """Return values of the transformed scale in the unit of the observable."""
        if self.transformation == "logit":
            return 1.0 / (1.0 + np.exp(-values))
        return np.exp(values) if self.transformation == "log" else values

    def known_shift(self, years):
        """Return what is known of the surveys of some years, on the transformed scale; 0 where nothing is."""
        return np.array([self.survey_shift.get(year, 0.0) for year in years])


def transform(transformation, values):
    """Return values on a scale: logit and log keep EDGE away from where they are infinite."""
    values = np.asarray(values, float)
    if transformation == "logit":
        inside = np.clip(values, EDGE, 1.0 - EDGE)
        return np.log(inside / (1.0 - inside))
    return np.log(np.maximum(values, EDGE)) if transformation == "log" else values


def read_target(path):
    """Return the Target of a file; raises InputError naming file, key, what was given and what is allowed."""
    path = Path(path)
    content, place = read_toml(path), Place(path)
    need_kind(place, content, KIND)
    if "extends" in content:
        content = extended(place, content)
    need_known_keys(place, content, KEYS, "known keys of a target: " + ", ".join(KEYS))
    need_keys(place, content, dict.fromkeys(REQUIRED, "required: " + ", ".join(REQUIRED)))
    need_choice(place / "kind", content["kind"], (KIND,))
    need_name(place / "name", content["name"])
    if content["name"] == ALL:
        fail(place / "name", "stands for all targets in tables", given=ALL, allowed="another name")
    for key, limit in TEXTS.items():
        need_text(place / key, content.get(key, ""), limit)
    for key, limits in NUMBERS.items():
        need_number(place / key, content.get(key, 1.0), *limits)
    chosen = {"transformation": TRANSFORMATIONS, "moment": MOMENTS, "role": ROLES}
    for key, choices in chosen.items():
        need_choice(place / key, content.get(key, choices[0]), choices)
    need_choice(
        place / "observable", content["observable"], load_observables(), "observables of run.py describe observables"
    )
    need_bounded(place / "transformation", content)
    factor = float(content.get("factor", 1.0))
    points = [(group, year, value * factor) for group, year, value in read_points(place, content)]
    if points[-1][0]:
        content = {**content, "moment": moment_of_provinces(place, content)}
    return Target(
        **{key: content.get(key, "") for key in ("name", "indicator", "iso3", "source", "mapping", "observable", "unit")},
        **{key: content.get(key, choices[0]) for key, choices in chosen.items()},
        title=content.get("title", content["name"]),
        factor=factor,
        weight=float(content.get("weight", 1.0)),
        **{key: float(content.get(key, 0.0)) for key in ("level_sd", "trend_sd", "survey_sd")},
        drift_sd=float(content["drift_sd"]),
        drift_years=float(content.get("drift_years", 5.0)),
        measurement_sd=float(content["measurement_sd"]),
        survey_shift=read_years(place / "survey_shift", content.get("survey_shift", {})),
        groups=tuple(group for group, _, _ in points),
        years=tuple(year for _, year, _ in points),
        values=tuple(value for _, _, value in points),
        file=path,
    )


def need_bounded(place, content):
    """Require an observable between 0 and 1 if its logit is to be taken."""
    name = content["observable"]
    if content.get("transformation", TRANSFORMATIONS[0]) == "logit" and not is_bounded(name):
        fail(place, f"no logit of {name}, whose unit is {load_observables()[name].unit}", given="logit",
             allowed=f"{', '.join(TRANSFORMATIONS[1:])}; logit for shares and indices of 0 to 1")  # fmt: skip


def moment_of_provinces(place, content):
    """Return when in a year the observable is read for provinces, which have few observables, and numbers of years only."""
    need_choice(place / "observable", content["observable"], GROUP_MEASURES,
                f"{', '.join(GROUP_MEASURES)}: the others are not known for single provinces")  # fmt: skip
    only = GROUP_MEASURES[content["observable"]]
    if content.get("moment", only) != only:
        fail(place / "moment", f"not known for provinces, which have {content['observable']} so", given=content["moment"],
             allowed=only)  # fmt: skip
    return only


def extended(place, content):
    """Return a target's keys laid over those of the target that it extends, which extends none itself."""
    base = find_file(place / "extends", content["extends"], FOLDER, "target")
    known = read_toml(base)
    if "extends" in known:
        fail(place / "extends", "extends another in turn", given=content["extends"], allowed="a target that extends none")
    if {"values", "data"} & set(content):  # points of its own replace those of the other, in whichever form
        known = {key: value for key, value in known.items() if key not in ("values", "data", "country", "provinces")}
    elif isinstance(known.get("data"), str):
        known["data"] = str((base.parent / known["data"]).resolve())
    return {**known, **content}
