"""Laws that hold in every month of the tiny lively countries, and directions that follow from the mechanisms."""

import numpy as np
import pytest

from model import world
from model.columns import ASSISTED_CASES, COUNTER_CASES, DROPPED_CASES, FAULT_HITS, ONLINE_CASES
from model.observables import OBSERVABLES
from tests.lively import CITIZENS, MONTHS, SERVANTS, TILTS, lively, run

FIELDS = {
    "regions": world.REGION_FIELDS,
    "offices": world.OFFICE_FIELDS,
    "leaders": world.LEADER_FIELDS,
    "servants": world.SERVANT_FIELDS,
    "citizens": world.CITIZEN_FIELDS,
}
HIGHEST = {"0-1": 1.0, "probability": 1.0, "0 or 1": 1, "stage": 2, "channel": 5}
CHARACTER = {
    "regions": ("id", "population", "cost_multiplier", "internet_index", "remote", "first_office", "offices"),
    "offices": ("id", "region", "weight", "urban_share", "fiscal", "election_month", "load", "usual_demand"),
    "leaders": ("id",),
    "servants": ("id",),
    "citizens": ("id", "rank", "threshold", "helper", "turn", "far", "rewired", "urban", "third"),
}
NEVER_FALLS = {
    "regions": ("coverage", "worst_fault"),
    "citizens": ("skill", "has_access", "has_used"),
}
every_country = pytest.mark.parametrize("name", TILTS)


@every_country
def test_every_field_stays_in_its_unit(name):
    for kind, fields in FIELDS.items():
        for field, _type, unit, _meaning in fields:
            values = run(name).columns[kind][field]
            assert np.isfinite(values).all(), field
            assert values.min() >= 0 or unit in ("standardised", "standard normal"), field
            if unit in HIGHEST:
                assert values.max() <= HIGHEST[unit], field


@every_country
def test_character_is_for_life_and_some_things_are_never_lost(name):
    columns = run(name).columns
    for kind, fields in CHARACTER.items():
        for field in fields:
            assert (columns[kind][field] == columns[kind][field][0]).all(), field
    for kind, fields in NEVER_FALLS.items():
        for field in fields:
            assert (np.diff(columns[kind][field].astype(float), axis=0) >= 0).all(), field


@every_country
def test_cases_balance_in_every_office_and_month(name):
    office, tallies = run(name).columns["offices"], run(name).tallies[1:]
    before, after = office["waiting"][:-1], office["waiting"][1:]
    arrived, served, dropped = (office[field][1:] for field in ("arrived", "served", "dropped"))
    assert (before + arrived == served + dropped + after).all()
    filed = [COUNTER_CASES, ASSISTED_CASES, ONLINE_CASES, DROPPED_CASES]
    assert (arrived == tallies[:, :, filed].sum(axis=2)).all()
    assert (served <= np.ceil(office["possible"][1:]) + tallies[:, :, ONLINE_CASES]).all()
    assert arrived.sum() > 0 and served.sum() > 0.2 * arrived.sum()


@every_country
def test_stages_follow_the_systems_installed(name):
    columns = run(name).columns
    office, leader, servant, citizen = (columns[kind] for kind in ("offices", "leaders", "servants", "citizens"))
    assert (office["stage"] <= office["deployed"]).all()
    moves = np.diff(office["stage"].astype(int), axis=0)
    assert (abs(moves) <= 1).all()
    assert ((moves < 0) == (office["regressed"][1:] == 1)).all()
    for kind in ("offices", "leaders", "servants", "citizens"):
        assert (columns[kind]["stage_before"][1:] == columns[kind]["stage"][:-1]).all()
    assert (servant["stage"] <= np.repeat(office["deployed"], SERVANTS, axis=1)).all()
    assert ((servant["use"] > 0) == (servant["stage"] > 0)).all()
    stage, down = (np.repeat(office[field], CITIZENS, axis=1)[1:] for field in ("stage", "is_down"))
    digital = (citizen["channel"][1:] == world.BY_ASSISTANCE) | (citizen["channel"][1:] == world.BY_SELF_SERVICE)
    assert not (digital & (stage == 0)).any() and not (citizen["stage"][1:][stage == 0]).any()
    assert not ((citizen["channel"][1:] == world.BY_SELF_SERVICE) & (down == 1)).any()
    assert (citizen["is_fast"] <= citizen["has_access"]).all()
    new = leader["is_new"][1:] == 1
    assert (leader["tenure"][1:] == np.where(new, 0, leader["tenure"][:-1] + 1)).all()
    traits = ("openness", "receptivity", "honesty", "caring", "dignity", "respect")
    for trait in traits:
        assert (np.diff(leader[trait], axis=0)[~new] >= 0).all()


