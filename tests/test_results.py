"""What can be done with a result: verified to the last bit, replayed, merged, exported, moved to a cluster."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas
import pytest

import model
from experiments.command_line.sweep_commands import finish
from experiments.export import export
from experiments.figures import SWEEP_FIGURES
from experiments.merge import merge
from experiments.outcomes import read_outcomes
from experiments.replay import replay
from experiments.running.runner import Options
from experiments.storage.journal import Journal
from experiments.storage.provenance import read_provenance
from experiments.storage.store import Result
from experiments.storage.verify import verify
from experiments.sweep import sweep
from model.errors import InputError, StorageError
from tests.plan_makers import HEAD, make_study, write_plan
from tests.test_sweep import loket

POLICIES = 'policies = ["staff-training"]\n[settings]\nmonths = 60\ncitizens_per_office = 8\nservants_per_office = 2\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a Study and its result: 9 points, baseline and a policy, 2 replicates."""
    folder = tmp_path_factory.mktemp("made")
    monkeypatch = pytest.MonkeyPatch()  # one figure stands for all: drawing takes longer than everything else
    monkeypatch.setattr("experiments.figures.SWEEP_FIGURES", {"half_width": SWEEP_FIGURES["half_width"]})
    study = make_study(folder, head=HEAD, settings=POLICIES)
    result = sweep(study, folder / "result", Options(), command=["test"])
    finish(result)
    monkeypatch.undo()
    return study, Result.open(result.folder)


@pytest.fixture
def copy(made, tmp_path):
    """Return the path of a copy that may be damaged."""
    return Path(shutil.copytree(made[1].folder, tmp_path / "copy"))


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_an_intact_result_has_no_problems(made):
    facts, problems = verify(made[1].folder)
    assert problems == [] and (facts["runs"], facts["ok"]) == (36, 36)
    assert facts["files"] == len(files(made[1].folder))


def test_every_flipped_bit_of_every_file_is_found(copy):
    random = np.random.default_rng(7)
    for path in files(copy):
        original = path.read_bytes()
        for place in [0, len(original) - 1, *random.integers(0, len(original), 6)]:
            content = bytearray(original)
            content[place] ^= 1 << int(random.integers(8))
            path.write_bytes(content)
            problems = verify(copy)[1]
            assert any(path.name in name for name, _ in problems), (path.name, place, problems)
        path.write_bytes(original)
    assert verify(copy)[1] == []


def test_cut_missing_and_added_files_are_found(copy):
    for path in files(copy):
        original = path.read_bytes()
        for length in np.linspace(0, len(original) - 1, 5).astype(int):
            path.write_bytes(original[:length])
            assert verify(copy)[1], (path.name, length)
        path.unlink()
        assert verify(copy)[1], path.name
        path.write_bytes(original)
    (copy / "figures").mkdir(exist_ok=True)
    (copy / "figures" / "forged.png").write_bytes(b"x")
    assert verify(copy)[1] == [("figures/forged.png", "listed nowhere: not written by a finished command")]


def test_the_command_names_what_is_damaged(copy):
    assert loket("verify", copy).returncode == 0
    path = copy / "points.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    done = loket("verify", copy)
    assert done.returncode == 4 and "points.parquet: changed" in done.stderr


def test_any_run_is_replayed_bit_for_bit_from_the_result_alone(made):
    _, result = made
    for row in (0, 17, 35):
        state, words = replay(result, result.design["run_id"][row])
        assert state == "same" and words.endswith("values, all bits the same")
    with pytest.raises(InputError, match="no such run"):
        replay(result, "0123456789abcdef")


def test_a_replay_says_where_it_differs(made, monkeypatch):
    _, result = made
    simulate = model.simulate

    def other(scenario, replicate):
        record = simulate(scenario, replicate)
        record.series[5, 2] += 1e-9
        return record

    monkeypatch.setattr(model, "simulate", other)
    state, words = replay(result, result.design["run_id"][3])
    assert state == "differs" and words.startswith("series.") and "row 5" in words


def test_a_failed_run_is_replayed_with_its_failure(tmp_path, monkeypatch):
    study = make_study(tmp_path)

    def fragile(scenario, replicate):
        raise ZeroDivisionError("no offices")

    with monkeypatch.context() as patch:
        patch.setattr(model, "simulate", fragile)
        result = sweep(study, tmp_path / "r", Options(on_error="fast"))
        run_id = next(iter(result.journal.failures))
        state, words = replay(result, run_id)
        assert state == "fails" and words.startswith("ZeroDivisionError: no offices\nTraceback")
    assert replay(result, run_id)[0] == "finishes"


def test_another_version_of_the_model_is_not_replayed(made, monkeypatch):
    monkeypatch.setattr("experiments.replay.MODEL_VERSION", -1)
    with pytest.raises(InputError, match="another version"):
        replay(made[1], made[1].design["run_id"][0])


