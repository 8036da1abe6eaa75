"""`run.py calibrate` and `validate` from files to tables: complete, resumable, refused where they must be."""

import csv
import json
import tomllib

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import run
from experiments.calibration import fit as fitting
from experiments.calibration.plan import FOLDER as PLANS
from experiments.calibration.plan import read_calibration
from experiments.calibration.tables import spread_table
from experiments.calibration.targets import FOLDER as TARGETS
from experiments.calibration.targets import read_target
from experiments.running.progress import Silent
from experiments.running.runner import Options
from model import load_observables, load_scenario, simulate
from model.errors import InputError

SIZES = "[calibration]\nfirst = 64\nsize = 32\ngenerations = 2\nseed = 3\n"
FACTORS = "[factors.access_contagion]\nlow = 0.0\nhigh = 1.0\n[factors.coverage_growth]\n"
TARGET = """schema = 1
kind = "target"
name = "access"
title = "Access"
indicator = "internet_users_share"
iso3 = "SML"
source = "a run of the model"
observable = "access_share"
unit = "share"
factor = 0.01
moment = "year-end"
drift_sd = 0.03
measurement_sd = 0.03
"""


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


def truth(contagion=0.7, months=60):
    """Return access in December of the small country in percent, year -> value."""
    case = load_scenario("scenarios/small.toml", months=months, citizens_per_office=16, servants_per_office=2)
    series = simulate(case.with_parameters(access_contagion=contagion), 12345).series
    access = series[:, list(load_observables()).index("access_share")]
    return {2010 + year: 100 * access[12 * (year + 1)] for year in range(months // 12)}


def write(folder, split="last = 1", more="", target=TARGET, values=None, plan=""):
    values = truth() if values is None else values
    (folder / "access.toml").write_text(target + "[values]\n" + "".join(f"{y} = {v}\n" for y, v in values.items()))
    settings = "[settings]\nmonths = 72\ncitizens_per_office = 16\nservants_per_office = 2\n"
    head = 'schema = 1\nkind = "calibration"\nname = "trial"\nscenario = "small"\ntargets = ["access.toml"]\nseed = 9\n'
    path = folder / "plan.toml"
    path.write_text(f"{head}{settings}{SIZES}[split]\n{split}\n{FACTORS}{more}" if not plan else plan)
    return path


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration")
    options = ("--runs", folder / "runs", "--predict", "2014-2015", "--out", folder / "p.csv", "--workers", 1)
    code, output = loket("validate", write(folder), *options)
    assert code == 0, output
    return folder, output


def table(folder, name):
    return pandas.read_csv(folder / "runs" / "calibration" / f"{name}.csv")


def test_the_posterior_holds_the_truth_and_says_what_is_not_informed(validated):
    folder, output = validated
    posterior = table(folder, "posterior").set_index("parameter")
    row = posterior.loc["access_contagion"]
    assert row["low_90"] <= 0.7 <= row["high_90"]
    assert row["informed"] in ("yes", "weakly") and posterior.loc["coverage_growth", "contraction"] < row["contraction"]
    assert "informed: yes" in output or "informed: weakly" in output


def test_tables_figures_and_seal(validated):
    folder, _ = validated
    assert list(table(folder, "held_out")["year"]) == [2014]
    found = table(folder, "validation")
    assert {"model", "persistence", "linear", "logistic", "bass"} <= set(found["forecast"])
    rivals = found[found["forecast"].isin(["persistence", "linear"])]
    assert set(rivals["against_model"]) <= {"won", "lost"} and found[["rmse", "crps"]].notna().all(axis=None)
    figures = {path.name for path in (folder / "runs" / "calibration" / "figures").iterdir()}
    assert {"marginals.pdf", "pairs.png", "fit.svg", "fit.csv", "fit.txt"} <= figures
    assert loket("verify", folder / "runs")[0] == 0


def test_predictions_are_tidy_and_in_the_unit_of_the_source(validated):
    folder, _ = validated
    rows = list(csv.DictReader((folder / "p.csv").read_text().splitlines()))
    assert list(rows[0]) == ["iso3", "year", "indicator", "value", "low", "high"]
    assert [row["year"] for row in rows] == ["2014", "2015"] and rows[0]["iso3"] == "SML"
    assert all(1.0 < float(row["low"]) < float(row["value"]) < float(row["high"]) < 100.0 for row in rows)


def test_the_calibrated_scenario_can_be_extended_and_its_draws_swept(validated, tmp_path):
    folder, _ = validated
    made = folder / "runs" / "calibration"
    content = tomllib.loads((made / "trial-calibrated.toml").read_text())
    assert set(content["parameters"]) == {"access_contagion", "coverage_growth"}
    (tmp_path / "trial-calibrated.toml").write_text((made / "trial-calibrated.toml").read_text())
    (tmp_path / "mine.toml").write_text(
        'schema = 1\nkind = "case"\nname = "mine"\nextends = "trial-calibrated"\nmonths = 24\n'
    )
    assert load_scenario(tmp_path / "mine.toml").parameters["access_contagion"] == content["parameters"]["access_contagion"]
    (tmp_path / "d.csv").write_text((made / "posterior_draws.csv").read_text())
    head = 'schema = 1\nkind = "plan"\nname = "swept"\nscenario = "small"\n[design]\nmethod = "csv"\nfile = "d.csv"\n'
    (tmp_path / "swept.toml").write_text(head)
    assert loket("plan", tmp_path / "swept.toml", "--out", tmp_path / "none")[0] == 0


def test_held_values_change_nothing_that_is_fitted(validated, tmp_path):
    """The same plan with another held-out value comes to the same posterior, bit for bit."""
    folder, _ = validated
    values = truth()
    values[2014] = 99.0
    code, output = loket("calibrate", write(tmp_path, values=values), "--runs", tmp_path / "runs", "--workers", 1)
    assert code == 0, output
    assert table(tmp_path, "posterior").equals(table(folder, "posterior"))
    assert table(tmp_path, "fit").equals(table(folder, "fit"))


def test_killed_and_resumed_comes_to_the_same_posterior(validated, tmp_path, monkeypatch):
    folder, _ = validated
    path = write(tmp_path)
    original, left = fitting.run_variants, [2]

    def interrupted(*arguments, **named):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return original(*arguments, **named)

    monkeypatch.setattr(fitting, "run_variants", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fitting.fit(read_calibration(path), tmp_path / "runs", Options(), Silent)
    monkeypatch.setattr(fitting, "run_variants", original)
    code, output = loket("calibrate", path, "--runs", tmp_path / "runs", "--workers", 2)
    assert code == 0, output
    assert "result hash: " + hash_of(folder) in output
    assert table(tmp_path, "posterior").equals(table(folder, "posterior"))


def hash_of(folder):
    from experiments.storage.store import Result

    return Result.open(folder / "runs").hash


def test_every_bundled_target_and_plan_is_sound_and_its_split_is_as_stated():
    """Years after the data's end are nowhere; the split is read from the file and leaves something of every series."""
    last = {
        "IDN": {"internet_users_share": 2019, "osi": 2018, "egdi": 2018, "internet_users_ratio": 2021},
        "USA": {"efile_share": 2008}, "ITA": {"egov_interaction_12m": 2018},
    }  # fmt: skip
    for file in sorted(TARGETS.glob("*.toml")):
        target = read_target(file)
        limit = last.get(target.iso3, {}).get(target.indicator, 2019)
        assert max(target.years) <= limit, file
        assert target.source and target.mapping, file
    for file in sorted(PLANS.glob("*.toml")):
        plan = read_calibration(file)
        fitting.scenario_of(plan)
        for target, held in zip(plan.targets, plan.held, strict=True):
            shown = list(fitting.groups_of(target, held, fitted=True))
            hidden = list(fitting.groups_of(target, held, fitted=False))
            seen = {(group, year) for group, years, _ in shown for year in years}
            unseen = {(group, year) for group, years, _ in hidden for year in years}
            assert not seen & unseen and len(seen) + len(unseen) == len(target.years)
        content = tomllib.loads(file.read_text())
        if "split" in content:
            assert any(map(any, plan.held)), file


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": TARGET.replace("access_share", "acess_share")}, "did you mean"),
        ({"target": TARGET.replace("drift_sd = 0.03\n", "")}, "drift_sd"),
        ({"target": TARGET + "trend_sd = -1\n"}, "trend_sd"),
        ({"target": TARGET + "[survey_shift]\nsoon = 0.1\n"}, "not a year"),
        ({"target": TARGET + '[survey_shift]\n2010 = "up"\n'}, "survey_shift.2010"),
        ({"values": {"2010": 101}}, "0..1"),
        ({"values": {"2010": 10, "soon": 12}}, "not a year"),
        ({"values": {"2010": 10, "2011": 11, "2030": 10}}, "outside the run"),
        ({"split": "last = 5"}, "leaves nothing"),
        ({"split": 'groups = ["Nowhere"]'}, "groups"),
        ({"more": "[factors.counters]\n"}, "cannot be estimated"),
        ({"more": "[factors.training_rat]\n"}, "training_rate"),
    ],
)
def test_bad_files_end_with_a_message_and_write_nothing(tmp_path, changes, words):
    code, output = loket("calibrate", write(tmp_path, **changes), "--runs", tmp_path / "runs", "--workers", 1)
    assert code == 2 and words in output and not (tmp_path / "runs").exists(), output


def test_a_known_survey_moves_its_year_and_nothing_else(tmp_path):
    shifted = TARGET + "survey_sd = 0.5\n[survey_shift]\n2011 = 0.4\n"
    (tmp_path / "plain").mkdir()
    plan, plain = read_calibration(write(tmp_path, target=shifted)), read_calibration(write(tmp_path / "plain"))
    fitted = fitting.fit(plain, tmp_path / "runs", Options(), Silent)
    years, observed = [2010, 2011], np.array([0.1, 0.2])
    with_shift, without = (
        fitting.residuals_of(made.targets[0], fitted.readings, fitted.run_ids[:3], "", years, observed)
        for made in (plan, plain)
    )
    assert without - with_shift == pytest.approx(np.array([[0.0, 0.4]] * 3))


def test_a_plan_may_not_know_the_survey_of_a_year_that_it_leaves_out(tmp_path):
    shifted = TARGET + "survey_sd = 0.5\n[survey_shift]\n2011 = 0.4\n2014 = 2.0\n"
    with pytest.raises(InputError, match="knows the surveys of years that are left out(.|\n)*2014"):
        read_calibration(write(tmp_path, target=shifted))


@pytest.mark.parametrize("years", ["soon", "2015-2014", "2040", "2014-3000"])
def test_years_to_predict_must_be_years_of_the_run(tmp_path, years):
    options = ("--runs", tmp_path / "runs", "--predict", years, "--out", tmp_path / "p.csv")
    code, output = loket("validate", write(tmp_path), *options)
    assert code == 2 and "--predict" in output and not (tmp_path / "runs").exists()


def test_nothing_held_out_is_nothing_to_validate(tmp_path):
    code, output = loket("validate", write(tmp_path, split="last = 0"), "--runs", tmp_path / "runs")
    assert code == 2 and "nothing to validate" in output


def test_a_country_of_ones_own_comes_from_a_csv(tmp_path):
    rows = [f"Small,SML,{year},internet_users_share,{value},%,x" for year, value in truth().items()]
    rows += ["Small: Core City,SML,2012,use,3,%,x", "Other,OTH,2012,internet_users_share,3,%,x"]
    (tmp_path / "own.csv").write_text("\n".join(["country,iso3,year,indicator,value,unit,source_id", *rows]) + "\n")
    (tmp_path / "own.toml").write_text(TARGET + 'data = "own.csv"\ncountry = "Small"\n')
    (tmp_path / "inline.toml").write_text(TARGET + "[values]\n" + "".join(f"{y} = {v}\n" for y, v in truth().items()))
    own, inline = read_target(tmp_path / "own.toml"), read_target(tmp_path / "inline.toml")
    assert own.years == inline.years and np.allclose(own.values, inline.values)
    (tmp_path / "both.toml").write_text(TARGET + 'data = "own.csv"\n')
    with pytest.raises(InputError, match="second value"):
        read_target(tmp_path / "both.toml")
    (tmp_path / "wrong.toml").write_text(TARGET + 'data = "own.csv"\ncountry = "Smal"\n')
    with pytest.raises(InputError, match="no rows of it in own.csv"):
        read_target(tmp_path / "wrong.toml")


def test_a_target_can_extend_another(tmp_path):
    (tmp_path / "base.toml").write_text(TARGET + "[survey_shift]\n2010 = 0.5\n[values]\n2010 = 10\n2011 = 12\n")
    head = 'schema = 1\nkind = "target"\nname = "mine"\nextends = "base.toml"\n'
    (tmp_path / "mine.toml").write_text(head + "drift_sd = 0.7\n[survey_shift]\n2011 = 0.1\n")
    mine, base = read_target(tmp_path / "mine.toml"), read_target(tmp_path / "base.toml")
    assert (mine.name, mine.drift_sd, mine.survey_shift) == ("mine", 0.7, {2011: 0.1})
    assert (mine.years, mine.values, mine.observable) == (base.years, base.values, base.observable)
    (tmp_path / "own.csv").write_text("country,iso3,year,indicator,value\nSmall,SML,2012,internet_users_share,13\n")
    (tmp_path / "own.toml").write_text(head + 'data = "own.csv"\n')
    assert read_target(tmp_path / "own.toml").years == (2012,)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "far.toml").write_text(head.replace("base.toml", "../data.toml"))
    (tmp_path / "data.toml").write_text(TARGET + 'data = "own.csv"\n')
    assert read_target(tmp_path / "below" / "far.toml").years == (2012,)
    for wrong, words in (("bas.toml", "did you mean"), ("mine.toml", "extends another in turn")):
        (tmp_path / "wrong.toml").write_text(head.replace("base.toml", wrong))
        with pytest.raises(InputError, match=words):
            read_target(tmp_path / "wrong.toml")


