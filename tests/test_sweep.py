"""Sweeps: complete, resumable, extensible, the same for any way of computing them; failures are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

import model
from benchmarks.bad_variants import bad_variants
from experiments.command_line.sweep_commands import finish, read_shard
from experiments.plans.variants import Variant
from experiments.running import runner
from experiments.running.failures import describe_failures, failures
from experiments.running.interruption import Stop
from experiments.running.runner import Options
from experiments.running.workers import Crew
from experiments.storage.store import TABLES
from experiments.sweep import preview, sweep
from model.errors import InputError, StorageError
from tests.plan_makers import HEAD, make_study, write_plan

ROOT = Path(__file__).resolve().parent.parent


def loket(*arguments, folder=None):
    command = [sys.executable, str(ROOT / "run.py"), *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder or ROOT, env=environment)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a Study and its undisturbed result: 9 points, 2 replicates."""
    folder = tmp_path_factory.mktemp("whole")
    study = make_study(folder)
    return study, sweep(study, folder / "result", Options(), command=["test"])


def test_every_run_of_the_design_is_there_once_and_joins_with_its_point(whole):
    study, result = whole
    assert len(result.design) == 18 == result.design["run_id"].nunique() and set(result.design["status"]) == {"ok"}
    joined = result.design.merge(result.points, on=["point", "scenario"])
    assert len(joined) == 18 and set(joined["counters"]) == {1, 2, 3} and joined["counters"].dtype == "int64"
    last = result.series[result.series["month"] == 2].merge(joined, on="run_id")
    assert len(last) == 18
    row = joined.iloc[-1]
    scenario = study.variants[-1].base.with_parameters(training_rate=row.training_rate, counters=row.counters)
    expected = model.simulate(scenario, int(row.replicate)).series[-1, 0]
    assert float(last.set_index("run_id").loc[row.run_id].iloc[1]) == expected


@pytest.mark.parametrize("options", [Options(workers=2), Options(workers=3, timeout=60.0), Options(workers=1, memory=4000)])
def test_any_way_of_computing_gives_one_result(whole, tmp_path, options):
    study, result = whole
    assert sweep(study, tmp_path, options).hash == result.hash


def test_a_sweep_grows_by_the_new_runs_only(quick, tmp_path):
    small = make_study(tmp_path, design='method = "sobol"\npoints = 4')
    first = sweep(small, tmp_path / "r", Options())
    assert len(quick) == 8
    large = make_study(tmp_path, design='method = "sobol"\npoints = 7')
    sweep(large, tmp_path / "r", Options())
    assert len(quick) == 14
    sweep(large, tmp_path / "r", Options(), replicates=3)
    assert len(quick) == 21
    again = sweep(small, tmp_path / "r", Options())
    assert len(quick) == 21 and again.hash == first.hash and len(again.points) == 4


def test_a_preview_counts_and_measures_and_writes_nothing(tmp_path):
    study = make_study(tmp_path / ".", head=HEAD.replace("replicates = 2", "replicates = 50"))
    found = preview(study, tmp_path / "none")
    assert (found.runs, found.finished, found.probes) == (450, 0, 4) and 0.0 < found.seconds < 5.0 and found.size > 500
    assert not (tmp_path / "none").exists()
    sweep(make_study(tmp_path), tmp_path / "r", Options())
    assert preview(study, tmp_path / "r").finished == 18
    written = sum(path.stat().st_size for table in TABLES for path in (tmp_path / "r" / table).iterdir())
    assert 0.5 < 18 * found.size / written < 1.5


SAID = {
    "segfault": ("killed", "WorkerDied", "SIGSEGV"),
    "loop": ("timeout", "Timeout", "took longer than 20 s"),
    "memory": ("failed", "MemoryError", ""),
    "exception": ("failed", "ZeroDivisionError", "no offices"),
    "exit": ("killed", "WorkerDied", "exit code 7"),
}


def test_five_kinds_of_bad_runs_are_named_and_all_others_finish(tmp_path):
    study = make_study(tmp_path)
    bad = bad_variants(study.variants[0].base, first_seed=100)
    variants = [study.variants[0], *bad, *study.variants[1:]]
    result = runner.run_variants(variants, 1, tmp_path / "r", Options(workers=2, timeout=20.0, memory=2000))
    assert result.design["status"].value_counts().to_dict() == {"ok": 9, "killed": 2, "failed": 2, "timeout": 1}
    found = {run["policy"]: run for run in failures(result)}
    for harm, (status, kind, words) in SAID.items():
        run = found[harm]
        assert (run["status"], run["type"]) == (status, kind) and words in run["message"], run
        assert run["replay"].endswith(f"replay RESULT {run['run_id']}")
    assert "complain" in found["exception"]["traceback"]
    assert describe_failures(result).startswith("5 runs failed; the others are kept")


