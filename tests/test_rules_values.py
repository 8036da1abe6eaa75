"""Every rule at a point worked out by hand from its formula, and where it is cut."""

import pytest

from model.rules import (
    budget,
    capacity,
    citizens,
    infrastructure,
    leadership,
    projects,
    queue,
    screen,
    servants,
    street,
    system,
)
from tests.rows import defaults

ONE_UP, ONE_DOWN = 0.7310585786, 0.2689414214  # logistic(1), logistic(-1)


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-12)


def test_budget():
    p = defaults(
        budget_growth=0.03, digital_base_share=0.02, digital_commitment_share=0.3, opex_rate=0.24, legitimacy_budget=0.2,
        capacity_budget_share=0.25,
    )  # fmt: skip
    assert budget.office_budget(0.5, 0.5, 24, p) == near(1.06)
    assert budget.office_budget(0.5, 0.75, 24, p) == near(1.113)
    assert budget.office_budget(1.0, 0.5, 0, p) == near(1.6)
    assert budget.office_budget(1.0, 0.5, 300, defaults(budget_growth=-0.05)) == 0.0
    assert budget.office_budget(1.0, 0.1, 0, defaults(legitimacy_budget=4.0)) == 0.0
    assert budget.digital_share(0.5, p) == near(0.1275)  # 0.75 x 0.17
    full = defaults(digital_base_share=0.6, digital_commitment_share=0.7, capacity_budget_share=0.25)
    assert budget.digital_share(1.0, full) == near(0.75)
    assert [budget.upkeep_paid(money, 5.0, p) for money in (0.2, 0.05)] == [1.0, near(0.5)]
    assert budget.upkeep_paid(0.0, 0.0, p) == 1.0


def test_applications_for_one_function():
    p = defaults(fragmentation_limit=0.8, consolidation=0.6)
    assert [budget.fragmentation(applications, p) for applications in (1.0, 4.0, 10.0)] == [0.0, 0.75, 0.8]
    assert budget.applications_next(3.0, p) == near(2.9)


def test_quality_of_systems():
    p = defaults(quality_decay=0.03, quality_recovery=0.02)
    assert budget.quality_next(0.8, 0.9, 0.5, p) == near(0.785)
    assert budget.quality_next(0.01, 0.9, 0.0, p) == 0.0
    assert budget.quality_next(0.8, 0.9, 1.0, p) == near(0.802)
    assert budget.quality_next(0.8, 0.5, 1.0, p) == near(0.794)


def test_capacity():
    p = defaults(capacity_growth=0.02, capacity_depreciation=0.005, culture_drift=0.02)
    assert capacity.capacity_next(0.4, 0.5, p) == near(0.404)
    assert capacity.culture_next(0.3, 0.6, 0.8, p) == near(0.308)


def test_means_of_conditions():
    assert capacity.ces_term(0.25, 0.5) == near(0.5)
    assert capacity.ces_term(0.25, 0.0) == capacity.ces_term(0.25, 0.0009) == near(-1.3862943611)
    assert capacity.ces_term(0.25, 0.0011) == near(0.9984762375)  # 0.25 ** 0.0011
    assert capacity.ces_term(0.25, -0.0011) == near(1.0015260880)
    assert capacity.ces_term(1e-9, -1.0) == capacity.ces_term(1e-6, -1.0) == near(1e6)
    assert capacity.ces_mean(0.5, 0.5) == near(0.25)
    assert capacity.ces_mean(2.0, -1.0) == near(0.5)
    assert capacity.ces_mean(0.9984762375, 0.0011) == pytest.approx(0.25, rel=1e-6)
    assert capacity.ces_mean(-1.3862943611, 0.0009) == near(0.25)
    assert capacity.ces_mean(0.5, -1.0) == capacity.ces_mean(0.1, 0.0) == 1.0
    assert capacity.readiness(1.0, 0.5, 0.25, defaults(readiness_substitution=-1.0)) == near(3 / 7)


def test_hours_of_the_channels():
    p = defaults(
        travel_hours_urban=1.0, travel_hours_rural=2.5, visits=2.0, form_hours_paper=1.0, delay_cost=0.05,
        form_hours_online=0.8, effort_hours=2.0,
    )  # fmt: skip
    assert (citizens.travel_hours(True, p), citizens.travel_hours(False, p)) == (1.0, 2.5)
    assert citizens.counter_hours(1.0, 0.5, 10.0, p) == near(4.5)  # 2 x 1.5, 1 of forms, 0.5 of delay
    assert citizens.digital_hours(0.25, 0.5, 2.0, 7.0, p) == near(3.65)  # 0.8, 1.5 of effort, 1 of travel, 0.35


