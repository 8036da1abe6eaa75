"""What offices do to a row made by hand, projects apart; expected numbers were worked out from the formulas."""

from statistics import NormalDist

import numpy as np
import pytest

from model.behaviours import offices
from model.columns import ASSISTED_CASES, COUNTER_CASES, DEFERRED_CASES, DROPPED_CASES, ONLINE_CASES, TALLIES
from model.randomness import Stream, uniform4
from model.world import LEADER, OFFICE, REGION, SCREEN, STREET, SYSTEM
from tests.rows import defaults, row

KEY = np.uint64(1)


def near(value):
    return pytest.approx(value, rel=2e-6, abs=1e-7)


def test_capacity_is_the_mean_of_six():
    names = ("human_resources", "organisation", "resources", "network", "environment", "mandate")
    me = row(OFFICE, **dict(zip(names, (1.0, 0.5, 0.25, 0.5, 1.0, 0.5), strict=True)))
    assert offices.aggregate_capacity(me, defaults(capacity_substitution=-1.0)) == near(0.5)  # 6 / (1+2+4+2+1+2)


def test_building_capacity():
    p = defaults(
        capacity_budget_share=0.25, human_resource_effort=0.5, organisation_effort=2.0, resource_effort=3.0,
        network_effort=4.0, mandate_effort=5.0, capacity_growth=0.02, capacity_depreciation=0.005, culture_drift=0.1,
        capacity_substitution=1.0, readiness_substitution=1.0,
    )  # fmt: skip
    names = ("human_resources", "organisation", "resources", "network", "environment", "mandate")
    me = row(OFFICE, **dict.fromkeys(names, 0.5), culture=0.3, adoption=0.6, data=0.4)
    region = row(REGION, cost_multiplier=2.0, coverage=0.25, outage=0.2)
    offices.build_capacity(me, region, row(LEADER, openness=0.7, receptivity=0.9), 2.0, p)
    # spending 2 x 0.25 / 2 = 0.25; each grows by 0.02 x 0.25 x effort x 0.5 and wears by 0.0025
    assert [me[name] for name in names] == [near(0.4975 + 0.0025 * effort) for effort in (0.5, 2, 3, 4, 4, 5)]
    assert me["capacity"] == near(0.4975 + 0.0025 * 18.5 / 6)
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


@pytest.mark.parametrize(("stage", "usefulness"), [(STREET, 0.0), (SCREEN, 0.36), (SYSTEM, 0.45)])
def test_opening_for_business(stage, usefulness):
    p = defaults(
        service_reference_days=14.0, usefulness_information=0.56, usefulness_speed=0.32, usefulness_quality=0.12,
        paper_demand=0.4, need_rate=0.2, need_variation=0.0,
    )  # fmt: skip
    for outage in (0.0, 1.0):
        me = row(OFFICE, id=7, stage=stage, data=0.5, quality=0.75, digital_days=42.0, usefulness=0.9)
        offices.open_for_business(me, row(REGION, outage=outage), p, 3, KEY)
        assert (me["usefulness"], me["need"], me["is_down"]) == (near(usefulness), near(0.2), outage)
        assert 0 < me["need_offset"] < 1


def test_demand_and_outages_follow_their_draws():
    p = defaults(need_rate=0.2, need_variation=0.25)
    for month in range(20):
        draws = uniform4(KEY, Stream.DEMAND, month, 3)
        me = row(OFFICE, id=3)
        offices.open_for_business(me, row(REGION, outage=0.4), p, month, KEY)
        assert me["need"] == near(0.2 + 0.05 * NormalDist().inv_cdf(draws[0]))
        assert (me["need_offset"], me["is_down"]) == (near(draws[1]), draws[2] < 0.4)


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
    p = defaults(assisted_work=1.0, online_work=1.0, reneging=0.25, counters=1)
    me = row(OFFICE, stage=stage, automation=0.5, load=0.5, pace=2.0, waiting=waiting, usual_demand=8.0, standard=1.0)
    offices.office_serve(me, counts(*filed), p, 5, KEY)
    assert {name: me[name] for name in after} == {name: near(value) for name, value in after.items()}
    assert me["possible"] == near(32.0)


