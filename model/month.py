"""The schedule: what happens in a month, in order. The order of events is a scientific claim; this is its only address.

1 provinces   networks grow, outages are set
2 leaders     stay or are replaced, develop, gain or lose commitment
3 offices     plan: budget, capacity, projects, stage; open for business
4 servants    stay or leave, learn, take up the screen or go back to paper
5 citizens    live through the last case, get connected, hear, choose a channel
6 counting    of servants and citizens by office; what was decided becomes visible to others
7 counters    offices decide cases within what staff can do; the rest waits or is given up
8 provinces   take note of their offices and citizens

Within a phase every agent reads what stood when the phase began and writes its own row, so the order of activation
cannot matter. Phases 1 to 5 may therefore be run agent by agent from Mesa with the same bits (see `simulation`).
"""

from model.behaviours.citizens import citizen_month
from model.behaviours.leaders import leader_month
from model.behaviours.offices import office_plan, office_serve
from model.behaviours.regions import region_month
from model.behaviours.servants import servant_month
from model.compiled import compiled
from model.tally import (
    ACCESS,
    ASSISTED_CASES,
    COUNTER_CASES,
    DROPPED_CASES,
    ONLINE_CASES,
    TRUST,
    count_citizens,
    count_servants,
)


@compiled
def simulate_month(world, parameters, month, key):
    """Advance the world by one month. `parameters` is the row of the month: one record for each province."""
    regions_act(world, parameters)
    leaders_act(world, parameters, month, key)
    offices_plan(world, parameters, month, key)
    servants_act(world, parameters, month, key)
    citizens_act(world, parameters, month, key)
    count_people(world, parameters)
    offices_serve(world, parameters, month, key)
    regions_take_note(world)


@compiled
def regions_act(world, parameters):
    """Phase 1."""
    for row in range(world.regions.size):
        region_month(world.regions[row], parameters[row])


@compiled
def leaders_act(world, parameters, month, key):
    """Phase 2."""
    for row in range(world.leaders.size):
        office = world.offices[row]
        region = world.regions[office.region]
        leader_month(world.leaders[row], office, region, parameters[office.region], world.trait_quantiles, month, key)


@compiled
def offices_plan(world, parameters, month, key):
    """Phase 3."""
    for row in range(world.offices.size):
        office = world.offices[row]
        office_plan(office, world.leaders[row], world.regions[office.region], parameters[office.region], month, key)


@compiled
def servants_act(world, parameters, month, key):
    """Phase 4."""
    size = world.servants.size // world.offices.size
    for row in range(world.servants.size):
        office = world.offices[row // size]
        servant_month(
            world.servants[row],
            world.contacts[row],
            world.seen_servants,
            office,
            world.leaders[row // size],
            parameters[office.region],
            world.skill_quantiles,
            month,
            key,
        )


@compiled
def citizens_act(world, parameters, month, key):
    """Phase 5."""
    size = world.citizens.size // world.offices.size
    for place in range(world.offices.size):
        office = world.offices[place]
        region, p = world.regions[office.region], parameters[office.region]
        for row in range(place * size, (place + 1) * size):
            citizen_month(world.citizens[row], world.seen_citizens, place * size, size, office, region, p, month, key)


@compiled
def count_people(world, parameters):
    """Phase 6."""
    staff, people = world.servants.size // world.offices.size, world.citizens.size // world.offices.size
    world.tallies[:] = 0
    world.sums[:] = 0.0
    for row in range(world.offices.size):
        office, counts, sums = world.offices[row], world.tallies[row], world.sums[row]
        p = parameters[office.region]
        count_servants(counts, sums, office, world.servants, world.seen_servants, row * staff, staff, p)
        count_citizens(counts, sums, world.citizens, world.seen_citizens, row * people, people)
        office.trust = sums[TRUST] / people


@compiled
def offices_serve(world, parameters, month, key):
    """Phase 7."""
    people = world.citizens.size // world.offices.size
    for row in range(world.offices.size):
        office, counts = world.offices[row], world.tallies[row]
        office_serve(
            office,
            counts[COUNTER_CASES],
            counts[ASSISTED_CASES],
            counts[ONLINE_CASES],
            counts[DROPPED_CASES],
            people,
            parameters[office.region],
            month,
            key,
        )


@compiled
def regions_take_note(world):
    """Phase 8."""
    people = world.citizens.size // world.offices.size
    for row in range(world.regions.size):
        region = world.regions[row]
        connected, digital = 0, 0
        for place in range(region.first_office, region.first_office + region.offices):
            connected += world.tallies[place, ACCESS]
            digital += world.offices[place].stage > 0
        region.online_share = connected / (people * region.offices)
        region.screen_share = digital / region.offices
