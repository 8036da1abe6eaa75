"""A citizen's month and what a case brought, on a row made by hand; expected numbers were worked out from the formulas."""

import numpy as np
import pytest

from model.behaviours import citizens
from model.randomness import Stream, uniform4
from model.world import (
    AT_COUNTER,
    BRIBED,
    BY_ASSISTANCE,
    BY_COUNTER,
    BY_SELF_SERVICE,
    CITIZEN,
    CONCLUDED,
    DEFERRED,
    DROPPED,
    FAULTED,
    HEARD,
    NO_CASE,
    OFFICE,
    ONLINE,
    REGION,
    SCREEN,
    SPOKE,
    STREET,
    SYSTEM,
    WRONGED,
)
from tests.rows import defaults, row, values

KEY, NOBODY = np.uint64(1), np.zeros(8, np.uint8)


def near(value):
    return pytest.approx(value, rel=3e-6, abs=1e-7)


@pytest.mark.parametrize(
    ("is_digital", "by_rule", "fault", "draws", "fate"),
    [
        (False, False, 0, (0.29, 0.9, 0.9), BRIBED), (False, False, 0, (0.31, 0.9, 0.9), 0),
        (True, False, 0, (0.09, 0.9, 0.9), BRIBED), (True, False, 0, (0.11, 0.9, 0.9), 0),
        (True, True, 0, (0.09, 0.9, 0.9), BRIBED), (True, True, 0, (0.11, 0.9, 0.9), 0),
        (False, False, 0, (0.9, 0.149, 0.9), WRONGED), (False, False, 0, (0.9, 0.151, 0.9), 0),
        (True, False, 1, (0.9, 0.149, 0.0), WRONGED), (True, False, 1, (0.9, 0.151, 0.0), 0),
        (True, True, 0, (0.9, 0.019, 0.9), WRONGED), (True, True, 0, (0.9, 0.021, 0.0), 0),
        (True, True, 1, (0.9, 0.9, 0.249), WRONGED | FAULTED), (True, True, 1, (0.9, 0.9, 0.251), 0),
        (False, False, 1, (0.9, 0.9, 0.0), 0), (True, True, 1, (0.0, 0.0, 0.0), BRIBED | WRONGED | FAULTED),
    ],
)  # fmt: skip
def test_what_a_case_may_bring(is_digital, by_rule, fault, draws, fate):
    """A bribe with 0.3 at the counter and 0.1 online; an error with 0.15 by staff and 0.02 by rule; a fault hits 0.25."""
    p = defaults(system_error_ratio=0.2, error_rate=0.1)
    office = row(OFFICE, bribe_chance=0.3, rent_chance=0.1, error_chance=0.15)
    me, region = row(CITIZEN, fate=CONCLUDED), row(REGION, fault=fault, fault_share=0.25)
    citizens.meet_fate(me, office, region, is_digital, by_rule, (*draws[:2], 0.5, draws[2]), p)
    assert me["fate"] == CONCLUDED | fate


@pytest.mark.parametrize(
    ("channel", "stage", "may_be_ruled"),
    [
        (BY_SELF_SERVICE, SYSTEM, True), (BY_SELF_SERVICE, SCREEN, False), (BY_ASSISTANCE, SYSTEM, False),
        (BY_COUNTER, SYSTEM, False),
    ],
)  # fmt: skip
def test_rules_decide_and_nobody_waits_for_them(channel, stage, may_be_ruled):
    """Half of self-service at system level, all hit by a fault; every other case is given up and meets nothing else."""
    p = defaults(voice_base=-99.0, system_error_ratio=0.0)
    office = row(OFFICE, stage=stage, automation=0.5, renege_share=1.0, bribe_chance=1.0, rent_chance=0.0, error_chance=1.0)
    region = row(REGION, fault=1, fault_share=1.0)
    for number in range(30):
        me = row(CITIZEN, id=number, channel=channel, habit=channel)
        citizens.live_through_case(me, office, region, p, 0.5, 4, KEY)
        by_rule = may_be_ruled and uniform4(KEY, Stream.CITIZEN_FATE, 4, number)[2] < 0.5
        expected = [CONCLUDED | WRONGED | FAULTED, channel, 1] if by_rule else [CONCLUDED, DROPPED, 0]
        assert values(me, "fate", "habit", "has_used") == expected


