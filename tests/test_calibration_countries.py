"""Other countries with the parameters of one: who takes part, with what input, and how the scores are put together."""

import re

import numpy as np
import pandas
import pytest

from experiments.calibration import countries
from experiments.calibration.countries import ACCESS, INPUT, read_countries, series_of, summary_table
from experiments.calibration.fit import scenario_of
from experiments.calibration.plan import read_calibration
from experiments.calibration.tables import ALONE, MODEL
from tests.test_calibration_run import loket, truth, write

HEAD = "country,iso3,year,indicator,value,unit,source_id"
YEARS = range(2010, 2018)
POINTS = 4


@pytest.fixture(scope="module", autouse=True)
def few_points():
    """Let every country run with few points of the posterior."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(countries, "POSTERIOR_POINTS", POINTS)
        yield


def panel(folder, count=12, name="panel.csv"):
    """Write a table of countries whose internet use rises from different levels; return its path."""
    rows = [
        f"Land {number},L{number:02d},{year},internet_users_share,{(5 + 2 * number) * 1.15 ** (year - 2010):.4f},%,x"
        for number in range(count)
        for year in YEARS
    ]
    rows += [f"Small,SML,{year},internet_users_share,3,%,x" for year in YEARS]
    rows += ["Land 1: North,L01,2012,internet_users_share,99,%,x", "Late,LAT,2012,internet_users_share,9,%,x"]
    rows += ["Gap,GAP,2010,internet_users_share,9,%,x", "Land 1,L01,2010,other,9,%,x"]
    path = folder / name
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    return path


def plan_of(folder, split="last = 2"):
    path = write(folder, split=split, values=truth(months=96))
    path.write_text(path.read_text().replace("months = 72", "months = 96"))
    return path


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("countries")
    path = plan_of(folder)
    options = ("--runs", folder / "runs", "--countries", panel(folder), "--workers", 1)
    options += ("--predict", "2017", "--out", folder / "p.csv")
    code, output = loket("validate", path, *options)
    assert code == 0, output
    return folder, path, output


def test_each_country_runs_with_points_of_the_posterior_and_its_own_internet_use(done):
    folder, _, output = done
    points = pandas.read_parquet(folder / "runs-countries" / "points.parquet")
    assert points["country"].nunique() == 12 and (points.groupby("country").size() == POINTS).all()
    assert (points.groupby("country")[INPUT].first() == [0.01 * (5 + 2 * number) for number in range(12)]).all()
    per_country = [set(mine["access_contagion"]) for _, mine in points.groupby("country")]
    assert all(mine == per_country[0] for mine in per_country)
    assert per_country[0] <= set(pandas.read_parquet(folder / "runs" / "points.parquet")["access_contagion"])
    assert "12 countries" in output and "access, 12 countries, persistence" in output


def test_scores_are_of_the_points_left_out_and_the_same_command_adds_no_run(done):
    folder, path, _ = done
    table = pandas.read_csv(folder / "runs" / "calibration" / "country_scores.csv")
    rival = table[table["forecast"] == "persistence"].set_index("country")["rmse"]
    for number in (0, 11):
        values = [0.01 * float(f"{(5 + 2 * number) * 1.15**step:.4f}") for step in range(8)]
        expected = np.sqrt(np.mean((np.array(values[6:]) - values[5]) ** 2))
        assert rival[f"L{number:02d}"] == pytest.approx(expected, rel=0.05)  # the median of draws, hence not exact
    code, output = loket("validate", path, "--runs", folder / "runs", "--countries", folder / "panel.csv", "--workers", 1)
    assert (
        code == 0
        and set(re.findall(r"(\d+) done", output)) == {"0"}
        and f"{12 * POINTS} cached of {12 * POINTS} runs" in output
    )
    assert (folder / "runs" / "calibration" / "figures" / "countries.png").stat().st_size > 5000


def test_predictions_are_of_all_countries(done):
    predictions = pandas.read_csv(done[0] / "p.csv").set_index("iso3")
    assert list(predictions.index) == ["SML", *(f"L{number:02d}" for number in range(12))]
    assert ((0.0 <= predictions["low"]) & (predictions["low"] < predictions["value"])).all()
    assert (predictions["value"].drop("SML").diff().dropna() > 0.0).mean() > 0.8  # those that begin higher end higher


def test_who_takes_part(tmp_path):
    plan = read_calibration(plan_of(tmp_path))
    found, without = read_countries(plan, scenario_of(plan), [panel(tmp_path)])
    assert without == []
    assert [country.iso3 for country in found] == [f"L{number:02d}" for number in range(12)]
    target, held = found[1].targets[0]
    assert target.observable == ACCESS and target.iso3 == "L01" and held == (False,) * 6 + (True,) * 2
    assert found[1].initial == pytest.approx(0.07) and target.values[1] == pytest.approx(0.0805)
    assert not list(series_of(target, (False,) * 6 + (True,) * 2, {year: 0.1 for year in range(2010, 2017)}))
    assert not list(series_of(target, (False,) * 6 + (True,) * 2, {year: 0.1 for year in range(2012, 2018)}))


def test_a_second_series_that_no_table_has_is_named_and_left_out(tmp_path):
    path = plan_of(tmp_path)
    other = (tmp_path / "access.toml").read_text().replace('"access"', '"supply"').replace("internet_users_share", "osi")
    (tmp_path / "supply.toml").write_text(other)
    path.write_text(path.read_text().replace('["access.toml"]', '["access.toml", "supply.toml"]'))
    plan = read_calibration(path)
    found, without = read_countries(plan, scenario_of(plan), [panel(tmp_path)])
    assert without == ["supply"] and all(len(country.targets) == 1 for country in found)


def test_nothing_left_out_of_a_national_series_gives_no_table_and_loses_nothing():
    from experiments.calibration.commands import country_tables

    assert country_tables([], 1) == {}


def test_ratios_are_of_pooled_errors_and_their_intervals_over_countries():
    rows = []
    for number in range(40):
        for name, rmse in ((MODEL, 0.1), (ALONE, 0.3), ("worse", 0.2), ("better", 0.05), ("even", 0.1)):
            rmse = 0.1 * (0.5 + (number % 2)) if name == "even" else rmse
            rows.append({"target": "t", "country": f"C{number}", "forecast": name, "rmse": rmse, "crps": rmse / 2,
                         "inside_50": 0.5, "inside_90": 1.0})  # fmt: skip
    table = summary_table(pandas.DataFrame(rows)).set_index("forecast")
    assert table["ratio_rmse"].dropna().to_dict() == pytest.approx(
        {"worse": 0.5, "better": 2.0, "even": 0.1 / np.sqrt((0.05**2 + 0.15**2) / 2)}
    )
    assert table["verdict"].dropna().drop("even").to_dict() == {"worse": "won", "better": "lost"}
    assert table.loc["even", "won"] == 0.5 and table.loc["worse", "won"] == 1.0 and table.loc["better", "won"] == 0.0
    assert table.loc["even", "ratio_crps"] == pytest.approx(1.0)
    assert table.loc["even", "ratio_crps_low"] < 1.0 < table.loc["even", "ratio_crps_high"]
    assert pandas.isna(table.loc[MODEL, "verdict"]) and (table["countries"] == 40).all()


MISTAKES = {
    "few": "too few other countries",
    "start": "leaves out internet users of the year",
    "nameless": "a target without iso3",
    "twice": "a second value",
    "percent": "not a share",
    "split": "nothing to validate",
    "indicator": "no rows of this indicator",
    "file": "file not found",
    "column": "missing columns",
    "observable": "no target of internet users",
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistakes_are_told_before_anything_runs(tmp_path, kind):
    split = {"split": "last = 0", "start": "years = [2010]"}.get(kind, "last = 2")
    path, table = plan_of(tmp_path, split), panel(tmp_path)
    if kind == "few":
        table = panel(tmp_path, count=9)
    elif kind == "twice":
        table.write_text(table.read_text() + "Land 1,L01,2010,internet_users_share,7,%,x\n")
    elif kind == "percent":
        table.write_text(
            table.read_text().replace("Gap,GAP,2010,internet_users_share,9,", "Gap,GAP,2010,internet_users_share,900,")
        )
    elif kind == "indicator":
        table.write_text(table.read_text().replace("internet_users_share", "internet"))
    elif kind == "file":
        table = tmp_path / "panell.csv"
    elif kind == "column":
        table.write_text(table.read_text().replace("iso3", "code"))
    elif kind == "nameless":
        target = tmp_path / "access.toml"
        target.write_text(target.read_text().replace('"SML"', '""'))
    elif kind == "observable":
        target = tmp_path / "access.toml"
        target.write_text(target.read_text().replace("access_share", "supply_index"))
    code, output = loket("validate", path, "--runs", tmp_path / "runs", "--countries", table)
    assert code == 2 and MISTAKES[kind] in output and not list(tmp_path.glob("runs*")), output