def test_experience_of_citizens():
    p = defaults(
        completion_slope=4.0, form_difficulty=0.3, service_reference_days=14.0, experience_speed=0.5,
        experience_information=0.3, experience_quality=0.2, satisfaction_rate=0.3, continuation_slope=4.0,
        continuation_level=0.4, discontinuance=0.25, trust_gain=0.05, trust_loss=0.15, coping_against_dissatisfaction=0.2,
        mandate_reaction=0.3, service_sensitivity=0.5,
    )  # fmt: skip
    assert citizens.completion_probability(0.55, p) == near(ONE_UP)
    assert citizens.service_speed(42.0, p) == near(0.25)
    assert citizens.digital_experience(0.2, 0.4, 0.6, p) == near(0.34)
    assert citizens.counter_experience(0.5, 0.8, 0.25, p) == near(0.35)  # 0.4 less 0.05
    assert citizens.reactance(0.4, p) == near(0.09)  # 0.3 x 0.5 x 0.6
    assert citizens.satisfaction_next(0.5, 0.8, 0.4, p) == near(0.62)
    assert citizens.leaving_probability(0.65, p) == near(0.25 * ONE_DOWN)
    assert citizens.trust_next(0.6, 0.2, False, p) == near(0.58)
    assert citizens.trust_next(0.6, 0.2, True, p) == near(0.49)


def test_networks():
    p = defaults(coverage_growth=0.0128, infrastructure_effort=3.0, outage_core=0.02, outage_remote=0.1)
    assert infrastructure.coverage_next(0.5, 2.0, p) == near(0.5096)
    assert [infrastructure.outage_probability(remote, p) for remote in (0.0, 1.0)] == [0.02, 0.1]
    assert infrastructure.connectivity(0.25, 0.2) == near(0.4)


def test_the_skilled_go_online_first():
    p = defaults(access_skill=1.5, citizen_skill_mean=0.3)
    assert infrastructure.access_by_skill(0.5, p) == near(1.3)
    assert infrastructure.access_by_skill(0.1, p) == near(0.7)
    assert infrastructure.access_by_skill(0.0, defaults(access_skill=3.0, citizen_skill_mean=0.5)) == 0.0


def test_visitors_are_told_by_staff_who_work_on_screen():
    assert citizens.referral_probability(0.5, defaults(counter_referral=0.2)) == near(0.1)


def test_capacity_carries_projects():
    p = defaults(project_capacity=0.5)
    assert [projects.absorption(capacity, p) for capacity in (0.0, 0.2, 0.5, 0.6)] == [0.0, near(0.4), 1.0, 1.0]
    assert projects.absorption(0.0, defaults(project_capacity=0.0)) == 1.0


def test_connection_of_citizens():
    p = defaults(urban_advantage=0.35, access_contagion=0.3, access_seed=0.02, slow_penalty=0.4, assistance_gain=0.3)
    assert infrastructure.remoteness(0.8, True, p) == near(0.52)
    assert infrastructure.remoteness(0.8, False, p) == 0.8
    assert infrastructure.access_probability(0.3, 1.2, 0.5, p) == near(0.0048)  # 0.025 x 1.2 x 0.5 x 0.32
    q = defaults(access_contagion=0.3, access_seed=0.02, access_pace_gap=0.0)
    assert infrastructure.access_probability(0.3, 1.2, 0.5, q) == near(0.004)  # one pace for all
    q = defaults(access_contagion=0.3, access_seed=0.02, access_pace_gap=0.5)
    assert infrastructure.access_probability(0.3, 1.44, 0.5, q) == near(0.0048)
    assert infrastructure.capability(True, True, 0.5, p) == 0.5
    assert infrastructure.capability(True, False, 0.5, p) == near(0.3)
    assert infrastructure.capability(False, True, 0.5, p) == 0.0
    assert infrastructure.assisted_capability(0.4, p) == near(0.58)


