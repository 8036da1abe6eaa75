"""The model built a second time: the world of month 0, section 5 of `model/ODD.md`; see `second_build.py`."""

from math import floor
from types import SimpleNamespace

from model.numeric import beta_quantiles, normal_quantile, quantile
from model.randomness import Stream, uniform4
from tests.second_build import clip, draw_traits, leader_stage, open_mind
from tests.second_build_people import attitude, cope, new_person, readiness
from tests.second_build_plan import take_stock


def radical_inverse(place):
    """Return 0, 1/2, 1/4, 3/4, ...: the binary digits of `place` mirrored at the point."""
    return int(format(place, "b")[::-1], 2) / 2.0 ** len(format(place, "b"))


def start_province(r, p):
    r.coverage = p.initial_coverage_remote if r.remote else p.initial_coverage
    r.outage = p.outage_remote if r.remote else p.outage_core


def start_office(o, place, regencies, r, p, key):
    """`place` is the office's position in its province."""
    a, b, c, d = (
        uniform4(key, stream, block, int(o.id))
        for stream in (Stream.OFFICE_START, Stream.OFFICE_CAPACITY_START)
        for block in (0, 1)
    )
    o.urban_share = p.urban_share_regency if place < regencies else p.urban_share_city
    o.fiscal = clip(0.5 + p.fiscal_spread * normal_quantile(a[0]))
    o.culture = clip(p.culture_mean + p.culture_spread * normal_quantile(a[1]))
    o.data = clip(p.initial_data_mean + p.initial_data_spread * normal_quantile(a[2]))
    o.load = max(0.2, p.utilisation_mean + p.utilisation_spread * normal_quantile(a[3]))
    o.election_month = floor(b[0] * p.election_interval)
    names = ("human_resources", "organisation", "resources", "network", "environment", "mandate")
    for name, u in zip(names, (*c, *d[:2]), strict=True):
        setattr(o, name, clip(p.initial_capacity_mean + p.initial_capacity_spread * normal_quantile(u)))
    o.stage = int(d[2] < p.initial_screen)
    if o.stage or d[2] < p.initial_systems:
        o.deployed, o.assets = 1, p.screen_project_cost
        best = p.quality_partial + d[3] * (p.quality_success - p.quality_partial)
        o.delivered = o.quality = best - p.initial_wear * b[1] * max(0.0, best - p.minimum_quality)
    o.digital_days = o.counter_days = p.handling_days_street
    o.standard, o.pressure, o.applications = 1.0, o.load, p.applications
    o.bribery, o.legitimacy, o.efficacy = p.initial_bribery, p.initial_legitimacy, p.initial_efficacy
    take_stock(o, r, p)


def start_leader(leader, o, p, tables, key):
    draw_traits(leader, tables, 0, key)
    leader.support = clip(p.support_openness * open_mind(leader) + p.support_culture * o.culture)
    leader.stage = leader.stage_before = leader_stage(0, leader.support, p)


def start_servant(s, o, leader, p, tables, key):
    new_person(s, p, tables, Stream.SERVANT_START, 0, key)
    s.stage, s.use = (1, p.use_conversion) if o.stage else (0, 0.0)
    cope(s, o, *attitude(s, o, leader, p), p)


def colleagues(place, staff, office, r, p, key):
    """Return the rows of the five colleagues of a civil servant."""
    ties = []
    for t in range(5):
        u = uniform4(key, Stream.SERVANT_CONTACTS, t, office * 4096 + place)
        other = place - place % 6 + (place % 6 + 1 + t) % 6
        row = office * staff + (other if other < staff else (place + 1 + t) % staff)
        if u[0] < p.rewiring:
            row = int(r.first_office) * staff + floor(u[1] * r.offices * staff)
        ties.append(row)
    return ties


def start_citizen(c, place, o, r, p, tables, key):
    a, b = (uniform4(key, Stream.CITIZEN_START, block, int(c.id)) for block in (0, 1))
    c.urban = int(b[0] < o.urban_share)
    c.skill = clip(quantile(tables.citizen_skills, a[0]) + p.urban_skill_bonus * c.urban)
    c.third, c.rank, c.helper, c.turn = min(2, floor(3.0 * a[0])), a[1], a[3], radical_inverse(place)
    c.threshold = p.citizen_threshold + p.citizen_threshold_spread * normal_quantile(a[2])
    c.trust = c.trust_general = clip(p.initial_trust + p.initial_trust_spread * normal_quantile(b[1]))
    c.efficacy, c.satisfaction, c.expectation = p.initial_efficacy, p.initial_expectation, p.initial_expectation
    near = 1.0 + p.urban_advantage if c.urban else 1.0 - p.urban_advantage
    c.has_access = int(b[2] < p.initial_access * r.internet_index * near * readiness(c, p))
    c.far = floor(b[3] * 65536)
    habits = uniform4(key, Stream.CITIZEN_START, 2, int(c.id))
    if o.stage and c.has_access and habits[0] < p.initial_users:
        c.stage, c.habit, c.aware, c.has_used = 2, 3, 1, 1
    elif o.stage and habits[1] < p.initial_awareness:
        c.aware = 1
    words = [u for block in (0, 1) for u in uniform4(key, Stream.CITIZEN_CONTACTS, block, int(c.id))]
    c.rewired = sum(1 << t for t in range(8) if words[t] < p.rewiring)


def weight_of(r, people):
    """Return how many inhabitants a sampled citizen of a province stands for."""
    return r.population / r.offices / people


def tables_of(p):
    """Return the quantile tables, from the first province's parameters of month 0."""
    names = {"skills": "servant_skill", "traits": "leader_trait", "innovators": "innovator_trait"}
    names["citizen_skills"] = "citizen_skill"
    tables = {}
    for table, name in names.items():
        tables[table] = beta_quantiles(getattr(p, f"{name}_mean"), getattr(p, f"{name}_spread"), 1024)
    return SimpleNamespace(**tables)
