"""Variants: a scenario under a policy with the values of one point laid over it, built only when it is needed.

A design of many thousand points is held as its values; each worker builds the scenario of the run at hand.
"""

import dataclasses
from dataclasses import dataclass, field

from experiments.plans.factors import MECHANISMS
from model.errors import InputError
from model.overlays import Overlay
from model.parameter_table import BASELINE
from model.provinces import Region
from model.scenario import Scenario

SWITCH = f"{MECHANISMS}."
FIRST = "first_seed"  # in a point: which of the seeds its replicates begin with


@dataclass(frozen=True)
class Variant:
    """What one point and policy make of a scenario.

    Attributes
    ----------
    base : the Scenario with its policy. changes : factor -> value. point : number of the point.
    first : number of the seed that its replicates begin with; 0 unless chance is a factor.
    """

    base: Scenario
    changes: dict = field(default_factory=dict)
    point: int = 0
    first: int = field(default=0, kw_only=True)

    @property
    def scenario(self):
        """Name of the scenario."""
        return self.base.name

    @property
    def policy(self):
        """Name of the policy."""
        return self.base.policy

    @property
    def seed(self):
        """Root of all draws."""
        return self.base.seed

    def build(self):
        """Return the Scenario; raises InputError naming the point if it cannot be."""
        try:
            return with_changes(self.base, self.changes)
        except InputError as error:
            error.args = (f"point {self.point} under policy {self.policy}: {error}",)
            raise


def with_changes(scenario, changes):
    """Return a scenario with some parameters and mechanisms (factor -> value) as given."""
    parameters = {name: value for name, value in changes.items() if not name.startswith(SWITCH)}
    switches = {name.removeprefix(SWITCH): value for name, value in changes.items() if name.startswith(SWITCH)}
    if parameters:
        scenario = scenario.with_parameters(**parameters)
    return scenario.with_mechanisms(**switches) if switches else scenario


def value_in(scenario, name):
    """Return the value of a factor in a scenario, in the factor's type."""
    if name.startswith(SWITCH):
        return name.removeprefix(SWITCH) not in scenario.switched_off
    value = scenario.parameters[name]
    from model.registry import load_registry

    return int(value) if load_registry()[name].type == "integer" else value


def scenario_from_facts(facts, policy=BASELINE, overlays=None):
    """Return the Scenario that a manifest describes, under one of its policies.

    Parameters
    ----------
    facts : the scenario as plain data. policy, overlays : of one entry of the manifest's policies.
    """
    known = {entry.name for entry in dataclasses.fields(Scenario)}
    values = {key: value for key, value in facts.items() if key in known}
    values["regions"] = tuple(Region(**region) for region in facts["regions"])
    values["overlays"] = tuple(overlay_from(entry) for entry in (facts["overlays"] if overlays is None else overlays))
    values.update(start=tuple(facts["start"]), headline=tuple(facts["headline"]), policy=policy)
    values["switched_off"] = tuple(facts.get("switched_off", ()))
    return Scenario(**values)


def overlay_from(facts):
    """Return the Overlay that a manifest describes."""
    return Overlay(**{"origin": "manifest", **facts, "where": tuple(facts["where"])})
