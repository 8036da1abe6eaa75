"""What leaders and civil servants do to a row made by hand; expected numbers were worked out from the formulas."""

import math

import numpy as np
import pytest

from model.behaviours import leaders, servants
from model.randomness import Stream, uniform4
from model.world import LEADER, OFFICE, ON_SCREEN, PAPER, REGION, SCREEN, SERVANT, STEWARD, STREET, SYSTEM
from tests.rows import defaults, row

KEY = np.uint64(1)
TRAITS = ("openness", "receptivity", "honesty", "caring", "dignity", "respect")


def near(value):
    return pytest.approx(value, rel=3e-6, abs=1e-7)


def values(me, *names):
    return [me[name] for name in names]


def test_mind_and_care_of_a_leader():
    me = row(LEADER, openness=0.25, receptivity=1.0, honesty=0.9, caring=0.25, dignity=0.5, respect=1.0)
    assert leaders.open_mind(me) == near(0.625)
    assert leaders.care(me) == near(1.75 / 3)


def test_outcomes_move_a_leader():
    p = defaults(success_encouragement=0.1, failure_discouragement=0.15)
    assert [leaders.outcome_felt(outcome, p) for outcome in range(5)] == [0.0, 0.1, near(-0.075), -0.15, 0.0]


@pytest.mark.parametrize(
    ("deployed", "outcome", "is_new", "support"),
    [(1, 0, 0, 0.496875), (1, 1, 0, 0.596875), (1, 1, 1, 0.496875), (0, 0, 0, 0.493125), (2, 3, 0, 0.346875)],
)
def test_commitment_of_a_leader(deployed, outcome, is_new, support):
    p = defaults(
        support_openness=0.5, support_peers=0.15, support_culture=0.15, support_results=0.3, support_adjustment=0.05,
        success_encouragement=0.1, failure_discouragement=0.15,
    )  # fmt: skip
    office = row(OFFICE, quality=0.5, adoption=0.5, deployed=deployed, culture=0.5, outcome=outcome)
    me = row(LEADER, openness=0.5, receptivity=0.5, support=0.5, is_new=is_new)
    leaders.gain_or_lose_commitment(me, office, row(REGION, screen_share=0.25), p)
    assert me["support"] == near(support)


def test_a_new_leader_keeps_part_of_the_support():
    p = defaults(support_kept=0.6, support_openness=0.5)
    me = row(LEADER, support=0.8, tenure=9)
    leaders.take_office(me, p, np.full(1025, 0.5), 3, KEY)
    assert values(me, "support", "tenure", *TRAITS) == [near(0.48 + 0.4 * 0.25), 0, *[0.5] * 6]


def test_traits_are_drawn_apart_and_anew():
    table = np.linspace(0.0, 1.0, 1025)
    first, later = row(LEADER), row(LEADER)
    leaders.draw_traits(first, table, 1, KEY)
    leaders.draw_traits(later, table, 2, KEY)
    assert len({*values(first, *TRAITS), *values(later, *TRAITS)}) == 12


def test_development_closes_part_of_every_gap():
    me = row(LEADER, **dict(zip(TRAITS, (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), strict=True)))
    leaders.develop(me, defaults(leadership_effect=0.3))
    assert values(me, *TRAITS) == [near(x) for x in (0.3, 0.37, 0.44, 0.51, 0.58, 0.65)]


def test_elections_replace_leaders_on_time():
    p = defaults(election_interval=60, election_turnover=1.0, leader_tenure=120.0, leadership_development=0.0)
    new = []
    for month in range(40, 60):
        me = row(LEADER, id=3, tenure=7)
        leaders.leader_month(me, row(OFFICE, election_month=10), row(REGION), p, np.full(1025, 0.5), month, KEY)
        new.append(int(me["is_new"]))
        assert me["tenure"] == (0 if me["is_new"] else 8)
    assert new[10] == 1 and sum(new) <= 2


def test_skill_of_a_servant():
    assert servants.effective_skill(row(SERVANT, skill=0.5, trained=0.25)) == 0.75
    assert servants.effective_skill(row(SERVANT, skill=0.75, trained=0.5)) == 1.0


def test_learning_and_forgetting():
    p = defaults(learning_by_doing=0.01, skill_decay=0.063, knowledge_sharing=0.1)
    me = row(SERVANT, skill=0.5, trained=0.25, use=0.5)
    servants.learn_and_forget(me, row(OFFICE, readiness=0.5, use=0.5, skill=0.6), p)
    assert values(me, "skill", "trained") == [near(0.50125), 0.25]
    me = row(SERVANT, skill=0.5, trained=0.25)
    servants.learn_and_forget(me, row(OFFICE), p)
    assert values(me, "skill", "trained") == [0.5, near(0.2347358)]  # 0.25 x exp(-0.063)
    me = row(SERVANT, skill=0.4)
    servants.learn_and_forget(me, row(OFFICE, readiness=0.8, use=0.5, skill=0.9), p)
    assert me["skill"] == near(0.42)  # 0.1 x 0.8 x 0.5 x 0.5