@every_country
def test_systems_live_and_die_as_told(name):
    office = run(name).columns["offices"]
    deployed, outcome = office["deployed"], office["outcome"][1:]
    assert (office["automation"][deployed < 2] == 0).sum() >= 0.9 * (deployed < 2).sum()
    change = np.diff(deployed.astype(int), axis=0)
    assert (outcome[change > 0] <= 2).all() and (outcome[change > 0] >= 1).all()
    assert (office["project"][1:][outcome > 0] == 0).all()
    assert (office["quality"][deployed == 0] == 0).all() and (office["assets"][deployed == 0] == 0).all()
    assert (office["disappointment"][1:] - office["disappointment"][:-1])[(outcome == 0) | (outcome == 1)].max() <= 0
    assert (office["spending"][1:][(deployed[:-1] == 0) & (office["project"][:-1] == 0)] == 0).all()


@every_country
def test_what_a_case_brings_follows_the_case(name):
    columns = run(name).columns
    citizen, office = columns["citizens"], columns["offices"]
    channel, before, fate = citizen["channel"][1:], citizen["channel"][:-1], citizen["fate"][1:]
    is_over = (before != world.NO_CASE) & (before != world.DEFERRED)
    assert ((fate & world.CONCLUDED > 0) == is_over).all() and not fate[~is_over].any()
    assert (channel[before == world.DEFERRED] != world.NO_CASE).all()
    failed = citizen["has_failed"]
    is_kept = (failed[:-1] == 1) & (before == world.DEFERRED)
    assert (failed[1:][is_kept] == 1).all() and not failed[citizen["channel"] == world.NO_CASE].any()
    assert not (fate[before == world.DROPPED] & (world.BRIBED | world.WRONGED)).any()
    is_hit, is_heard = fate & world.FAULTED > 0, fate & world.HEARD > 0
    assert (fate[is_hit] & world.WRONGED > 0).all() and (fate[is_heard] & world.SPOKE > 0).all()
    stage = np.repeat(office["stage"][1:], CITIZENS, axis=1)
    fault = np.repeat(columns["regions"]["fault"][1:][:, office["region"][0]], CITIZENS, axis=1)
    assert ((stage == 2) & (fault == 1) & (before == world.BY_SELF_SERVICE))[is_hit].all()
    moves = np.diff(citizen["efficacy"], axis=0)
    assert (moves[is_heard] >= 0).all() and (moves[(fate & world.SPOKE > 0) & ~is_heard] <= 0).all()
    assert not moves[fate & world.SPOKE == 0].any()
    general = citizen["trust_general"]
    assert not np.diff(general, axis=0)[~is_over].any()


