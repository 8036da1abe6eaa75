"""A lively run of the small country, every row of every month kept, for balance equations."""

from functools import cache
from types import SimpleNamespace

import numpy as np

from model import Simulation
from tests.theory import NEUTRAL
from tests.worlds import small

KINDS = ("regions", "offices", "leaders", "servants", "citizens")
# Everything happens often: projects start, end in all ways, systems are lost, leaders change, demand exceeds what can
# be done, counters close now and then. Development of leaders is off: it moves traits of unknown leaders.
LIVELY = {
    "initial_systems": 0.9, "project_rate": 0.5, "screen_project_duration": 6.0, "system_project_duration": 6.0,
    "screen_project_cost": 1.5, "system_project_cost": 1.5, "digital_base_share": 0.0, "digital_commitment_share": 0.15,
    "failure_threshold": 36.0, "sponsor_threshold": 0.15,
    "driver_threshold": 0.35, "leader_tenure": 15.0, "leadership_development": 0.0, "quality_decay": 0.08,
    "opex_rate": 0.25, "minimum_quality": 0.6, "relapse_months": 4, "initial_data_mean": 0.5, "data_threshold": 0.3,
    "staff_threshold": 0.2, "adoption_threshold": -0.5, "training_rate": 0.5, "automation_threshold": 0.1,
    "network_threshold": 0.1, "partner_threshold": 0.1, "automation_rate": 0.3, "initial_access": 0.5,
    "awareness_external": 0.05, "citizen_threshold": -1.0, "citizen_adoption_rate": 0.4, "assistance_coverage": 0.4,
    "utilisation_mean": 0.95, "counter_closure": 0.2, "system_ageing": 0.02, "abandonment_rate": 0.1,
}  # fmt: skip


class Month:
    """One month of a run: rows before and after, as float64 by field, and the parameters in force.

    `before.offices["data"]` is a column; `p["name"]` a parameter by office; `office_of` rows spread an office's column over
    its people, `region_of` a province's over its offices.
    """

    def __init__(self, number, before, after, parameters):
        self.number, self.before, self.after = number, before, after
        self.region = before.offices["region"].astype(int)
        self.p = {name: parameters[name][self.region] for name in parameters.dtype.names}
        self.by_region = parameters

    def spread(self, values, people):
        """Return an office column as seen by its servants or citizens."""
        return np.repeat(values, len(people["id"]) // len(values))

    def over_offices(self, values):
        """Return a province column as seen by its offices."""
        return values[self.region]


def columns(world):
    """Return a copy of all rows as float64 columns by kind."""
    kinds = {}
    for kind in KINDS:
        rows = getattr(world, kind)
        kinds[kind] = {name: rows[name].astype(np.float64) for name in rows.dtype.names}
    return SimpleNamespace(**kinds)


@cache
def lively():
    """Return (scenario, months of its first replicate) of a run in which everything happens."""
    scenario = small().with_parameters(**{**NEUTRAL, **LIVELY})
    model = Simulation(scenario)
    months, before = [], columns(model.world)
    while model.month < scenario.months:
        model.step()
        after = columns(model.world)
        months.append(Month(model.month, before, after, model.now))
        before = after
    return scenario, months
