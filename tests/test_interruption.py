"""Killed, interrupted, killed again: the same command continues and ends with the same result."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.running.interruption import Stop
from experiments.running.runner import Options
from experiments.storage.journal import Journal
from experiments.storage.verify import verify
from experiments.sweep import sweep
from tests.plan_makers import HEAD, make_study
from tests.test_sweep import loket

ROOT = Path(__file__).resolve().parent.parent
FACTORS = "[factors.training_rate]\n[factors.initial_trust]\n"
ONCE = HEAD.replace("replicates = 2", "replicates = 1")  # without a second replicate nothing is drawn
LONG = 120  # seconds after which a test has waited enough


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Return the plan's path and the hash of its undisturbed result: 400 runs."""
    folder = tmp_path_factory.mktemp("expected")
    study = make_study(folder, design='method = "grid"\nlevels = 20', factors=FACTORS, head=ONCE)
    return study.plan.file, sweep(study, folder / "whole", Options(), command=["test"]).hash


def started(plan, out):
    """Start the sweep in a process group of its own and wait until the first part is on disk."""
    command = [sys.executable, str(ROOT / "run.py"), "sweep", str(plan), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + LONG
    journal = out / "journal.jsonl"
    while process.poll() is None and time.monotonic() < deadline:
        if journal.exists() and b"\n" in journal.read_bytes():
            break
        time.sleep(0.01)
    return process


def test_a_killed_group_loses_nothing_and_the_same_command_continues(expected, tmp_path):
    plan, digest = expected
    process = started(plan, tmp_path / "r")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = Journal(tmp_path / "r").run_hashes()
    assert process.returncode == -signal.SIGKILL and 0 < len(before) < 400
    done = loket("sweep", plan, "--out", tmp_path / "r", "--workers", 2)
    assert done.returncode == 0 and f"{len(before)} cached of 400 runs" in done.stderr
    assert done.stdout.splitlines()[-1] == f"result hash: {digest}" and verify(tmp_path / "r")[1] == []
    after = Journal(tmp_path / "r")
    assert before.items() <= after.run_hashes().items()
    assert sum(len(part["runs"]) for part in after.parts.values()) == 400


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_drains_and_exits_130(expected, tmp_path, number):
    plan, digest = expected
    process = started(plan, tmp_path / "r")
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=LONG)
    assert process.returncode == 130 and "finishing the runs at work" in errors and "same command" in errors
    assert not list((tmp_path / "r").rglob(".loket-*")) and not (tmp_path / "r" / ".lock").exists()
    done = loket("sweep", plan, "--out", tmp_path / "r", "--workers", 2)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == f"result hash: {digest}"


@pytest.fixture
def hears_interrupts():
    """A shell's background jobs are started deaf to SIGINT; make sure that this process is not."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def test_the_first_interrupt_is_a_request_and_the_second_is_not(hears_interrupts):
    stop = Stop()
    with stop.listening():
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested and stop.by_signal
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1.0)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
