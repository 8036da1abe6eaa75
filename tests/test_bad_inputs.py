"""Everything a user can get wrong in a scenario ends in a clear message, exit code 2, and nothing written."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.checks import nearest_name, typing_errors
from model.errors import InputError
from model.registry import load_registry
from model.scenario import load_scenario
from model.scenario_file import CASE_KEYS
from model.toml import read_toml
from tests import bad_input_cases as cases

ALL = cases.read_cases()
BY_ID = {case["id"]: case for case in ALL}
LOADED = [case for case in ALL if case["kind"] not in ("cli", "control") and case["id"] in cases.EXPECTED]
COMMAND_LINE = ("CLI04", "CLI05", "CLI06", "CLI07", "CLI10", "CLI11")
CONTROLS = ("CONT01", "CONT02", "CONT03", "CONT08", "CONT09", "CONT14")
THROUGH_COMMAND = ("SYNT04", "TYPE03", "RANG03", "UNKN01", "NAME16", "HOST05", "HOST13")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with the table of the small provinces."""
    place = tmp_path / "scenarios"
    place.mkdir()
    shutil.copy(cases.ROOT / "scenarios" / "small_provinces.csv", place)
    return place


def snapshot(folder):
    """Return names and sizes of everything below a folder."""
    return sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))


def refuse(path):
    """Return the message with which the loader refuses a file."""
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return str(caught.value)


def check_message(case, message):
    """Assert what every message of a case must show."""
    for words in cases.EXPECTED[case["id"]]:
        assert words in message
    lines = message.splitlines()
    assert len(lines) <= 10 and "Traceback" not in message
    assert all(line.isprintable() for line in lines)


def test_every_case_is_run_or_has_a_reason():
    run = [case["id"] for case in LOADED] + [*COMMAND_LINE, *CONTROLS, *cases.NOT_APPLICABLE]
    assert Counter(run) == Counter(case["id"] for case in ALL)
    assert all(cases.NOT_APPLICABLE.values())


@pytest.mark.parametrize("case", LOADED, ids=lambda case: case["id"])
def test_the_loader_refuses(case, folder, monkeypatch):
    path = cases.write_case(case, folder)
    if case["id"] == "HOST11" and os.access(path, os.R_OK):
        monkeypatch.setattr("builtins.open", deny)  # the superuser may read everything
    before = snapshot(folder)
    started = time.perf_counter()
    message = refuse(path)
    assert time.perf_counter() - started < 1.0
    monkeypatch.undo()
    check_message(case, message)
    assert (folder.name in message) and (path.name in message or case["id"] in ("HOST18", "HOST19", "COMB09"))
    assert snapshot(folder) == before


def deny(*_):
    """Stand in for `open` without permission."""
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("name", THROUGH_COMMAND)
def test_the_command_refuses(name, folder):
    path = cases.write_case(BY_ID[name], folder)
    before = snapshot(folder)
    done = command("check", path, cwd=folder)
    assert done.returncode == 2, done.stderr
    check_message(BY_ID[name], unwrapped(done.stderr))
    assert snapshot(folder) == before


def command(*words, cwd):
    """Run the command line with a wide terminal; return the finished process."""
    return subprocess.run(
        [sys.executable, str(cases.ROOT / "run.py"), *map(str, words)],
        cwd=cwd, capture_output=True, text=True, timeout=120, env={**os.environ, "COLUMNS": "400"},
    )  # fmt: skip


