"""Dask distributed: a real scheduler and worker processes on this machine; other machines only over TLS."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from experiments.running.cluster import check_address, tasks_of
from experiments.running.runner import Options
from experiments.sweep import sweep
from model.errors import InputError, StorageError
from tests.plan_makers import make_study, write_plan
from tests.test_sweep import loket

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 3
START = 90  # seconds that scheduler and workers may take


class Cluster:
    """A scheduler and its workers as processes of their own."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.file = folder / "scheduler.json"
        local = ("--host", "127.0.0.1")
        self.start("dask_scheduler", *local, "--port", "0", "--no-dashboard", "--scheduler-file", self.file)
        deadline = time.monotonic() + START
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]
        workers = ("--nworkers", str(WORKERS), "--nthreads", "1", "--no-dashboard")
        self.start("dask_worker", self.address, *local, *workers, "--local-directory", folder)

    def start(self, tool, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", f"distributed.cli.{tool}", *map(str, arguments)]
        log = open(self.folder / f"{tool}.log", "w")
        self.processes.append(
            subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self.folder, start_new_session=True)
        )

    def end(self):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Return a running Cluster."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.end()


def worker_processes(cluster):
    """Return the ids of the processes that compute."""
    import distributed

    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(WORKERS, timeout=START)
        return list(client.run(os.getpid).values())


def test_a_cluster_gives_the_same_result_and_survives_a_killed_worker(cluster, tmp_path):
    study = make_study(tmp_path)
    here = sweep(study, tmp_path / "here", Options(), replicates=20)
    there = sweep(study, tmp_path / "there", Options(dask=cluster.address))
    assert len(there.design) == 18 and set(there.design["status"]) == {"ok"}
    victim = worker_processes(cluster)[0]
    threading.Timer(0.3, os.kill, (victim, signal.SIGKILL)).start()
    grown = sweep(study, tmp_path / "there", Options(dask=cluster.address), replicates=20)
    assert grown.hash == here.hash and len(grown.design) == 180


def test_the_command_runs_on_a_cluster(cluster, tmp_path):
    done = loket("sweep", write_plan(tmp_path), "--dask", cluster.address, folder=tmp_path)
    assert done.returncode == 0 and "18 of 18 runs" in done.stdout, done.stderr


def test_without_a_scheduler_nothing_is_run(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.running.cluster.SECONDS", 1)
    with pytest.raises(StorageError, match="no scheduler at"):
        sweep(make_study(tmp_path), tmp_path / "r", Options(dask="tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786", "tls://far.example:8786"]
)
def test_this_machine_and_encrypted_connections_are_allowed(address):
    check_address(address, insecure=False)
    check_address("tcp://far.example:8786", insecure=True)


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "tcp://far.example:8786", "tcp://localhost.far.example:8786"])
def test_unencrypted_connections_to_other_machines_are_refused(address):
    with pytest.raises(InputError, match="--insecure-cluster"):
        check_address(address, insecure=False)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://127.0.0.1:1", "tcp://:1", "x", "tcp://a:b"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="not the address"):
        check_address(address, insecure=True)


def test_limits_of_a_run_are_not_promised_on_a_cluster(tmp_path):
    done = loket("sweep", write_plan(tmp_path), "--dask", "tcp://127.0.0.1:9", "--timeout", "5", folder=tmp_path)
    assert done.returncode == 2 and "--timeout" in done.stderr and [f.name for f in tmp_path.iterdir()] == ["plan.toml"]


def test_tasks_hold_every_run_once_and_one_variant_each():
    first, second = object(), object()
    jobs = [(f"a{n}", first, n) for n in range(23)] + [(f"b{n}", second, n) for n in range(2)]
    tasks = tasks_of(jobs)
    assert [job for task in tasks for job in task] == jobs
    assert [len(task) for task in tasks] == [10, 10, 3, 2]