def test_whom_a_servant_sees():
    p, contacts, seen = defaults(leader_weight=3.0), np.array([5, 4, 3, 2, 1], np.int32), np.zeros(6, np.uint8)
    seen[[0, 2, 5]] = 1
    assert servants.adopting_share(contacts, seen, row(LEADER), p) == near(2 / 8)
    assert servants.adopting_share(contacts, seen, row(LEADER, stage=1), p) == near(5 / 8)


def test_drive_of_a_servant():
    p = defaults(
        construct_mean=0.4, construct_spread=0.25, weight_usefulness=0.3, effort_on_usefulness=0.4, weight_ease=0.1,
        weight_peers=0.15, weight_conditions=0.2, weight_innovativeness=0.25, resistance_skill=0.5, resistance_support=0.3,
        weight_status_quo=0.35, leader_weight=3.0,
    )  # fmt: skip
    office = row(OFFICE, quality=0.5, data=0.9, disappointment=0.05)
    me = row(SERVANT, skill=0.3, trained=0.325, innovativeness=0.65, switching_cost=0.8, peer_threshold=0.25)
    contacts, seen = np.array([0, 1, 2, 3, 4], np.int32), np.array([1, 1, 0, 0, 0], np.uint8)
    given = (me, contacts, seen, office, row(LEADER, support=0.5), 0.7, 0.525, p)
    # standard units: usefulness 1, ease 0.65, peers (0.5 x 1.2) 0.8, conditions 0.5; felt cost 0.8 x 0.6875 x 0.85 = 0.4675
    expected = 0.3 * (1 + 0.4 * 0.65) + 0.1 * 0.65 + 0.15 * 0.8 + 0.2 * 0.5 + 0.25 - 0.35 * 0.27
    assert servants.drive(*given) == near(expected)


@pytest.mark.parametrize(
    ("deployed", "stage", "draw", "skill", "after"),
    [
        (STREET, ON_SCREEN, 0.9, 0.6, PAPER), (SCREEN, PAPER, 0.0, 0.6, ON_SCREEN), (SCREEN, PAPER, 0.9, 0.6, PAPER),
        (SCREEN, ON_SCREEN, 0.0, 0.6, PAPER), (SCREEN, ON_SCREEN, 0.9, 0.6, ON_SCREEN), (SYSTEM, PAPER, 0.0, 0.6, STEWARD),
        (SYSTEM, ON_SCREEN, 0.9, 0.5, STEWARD), (SYSTEM, STEWARD, 0.9, 0.4, ON_SCREEN),
        (SCREEN, STEWARD, 0.9, 0.6, ON_SCREEN),
        (SYSTEM, STEWARD, 0.0, 0.6, PAPER),
    ],
)  # fmt: skip
def test_ways_of_working(deployed, stage, draw, skill, after):
    """Traits at the mean and no character of one's own make commitment 0.5, so conditions are a third of their sum."""
    p = defaults(construct_mean=0.4, steward_skill=0.5, use_conversion=0.3)
    leader = row(LEADER, **dict.fromkeys(TRAITS, 0.4), support=0.6)
    me = row(SERVANT, skill=skill, stage=stage, months_of_use=2.0, use=0.1)
    office = row(OFFICE, deployed=deployed, technology=0.3, quality=0.5, data=0.5)
    servants.choose_way_of_working(me, np.zeros(5, np.int32), np.zeros(1, np.uint8), office, leader, p, draw)
    use = 0.0 if after == PAPER else 0.3 + 0.7 * (0.9 + skill) / 3
    assert values(me, "stage", "use") == [after, near(use)]
    assert me["months_of_use"] == near(2.0 + use)


def test_chances_of_changing_the_way_of_working():
    """With the drive at the threshold half of those who reconsider go to the screen and half go back."""
    p = defaults(
        construct_mean=0.4, adoption_rate=0.4, abandonment_rate=0.2, weight_innovativeness=0.0, weight_status_quo=0.0,
        weight_usefulness=0.0, weight_ease=0.0, weight_peers=0.0, weight_conditions=0.0,
    )  # fmt: skip
    leader, office = row(LEADER, **dict.fromkeys(TRAITS, 0.4)), row(OFFICE, deployed=SCREEN)
    contacts, seen = np.zeros(5, np.int32), np.zeros(1, np.uint8)
    for stage, draw, after in ((PAPER, 0.19, 1), (PAPER, 0.21, 0), (ON_SCREEN, 0.09, 0), (ON_SCREEN, 0.11, 1)):
        me = row(SERVANT, stage=stage)
        servants.choose_way_of_working(me, contacts, seen, office, leader, p, draw)
        assert me["stage"] == after


