"""The schedule: what happens in a month, in order. The order of events is a scientific claim; this is its only address.

1 provinces   networks grow, outages are set, faulty rules go live or are found
2 leaders     stay or are replaced, develop, gain or lose commitment
3 offices     plan: budget, capacity, projects, stage; answer to the public; open for business
4 servants    stay or leave, learn, take up the screen or go back to paper, cope with pressure
5 citizens    live through the last case, speak up, get connected, hear, choose a channel
6 counting    of servants and citizens by office; what was decided becomes visible to others
7 counters    offices decide cases within what staff can do; the rest waits or is given up; standing is earned
8 provinces   take note of their offices and citizens; once a year scores are published

Within a phase every agent reads what stood when the phase began and writes its own row, so the order of activation
cannot matter. Phases 1 to 5 may therefore be run agent by agent from Mesa with the same bits (see `simulation`).
"""

from model.behaviours.citizens import citizen_month
from model.behaviours.conduct import published_score
from model.behaviours.leaders import leader_month
from model.behaviours.offices import office_plan, office_serve
from model.behaviours.regions import region_month
from model.behaviours.servants import servant_month
from model.columns import ACCESS, CONCLUDED_CASES, EFFICACY, FAULT_HITS, TRUST, VOICES
from model.compiled import compiled
from model.tally import count_citizens, count_servants
from model.world import SYSTEM


@compiled
def simulate_month(world, parameters, month, key):
    """Advance the world by one month. `parameters` is the row of the month: one record for each province."""
    regions_act(world, parameters, month, key)
    leaders_act(world, parameters, month, key)
    offices_plan(world, parameters, month, key)
    servants_act(world, parameters, month, key)
    citizens_act(world, parameters, month, key)
    count_people(world, parameters)
    offices_serve(world, parameters, month, key)
    regions_take_note(world, month)


@compiled
def regions_act(world, parameters, month, key):
    """Phase 1."""
    for row in range(world.regions.size):
        region_month(world.regions[row], parameters[row], month, key)


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
            (world.skill_quantiles, world.innovator_quantiles),
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
        office.efficacy = sums[EFFICACY] / people
        office.voice = counts[VOICES] / counts[CONCLUDED_CASES] if counts[CONCLUDED_CASES] > 0 else 0.0


@compiled
def offices_serve(world, parameters, month, key):
    """Phase 7."""
    for row in range(world.offices.size):
        office = world.offices[row]
        office_serve(office, world.tallies[row], parameters[office.region], month, key)


@compiled
def regions_take_note(world, month):
    """Phase 8."""
    people = world.citizens.size // world.offices.size
    for row in range(world.regions.size):
        region = world.regions[row]
        connected, digital, integrated, oversight, hit = 0, 0, 0, 0.0, 0.0
        for place in range(region.first_office, region.first_office + region.offices):
            office = world.offices[place]
            connected += world.tallies[place, ACCESS]
            digital += office.stage > 0
            integrated += office.stage == SYSTEM
            oversight += office.accountability
            hit += office.weight * world.tallies[place, FAULT_HITS]
        region.online_share = connected / (people * region.offices)
        region.screen_share = digital / region.offices
        region.system_share = integrated / region.offices
        region.oversight = oversight / region.offices
        region.fault_hits += hit
        region.worst_fault = max(region.worst_fault, region.fault_hits)
        if month % 12 == 0:
            publish_scores(world, region)


@compiled
def publish_scores(world, region):
    """Publish how far each office of a province has come, which its leader compares with the mean."""
    total = 0.0
    for place in range(region.first_office, region.first_office + region.offices):
        office = world.offices[place]
        office.score = published_score(office)
        total += office.score
    region.score = total / region.offices
