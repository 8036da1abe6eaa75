"""Ideas of the founding paper by hand: what each rule that carries one must do, whatever the rest of the world does."""

import ast
import math
import re
from pathlib import Path

import pytest

from model import load_observables
from model.registry import load_mechanisms, load_registry
from model.rules import (
    budget,
    capacity,
    citizens,
    corruption,
    leadership,
    legitimacy,
    participation,
    pressure,
    projects,
    screen,
    servants,
    street,
    system,
)
from tests.test_rules import defaults

MODEL = Path(__file__).resolve().parent.parent / "model"


def test_discretion_moves_from_cases_to_designs():
    """R27: none is taken at street level; screens curtail, keep or widen; rules that decide take almost all."""
    p = defaults()
    taken = [level.discretion_taken(0.8, 0.9, p) for level in (street, screen, system)]
    assert taken[0] == 0.0 < taken[1] < taken[2]
    assert taken[2] == pytest.approx(0.95 * 0.9 + 0.2 * 0.8 * 0.1)
    assert screen.discretion_taken(1.0, 0.0, defaults(discretion_at_screen=-0.1)) < 0.0


def test_opportunity_is_monopoly_plus_discretion_minus_accountability():
    p = defaults()
    assert corruption.bribe_opportunity(0.8, 1.0, 0.3, p) == pytest.approx(0.6 + 0.8 - 0.3)
    assert corruption.bribe_opportunity(0.0, 1.0, 1.0, p) == 0.0


def test_honest_leaders_and_detection_lower_bribes_and_norms_raise_them():
    p = defaults()
    base = corruption.bribe_probability(1.0, 0.1, 0.0, 0.4, 0.05, p)
    assert corruption.bribe_probability(1.0, 0.1, 0.0, 0.9, 0.05, p) < base
    assert corruption.bribe_probability(1.0, 0.1, 0.0, 0.4, 0.50, p) < base
    assert corruption.bribe_probability(1.0, 0.6, 0.0, 0.4, 0.05, p) > base
    assert corruption.bribe_probability(1.4, 0.1, 1.0, 0.4, 0.05, p) > base


def test_systems_open_a_gate_that_can_be_sold():
    """R29b: digital is not clean by construction."""
    p = defaults()
    assert corruption.gatekeeper_probability(0.0, p) == 0.0 < corruption.gatekeeper_probability(1.0, p)
    assert corruption.either(0.2, 0.1) == pytest.approx(1.0 - 0.8 * 0.9)


def test_pinchot_has_six_features_and_tapscott_nine_shifts():
    """Ten observables for nine shifts: the first pair has two targets."""
    observables = load_observables()
    pinchot = [entry.label for name, entry in observables.items() if name.startswith("pinchot_")]
    tapscott = [entry.label for name, entry in observables.items() if name.startswith("tapscott_")]
    assert [re.match(r"Pinchot (\d):", label)[1] for label in pinchot] == list("123456")
    shifts = [re.match(r"Tapscott (\d)[ab]?:", label)[1] for label in tapscott]
    assert len(shifts) == 10 and shifts == ["1", *"123456789"]