class Fragile:
    """Stands for a scenario that a worker cannot even receive."""

    name = policy = "fragile"

    def __reduce__(self):
        return os._exit, (9,)


def test_workers_that_cannot_start_end_the_sweep_instead_of_starting_for_ever():
    jobs = [("a", Variant(Fragile()), 0)]
    with pytest.raises(StorageError, match="cannot start: the worker process ended with exit code 9"):
        list(Crew(jobs, Options(workers=2), Stop()).outcomes())


@pytest.mark.parametrize("on_error,done", [("keep", 17), ("slow", 4), ("fast", 4)])
def test_what_happens_after_a_failure_can_be_chosen(quick, tmp_path, monkeypatch, on_error, done):
    study, simulate = make_study(tmp_path), model.simulate

    def fragile(scenario, replicate):
        if len(quick) == 4:
            quick.append("failed")
            raise ZeroDivisionError
        return simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", fragile)
    result = sweep(study, tmp_path / "r", Options(on_error=on_error))
    assert result.design["status"].value_counts().get("ok") == done and len(failures(result)) == 1
    assert ("not started" in describe_failures(result)) == (on_error != "keep")


def test_shards_divide_the_runs(quick, tmp_path):
    study = make_study(tmp_path)
    results = [sweep(study, tmp_path / str(number), Options(shard=(number, 3))) for number in (1, 2, 3)]
    done = [set(result.design.query("status == 'ok'")["run_id"]) for result in results]
    assert sum(map(len, done)) == 18 == len(set.union(*done)) and all(done)
    assert {len(result.design) for result in results} == {18}


