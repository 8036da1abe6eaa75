"""Slips of calibration plans and targets that must be refused before anything runs, each naming what is wrong."""

import numpy as np
import pytest

from experiments.calibration import particles
from experiments.calibration.commands import say_distance
from experiments.calibration.plan import read_calibration
from experiments.calibration.targets import read_target
from experiments.running.runner import Options
from model.errors import InputError, RunFailure
from tests.test_calibration_run import FACTORS, TARGET, loket, write

HEAD = 'schema = 1\nkind = "calibration"\nname = "trial"\nscenario = "small"\ntargets = ["access.toml"]\n'


def refused(path, *words):
    with pytest.raises(InputError) as found:
        (read_calibration if path.name == "plan.toml" else read_target)(path)
    for word in words:
        assert word in str(found.value), (word, str(found.value))


def target(folder, text):
    (folder / "t.toml").write_text(text)
    return folder / "t.toml"


@pytest.mark.parametrize("entry", ['distribution = "triangular"\nmode = 0.05', "levels = 5"])
def test_a_prior_that_is_not_uniform(tmp_path, entry):
    path = write(tmp_path, more=f"[factors.access_seed]\n{entry}\n")
    refused(path, "factors.access_seed", "the prior is uniform", "low and high")


def test_a_year_left_out_that_no_target_has(tmp_path):
    refused(write(tmp_path, split="years = [2013, 2051]"), "split.years", "2051", "2010, 2011")
    refused(write(tmp_path, split="[split.access]\nyears = [2009]"), "split.access.years", "2009")


def test_too_few_runs(tmp_path):
    sizes = "[calibration]\nfirst = 16\nsize = 8\ngenerations = 1\n"
    path = write(tmp_path)
    refused(write(tmp_path, plan=HEAD + sizes + FACTORS), "24 runs", "100 or more")
    path.write_text(HEAD + sizes.replace("generations = 1", "generations = 11") + FACTORS)
    assert read_calibration(path).sizes["generations"] == 11


def test_the_nation_and_its_provinces_in_one_target(tmp_path):
    both = TARGET + '[values]\n2010 = 10\n[values."Core City"]\n2010 = 20\n'
    refused(target(tmp_path, both), "the nation and its provinces", "Core City, the nation", "a target for each")


def test_a_moment_that_provinces_do_not_have(tmp_path):
    provinces = '[values."Core City"]\n2010 = 20\n'
    late = TARGET.replace('moment = "year-end"\n', "")
    assert read_target(target(tmp_path, late + provinces)).moment == "year-end"
    use = late.replace("access_share", "use_share")
    assert read_target(target(tmp_path, use + provinces)).moment == "year-mean"
    refused(target(tmp_path, 'moment = "year-mean"\n' + late + provinces), "moment", "year-mean", "year-end")


def test_a_logit_of_days(tmp_path):
    text = TARGET.replace("access_share", "wait_days") + "[values]\n2010 = 10\n"
    refused(target(tmp_path, text), "no logit of wait_days, whose unit is days", "log, identity")
    assert read_target(target(tmp_path, 'transformation = "log"\n' + text)).transformation == "log"


def test_a_name_that_stands_for_all_targets(tmp_path):
    refused(target(tmp_path, TARGET.replace('"access"', '"all"') + "[values]\n2010 = 10\n"), "name", "all")


def test_a_calibration_of_which_every_run_failed_says_so(tmp_path, monkeypatch):
    from experiments.calibration import fit as fitting
    from experiments.running.progress import Silent

    plan = read_calibration(write(tmp_path))
    monkeypatch.setattr(fitting, "residuals_of", lambda *_: np.full((64, 4), np.nan))
    with pytest.raises(RunFailure, match="none of 64 runs has numbers"):
        fitting.fit(plan, tmp_path / "runs", Options(1), Silent)


def test_runs_without_numbers_are_no_centres_of_later_ones():
    apart = np.array([np.inf] * 20 + [5.0, 7.0, 6.0])
    assert particles.not_ruled_out(apart).tolist() == [False] * 20 + [True] * 3
    assert particles.not_ruled_out(np.array([1.0, 2.9, 3.1] + [2.0] * 20)).sum() == 22


def test_data_that_no_run_comes_near_are_said_to_be_so(tmp_path, capsys):
    say_distance(2.9)
    assert capsys.readouterr().out == ""
    far = {year: 99.0 for year in range(2010, 2015)}
    code, output = loket(
        "calibrate", write(tmp_path, values=far, split="last = 0"), "--runs", tmp_path / "r", "--workers", 1
    )
    assert code == 0 and "WARNING: the nearest run lies" in output and "3 rules out" in output


@pytest.mark.parametrize("row", ["Small,SML,2011,internet_users_share,12,5", "Small,SML,2011,internet_users_share", "Small"])
def test_a_row_with_more_or_fewer_cells_than_columns(tmp_path, row):
    head = "country,iso3,year,indicator,value\nSmall,SML,2010,internet_users_share,11\n\n"
    (tmp_path / "own.csv").write_text(f"{head}{row}\n")
    refused(target(tmp_path, TARGET + 'data = "own.csv"\n'), "line 4", f"{row.count(',') + 1} cells", "5 cells")


def test_a_column_twice_and_columns_without_a_name(tmp_path):
    row = "Small,SML,2010,internet_users_share,11,12,\n"
    own = target(tmp_path, TARGET + 'data = "own.csv"\n')
    (tmp_path / "own.csv").write_text(f"country,iso3,year,indicator,value,value,\n{row}")
    refused(own, "twice: value")
    (tmp_path / "own.csv").write_text(f"country,iso3,year,indicator,value,,\n{row}")
    assert read_target(own).values == (0.11,)


def test_a_quote_that_is_never_closed_and_spaces_after_commas(tmp_path):
    own, head = target(tmp_path, TARGET + 'data = "own.csv"\n'), "country, iso3, year, indicator, value\n"
    rows = "".join(f"Small, SML, {year}, internet_users_share, 11\n" for year in range(1900, 2100))
    (tmp_path / "own.csv").write_text(head + '"' + rows)
    refused(own, "own.csv", "line 201", "not a CSV table")
    (tmp_path / "own.csv").write_text(head + rows)
    assert read_target(own).years == tuple(range(1900, 2100))


def test_a_folder_that_is_not_ours_is_refused_under_the_option_of_calibrations(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    code, output = loket("calibrate", write(tmp_path), "--runs", tmp_path / "mine", "--workers", 1)
    assert code == 2 and "key '--runs'" in output and "nothing was changed" in output
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]
