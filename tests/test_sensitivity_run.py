"""`run.py sensitivity` from a plan to its report: complete, resumable, growing, and refused where it must be."""

import json

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import run
from experiments.plans.plan_file import read_plan
from experiments.plans.uncertainties import assumed
from experiments.sensitivity import commands
from experiments.storage.store import Result
from model.errors import InputError
from tests.plan_makers import SETTINGS

FACTORS = "[factors.training_rate]\n[factors.need_rate]\n[factors.counters]\n[factors.mechanisms.participation]\n"
HEAD = 'schema = 1\nkind = "plan"\nname = "test"\nscenario = "small"\nheadline = ["wait_days"]\n'
CHOSEN = 'outcomes = ["wait_days", "total_cost"]\nover_time = ["wait_days"]\n'
TEN_MONTHS = SETTINGS.replace("months = 2", "months = 10")


def plan_at(folder, table='method = "morris"\nsize = 6', factors=FACTORS, more=""):
    path = folder / "plan.toml"
    path.write_text(f"{HEAD}{TEN_MONTHS}[sensitivity]\n{table}\n{CHOSEN}\n{factors}\n{more}")
    return path


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


@pytest.fixture(scope="module")
def morris(tmp_path_factory):
    folder = tmp_path_factory.mktemp("morris")
    code, output = loket("sensitivity", plan_at(folder), "--out", folder / "result", "--workers", 1)
    assert code == 0, output
    return folder, output


def test_the_first_lines_say_drivers_ranking_and_chance(morris):
    _, output = morris
    for words in ("What drives wait for a decision?", "1. ", "Is the order settled?", "Chance (the seed) makes"):
        assert words in output


def test_tables_figures_and_page_are_there_and_sealed(morris):
    folder, _ = morris
    home = folder / "result" / "sensitivity"
    table = pandas.read_csv(home / "tables" / "indices.csv")
    assert {"seed", "dummy"} <= set(table["factor"]) and table["chance_share"].notna().all()
    assert set(table["outcome"]) == {"wait_days", "total_cost"} and table["value"].notna().all()
    assert r"\toprule" in (home / "tables" / "indices_wait_days.tex").read_text()
    page = (home / "report.html").read_text()
    assert page.index("What drives wait") < page.index("<figure>") and "prediction" in page
    assert {path.name for path in (home / "figures").glob("effects*")} >= {"effects-wait_days.pdf", "effects-wait_days.csv"}
    assert loket("verify", folder / "result")[0] == 0


def test_every_assumption_or_a_group_of_them_can_be_asked_for(tmp_path):
    table = 'method = "morris"\nsize = 6\nuncertainties = {}'
    every = read_plan(plan_at(tmp_path, table.format('"assumed"'), factors="")).factors
    assert [factor.name for factor in every] == assumed()
    some = read_plan(plan_at(tmp_path, table.format('["citizens"]'))).factors
    names = [factor.name for factor in some]
    assert names[: len(assumed("citizens"))] == assumed("citizens") and set(names) >= {"training_rate", "counters"}
    narrow = read_plan(plan_at(tmp_path, table.format('["citizens"]'), "[factors.initial_users]\nhigh = 0.3\n")).factors
    assert {factor.name: factor.high for factor in narrow}["initial_users"] == 0.3
    with pytest.raises(InputError, match="no such uncertainty"):
        read_plan(plan_at(tmp_path, table.format('["citizns"]')))


def test_it_continues_and_grows_with_finished_runs(quick, tmp_path):
    chosen = dict.fromkeys(("method", "outcomes", "seed", "replicates", "width"))
    chosen |= {"out": tmp_path / "result", "on_missing": "refuse"}
    from experiments.running.runner import Options
    from experiments.sweep import sweep

    study = commands.load(str(plan_at(tmp_path, 'method = "sobol"\nsize = 64\nsecond_order = false')), chosen)
    sweep(study, tmp_path / "result", Options())
    before = len(quick)
    sweep(commands.larger(study, chosen), tmp_path / "result", Options())
    design = Result.open(tmp_path / "result").design
    assert len(design) == 128 * 7 and len(quick) == design["run_id"].nunique() and len(quick) > before


def test_given_data_of_the_same_result(morris):
    folder, _ = morris
    code, output = loket("sensitivity", "--from", folder / "result", "--method", "rbd-fast", "--outcome", "wait_days")
    assert code == 2 and "key 'points': too few points" in output
    code, output = loket("sensitivity", "--from", folder / "result", "--method", "sobol")
    assert code == 2 and "a plan with a table [sensitivity]" in output
    assert not list((folder / "result").glob("sensitivity-*"))


def test_points_that_are_not_those_of_the_method_are_refused(morris):
    from experiments.sensitivity.points import layout_of_result

    result = Result.open(morris[0] / "result")
    layout_of_result(result)
    result.__dict__["points"] = result.points.assign(need_rate=np.roll(result.points["need_rate"], 1))
    with pytest.raises(InputError, match="does not match"):
        layout_of_result(result)


