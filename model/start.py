"""The world in month 0: initial rules, drawn by address like everything else."""

from model.behaviours.conduct import answer_to_public
from model.behaviours.leaders import draw_traits, open_mind
from model.behaviours.offices import aggregate_capacity
from model.behaviours.servants import attitude, cope, draw_person
from model.columns import SUMS, TALLIES
from model.compiled import compiled
from model.month import count_people, regions_take_note
from model.numeric import beta_quantiles, clip, normal_quantile, quantile, radical_inverse
from model.randomness import Stream, uniform4
from model.rules import capacity, infrastructure, leadership, projects, screen, street
from model.world import (
    BY_SELF_SERVICE,
    CITIZEN_IDS,
    CONTACTS,
    ON_SCREEN,
    ONLINE,
    SCREEN,
    SERVANT_CONTACTS,
    SERVANT_IDS,
    STREET,
    TEAM,
    empty_world,
)

POINTS = 1024


def build_world(scenario, parameters, key):
    """Return the world of month 0.

    Parameters
    ----------
    scenario : provinces and sizes.
    parameters : the row of month 0 of the parameter table, one record for each province.
    key : the run's key, see `randomness.make_key`.
    """
    world = empty_world(
        len(scenario.regions), scenario.offices, scenario.servants_per_office, scenario.citizens_per_office,
        TALLIES, SUMS, POINTS,
    )  # fmt: skip
    place = 0
    for row, region in enumerate(scenario.regions):
        count = region.regencies + region.cities
        mine = world.regions[row]
        mine["id"] = row
        mine["population"], mine["cost_multiplier"] = region.population, region.cost_multiplier
        mine["internet_index"], mine["remote"] = region.internet_index, region.remote
        mine["first_office"], mine["offices"] = place, count
        offices = world.offices[place : place + count]
        offices["region"] = row
        offices["weight"] = region.population / count / scenario.citizens_per_office
        p = parameters[row]
        offices["urban_share"] = p["urban_share_regency"]
        offices["urban_share"][region.regencies :] = p["urban_share_city"]
        place += count
    people = parameters[0]
    world.skill_quantiles[:] = beta_quantiles(people["servant_skill_mean"], people["servant_skill_spread"], POINTS)
    world.trait_quantiles[:] = beta_quantiles(people["leader_trait_mean"], people["leader_trait_spread"], POINTS)
    world.innovator_quantiles[:] = beta_quantiles(people["innovator_trait_mean"], people["innovator_trait_spread"], POINTS)
    skills = beta_quantiles(people["citizen_skill_mean"], people["citizen_skill_spread"], POINTS)
    start_world(world, parameters, skills, key)
    return world


@compiled
def start_world(world, parameters, citizen_skills, key):
    """Draw every agent's initial state, then count, so that month 1 reads a consistent month 0."""
    staff, people = world.servants.size // world.offices.size, world.citizens.size // world.offices.size
    for row in range(world.regions.size):
        p, region = parameters[row], world.regions[row]
        region.coverage = p.initial_coverage_remote if region.remote > 0.5 else p.initial_coverage
        region.outage = infrastructure.outage_probability(region.remote, p)
    for row in range(world.offices.size):
        office, leader = world.offices[row], world.leaders[row]
        p, region = parameters[office.region], world.regions[office.region]
        start_office(office, row, p, key)
        start_leader(leader, office, row, p, world.trait_quantiles, key)
        start_readiness(office, region, p)
        start_conduct(office, p)
        for place in range(staff):
            servant = row * staff + place
            quantiles = (world.skill_quantiles, world.innovator_quantiles)
            start_servant(world.servants[servant], row * SERVANT_IDS + place, office, leader, p, quantiles, key)
            choose_colleagues(world.contacts[servant], servant, place, staff, region, p, key, world.servants[servant].id)
        for place in range(people):
            citizen = world.citizens[row * people + place]
            start_citizen(citizen, row * CITIZEN_IDS + place, place, office, region, p, citizen_skills, key)
    count_people(world, parameters)
    for row in range(world.offices.size):
        office, leader = world.offices[row], world.leaders[row]
        office.usual_demand = parameters[office.region].need_rate * people
        office.possible = office.usual_demand / office.load
        answer_to_public(office, leader, open_mind(leader), parameters[office.region])
    regions_take_note(world, 0)


@compiled
def start_office(me, row, p, key):
    """Give an office its capacities, purse, records, load and place in the election calendar."""
    me.id = row
    first = uniform4(key, Stream.OFFICE_START, 0, row)
    second = uniform4(key, Stream.OFFICE_START, 1, row)
    third = uniform4(key, Stream.OFFICE_CAPACITY_START, 0, row)
    fourth = uniform4(key, Stream.OFFICE_CAPACITY_START, 1, row)
    me.fiscal = clip(0.5 + p.fiscal_spread * normal_quantile(first[0]))
    me.culture = clip(p.culture_mean + p.culture_spread * normal_quantile(first[1]))
    me.data = clip(p.initial_data_mean + p.initial_data_spread * normal_quantile(first[2]))
    me.load = max(0.2, p.utilisation_mean + p.utilisation_spread * normal_quantile(first[3]))
    me.election_month = int(second[0] * p.election_interval)
    mean, spread = p.initial_capacity_mean, p.initial_capacity_spread
    me.human_resources = clip(mean + spread * normal_quantile(third[0]))
    me.organisation = clip(mean + spread * normal_quantile(third[1]))
    me.resources = clip(mean + spread * normal_quantile(third[2]))
    me.network = clip(mean + spread * normal_quantile(third[3]))
    me.environment = clip(mean + spread * normal_quantile(fourth[0]))
    me.mandate = clip(mean + spread * normal_quantile(fourth[1]))
    if fourth[2] < p.initial_screen:
        me.stage = SCREEN
    if fourth[2] < max(p.initial_systems, p.initial_screen):
        me.deployed = SCREEN
        built = p.quality_partial + fourth[3] * (p.quality_success - p.quality_partial)
        me.delivered = projects.worn_quality(built, second[1], p)
        me.quality = me.delivered
        me.assets = screen.project_cost(p)
    me.digital_days = street.handling_days(p)
    me.counter_days = street.handling_days(p)
    me.pace = 1.0
    me.applications = p.applications


