"""What citizens do to a row made by hand; expected numbers were worked out from the formulas."""

import math

import numpy as np
import pytest

from model.behaviours import citizens
from model.randomness import Stream, uniform4
from model.world import (
    ASSISTED,
    AT_COUNTER,
    BY_ASSISTANCE,
    BY_COUNTER,
    BY_SELF_SERVICE,
    CITIZEN,
    CONCLUDED,
    DEFERRED,
    DROPPED,
    OFFICE,
    ONLINE,
    REGION,
    SCREEN,
    SPOKE,
    STREET,
    SYSTEM,
)
from tests.rows import defaults, row, values

KEY = np.uint64(1)
CASE = {"trust": 0.6, "trust_general": 0.5, "skill": 0.5, "satisfaction": 0.4, "expectation": 0.3, "stage": ONLINE}
FELT = ("trust", "satisfaction", "expectation", "skill", "has_used", "stage", "trust_general")


def near(value):
    return pytest.approx(value, rel=3e-6, abs=1e-7)


ONLINE_FELT, COUNTER_FELT = [0.594, 0.454, 0.318, 0.51, 1, ONLINE, 0.502], [0.5825, 0.4, 0.3, 0.5, 0, ONLINE, 0.502]
LOST_FELT, FAILED_FELT = [0.4925, *COUNTER_FELT[1:]], [0.4925, 0.34, 0.28, 0.5, 0, ONLINE, 0.502]


@pytest.mark.parametrize(
    ("channel", "failed", "leaves", "queue_draw", "felt"),
    [
        (BY_SELF_SERVICE, 0, False, 0.51, ONLINE_FELT), (BY_ASSISTANCE, 0, False, 0.51, ONLINE_FELT),
        (BY_SELF_SERVICE, 0, True, 0.51, [*ONLINE_FELT[:5], AT_COUNTER, 0.502]),
        (BY_SELF_SERVICE, 0, True, 0.49, LOST_FELT), (BY_ASSISTANCE, 0, True, 0.49, LOST_FELT),
        (BY_COUNTER, 0, True, 0.51, COUNTER_FELT), (BY_COUNTER, 0, True, 0.49, LOST_FELT),
        (BY_COUNTER, 1, False, 0.9, FAILED_FELT), (BY_COUNTER, 1, False, 0.1, FAILED_FELT),
        (BY_COUNTER, 1, True, 0.9, [*FAILED_FELT[:5], AT_COUNTER, 0.502]), (DROPPED, 0, True, 0.1, LOST_FELT),
    ],
)  # fmt: skip
def test_living_through_a_case(channel, failed, leaves, queue_draw, felt):
    """Online the case feels 0.25 + 0.15 + 0.08 = 0.48, at the counter 14 / 56 = 0.25, a failed attempt 0.1.

    Half of the cases that wait for staff are given up, which feels like the counter and is lost.
    """
    p = defaults(
        service_reference_days=14.0, experience_speed=0.5, experience_information=0.3, experience_quality=0.2,
        trust_gain=0.05, trust_loss=0.15, skill_from_use=0.02, satisfaction_rate=0.3, expectation_rate=0.1,
        failed_experience=0.1, discontinuance=99.0 if leaves else 0.0, trust_general_rate=0.01, continuation_slope=4.0,
        continuation_level=0.4, voice_base=-99.0, error_rate=0.0,
    )  # fmt: skip
    office = row(OFFICE, stage=SCREEN, digital_days=14.0, counter_days=42.0, data=0.5, quality=0.4, trust=0.7,
                 renege_share=0.5, standard=1.0)  # fmt: skip
    me = row(CITIZEN, channel=channel, has_failed=failed, fate=SPOKE, habit=BY_ASSISTANCE, **CASE)
    citizens.live_through_case(me, office, row(REGION), p, queue_draw, 4, KEY)
    assert values(me, *FELT) == [near(value) for value in felt]
    is_given_up = channel != DROPPED and queue_draw < 0.5
    assert values(me, "fate", "habit") == [CONCLUDED, DROPPED if is_given_up else BY_ASSISTANCE]


