"""Tiny countries in which everything happens: projects, relapse, closed counters, help, outages, elections, rationing.

Three provinces of four offices, nine citizens and four civil servants each. Every parameter is drawn once, from its name
and the country's number, between its default and anywhere in its range, so that no term is switched off by a default of 0
or hidden by a factor of 1; a new parameter is exercised as soon as it is in the registry. A tilt then says what kind of
country it is. Small enough to run without compilation, which is how `benchmarks/mutation.py` runs them.
"""

import hashlib
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from model.month import simulate_month
from model.observables import OBSERVABLES, observe
from model.parameter_table import parameter_table
from model.randomness import make_key
from model.registry import load_registry
from model.start import build_world
from tests.worlds import small

MONTHS, CITIZENS, SERVANTS = 36, 9, 4
KINDS = ("regions", "offices", "leaders", "servants", "citizens")

WEIGHTS = {  # these must not sum to more than 1, so they are not drawn
    "usefulness_information": 0.45, "usefulness_speed": 0.3, "usefulness_quality": 0.2,
    "experience_speed": 0.45, "experience_information": 0.35, "experience_quality": 0.15,
}  # fmt: skip
EASY = {
    "project_rate": 0.5, "screen_project_duration": 6.0, "system_project_duration": 6.0, "screen_project_cost": 0.5,
    "system_project_cost": 1.0, "digital_base_share": 0.3, "leader_trait_mean": 0.75, "initial_data_mean": 0.6,
    "citizen_adoption_rate": 0.4, "awareness_external": 0.05, "adoption_threshold": -0.5, "citizen_threshold": -0.7,
    "initial_access": 0.6, "form_difficulty": 0.3, "need_rate": 0.5, "initial_capacity_mean": 0.6, "election_interval": 36,
}  # fmt: skip
TILTS = {
    "rise": EASY | {
        "initial_systems": 0.7, "servant_skill_mean": 0.7, "steward_skill": 0.5, "automation_threshold": 0.15,
        "network_threshold": 0.3, "partner_threshold": 0.3, "data_threshold": 0.3, "staff_threshold": 0.3,
        "automation_rate": 0.3, "assistance_coverage": 0.3, "success_threshold": 35.0, "failure_threshold": 60.0,
        "minimum_quality": 0.1, "driver_threshold": 0.4, "sponsor_threshold": 0.2, "quality_decay": 0.01,
    },
    "fall": EASY | {
        "initial_systems": 0.9, "minimum_quality": 0.55, "relapse_months": 4, "quality_decay": 0.08, "system_ageing": 0.02,
        "opex_rate": 0.25, "digital_base_share": 0.05, "screen_project_cost": 2.0, "staff_threshold": 0.2,
        "data_threshold": 0.2, "project_abandonment": 0.4, "leader_tenure": 12.0, "new_application_chance": 0.5,
        "success_threshold": 15.0, "failure_threshold": 36.0, "outcome_noise": 12.0, "abandonment_rate": 0.2,
        "applications": 1.5, "consolidation": 0.1, "innovation_rate": 0.5, "proposal_uptake": 0.8,
        "participation_effect": 0.1,
    },
    "closed": EASY | {
        "initial_systems": 0.9, "counter_closure": 0.6, "assistance_coverage": 0.5, "outage_core": 0.2,
        "outage_remote": 0.25, "utilisation_mean": 1.2, "reneging": 0.3, "completion_slope": 6.0, "form_difficulty": 0.5,
        "staff_threshold": 0.2, "data_threshold": 0.3, "discontinuance": 0.8, "servant_rotation": 0.04, "counters": 2,
    },
    "system": EASY | {
        "initial_systems": 1.0, "servant_skill_mean": 0.6, "automation_threshold": 0.1, "network_threshold": 0.15,
        "partner_threshold": 0.0, "data_threshold": 0.15, "staff_threshold": 0.1, "automation_rate": 0.3,
        "assistance_coverage": 0.5, "success_threshold": 30.0, "failure_threshold": 40.0, "design_overreach": 0.1,
        "driver_threshold": 0.35, "sponsor_threshold": 0.2, "minimum_quality": 0.6, "relapse_months": 5,
        "system_ageing": 0.02, "quality_success": 0.8, "quality_partial": 0.55, "leadership_development": 0.5,
        "capacity_substitution": 0.0, "readiness_substitution": 0.0, "utilisation_mean": 0.8, "counter_closure": 0.2,
        "fault_rate": 0.03, "fault_share": 0.3, "fault_detection": 0.2, "fault_scandal": 0.3, "accountability_trace": 0.2,
        "accountability_complaints": 0.1, "accountability_audit": 0.1, "completion_slope": 6.0, "form_difficulty": 0.1,
    },
    "slow": {
        "need_rate": 0.4, "leader_trait_mean": 0.4, "driver_threshold": 0.5, "sponsor_threshold": 0.35, "project_rate": 0.4,
        "initial_systems": 0.5, "training_rate": 1.0, "leadership_development": 0.8, "initial_access": 0.3,
        "initial_coverage": 0.4, "initial_coverage_remote": 0.2, "speed_lag": 0.1, "access_contagion": 1.0,
        "staff_threshold": 0.3, "data_threshold": 0.3, "awareness_external": 0.05,
        "screen_project_cost": 12.0, "digital_base_share": 0.0, "digital_commitment_share": 0.2,
    },
}  # fmt: skip


