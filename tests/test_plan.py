"""Plans: what is written is what is run, and what cannot be run is refused where it stands."""

import itertools

import numpy as np
import pytest

from experiments.plans.factors import Factor, read_factor
from experiments.plans.plan_file import PLANS, read_plan
from experiments.sensitivity.finished import share_of
from experiments.sweep import study_of
from model.checks import Place
from model.errors import InputError
from model.registry import load_registry
from model.scenario import Scenario
from tests.plan_makers import HEAD, make_study, points, write_plan

LEVERS = "[factors.training_rate]\n[factors.counters]\n[factors.initial_trust]\n"


def test_a_grid_is_every_combination(tmp_path):
    expected = [dict(training_rate=a, counters=b) for a, b in itertools.product((0.0, 0.2, 0.4), (1, 2, 3))]
    assert points(make_study(tmp_path)) == expected


def test_zip_pairs_values(tmp_path):
    factors = "[factors.training_rate]\nvalues = [0.1, 0.3]\n[factors.counters]\nvalues = [2, 1]\n"
    study = make_study(tmp_path, design='method = "zip"', factors=factors)
    assert points(study) == [dict(training_rate=0.1, counters=2), dict(training_rate=0.3, counters=1)]


def test_a_latin_hypercube_has_one_point_in_every_part_of_every_range(tmp_path):
    study = make_study(tmp_path, design='method = "latin-hypercube"\npoints = 20', factors=LEVERS)
    for name in ("training_rate", "initial_trust"):
        entry = load_registry()[name]
        parts = np.floor(20 * (np.array(study.points[name]) - entry.low) / (entry.high - entry.low))
        assert sorted(parts) == list(range(20))
    assert {type(value) for value in study.points["counters"]} == {int}


def test_a_sobol_design_grows_and_depends_on_its_seed(tmp_path):
    made = {}
    for name, design in {"few": "points = 8", "many": "points = 21", "other": "points = 8\nseed = 3"}.items():
        made[name] = points(make_study(tmp_path, design=f'method = "sobol"\n{design}', factors=LEVERS))
    assert len(made["many"]) == 21 and made["many"][:8] == made["few"] and made["few"] != made["other"]


def test_one_at_a_time_leaves_the_others_as_the_scenario_has_them(tmp_path):
    study = make_study(tmp_path, design='method = "one-at-a-time"\nlevels = 3')
    base = study.variants[0].base.parameters
    centre = {"training_rate": base["training_rate"], "counters": int(base["counters"])}
    made = points(study)
    assert made[0] == centre and len(made) == len({tuple(point.items()) for point in made})
    assert all(sum(point[name] != centre[name] for name in centre) <= 1 for point in made)
    assert {point["counters"] for point in made} == {1, 2, 3, centre["counters"]}


def test_points_come_from_a_csv_file(tmp_path):
    (tmp_path / "points.csv").write_text("training_rate,counters\n0.25,2\n\n0.5,4\n")
    study = make_study(tmp_path, design='method = "csv"\nfile = "points.csv"', factors="")
    assert points(study) == [dict(training_rate=0.25, counters=2), dict(training_rate=0.5, counters=4)]


def test_scenarios_times_policies(tmp_path):
    head = HEAD.replace('scenario = "small"', 'scenarios = ["small", "indonesia"]\npolicies = ["staff-training"]')
    study = make_study(tmp_path, design='method = "scenarios"', factors="", head=head, settings="")
    assert [(v.scenario, v.policy, v.point) for v in study.variants] == [
        ("small", "baseline", 0), ("small", "staff-training", 0),
        ("indonesia", "baseline", 1), ("indonesia", "staff-training", 1),
    ]  # fmt: skip
    assert study.points == {"point": [0, 1], "scenario": ["small", "indonesia"]}


def test_constraints_leave_points_out_and_say_how_many(tmp_path):
    more = '[[constraints]]\nsum_of = ["training_rate", "counters"]\nat_most = 2.2\nat_least = 1.1\n'
    study = make_study(tmp_path, more=more)
    assert [tuple(point.values()) for point in points(study)] == [(0.0, 2), (0.2, 1), (0.2, 2), (0.4, 1)]
    assert study.left_out == 5
    more = '[[constraints]]\nless = "training_rate"\nthan = 0.4\n[[constraints]]\nless = "counters"\nthan = 2\n'
    assert [tuple(point.values()) for point in points(make_study(tmp_path, more=more))] == [(0.0, 1), (0.2, 1)]


