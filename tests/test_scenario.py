"""Scenarios: what they hold, how they extend each other, and what decides their results."""

import json
import pickle
import time
from dataclasses import replace

import numpy as np
import pytest

from model.parameter_table import parameter_table
from model.registry import load_registry
from model.scenario import explain, load_policy, load_scenario
from tests.scenario_makers import POLICIES, SCENARIOS, folder, indonesia, load, policy, refused, small

__all__ = ["folder", "indonesia", "small"]  # fixtures


def test_indonesia_has_its_offices_and_inhabitants(indonesia):
    assert len(indonesia.regions) == 34
    assert sum(region.regencies for region in indonesia.regions) == 416
    assert sum(region.cities for region in indonesia.regions) == 98
    assert (indonesia.offices, indonesia.population) == (514, 270_203_917)
    capital = next(region for region in indonesia.regions if region.name == "DKI Jakarta")
    assert (capital.regencies, capital.cities) == (1, 5)
    assert len({(region.tile_row, region.tile_column) for region in indonesia.regions}) == 34
    weighted = sum(region.internet_index * region.population for region in indonesia.regions)
    assert weighted / indonesia.population == pytest.approx(1.0, abs=0.001)  # ratios to the national mean


def test_provinces_of_2003_lie_one_distance_of_logits_below_those_of_2022(indonesia):
    history = load_scenario("scenarios/indonesia_history.toml")
    assert [replace(now, internet_index=1.0) for now in indonesia.regions] == [
        replace(then, internet_index=1.0) for then in history.regions
    ]
    late = np.array([0.5 * region.internet_index for region in indonesia.regions])
    early = np.array([history.parameters["initial_access"] * region.internet_index for region in history.regions])
    distance = np.log(late / (1.0 - late)) - np.log(early / (1.0 - early))
    assert distance == pytest.approx(distance[0], abs=0.003)  # tables have three digits
    people = np.array([region.population for region in history.regions])
    assert early @ people / people.sum() == pytest.approx(history.parameters["initial_access"], rel=0.001)


def test_sizes_of_the_bundled_scenarios(indonesia, small):
    assert (indonesia.citizens, indonesia.servants) == (514 * 64, 514 * 12)
    assert (small.offices, small.citizens, len(small.regions)) == (20, 1280, 4)
    assert (indonesia.month_label(1), indonesia.month_label(180)) == ("2010-01", "2024-12")


def test_table_without_overlays_holds_the_parameters(small):
    table = parameter_table(small)
    assert table.shape == (121, 4) and table.dtype.names == tuple(load_registry())
    assert all((table[name] == value).all() for name, value in small.parameters.items())


def test_provinces_can_differ(folder):
    scenario = load(folder, '[regions."Core City"]\ntraining_rate = 0.4')
    column = parameter_table(scenario)["training_rate"]
    assert (column[:, 0] == 0.4).all() and (column[:, 1:] == scenario.parameters["training_rate"]).all()


def test_a_policy_holds_no_parameters_and_a_case_is_no_policy(folder):
    path = folder / "p.toml"
    path.write_text('schema = 1\nkind = "policy"\nname = "p"\nmonths = 12\noverlays = []\n')
    assert "key 'months'" in refused(load_policy, path)
    assert "policy or shock" in refused(load_policy, SCENARIOS / "small.toml")
    path.write_text('schema = 1\nkind = "policy"\nname = "p"\noverlays = []\n')
    assert "kind 'policy' is not expected here" in refused(load_scenario, path)


def test_extends_merges_key_by_key(folder):
    first = '[[overlays]]\nparameter = "training_rate"\nstart = 1\ndelta = 0.1\n'
    load(folder, f"seed = 5\n[parameters]\ntraining_rate = 0.1\nneed_rate = 0.3\n{first}", name="base")
    (folder / "child.toml").write_text(
        f'name = "child"\nextends = "base"\nmonths = 24\n[parameters]\ntraining_rate = 0.2\n{first}'
    )
    child = load_scenario(folder / "child.toml")
    assert (child.name, child.months, child.seed, len(child.overlays)) == ("child", 24, 5, 2)
    assert (child.parameters["training_rate"], child.parameters["need_rate"]) == (0.2, 0.3)
    assert child.origins["parameters.training_rate"].endswith("child.toml")
    assert child.origins["parameters.need_rate"].endswith("base.toml")
    assert child.origins["parameters.leader_tenure"] == "registry: model/parameters/leaders.toml"