def unwrapped(text):
    """Return the message without the ends of its lines' padding."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize(
    "name, words, code, expected",
    [
        ("CLI04", ["--seed", "abc"], 2, ["--seed", "integer"]),
        ("CLI05", ["--workers", "0"], 2, ["--workers", "1"]),
        ("CLI06", ["--workers", "-1"], 2, ["--workers", "1"]),
        ("CLI07", ["--workers", "1000000"], 2, ["--workers", str(4 * (os.cpu_count() or 1))]),
        ("CLI10", ["--out", "/proc/x"], 4, ["/proc/x"]),
        ("CLI11", ["--out", "foreign"], 2, ["not empty", "foreign"]),
    ],
)
def test_the_command_line_refuses(name, words, code, expected, folder):
    if name == "CLI10" and not Path("/proc").is_dir():
        pytest.skip("this system has no /proc")
    path = folder / "ok.toml"
    path.write_text(cases.scenario_text("replicates = 1"))
    (folder / "foreign").mkdir()
    (folder / "foreign" / "thesis.txt").write_text("not ours")
    before = snapshot(folder)
    done = command("simulate", path, *words, cwd=folder)
    assert done.returncode == code, done.stderr
    for piece in expected:
        assert piece in done.stderr
    assert len(done.stderr.splitlines()) <= 10 and "Traceback" not in done.stderr
    assert snapshot(folder) == before


def load(folder, piece):
    """Return the scenario of the minimal file with a fragment laid over it."""
    path = folder / "case.toml"
    path.write_text(cases.scenario_text(piece))
    return load_scenario(path)


def test_minimal_scenario_and_lower_bound_are_accepted(folder):
    assert load(folder, "").months == 12  # CONT01
    assert load(folder, "citizens_per_office = 8").citizens_per_office == 8  # CONT02


@pytest.mark.parametrize("value", [0.00044982224046954164, -2.2250738585072014e-308, 1.7976931348623157e308, 0.1 + 0.2])
def test_every_number_that_python_writes_is_read_back(tmp_path, value):
    (tmp_path / "number.toml").write_text(f"value = {value!r}\n")
    assert read_toml(tmp_path / "number.toml") == {"value": value}


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_both_bounds_are_accepted(folder, value):  # CONT03
    name = cases.share_name()
    assert load(folder, f"[parameters]\n{name} = {value}").parameters[name] == value


def test_order_comments_and_form_of_tables_do_not_matter(folder):  # CONT08
    share, rate, value = cases.share_name(), cases.rate_name(), cases.RATE.low
    one = load(folder, f"seed = 3\n[parameters]\n{share} = 0.5\n{rate} = {value!r}")
    two = load(folder, f"# a comment\nparameters = {{ {rate} = {value!r}, {share} = 0.5 }}\nseed = 3")
    three = load(folder, f"parameters.{rate} = {value!r}\nseed = 3\nparameters.{share} = 0.5 # here too")
    assert one.fingerprint() == two.fingerprint() == three.fingerprint()


def test_longest_name_is_accepted(folder):  # CONT09
    assert load(folder, f'name = "{"a" * 64}"').name == "a" * 64


def test_an_integer_is_read_as_a_number(folder):  # CONT14
    name = cases.share_name()
    whole, decimal = (load(folder, f"[parameters]\n{name} = {text}") for text in ("1", "1.0"))
    assert whole.fingerprint() == decimal.fingerprint()


TYPING = st.tuples(st.sampled_from("drop double swap change".split()), st.integers(0, 63), st.sampled_from("abxyz"))


def mistype(name, typo):
    """Return a name with one typing error."""
    how, place, letter = typo
    place %= len(name)
    pieces = {
        "drop": name[:place] + name[place + 1 :],
        "double": name[:place] + name[place] + name[place:],
        "swap": name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
        "change": name[:place] + letter + name[place + 1 :],
    }
    return pieces[how]


def assume_unambiguous(wrong, name, known):
    """Leave out typos that spell another name, or are as close to another."""
    assume(wrong and wrong not in known)
    assume(all(typing_errors(wrong, other) > 1 for other in known if other != name))


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(CASE_KEYS), typo=TYPING)
def test_a_mistyped_key_is_refused_with_the_right_name(tmp_path_factory, name, typo):
    wrong = mistype(name, typo)
    assume_unambiguous(wrong, name, CASE_KEYS)
    path = tmp_path_factory.mktemp("typo") / "case.toml"
    path.write_text(cases.scenario_text(f'"{wrong}" = 1'))
    assert f"did you mean '{name}'?" in refuse(path)


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(list(load_registry())[::6][:30]), typo=TYPING)
def test_a_mistyped_parameter_is_refused_with_the_right_name(tmp_path_factory, name, typo):
    wrong = mistype(name, typo)
    assume_unambiguous(wrong, name, load_registry())
    path = tmp_path_factory.mktemp("typo") / "case.toml"
    path.write_text(cases.scenario_text(f'[parameters]\n"{wrong}" = 0.5'))
    assert f"did you mean '{name}'?" in refuse(path)


def test_names_far_from_all_others_get_no_suggestion():
    assert nearest_name("qqqqqqqq", CASE_KEYS) is None
    assert nearest_name("x" * 100_000, CASE_KEYS) is None
