"""Points of a target: the nation and its provinces from one table, and values that their observable cannot have."""

import pytest

from experiments.calibration.fit import scenario_of
from experiments.calibration.plan import read_calibration
from experiments.calibration.targets import read_target
from model.errors import InputError
from tests.test_calibration_refusals import refused, target
from tests.test_calibration_run import TARGET, write

BOTH = """country,iso3,year,indicator,value
Small,SML,2010,internet_users_share,11
Small: Core City,SML,2010,internet_users_share,21
Small: Outer Islands,SML,2010,internet_users_share,3
"""
DATA = 'data = "own.csv"\ncountry = "Small"\n'
LOG = 'transformation = "log"\n'


def test_the_nation_and_its_provinces_come_from_one_table(tmp_path):
    (tmp_path / "own.csv").write_text(BOTH)
    refused(target(tmp_path, TARGET + DATA), "data", "Core City", "provinces = true")
    nation = read_target(target(tmp_path, f"provinces = false\n{TARGET}{DATA}"))
    assert (nation.groups, nation.values) == (("",), (0.11,))
    provinces = read_target(target(tmp_path, f"provinces = true\n{TARGET}{DATA}"))
    assert provinces.groups == ("Core City", "Outer Islands") and provinces.moment == "year-end"


def test_points_of_ones_own_replace_those_of_provinces(tmp_path):
    (tmp_path / "own.csv").write_text(BOTH)
    target(tmp_path, f"provinces = true\n{TARGET}{DATA}").rename(tmp_path / "base.toml")
    mine = 'schema = 1\nkind = "target"\nname = "mine"\nextends = "base.toml"\n'
    assert read_target(target(tmp_path, mine)).groups == ("Core City", "Outer Islands")
    assert read_target(target(tmp_path, mine + "[values]\n2010 = 12\n")).groups == ("",)


def test_provinces_that_are_not_there(tmp_path):
    (tmp_path / "own.csv").write_text(BOTH.partition("Small:")[0])
    refused(target(tmp_path, f"provinces = true\n{TARGET}{DATA}"), "provinces", "no points of them", "false")
    refused(target(tmp_path, f'provinces = "all"\n{TARGET}{DATA}'), "provinces", "not true or false")


def test_a_code_other_than_that_of_the_target(tmp_path):
    (tmp_path / "own.csv").write_text(BOTH.replace("Small,SML", "Small,SMA"))
    refused(target(tmp_path, f"provinces = false\n{TARGET}{DATA}"), "own.csv", "line 2.iso3", "SMA", "SML")


@pytest.mark.parametrize("scale", [LOG, 'transformation = "identity"\n', ""])
def test_percent_for_shares_are_refused_on_every_scale_where_they_stand(tmp_path, scale):
    (tmp_path / "own.csv").write_text(BOTH)
    percent = scale + TARGET.replace("factor = 0.01\n", "provinces = false\n")
    refused(target(tmp_path, percent + DATA), "own.csv", "line 2.value", "11.0")
    refused(target(tmp_path, percent + "[values]\n2010 = 11\n"), "t.toml", "values.2010", "11.0")


def test_ratios_whose_spread_is_compared_and_negative_gaps_are_none(tmp_path):
    ratios = LOG + TARGET.replace("factor = 0.01\n", 'role = "spread"\n')
    assert read_target(target(tmp_path, ratios + '[values."Core City"]\n2010 = 1.4\n')).values == (1.4,)
    gap = 'transformation = "identity"\n' + TARGET.replace("access_share", "skill_gap")
    assert read_target(target(tmp_path, gap + "[values]\n2010 = -14\n")).values == (-0.14,)


def test_the_logarithm_of_a_negative_value(tmp_path):
    days = LOG + TARGET.replace("access_share", "wait_days")
    refused(target(tmp_path, days + "[values]\n2010 = -4\n"), "values.2010", "no logarithm")


def test_an_observable_that_provinces_do_not_have(tmp_path):
    days = LOG + TARGET.replace("access_share", "wait_days")
    words = "wait_days", "use_share, access_share, supply_index", "not known for single provinces"
    refused(target(tmp_path, days + '[values."Core City"]\n2010 = 4\n'), "observable", *words)


def with_provinces(folder, split):
    """Return a plan of two targets, the small country and two of its provinces."""
    path = write(folder, split=split)
    (folder / "own.csv").write_text(BOTH + "Small: Core City,SML,2011,internet_users_share,22\n")
    target(folder, "provinces = true\n" + TARGET.replace('"access"', '"provinces"') + DATA)
    path.write_text(path.read_text().replace('["access.toml"]', '["access.toml", "t.toml"]'))
    return path


def test_a_province_left_out_of_every_target_that_has_provinces(tmp_path):
    plan = read_calibration(with_provinces(tmp_path, 'groups = ["Outer Islands"]'))
    assert not any(plan.held[0]) and plan.held[1] == (False, False, True)
    near = with_provinces(tmp_path, 'groups = ["Outer Island"]')
    refused(near, "split.groups[0]", "Core City, Outer Islands", "did you mean 'Outer Islands'")
    refused(with_provinces(tmp_path, '[split.access]\ngroups = ["Outer Islands"]'), "split.access.groups[0]", "none")


def test_a_province_that_the_scenario_does_not_have(tmp_path):
    path = with_provinces(tmp_path, "last = 0")
    (tmp_path / "own.csv").write_text(BOTH.replace("Outer Islands", "Outer Island"))
    with pytest.raises(InputError, match="did you mean 'Outer Islands'"):
        scenario_of(read_calibration(path))


def test_a_plan_of_which_no_target_is_fitted(tmp_path):
    refused(write(tmp_path, target='role = "spread"\n' + TARGET), "targets", "none of them is fitted")
    refused(write(tmp_path, target="weight = 0\n" + TARGET), "targets", "none of them is fitted", "a weight above 0")
