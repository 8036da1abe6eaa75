"""Files of the wrong kind, in the wrong place or with the wrong separator: the message says what to do about it."""

import shutil

import pytest

from experiments.calibration.targets import read_target
from model.checks import Place
from model.errors import InputError
from model.overlays import read_where
from model.provinces import COLUMNS, read_provinces
from tests.scenario_makers import folder, refused
from tests.test_command_line import ROOT, loket

__all__ = ["folder"]  # a fixture
TARGET = """schema = 1
kind = "target"
name = "access"
indicator = "online"
source = "none"
observable = "access_share"
factor = 0.01
drift_sd = 0.1
measurement_sd = 0.1
data = "%s"
"""


@pytest.mark.parametrize("command", ["sweep", "plan", "optimise", "discover", "calibrate", "validate"])
def test_a_case_in_place_of_a_plan_is_called_so(tmp_path, command):
    done = loket(command, ROOT / "scenarios" / "small.toml", folder=tmp_path)
    assert done.returncode == 2 and not list(tmp_path.iterdir())
    assert "key 'kind': a file of kind 'case' is not expected here" in done.stderr and "also unknown" not in done.stderr


def test_a_table_of_provinces_that_is_not_there_is_named_with_the_file_that_wants_it(tmp_path):
    from model import load_scenario

    text = (ROOT / "scenarios" / "small.toml").read_text().replace("small_provinces.csv", "small_provnces.csv")
    (tmp_path / "case.toml").write_text(text)
    shutil.copy(ROOT / "scenarios" / "small_provinces.csv", tmp_path)
    message = refused(load_scenario, tmp_path / "case.toml")
    assert "case.toml: key 'provinces': file not found" in message and "given:   small_provnces.csv" in message
    assert "did you mean 'small_provinces.csv'?" in message


def test_data_of_a_target_that_is_not_there_is_named_with_the_target(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "online.csv").write_text("")
    (tmp_path / "access.toml").write_text(TARGET % "tables/onlin.csv")
    message = refused(read_target, tmp_path / "access.toml")
    assert "access.toml: key 'data': file not found" in message and "did you mean 'tables/online.csv'?" in message


@pytest.mark.parametrize("mark,shown", [(";", "';'"), ("\t", "'\\t'")])
def test_a_table_that_a_spreadsheet_separated_otherwise_is_called_so(tmp_path, mark, shown):
    table = tmp_path / "provinces.csv"
    table.write_text((ROOT / "scenarios" / "small_provinces.csv").read_text().replace(",", mark))
    message = refused(read_provinces, table)
    assert f"separated by {shown}, expected ','" in message and f"columns found: {COLUMNS[0]}, {COLUMNS[1]}" in message
    (tmp_path / "online.csv").write_text(mark.join(("country", "iso3", "year", "indicator", "value")) + "\n")
    (tmp_path / "access.toml").write_text(TARGET % "online.csv")
    message = refused(read_target, tmp_path / "access.toml")
    assert f"separated by {shown}, expected ','" in message and "columns found: country, iso3, year" in message


def test_missing_columns_are_named_beside_those_that_are_there(tmp_path):
    (tmp_path / "access.toml").write_text(TARGET % "online.csv")
    (tmp_path / "online.csv").write_text("iso3,year\nA,2000\n")
    message = refused(read_target, tmp_path / "access.toml")
    assert "missing columns: country, indicator, value" in message and "columns found: iso3, year" in message
    (tmp_path / "online.csv").write_text("country,iso3,year,indicator,value\n")
    assert "no rows" in refused(read_target, tmp_path / "access.toml")


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


@pytest.mark.parametrize("value,nearest", [("Upland", '["Upland"]'), ("remot", "remote")])
def test_provinces_as_text_have_a_nearest_value(value, nearest):
    with pytest.raises(InputError) as caught:
        read_where(Place(None, "where"), value)
    assert f"did you mean '{nearest}'?" in str(caught.value)
