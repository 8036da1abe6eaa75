"""Sweeps: complete, resumable, extensible, the same for any way of computing them; failures are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import model
from benchmarks.bad_variants import bad_variants
from experiments import runner
from experiments.failures import describe_failures, failures
from experiments.interruption import Stop
from experiments.runner import Options
from experiments.sweep import preview, sweep
from experiments.sweep_commands import read_shard
from experiments.variants import Variant
from experiments.workers import Crew
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
    assert done.returncode == 0 and "9 points x 1 policies x 2 replicates = 18 different runs" in done.stdout
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
    assert done.returncode == 0 and "64 points, 1 policies, 4 replicates, no fault found" in done.stdout
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