@pytest.mark.parametrize(
    ("table", "factors", "words"),
    [
        ('method = "sobel"', FACTORS, "did you mean 'sobol'"),
        ('method = "sobol"\nsize = "64"', FACTORS, "not an integer"),
        ('method = "dgsm"', FACTORS, "counters"),
        ('method = "fast"\ngroups = "registry"', FACTORS, "has no groups"),
        ('method = "morris"\ngroups = { a = ["need_rat"] }', FACTORS, "did you mean 'need_rate'"),
        ('method = "morris"\nsizes = 3', FACTORS, "did you mean 'size'"),
        ('method = "morris"', "", "at least one table"),
    ],
)
def test_bad_plans_are_refused_with_the_key(tmp_path, table, factors, words):
    with pytest.raises(InputError) as caught:
        read_plan(plan_at(tmp_path, table, factors))
    assert words in str(caught.value) and "plan.toml" in str(caught.value)
    assert loket("sensitivity", tmp_path / "plan.toml", "--out", tmp_path / "out")[0] == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--method", "--outcome"])
def test_what_the_plan_says_is_no_option(tmp_path, option):
    code, output = loket("sensitivity", plan_at(tmp_path), option, "wait_days", "--out", tmp_path / "out")
    assert code == 2 and option in output and not (tmp_path / "out").exists()


def test_registry_groups_are_the_files_of_the_registry(tmp_path):
    plan = read_plan(plan_at(tmp_path, 'method = "morris"\ngroups = "registry"'))
    assert dict(plan.options["groups"]) == {
        "servants": ["training_rate"],
        "counter": ["need_rate", "counters"],
        "mechanisms": ["mechanisms.participation"],
    }
    assert json.dumps(plan.options)


def test_a_failed_run_is_refused_by_name_and_computed_by_the_same_command(quick, tmp_path, monkeypatch):
    import model

    plan, sound, hurt = plan_at(tmp_path), model.simulate, []

    def simulate(scenario, replicate):
        if not hurt or hurt == [replicate]:
            hurt[:] = [replicate]
            raise ZeroDivisionError("planted")
        return sound(scenario, replicate)

    monkeypatch.setattr(model, "simulate", simulate)
    code, output = loket("sensitivity", plan, "--out", tmp_path / "result", "--workers", 1)
    failed = set(Result.open(tmp_path / "result").journal.failures)
    assert code == 3 and failed and all(run_id in output for run_id in failed) and "choices" in output
    assert not (tmp_path / "result" / "sensitivity").exists()
    code, output = loket("sensitivity", plan, "--out", tmp_path / "result", "--workers", 1, "--on-missing", "drop")
    assert code == 0 and "rows of the design" in output and "biased" in output
    monkeypatch.setattr(model, "simulate", sound)
    code, output = loket("sensitivity", plan, "--out", tmp_path / "result", "--workers", 1)
    assert code == 0 and "biased" not in output


def test_rows_shifted_on_disk_are_refused(morris, tmp_path):
    import shutil

    import numpy
    import pyarrow.parquet as parquet

    shutil.copytree(morris[0] / "result", tmp_path / "copy")
    part = next((tmp_path / "copy" / "series").glob("*.parquet"))
    table = parquet.read_table(part).to_pandas()
    table["wait_days"] = numpy.roll(table["wait_days"], 11)
    table.to_parquet(part)
    code, output = loket("figures", "drivers-wait_days", "--from", tmp_path / "copy")
    assert code == 2 and part.name in output and "damaged" in output


def test_until_width_enlarges_the_design(quick, tmp_path):
    plan = plan_at(tmp_path, 'method = "morris"\nsize = 4')
    code, output = loket("sensitivity", plan, "--out", tmp_path / "result", "--workers", 1, "--until-width", "0.6")
    assert code == 0 and "asked for 60 % of the largest index" in output
    assert Result.open(tmp_path / "result").manifest["loket"]["plan"]["options"]["size"] >= 4


@pytest.mark.parametrize("method", ["pawn", "rbd-fast"])
def test_a_finished_sweep_is_given_data_with_its_share_of_chance(tmp_path, method):
    from tests.plan_makers import write_plan

    plan = write_plan(tmp_path, design='method = "sobol"\npoints = 64')
    assert loket("sweep", plan, "--out", tmp_path / "result", "--workers", 1)[0] == 0
    home = tmp_path / "result" / f"sensitivity-{method}"
    earlier = home / "tables" / "indices_total_cost.tex"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("of an earlier analysis with more outcomes")
    code, output = loket("sensitivity", "--from", tmp_path / "result", "--method", method, "--outcome", "wait_days")
    assert code == 0 and "of the variance of the mean of 2 runs" in output and "given data: 64 points" in output
    assert loket("verify", tmp_path / "result")[0] == 0
    page = (home / "report.html").read_text()
    assert "tables/indices_wait_days.tex" in page and earlier.name not in page
    assert earlier.is_file() and f"not of this result, and not in its report: {earlier.name}" in output


def test_given_data_that_hang_on_nothing_are_refused(quick, tmp_path):
    from tests.plan_makers import write_plan

    plan = write_plan(tmp_path, design='method = "sobol"\npoints = 64')  # the arithmetic model knows no factors
    assert loket("sweep", plan, "--out", tmp_path / "result", "--workers", 1)[0] == 0
    code, output = loket("sensitivity", "--from", tmp_path / "result", "--outcome", "wait_days")
    assert code == 2 and "never changes" in output