SEEDS = {"system": 7}  # faulty rules are rare; with this seed some go live and are found


class Run(NamedTuple):
    """What was read off a run, month 0 included: `columns[kind][field]` (months + 1, rows), `series`, and the tables."""

    columns: dict
    series: np.ndarray
    tallies: np.ndarray
    parameters: np.ndarray


def lively(name, **changes):
    """Return the tiny country of this name, with changes."""
    country, registry = small(), load_registry()
    sizes = [(1, 1), (0, 1), (1, 0)]
    regions = [
        replace(region, regencies=regencies, cities=cities)
        for region, (regencies, cities) in zip(
            (country.regions[1], country.regions[0], country.regions[3]), sizes, strict=True
        )
    ]
    values = {entry: drawn(name, entry, spec) for entry, spec in registry.items()} | WEIGHTS | TILTS[name] | changes
    country = replace(
        country, regions=tuple(regions), months=MONTHS, citizens_per_office=CITIZENS, servants_per_office=SERVANTS,
        seed=SEEDS.get(name, country.seed),
    )  # fmt: skip
    return country.with_parameters(**values)


def drawn(country, name, spec):
    """Return a parameter half way from its default to somewhere in its range, the same on every machine."""
    share = int.from_bytes(hashlib.sha256(f"{country} {name}".encode()).digest()[:4], "big") / 2**32
    value = 0.5 * spec.default + 0.5 * (spec.low + share * (spec.high - spec.low))
    return round(value) if spec.type == "integer" else round(value, 4)


@cache
def run(name, **changes):
    """Run a tiny country and return everything that can be read off it in every month."""
    scenario = lively(name, **changes)
    parameters, key = parameter_table(scenario), make_key(scenario.seed, 0)
    world = build_world(scenario, parameters[0], key)
    series = np.zeros((MONTHS + 1, len(OBSERVABLES)))
    history = {kind: {} for kind in KINDS}
    tallies = []
    for month in range(MONTHS + 1):
        if month:
            simulate_month(world, parameters[month], month, key)
        observe(world, parameters[month], series[month])
        tallies.append(world.tallies.copy())
        for kind in KINDS:
            rows = getattr(world, kind)
            for field in rows.dtype.names:
                history[kind].setdefault(field, []).append(rows[field].copy())
    columns = {kind: {field: np.array(months) for field, months in fields.items()} for kind, fields in history.items()}
    return Run(columns, series, np.array(tallies), parameters)
