"""A second build that follows `model/ODD.md` agrees with the model, row by row and month by month.

Each month the second build starts from the model's rows and lives through the month by itself. Whole numbers must be equal,
others within the rounding of 32-bit rows. So ODD.md cannot fall behind the code without this failing.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from model import Simulation
from model.observables import OBSERVABLES
from tests import second_build as build
from tests import second_build_observe as observing
from tests import second_build_people as people
from tests import second_build_plan as plan
from tests import second_build_start as start
from tests.history import LIVELY
from tests.worlds import small

KINDS = ("regions", "offices", "leaders", "servants", "citizens")
MONTHS, SEED = 36, 7  # long enough, and a seed, for everything to happen
EXTRA = {
    "leadership_development": 0.3, "consolidation": 0.3, "consultation": 0.2, "external_pressure": 0.1,
    "ranking_effect": 0.2, "audit_rate": 0.6, "forced_dropout": 0.2, "explanation": 0.5, "failure_threshold": 36.0,
    "outcome_noise": 12.0, "gatekeeper_rent": 0.1, "digital_base_share": 0.1,
}  # fmt: skip
INTEGRATED = {
    "initial_systems": 1.0, "initial_capacity_mean": 0.9, "initial_data_mean": 0.8, "servant_skill_mean": 0.7,
    "leader_trait_mean": 0.9, "adoption_threshold": -1.5, "citizen_threshold": -1.5, "project_rate": 0.5,
    "digital_base_share": 0.3, "digital_commitment_share": 0.7, "system_project_duration": 6.0, "automation_rate": 0.3,
    "design_overreach": 0.0, "applications": 1.0, "initial_access": 0.8, "citizen_skill_mean": 0.8,
    "awareness_external": 0.05, "citizen_adoption_rate": 0.4, "counter_closure": 0.5, "assistance_coverage": 0.3,
    "fault_rate": 0.03, "fault_share": 0.3, "fault_detection": 0.2, "audit_rate": 0.0,
}  # fmt: skip
WORLDS = {
    "default": {"initial_systems": 0.3},
    "lively": {**LIVELY, **EXTRA},
    "integrated": INTEGRATED,
    "plain sums": {"capacity_substitution": 1.0, "readiness_substitution": 0.0, "initial_systems": 0.5, "need_rate": 0.5},
    "under way": {
        "initial_screen": 0.6,
        "initial_wear": 0.7,
        "initial_awareness": 0.5,
        "initial_users": 0.4,
        "initial_access": 0.6,
    },
}
EVENTS = {
    "lively": {"outcome 1", "outcome 2", "outcome 3", "outcome 4", "fell back", "channel 1", "channel 2", "channel 3",
               "channel 4", "channel 5", "new leader", "office 1"},
    "integrated": {"office 2", "fault", "found", "hit", "channel 3", "channel 5"},
}  # fmt: skip


def rows_of(world):
    """Return all rows as plain objects, by kind."""
    kinds = {}
    for kind in KINDS:
        rows = getattr(world, kind)
        kinds[kind] = [SimpleNamespace(**{name: row[name].item() for name in rows.dtype.names}) for row in rows]
    return SimpleNamespace(**kinds)


def groups(rows, number):
    """Return rows in equal parts, one an office."""
    size = len(rows) // number
    return [rows[place * size : (place + 1) * size] for place in range(number)]


def live_a_month(world, seen, contacts, p, tables, month, key):
    """Live through a month; `seen` are what was seen of servants and citizens, `p` the parameters by province."""
    number = len(world.offices)
    staff, folk = groups(world.servants, number), groups(world.citizens, number)
    for r in world.regions:
        build.province_month(r, p[r.id], month, key)
    for leader, o in zip(world.leaders, world.offices, strict=True):
        build.leader_month(leader, o, world.regions[o.region], p[o.region], tables, month, key)
    for leader, o in zip(world.leaders, world.offices, strict=True):
        plan.office_plan(o, leader, world.regions[o.region], p[o.region], month, key)
    for place, o in enumerate(world.offices):
        for i, s in enumerate(staff[place]):
            met = sum(seen.servants[row] for row in contacts[place * len(staff[place]) + i])
            people.servant_month(s, met, o, world.leaders[place], p[o.region], tables, month, key)
    for place, o in enumerate(world.offices):
        for i, c in enumerate(folk[place]):
            share = neighbours(c, i, seen.citizens[place * len(folk[place]) : (place + 1) * len(folk[place])])
            people.citizen_month(c, share, o, world.regions[o.region], p[o.region], month, key)
    for place, o in enumerate(world.offices):
        cases = people.count(o, staff[place], folk[place], p[o.region])
        build.office_serve(o, cases, p[o.region], month, key)
    note(world, folk, month)


def note(world, folk, month):
    for r in world.regions:
        mine = slice(r.first_office, r.first_office + r.offices)
        people.take_note(r, world.offices[mine], folk[mine], month)


def neighbours(c, i, seen):
    """Return the share of the eight neighbours of the citizen at place `i` that were seen."""
    steps = (-4, -3, -2, -1, 1, 2, 3, 4)
    places = [(c.far + 7919 * t) if c.rewired >> t & 1 else i + steps[t] for t in range(8)]
    return sum(seen[place % len(seen)] for place in places) / 8.0


def begin(scenario, parameters, world, key):
    """Return the world of month 0 and its contacts; of the model's world only what the table of provinces says is read."""
    mine = rows_of(world)
    given = {"id", "region", "population", "cost_multiplier", "internet_index", "remote", "first_office", "offices"}
    for kind in KINDS:
        for row in getattr(mine, kind):
            vars(row).update({name: 0 for name in vars(row) if name not in given})
    tables, number, contacts = start.tables_of(parameters[0]), len(mine.offices), []
    staff, folk = groups(mine.servants, number), groups(mine.citizens, number)
    for r, region in zip(mine.regions, scenario.regions, strict=True):
        p = parameters[r.id]
        start.start_province(r, p)
        for place in range(r.first_office, r.first_office + r.offices):
            o, leader = mine.offices[place], mine.leaders[place]
            o.weight = start.weight_of(r, len(folk[place]))
            start.start_office(o, place - r.first_office, region.regencies, r, p, key)
            start.start_leader(leader, o, p, tables, key)
            for i, s in enumerate(staff[place]):
                assert s.id == place * 4096 + i
                start.start_servant(s, o, leader, p, tables, key)
                contacts.append(start.colleagues(i, len(staff[place]), place, r, p, key))
            for i, c in enumerate(folk[place]):
                assert c.id == place * 65536 + i
                start.start_citizen(c, i, o, r, p, tables, key)
            people.count(o, staff[place], folk[place], p)
            o.usual_demand = p.need_rate * len(folk[place])
            o.possible = o.usual_demand / o.load
            plan.answer_to_public(o, leader, p)
    note(mine, folk, 0)
    return mine, contacts


