"""What offices and provinces do to a row made by hand; expected numbers were worked out from the formulas."""

import math

import numpy as np
import pytest

from model.behaviours import offices, regions
from model.world import DRIVER, GUARD, LEADER, OFFICE, REGION, SCREEN, SPONSOR, STREET, SYSTEM
from tests.rows import defaults, row

KEY = np.uint64(1)


def near(value):
    return pytest.approx(value, rel=2e-6, abs=1e-7)


def test_province_builds_and_breaks():
    me = row(REGION, coverage=0.5, cost_multiplier=2.0, remote=1.0)
    regions.region_month(me, defaults(coverage_growth=0.0128, infrastructure_effort=3.0, outage_remote=0.1))
    assert (me["coverage"], me["outage"]) == (near(0.5096), near(0.1))


def test_capacity_is_the_mean_of_six():
    names = ("human_resources", "organisation", "resources", "network", "environment", "mandate")
    me = row(OFFICE, **dict(zip(names, (1.0, 0.5, 0.25, 0.5, 1.0, 0.5), strict=True)))
    assert offices.aggregate_capacity(me, defaults(capacity_substitution=-1.0)) == near(0.5)  # 6 / (1+2+4+2+1+2)


def test_building_capacity():
    p = defaults(
        capacity_budget_share=0.25, human_resource_effort=1.0, organisation_effort=2.0, resource_effort=3.0,
        network_effort=4.0, mandate_effort=5.0, capacity_growth=0.02, capacity_depreciation=0.005, culture_drift=0.1,
        capacity_substitution=1.0, readiness_substitution=1.0,
    )  # fmt: skip
    names = ("human_resources", "organisation", "resources", "network", "environment", "mandate")
    me = row(OFFICE, **dict.fromkeys(names, 0.5), culture=0.3, adoption=0.6, data=0.4)
    region = row(REGION, cost_multiplier=2.0, coverage=0.25, outage=0.2)
    offices.build_capacity(me, region, row(LEADER, openness=0.7, receptivity=0.9), 2.0, p)
    # spending 2 x 0.25 / 2 = 0.25; each grows by 0.02 x 0.25 x effort x 0.5 and wears by 0.0025
    assert [me[name] for name in names] == [near(0.4975 + 0.0025 * effort) for effort in (1, 2, 3, 4, 4, 5)]
    assert me["capacity"] == near(0.4975 + 0.0025 * 19 / 6)
    assert me["technology"] == near(0.5 * 0.505 + 0.5 * 0.4)
    assert me["culture"] == near(0.3 + 0.1 * (0.3 + 0.4 - 0.3))
    assert me["readiness"] == near((0.4 + 0.34 + 0.4525) / 3)


def test_records_and_automation():
    p = defaults(
        digitisation_by_use=0.04, digitisation_programme=0.03, data_decay=0.01, automation_rate=0.05,
        disappointment_fading=0.05,
    )  # fmt: skip
    office = {"use": 0.5, "resources": 0.5, "data": 0.4, "automation": 0.2, "capacity": 0.5, "disappointment": 0.4}
    for deployed, automation in ((SYSTEM, 0.21), (SCREEN, 0.0)):
        me = row(OFFICE, deployed=deployed, **office)
        offices.keep_records(me, p)
        assert [me[name] for name in ("data", "automation", "disappointment")] == [near(0.417), near(automation), near(0.38)]


def test_upkeep_is_paid_as_far_as_money_goes():
    p = defaults(opex_rate=0.24, system_ageing=0.004, quality_decay=0.03, quality_recovery=0.02)
    me = row(OFFICE, deployed=SCREEN, assets=5.0, delivered=0.9, quality=0.8)
    assert offices.pay_upkeep(me, 0.05, p) == 0.0
    assert [me[name] for name in ("delivered", "quality", "spending")] == [near(0.896), near(0.785), near(0.05)]
    me = row(OFFICE, deployed=SCREEN, assets=5.0, delivered=0.9, quality=0.8)
    assert offices.pay_upkeep(me, 0.3, p) == near(0.2)
    assert [me[name] for name in ("delivered", "quality", "spending")] == [near(0.896), near(0.80192), near(0.1)]
    me = row(OFFICE, deployed=STREET, delivered=0.9, quality=0.8)
    offices.pay_upkeep(me, 0.3, p)
    assert (me["delivered"], me["quality"], me["spending"]) == (near(0.9), near(0.8), 0.0)


