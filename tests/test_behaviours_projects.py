"""What offices do to their projects, systems and stage, on a row made by hand; numbers were worked out from the formulas."""

import pytest

from model.behaviours import projects
from model.world import DRIVER, GUARD, LEADER, OFFICE, REGION, SCREEN, SPONSOR, STREET, SYSTEM
from tests.rows import defaults, row, values

ABLE = ("data", "technology", "organisation", "culture", "skill", "human_resources", "mandate", "network", "resources")


def near(value):
    return pytest.approx(value, rel=2e-6, abs=1e-7)


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
    me = row(OFFICE, deployed=deployed, stage=stage, quality=quality, progress=0.7, proposals=9)
    p = defaults(project_rate=0.5, quality_partial=0.55)
    projects.consider_project(me, row(LEADER, stage=leader, support=0.5), p, (draw, 0.999, 0.5, 0.5))
    assert (me["project"], me["proposals"]) == (project, 0)
    assert me["progress"] == near(0.7 if leader == GUARD or draw > 0.25 else 0.0)


@pytest.mark.parametrize(
    ("listens", "draws", "proposals", "project"),
    [
        (0.8, (0.24, 0.67), 0, SCREEN), (0.8, (0.26, 0.67), 0, 0), (0.8, (0.54, 0.68), 1, SCREEN),
        (0.8, (0.56, 0.93), 1, 0), (0.8, (0.72, 0.94), 2, SCREEN), (0.8, (0.74, 0.94), 2, 0), (0.0, (0.5, 0.94), 0, 0),
    ],
)  # fmt: skip
def test_proposals_of_staff(listens, draws, proposals, project):
    """Expected proposals 1 x 0.5 x 0.8: none in 67.0 %, at most one in 93.8 %. The chance is 0.25, 0.55 or 0.73."""
    p = defaults(innovation_rate=1.0, project_rate=0.5, proposal_uptake=0.4)
    me = row(OFFICE, innovation=0.5)
    projects.consider_project(me, row(LEADER, stage=SPONSOR, support=0.5, receptivity=listens), p, (*draws, 0.5, 0.5))
    assert values(me, "proposals", "project") == [proposals, project]


@pytest.mark.parametrize(
    ("project", "is_new", "applications", "money", "draws", "after"),
    [
        (SCREEN, 0, 1.0, 0.1, (0.0, 0.0), (0.5 + 0.1 / 6, 0.3, 1)),
        (SCREEN, 0, 1.0, 9.0, (0.0, 0.0), (0.5 + 1 / 18, 0.2 + 1 / 3, 1)),
        (SYSTEM, 0, 1.0, 0.1, (0.0, 0.0), (0.5 + 0.1 / 16, 0.3, 1)),
        (SYSTEM, 0, 1.0, 9.0, (0.0, 0.0), (0.5 + 1 / 30, 0.2 + 16 / 30, 1)),
        (SCREEN, 0, 4.0, 0.1, (0.0, 0.0), (0.5 + 0.1 / 24, 0.3, 4)),
        (SCREEN, 1, 1.0, 0.1, (0.08, 0.29), (0.1 / 12, 0.3, 2)),
        (SCREEN, 1, 1.0, 0.1, (0.08, 0.31), (0.5 + 0.1 / 6, 0.3, 1)),
    ],
)  # fmt: skip
def test_running_a_project(project, is_new, applications, money, draws, after):
    """A price of 6 or 16; each unit of money buys 1/applications of it. A new leader ends it with 0.15 x 0.5."""
    p = defaults(
        screen_project_cost=3.0, system_project_cost=8.0, screen_project_duration=18.0, system_project_duration=30.0,
        project_abandonment=0.15, new_application_chance=0.3, fragmentation_limit=0.8, project_capacity=0.0,
    )  # fmt: skip
    office = {"project": project, "progress": 0.5, "spending": 0.2, "applications": applications, "proposals": 3}
    me = row(OFFICE, **office)
    leader, region = row(LEADER, is_new=is_new, support=0.5), row(REGION, cost_multiplier=2.0)
    projects.run_project(me, leader, region, money, p, (0.5, *draws, 0.5))
    assert values(me, "project", "proposals") == [project, 0]
    assert values(me, "progress", "spending", "applications") == [near(value) for value in after]
    me = row(OFFICE, **office)
    projects.run_project(me, row(LEADER, is_new=1, support=0.5), region, money, p, (0.5, 0.07, 0.9, 0.5))
    assert values(me, "project", "outcome", "progress", "spending") == [0, projects.ABANDONED, 0.0, near(0.2)]