@pytest.mark.parametrize(
    ("channel", "stage", "renege_share", "may_hear"),
    [
        (BY_COUNTER, SCREEN, 0.0, True), (BY_COUNTER, SYSTEM, 0.0, True), (BY_COUNTER, STREET, 0.0, False),
        (BY_COUNTER, SCREEN, 1.0, False), (BY_ASSISTANCE, SCREEN, 0.0, False), (DROPPED, SCREEN, 0.0, False),
    ],
)  # fmt: skip
def test_who_is_served_at_the_counter_may_be_told(channel, stage, renege_share, may_hear):
    """With 0.8 x 0.5, by the last draw of the voice; not who gave up, nor where there is nothing to tell of."""
    p = defaults(counter_referral=0.8, voice_base=-99.0)
    office = row(OFFICE, stage=stage, use=0.5, renege_share=renege_share, standard=1.0)
    for number in range(30):
        me = row(CITIZEN, id=number, channel=channel)
        citizens.live_through_case(me, office, row(REGION), p, 0.5, 4, KEY)
        assert me["aware"] == (may_hear and uniform4(KEY, Stream.CITIZEN_VOICE, 4, number)[3] < 0.4)


def test_quality_felt():
    """Online 0.25 + 0.15 + 0.08; at the counter 0.25 by 0.8 of the care that was once taken, less 0.2 x 0.5."""
    p = defaults(
        service_reference_days=14.0, experience_speed=0.5, experience_information=0.3, experience_quality=0.2,
        coping_against_dissatisfaction=0.2,
    )  # fmt: skip
    office = row(OFFICE, digital_days=14.0, counter_days=42.0, data=0.5, quality=0.4, standard=0.8, against=0.5)
    for fate, is_digital, felt in (
        (CONCLUDED, True, 0.48), (CONCLUDED | WRONGED | FAULTED, False, 0.1), (CONCLUDED | BRIBED, True, 0.0),
        (CONCLUDED | BRIBED, False, 0.0),
    ):  # fmt: skip
        assert citizens.quality_felt(row(CITIZEN, fate=fate), office, is_digital, p) == near(felt)


@pytest.mark.parametrize(
    ("stage", "is_bad", "draws", "fate", "efficacy"),
    [
        (SCREEN, False, (0.268, 0.39), SPOKE | HEARD, 0.6), (SCREEN, False, (0.268, 0.41), SPOKE, 0.45),
        (SCREEN, False, (0.270, 0.39), 0, 0.5), (SCREEN, True, (0.730, 0.39), SPOKE | HEARD, 0.6),
        (SCREEN, True, (0.732, 0.39), 0, 0.5), (STREET, False, (0.119, 0.41), SPOKE, 0.45),
        (STREET, False, (0.120, 0.41), 0, 0.5), (STREET, True, (0.499, 0.41), SPOKE, 0.45),
        (STREET, True, (0.501, 0.41), 0, 0.5),
    ],
)  # fmt: skip
def test_speaking_up(stage, is_bad, draws, fate, efficacy):
    """Drive -3 + 2.5 x 0.4 (where one can go online) + 2 x 0.5, and 2 more if aggrieved."""
    p = defaults(voice_base=-3.0, voice_capability=2.5, voice_efficacy=2.0, voice_issue=2.0, efficacy_gain=0.1,
                 efficacy_loss=0.05)  # fmt: skip
    me = row(CITIZEN, has_access=1, is_fast=1, skill=0.4, efficacy=0.5, fate=CONCLUDED)
    citizens.speak_up(me, row(OFFICE, stage=stage, answered=0.4), is_bad, (*draws, 0.9, 0.9), p)
    assert values(me, "fate", "efficacy") == [CONCLUDED | fate, near(efficacy)]


def test_wrong_decisions_cost_trust_and_dropped_cases_are_not_decided():
    p = defaults(trust_gain=0.05, trust_loss=0.15, service_reference_days=14.0, voice_base=-99.0)
    for channel, chance, fate, trust in (
        (BY_COUNTER, 0.0, 0, 0.595), (BY_COUNTER, 1.0, WRONGED, 0.505), (DROPPED, 1.0, 0, 0.505),
    ):  # fmt: skip
        office = row(OFFICE, counter_days=14.0, standard=1.0, error_chance=chance)
        me = row(CITIZEN, channel=channel, trust=0.6)
        citizens.live_through_case(me, office, row(REGION), p, 0.5, 4, KEY)
        assert values(me, "fate", "trust") == [CONCLUDED | fate, near(trust)]