def counts(counter=0, assisted=0, online=0, dropped=0, deferred=0):
    """Return the tallies of an office in whose month so many cases were filed, dropped and put off."""
    filed = np.zeros(TALLIES, np.int64)
    filed[[COUNTER_CASES, ASSISTED_CASES, ONLINE_CASES]] = counter, assisted, online
    filed[[DROPPED_CASES, DEFERRED_CASES]] = dropped, deferred
    return filed


def test_parts_of_cases_follow_their_draws():
    """Of one online case half is for rules, of 8.5 that staff can do half is for chance, and 0.3 of the rest give up."""
    p = defaults(assisted_work=1.0, online_work=1.0, reneging=0.3)
    for month in range(20):
        draws = uniform4(KEY, Stream.COUNTER, month, 3)
        me = row(OFFICE, id=3, stage=SYSTEM, automation=0.5, load=1.0, pace=1.0, usual_demand=8.5, standard=1.0)
        offices.office_serve(me, counts(11, 0, 1), p, month, KEY)
        automated, able = int(draws[0] >= 0.5), 8 + int(draws[1] >= 0.5)
        left = 12 - automated - able
        given_up = int(0.3 * left + draws[2])
        assert [me[name] for name in ("served", "dropped", "waiting")] == [able + automated, given_up, left - given_up]


def test_an_integrated_office_without_online_cases():
    """Four helped cases of 1.5 hours each; nothing is decided by rule, so nothing is decided in a day."""
    p = defaults(assisted_work=1.5, reneging=0.0, handling_days_screen=7.0, handling_days_system=3.0)
    me = row(OFFICE, stage=SYSTEM, automation=0.9, load=0.5, pace=1.0, usual_demand=6.0, standard=1.0)
    offices.office_serve(me, counts(0, 4, 0), p, 5, KEY)
    assert [me[name] for name in ("possible", "waiting", "digital_days")] == [near(8.0), 0, near(7.0)]
    me = row(OFFICE, stage=SYSTEM, automation=1.0, load=0.5, pace=1.0, usual_demand=6.0, standard=1.0)
    offices.office_serve(me, counts(0, 0, 1), p, 5, KEY)
    assert me["digital_days"] == near(3.0)


def test_an_office_that_cannot_work_loses_whom_it_cannot_serve():
    me = row(OFFICE, load=1.0, pace=1e-9, usual_demand=16.0)
    offices.office_serve(me, counts(1), defaults(reneging=1.0), 5, KEY)
    assert [me[name] for name in ("served", "dropped", "waiting", "renege_share")] == [0, 1, 0, 1.0]


def test_what_serving_leaves_behind():
    """Eight at the counter, four helped, four online of which two decided by rule; four put off; work 12 / 14 a case."""
    p = defaults(
        assisted_work=1.0, online_work=0.0, reneging=0.0, counters=1, coping_away_time=0.5, coping_toward_time=0.0,
        erosion_months=10.0, legitimacy_input=0.0, legitimacy_throughput=1.0, legitimacy_adjustment=1.0,
        norm_adjustment=1.0, handling_days_screen=7.0, handling_days_system=3.0,
    )  # fmt: skip
    me = row(
        OFFICE, stage=SYSTEM, automation=0.5, load=1.0, pace=1.0, usual_demand=12.0, standard=1.0, away=0.4, waiting=7,
        transparency=0.6, error_chance=0.1, bribe_chance=0.25, rent_chance=0.125,
    )  # fmt: skip
    offices.office_serve(me, counts(8, 4, 4, 0, 4), p, 5, KEY)
    # staff can do 14 of 7 + 14, or 14 x 0.8 by the neutral time a case
    assert [me[name] for name in ("possible", "waiting", "pressure")] == [near(14.0), 7, near(21 / 11.2)]
    assert me["standard"] == near(0.98)
    assert me["digital_days"] == near(0.5 * 3.0 + 0.5 * (15.0 + 7.0))
    assert me["bribery"] == near(0.5 * 0.25 + 0.5 * 0.125)
    assert me["legitimacy"] == near(0.5 * 0.6 + 0.5 * (1.0 - 0.1 - 4 / 20))


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