@pytest.mark.parametrize(
    ("draw", "outcome", "deployed", "quality", "assets", "disappointment"),
    [(0.5, 1, 1, 0.9, 6.0, 0.1), (0.97, 2, 1, 0.55, 6.0, 0.3), (0.9995, 3, 0, 0.0, 0.0, 0.5)],
)
def test_finishing_a_project(draw, outcome, deployed, quality, assets, disappointment):
    """Without a gap: success with logistic(18.2 / 6) = 0.954, failure with logistic(-41.2 / 6) = 0.00104."""
    p = defaults(
        success_threshold=18.2, failure_threshold=41.2, outcome_noise=6.0, quality_success=0.9, quality_partial=0.55,
        disappointment=0.2, screen_project_cost=3.0, screen_project_duration=18.0, project_capacity=0.0,
    )  # fmt: skip
    me = row(OFFICE, **dict.fromkeys(ABLE, 1.0), project=SCREEN, progress=0.99, disappointment=0.1, months_low=3,
             applications=1.0)  # fmt: skip
    leader, region = row(LEADER, support=1.0), row(REGION, cost_multiplier=2.0)
    projects.run_project(me, leader, region, 9.0, p, (0.5, 0.0, 0.0, draw))
    assert values(me, "project", "progress", "outcome", "deployed") == [0, 0.0, outcome, deployed]
    assert values(me, "quality", "delivered", "assets") == [near(quality), near(quality), near(assets)]
    assert me["disappointment"] == near(disappointment)
    assert me["months_low"] == (0 if outcome < 3 else 3)


def test_a_project_ends_when_all_but_rounding_is_done():
    p = defaults(screen_project_cost=1.0, screen_project_duration=1.0, project_capacity=0.0)
    for missing, project in ((1.2e-6, SCREEN), (0.8e-6, 0)):
        me = row(OFFICE, project=SCREEN, progress=0.5, applications=1.0)
        projects.run_project(me, row(LEADER), row(REGION, cost_multiplier=1.0), 0.5 - missing, p, (0.5, 0.5, 0.5, 0.5))
        assert me["project"] == project


@pytest.mark.parametrize(("money", "progress"), [(0.1, 0.04), (9.0, 0.2)])
def test_an_office_absorbs_what_its_capacity_allows(money, progress):
    """Two fifths of 0.1, or of the half that the plan sees for a month; what it does not build it does not spend."""
    p = defaults(screen_project_cost=1.0, screen_project_duration=2.0, project_capacity=0.5)
    me = row(OFFICE, project=SCREEN, applications=1.0, capacity=0.2)
    projects.run_project(me, row(LEADER), row(REGION, cost_multiplier=1.0), money, p, (0.5, 0.5, 0.5, 0.5))
    assert values(me, "progress", "spending") == [near(progress), near(progress)]


def test_a_project_is_not_paid_beyond_its_end():
    p = defaults(screen_project_cost=1.0, screen_project_duration=2.0, project_capacity=0.0)
    me = row(OFFICE, project=SCREEN, progress=0.75, applications=1.0)
    projects.run_project(me, row(LEADER), row(REGION, cost_multiplier=1.0), 9.0, p, (0.5, 0.5, 0.5, 0.5))
    assert values(me, "project", "spending") == [0, near(0.25)]


