"""A lively run of the small country, every row of every month kept, for balance equations.

Nothing is switched off: every mechanism of the model is at work in it.
"""

from dataclasses import replace
from functools import cache, cached_property
from types import SimpleNamespace

import numpy as np

from model import Simulation
from model.compiled import compiled
from model.overlays import Overlay
from model.randomness import Stream, uniform4
from tests.worlds import small

TOLERANCE = 2e-6  # rows hold 32-bit numbers: 24 bits, and a few roundings a month
KINDS = ("regions", "offices", "leaders", "servants", "citizens")
# Everything happens often: projects start, end in all ways, systems are lost, leaders change, demand exceeds what can
# be done and surges in the sixth year, counters close, faulty rules come and go. Development of leaders is off: it
# moves traits of unknown leaders.
LIVELY = {
    "initial_systems": 0.9, "project_rate": 0.5, "screen_project_duration": 6.0, "system_project_duration": 6.0,
    "screen_project_cost": 2.2, "system_project_cost": 1.0, "digital_base_share": 0.0,
    "digital_commitment_share": 0.3, "fiscal_spread": 0.28, "budget_growth": -0.02, "failure_threshold": 36.0,
    "sponsor_threshold": 0.15, "driver_threshold": 0.35, "leader_tenure": 15.0, "leadership_development": 0.0,
    "quality_decay": 0.08, "opex_rate": 0.25, "minimum_quality": 0.6, "relapse_months": 2, "initial_data_mean": 0.5,
    "data_threshold": 0.3, "staff_threshold": 0.2, "adoption_threshold": -0.5, "training_rate": 0.5,
    "automation_threshold": 0.1, "network_threshold": 0.1, "partner_threshold": 0.1, "automation_rate": 0.3,
    "initial_access": 0.5, "awareness_external": 0.05, "citizen_threshold": -1.0, "citizen_adoption_rate": 0.4,
    "assistance_coverage": 0.4, "utilisation_mean": 1.2, "utilisation_spread": 0.2, "learning_exponent": 0.1,
    "design_overreach": 0.5, "counter_closure": 0.3, "system_ageing": 0.01, "abandonment_rate": 0.1,
    "consolidation": 0.2, "applications": 1.5, "initial_data_spread": 0.2, "initial_capacity_spread": 0.2,
    "consultation": 0.3, "legitimacy_budget": 0.6, "external_pressure": 0.05, "ranking_effect": 0.3,
    "innovation_rate": 0.5, "quality_partial": 0.65, "fault_rate": 0.03, "fault_share": 0.3, "fault_detection": 0.1,
    "gatekeeper_rent": 0.05, "failure_trust_loss": 0.1, "mandate_reaction": 0.3, "forced_dropout": 0.3,
    "recovery_months": 24.0, "error_rate": 0.1, "erosion_months": 12.0, "voice_base": -2.0, "project_abandonment": 0.3,
    "project_capacity": 0.3,
}  # fmt: skip


@compiled
def drawn(key, stream, month, ids):
    """Return the four draws of each id, shape (ids, 4)."""
    draws = np.empty((ids.size, 4))
    for row in range(ids.size):
        draws[row] = uniform4(key, stream, month, int(ids[row]))
    return draws


class Month:
    """One month of a run: rows before and after, as float64 by field, and the parameters in force.

    `before.offices["data"]` is a column, `p["name"]` a parameter by office.
    """

    def __init__(self, number, before, after, parameters, key):
        self.number, self.before, self.after, self.key = number, before, after, key
        self.region = before.offices["region"].astype(int)
        self.p = {name: parameters[name][self.region] for name in parameters.dtype.names}
        self.by_region = parameters

    @cached_property
    def given_up(self):
        """Tell which citizens gave up last month's case in the queue: a draw of their own, unless a rule decides."""
        old, offices = self.before.citizens, self.before.offices
        queue = drawn(self.key, Stream.CITIZEN_MONTH, self.number, old["id"])[:, 3]
        rule = drawn(self.key, Stream.CITIZEN_FATE, self.number, old["id"])[:, 2]
        integrated = self.spread(self.after.offices["stage"] == 2, old) & (old["channel"] == 3)
        by_rule = integrated & (rule < self.spread(self.after.offices["automation"], old))
        asked = np.isin(old["channel"], (1, 2, 3)) & ~by_rule
        return asked & (queue < self.spread(offices["renege_share"], old))

    def spread(self, values, people):
        """Return an office column as seen by its servants or citizens."""
        return np.repeat(values, len(people["id"]) // len(values))

    def size(self, kind):
        """Return how many servants or citizens an office has."""
        return len(getattr(self.after, kind)["id"]) // len(self.region)

    def gather(self, values):
        """Return sums by office of a column of its servants or citizens."""
        return values.reshape(len(self.region), -1).sum(axis=1)

    def over_offices(self, values):
        """Return a province column as seen by its offices."""
        return values[self.region]

    def by_province(self, values):
        """Return sums by province of an office column."""
        return np.bincount(self.region, values, minlength=len(self.by_region))


def columns(world):
    """Return a copy of all rows as float64 columns by kind."""
    kinds = {}
    for kind in KINDS:
        rows = getattr(world, kind)
        kinds[kind] = {name: rows[name].astype(np.float64) for name in rows.dtype.names}
    return SimpleNamespace(**kinds)


@cache
def lively(replicate=0):
    """Return (scenario, months of this replicate) of a run in which everything happens."""
    scenario = small().with_parameters(**LIVELY)
    everywhere = tuple(region.name for region in scenario.regions)
    surge = Overlay("need_rate", 61, 73, "factor", 1.4, 0, everywhere, "surge", "tests/history.py: surge")
    scenario = replace(scenario, overlays=(surge,))
    model = Simulation(scenario, replicate)
    months, before = [], columns(model.world)
    while model.month < scenario.months:
        model.step()
        after = columns(model.world)
        months.append(Month(model.month, before, after, model.now, model.key))
        before = after
    return scenario, months


def assert_balance(equation):
    """Hold an equation, which returns (stock, what it should be or a list of that), against every row of every month."""
    for month in lively()[1]:
        stock, lawful = equation(month)
        lawful = lawful if isinstance(lawful, list) else [lawful]
        misses = np.min([np.abs(stock - value) for value in lawful], axis=0)
        assert misses.max(initial=0.0) <= TOLERANCE * max(1.0, np.abs(stock).max(initial=0.0)), (month.number, stock, lawful)


def cut(values):
    """Return values cut to 0..1."""
    return np.clip(values, 0.0, 1.0)


def logistic(values):
    """Return the logistic function."""
    return 1.0 / (1.0 + np.exp(-values))
