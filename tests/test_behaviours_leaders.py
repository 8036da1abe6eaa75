"""What leaders do to a row made by hand; expected numbers were worked out from the formulas."""

import numpy as np
import pytest

from model.behaviours import leaders
from model.randomness import Stream, uniform4
from model.world import LEADER, OFFICE, REGION
from tests.rows import defaults, row, values

KEY = np.uint64(1)
TRAITS = ("openness", "receptivity", "honesty", "caring", "dignity", "respect")


def near(value):
    return pytest.approx(value, rel=3e-6, abs=1e-7)


def test_mind_and_care_of_a_leader():
    me = row(LEADER, openness=0.25, receptivity=1.0, honesty=0.9, caring=0.25, dignity=0.5, respect=1.0)
    assert leaders.open_mind(me) == near(0.625)
    assert leaders.care(me) == near(1.75 / 3)


def test_outcomes_move_a_leader():
    p = defaults(success_encouragement=0.1, failure_discouragement=0.15)
    assert [leaders.outcome_felt(outcome, p) for outcome in range(5)] == [0.0, 0.1, near(-0.075), -0.15, 0.0]


@pytest.mark.parametrize(
    ("deployed", "outcome", "is_new", "support"),
    [(1, 0, 0, 0.506875), (1, 1, 0, 0.606875), (1, 1, 1, 0.506875), (0, 0, 0, 0.503125), (2, 3, 0, 0.356875)],
)
def test_commitment_of_a_leader(deployed, outcome, is_new, support):
    """Target 0.25 + 0.0375 + 0.075 + 0.075 of results, where there are any + 0.2 of pressure; a twentieth of the way."""
    p = defaults(
        support_openness=0.5, support_peers=0.15, support_culture=0.15, support_results=0.3, support_adjustment=0.05,
        success_encouragement=0.1, failure_discouragement=0.15, external_pressure=0.1, ranking_effect=0.5,
    )  # fmt: skip
    office = row(OFFICE, quality=0.5, adoption=0.5, deployed=deployed, culture=0.5, outcome=outcome, score=0.2)
    me = row(LEADER, openness=0.5, receptivity=0.5, support=0.5, is_new=is_new)
    leaders.gain_or_lose_commitment(me, office, row(REGION, screen_share=0.25, score=0.4), p)
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
    draws = [*uniform4(KEY, Stream.LEADER_TRAITS, 4, 0), *uniform4(KEY, Stream.LEADER_TRAITS, 5, 0)]
    assert values(later, *TRAITS) == [near(draw) for draw in draws[:6]]


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


def test_chances_of_a_leaders_month():
    """Leaving and development happen exactly where the draw of the month lies below the stated chance."""
    p = defaults(leadership_development=0.6, leader_tenure=40.0, election_turnover=0.0)
    traits, office, region = np.full(1025, 0.5), row(OFFICE), row(REGION)
    for number in range(300):
        draws = uniform4(KEY, Stream.LEADER_MONTH, 7, number)
        me = row(LEADER, id=number, honesty=0.5)
        leaders.leader_month(me, office, region, p, traits, 7, KEY)
        assert (me["is_new"] == 1, me["honesty"] > 0.5) == (draws[0] < 0.025, draws[1] < 0.05)


def test_a_leader_takes_a_stand():
    """Support 0.4 goes a tenth of the way to 0.9: 0.45, enough to sponsor and not to drive."""
    p = defaults(
        support_openness=1.0, support_adjustment=0.1, leader_tenure=120.0, leadership_development=0.0,
        sponsor_threshold=0.44, driver_threshold=0.46, stage_margin=0.0,
    )  # fmt: skip
    me = row(LEADER, openness=0.9, receptivity=0.9, support=0.4, id=1, stage=0, stage_before=2, is_new=1)
    leaders.leader_month(me, row(OFFICE, election_month=1), row(REGION), p, np.full(1025, 0.5), 3, KEY)
    assert values(me, "is_new", "tenure", "support", "stage", "stage_before") == [0, 1, near(0.45), 1, 0]
