"""The command line as a user meets it: exit codes, messages, and no waiting for help."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"numpy", "numba", "mesa", "pandas", "matplotlib", "scipy", "pyarrow"}


def loket(*arguments, folder=None, options=()):
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, *options, str(ROOT / "run.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder or ROOT, env=environment)


@pytest.mark.parametrize("command", [[], ["compare"], ["describe"]])
def test_help_imports_nothing_heavy(command):
    done = loket(*command, "--help", options=["-X", "importtime"])
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0 and "Usage" in done.stdout and "typer" in imported
    assert not imported & HEAVY


BAD = [
    (["--seed", "abc"], ["--seed", "abc", "integer 0..4294967295"]),
    (["--seed", "-1"], ["--seed", "-1", "0..4294967295"]),
    (["--seed", "4294967296"], ["--seed", "4294967296", "0..4294967295"]),
    (["--seed", "1.0"], ["--seed", "1.0", "integer"]),
    (["--seed", "\uff11"], ["--seed", "integer"]),
    (["--workers", "0"], ["--workers", "0", "1.."]),
    (["--workers", "-1"], ["--workers", "-1", "1.."]),
    (["--workers", "1000000"], ["--workers", "1000000", "1.."]),
    (["--replicates", "1"], ["--replicates", "1", "2..100000"]),
    (["--policy", "staff-trainin"], ["no such policy", "did you mean 'staff-training'"]),
    (["--policy", "no/such.toml"], ["no/such.toml"]),
    (["--no-such-option"], ["--no-such-option"]),
    (["--language", "in"], ["no such language", "--language", "en (English), id (Indonesian)", "did you mean 'id'?"]),
]


@pytest.mark.parametrize("options,said", BAD)
def test_bad_options_are_explained_and_nothing_is_written(tmp_path, options, said):
    done = loket("compare", ROOT / "scenarios" / "small.toml", *options, folder=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(word in done.stderr for word in said), done.stderr
    assert not list(tmp_path.iterdir())


def test_an_unknown_scenario_has_a_nearest_name():
    done = loket("check", "indonesi")
    assert done.returncode == 2 and "did you mean 'indonesia'?" in done.stderr


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    done = loket("compare", "small", "--out", tmp_path)
    assert done.returncode == 2 and "not empty and not a result" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    done = loket("compare", "small", "--out", tmp_path / "file" / "x")
    assert done.returncode == 4 and "cannot write to" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["figures", "report", "show"])
def test_a_missing_result_is_bad_input(command, tmp_path):
    done = loket(command, tmp_path / "nothing.parquet")
    assert done.returncode == 2 and "nothing.parquet" in done.stderr and "Traceback" not in done.stderr


def test_check_explains_every_value_with_its_file():
    done = loket("check", "small", "--explain")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and "seed = 1  [scenarios/small.toml]" in lines
    assert any(line.startswith("parameters.training_rate = ") and "[registry: model/" in line for line in lines)


@pytest.mark.parametrize("what", ["parameters", "observables", "rules", "policies", "mechanisms"])
def test_everything_can_be_described_three_ways(what):
    import json

    rows = json.loads(loket("describe", what, "--json").stdout)
    assert len(loket("describe", what).stdout.splitlines()) == len(rows) + 1
    assert len(loket("describe", what, "--markdown").stdout.splitlines()) == len(rows) + 2


def test_describing_something_else_is_refused():
    done = loket("describe", "parameter")
    assert done.returncode == 2 and "did you mean 'parameters'?" in done.stderr