def test_merged_shards_are_the_whole_result(made, tmp_path):
    study, whole = made
    folders = [tmp_path / str(number) for number in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        sweep(study, folder, Options(shard=(number, 3)), command=["test"])
    partial = merge(tmp_path / "part", folders[:2])
    assert partial.is_active and 0 < (partial.design["status"] == "missing").sum() < 36
    merged = merge(tmp_path / "merged", [*folders, folders[0]])
    assert merged.hash == whole.hash and len(merged.journal.run_hashes()) == 36
    assert sum(len(entry["runs"]) for entry in merged.journal.parts.values()) == 36
    assert verify(merged.folder)[1] == []
    assert merge(tmp_path / "part", folders).hash == whole.hash
    assert merged.points.equals(whole.points)


def test_what_does_not_belong_together_is_not_merged(made, tmp_path):
    study, whole = made
    other = sweep(make_study(tmp_path, head=HEAD, settings=POLICIES), tmp_path / "o", Options(), replicates=1)
    with pytest.raises(InputError, match="replicates"):
        merge(tmp_path / "m", [whole.folder, other.folder])
    assert not (tmp_path / "m").exists()
    renamed = sweep(
        make_study(tmp_path, head=HEAD.replace('"test"', '"toast"')), tmp_path / "t", Options(), command=["test"]
    )
    with pytest.raises(InputError, match="plan.name.*\n.*given: +toast\n.*: test$"):
        merge(tmp_path / "m", [whole.folder, renamed.folder])


def test_every_table_says_where_it_came_from(made, tmp_path):
    merged = merge(tmp_path / "merged", [made[1].folder])
    finish(merged)
    for folder in (made[1].folder, merged.folder):
        tables = sorted(folder.rglob("*.parquet"))
        assert {"design.parquet", "points.parquet", "outcomes.parquet"} < {path.name for path in tables}
        for path in tables:
            found = read_provenance(path)
            assert (found["scenario"], found["seed"], found["model_version"]) == ("small", 1, model.MODEL_VERSION), path
    assert read_provenance(merged.folder / "outcomes.parquet")["result_hash"] == made[1].hash


def test_a_run_with_two_results_is_refused(made, tmp_path, monkeypatch):
    study, whole = made
    simulate = model.simulate

    def other(scenario, replicate):
        record = simulate(scenario, replicate)
        record.series[1, 0] += 1e-9
        return record

    monkeypatch.setattr(model, "simulate", other)
    forged = sweep(study, tmp_path / "forged", Options(), command=["test"])
    with pytest.raises(StorageError, match="other numbers than the same run merged before"):
        merge(tmp_path / "m", [whole.folder, forged.folder])


def test_csv_reads_back_as_the_same_bits(made, tmp_path):
    result = made[1]
    paths = export(result, tmp_path / "csv")
    assert [path.stem for path in paths] == ["design", "points", "outcomes", "series", "groups", "flows"]
    series = pandas.read_csv(tmp_path / "csv" / "series.csv")
    pandas.testing.assert_frame_equal(
        series.sort_values(["run_id", "month"], ignore_index=True),
        result.series.sort_values(["run_id", "month"], ignore_index=True).astype({"month": "int64"}),
        check_exact=True,
        check_dtype=False,
    )


def test_outcomes_join_design_points_and_means(made):
    result = made[1]
    table = read_outcomes(result)
    assert len(table) == 36 and {"counters", "training_rate", "policy", "use_share", "status"} <= set(table)
    row = table.iloc[20]
    mine = result.series[(result.series["run_id"] == row["run_id"]) & (result.series["month"] > 48)]
    assert row["use_share"] == pytest.approx(mine["use_share"].mean())


def test_one_line_reads_a_table_with_pandas(made):
    series = pandas.read_parquet(made[1].folder / "series")
    assert len(series) == 36 * 61 and series["run_id"].nunique() == 36


def test_the_slurm_script_runs_the_shards(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    path = write_plan(folder)
    script = loket("slurm", path, "--shards", 2, "--workers", 1, "--out", folder / "whole", folder=tmp_path)
    assert script.returncode == 0 and "#SBATCH --array=1-2" in script.stdout
    assert "18 runs in 2 tasks with 1 worker," in script.stdout
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}  # no python of this environment: the script names it
    for number in "12":
        environment = {**bare, "SLURM_ARRAY_TASK_ID": number}
        subprocess.run(["bash", "-c", script.stdout], cwd=tmp_path, env=environment, check=True, capture_output=True)
    last = next(line for line in script.stdout.splitlines() if " merge " in line).removeprefix("#")
    done = subprocess.run(["bash", "-c", last], cwd=tmp_path, env=bare, capture_output=True, text=True)
    assert done.returncode == 0 and "18 of 18 runs" in done.stdout, done.stderr


def test_a_journal_whose_end_was_cut_off_no_longer_fits_its_manifest(copy):
    path = copy / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert Journal(copy).parts is not None
    with pytest.raises(InputError, match="does not begin as the manifest says"):
        Result.open(copy)