def test_pace_of_work():
    p = defaults(learning_exponent=0.5, go_live_shock=0.2, fastest_work=0.5)
    assert servants.work_pace(row(SERVANT, stage=PAPER, use=0.5), p) == 1.0
    assert servants.work_pace(row(SERVANT, stage=ON_SCREEN, use=0.5, months_of_use=3.0), p) == near(1.25)  # 0.5 + 0.5 x 0.6


def test_a_new_servant_starts_on_paper():
    spreads = ("switching_cost_spread", "adoption_threshold_spread", "peer_threshold_spread")
    p = defaults(
        **dict.fromkeys(spreads, 0.0), switching_cost_mean=0.6, adoption_threshold=0.7, peer_threshold_mean=0.3,
        newcomer_skill_bonus=0.1,
    )  # fmt: skip
    me = row(SERVANT, stage=STEWARD, trained=0.5, use=0.5, months_of_use=9.0, skill=0.9)
    servants.be_replaced(me, p, np.full(1025, 0.25), 3, KEY)
    assert values(me, "stage", "trained", "use", "months_of_use") == [PAPER, 0.0, 0.0, 0.0]
    expected = [near(0.35), near(0.6), near(0.7), near(0.3)]
    assert values(me, "skill", "switching_cost", "threshold", "peer_threshold") == expected


def test_draws_of_a_person_have_their_means_and_spreads():
    """A thousand people; five standard errors."""
    p = defaults(
        construct_mean=0.4, construct_spread=0.1, switching_cost_mean=0.5, switching_cost_spread=0.1,
        adoption_threshold=0.6, adoption_threshold_spread=0.5, peer_threshold_mean=0.5, peer_threshold_spread=0.1,
    )  # fmt: skip
    expected = {
        "skill": (0.5, math.sqrt(1 / 12)), "innovativeness": (0.4, 0.1), "switching_cost": (0.5, 0.1),
        "threshold": (0.6, 0.5), "peer_threshold": (0.5, 0.1), "character": (0.0, 1.0),
    }  # fmt: skip
    people = []
    for number in range(1000):
        me = row(SERVANT, id=number)
        servants.draw_person(me, p, np.linspace(0.0, 1.0, 1025), 0, Stream.SERVANT_START, KEY)
        people.append(values(me, *expected))
    for drawn, (mean, spread) in zip(np.array(people).T, expected.values(), strict=True):
        assert drawn.mean() == pytest.approx(mean, abs=5 * spread / math.sqrt(1000))
        assert drawn.std() == pytest.approx(spread, rel=0.12)
    between = np.corrcoef(np.array(people).T) - np.eye(6)
    assert abs(between).max() < 5 / math.sqrt(1000)


def test_chances_of_a_month_are_yearly_rates():
    """Training, development and leaving happen exactly where the draw of the month lies below the stated chance."""
    p = defaults(leadership_development=0.6, training_rate=0.6, servant_exit=0.01, servant_rotation=0.04, leader_tenure=40.0,
                 election_turnover=0.0)  # fmt: skip
    traits, skills, contacts, seen = np.full(1025, 0.5), np.full(1025, 0.25), np.zeros(5, np.int32), np.zeros(1, np.uint8)
    office, region, leader = row(OFFICE), row(REGION), row(LEADER)
    for number in range(1500):
        first, second = uniform4(KEY, Stream.LEADER_MONTH, 7, number)[:2]
        me = row(LEADER, id=number, honesty=0.5)
        leaders.leader_month(me, office, region, p, traits, 7, KEY)
        assert (me["is_new"] == 1, me["honesty"] > 0.5) == (first < 0.025, second < 0.05)
        first, second = uniform4(KEY, Stream.SERVANT_MONTH, 7, number)[:2]
        me = row(SERVANT, id=number, skill=0.9, stage=ON_SCREEN)
        servants.servant_month(me, contacts, seen, office, leader, p, skills, 7, KEY)
        assert (me["skill"] < 0.6, me["trained"] > 0.0) == (first < 0.05, second < 0.05)
        assert values(me, "stage_before", "stage") == [ON_SCREEN, PAPER]
