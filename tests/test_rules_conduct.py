"""Rules of corruption, errors, coping, voice and legitimacy at points worked out by hand, and where they are cut."""

import math

import pytest

from model.rules import corruption, errors, legitimacy, participation, pressure
from tests.rows import defaults

ONE_UP, ONE_DOWN = 0.7310585786, 0.2689414214  # logistic(1), logistic(-1)


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-12)


def test_detection():
    p = defaults(detection_base=0.02, detection_accountability=0.1, detection_trace=0.2)
    assert corruption.detection_probability(0.5, 0.4, p) == near(0.15)  # 0.02 + 0.05 + 0.08


def test_opportunity_for_bribes():
    p = defaults(monopoly=0.6)
    assert corruption.bribe_opportunity(0.8, 0.5, 0.3, p) == near(0.7)
    assert corruption.bribe_opportunity(1.0, 1.0, 0.0, p) == near(1.6)
    assert corruption.bribe_opportunity(0.2, 0.5, 0.9, p) == 0.0


def test_bribes():
    p = defaults(
        bribe_inclination=-3.0, bribe_opportunity_weight=2.5, bribe_norm=2.0, bribe_wait=0.5, bribe_honesty=2.0,
        bribe_detection=4.0, bribe_requests=0.5, gatekeeper_rent=0.05, norm_adjustment=0.2,
    )  # fmt: skip
    # -3 + 2 of opportunity + 0.5 of habit + 0.75 of waiting - 0.6 of honesty - 0.65 of detection
    assert corruption.bribe_probability(0.8, 0.25, 1.5, 0.3, 0.1625, p) == near(0.5 * ONE_DOWN)
    assert corruption.gatekeeper_probability(0.4, p) == near(0.02)
    assert corruption.either(0.5, 0.2) == near(0.6)
    assert corruption.norm_next(0.1, 0.3, p) == near(0.14)


def test_errors_of_people():
    p = defaults(coping_away_error=0.3, coping_toward_error=0.1, error_rate=0.1, error_skill=0.4, error_screen=0.6)
    assert errors.coping_errors(0.5, 0.2, p) == near(1.13)
    assert errors.error_probability(0.5, 0.25, 1.2, 0.8, 0.5, p) == near(0.04896)  # 0.1 x 0.8 x 0.85 x 1.2 x 1.2 x 0.5
    assert errors.error_probability(0.0, 0.0, 9.0, 0.5, 1.0, p) == 1.0


def test_rules_without_leeway_misjudge():
    p = defaults(error_rigidity=0.5, initial_discretion=0.8)
    assert [errors.rigidity(discretion, p) for discretion in (0.8, 0.4, 1.0)] == [1.0, near(1.2), near(0.9)]


def test_errors_of_rules():
    p = defaults(error_rate=0.05, system_error_ratio=0.2, fault_rate=0.02, fault_share=0.2)
    assert errors.system_error_probability(p) == near(0.01)
    assert errors.fault_probability(0.25, p) == near(0.015)
    assert errors.fault_size(math.exp(-1), p) == near(0.2)
    assert errors.fault_size(math.exp(-4), p) == near(0.8)
    assert errors.fault_size(math.exp(-6), p) == 1.0


def test_pressure_of_work():
    assert [pressure.work_pressure(*given) for given in ((6, 4.0), (13, 4.0), (5, 0.0), (1, 0.5))] == [1.5, 3.0, 3.0, 2.0]


def test_coping():
    p = defaults(
        coping_away_base=-0.6, coping_away_pressure=4.0, coping_against_base=-0.6, coping_against_pressure=3.0,
        coping_against_status_quo=1.25, coping_commitment=2.0, coping_away_time=0.2, coping_toward_time=0.25,
    )  # fmt: skip
    assert pressure.weight_away(1.5, 0.7, p) == near(math.e)  # -0.6 + 2 - 0.4
    assert pressure.weight_against(1.5, 0.7, 0.4, p) == near(math.e)  # -0.6 + 1.5 + 0.5 - 0.4
    assert pressure.weight_away(1.0, 0.5, p) == pressure.weight_against(1.0, 0.5, 0.0, p) == near(math.exp(-0.6))
    assert pressure.coping_time(0.5, 0.2, p) == near(0.95)  # 1 - 0.1 + 0.05


def test_coping_at_usual_pressure_is_shared_as_was_found():
    """About 43, 38 and 19 % move toward, away from and against clients (Tummers et al. 2015)."""
    p = defaults(coping_against_status_quo=0.0)
    away, against = pressure.weight_away(1.0, 0.5, p), pressure.weight_against(1.0, 0.5, 0.0, p)
    shares = [weight / (1.0 + away + against) for weight in (1.0, away, against)]
    assert shares == pytest.approx([0.43, 0.39, 0.19], abs=0.01)


def test_standards_erode_fast_and_recover_slowly():
    p = defaults(erosion_months=12.0, recovery_months=60.0, lowest_standard=0.6)
    assert pressure.standard_next(0.8, 0.68, p) == near(0.79)
    assert pressure.standard_next(0.8, 0.92, p) == near(0.802)
    assert pressure.standard_next(0.6, 0.1, p) == 0.6
    assert pressure.standard_next(1.0, 1.6, p) == 1.0


def test_transparency_and_accountability():
    p = defaults(
        transparency_status=0.4, transparency_rules=0.3, transparency_data=0.2, opacity=0.3, explanation=0.2,
        accountability_trace=0.5, accountability_complaints=0.3, accountability_audit=0.4, audit_rate=0.25,
    )  # fmt: skip
    assert legitimacy.transparency(0.5, 0.4, 0.3, 0.5, p) == near(0.26)  # 0.2 + 0.12 + 0.06 - 0.15 x 0.8
    assert legitimacy.accountability(0.6, 0.5, p) == near(0.55)  # 0.3 + 0.15 + 0.1


def test_legitimacy():
    p = defaults(legitimacy_input=0.25, legitimacy_throughput=0.35, legitimacy_adjustment=0.1)
    assert legitimacy.throughput(0.6, 0.1) == near(0.75)
    assert legitimacy.output(0.4, 0.1) == near(0.65)
    assert legitimacy.legitimacy_next(0.5, 0.4, 0.6, 0.8, p) == near(0.513)  # target 0.1 + 0.21 + 0.4 x 0.8


def test_voice():
    p = defaults(
        voice_base=-3.0, voice_capability=2.5, voice_efficacy=2.0, voice_issue=2.0, response_share=0.5, efficacy_gain=0.1,
        efficacy_loss=0.05, consultation=0.4,
    )  # fmt: skip
    assert participation.voice_probability(0.4, False, 0.5, p) == near(ONE_DOWN)  # -3 + 1 + 1
    assert participation.voice_probability(0.4, True, 0.5, p) == near(ONE_UP)
    assert participation.responsiveness(0.3, p) == near(0.4)
    assert participation.responsiveness(1.0, defaults(response_share=0.9)) == 1.0
    assert [participation.efficacy_next(0.5, heard, p) for heard in (True, False)] == [near(0.6), near(0.45)]
    assert participation.consulted_share(0.1, 0.3, 0.7, 0.9, p) == near(0.7)  # 0.5 + 0.4 x 0.5