def test_scorecards_drive_nothing():
    """R46, R47: nothing that acts imports what is only observed."""
    acting = [*MODEL.glob("rules/*.py"), *MODEL.glob("behaviours/*.py")]
    acting += [MODEL / f"{name}.py" for name in ("month", "tally", "start")]
    for path in acting:
        imported = [node.module for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        assert not {"model.scorecards", "model.observables"} & set(imported), path


def test_one_missing_condition_blocks_readiness():
    """Rosenberg: all three must be met; a plain sum would leave two thirds."""
    assert capacity.readiness(1.0, 1.0, 0.0, defaults()) < 0.01
    assert capacity.readiness(1.0, 1.0, 0.0, defaults(readiness_substitution=1.0)) == pytest.approx(2 / 3, abs=1e-6)
    assert capacity.readiness(0.6, 0.6, 0.6, defaults()) == pytest.approx(0.6)


def test_a_missing_ingredient_makes_no_innovator():
    assert servants.innovativeness(1.0, 1.0, 0.0) == 0.0
    assert servants.innovativeness(0.2, 0.5, 0.8) == pytest.approx(0.08 ** (1 / 3))


def test_fragments_eat_money_up_to_a_limit():
    p = defaults()
    assert budget.fragmentation(1.0, p) == 0.0
    assert budget.fragmentation(3.0, p) == pytest.approx(2 / 3)
    assert budget.fragmentation(50.0, p) == p["fragmentation_limit"]
    assert budget.applications_next(3.0, defaults(consolidation=1.0)) == pytest.approx(3.0 - 2.0 / 12.0)


def test_consulting_all_levels_and_copying_shrink_the_gap():
    p = defaults()
    assert participation.consulted_share(1.0, 0.0, 0.0, 0.0, p) == pytest.approx(0.25)
    assert participation.consulted_share(0.0, 0.0, 0.0, 0.0, defaults(consultation=0.6)) == pytest.approx(0.6)
    assert projects.design_gap(30.0, 1.0, 0.0, p) == pytest.approx(30.0 * 0.7)
    assert projects.design_gap(30.0, 0.0, 1.0, p) == pytest.approx(30.0 * 0.8)


def test_proposals_need_innovators_and_a_leader_who_listens():
    p = defaults()
    assert leadership.expected_proposals(0.0, 1.0, p) == leadership.expected_proposals(1.0, 0.0, p) == 0.0
    chances = [projects.start_probability(0.5, count, p) for count in (0, 1, 2)]
    assert chances == pytest.approx([0.04, 1 - 0.96 * 0.5, 1 - 0.96 * 0.25])


def test_little_is_seen_where_leaders_hold_the_information():
    p = defaults()
    assert servants.visible_share(0.0, p) == p["visibility"] and servants.visible_share(1.0, p) == 1.0


def test_accounts_and_traces_raise_detection():
    p = defaults()
    assert legitimacy.accountability(1.0, 1.0, defaults(audit_rate=1.0)) == pytest.approx(1.0)
    low, high = (corruption.detection_probability(x, x, p) for x in (0.0, 1.0))
    assert (low, high) == pytest.approx((0.01, 0.10))


def test_leaders_act_through_commitment():
    """Caring and open leaders raise commitment by the stated correlation; with none, they change nothing."""
    p, deaf = defaults(), defaults(commitment_from_leadership=0.0)
    step = leadership.staff_commitment(0.65, 0.0, p) - leadership.staff_commitment(0.4, 0.0, p)
    assert step == pytest.approx(0.4 * p["commitment_spread"])
    assert leadership.staff_commitment(0.9, 0.3, deaf) == leadership.staff_commitment(0.1, 0.3, deaf)


def test_work_on_screen_wears_hierarchy_down():
    p = defaults()
    assert leadership.hierarchy_weight(0.0, p) == p["leader_weight"]
    assert leadership.hierarchy_weight(1.0, p) == pytest.approx(p["leader_weight"] * (1.0 - p["flattening"]))


def test_pressure_from_outside_moves_those_who_lag():
    p = defaults(external_pressure=0.1, ranking_effect=0.2)
    assert leadership.external_pressure(0.5, p) == pytest.approx(0.2)
    assert leadership.external_pressure(-0.5, p) == pytest.approx(0.1)


def test_rents_hold_back_and_skill_and_support_help():
    p = defaults()
    base = servants.resistance(0.5, 0.1, 0.2, 0.3, p)
    assert servants.resistance(0.5, 0.5, 0.2, 0.3, p) > base
    assert servants.resistance(0.5, 0.1, 0.8, 0.3, p) < base and servants.resistance(0.5, 0.1, 0.2, 0.9, p) < base


def test_about_two_in_five_move_toward_clients_at_balance():
    """R26 at pressure 1, middling commitment and no pull of the status quo: 43, 38 and 19 %, within a point."""
    p = defaults()
    away, against = pressure.weight_away(1.0, 0.5, p), pressure.weight_against(1.0, 0.5, 0.0, p)
    shares = [x / (1.0 + away + against) for x in (1.0, away, against)]
    assert shares == pytest.approx([0.43, 0.38, 0.19], abs=0.015)
    assert pressure.weight_away(2.0, 0.5, p) > away


def test_a_passing_overload_leaves_a_lasting_mark():
    """R26: a year of taking a fifth less time, then a year of taking the old time, does not bring the standard back."""
    p, standard = defaults(), 1.0
    for _ in range(12):
        standard = pressure.standard_next(standard, 0.8 * standard, p)
    low = standard
    for _ in range(12):
        standard = pressure.standard_next(standard, 1.0, p)
    assert low < 0.85 and low < standard < low + 0.25 * (1.0 - low)


def test_a_digital_case_costs_time_trips_and_effort():
    p = defaults()
    base = citizens.digital_hours(0.5, 0.0, 2.5, 7.0, p)
    assert citizens.digital_hours(0.2, 0.0, 2.5, 7.0, p) - base == pytest.approx(0.3 * p["effort_hours"])
    assert citizens.digital_hours(0.5, 0.5, 2.5, 7.0, p) - base == pytest.approx(1.25)
    assert screen.online_visits(p) == p["paper_demand"] and system.online_visits(p) == 0.0


def test_a_voice_needs_ability_grievance_or_hope():
    p = defaults()
    base = participation.voice_probability(0.2, False, 0.3, p)
    assert participation.voice_probability(0.8, False, 0.3, p) > base
    assert participation.voice_probability(0.2, True, 0.3, p) > base
    assert participation.voice_probability(0.2, False, 0.9, p) > base
    assert participation.efficacy_next(0.3, True, p) == pytest.approx(0.4)
    assert participation.efficacy_next(0.3, False, p) == pytest.approx(0.25)
    assert participation.responsiveness(0.9, p) > participation.responsiveness(0.1, p)


def test_unexplained_rules_make_an_office_opaque():
    p = defaults()
    plain = legitimacy.transparency(0.9, 0.5, 0.4, 0.0, p)
    assert plain == pytest.approx(0.4 * 0.9 + 0.3 * 0.5 + 0.3 * 0.4)
    assert legitimacy.transparency(0.9, 0.5, 0.4, 1.0, p) == pytest.approx(plain - 0.3 * 0.7)
    assert legitimacy.transparency(0.9, 0.5, 0.4, 1.0, defaults(explanation=1.0)) == pytest.approx(plain)


def test_legitimacy_settles_at_the_weighted_sum_of_its_sides():
    p, level = defaults(), 0.5
    for _ in range(600):
        level = legitimacy.legitimacy_next(level, 0.2, 0.6, 0.8, p)
    assert level == pytest.approx(0.25 * 0.2 + 0.35 * 0.6 + 0.40 * 0.8, abs=1e-6)


def test_force_costs_trust_where_government_is_not_trusted():
    p = defaults()
    assert citizens.reactance(1.0, p) == 0.0
    assert citizens.reactance(0.2, p) == pytest.approx(0.2 * 0.5 * 0.8)
    assert citizens.reactance(0.2, defaults(service_sensitivity=1.0)) > citizens.reactance(0.2, p)


@pytest.mark.parametrize("name", load_mechanisms())
def test_a_switch_neutralises_what_it_names(name):
    """Every value that switches something off differs from the default, or the default is off already."""
    off_by_default = {"mandate", "external_pressure"}
    mechanism = load_mechanisms()[name]
    moved = [parameter for parameter, value in mechanism.off.items() if value != load_registry()[parameter].default]
    assert bool(moved) != (name in off_by_default)
    assert all(math.isfinite(value) for value in mechanism.off.values())
