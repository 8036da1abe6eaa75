"""The runner: each run once, whatever fails, in any number of processes."""

from dataclasses import replace
from multiprocessing import Pipe

import pytest

import model
from experiments.merge import merge
from experiments.plans.variants import Variant
from experiments.running import runner, worker, workers
from experiments.running.failures import describe_failures, failures
from experiments.running.interruption import Stop
from experiments.running.progress import Counter, Lines, Silent
from experiments.running.runner import Options
from experiments.storage.provenance import read_provenance
from experiments.storage.rows import design
from experiments.storage.store import Result, Store
from model.errors import StorageError
from tests import fake_model


def test_finished_runs_are_never_repeated_and_designs_grow(quick, tmp_path):
    first = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert len(quick) == 9
    again = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert len(quick) == 9 and again.hash == first.hash
    runner.run(fake_model.scenarios(), 5, tmp_path)
    assert len(quick) == 15
    fewer = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert len(quick) == 15 and fewer.hash == first.hash and fewer.series["run_id"].nunique() == 9


def test_a_finished_result_does_not_change_when_asked_for_again(quick, tmp_path):
    runner.run(fake_model.scenarios(), 2, tmp_path, command=["same"])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    runner.run(fake_model.scenarios(), 2, tmp_path, command=["same"])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_decides_a_run_changes_its_id(quick):
    base = fake_model.scenarios()[0]
    changes = [base, replace(base, seed=2), replace(base, months=13), base.with_parameters(training_rate=0.06)]
    ids = {row.run_id for scenario in changes for row in design([Variant(scenario)], 2)}
    assert len(ids) == 8
    same = replace(base, title="another", headline=("wait_days",), replicates=7)
    assert design([Variant(same)], 2) == design([Variant(base)], 2)


def test_policies_without_effect_share_their_runs(quick, tmp_path):
    base = fake_model.scenarios()[0]
    result = runner.run([base, replace(base, policy="empty")], 4, tmp_path)
    assert len(quick) == 4 and len(result.design) == 8 and set(result.design["status"]) == {"ok"}


def test_a_run_that_raises_is_recorded_and_tried_again(quick, tmp_path, monkeypatch):
    simulate = model.simulate

    def fragile(scenario, replicate):
        if scenario.policy == "infrastructure" and replicate == 1:
            raise ZeroDivisionError("no offices")
        return simulate(scenario, replicate)

    with monkeypatch.context() as patch:
        patch.setattr(model, "simulate", fragile)
        result = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert sorted(result.design["status"].value_counts().items()) == [("failed", 1), ("ok", 8)]
    message = describe_failures(result)
    assert "policy infrastructure, replicate 1, seed 1: ZeroDivisionError: no offices" in message
    assert "Traceback" in failures(result)[0]["traceback"]
    quick.clear()
    healed = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert quick == [("infrastructure", 1)] and describe_failures(healed) is None


def test_an_interruption_keeps_what_is_finished(quick, tmp_path, monkeypatch):
    simulate = model.simulate

    def interrupted(scenario, replicate):
        if len(quick) == 5:
            raise KeyboardInterrupt
        return simulate(scenario, replicate)

    with monkeypatch.context() as patch:
        patch.setattr(model, "simulate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            runner.run(fake_model.scenarios(), 3, tmp_path)
    assert Result.open(tmp_path).design["status"].value_counts().to_dict() == {"ok": 5, "missing": 4}
    assert not list(tmp_path.rglob(".loket-*")) and not (tmp_path / ".lock").exists()
    whole = runner.run(fake_model.scenarios(), 3, tmp_path)
    assert len(quick) == 9 and whole.hash == runner.run(fake_model.scenarios(), 3, tmp_path / "other").hash


def test_a_disk_that_refuses_the_design_leaves_no_progress_running(quick, tmp_path, monkeypatch):
    """A live bar that nobody stops would write over the message."""

    class Recorder(Silent):
        calls = []

        def start(self, total, cached=0):
            self.calls.append("start")

        def stop(self):
            self.calls.append("stop")

    def refuse(*arguments):
        raise StorageError("disk full")

    runner.run(fake_model.scenarios(), 1, tmp_path / "whole", progress=Recorder())
    assert Recorder.calls == ["start", "stop"]
    monkeypatch.setattr(Store, "write_design", refuse)
    with pytest.raises(StorageError):
        runner.run(fake_model.scenarios(), 1, tmp_path / "r", progress=Recorder())
    assert Recorder.calls.count("start") == Recorder.calls.count("stop")


def test_a_part_names_every_scenario_and_seed_of_its_runs(quick, tmp_path):
    base = fake_model.scenarios()[0]
    cases = [base, replace(base, name="other", months=13, seed=7)]
    result = runner.run(cases, 2, tmp_path / "r")
    merged = merge(tmp_path / "merged", [result.folder])
    for folder in (result.folder, merged.folder):
        found = read_provenance(folder / "series" / "part-00000.parquet")
        assert (found["scenario"], found["seed"]) == (["other", "small"], [1, 7])


def test_any_number_of_workers_gives_one_result(tmp_path):
    """The real model: 1, 2 and 4 processes."""
    cases = fake_model.scenarios(months=3)
    hashes = {runner.run(cases, 3, tmp_path / str(count), workers=count).hash for count in (1, 2, 4)}
    assert len(hashes) == 1


def test_a_run_that_kills_its_worker_is_named_and_costs_no_other_run():
    case = Variant(replace(fake_model.scenarios()[0], months=2))
    runs = [(f"run-{number}", case, number) for number in range(6)]
    deadly = ("deadly", fake_model.Deadly(), 0)
    outcomes = list(workers.outcomes([*runs[:5], deadly, runs[5]], Options(workers=2), Stop()))
    assert sorted(outcome.run_id for outcome in outcomes) == sorted(["deadly", *(run[0] for run in runs)])
    failed = [outcome.failure for outcome in outcomes if outcome.failure]
    assert [(run["policy"], run["type"], run["status"]) for run in failed] == [("deadly", "WorkerDied", "killed")]
    assert "exit code 1" in failed[0]["message"]


def test_progress_knows_rate_and_time_left(capsys):
    now = iter([0.0, 20.0, 22.0])  # started, first run, asked
    counter = Counter(clock=lambda: next(now))
    counter.start(10, cached=4)
    counter.advance()
    counter.advance(failed=True)
    assert counter.line().startswith("1 done, 1 failed, 4 cached of 10 runs, 0.1 runs/s, 8 s left")
    lines = Lines(clock=lambda: 0.0)
    lines.start(2)
    lines.advance()
    lines.stop()
    assert capsys.readouterr().err.splitlines()[-1] == "1 done, 0 failed, 0 cached of 2 runs, 0.0 runs/s"


def test_a_worker_whose_parent_is_gone_ends_without_a_word(monkeypatch):
    ended = []
    monkeypatch.setattr(worker.os, "_exit", ended.append)
    ours, theirs = Pipe()
    ours.close()
    worker.answer(theirs, "ready")
    assert ended == [1]