@every_country
def test_faulty_rules_live_and_are_found_as_told(name):
    result = run(name)
    region, office = result.columns["regions"], result.columns["offices"]
    fault, before, found = region["fault"][1:], region["fault"][:-1], region["fault_found"][1:]
    assert ((found == 1) == ((before == 1) & (fault == 0))).all()
    comes = (before == 0) & (fault == 1)
    assert (region["system_share"][:-1][comes] > 0).all() and (region["fault_share"][1:][comes] > 0).all()
    assert (region["fault_share"][1:] == region["fault_share"][:-1])[~comes].all()
    hits = result.tallies[1:, :, FAULT_HITS] * office["weight"][1:]
    own = np.stack([hits[:, office["region"][0] == row].sum(axis=1) for row in range(fault.shape[1])], axis=1)
    kept = np.where(comes, 0.0, region["fault_hits"][:-1])
    assert region["fault_hits"][1:] == pytest.approx(kept + own)
    assert region["worst_fault"] == pytest.approx(np.maximum.accumulate(region["fault_hits"], axis=0))
    shock, outcome = office["trust_shock"][1:], office["outcome"][1:]
    is_found = found[:, office["region"][0]] & (office["stage"][1:] == 2)
    assert ((shock > 0) <= ((outcome == 2) | (outcome == 3) | (is_found == 1))).all()
    published = np.diff(region["score"], axis=0) != 0
    assert not np.delete(published, np.arange(11, MONTHS, 12), axis=0).any()


@every_country
def test_offices_conduct_themselves_within_bounds(name):
    columns, p = run(name).columns, lively(name).parameters
    office, leader = columns["offices"], columns["leaders"]
    small = 1e-6
    assert (office["applications"] >= 1 - small).all() and (office["pressure"] <= 3).all()
    assert (office["standard"] <= 1).all() and (office["standard"] >= p["lowest_standard"] - small).all()
    assert (office["away"] + office["against"] < 1).all()
    assert (office["bribe_chance"] >= office["rent_chance"] - small).all()
    assert (office["rent_chance"] <= p["gatekeeper_rent"] + small).all()
    assert (office["detection"] >= p["detection_base"] - small).all()
    assert office["discretion"][office["stage"] == 0] == pytest.approx(p["initial_discretion"])
    assert (office["error_chance"] <= p["error_rate"] * (1 + p["coping_away_error"]) * (2 - p["lowest_standard"])).all()
    low = np.minimum(office["bribery"][:-1], np.minimum(office["bribe_chance"], office["rent_chance"])[1:])
    assert (office["bribery"][1:] >= low - small).all()
    assert (office["bribery"][1:] <= np.maximum(office["bribery"][:-1], office["bribe_chance"][1:]) + small).all()
    more = np.diff(office["applications"], axis=0) > 0
    assert (leader["is_new"][1:][more] == 1).all() and (office["project"][:-1][more] > 0).all()
    assert (office["project"][:-1][office["proposals"][1:] > 0] == 0).all()
    assert (abs(np.diff(office["legitimacy"], axis=0)) <= p["legitimacy_adjustment"] + small).all()
    idle = (office["project"][:-1] == 0) & (office["project"][1:] > 0)
    assert (office["progress"][1:][idle] == 0).all() and (leader["stage"][1:][idle] > 0).all()


@every_country
def test_observables_are_what_they_are_called(name):
    result = run(name)
    value = dict(zip(OBSERVABLES, result.series.T, strict=True))
    for kinds in (
        ("office_street", "office_screen", "office_system"),
        ("servant_paper", "servant_screen", "servant_steward"),
    ):
        assert sum(value[kind] for kind in kinds) == pytest.approx(1.0)
    assert value["cases_served"] == pytest.approx(result.columns["offices"]["served"].sum(axis=1))
    assert value["leader_support"] == pytest.approx(result.columns["leaders"]["support"].mean(axis=1), abs=1e-6)