@pytest.mark.parametrize("text", ["2", "0/3", "4/3", "a/b", "1/0", "-1/3", "1/3/4", "\u0661/3"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="--shard"):
        read_shard(text)
    assert read_shard("2/3") == (2, 3)


def test_the_commands(tmp_path):
    path = write_plan(tmp_path)
    done = loket("plan", path, folder=tmp_path)
    assert done.returncode == 0 and "9 points x 1 policy x 2 replicates = 18 different runs" in done.stdout
    assert sorted(file.name for file in tmp_path.iterdir()) == ["plan.toml"]
    done = loket("sweep", path, "--workers", 1, folder=tmp_path)
    assert done.returncode == 0 and "18 of 18 runs" in done.stdout, done.stderr
    again = loket("sweep", path, "--workers", 1, folder=tmp_path)
    assert "0 done, 0 failed, 18 cached of 18 runs" in again.stderr
    assert again.stdout.splitlines()[-1] == done.stdout.splitlines()[-1]


def test_a_preview_says_what_is_left_out_and_what_is_unbalanced(tmp_path):
    more = '[[constraints]]\nless = "counters"\nthan = 3\n'
    path = write_plan(tmp_path, design='method = "sobol"\npoints = 6', more=more)
    done = loket("plan", path, "--json", folder=tmp_path)
    facts = json.loads(done.stdout)
    assert facts["left_out"] == 6 - facts["points"] > 0 and facts["runs"] == 2 * facts["points"]
    assert "balanced at powers of two, such as 4 or 8" in done.stderr
    assert f"{facts['left_out']} points left out by constraints: counters less than 3" in done.stderr


@pytest.mark.parametrize(
    "options,words",
    [
        (["--on-error", "never"], ["keep, slow, fast"]),
        (["--timeout", "0"], ["number above 0"]),
        (["--timeout", "nan"], ["number above 0"]),
        (["--memory", "-5"], ["integer 1.."]),
        (["--shard", "3/2"], ["I/N"]),
    ],
)
def test_bad_options_are_explained_and_nothing_is_written(tmp_path, options, words):
    done = loket("sweep", "leadership-by-skills", *options, folder=tmp_path)
    assert done.returncode == 2 and all(word in done.stderr for word in words), done.stderr
    assert not list(tmp_path.iterdir())


def test_check_reads_plans_too(tmp_path):
    done = loket("check", "small-sobol")
    assert done.returncode == 0 and "64 points, 1 policy, 4 replicates, no fault found" in done.stdout
    path = write_plan(tmp_path, design='method = "gird"')
    done = loket("check", path)
    assert done.returncode == 2 and "did you mean 'grid'" in done.stderr


def test_figures_and_reports_of_sweeps(whole, tmp_path):
    folder = whole[1].folder
    done = loket("figures", folder, "--list")
    assert "response" in done.stdout.split() and "policy_effects" not in done.stdout
    done = loket("figures", folder, "half_width")
    assert done.returncode == 0 and (folder / "figures" / "half_width.svg").exists(), done.stderr
    done = loket("figures", folder, "respons")
    assert done.returncode == 2 and "did you mean 'response'" in done.stderr
    done = loket("report", folder)
    assert done.returncode == 2 and "a sweep has no report" in done.stderr


def test_an_unknown_plan_has_a_nearest_name(tmp_path):
    done = loket("sweep", "leadership-by-skill", folder=tmp_path)
    assert done.returncode == 2 and "did you mean 'leadership-by-skills'?" in done.stderr and not list(tmp_path.iterdir())


def test_no_run_is_charged_for_loading():
    code = (
        "import sys; from experiments.running.attempt import attempt; from experiments.plans.variants import Variant\n"
        "from experiments.running.worker import warm; from model import load_scenario\n"
        "base = load_scenario('scenarios/small.toml', months=2, citizens_per_office=8, servants_per_office=2)\n"
        "warm(base); before = set(sys.modules)\n"
        "assert attempt('a', Variant(base), 0).digest; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and done.stdout.split() == [], done.stdout + done.stderr


def test_a_sweep_in_which_nothing_came_through_still_has_a_row_for_each_run(tmp_path, monkeypatch):
    def simulate(scenario, replicate):
        raise ZeroDivisionError("no offices")

    monkeypatch.setattr(model, "simulate", simulate)
    result = sweep(make_study(tmp_path), tmp_path / "r", Options(), command=["test"])
    finish(result)
    table = pandas.read_parquet(tmp_path / "r" / "outcomes.parquet")
    assert len(table) == 18 and set(table["status"]) == {"failed"} and table["use_share"].isna().all()
    assert "\n  small, point 0, policy baseline, replicate 0, seed 1: ZeroDivisionError" in describe_failures(result)


def test_one_of_a_kind_is_not_plural_and_a_switch_is_no_number(tmp_path):
    factors = "[factors.mechanisms.training]\n"
    done = loket("plan", write_plan(tmp_path, factors=factors, head=HEAD.replace("replicates = 2", "replicates = 1")))
    assert "  mechanisms.training: false or true, 2 values\n" in done.stdout
    assert "2 points x 1 policy x 1 replicate = 2 different runs" in done.stdout


@pytest.mark.parametrize(
    "pieces,words",
    [
        (
            {"head": HEAD + 'figures = ["heat_map"]\n', "design": 'method = "replicates"', "factors": ""},
            ["figures[0]", "cells"],
        ),
        ({"head": HEAD + 'figures = ["interaction"]\n', "design": 'method = "one-at-a-time"'}, ["figures[0]", "response"]),
        ({"design": 'method = "csv"\nfile = "pionts.csv"', "factors": ""}, ["design.file", "did you mean 'points.csv'"]),
        ({"head": HEAD.replace('"small"', '"wrold.toml"')}, ["scenario", "did you mean 'world.toml'"]),
    ],
)
def test_what_a_plan_cannot_have_is_said_before_anything_runs(tmp_path, pieces, words):
    (tmp_path / "points.csv").write_text("counters\n2\n")
    (tmp_path / "world.toml").write_text("")
    path = write_plan(tmp_path, **pieces)
    done = loket("sweep", path, "--out", tmp_path / "r", folder=tmp_path)
    assert done.returncode == 2 and all(word in done.stderr for word in ("plan.toml", *words)), done.stderr
    assert not (tmp_path / "r").exists()


def test_a_file_that_is_not_there_has_a_nearest_name(tmp_path):
    write_plan(tmp_path)
    done = loket("sweep", tmp_path / "plna.toml", folder=tmp_path)
    assert done.returncode == 2 and "file not found" in done.stderr and "did you mean 'plan.toml'" in done.stderr


def test_a_limit_of_memory_too_low_for_any_run_is_a_failed_run_not_a_worker_that_cannot_start(tmp_path):
    study = make_study(tmp_path, settings="[settings]\nmonths = 240\n")
    result = runner.run_variants(study.variants[:1], 2, tmp_path / "r", Options(memory=1), command=["test"])
    assert [run["type"] for run in failures(result)] == ["MemoryError"] * 2
    assert all("Traceback" in run["traceback"] for run in failures(result))