@pytest.mark.parametrize(
    ("me", "draw", "access", "fast", "skill"),
    [
        ({"rank": 0.5}, 0.02, 1, 0, 0.5), ({"rank": 0.3}, 0.02, 1, 1, 0.5), ({"rank": 0.5}, 0.03, 0, 0, 0.5),
        ({"rank": 0.7}, 0.02, 0, 0, 0.5), ({"rank": 0.7, "urban": 1}, 0.02, 1, 0, 0.5),
        ({"rank": 0.5, "urban": 1}, 0.02, 1, 1, 0.5), ({"rank": 0.3, "has_access": 1}, 0.9, 1, 1, 0.505),
        ({"rank": 0.9, "has_access": 1}, 0.0, 1, 0, 0.505), ({"rank": 0.3}, 0.9, 0, 0, 0.5),
    ],
)  # fmt: skip
def test_getting_connected(me, draw, access, fast, skill):
    """Coverage 0.6, fast up to 0.35; the chance is 0.3 / 12 x 1 = 0.025; in town everything is 0.65 as far."""
    p = defaults(
        urban_advantage=0.35, access_contagion=0.3, access_seed=0.02, access_skill=0.0, speed_lag=0.25,
        skill_from_access=0.01,
    )  # fmt: skip
    me = row(CITIZEN, skill=0.5, **me)
    citizens.get_connected(me, row(REGION, online_share=0.98, internet_index=1.0, coverage=0.6), p, draw)
    assert values(me, "has_access", "is_fast", "skill") == [access, fast, near(skill)]


@pytest.mark.parametrize(
    ("rewired", "far", "counts"),
    [
        (0, 0, [1, 1, 0, 1, 1, 1, 1, 0, 1, 1]),  # place 2 of 10: four on either side
        (0b00000001, 5, [1, 1, 0, 1, 1, 2, 1, 0, 0, 1]),  # tie 0 leads to 5 instead of 8
        (0b00001000, 5, [1, 0, 1, 1, 1, 1, 1, 0, 1, 1]),  # tie 3 leads to (5 + 3 x 7919) mod 10 = 2 instead of 1
        (0b10000000, 1, [1, 1, 0, 1, 2, 1, 0, 0, 1, 1]),  # tie 7 leads to (1 + 7 x 7919) mod 10 = 4 instead of 6
    ],
)
def test_whom_a_citizen_sees(rewired, far, counts):
    me = row(CITIZEN, id=3 * 65536 + 2, rewired=rewired, far=far)
    for place, count in enumerate(counts):
        seen = np.zeros(30, np.uint8)
        seen[10 + place] = 1
        assert citizens.neighbours_share(me, seen, 10, 10) == count / 8


def test_nobody_is_covered_where_coverage_ends():
    p = defaults(urban_advantage=0.0, speed_lag=0.25, access_contagion=12.0, access_skill=0.0, assistance_coverage=0.5)
    for rank, access, fast in ((0.5, 1, 0), (0.375, 1, 1), (0.75, 0, 0)):
        me = row(CITIZEN, rank=rank)
        citizens.get_connected(me, row(REGION, online_share=1.0, internet_index=1.0, coverage=0.75), p, 0.5)
        assert values(me, "has_access", "is_fast") == [access, fast]
    for helper, channel in ((0.5, DROPPED), (0.375, BY_ASSISTANCE)):
        me = row(CITIZEN, helper=helper)
        everything = defaults(counter_closure=1.0, assistance_coverage=0.5, form_difficulty=-100.0, forced_dropout=1.0)
        citizens.bring_case(me, row(OFFICE, stage=SCREEN), everything, 4, KEY)
        assert me["channel"] == channel
        me = row(CITIZEN, helper=helper, threshold=-99.0)
        citizens.reconsider(me, np.zeros(8, np.uint8), 0, 8, row(OFFICE, stage=SCREEN), everything, 0.0)
        assert me["stage"] == (ASSISTED if channel == BY_ASSISTANCE else AT_COUNTER)


def test_hearing_of_the_service():
    p = defaults(awareness_external=0.03, awareness_contact=0.4)
    some = np.array([0, 1, 1, 0, 0, 0, 0, 0], np.uint8)  # 2 of 8: (0.03 + 0.1) / 12 = 0.0108
    for seen, draw, aware in ((0 * some, 0.0024, 1), (0 * some, 0.0026, 0), (some, 0.0107, 1), (some, 0.0109, 0)):
        me = row(CITIZEN)
        citizens.hear_of_service(me, seen, 0, 8, p, draw)
        assert me["aware"] == aware