def test_commitment_of_leaders():
    p = defaults(
        support_openness=0.5, support_peers=0.15, support_culture=0.1, support_results=0.3, support_adjustment=0.05,
        leadership_effect=0.3, leader_tenure=30.0, election_turnover=0.5, external_pressure=0.1, ranking_effect=0.5,
        leader_weight=3.0, flattening=0.4, innovation_rate=0.2,
    )  # fmt: skip
    assert leadership.support_target(0.8, 0.4, 0.6, 0.5, 0.1, p) == near(0.77)
    assert leadership.support_target(0.8, 0.4, 0.6, 0.5, 0.9, p) == 1.0
    assert [leadership.external_pressure(shortfall, p) for shortfall in (0.3, -0.3)] == [near(0.25), near(0.1)]
    assert leadership.hierarchy_weight(0.5, p) == near(2.4)
    assert leadership.expected_proposals(0.5, 0.4, p) == near(0.04)
    assert leadership.support_next(0.4, 0.7, p) == near(0.415)
    assert leadership.trait_developed(0.4, p) == near(0.58)
    assert leadership.replacement_probability(False, p) == near(1 / 30)
    assert leadership.replacement_probability(True, p) == near(31 / 60)


@pytest.mark.parametrize(
    ("stage", "support", "expected"),
    [
        (0, 0.5, 2), (0, 0.4375, 1), (1, 0.4375, 1), (2, 0.4375, 2), (2, 0.375, 2), (2, 0.3125, 1), (0, 0.25, 1),
        (0, 0.1875, 0), (1, 0.1875, 1), (2, 0.1875, 1), (1, 0.125, 1), (1, 0.0625, 0), (2, 0.0625, 0),
    ],
)  # fmt: skip
def test_stages_of_leaders(stage, support, expected):
    p = defaults(sponsor_threshold=0.25, driver_threshold=0.5, stage_margin=0.125)
    assert leadership.leader_stage(stage, support, p) == expected


def test_commitment_of_staff():
    p = defaults(commitment_from_leadership=0.6, construct_mean=0.4, construct_spread=0.25, commitment_spread=0.2)
    assert leadership.staff_commitment(0.6, 1.0, p) == near(0.756)  # z = 0.6 x 0.8 + 0.8 x 1
    assert leadership.staff_commitment(0.6, 9.0, p) == 1.0


def test_projects():
    p = defaults(success_threshold=18.0, failure_threshold=41.0, outcome_noise=6.0, project_abandonment=0.15)
    assert projects.gap_points(0.7, 0.4) == near(3.0)
    assert projects.gap_points(0.3, 0.5) == 0.0
    assert projects.success_probability(12.0, p) == projects.failure_probability(47.0, p) == near(ONE_UP)
    assert projects.success_probability(24.0, p) == projects.failure_probability(35.0, p) == near(ONE_DOWN)
    assert projects.abandonment_probability(0.6, p) == near(0.06)
    q = defaults(initial_wear=0.5, minimum_quality=0.3)
    assert [projects.worn_quality(0.8, age, q) for age in (0.0, 0.4, 1.0)] == [0.8, near(0.7), near(0.55)]
    assert projects.worn_quality(0.2, 0.7, q) == 0.2  # never better than built


def test_start_and_design_of_projects():
    p = defaults(project_rate=0.4, proposal_uptake=0.5, participation_effect=0.4, design_copying=0.5)
    assert [projects.start_probability(0.5, proposals, p) for proposals in (0, 1, 2)] == [near(x) for x in (0.2, 0.6, 0.8)]
    assert projects.design_gap(20.0, 0.5, 0.3, p) == near(13.6)  # 20 x 0.8 x 0.85


def test_queue():
    p = defaults(assisted_work=1.5, online_work=0.5)
    assert queue.wait_in_queue(0.5, 1) == near(1.0)  # sqrt(4) - 1 = 1
    assert queue.wait_in_queue(0.5, 7) == near(0.125 / 3.5)  # sqrt(16) - 1 = 3
    assert queue.wait_in_queue(2.0, 1) == queue.wait_in_queue(0.95, 1) == near(19.0)
    assert queue.wait_in_queue(0.0, 1) == pytest.approx(1.000001e-6, rel=1e-9)
    assert queue.work_per_case(4, 2, 8, 0.25, p) == near(10 / 12)
    assert queue.work_per_case(0, 0, 4, 1.0, p) == 1.0
    assert queue.work_per_case(0, 0, 4, 0.5, defaults(online_work=0.0)) == 0.01  # capacity keeps a bound
    assert queue.work_per_case(0, 1, 0, 0.0, p) == 1.5
    assert (queue.backlog_days(5, 10), queue.backlog_days(5, 0), queue.backlog_days(0, 10)) == (15.0, 360.0, 0.0)
    assert queue.backlog_days(5, 0.5) == near(300.0)