@pytest.mark.parametrize(
    ("outcome", "found", "stage", "shock"),
    [
        (0, 0, SYSTEM, 0.0), (1, 0, SYSTEM, 0.0), (2, 0, STREET, 0.04), (3, 0, STREET, 0.08), (4, 0, STREET, 0.0),
        (0, 1, SYSTEM, 0.06), (3, 1, SYSTEM, 0.08), (2, 1, SYSTEM, 0.06), (0, 1, SCREEN, 0.0), (3, 1, SCREEN, 0.08),
    ],
)  # fmt: skip
def test_failures_and_faults_shake_trust(outcome, found, stage, shock):
    me = row(OFFICE, outcome=outcome, stage=stage, trust_shock=0.9)
    offices.shake_trust(me, row(REGION, fault_found=found), defaults(failure_trust_loss=0.08, fault_scandal=0.06))
    assert me["trust_shock"] == near(shock)


def test_an_office_plans_in_order():
    """Money 1.6 x 1.06 x 1.05 = 1.7808, 0.25 of it for capacity, 0.75 x 0.17 for digital work."""
    p = defaults(
        budget_growth=0.03, legitimacy_budget=0.2, capacity_budget_share=0.25, digital_base_share=0.02,
        digital_commitment_share=0.3, capacity_growth=0.02, capacity_depreciation=0.0, human_resource_effort=1.0,
        digitisation_by_use=0.0, digitisation_programme=0.0, data_decay=0.1, consolidation=0.6, opex_rate=0.24,
        screen_project_cost=2.0, screen_project_duration=1.0, staff_threshold=0.5, data_threshold=0.1, minimum_quality=0.0,
        fragmentation_limit=0.9, response_share=0.5, need_rate=0.2, need_variation=0.0, fault_scandal=0.06,
        project_capacity=0.0,
    )  # fmt: skip
    me = row(
        OFFICE, fiscal=1.0, legitimacy=0.75, data=0.5, applications=3.0, assets=3.0, deployed=SCREEN, quality=0.9,
        delivered=0.9, project=SCREEN, adoption=0.5, outcome=3, regressed=1, stage_before=SYSTEM, trust_shock=0.5,
    )  # fmt: skip
    leader = row(LEADER, support=0.5, openness=0.2, receptivity=0.4)
    offices.office_plan(me, leader, row(REGION, cost_multiplier=1.0, coverage=1.0), p, 24, KEY)
    money = 1.6 * 1.06 * 1.05
    assert [me[name] for name in ("outcome", "regressed", "stage_before", "stage")] == [0, 0, STREET, SCREEN]
    assert [me[name] for name in ("human_resources", "data")] == [near(0.02 * 0.25 * money), near(0.45)]
    assert [me[name] for name in ("applications", "assets")] == [near(2.9), near(2.9)]
    assert me["spending"] == near(0.1275 * money)  # all of it: 0.058 of upkeep, the rest for building
    assert me["progress"] == near((0.1275 * money - 0.058) / 5.8)
    assert [me[name] for name in ("trust_shock", "answered", "need")] == [0.0, near(0.4), near(0.2)]


def test_an_idle_office_considers_a_project():
    p = defaults(project_rate=1.0, innovation_rate=0.0, opex_rate=0.2)
    me = row(OFFICE, applications=1.0, resources=0.5)
    offices.office_plan(me, row(LEADER, stage=1, support=1.0), row(REGION, cost_multiplier=1.0), p, 1, KEY)
    assert [me[name] for name in ("project", "progress", "spending")] == [SCREEN, 0.0, 0.0]