def test_capability_of_ones_own():
    p = defaults(slow_penalty=0.4)
    got = [citizens.own_capability(row(CITIZEN, skill=0.5, has_access=a, is_fast=f), p) for a, f in ((0, 0), (1, 0), (1, 1))]
    assert got == [0.0, near(0.3), 0.5]


@pytest.mark.parametrize(
    ("me", "draw", "after"),
    [
        ({"has_access": 1, "helper": 0.9}, 0.19, ONLINE), ({"has_access": 1, "helper": 0.9}, 0.21, AT_COUNTER),
        ({"helper": 0.1}, 0.19, ASSISTED), ({"helper": 0.1}, 0.21, AT_COUNTER), ({"helper": 0.9}, 0.0, AT_COUNTER),
        ({"has_access": 1, "helper": 0.9, "has_used": 1}, 0.25, AT_COUNTER),
        ({"has_access": 1, "helper": 0.9, "trust": 0.8}, 0.25, ONLINE),
        ({"has_access": 1, "helper": 0.9, "trust": 0.8, "has_used": 1}, 0.25, AT_COUNTER),
        ({"has_access": 1, "helper": 0.9, "threshold": -9.0}, 0.39, ONLINE),
        ({"has_access": 1, "helper": 0.9, "threshold": -9.0}, 0.41, AT_COUNTER),
    ],
)  # fmt: skip
def test_reconsidering(me, draw, after):
    """No weight but of trust: the chance is 0.4 x logistic of the trust in standard units; 0.5 at a trust of 0.4."""
    weights = ("weight_usefulness", "weight_ease", "weight_peers", "weight_conditions", "weight_transparency")
    p = defaults(**dict.fromkeys(weights, 0.0), weight_trust=1.0, citizen_adoption_rate=0.4, construct_mean=0.4,
                 construct_spread=0.25, choice_slope=2.5, assistance_coverage=0.5, assistance_gain=0.5)  # fmt: skip
    me = row(CITIZEN, **{"trust": 0.4, "skill": 0.5, **me})
    citizens.reconsider(me, np.zeros(8, np.uint8), 0, 8, row(OFFICE, stage=SCREEN), p, draw)
    assert me["stage"] == after


def test_what_citizens_weigh_when_they_reconsider():
    """Usefulness 0.65, ease logistic(1), capability 0.8, two of eight seen: units 1, 1.3242, 1.6, -0.6; openness 0.4."""
    p = defaults(
        weight_usefulness=0.3, effort_on_usefulness=0.4, weight_ease=0.1, weight_peers=0.15, weight_conditions=0.2,
        weight_trust=0.2, construct_mean=0.4, construct_spread=0.25, choice_slope=2.5, citizen_adoption_rate=0.4,
        completion_slope=2.0, form_difficulty=0.3, assistance_coverage=0.5, assistance_gain=0.5, weight_transparency=0.3,
    )  # fmt: skip
    seen = np.array([0, 1, 1, 0, 0, 0, 0, 0], np.uint8)
    ease = (1 / (1 + math.exp(-1)) - 0.4) / 0.25
    drive = 0.3 * (1 + 0.4 * ease) + 0.1 * ease - 0.15 * 0.6 + 0.2 * 1.6 + 0.2 * 0.8 + 0.3 * 0.4
    chance = 0.4 / (1 + math.exp(-2.5 * (drive - 0.5)))
    office = row(OFFICE, stage=SCREEN, usefulness=0.65, transparency=0.5)
    for draw, after in ((chance - 1e-5, ONLINE), (chance + 1e-5, AT_COUNTER)):
        me = row(CITIZEN, has_access=1, is_fast=1, skill=0.6, helper=0.1, trust=0.6, threshold=0.5)
        citizens.reconsider(me, seen, 0, 8, office, p, draw)
        assert me["stage"] == after


def test_weights_of_channels():
    p = defaults(channel_sensitivity=0.4, habit_strength=0.6, trust_first_use=0.5)
    used = row(CITIZEN, has_used=1, trust=0.5, habit=BY_COUNTER)
    fresh = row(CITIZEN, trust=0.5, habit=BY_SELF_SERVICE)
    expected = {(0, BY_COUNTER): -0.2, (0, BY_ASSISTANCE): -0.8, (1, BY_COUNTER): -0.8, (1, BY_ASSISTANCE): -0.55,
                (1, BY_SELF_SERVICE): 0.05}  # fmt: skip
    for (is_fresh, channel), value in expected.items():
        assert citizens.weight(fresh if is_fresh else used, channel, 2.0, p) == near(math.exp(value))


