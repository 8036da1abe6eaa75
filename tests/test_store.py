"""Result folders: what is on disk is complete, recognised, and nobody else's."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from experiments.comparison.design import Comparison
from experiments.methods import CALIBRATION
from experiments.running import runner
from experiments.running.runner import Options
from experiments.storage.claim import study_words
from experiments.storage.journal import Journal
from experiments.storage.provenance import figure_metadata, read_provenance
from experiments.storage.publish import locked, publish
from experiments.storage.store import Result, open_store, result_hash
from experiments.storage.tables import combine, read_arrow, run_hash
from experiments.sweep import sweep
from model.errors import InputError, StorageError
from tests import fake_model
from tests.plan_makers import make_study


@pytest.fixture
def result(quick, tmp_path):
    """Return a result of 3 policies and 20 replicates: three parts."""
    return runner.run(fake_model.scenarios(), 20, tmp_path / "result", command=["test"])


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_reads_back_what_the_model_returned(result):
    row = result.design.query("policy == 'staff-training' and replicate == 7").iloc[0]
    expected = fake_model.simulate(fake_model.scenarios()[1], 7)
    mine = result.series[result.series["run_id"] == row["run_id"]].drop(columns=["run_id", "month"])
    np.testing.assert_array_equal(mine.to_numpy(), expected.series)
    groups = result.groups[result.groups["run_id"] == row["run_id"]]
    np.testing.assert_array_equal(groups["use_share"].to_numpy(), expected.groups[:, :, 0].ravel())
    assert list(result.design["status"].unique()) == ["ok"]
    assert len(result.flows) == 60 * 2 * 36
    assert result.policies == ["baseline", "staff-training", "infrastructure"]


def test_hash_can_be_recomputed_from_the_tables_in_any_order_of_rows(result):
    found = {}
    for run_id in result.design["run_id"]:
        columns = {}
        for table in ("series", "groups", "flows"):
            frame = getattr(result, table)
            rows = frame[frame["run_id"] == run_id].drop(columns="run_id").sample(frac=1, random_state=1)
            texts = rows.select_dtypes(exclude="number").columns
            columns[table] = {n: rows[n].to_numpy(str if n in texts else None) for n in rows}
        found[run_id] = run_hash(columns)
    assert combine(found) == result_hash(result)


def test_manifest_has_no_path_and_says_it_is_complete(result):
    text = (result.folder / "manifest.json").read_text()
    assert str(result.folder.parent) not in text and os.getcwd() not in text
    action = next(node for node in result.manifest["@graph"] if node["@type"] == "CreateAction")
    assert action["actionStatus"] == "http://schema.org/CompletedActionStatus"
    assert result.scenario["name"] == "small" and result.scenario["months"] == 14


@pytest.mark.parametrize("change", ["cut", "flip", "missing"])
def test_damage_is_named_by_readers_and_repaired_by_the_same_command(result, quick, change):
    path = result.folder / "series" / "part-00001.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if change == "missing":
        path.unlink()
    else:
        path.write_bytes(content if change == "flip" else content[: len(content) * 9 // 10])
    with pytest.raises(InputError, match=r"part-00001\.parquet.*damaged"):
        Result.open(result.folder)
    quick.clear()
    repaired = runner.run(fake_model.scenarios(), 20, result.folder, command=["test"])
    assert len(quick) == 25 and repaired.hash == result.hash


def test_every_flipped_bit_of_a_page_is_noticed(result):
    path = result.folder / "groups" / "part-00000.parquet"
    original, expected = path.read_bytes(), read_arrow(path)
    for place in np.random.default_rng(1).integers(4, len(original) - 4, 60):
        content = bytearray(original)
        content[place] ^= 1 << int(place) % 8
        path.write_bytes(content)
        with pytest.raises(InputError, match="damaged"):
            Result.open(result.folder)
    path.write_bytes(original)
    assert read_arrow(path).equals(expected)


def test_a_part_that_the_journal_does_not_list_is_refused_then_removed(result):
    extra = result.folder / "series" / "part-00009.parquet"
    extra.write_bytes(b"")
    with pytest.raises(InputError, match="does not list"):
        Result.open(result.folder)
    with open_store(result.folder):
        assert not extra.exists()


def test_a_torn_last_line_of_the_journal_never_happened(result):
    path = result.folder / "journal.jsonl"
    whole = path.read_bytes()
    for length in range(len(whole) - 400, len(whole), 37):
        path.write_bytes(whole[:length])
        assert len(Journal(result.folder).parts) == 2
    repaired = runner.run(fake_model.scenarios(), 20, result.folder, command=["test"])
    assert repaired.hash == result.hash


def test_an_edited_journal_is_refused(result):
    path = result.folder / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"part": 0', b'"part": 5', 1))
    with pytest.raises(InputError, match="journal is damaged"):
        Result.open(result.folder)


@pytest.mark.parametrize("name", ["thesis.tex", "manifest.json"])
def test_a_foreign_folder_is_refused_and_untouched(quick, tmp_path, name):
    (tmp_path / name).write_text("{}")
    before = contents(tmp_path)
    with pytest.raises(InputError):
        runner.run(fake_model.scenarios(), 2, tmp_path)
    assert contents(tmp_path) == before and not quick


def compared(kind="policies", replicates=2, policies=3):
    """Return scenarios and a Comparison of them."""
    cases = fake_model.scenarios()[:policies]
    return cases, Comparison(kind, cases, baseline_replicates=replicates)


def test_the_folder_of_another_study_is_refused_and_untouched(quick, tmp_path):
    """Runs of a second study in the folder of a first would mix their tables, figures and report."""
    folder, (cases, comparison) = tmp_path / "r", compared()
    runner.run_variants(comparison.variants(2), 2, folder, Options(), study=comparison)
    before, done = contents(folder), len(quick)
    other = [replace(case, name="lakeland") for case in cases]
    plan = make_study(tmp_path, settings="[settings]\nmonths = 2\n")
    again = compared("factorial")[1]
    attempts = {
        "simulate of scenario 'small'": lambda: runner.run(cases[:1], 2, folder),
        "compare of scenario 'lakeland'": lambda: runner.run_variants(
            Comparison("policies", other).variants(2), 2, folder, Options(), study=Comparison("policies", other)
        ),
        "sweep of plan 'test', scenario 'small'": lambda: sweep(plan, folder, Options()),
        "factorial of scenario 'small'": lambda: runner.run_variants(again.variants(2), 2, folder, Options(), study=again),
    }
    for words, attempt in attempts.items():
        with pytest.raises(InputError) as refusal:
            attempt()
        assert "key '--out'" in str(refusal.value) and "given:   compare of scenario 'small'" in str(refusal.value)
        assert f"allowed: {words}; or" in str(refusal.value)
    assert contents(folder) == before and len(quick) == done


def test_another_size_of_the_same_study_continues(quick, tmp_path):
    for replicates, policies in ((2, 2), (3, 3), (2, 3)):
        _, comparison = compared(replicates=replicates, policies=policies)
        runner.run_variants(comparison.variants(replicates), replicates, tmp_path, Options(), study=comparison)
    assert len(quick) == 9
    with open_store(tmp_path):
        pass


def test_plans_are_told_apart_by_name_and_by_the_command_that_runs_them():
    facts = {"scenario": {"name": "small"}, "plan": {"name": "a", "method": "sobol"}}
    kinds = ("sobol", "grid", "sensitivity", "optimise", "discover", CALIBRATION)
    words = [study_words({**facts, "plan": {"name": "a", "method": method}}) for method in kinds]
    assert words[0] == words[1] and len(set(words)) == 5
    assert study_words({**facts, "plan": {"name": "b", "method": "sobol"}}) != words[0]


def test_what_a_command_killed_at_once_leaves_behind_is_no_obstacle(quick, tmp_path):
    for name in ("series", "groups"):
        (tmp_path / name).mkdir()
    (tmp_path / ".loket-1-lock").write_text("{}")
    assert runner.run(fake_model.scenarios(), 2, tmp_path).design["status"].eq("ok").all()
    (tmp_path / "other" / "series").mkdir(parents=True)
    (tmp_path / "other" / "series" / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="not a result"):
        runner.run(fake_model.scenarios(), 2, tmp_path / "other")


def test_a_folder_in_use_names_its_holder_and_a_dead_holder_is_forgotten(tmp_path):
    with locked(tmp_path):
        lock = json.loads((tmp_path / ".lock").read_text())
        code = "import sys; from experiments.storage.publish import locked\nwith locked(sys.argv[1]): pass"
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
        assert done.returncode == 1 and f"process {os.getpid()} on {lock['host']}" in done.stderr
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / ".lock").write_text(json.dumps({**lock, "process": ended.pid}))
    with locked(tmp_path):
        assert json.loads((tmp_path / ".lock").read_text())["process"] == os.getpid()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_killed_holder_that_nobody_collects_is_forgotten(tmp_path):
    """In a container without an init process killed processes stay as zombies; they must not hold a folder for ever."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)  # it has ended and is left uncollected
    with locked(tmp_path):
        lock = json.loads((tmp_path / ".lock").read_text())
    (tmp_path / ".lock").write_text(json.dumps({**lock, "process": ended.pid}))
    os.kill(ended.pid, 0)  # it still has an entry
    with locked(tmp_path):
        assert json.loads((tmp_path / ".lock").read_text())["process"] == os.getpid()
    ended.wait()


def test_publishing_leaves_the_old_file_or_the_new(tmp_path, monkeypatch):
    path = tmp_path / "file"
    publish(path, "old")

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, refuse)
            with pytest.raises(StorageError, match="No space left"):
                publish(path, "new")
        assert contents(tmp_path) == {path.relative_to(tmp_path): b"old"}


def test_provenance_is_read_from_tables_and_every_kind_of_figure(result, tmp_path):
    from matplotlib.figure import Figure

    part = read_provenance(result.folder / "series" / "part-00000.parquet")
    assert part["scenario"] == "small" and part["seed"] == 1
    text = figure_metadata(result, "name with (parentheses) and \\")
    keys = {"png": {"Loket": text}, "svg": {"Description": text}, "pdf": {"Keywords": text}}
    for suffix, metadata in keys.items():
        Figure().savefig(tmp_path / f"figure.{suffix}", metadata=metadata)
        assert read_provenance(tmp_path / f"figure.{suffix}") == json.loads(text)
        Figure().savefig(tmp_path / f"plain.{suffix}")
        with pytest.raises(InputError, match="no provenance"):
            read_provenance(tmp_path / f"plain.{suffix}")