def test_extends_finds_bundled_scenarios_and_their_provinces(folder):
    (folder / "mine.toml").write_text('name = "mine"\nextends = "indonesia"\nmonths = 24\n')
    assert load_scenario(folder / "mine.toml").offices == 514


@pytest.mark.parametrize("base", ["../small", "/etc/passwd", "C:\\\\x", "a//b", "", "x\\u0000"])
def test_extends_stays_in_its_folder(folder, base):
    (folder / "mine.toml").write_text(f'name = "mine"\nextends = "{base}"\n')
    assert "key 'extends'" in refused(load_scenario, folder / "mine.toml")


def test_a_missing_base_gives_the_nearest_name(folder):
    (folder / "mine.toml").write_text('name = "mine"\nextends = "indonesai"\n')
    assert "did you mean 'indonesia'?" in refused(load_scenario, folder / "mine.toml")


def test_a_name_is_not_inherited(folder):
    (folder / "mine.toml").write_text('extends = "small"\n')
    assert "key 'name': missing" in refused(load_scenario, folder / "mine.toml")


def test_too_many_people_are_refused_with_the_memory_they_need(folder):
    row = "Big,Core,1000,0,1000000,1,1,0,0,0,invented"
    table = folder / "small_provinces.csv"
    table.write_text(f"{table.read_text().splitlines()[0]}\n{row}\n")
    message = refused(load, folder, "citizens_per_office = 65535")
    assert "4.2 GB of memory" in message and "50,000,000" in message and "key 'citizens_per_office'" in message


def test_with_parameters_checks(small):
    assert small.with_parameters(training_rate=np.float64(0.7)).parameters["training_rate"] == 0.7
    assert small.with_parameters(relapse_months=5.0).parameters["relapse_months"] == 5.0
    assert "did you mean 'training_rate'?" in refused(lambda: small.with_parameters(training_rat=0.7))
    for wrong in (1.7, float("nan"), True, "0.5", None, 10**400):
        assert "parameters.training_rate" in refused(lambda wrong=wrong: small.with_parameters(training_rate=wrong))
    assert "integer" in refused(lambda: small.with_parameters(relapse_months=5.5))


def test_canonical_form_holds_what_decides_results(small):
    assert json.loads(json.dumps(small.canonical())) == small.canonical()
    same = replace(small, title="Other", replicates=7, headline=("use_share",), policy="x", origins={})
    assert same.fingerprint() == small.fingerprint()
    for change in ({"seed": 2}, {"months": 60}, {"servants_per_office": 13}, {"start": (2011, 1)}):
        assert replace(small, **change).fingerprint() != small.fingerprint()
    assert small.with_parameters(training_rate=0.06).fingerprint() != small.fingerprint()


def test_a_scenario_travels_to_other_processes(small):
    assert pickle.loads(pickle.dumps(small)) == small


def test_explain_lists_every_value_with_unit_and_file(folder, small):
    edited = small.with_policy(policy(folder, 'parameter = "training_rate"\nstart = 10\nspend = 9000'))
    rows = {key: (value, unit, origin) for key, value, unit, origin in explain(edited)}
    assert rows["months"] == (120, "months", str(SCENARIOS / "small.toml"))
    assert rows["parameters.training_rate"][2] == "registry: model/parameters/servants.toml"
    assert "test.toml: overlays[0]" in rows["overlays[0]"][2]
    assert {f"parameters.{name}" for name in load_registry()} <= set(rows)
    assert all(origin for _, _, origin in rows.values())


def test_the_table_is_fast(indonesia):
    edited = indonesia.with_policy(load_policy(POLICIES[0])) if POLICIES else indonesia
    times = []
    for _ in range(5):
        started = time.perf_counter()
        parameter_table(edited)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.02  # 10 ms on the machine of the authors, twice that elsewhere