def test_something_of_everything_happens():
    """Between them the countries see every stage, move, channel and outcome: else laws and the frozen run prove little."""
    runs = [run(name).columns for name in TILTS]
    for kind, field, values in (
        ("offices", "stage", 3), ("offices", "deployed", 3), ("offices", "project", 3), ("offices", "outcome", 5),
        ("offices", "regressed", 2), ("offices", "is_down", 2), ("leaders", "stage", 3), ("leaders", "is_new", 2),
        ("servants", "stage", 3), ("citizens", "stage", 3), ("citizens", "channel", 6), ("citizens", "has_failed", 2),
        ("citizens", "is_fast", 2), ("citizens", "has_access", 2), ("citizens", "aware", 2), ("regions", "fault", 2),
        ("regions", "fault_found", 2), ("offices", "proposals", 2),
    ):  # fmt: skip
        seen = set(np.concatenate([columns[kind][field].ravel() for columns in runs]).tolist())
        assert seen == set(range(values)), (kind, field)
    for kind in ("offices", "leaders", "servants", "citizens"):
        moves = np.concatenate([np.diff(columns[kind]["stage"].astype(int), axis=0).ravel() for columns in runs])
        assert moves.min() < 0 < moves.max()
    assert sum(columns["offices"]["renege_share"].sum() for columns in runs) > 0
    fates = np.concatenate([columns["citizens"]["fate"].ravel() for columns in runs])
    for bit in (world.BRIBED, world.WRONGED, world.FAULTED, world.SPOKE, world.HEARD, world.CONCLUDED):
        assert 0 < (fates & bit > 0).sum() < fates.size
    for field in ("applications", "standard", "score", "bribery", "legitimacy", "discretion"):
        steps = np.concatenate([np.diff(columns["offices"][field], axis=0).ravel() for columns in runs])
        assert steps.min() < 0 < steps.max(), field


@every_country
def test_every_parameter_differs_from_its_default_or_is_tilted(name):
    """No term is hidden by a neutral value; a default of the registry may be drawn only by chance."""
    from model.registry import load_registry

    parameters = lively(name).parameters
    same = [
        entry for entry, spec in load_registry().items() if parameters[entry] == spec.default and entry not in TILTS[name]
    ]
    assert len(same) <= 2, same


# what is changed in which country, what must then rise (+) or fall (-) summed over the run
DIRECTIONS = [
    ("closed", {"assistance_coverage": 0.0}, "offices", "dropped", +1),
    ("rise", {"training_rate": 1.0}, "servants", "trained", +1),
    ("fall", {"system_ageing": 0.0}, "offices", "delivered", +1),
    ("closed", {"reneging": 0.0}, "offices", "waiting", +1),
    ("closed", {"outage_core": 0.0, "outage_remote": 0.0}, "offices", "is_down", -1),
    ("system", {"data_decay": 0.1}, "offices", "data", -1),
    ("slow", {"coverage_growth": 0.08}, "regions", "coverage", +1),
    ("slow", {"leadership_development": 0.0}, "leaders", "openness", -1),
    ("system", {"fault_rate": 0.0}, "regions", "fault_hits", -1),
    ("closed", {"forced_dropout": 1.0}, "offices", "dropped", +1),
    ("closed", {"mandate_reaction": 0.0}, "citizens", "trust", +1),
    ("fall", {"consolidation": 1.0}, "offices", "applications", -1),
    ("system", {"bribe_requests": 0.0, "gatekeeper_rent": 0.0}, "offices", "bribery", -1),
    ("fall", {"response_share": 1.0}, "offices", "efficacy", +1),
    ("rise", {"lowest_standard": 1.0}, "offices", "standard", +1),
    ("slow", {"ranking_effect": 0.5}, "leaders", "support", +1),
]


@pytest.mark.parametrize(
    ("name", "changes", "kind", "field", "sign"), DIRECTIONS, ids=[next(iter(d[1])) for d in DIRECTIONS]
)
def test_direction_of_a_parameter(name, changes, kind, field, sign):
    changed, plain = (result.columns[kind][field].sum(dtype=float) for result in (run(name, **changes), run(name)))
    assert sign * (changed - plain) > 0


def test_runs_last_as_long_as_they_should():
    assert run("rise").series.shape == (MONTHS + 1, len(OBSERVABLES))
