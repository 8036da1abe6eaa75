"""The model as Mesa knows it: agents, steps, data collection. Experiments use `engine`; people explore here."""

import mesa
import numpy as np

from model.agents import Citizen, CivilServant, Leader, Office, Region
from model.month import (
    citizens_act,
    count_people,
    leaders_act,
    offices_plan,
    offices_serve,
    regions_act,
    regions_take_note,
    servants_act,
)
from model.observables import OBSERVABLES, observe
from model.parameter_table import parameter_table
from model.randomness import make_key
from model.start import build_world


class Simulation(mesa.Model):
    """One run of a scenario, month by month.

    Parameters
    ----------
    scenario : Scenario
    replicate : number of the replicate; with the scenario's seed it decides every draw.
    driver : "compiled" runs whole phases in compiled code; "mesa" activates every agent's `step` in shuffled order.
        Both give the same bits.
    region, leader, office, civil_servant, citizen : agent classes. A subclass that overrides `step` runs in Python.

    Attributes
    ----------
    world : the rows of all agents. series : float64 (months + 1, observables), filled up to `month`.
    now : the month's parameters, one record for each province.
    """

    def __init__(
        self,
        scenario,
        replicate=0,
        *,
        driver="compiled",
        region=Region,
        leader=Leader,
        office=Office,
        civil_servant=CivilServant,
        citizen=Citizen,
    ):
        super().__init__(rng=int(make_key(scenario.seed, replicate)))
        if driver not in ("compiled", "mesa"):
            raise ValueError(f"driver must be 'compiled' or 'mesa', got {driver!r}")
        self.case, self.driver, self.month = scenario, driver, 0
        self.parameters = parameter_table(scenario)
        self.now = self.parameters[0]
        self.key = make_key(scenario.seed, replicate)
        self.world = build_world(scenario, self.now, self.key)
        self.servants_per_office, self.citizens_per_office = (
            scenario.servants_per_office,
            scenario.citizens_per_office,
        )
        self.series = np.zeros((scenario.months + 1, len(OBSERVABLES)))
        observe(self.world, self.now, self.series[0])
        self._kinds = (region, leader, office, civil_servant, citizen)
        self._has_views = False
        self.datacollector = mesa.DataCollector(
            model_reporters={"month": "month"} | {name: _reader(i) for i, name in enumerate(OBSERVABLES)}
        )
        self.datacollector.collect(self)

    @property
    def agents(self):
        """All agents, created on first access: a run that nobody looks into never pays for them."""
        self._create_views()
        return super().agents

    @property
    def agents_by_type(self):
        """The agents of each class."""
        self._create_views()
        return super().agents_by_type

    def _create_views(self):
        if self._has_views:
            return
        self._has_views = True
        world = self.world
        rows = (world.regions, world.leaders, world.offices, world.servants, world.citizens)
        for kind, mine in zip(self._kinds, rows, strict=True):
            for place in range(mine.size):
                kind(self, mine, place)

    def step(self):
        """Advance by one month; the order is that of `month.simulate_month`."""
        if self.month >= self.case.months:
            raise ValueError(f"the scenario ends after month {self.case.months}")
        self.month += 1
        self.now = self.parameters[self.month]
        world, now, month, key = self.world, self.now, self.month, self.key
        region, leader, office, civil_servant, citizen = self._kinds
        self._phase(region, Region, regions_act, world, now, month, key)
        self._phase(leader, Leader, leaders_act, world, now, month, key)
        self._phase(office, Office, offices_plan, world, now, month, key)
        self._phase(civil_servant, CivilServant, servants_act, world, now, month, key)
        self._phase(citizen, Citizen, citizens_act, world, now, month, key)
        count_people(world, now)
        offices_serve(world, now, month, key)
        regions_take_note(world, month)
        observe(world, now, self.series[month])
        self.datacollector.collect(self)

    def _phase(self, kind, base, compiled_phase, *arguments):
        """Run a phase compiled, or agent by agent where a step was overridden or the Mesa driver was asked for."""
        if self.driver == "compiled" and kind.step is base.step:
            compiled_phase(*arguments)
        else:
            self.agents_by_type[kind].shuffle_do("step")

    def run_model(self):
        """Step to the scenario's last month."""
        while self.month < self.case.months:
            self.step()


def _reader(column):
    """Return a reporter of one observable of the current month."""
    return lambda model: float(model.series[model.month, column])