@compiled
def start_readiness(me, region, p):
    """Bring capacity and readiness of month 0 in line with what they are made of."""
    me.capacity = aggregate_capacity(me, p)
    me.technology = 0.5 * me.resources + 0.5 * infrastructure.connectivity(region.coverage, region.outage)
    me.readiness = capacity.readiness(me.data, me.culture, me.technology, p)


@compiled
def start_conduct(me, p):
    """Start with staff who work as they think right, at their usual load, and with habits that the parameters state."""
    me.standard = 1.0
    me.pressure = me.load
    me.bribery = p.initial_bribery
    me.legitimacy = p.initial_legitimacy
    me.efficacy = p.initial_efficacy


@compiled
def start_leader(me, office, row, p, trait_quantiles, key):
    """Appoint the first leader, with the commitment that traits and culture suggest."""
    me.id = row
    draw_traits(me, trait_quantiles, 0, key)
    me.support = leadership.support_target(open_mind(me), 0.0, office.culture, 0.0, 0.0, p)
    me.stage = leadership.leader_stage(0, me.support, p)
    me.stage_before = me.stage


@compiled
def start_servant(me, lasting_id, office, leader, p, quantiles, key):
    """Seat the first civil servant: on paper, or on screen where the office already lives by it."""
    me.id = lasting_id
    draw_person(me, p, quantiles, 0, Stream.SERVANT_START, key)
    if office.stage == SCREEN:
        me.stage = ON_SCREEN
        me.use = p.use_conversion
    commitment, habit = attitude(me, office, leader, p)
    cope(me, office, commitment, habit, p)


@compiled
def choose_colleagues(contacts, servant, place, staff, region, p, key, lasting_id):
    """Choose whom a civil servant looks at: the own team, with some ties rewired anywhere in the province."""
    team = place - place % TEAM
    office_first = servant - place
    for tie in range(SERVANT_CONTACTS):
        draws = uniform4(key, Stream.SERVANT_CONTACTS, tie, lasting_id)
        other = team + (place % TEAM + 1 + tie) % TEAM
        contacts[tie] = office_first + (other if other < staff else (place + 1 + tie) % staff)
        if draws[0] < p.rewiring:
            contacts[tie] = region.first_office * staff + int(draws[1] * region.offices * staff)


@compiled
def start_citizen(me, lasting_id, place, office, region, p, skills, key):
    """Settle a citizen: skill, place, trust, access, neighbours."""
    me.id = lasting_id
    first = uniform4(key, Stream.CITIZEN_START, 0, me.id)
    second = uniform4(key, Stream.CITIZEN_START, 1, me.id)
    me.urban = 1 if second[0] < office.urban_share else 0
    me.skill = clip(quantile(skills, first[0]) + me.urban * p.urban_skill_bonus)
    me.third = min(2, int(3.0 * first[0]))
    me.rank = first[1]
    me.threshold = p.citizen_threshold + p.citizen_threshold_spread * normal_quantile(first[2])
    me.helper = first[3]
    me.turn = radical_inverse(place)
    me.trust = clip(p.initial_trust + p.initial_trust_spread * normal_quantile(second[1]))
    me.trust_general = me.trust
    me.efficacy = p.initial_efficacy
    me.satisfaction = p.initial_expectation
    me.expectation = p.initial_expectation
    closeness = 1.0 + p.urban_advantage if me.urban == 1 else 1.0 - p.urban_advantage
    ready = infrastructure.access_by_skill(me.skill, p)
    me.has_access = 1 if second[2] < p.initial_access * region.internet_index * closeness * ready else 0
    me.far = int(second[3] * 65536.0)
    rewire(me, p, key)
    start_habits(me, office, p, uniform4(key, Stream.CITIZEN_START, 2, me.id))


@compiled
def start_habits(me, office, p, draws):
    """Let some know of the online service from the start, and some of those with access use it, where there is one."""
    if office.stage == STREET:
        return
    if me.has_access == 1 and draws[0] < p.initial_users:
        me.stage, me.habit = ONLINE, BY_SELF_SERVICE
        me.aware, me.has_used = 1, 1
    elif draws[1] < p.initial_awareness:
        me.aware = 1


@compiled
def rewire(me, p, key):
    """Mark which of a citizen's ties lead far."""
    bits = 0
    for half in range(2):
        draws = uniform4(key, Stream.CITIZEN_CONTACTS, half, me.id)
        for tie in range(CONTACTS // 2):
            if draws[tie] < p.rewiring:
                bits |= 1 << (4 * half + tie)
    me.rewired = bits