@pytest.mark.parametrize(
    ("stage", "ways", "draw", "channel"),
    [
        (SCREEN, (1, 0, 0), 0.9, BY_COUNTER), (SCREEN, (0, 0, 0), 0.1, DEFERRED), (SCREEN, (0, 0, 1), 0.1, BY_SELF_SERVICE),
        (SCREEN, (0, 1, 0), 0.9, BY_ASSISTANCE), (SCREEN, (1, 1, 1), 0.19, BY_COUNTER),
        (SCREEN, (1, 1, 1), 0.20, BY_ASSISTANCE), (SCREEN, (1, 1, 1), 0.61, BY_ASSISTANCE),
        (SCREEN, (1, 1, 1), 0.62, BY_SELF_SERVICE), (SYSTEM, (1, 1, 1), 0.16, BY_COUNTER),
        (SYSTEM, (1, 1, 1), 0.17, BY_ASSISTANCE), (SYSTEM, (1, 1, 1), 0.59, BY_ASSISTANCE),
        (SYSTEM, (1, 1, 1), 0.60, BY_SELF_SERVICE), (SCREEN, (1, 0, 1), 0.33, BY_COUNTER),
        (SCREEN, (1, 0, 1), 0.35, BY_SELF_SERVICE), (SCREEN, (0, 1, 1), 0.51, BY_ASSISTANCE),
        (SCREEN, (0, 1, 1), 0.53, BY_SELF_SERVICE),
    ],
)  # fmt: skip
def test_choice_of_a_channel(stage, ways, draw, channel):
    """Hours at screen level 4, 2.1 and 2.3: shares .1956, .4183, .3861; at system level 4, 1.6, 1.8: .1652, .4316, .4032."""
    p = defaults(
        travel_hours_urban=1.0, visits=2.0, form_hours_paper=1.0, form_hours_online=0.8, effort_hours=2.0, delay_cost=0.05,
        paper_demand=0.5, assisted_travel_share=0.3, channel_sensitivity=0.4, habit_strength=0.6,
    )  # fmt: skip
    me = row(CITIZEN, urban=1, has_used=1)
    office = row(OFFICE, stage=stage, wait_hours=0.4, counter_days=4.0)
    assert citizens.choose_channel(me, office, 0.5, 0.75, *ways, p, draw) == channel


@pytest.mark.parametrize(
    ("channel", "is_open", "draw", "after"),
    [
        (BY_SELF_SERVICE, 1, 0.73, (ONLINE, 1, 0, BY_SELF_SERVICE)),
        (BY_ASSISTANCE, 0, 0.73, (ASSISTED, 1, 0, BY_ASSISTANCE)),
        (BY_SELF_SERVICE, 1, 0.74, (AT_COUNTER, 0, 1, BY_COUNTER)), (BY_ASSISTANCE, 0, 0.74, (AT_COUNTER, 0, 1, DEFERRED)),
    ],
)  # fmt: skip
def test_finishing_online(channel, is_open, draw, after):
    me = row(CITIZEN, channel=channel)
    citizens.finish_or_fall_back(me, 0.55, is_open, defaults(completion_slope=4.0, form_difficulty=0.3), draw)
    assert tuple(values(me, "stage", "aware", "has_failed", "channel")) == after