@pytest.mark.parametrize(
    ("leader", "deployed", "stage", "quality", "draw", "project"),
    [
        (GUARD, STREET, STREET, 0.0, 0.1, 0), (SPONSOR, STREET, STREET, 0.0, 0.24, SCREEN),
        (SPONSOR, STREET, STREET, 0.0, 0.26, 0), (SPONSOR, SCREEN, STREET, 0.5, 0.1, SCREEN),
        (SPONSOR, SCREEN, SCREEN, 0.6, 0.1, 0), (DRIVER, SCREEN, SCREEN, 0.6, 0.1, SYSTEM),
        (DRIVER, SCREEN, STREET, 0.6, 0.1, 0), (DRIVER, SCREEN, SCREEN, 0.5, 0.1, SCREEN),
        (DRIVER, SYSTEM, SYSTEM, 0.6, 0.1, 0), (DRIVER, SYSTEM, SCREEN, 0.5, 0.1, SYSTEM),
        (SPONSOR, SYSTEM, SYSTEM, 0.5, 0.1, 0), (DRIVER, SYSTEM, STREET, 0.5, 0.1, 0), (GUARD, STREET, STREET, 0.0, 0.3, 0),
    ],
)  # fmt: skip
def test_considering_a_project(leader, deployed, stage, quality, draw, project):
    me = row(OFFICE, deployed=deployed, stage=stage, quality=quality, progress=0.7)
    p = defaults(project_rate=0.5, quality_partial=0.55)
    offices.consider_project(me, row(LEADER, stage=leader, support=0.5), p, draw)
    assert me["project"] == project
    assert me["progress"] == near(0.7 if leader == GUARD or draw > 0.25 else 0.0)


@pytest.mark.parametrize(
    ("project", "is_new", "money", "draws", "progress", "spending"),
    [
        (SCREEN, 0, 0.1, (0.0, 0.0), 0.5 + 0.1 / 6, 0.3), (SCREEN, 0, 9.0, (0.0, 0.0), 0.5 + 1 / 18, 0.2 + 1 / 3),
        (SYSTEM, 0, 0.1, (0.0, 0.0), 0.5 + 0.1 / 16, 0.3), (SYSTEM, 0, 9.0, (0.0, 0.0), 0.5 + 1 / 30, 0.2 + 16 / 30),
        (SCREEN, 1, 0.1, (0.08, 0.29), 0.1 / 6, 0.3), (SCREEN, 1, 0.1, (0.08, 0.31), 0.5 + 0.1 / 6, 0.3),
    ],
)  # fmt: skip
def test_running_a_project(project, is_new, money, draws, progress, spending):
    p = defaults(
        screen_project_cost=3.0, system_project_cost=8.0, screen_project_duration=18.0, system_project_duration=30.0,
        project_abandonment=0.15, new_application_chance=0.3,
    )  # fmt: skip
    me = row(OFFICE, project=project, progress=0.5, spending=0.2)
    leader, region = row(LEADER, is_new=is_new, support=0.5), row(REGION, cost_multiplier=2.0)
    offices.run_project(me, leader, region, money, p, (0.5, *draws, 0.5))
    assert (me["project"], me["progress"], me["spending"]) == (project, near(progress), near(spending))
    me = row(OFFICE, project=project, progress=0.5)
    offices.run_project(me, row(LEADER, is_new=1, support=0.5), region, money, p, (0.5, 0.07, 0.9, 0.5))
    assert (me["project"], me["outcome"], me["progress"]) == (0, offices.ABANDONED, near(0.5))


@pytest.mark.parametrize(
    ("draw", "outcome", "deployed", "quality", "assets", "disappointment"),
    [(0.5, 1, 1, 0.9, 6.0, 0.1), (0.97, 2, 1, 0.55, 6.0, 0.3), (0.9995, 3, 0, 0.0, 0.0, 0.5)],
)
def test_finishing_a_project(draw, outcome, deployed, quality, assets, disappointment):
    """Without a gap: success with logistic(18.2 / 6) = 0.954, failure with logistic(-41.2 / 6) = 0.00104."""
    p = defaults(
        success_threshold=18.2, failure_threshold=41.2, outcome_noise=6.0, quality_success=0.9, quality_partial=0.55,
        disappointment=0.2, screen_project_cost=3.0, screen_project_duration=18.0,
    )  # fmt: skip
    names = ("data", "technology", "organisation", "culture", "skill", "human_resources", "mandate", "network", "resources")
    me = row(OFFICE, **dict.fromkeys(names, 1.0), project=SCREEN, progress=0.99, disappointment=0.1, months_low=3)
    leader, region = row(LEADER, support=1.0), row(REGION, cost_multiplier=2.0)
    offices.run_project(me, leader, region, 9.0, p, (0.5, 0.0, 0.0, draw))
    assert (me["project"], me["outcome"], me["deployed"]) == (0, outcome, deployed)
    assert (me["quality"], me["delivered"], me["assets"]) == (near(quality), near(quality), near(assets))
    assert me["disappointment"] == near(disappointment)
    assert me["months_low"] == (0 if outcome < 3 else 3)