def test_points_of_provinces_are_read_from_the_groups_and_their_spread_is_compared(tmp_path):
    target = (
        TARGET.replace("moment", "weight = 1.0\nmoment") + '[values."Core City"]\n2011 = 30.0\n2012 = 40.0\n2013 = 50.0\n'
    )
    path = write(tmp_path)
    (tmp_path / "access.toml").write_text(target)
    ratios = {"Core City": 1.5, "Core Rural": 0.9, "Remote Highlands": 0.3}
    spread = TARGET.replace('"access"', '"ratios"') + 'role = "spread"\ntransformation = "log"\n'
    spread += "".join(f'[values."{name}"]\n2012 = {100 * ratio}\n' for name, ratio in ratios.items())
    (tmp_path / "ratios.toml").write_text(spread)
    path.write_text(path.read_text().replace('["access.toml"]', '["access.toml", "ratios.toml"]'))
    fit = fitting.fit(read_calibration(path), tmp_path / "runs", Options(), Silent)
    found = fit.readings.values(fit.run_ids[:3], fit.plan.targets[0], ["Core City"] * 2, [2011, 2013])
    row = spread_table(fit).iloc[0]
    assert row["observed"] == pytest.approx(np.log([1.5, 0.9, 0.3]).std(ddof=1)) and row["provinces"] == 3
    assert 0.0 < row["low_90"] < row["median"] < row["high_90"] and row["rank_correlation"] > 0.0
    groups = fit.result.groups
    mine = groups[(groups["run_id"] == fit.run_ids[0]) & (groups["name"] == "Core City")].set_index("month")["access_share"]
    assert found[0] == pytest.approx([mine[24], mine[48]])
    assert json.loads((tmp_path / "runs" / "manifest.json").read_text())["loket"]["plan"]["method"] == "calibration"