@pytest.mark.parametrize(
    ("closed", "office", "me", "channel"),
    [
        (1.0, {"stage": STREET}, {"has_access": 1}, BY_COUNTER), (0.0, {"stage": SCREEN}, {"has_access": 1}, BY_COUNTER),
        (1.0, {"stage": SCREEN}, {"has_access": 1}, BY_SELF_SERVICE), (1.0, {"stage": SCREEN}, {}, DEFERRED),
        (1.0, {"stage": SCREEN, "is_down": 1}, {"has_access": 1}, DEFERRED),
        (1.0, {"stage": SCREEN}, {"helper": 0.1}, BY_ASSISTANCE),
        (0.0, {"stage": STREET}, {"stage": ONLINE, "has_access": 1}, BY_COUNTER),
        (0.0, {"stage": SCREEN}, {"stage": ASSISTED, "has_access": 1}, BY_SELF_SERVICE),
        (0.0, {"stage": SCREEN}, {"stage": ASSISTED, "helper": 0.1}, BY_ASSISTANCE),
        (1.0, {"stage": SCREEN}, {"stage": ONLINE, "has_access": 1}, BY_SELF_SERVICE),
        (1.0, {"stage": SCREEN}, {"stage": ONLINE}, DEFERRED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dropout", [0.0, 1.0])
def test_bringing_a_case(closed, office, me, channel, dropout):
    """At 50 hours of delay at the counter nobody stands in line who need not; forms are easy enough to be finished.

    Who is sent online unwillingly loses 0.4 x 0.5 x 0.6 of trust.
    """
    p = defaults(counter_closure=closed, assistance_coverage=0.5, form_difficulty=-100.0, delay_cost=10.0,
                 forced_dropout=dropout, mandate_reaction=0.4, service_sensitivity=0.5)  # fmt: skip
    is_forced = closed == 1.0 and office["stage"] == SCREEN and "stage" not in me
    known = {"helper": 0.9, "skill": 0.5, "is_fast": 1, "has_failed": 1, "trust": 0.5, "trust_general": 0.4}
    me = row(CITIZEN, id=5, **{**known, **me})
    citizens.bring_case(me, row(OFFICE, counter_days=50.0, **office), p, 4, KEY)
    channel = DROPPED if channel == DEFERRED and dropout == 1.0 else channel
    assert values(me, "channel", "habit", "has_failed") == [channel, channel, 0]
    assert me["trust"] == near(0.38 if is_forced else 0.5)


def test_draws_of_a_case():
    """Closing, choosing, finishing and giving up happen exactly where the draws of the case say so."""
    even = {"channel_sensitivity": 0.0, "habit_strength": 0.0, "trust_first_use": 0.0, "assistance_coverage": 0.0}
    p = defaults(counter_closure=0.4, forced_dropout=0.3, completion_slope=0.0, **even)
    office, dropout = row(OFFICE, stage=SCREEN), {True: DROPPED, False: DEFERRED}
    for number in range(60):
        draws = uniform4(KEY, Stream.CITIZEN_CASE, 4, number)
        me = row(CITIZEN, id=number)
        citizens.bring_case(me, office, p, 4, KEY)
        assert me["channel"] == (BY_COUNTER if draws[0] >= 0.4 else dropout[draws[3] < 0.3])
        me = row(CITIZEN, id=number, stage=ONLINE, has_access=1)  # half of attempts are finished
        citizens.bring_case(me, office, p, 4, KEY)
        if draws[0] >= 0.4:
            goes_online = draws[1] >= 0.5 and draws[2] < 0.5
            assert me["channel"] == (BY_SELF_SERVICE if goes_online else BY_COUNTER)
            assert me["has_failed"] == (draws[1] >= 0.5 and draws[2] >= 0.5)
        else:
            assert me["channel"] == (BY_SELF_SERVICE if draws[2] < 0.5 else dropout[draws[3] < 0.3])


def test_a_failure_stays_with_a_case_that_is_put_off():
    p = defaults(form_difficulty=-100.0)
    for channel, has_failed in ((DEFERRED, 1), (BY_COUNTER, 0)):
        me = row(CITIZEN, channel=channel, has_failed=1)
        citizens.bring_case(me, row(OFFICE, stage=STREET), p, 4, KEY)
        assert values(me, "channel", "has_failed") == [BY_COUNTER, has_failed]


def test_help_carries_a_case_to_its_end():
    """Nothing of one's own and half with help: logistic(4 x (0.5 - 0.25)) of attempts are finished."""
    p = defaults(counter_closure=1.0, forced_dropout=0.0, completion_slope=4.0, form_difficulty=0.25, assistance_gain=0.5,
                 assistance_coverage=0.5)  # fmt: skip
    for number in range(60):
        me = row(CITIZEN, id=number, helper=0.1)
        citizens.bring_case(me, row(OFFICE, stage=SCREEN), p, 4, KEY)
        is_done = uniform4(KEY, Stream.CITIZEN_CASE, 4, number)[2] < 0.7310586
        assert me["channel"] == (BY_ASSISTANCE if is_done else DEFERRED)
