"""Switches in scenario files: read, inherited, part of the fingerprint; wrong ones refused."""

import pytest

from model import load_scenario
from model.registry import load_mechanisms
from model.scenario import explain
from tests.bad_input_cases import scenario_text
from tests.scenario_makers import folder, load, refused, small

__all__ = ["folder", "small"]  # fixtures


def test_switches_are_read(folder):
    scenario = load(folder, "[mechanisms]\ntraining = false\ncorruption = false\nhabit = true")
    assert scenario.switched_off == ("corruption", "training")
    assert scenario.with_mechanisms(training=True).switched_off == ("corruption",)


def test_switches_are_inherited_and_can_be_turned_back(folder):
    load(folder, "[mechanisms]\ncorruption = false\ntraining = false", name="base")
    heir = 'name = "heir"\nextends = "base"\n[mechanisms]\ntraining = true\nhabit = false'
    scenario = load(folder, heir, name="heir")
    assert scenario.switched_off == ("corruption", "habit")
    rows = {row[0]: row for row in explain(scenario)}
    assert rows["mechanisms.corruption"][1] == "off" and "base.toml" in rows["mechanisms.corruption"][3]
    assert rows["mechanisms.training"][1] == "on" and "heir.toml" in rows["mechanisms.training"][3]


def test_switches_are_part_of_the_fingerprint(folder, small):
    prints = {small.with_mechanisms(**{name: False}).fingerprint() for name in load_mechanisms()}
    assert len(prints | {small.fingerprint()}) == len(load_mechanisms()) + 1
    assert small.with_mechanisms(habit=False).with_mechanisms(habit=True).fingerprint() == small.fingerprint()
    assert load(folder, "[mechanisms]\nhabit = true").fingerprint() == load(folder, "", name="other").fingerprint()
    both = (
        load(folder, f"mechanisms = {{ {text} }}")
        for text in ("habit = false, mandate = false", "mandate = false, habit = false")
    )
    assert len({scenario.fingerprint() for scenario in both}) == 1


def test_an_unknown_name_is_refused_with_the_nearest(small):
    assert "did you mean 'corruption'?" in refused(lambda: small.with_mechanisms(coruption=False))


@pytest.mark.parametrize("kind", ["policy", "shock"])
def test_policies_cannot_switch(folder, kind):
    path = folder / "p.toml"
    path.write_text(f'schema = 1\nkind = "{kind}"\nname = "p"\noverlays = []\n[mechanisms]\nhabit = false\n')
    from model import load_policy

    assert "mechanisms" in refused(load_policy, path)


def test_a_switch_may_leave_the_range_but_a_parameter_may_not(folder):
    off = load_mechanisms()["leader_turnover"].off["leader_tenure"]
    assert load(folder, "[mechanisms]\nleader_turnover = false").switched_off == ("leader_turnover",)
    path = folder / "wrong.toml"
    path.write_text(scenario_text(f"[parameters]\nleader_tenure = {off!r}"))
    assert "key 'parameters.leader_tenure'" in refused(load_scenario, path)