def test_what_a_project_asks_for():
    """A gap of 10 in all seven at nothing, with the level's requirement: success at 63 + 18 below certain failure."""
    p = defaults(screen_requirement=0.3, system_requirement=0.6, design_overreach=0.1, success_threshold=35.0,
                 failure_threshold=42.0, outcome_noise=0.5)  # fmt: skip
    for project, outcome in ((SCREEN, 1), (SYSTEM, 3)):  # gaps of 28 and 49
        me = row(OFFICE, project=project)
        offices.finish_project(me, row(LEADER), 5.0, p, 0.5)
        assert me["outcome"] == outcome


def test_gap_between_design_and_reality():
    me = row(OFFICE, data=0.5, technology=0.6, organisation=0.7, culture=0.8, skill=0.2, human_resources=0.6, mandate=0.9,
             network=0.3, resources=0.7)  # fmt: skip
    assert offices.design_reality_gap(me, row(LEADER, support=0.4), 0.8) == near(3 + 2 + 1 + 2 + 4 + 2 + 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"deployed": 1, "adoption": 0.5, "data": 0.5, "quality": 0.9}, {"stage": 1, "months_low": 0}),
        ({"deployed": 2, "adoption": 0.5, "data": 0.5, "quality": 0.9}, {"stage": 1}),
        ({"deployed": 1, "adoption": 0.4, "data": 0.9, "quality": 0.9}, {"stage": 0}),
        ({"deployed": 1, "adoption": 0.9, "data": 0.4, "quality": 0.9}, {"stage": 0}),
        ({"deployed": 0, "adoption": 0.9, "data": 0.9, "quality": 0.0, "months_low": 4}, {"stage": 0, "months_low": 0}),
        ({"deployed": 1, "stage": 1, "quality": 0.2, "months_low": 3}, {"stage": 1, "months_low": 4, "deployed": 1}),
        ({"deployed": 1, "stage": 1, "quality": 0.9, "months_low": 3}, {"stage": 1, "months_low": 0}),
        ({"deployed": 1, "stage": 1, "quality": 0.2, "months_low": 5, "assets": 4.0, "delivered": 0.5},
         {"stage": 0, "deployed": 0, "months_low": 0, "regressed": 1, "assets": 0.0, "quality": 0.0}),
        ({"deployed": 2, "stage": 2, "quality": 0.2, "months_low": 5, "assets": 4.0, "delivered": 0.5},
         {"stage": 1, "deployed": 1, "months_low": 0, "regressed": 1, "assets": 2.0, "quality": 0.5}),
        ({"deployed": 2, "stage": 1, "quality": 0.2, "months_low": 5, "assets": 4.0, "delivered": 0.5},
         {"stage": 1, "deployed": 1, "regressed": 0}),
    ],
)  # fmt: skip
def test_change_of_stage(before, after):
    p = defaults(staff_threshold=0.5, data_threshold=0.5, minimum_quality=0.3, relapse_months=6)
    me = row(OFFICE, **before)
    offices.change_stage(me, row(REGION), p)
    assert {name: me[name] for name in after} == after


def test_a_system_at_the_mark_is_good_enough():
    p = defaults(minimum_quality=0.25, quality_partial=0.5)
    for quality, low, needs in ((0.5, 0, False), (0.375, 0, True), (0.25, 0, True), (0.125, 1, True)):
        me = row(OFFICE, deployed=SCREEN, stage=SCREEN, quality=quality)
        assert offices.needs_renewal(me, p) == needs
        offices.change_stage(me, row(REGION), p)
        assert me["months_low"] == low


@pytest.mark.parametrize("short", [None, "automation", "network", "environment", "screen_share"])
def test_integration_needs_everything_at_once(short):
    p = defaults(automation_threshold=0.5, network_threshold=0.75, partner_threshold=0.25)
    have = {"automation": 0.5, "network": 0.75, "environment": 0.75, "screen_share": 0.25}
    if short:
        have[short] -= 0.125
    region = row(REGION, screen_share=have.pop("screen_share"))
    me = row(OFFICE, **have, stage=SCREEN, deployed=SYSTEM, quality=0.9)
    offices.change_stage(me, region, p)
    assert me["stage"] == (SCREEN if short else SYSTEM)
    me = row(OFFICE, **have, stage=SCREEN, deployed=SCREEN, quality=0.9)
    offices.change_stage(me, region, p)
    assert me["stage"] == SCREEN


