"""Mesa agents as live views of rows.

An agent holds its row of the world: reading or writing `citizen.skill` reads or writes the array the compiled loop works
on. `step` calls the very function the compiled loop calls, so both drivers give the same bits. Subclass, override `step`,
hand the class to `Simulation`: that class then runs in Python, every other kind stays compiled.
"""

import mesa

from model.behaviours.citizens import citizen_month
from model.behaviours.leaders import leader_month
from model.behaviours.offices import office_plan
from model.behaviours.regions import region_month
from model.behaviours.servants import servant_month
from model.world import CITIZEN, LEADER, OFFICE, REGION, SERVANT


class Field:
    """One field of an agent's row, as a plain attribute."""

    def __init__(self, name):
        self.name = name

    def __get__(self, agent, owner=None):
        return self if agent is None else agent.row[self.name].item()

    def __set__(self, agent, value):
        agent.row[self.name] = value


class RowAgent(mesa.Agent):
    """An agent that lives in a row of the world.

    Attributes
    ----------
    row : the record itself, a view into the world's array.
    place : its position in that array.
    """

    def __init__(self, model, rows, place):
        super().__init__(model)
        self.row, self.place = rows[place], place


def with_fields(record):
    """Return a class decorator that gives an agent class one attribute for each field of its row."""

    def add_fields(agent_class):
        for name in record.names:
            setattr(agent_class, name, Field(name))
        return agent_class

    return add_fields


@with_fields(REGION)
class Region(RowAgent):
    """A province."""

    def step(self):
        """Live through a month, see `behaviours.regions`."""
        model = self.model
        region_month(self.row, model.now[self.place], model.month, model.key)


@with_fields(LEADER)
class Leader(RowAgent):
    """The leader of an office: guards the status quo, sponsors screens or drives integration."""

    def step(self):
        """Live through a month, see `behaviours.leaders`."""
        model, world = self.model, self.model.world
        office = world.offices[self.place]
        place = office["region"]
        traits = world.trait_quantiles
        leader_month(self.row, office, world.regions[place], model.now[place], traits, model.month, model.key)


@with_fields(OFFICE)
class Office(RowAgent):
    """A regency or city office: provides its service at street, screen or system level."""

    def step(self):
        """Plan the month, see `behaviours.offices`; its cases are decided after the citizens have acted."""
        model, world = self.model, self.model.world
        place = self.row["region"]
        leader, region = world.leaders[self.place], world.regions[place]
        office_plan(self.row, leader, region, model.now[place], model.month, model.key)


@with_fields(SERVANT)
class CivilServant(RowAgent):
    """A civil servant: works on paper, through a screen, or as steward of an automated service."""

    def step(self):
        """Live through a month, see `behaviours.servants`."""
        model, world = self.model, self.model.world
        place = self.place // model.servants_per_office
        office = world.offices[place]
        servant_month(
            self.row,
            world.contacts[self.place],
            world.seen_servants,
            office,
            world.leaders[place],
            model.now[office["region"]],
            (world.skill_quantiles, world.innovator_quantiles),
            model.month,
            model.key,
        )


@with_fields(CITIZEN)
class Citizen(RowAgent):
    """A citizen: goes to the counter, uses an assisted channel, or serves himself online."""

    def step(self):
        """Live through a month, see `behaviours.citizens`."""
        model, world = self.model, self.model.world
        size = model.citizens_per_office
        place = self.place // size
        office = world.offices[place]
        citizen_month(
            self.row,
            world.seen_citizens,
            place * size,
            size,
            office,
            world.regions[office["region"]],
            model.now[office["region"]],
            model.month,
            model.key,
        )
