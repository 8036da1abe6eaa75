"""Files of the wrong kind, in the wrong place or with the wrong separator: the message says what to do about it."""

import pytest

from tests.test_command_line import ROOT, loket


@pytest.mark.parametrize("command", ["sweep", "plan", "optimise", "discover", "calibrate", "validate"])
def test_a_case_in_place_of_a_plan_is_called_so(tmp_path, command):
    done = loket(command, ROOT / "scenarios" / "small.toml", folder=tmp_path)
    assert done.returncode == 2 and not list(tmp_path.iterdir())
    assert "key 'kind': a file of kind 'case' is not expected here" in done.stderr and "also unknown" not in done.stderr


@pytest.mark.parametrize(
    "name,words",
    [
        ("calibrations/indonesia", "targets"),
        ("targets/indonesia-internet", "points"),
        ("indonesia-egdi", "points"),
        ("small-sobol", "points"),
    ],
)
def test_check_reads_files_of_every_kind(name, words):
    done = loket("check", name if "/" not in name else ROOT / "scenarios" / f"{name}.toml")
    assert done.returncode == 0 and words in done.stdout and "no fault found" in done.stdout, done.stderr


def test_check_lists_every_kind_where_one_is_unknown(tmp_path):
    (tmp_path / "mine.toml").write_text('kind = "calibraton"\n')
    done = loket("check", tmp_path / "mine.toml")
    assert done.returncode == 2 and "did you mean 'calibration'?" in done.stderr
    assert "case, policy, shock, plan, calibration, target" in done.stderr