@pytest.mark.parametrize(("stage", "usefulness"), [(STREET, 0.0), (SCREEN, 0.36), (SYSTEM, 0.45)])
def test_opening_for_business(stage, usefulness):
    p = defaults(
        service_reference_days=14.0, usefulness_information=0.56, usefulness_speed=0.32, usefulness_quality=0.12,
        paper_demand=0.4, need_rate=0.2, need_variation=0.0,
    )  # fmt: skip
    for outage in (0.0, 1.0):
        me = row(OFFICE, id=7, stage=stage, data=0.5, quality=0.75, digital_days=42.0)
        offices.open_for_business(me, row(REGION, outage=outage), p, 3, KEY)
        assert (me["usefulness"], me["need"], me["is_down"]) == (near(usefulness), near(0.2), outage)
        assert 0 < me["need_offset"] < 1


def test_demand_varies_about_its_mean():
    needs = []
    for month in range(200):
        me = row(OFFICE)
        offices.open_for_business(me, row(REGION), defaults(need_rate=0.2, need_variation=0.25), month, KEY)
        needs.append(me["need"])
    assert np.mean(needs) == pytest.approx(0.2, abs=5 * 0.05 / math.sqrt(200))
    assert np.std(needs) == pytest.approx(0.05, rel=0.25)


@pytest.mark.parametrize(
    ("stage", "filed", "waiting", "after"),
    [
        # staff can decide 32 cases; of what is left a quarter gives up
        (STREET, (40, 0, 0, 1), 0, {"arrived": 41, "served": 32, "dropped": 3, "waiting": 6, "renege_share": 0.05}),
        (STREET, (20, 10, 0, 0), 10, {"arrived": 30, "served": 32, "dropped": 2, "waiting": 6, "renege_share": 0.05}),
        (STREET, (10, 5, 5, 2), 0, {"arrived": 22, "served": 20, "dropped": 2, "waiting": 0, "renege_share": 0.0}),
        (SYSTEM, (28, 0, 16, 0), 4, {"arrived": 44, "served": 40, "dropped": 2, "waiting": 6, "renege_share": 0.05}),
        (SCREEN, (0, 0, 0, 2), 0, {"arrived": 2, "served": 0, "dropped": 2, "waiting": 0, "renege_share": 0.0}),
        (SYSTEM, (0, 0, 4, 0), 0, {"arrived": 4, "served": 4, "dropped": 0, "waiting": 0, "renege_share": 0.0}),
    ],
)
def test_serving(stage, filed, waiting, after):
    p = defaults(need_rate=0.25, assisted_work=1.0, online_work=1.0, reneging=0.25, counters=1)
    me = row(OFFICE, stage=stage, automation=0.5, load=1.0, pace=2.0, waiting=waiting)
    offices.office_serve(me, *filed, 64, p, 5, KEY)
    assert {name: me[name] for name in after} == {name: near(value) for name, value in after.items()}
    assert me["possible"] == near(32.0)


def test_an_office_that_cannot_work_loses_whom_it_cannot_serve():
    me = row(OFFICE, load=1.0, pace=1e-9)
    offices.office_serve(me, 1, 0, 0, 0, 64, defaults(reneging=1.0), 5, KEY)
    assert [me[name] for name in ("served", "dropped", "waiting", "renege_share")] == [0, 1, 0, 1.0]


def test_a_project_ends_when_all_but_rounding_is_done():
    p = defaults(screen_project_cost=1.0, screen_project_duration=1.0)
    for missing, project in ((1.2e-6, SCREEN), (0.8e-6, 0)):
        me = row(OFFICE, project=SCREEN, progress=0.5)
        offices.run_project(me, row(LEADER), row(REGION, cost_multiplier=1.0), 0.5 - missing, p, (0.5, 0.5, 0.5, 0.5))
        assert me["project"] == project


def test_whole_cases():
    assert [offices.whole(2.25, draw) for draw in (0.74, 0.76)] == [2, 3]


def test_waits():
    p = defaults(
        service_hours=0.5, counters=1, handling_days_street=14.0, handling_days_screen=7.0, handling_days_system=1.0
    )
    me = row(OFFICE, stage=SCREEN, pace=1.25, possible=10.0, waiting=2, use=0.25)
    offices.set_waits(me, 5, 0.4, p)  # 6 days of backlog
    assert [me[name] for name in ("wait_hours", "counter_days", "digital_days")] == [near(0.4), near(18.25), near(8.2)]
    me = row(OFFICE, stage=STREET, pace=1.25, possible=10.0, waiting=2, use=0.25)
    offices.set_waits(me, 5, 0.4, p)
    assert [me[name] for name in ("wait_hours", "counter_days", "digital_days")] == [near(0.4), near(20.0), near(12.4)]
    me = row(OFFICE, stage=STREET, pace=1.25, waiting=2)
    offices.set_waits(me, 5, 0.0, p)
    assert (me["wait_hours"], me["counter_days"]) == (near(7.6), near(374.0))
    me = row(OFFICE, pace=1.25, possible=0.75)
    offices.set_waits(me, 0, 0.0, p)
    assert me["wait_hours"] < 1e-5