def differences(world, mine):
    """Return what differs: (kind, field, row, model, second build)."""
    found = []
    for kind in KINDS:
        rows = getattr(world, kind)
        for name in rows.dtype.names:
            theirs = rows[name].astype(float)
            ours = np.array([getattr(row, name) for row in getattr(mine, kind)], float)
            allowed = 3e-6 * np.maximum(1.0, np.abs(theirs)) if rows.dtype[name].kind == "f" else 0.0
            for row in np.flatnonzero(~(np.abs(theirs - ours) <= allowed)):
                found.append((kind, name, int(row), theirs[row], ours[row]))
    return found


def records(parameters):
    """Return the parameters of a month by province, as plain objects."""
    return [SimpleNamespace(**dict(zip(row.dtype.names, row.item(), strict=True))) for row in parameters]


@pytest.mark.parametrize("name", WORLDS)
def test_second_build_starts_alike(name):
    scenario = small().with_parameters(**WORLDS[name])
    model = Simulation(scenario)
    mine, contacts = begin(scenario, records(model.now), model.world, model.key)
    assert differences(model.world, mine)[:9] == []
    assert contacts == model.world.contacts.tolist()


@pytest.mark.parametrize("name", WORLDS)
def test_second_build_lives_alike(name):
    scenario = small().with_parameters(**WORLDS[name])
    model, events = Simulation(replace(scenario, months=MONTHS, citizens_per_office=16, seed=SEED)), set()
    tables = start.tables_of(records(model.now)[0])
    while model.month < MONTHS:
        mine = rows_of(model.world)
        seen = SimpleNamespace(servants=model.world.seen_servants.tolist(), citizens=model.world.seen_citizens.tolist())
        contacts = model.world.contacts.tolist()
        model.step()
        live_a_month(mine, seen, contacts, records(model.now), tables, model.month, model.key)
        assert differences(model.world, mine)[:9] == [], f"month {model.month}"
        compare_observables(model)
        events |= events_of(mine)
    assert EVENTS.get(name, set()) <= events


def compare_observables(model):
    """Read every observable off the model's rows and compare with what the model reports."""
    rows = rows_of(model.world)
    number = len(rows.offices)
    view = observing.View(rows, groups(rows.servants, number), groups(rows.citizens, number), records(model.now))
    found = observing.observe(view)
    assert set(found) == set(OBSERVABLES)
    reported = dict(zip(OBSERVABLES, model.series[model.month], strict=True))
    assert found == pytest.approx(reported, rel=1e-5, abs=1e-6), f"month {model.month}"


def events_of(world):
    """Return what happened, so that a quiet world is not taken for agreement."""
    events = {f"office {int(o.stage)}" for o in world.offices} | {f"outcome {int(o.outcome)}" for o in world.offices}
    events |= {f"channel {int(c.channel)}" for c in world.citizens}
    happened = {
        "fell back": any(o.regressed for o in world.offices),
        "new leader": any(leader.is_new for leader in world.leaders),
        "fault": any(r.fault for r in world.regions),
        "found": any(r.fault_found for r in world.regions),
        "hit": any(int(c.fate) & 4 for c in world.citizens),
    }
    return events | {name for name, is_true in happened.items() if is_true}