def test_whole_numbers_and_values_get_equal_parts_of_the_unit_interval():
    shares = (np.arange(6000) + 0.5) / 6000
    for factor in (Factor("a", "integer", 1.0, 3.0), Factor("b", "boolean", 0.0, 1.0, (False, True))):
        found, counts = np.unique([factor.at(share) for share in shares], return_counts=True)
        assert len(set(counts)) == 1 and len(found) in (2, 3)
    assert Factor("a", "integer", 1.0, 3.0).at(np.nextafter(1.0, 0.0)) == 3
    assert Factor("a", "integer", 1.0, 3.0).steps(9) == [1, 2, 3]
    assert Factor("c", "number", 0.1, 0.3).steps(2) == [0.1, 0.3]


def test_settings_seed_and_replicates_replace_those_of_the_scenario(tmp_path):
    study = study_of(read_plan(write_plan(tmp_path)), seed=9, replicates=5)
    base = study.variants[0].base
    assert (base.months, base.citizens_per_office, base.seed, study.replicates) == (2, 8, 9, 5)
    assert study_of(read_plan(write_plan(tmp_path))).replicates == 2


def test_a_mechanism_is_a_factor_where_the_model_has_switches(tmp_path, monkeypatch):
    factors = "[factors.mechanisms.training]\n"
    study = make_study(tmp_path, design='method = "grid"', factors=factors)
    assert points(study) == [{"mechanisms.training": False}, {"mechanisms.training": True}]
    switched = []
    monkeypatch.setattr(Scenario, "with_mechanisms", lambda self, **names: switched.append(names) or self, raising=False)
    study.variants[0].build()
    assert switched == [{"training": False}]


def test_a_point_that_a_policy_cannot_bear_is_named(tmp_path):
    factors = "[factors.training_rate]\nvalues = [0.1, 1.0]\n"
    head = HEAD + 'policies = ["staff-training"]\n'
    study = make_study(tmp_path, design='method = "grid"', factors=factors, head=head, settings="[settings]\nmonths = 120\n")
    with pytest.raises(InputError, match=r"point 1 under policy staff-training.*training_rate"):
        for variant in study.variants:
            variant.build()


