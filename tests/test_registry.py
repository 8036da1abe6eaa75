"""The registry is complete and consistent, and faults in its files are named."""

import pytest

from model.errors import InputError
from model.registry import load_observables, load_registry

ENTRY = """
[{name}]
label = "Label"
default = 0.5
unit = "share"
low = 0.0
high = 1.0
role = "lever"
status = "assumed"
source = "assumption"
meaning = "A meaning."
rules = ["R1"]
"""
PRICE = 'cost = "price"\ncost_per = "office"\nimproves = 1\n'
OBSERVABLE = """
[use]
label = "Use"
unit = "share"
direction = "higher"
meaning = "A meaning."
concept = "A concept"
headline = true
"""


def write(folder, text, name="people.toml"):
    """Write one file of a registry; return the folder."""
    (folder / name).write_text(text)
    return folder


def test_the_registry_of_the_model_can_be_read():
    registry = load_registry()
    assert registry is load_registry()
    for name, parameter in registry.items():
        assert parameter.name == name and parameter.low <= parameter.default <= parameter.high
        assert parameter.cost is None or registry[parameter.cost].unit
    assert "civil_servants_per_office" in registry  # the price of training is counted with it


def test_files_are_read_in_the_order_of_their_names(tmp_path):
    write(tmp_path, ENTRY.format(name="later"), "b.toml")
    write(tmp_path, ENTRY.format(name="second") + ENTRY.format(name="first"), "a.toml")
    registry = load_registry(tmp_path)
    assert list(registry) == ["second", "first", "later"]
    assert registry["first"].group == "a"


def test_a_lever_can_have_a_price(tmp_path):
    registry = load_registry(write(tmp_path, ENTRY.format(name="lever") + PRICE + ENTRY.format(name="price")))
    assert (registry["lever"].cost, registry["lever"].cost_per, registry["lever"].improves) == (
        "price",
        "office",
        1,
    )


@pytest.mark.parametrize(
    "old, new, key",
    [
        ('label = "Label"', "", "lever.label"),
        ('label = "Label"', 'label = " "', "lever.label"),
        ('unit = "share"', 'unit = ""', "lever.unit"),
        ('source = "assumption"', 'source = ""', "lever.source"),
        ("A meaning.", "A meaning", "lever.meaning"),
        ('unit = "share"', 'unit = "share"\nunits = "x"', "lever.units"),
        ('role = "lever"', 'role = "lefer"', "lever.role"),
        ('status = "assumed"', 'status = "sure"', "lever.status"),
        ("default = 0.5", "default = 1.5", "lever.default"),
        ("default = 0.5", "default = true", "lever.default"),
        ("high = 1.0", "high = inf", "lever.high"),
        ("high = 1.0", "high = nan", "lever.high"),
        ("low = 0.0", 'low = 0.0\ntype = "integer"', "lever.low"),
        ('rules = ["R1"]', 'rules = ["one"]', "lever.rules"),
        ('rules = ["R1"]', 'rules = ["R1"]\ncost = "price"', "lever"),
        ('rules = ["R1"]', 'rules = ["R1"]\n' + PRICE, "lever.cost"),
        ("[lever]", "[Lever]", "Lever"),
        ("[lever]", "[[lever]]", "lever"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path, old, new, key):
    text = ENTRY.format(name="lever")
    assert old in text
    with pytest.raises(InputError) as caught:
        load_registry(write(tmp_path, text.replace(old, new)))
    assert "people.toml" in str(caught.value) and f"key '{key}'" in str(caught.value)


def test_a_name_in_two_files_is_refused(tmp_path):
    write(tmp_path, ENTRY.format(name="lever"), "a.toml")
    with pytest.raises(InputError, match=r"declared twice; first in a\.toml"):
        load_registry(write(tmp_path, ENTRY.format(name="lever"), "b.toml"))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="no parameters found"):
        load_registry(tmp_path)


def test_observables_of_the_model_can_be_read():
    observables = load_observables()
    assert {"use_share", "wait_days", "cost_per_case"} <= set(observables)
    assert any(observable.headline for observable in observables.values())


@pytest.mark.parametrize(
    "old, new, key",
    [
        ('"higher"', '"up"', "use.direction"),
        ("true", "1", "use.headline"),
        ("A meaning.", "A meaning", "use.meaning"),
        ('concept = "A concept"', "", "use.concept"),
    ],
)
def test_a_fault_of_an_observable_names_file_and_key(tmp_path, old, new, key):
    file = tmp_path / "observables.toml"
    file.write_text(OBSERVABLE.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_observables(file)
    assert "observables.toml" in str(caught.value) and f"key '{key}'" in str(caught.value)
