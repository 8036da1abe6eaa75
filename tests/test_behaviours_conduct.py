"""What the conduct of offices and provinces does to a row made by hand; numbers were worked out from the formulas."""

import math

import numpy as np
import pytest

from model.behaviours import conduct, regions
from model.randomness import Stream, uniform4
from model.world import LEADER, OFFICE, REGION, SCREEN, STREET, SYSTEM
from tests.rows import defaults, row, values

KEY = np.uint64(1)


def near(value):
    return pytest.approx(value, rel=2e-6, abs=1e-7)


@pytest.mark.parametrize(("stage", "discretion"), [(STREET, 0.8), (SCREEN, 0.72), (SYSTEM, 0.464)])
def test_discretion_left_at_each_level(stage, discretion):
    """At system level 0.9 of the 0.4 that rules decide, and 0.2 x 0.5 of the rest, are taken."""
    p = defaults(initial_discretion=0.8, discretion_at_screen=0.2, discretion_at_system=0.9)
    assert conduct.discretion_left(row(OFFICE, stage=stage, use=0.5, automation=0.4), p) == near(discretion)


def test_discretion_stays_within_bounds():
    me = row(OFFICE, stage=SCREEN, use=1.0)
    taken = [conduct.discretion_left(me, defaults(initial_discretion=0.9, discretion_at_screen=x)) for x in (-0.5, 1.5)]
    assert taken == [1.0, 0.0]


@pytest.mark.parametrize(
    ("stage", "automation", "trace", "transparency", "discretion"),
    [(SYSTEM, 0.4, 0.5, 0.284, 0.464), (SYSTEM, 0.6, 0.6, 0.276, 0.336), (SCREEN, 0.6, 0.5, 0.38, 0.72)],
)
@pytest.mark.parametrize(("possible", "months"), [(5.0, 1.0), (0.5, 10.0), (0.0, 0.0)])
def test_answering_to_the_public(stage, automation, trace, transparency, discretion, possible, months):
    """Openness 0.4 of the trace, 0.12, 0.06, less 0.24 of what rules decide, which they do at system level only."""
    p = defaults(
        initial_discretion=0.8, discretion_at_screen=0.2, discretion_at_system=0.9, response_share=0.5,
        transparency_status=0.4, transparency_rules=0.3, transparency_data=0.2, opacity=0.3, explanation=0.2,
        accountability_trace=0.5, accountability_complaints=0.3, accountability_audit=0.4, audit_rate=0.25,
        detection_base=0.02, detection_accountability=0.1, detection_trace=0.2, monopoly=0.6, bribe_inclination=-2.0,
        bribe_opportunity_weight=2.5, bribe_norm=2.0, bribe_wait=0.25, bribe_honesty=1.5, bribe_detection=4.0,
        bribe_requests=0.5, gatekeeper_rent=0.05, coping_away_error=0.3, coping_toward_error=0.1, error_rate=0.1,
        error_skill=0.4, error_screen=0.6, error_rigidity=0.5,
    )  # fmt: skip
    me = row(
        OFFICE, stage=stage, use=0.5, automation=automation, mandate=0.4, data=0.5, culture=0.6, bribery=0.1, waiting=5,
        possible=possible, away=0.3, against=0.2, skill=0.5, standard=0.9,
    )  # fmt: skip
    conduct.answer_to_public(me, row(LEADER, honesty=0.6), 0.3, p)
    answered, accountability = 0.4, 0.5 * trace + 0.3 * 0.4 + 0.4 * 0.25
    detection = 0.02 + 0.1 * accountability + 0.2 * trace
    assert values(me, "discretion", "answered") == [near(discretion), near(answered)]
    assert values(me, "transparency", "accountability") == [near(transparency), near(accountability)]
    assert me["detection"] == near(detection)
    opportunity = 0.6 + discretion - accountability
    drive = -2.0 + 2.5 * opportunity + 2.0 * 0.1 + 0.25 * months - 1.5 * 0.6 - 4.0 * detection
    bribe, rent = 0.5 / (1.0 + math.exp(-drive)), 0.05 * trace
    assert values(me, "rent_chance", "bribe_chance") == [near(rent), near(1.0 - (1.0 - bribe) * (1.0 - rent))]
    # coping 1 + 0.3 x 0.3 - 0.1 x 0.5 = 1.04
    assert me["error_chance"] == near(0.1 * 0.8 * 0.7 * 1.04 * 1.1 * (1.0 + 0.5 * (0.8 - discretion)))


def test_pressure_is_felt_and_forgotten():
    """Half move away and a fifth toward clients: 0.95 of the neutral time a case, of which four are possible."""
    p = defaults(coping_away_time=0.2, coping_toward_time=0.25, erosion_months=10.0, lowest_standard=0.5)
    me = row(OFFICE, away=0.5, against=0.3, possible=4.0, standard=0.8)
    conduct.feel_pressure(me, 6, p)
    assert values(me, "pressure", "standard") == [near(6 / 3.8), near(0.796)]  # 0.8 - 0.8 x 0.05 / 10


