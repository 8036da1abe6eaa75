"""The catalogue of texts: every language says the same, and nothing that is shown lacks a translation."""

import re
import string

import pytest

from experiments.planner.depends import MONEY
from experiments.storage.provenance import ROOT
from experiments.texts import ENGLISH, LANGUAGES, catalogue, listed, named, need_language, number, say, speaking
from experiments.units import level_in
from model import load_observables, load_policy, load_registry
from model.errors import InputError
from model.toml import read_toml

OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def flat(table, prefix=""):
    """Return dotted key -> text of a catalogue, without the tables that belong to one language."""
    found = {}
    for key, value in table.items():
        if prefix == "" and key in ("language", "names"):
            continue
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_same_keys_and_placeholders_in_all_languages(language):
    english, other = flat(catalogue(ENGLISH)), flat(catalogue(language))
    assert set(english) == set(other)
    assert {key: placeholders(text) for key, text in english.items()} == {
        key: placeholders(text) for key, text in other.items()
    }
    assert all(text.strip() for text in other.values())
    assert set(catalogue(ENGLISH)["language"]) == set(catalogue(language)["language"])


def source():
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "experiments").rglob("*.py")))


def test_every_text_that_is_asked_for_is_there():
    code = source() + (ROOT / "experiments" / "report_template.html").read_text(encoding="utf-8")
    asked = set(re.findall(r"""(?:say|moved|priced)\((?:evidence, )?f?["']([a-z_.{}]*[a-z}])["']""", code))
    patterns = [re.sub(r"\\{[^}]+\\}", "[a-z_]+", re.escape(key)) for key in asked]
    assert len(patterns) > 40
    english = flat(catalogue(ENGLISH))
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, key) for key in english)] == []


def shown_in_english():
    """Return labels, units and titles that a report may show."""
    known = load_observables().values()
    prices = [load_registry()[entry.cost] for entry in load_registry().values() if entry.cost]
    words = {entry.label for entry in known} | {entry.unit for entry in known} | {entry.label for entry in prices}
    words |= {entry.unit.removeprefix(MONEY) for entry in prices}
    words |= {load_policy(path).title for path in (ROOT / "scenarios" / "policies").glob("*.toml")}
    words |= {level_in(name)[1] for name in load_observables()}
    scenarios = [read_toml(path) for path in (ROOT / "scenarios").glob("*.toml")]
    return words | {scenario[key] for scenario in scenarios for key in ("title", "question") if key in scenario}


@pytest.mark.parametrize("language", OTHERS)
def test_every_name_that_is_shown_is_translated_and_no_translation_is_stale(language):
    names = catalogue(language)["names"]
    assert shown_in_english() - set(names) == set()
    figures = "\n".join(path.read_text() for path in (ROOT / "experiments" / "figures").glob("*.py"))
    asked = set(re.findall(r'named\(\s*"([^"]+)"', figures))
    assert asked - set(names) == set()
    code = source()
    parts = {"Gap: skill", "Gap: setting", "Gap: province", "Gap: remote", "Programme account", "Public account"}
    stale = {name for name in set(names) - shown_in_english() - parts if f'"{name}"' not in code}
    assert stale == set()


def test_prices_of_levers_are_in_money():
    assert all(load_registry()[entry.cost].unit.startswith(MONEY) for entry in load_registry().values() if entry.cost)


def test_numbers_have_the_marks_of_the_language():
    assert number(1234.5, 1) == "1,234.5" and number(-0.001, 2, signed=True) == "0.00"
    with speaking("id"):
        assert number(1234.5, 1, signed=True) == "+1.234,5" and listed(["a", "b", "c"]) == "a, b dan c"
        assert named("Digital use") == "Penggunaan layanan digital" and named("My own title") == "My own title"
    assert named("Digital use") == "Digital use" and say("number.span", low="1", high="2") == "1 to 2"


@pytest.mark.parametrize(("given", "nearest"), [("in", "id"), ("indonesian", "id"), ("EN", "en"), ("deutsch", None)])
def test_unknown_language_is_refused_with_the_nearest(given, nearest):
    with pytest.raises(InputError) as caught:
        need_language(given)
    assert caught.value.nearest == nearest and caught.value.exit_code == 2


def test_a_text_that_is_not_there_is_our_fault():
    with pytest.raises(KeyError):
        say("lever.unknown")