def test_the_three_levels():
    p = defaults(
        usefulness_information=0.56, usefulness_speed=0.32, usefulness_quality=0.12, paper_demand=0.4, visits=3.0,
        screen_requirement=0.45, system_requirement=0.75, design_overreach=0.2, screen_project_cost=2.5,
        system_project_cost=9.0, screen_project_duration=15.0, system_project_duration=33.0, handling_days_street=15.0,
        handling_days_screen=6.0, handling_days_system=2.0, discretion_at_screen=0.2, discretion_at_system=0.9,
    )  # fmt: skip
    levels = street, screen, system
    assert [level.handling_days(p) for level in levels] == [15.0, 6.0, 2.0]
    assert [level.online_visits(p) for level in levels] == [3.0, 0.4, 0.0]
    assert [level.project_cost(p) for level in levels] == [0.0, 2.5, 9.0]
    assert [level.project_duration(p) for level in levels] == [1.0, 15.0, 33.0]
    assert [level.project_requirement(p) for level in levels] == [0.0, near(0.65), near(0.95)]
    assert [level.online_usefulness(0.5, 0.25, 0.75, p) for level in levels] == [0.0, near(0.36), near(0.45)]
    # at system level 0.9 of what rules decide (0.4), 0.2 x 0.5 of the rest
    assert [level.discretion_taken(0.5, 0.4, p) for level in levels] == [0.0, near(0.1), near(0.42)]
    more = defaults(screen_requirement=0.6, system_requirement=0.75, design_overreach=0.5)
    assert [level.project_requirement(more) for level in (screen, system)] == [1.0, 1.0]


def test_drive_of_people():
    p = defaults(
        construct_mean=0.4, construct_spread=0.25, threshold_noise=0.08, weight_usefulness=0.29, effort_on_usefulness=0.385,
        weight_ease=0.1, weight_peers=0.15, weight_conditions=0.2, resistance_skill=0.5, resistance_support=0.3,
        rent_resistance=0.5, choice_slope=2.5, visibility=0.3,
    )  # fmt: skip
    assert servants.standardised(0.9, p) == near(2.0)
    assert servants.social_influence(0.43, 0.35, p) == near(ONE_UP)
    # standard units 1, 2, -1.2, 0.5: 0.29 x 1.77 + 0.1 x 2 - 0.15 x 1.2 + 0.2 x 0.5
    assert servants.common_drive(0.65, 0.9, 0.1, 0.525, p) == near(0.6333)
    # cost 0.6 + 0.5 x 0.4 = 0.8, felt 0.8 x 0.75 x 0.88 = 0.528, which is 0.512 units above the mean
    assert servants.resistance(0.6, 0.4, 0.5, 0.4, p) == near(0.512)
    assert servants.inclination(0.9, 0.5, p) == near(ONE_UP)
    assert servants.visible_share(0.5, p) == near(0.65)
    assert servants.innovativeness(1.0, 0.5, 0.25) == near(0.5)  # the cube root of 0.125
    assert [servants.innovativeness(*traits) for traits in ((0, 1, 1), (1, 0, 1), (1, 1, 0))] == [0.0] * 3
    assert servants.innovativeness(1e-3, 1.0, 1.0) == near(0.1)


def test_skill_and_work_of_staff():
    p = defaults(
        training_effect=0.8, servant_skill_spread=0.2, training_transfer=0.5, skill_decay=0.063, use_conversion=0.3,
        learning_exponent=0.5, go_live_shock=0.2, fastest_work=0.5,
    )  # fmt: skip
    assert servants.skill_from_training(0.4, p) == near(0.048)
    assert servants.unused_gain_kept(p) == pytest.approx(0.938943, abs=1e-6)
    assert servants.use_intensity(0.6, p) == near(0.72)
    assert servants.screen_work_time(3.0, p) == near(0.6)  # 1.2 / sqrt(4)
    assert servants.screen_work_time(15.0, p) == 0.5