@pytest.mark.parametrize(
    ("cases", "bribery", "days", "lost"),
    [
        # counter, digital, put off, arrived, dropped
        ((6, 2, 2, 8, 1), 0.13, 10.0, 0.3), ((0, 0, 0, 0, 0), 0.14, 12.0, 0.0), ((0, 1, 0, 1, 1), 0.1, 4.0, 1.0),
        ((1, 0, 1, 1, 1), 0.14, 12.0, 1.0), ((0, 0, 1, 0, 0), 0.14, 12.0, 1.0),
    ],
)  # fmt: skip
def test_standing_is_earned(cases, bribery, days, lost):
    """The habit moves a fifth towards 0.3 at the counter and 0.1 online; wrong decisions are at most all."""
    p = defaults(norm_adjustment=0.2, service_reference_days=10.0, legitimacy_input=0.25, legitimacy_throughput=0.35,
                 legitimacy_adjustment=0.1)  # fmt: skip
    counter, digital, put_off, arrived, dropped = cases
    me = row(
        OFFICE, bribery=0.1, bribe_chance=0.3, rent_chance=0.1, counter_days=12.0, digital_days=4.0, arrived=arrived,
        dropped=dropped, error_chance=0.1, transparency=0.6, legitimacy=0.5, efficacy=0.4,
    )  # fmt: skip
    conduct.earn_standing(me, counter, digital, put_off, p)
    assert me["bribery"] == near(bribery)
    process = 0.5 * 0.6 + 0.5 * (1.0 - min(1.0, 0.1 + lost))
    results = 0.5 * 10.0 / (10.0 + days) + 0.5 * (1.0 - bribery)
    assert me["legitimacy"] == near(0.9 * 0.5 + 0.1 * (0.25 * 0.4 + 0.35 * process + 0.4 * results))


def test_published_scores():
    given = ((0, 0, 0.9, 0.0), (1, 0, 0.6, 0.2), (1, 1, 0.8, 0.6), (2, 2, 0.7, 0.9))
    for deployed, stage, quality, score in given:
        assert conduct.published_score(row(OFFICE, deployed=deployed, stage=stage, quality=quality)) == near(score)


def test_province_builds_and_breaks():
    me = row(REGION, id=2, coverage=0.5, cost_multiplier=2.0, remote=1.0, fault_found=1, fault=1)
    p = defaults(coverage_growth=0.0128, infrastructure_effort=3.0, outage_remote=0.1, fault_detection=0.0)
    regions.region_month(me, p, 3, KEY)
    assert values(me, "coverage", "outage", "fault", "fault_found") == [near(0.5096), near(0.1), 1, 0]


@pytest.mark.parametrize(
    ("before", "draws", "after"),
    [
        ({"fault": 1}, (0.09, 0.0), {"fault": 0, "fault_found": 1, "fault_share": near(0.5), "fault_hits": 7.0}),
        ({"fault": 1}, (0.11, 0.0), {"fault": 1, "fault_found": 0, "fault_share": near(0.5), "fault_hits": 7.0}),
        ({}, (0.0, 0.0149), {"fault": 1, "fault_found": 0, "fault_share": near(0.2), "fault_hits": 0.0}),
        ({}, (0.0, 0.0151), {"fault": 0, "fault_found": 0, "fault_share": near(0.5), "fault_hits": 7.0}),
        ({"system_share": 0.0}, (0.0, 0.0), {"fault": 0, "fault_found": 0, "fault_hits": 7.0}),
    ],
)
def test_faulty_rules_come_and_are_found(before, draws, after):
    """Found with 0.1 a month; live with 0.02 x 0.75, hitting 0.2 of cases at a draw of 1/e."""
    p = defaults(fault_detection=0.1, fault_rate=0.02, fault_share=0.2)
    known = {"system_share": 0.25, "oversight": 0.25, "fault_share": 0.5, "fault_hits": 7.0, "fault_found": 1}
    me = row(REGION, **{**known, **before})
    regions.watch_system(me, p, (*draws, math.exp(-1), 0.9))
    assert {name: me[name] for name in after} == after


def test_faults_of_a_month_follow_its_draws():
    p = defaults(fault_detection=0.1, fault_rate=0.1, fault_share=0.2)
    for number in range(100):
        draws = uniform4(KEY, Stream.FAULT, 7, number)
        me = row(REGION, id=number, system_share=1.0, cost_multiplier=1.0)
        regions.region_month(me, p, 7, KEY)
        assert me["fault"] == (draws[1] < 0.1)