@pytest.mark.parametrize(("project", "gap"), [(SCREEN, 16.8), (SYSTEM, 20.16)])
def test_consultation_and_copying_close_the_gap(project, gap):
    """Seven gaps of 5 less 2 for organisation and 5 for will; less half of 0.4 consulted; less half of 0.5 or 0.2 copied."""
    office = {"project": project, "culture": 0.4, "organisation": 0.2, "answered": 0.5, "voice": 0.8, "applications": 1.0}
    p = {"screen_requirement": 0.4, "system_requirement": 0.4, "design_overreach": 0.1, "participation_effect": 0.5,
         "consultation": 0.0, "design_copying": 0.5, "outcome_noise": 0.5}  # fmt: skip
    leader, region = row(LEADER, support=0.6), row(REGION, screen_share=0.5, system_share=0.2)
    for thresholds, outcomes in (((gap, 99.0), (1, 2)), ((-99.0, gap), (2, 3))):
        known = defaults(**p, success_threshold=thresholds[0], failure_threshold=thresholds[1])
        for draw, outcome in zip((0.499, 0.501), outcomes, strict=True):
            me = row(OFFICE, **office)
            projects.finish_project(me, leader, region, 5.0, known, draw)
            assert me["outcome"] == outcome


def test_what_a_project_asks_for():
    """A gap of 10 x the level's requirement in all seven at nothing: 28 and 49."""
    p = defaults(screen_requirement=0.3, system_requirement=0.6, design_overreach=0.1, success_threshold=35.0,
                 failure_threshold=42.0, outcome_noise=0.5, participation_effect=0.0)  # fmt: skip
    for project, outcome in ((SCREEN, 1), (SYSTEM, 3)):
        me = row(OFFICE, project=project, applications=1.0)
        projects.finish_project(me, row(LEADER), row(REGION), 5.0, p, 0.5)
        assert me["outcome"] == outcome


def test_gap_between_design_and_reality():
    me = row(OFFICE, data=0.5, technology=0.6, organisation=0.7, culture=0.8, skill=0.2, human_resources=0.6, mandate=0.9,
             network=0.3, resources=0.7)  # fmt: skip
    assert projects.design_reality_gap(me, row(LEADER, support=0.4), 0.8) == near(3 + 2 + 1 + 2 + 4 + 2 + 1)


def test_going_live():
    """Integration closes half of the three applications too many; what they cost to run goes with them."""
    for project, applications, assets in ((SCREEN, 4.0, 6.0), (SYSTEM, 2.5, 3.75)):
        me = row(OFFICE, project=project, months_low=3, applications=4.0)
        projects.go_live(me, projects.PARTIAL, 0.6, 6.0, defaults(integration_merges=0.5))
        assert values(me, "outcome", "deployed", "delivered", "quality") == [2, project, near(0.6), near(0.6)]
        assert values(me, "months_low", "assets", "applications") == [0, near(assets), near(applications)]


def test_consolidation():
    for programme, before, after, assets in ((0.6, 3.0, 2.9, 5.8), (0.6, 1.4, 1.38, 6 * 1.38 / 1.4), (0.0, 3.0, 3.0, 6.0)):
        me = row(OFFICE, applications=before, assets=6.0)
        projects.consolidate(me, defaults(consolidation=programme))
        assert values(me, "applications", "assets") == [near(after), near(assets)]


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
    projects.change_stage(me, row(REGION), p)
    assert {name: me[name] for name in after} == after


def test_a_system_at_the_mark_is_good_enough():
    p = defaults(minimum_quality=0.25, quality_partial=0.5)
    for quality, low, needs in ((0.5, 0, False), (0.375, 0, True), (0.25, 0, True), (0.125, 1, True)):
        me = row(OFFICE, deployed=SCREEN, stage=SCREEN, quality=quality)
        assert projects.needs_renewal(me, p) == needs
        projects.change_stage(me, row(REGION), p)
        assert me["months_low"] == low


@pytest.mark.parametrize("short", [None, "automation", "network", "environment", "screen_share"])
def test_integration_needs_everything_at_once(short):
    p = defaults(automation_threshold=0.5, network_threshold=0.75, partner_threshold=0.25)
    have = {"automation": 0.5, "network": 0.75, "environment": 0.75, "screen_share": 0.25}
    if short:
        have[short] -= 0.125
    region = row(REGION, screen_share=have.pop("screen_share"))
    for deployed, stage in ((SYSTEM, SCREEN), (SCREEN, SCREEN)):
        me = row(OFFICE, deployed=deployed, stage=stage, quality=0.9, **have)
        projects.change_stage(me, region, p)
        assert me["stage"] == (SYSTEM if deployed == SYSTEM and not short else SCREEN)