def test_fate_and_voice_follow_their_draws():
    """At street level the chance to speak up is half for the aggrieved, logistic(-1) for others."""
    p = defaults(voice_base=-1.0, voice_issue=1.0, voice_efficacy=0.0)
    office = row(OFFICE, bribe_chance=0.3, error_chance=0.4, answered=0.5, standard=1.0)
    for number in range(60):
        fate = uniform4(KEY, Stream.CITIZEN_FATE, 4, number)
        voice = uniform4(KEY, Stream.CITIZEN_VOICE, 4, number)
        me = row(CITIZEN, id=number, channel=BY_COUNTER)
        citizens.live_through_case(me, office, row(REGION), p, 0.5, 4, KEY)
        is_wronged = fate[1] < 0.4
        speaks = voice[0] < (0.5 if is_wronged else 0.2689414)
        expected = CONCLUDED + BRIBED * (fate[0] < 0.3) + WRONGED * is_wronged
        assert me["fate"] == expected + SPOKE * speaks + HEARD * (speaks and voice[1] < 0.5)


@pytest.mark.parametrize(
    ("turn", "offset", "channel"),
    [(0.0, 0.2, BY_COUNTER), (0.0, 0.25, NO_CASE), (0.15, 0.95, BY_COUNTER), (0.25, 0.75, BY_COUNTER), (0.5, 0.75, NO_CASE)],
)
def test_whose_turn_it_is(turn, offset, channel):
    """A quarter of the round needs the office in a month, and the round goes on from its start."""
    me = row(CITIZEN, turn=turn, stage=ONLINE, has_failed=1)
    office = row(OFFICE, stage=STREET, need=0.25, need_offset=offset)
    citizens.citizen_month(me, np.zeros(8, np.uint8), 0, 8, office, row(REGION), defaults(), 4, KEY)
    assert values(me, "channel", "stage", "stage_before", "has_failed") == [channel, AT_COUNTER, ONLINE, 0]


@pytest.mark.parametrize(
    ("channel", "after", "fate", "trust"),
    [(NO_CASE, NO_CASE, 0, 0.54), (DEFERRED, BY_COUNTER, 0, 0.54), (BY_COUNTER, NO_CASE, CONCLUDED, 0.5355)],
)
def test_a_month_begins_with_the_last_case(channel, after, fate, trust):
    """A shock takes a tenth of 0.6; then last month's case feels like 0.45; a deferred one is still to come."""
    p = defaults(trust_gain=0.05, service_reference_days=14.0, voice_base=-99.0, error_rate=0.0)
    office = row(OFFICE, need=0.0, trust_shock=0.1, counter_days=14.0, standard=0.9)
    me = row(CITIZEN, turn=0.5, channel=channel, fate=SPOKE, trust=0.6)
    citizens.citizen_month(me, NOBODY, 0, 8, office, row(REGION), p, 4, KEY)
    assert values(me, "channel", "fate", "trust") == [after, fate, near(trust)]


def test_draws_of_a_month():
    """Access, awareness, giving up online, giving up in the queue, trying online: each where its own draw says so."""
    p = defaults(
        access_contagion=1.0, access_seed=0.0, urban_advantage=0.0, awareness_external=3.6, awareness_contact=0.0,
        discontinuance=0.6, continuation_slope=0.0, citizen_adoption_rate=0.4, choice_slope=0.0, trust_gain=0.0,
        trust_loss=0.5, voice_base=-99.0, assistance_coverage=0.0, access_skill=0.0, counter_referral=0.0,
    )  # fmt: skip
    office = row(OFFICE, stage=SCREEN, need=0.0, standard=1.0, renege_share=0.4)
    region = row(REGION, online_share=1.0, internet_index=6.0, coverage=1.0)
    for number in range(60):
        draws = uniform4(KEY, Stream.CITIZEN_MONTH, 4, number)
        me = row(CITIZEN, id=number, turn=0.5, channel=BY_COUNTER, trust=0.5)
        citizens.citizen_month(me, NOBODY, 0, 8, office, region, p, 4, KEY)
        trust = 0.25 if draws[3] < 0.4 else 0.5
        assert values(me, "has_access", "aware", "trust") == [draws[0] < 0.5, draws[1] < 0.3, near(trust)]
        assert me["stage"] == AT_COUNTER
        me = row(CITIZEN, id=number, turn=0.5, channel=BY_SELF_SERVICE, stage=ONLINE, aware=1, has_access=1, skill=0.5)
        citizens.citizen_month(me, NOBODY, 0, 8, office, region, p, 4, KEY)
        leaves = draws[3] >= 0.4 and uniform4(KEY, Stream.CITIZEN_VOICE, 4, number)[2] < 0.3
        assert me["stage"] == (AT_COUNTER if leaves and draws[2] >= 0.2 else ONLINE)  # who leaves may come back
        me = row(CITIZEN, id=number, turn=0.5, aware=1, has_access=1, skill=0.5, has_used=1)
        citizens.citizen_month(me, NOBODY, 0, 8, office, region, p, 4, KEY)
        assert me["stage"] == (ONLINE if draws[2] < 0.2 else AT_COUNTER)
