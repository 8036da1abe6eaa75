"""What civil servants do to a row made by hand; expected numbers were worked out from the formulas."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from model.behaviours import servants
from model.randomness import Stream, uniform4
from model.world import LEADER, OFFICE, ON_SCREEN, PAPER, SCREEN, SERVANT, STEWARD, STREET, SYSTEM
from tests.rows import defaults, row, values

KEY = np.uint64(1)


def near(value):
    return pytest.approx(value, rel=3e-6, abs=1e-7)


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
    """Two of five; where a quarter is visible at least and data say half of the rest, 0.625 of them."""
    p, contacts, seen = defaults(leader_weight=3.0, flattening=0.4, visibility=0.25), [5, 4, 3, 2, 1], np.zeros(6, np.uint8)
    seen[[0, 2, 5]] = 1
    contacts = np.array(contacts, np.int32)
    for office, leader, share in (
        ({"data": 1.0}, 0, 2 / 8), ({"data": 1.0}, 1, 5 / 8), ({"data": 0.5}, 1, 4.25 / 8), ({"data": 0.5}, 0, 1.25 / 8),
        ({"data": 1.0, "use": 0.5}, 2, 4.4 / 7.4),
    ):  # fmt: skip
        assert servants.adopting_share(contacts, seen, row(OFFICE, **office), row(LEADER, stage=leader), p) == near(share)


def test_drive_of_a_servant():
    p = defaults(
        construct_mean=0.4, construct_spread=0.25, weight_usefulness=0.3, effort_on_usefulness=0.4, weight_ease=0.1,
        weight_peers=0.15, weight_conditions=0.2, weight_innovativeness=0.25, leader_weight=3.0, visibility=1.0,
    )  # fmt: skip
    office = row(OFFICE, quality=0.5, data=0.9, disappointment=0.05)
    me = row(SERVANT, skill=0.3, trained=0.325, innovativeness=0.7, peer_threshold=0.25)
    contacts, seen = np.array([0, 1, 2, 3, 4], np.int32), np.array([1, 1, 0, 0, 0], np.uint8)
    # standard units: usefulness 1, ease 0.65, peers (0.5 x 1.2) 0.8, conditions 0.5, innovativeness 1.2
    expected = 0.3 * (1 + 0.4 * 0.65) + 0.1 * 0.65 + 0.15 * 0.8 + 0.2 * 0.5 + 0.25 * 1.2
    assert servants.drive(me, contacts, seen, office, row(LEADER, support=0.5), 0.7, 0.525, p) == near(expected)


def test_attitude_of_a_servant():
    """Leadership 0.5 x (0.6 + 0.5) is 0.6 units up: z = 0.6 x 0.6 + 0.8; felt cost (0.6 + 0.5 x 0.4) x 0.75 x 0.85."""
    p = defaults(construct_mean=0.4, construct_spread=0.25, commitment_from_leadership=0.6, commitment_spread=0.2,
                 rent_resistance=0.5, resistance_skill=0.5, resistance_support=0.3)  # fmt: skip
    leader = row(LEADER, openness=0.4, receptivity=0.6, caring=0.3, dignity=0.6, respect=0.9, support=0.5)
    me = row(SERVANT, skill=0.3, trained=0.2, character=1.0, switching_cost=0.6)
    commitment, habit = servants.attitude(me, row(OFFICE, bribery=0.4), leader, p)
    assert (commitment, habit) == (near(0.732), near((0.51 - 0.4) / 0.25))


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
@pytest.mark.parametrize("commitment", [0.5, 0.7])
def test_ways_of_working(deployed, stage, draw, skill, after, commitment):
    """Conditions are a third of equipment, skill and support, by 0.5 + commitment."""
    p = defaults(construct_mean=0.4, steward_skill=0.5, use_conversion=0.3)
    leader = row(LEADER, support=0.6)
    me = row(SERVANT, skill=skill, stage=stage, months_of_use=2.0, use=0.1)
    office = row(OFFICE, deployed=deployed, technology=0.3, quality=0.5, data=0.5)
    given = me, np.zeros(5, np.int32), np.zeros(1, np.uint8), office, leader
    servants.choose_way_of_working(*given, commitment, 0.3, p, draw)
    use = 0.0 if after == PAPER else 0.3 + 0.7 * (0.9 + skill) / 3 * (0.5 + commitment)
    assert values(me, "stage", "use") == [after, near(use)]
    assert me["months_of_use"] == near(2.0 + use)


@pytest.mark.parametrize(("habit", "chance"), [(0.0, 0.5), (2.0, 1 / (1 + math.exp(1.5)))])
def test_chances_of_changing_the_way_of_working(habit, chance):
    """With the drive at the threshold half of those who reconsider go to the screen and half go back; habit holds."""
    p = defaults(
        construct_mean=0.4, adoption_rate=0.4, abandonment_rate=0.2, weight_innovativeness=0.3, weight_status_quo=0.3,
        construct_spread=0.25,
        weight_usefulness=0.0, weight_ease=0.0, weight_peers=0.0, weight_conditions=0.0, choice_slope=2.5,
    )  # fmt: skip
    leader, office = row(LEADER), row(OFFICE, deployed=SCREEN)
    contacts, seen = np.zeros(5, np.int32), np.zeros(1, np.uint8)
    rise, fall = 0.4 * chance, 0.2 * (1 - chance)
    for stage, draw, after in (
        (PAPER, rise - 1e-3, 1), (PAPER, rise + 1e-3, 0), (ON_SCREEN, fall - 1e-3, 0), (ON_SCREEN, fall + 1e-3, 1),
    ):  # fmt: skip
        me = row(SERVANT, stage=stage, innovativeness=0.65, threshold=0.3)
        servants.choose_way_of_working(me, contacts, seen, office, leader, 0.5, habit, p, draw)
        assert me["stage"] == after


def test_coping_of_a_servant():
    """Weights 1 toward, e away (-0.6 + 4 x 0.5 - 2 x 0.2) and e against (-0.6 + 3 x 0.5 + 1.25 x 0.4 - 0.4)."""
    p = defaults(
        coping_away_base=-0.6, coping_away_pressure=4.0, coping_against_base=-0.6, coping_against_pressure=3.0,
        coping_against_status_quo=1.25, coping_commitment=2.0,
    )  # fmt: skip
    me = row(SERVANT)
    servants.cope(me, row(OFFICE, pressure=1.5), 0.7, 0.4, p)
    assert values(me, "away", "against") == [near(math.e / (1 + 2 * math.e))] * 2
    servants.cope(me, row(OFFICE, pressure=1.5), 0.7, 1.2, p)
    assert values(me, "away", "against") == [
        near(math.e / (1 + math.e + math.e**2)),
        near(math.e / (1 / math.e + 1 + math.e)),
    ]


def test_pace_of_work():
    p = defaults(learning_exponent=0.5, go_live_shock=0.2, fastest_work=0.5)
    assert servants.work_pace(row(SERVANT, stage=PAPER, use=0.5), p) == 1.0
    # 0.5 on paper and 0.5 x 0.6 on screen
    assert servants.work_pace(row(SERVANT, stage=ON_SCREEN, use=0.5, months_of_use=3.0), p) == near(1.25)


def test_a_new_servant_starts_on_paper():
    spreads = ("switching_cost_spread", "adoption_threshold_spread", "peer_threshold_spread")
    p = defaults(
        **dict.fromkeys(spreads, 0.0), switching_cost_mean=0.6, adoption_threshold=0.7, peer_threshold_mean=0.3,
        newcomer_skill_bonus=0.1,
    )  # fmt: skip
    me = row(SERVANT, stage=STEWARD, trained=0.5, use=0.5, months_of_use=9.0, skill=0.9)
    servants.be_replaced(me, p, (np.full(1025, 0.25), np.full(1025, 0.5)), 3, KEY)
    assert values(me, "stage", "trained", "use", "months_of_use") == [PAPER, 0.0, 0.0, 0.0]
    expected = [near(0.35), near(0.6), near(0.7), near(0.3), near(0.5)]
    assert values(me, "skill", "switching_cost", "threshold", "peer_threshold", "innovativeness") == expected


def test_innovators_are_curious_honest_and_own_their_work():
    table = np.linspace(0.0, 1.0, 1025)
    me = row(SERVANT, id=9)
    servants.draw_person(me, defaults(), (table, table), 0, Stream.SERVANT_START, KEY)
    traits = values(me, "curiosity", "honesty", "ownership")
    assert len({me["skill"], *traits}) == 4
    assert me["innovativeness"] == near(math.prod(traits) ** (1 / 3))
    later = row(SERVANT, id=9)
    servants.draw_person(later, defaults(), (table, table), 2, Stream.SERVANT_START, KEY)
    assert not set(traits) & set(values(later, "curiosity", "honesty", "ownership"))


def test_draws_of_a_person_have_their_means_and_spreads():
    """Four hundred people; five standard errors."""
    p = defaults(
        switching_cost_mean=0.5, switching_cost_spread=0.1,
        adoption_threshold=0.6, adoption_threshold_spread=0.5, peer_threshold_mean=0.5, peer_threshold_spread=0.1,
    )  # fmt: skip
    expected = {
        **dict.fromkeys(("skill", "curiosity", "honesty", "ownership"), (0.5, math.sqrt(1 / 12))),
        "switching_cost": (0.5, 0.1), "threshold": (0.6, 0.5), "peer_threshold": (0.5, 0.1), "character": (0.0, 1.0),
    }  # fmt: skip
    people, table = [], np.linspace(0.0, 1.0, 1025)
    for number in range(400):
        me = row(SERVANT, id=number)
        servants.draw_person(me, p, (table, table), 0, Stream.SERVANT_START, KEY)
        people.append(values(me, *expected))
    for drawn, (mean, spread) in zip(np.array(people).T, expected.values(), strict=True):
        assert drawn.mean() == pytest.approx(mean, abs=5 * spread / math.sqrt(400))
        assert drawn.std() == pytest.approx(spread, rel=0.18)
    between = np.corrcoef(np.array(people).T) - np.eye(8)
    assert abs(between).max() < 5 / math.sqrt(400)


def test_a_successor_is_drawn_at_an_address_of_the_month():
    p = defaults(
        switching_cost_mean=0.5, switching_cost_spread=0.1, adoption_threshold=0.6, adoption_threshold_spread=0.5,
        peer_threshold_mean=0.4, peer_threshold_spread=0.1,
    )  # fmt: skip
    table = np.linspace(0.0, 1.0, 1025)
    me, same, other = row(SERVANT, id=4), row(SERVANT, id=4), row(SERVANT, id=4)
    servants.be_replaced(me, p, (table, table), 7, KEY)
    servants.draw_person(same, p, (table, table), 14, Stream.SERVANT_REPLACEMENT, KEY)
    servants.draw_person(other, p, (table, table), 14, Stream.SERVANT_START, KEY)
    assert values(me, "character", "ownership") == values(same, "character", "ownership")
    assert me["character"] != other["character"]
    draws = [*uniform4(KEY, Stream.SERVANT_REPLACEMENT, 14, 4), *uniform4(KEY, Stream.SERVANT_REPLACEMENT, 15, 4)]
    assert values(same, "skill", "curiosity", "honesty", "ownership") == [near(draws[place]) for place in (0, 1, 6, 7)]
    normal = [NormalDist().inv_cdf(draw) for draw in draws]
    assert values(same, "switching_cost", "threshold") == [near(0.5 + 0.1 * normal[2]), near(0.6 + 0.5 * normal[3])]
    assert values(same, "peer_threshold", "character") == [near(0.4 + 0.1 * normal[4]), near(normal[5])]


def test_a_month_of_a_civil_servant():
    """Training, leaving and going on screen happen exactly where the draw of the month lies below the stated chance."""
    p = defaults(
        training_rate=6.0, servant_exit=0.01, servant_rotation=0.04, weight_innovativeness=0.0, weight_usefulness=0.0,
        weight_ease=0.0, weight_peers=0.0, weight_conditions=0.0, weight_status_quo=0.0, adoption_rate=0.4,
        adoption_threshold=0.0, adoption_threshold_spread=0.0, abandonment_rate=0.2,
    )  # fmt: skip
    quantiles, contacts, seen = (np.full(1025, 0.25), np.full(1025, 0.5)), np.zeros(5, np.int32), np.zeros(1, np.uint8)
    leader = row(LEADER)
    for number in range(200):
        draws = uniform4(KEY, Stream.SERVANT_MONTH, 7, number)
        me = row(SERVANT, id=number, skill=0.9, stage=ON_SCREEN, use=0.5)
        office = row(OFFICE, deployed=SCREEN if number % 2 else STREET, pressure=1.0)
        servants.servant_month(me, contacts, seen, office, leader, p, quantiles, 7, KEY)
        assert (me["skill"] < 0.6, me["trained"] > 0.0) == (draws[0] < 0.05, draws[1] < 0.5)
        assert draws[0] < 0.05 or me["skill"] > 0.9 + 1e-6  # by doing
        goes_on = draws[2] < 0.2 if draws[0] < 0.05 else draws[2] >= 0.1
        assert values(me, "stage_before", "stage") == [ON_SCREEN, ON_SCREEN if number % 2 and goes_on else PAPER]
        assert 0.0 < me["against"] < me["away"] < 1.0