BAD = {
    "kind": (dict(head=HEAD.replace('"plan"', '"case"')), ["key 'kind'", "plan"]),
    "unknown key": (dict(head=HEAD + "replicate = 3\n"), ["key 'replicate'", "did you mean 'replicates'"]),
    "no design": (dict(head=HEAD, design=""), ["key 'design.method'", "missing", "sobol"]),
    "method": (dict(design='method = "gird"'), ["key 'design.method'", "gird", "did you mean 'grid'"]),
    "option": (dict(design='method = "grid"\npoints = 3'), ["key 'design.points'", "levels"]),
    "no points": (dict(design='method = "sobol"'), ["key 'design.points'", "missing"]),
    "points text": (dict(design='method = "sobol"\npoints = "8"'), ["key 'design.points'", "not quoted text"]),
    "levels": (dict(design='method = "grid"\nlevels = 1'), ["key 'design.levels'", "integer 2.."]),
    "factor": (dict(factors="[factors.trainin_rate]\n"), ["factors.trainin_rate", "did you mean 'training_rate'"]),
    "low": (dict(factors="[factors.training_rate]\nlow = -1.0\n"), ["factors.training_rate.low", "-1.0", "number 0..1"]),
    "order": (dict(factors="[factors.training_rate]\nlow = 0.4\nhigh = 0.2\n"), ["training_rate.low", "low < high"]),
    "whole": (dict(factors="[factors.counters]\nlow = 1.5\n"), ["factors.counters.low", "1.5", "integer"]),
    "value": (dict(factors="[factors.counters]\nvalues = [1, 1]\n"), ["factors.counters.values[1]", "repeated"]),
    "both": (dict(factors="[factors.counters]\nvalues = [1]\nlow = 1\n"), ["factors.counters.low", "together"]),
    "none": (dict(factors=""), ["key 'factors'", "missing", "[factors.NAME]"]),
    "switch": (dict(factors="[factors.mechanisms.training]\nlow = 0\n"), ["mechanisms.training.low", "switch"]),
    "zip": (dict(design='method = "zip"'), ["key 'factors'", "training_rate: no values", "equal length"]),
    "setting": (dict(settings="[settings]\nmonth = 3\n"), ["key 'settings.month'", "did you mean 'months'"]),
    "setting range": (dict(settings="[settings]\nmonths = 0\n"), ["key 'settings.months'", "integer 1..1200"]),
    "scenario": (dict(head=HEAD.replace('"small"', '"smal"')), ["key 'scenario'", "smal", "did you mean 'small'"]),
    "no scenario": (dict(head=HEAD.replace('scenario = "small"\n', "")), ["key 'scenario'", "missing"]),
    "policy": (dict(head=HEAD + 'policies = ["staff-trainin"]\n'), ["key 'policies[0]'", "did you mean 'staff-training'"]),
    "headline": (dict(head=HEAD + 'headline = ["use_shar"]\n'), ["key 'headline[0]'", "did you mean 'use_share'"]),
    "constraint": (dict(more='[[constraints]]\nless = "counters"\n'), ["key 'constraints[0]'", "sum_of"]),
    "constraint name": (
        dict(more='[[constraints]]\nsum_of = ["counter"]\nat_most = 1\n'),
        ["key 'constraints[0].sum_of[0]'", "did you mean 'counters'"],
    ),
    "unbounded": (dict(more='[[constraints]]\nsum_of = ["counters"]\n'), ["key 'constraints[0].at_most'", "missing"]),
    "nothing left": (dict(more='[[constraints]]\nless = "counters"\nthan = 0\n'), ["key 'constraints'", "no point"]),
    "csv": (dict(design='method = "csv"\nfile = "no.csv"', factors=""), ["key 'design.file'", "no such file", "no.csv"]),
    "csv with factors": (dict(design='method = "csv"\nfile = "no.csv"'), ["key 'factors'", "header"]),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_run_is_refused_where_it_stands(tmp_path, case):
    pieces, words = BAD[case]
    with pytest.raises(InputError) as caught:
        make_study(tmp_path, **pieces)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert ("plan.toml" in message or "no.csv" in message) and len(message.splitlines()) <= 10


CELLS = {
    "no points": ("training_rate\n", ["no points"]),
    "name": ("trainin_rate\n0.1\n", ["line 1", "did you mean 'training_rate'"]),
    "twice": ("counters,counters\n1,2\n", ["given twice"]),
    "fields": ("counters\n1,2\n", ["line 2", "2 fields"]),
    "text": ("counters\none\n", ["line 2.counters", "not an integer"]),
    "underscore": ("counters\n1_0\n", ["line 2.counters", "not an integer"]),
    "range": ("training_rate\n0.1\n1.5\n", ["line 3.training_rate", "number 0..1"]),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_faulty_table_of_points_is_refused_at_its_line(tmp_path, case):
    text, words = CELLS[case]
    (tmp_path / "points.csv").write_text(text)
    with pytest.raises(InputError) as caught:
        make_study(tmp_path, design='method = "csv"\nfile = "points.csv"', factors="")
    assert all(word in str(caught.value) for word in ["points.csv", *words]), str(caught.value)


BUNDLED = sorted(file for file in PLANS.glob("*.toml") if not file.stem.startswith("optimise-"))  # those: test_optimise


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.stem)
def test_bundled_plans_can_be_built(file):
    study = study_of(read_plan(file))
    assert study.variants and study.plan.name == file.stem and study.plan.question
    study.variants[-1].build()


def test_triangular_factors_have_the_mode_of_the_registry():
    place = Place("plan.toml", "factors") / "need_rate"
    factor = read_factor(place, "need_rate", {"distribution": "triangular"})
    assert factor.mode == load_registry()["need_rate"].default
    shares = (np.arange(20_000) + 0.5) / 20_000
    values = np.array([factor.at(share) for share in shares])
    assert abs(values.mean() - (factor.low + factor.mode + factor.high) / 3.0) < 1e-4
    np.testing.assert_allclose(share_of(factor, values), shares, atol=1e-9)
    for entry, words in (
        ({"distribution": "normal"}, "distribution"),
        ({"distribution": "triangular", "mode": 9.0}, "mode"),
        ({"distribution": "uniform", "mode": 0.1}, "no mode"),
        ({"values": [0.1, 0.2], "mode": 0.1}, "together"),
    ):
        with pytest.raises(InputError, match=words):
            read_factor(place, "need_rate", entry)
    with pytest.raises(InputError, match="only for numbers"):
        read_factor(place, "counters", {"distribution": "triangular"})
