"""Killing: the whole process group at random instants, at every step of publishing, single workers, and by Ctrl-C."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.tiny import COMMAND, ROOT, study
from experiments.running.runner import Options
from experiments.running.worker import warm
from experiments.storage.journal import Journal
from experiments.storage.verify import verify
from experiments.sweep import sweep

WORDS = {"stdout": subprocess.PIPE, "text": True, "start_new_session": True, "cwd": ROOT}


def start(out, *options):
    """Start the tiny sweep as leader of a process group of its own."""
    command = [*COMMAND, str(out), *map(str, options)]
    with open(out.with_suffix(".err"), "w") as errors:
        return subprocess.Popen(command, stderr=errors, **WORDS)


def undisturbed(folder, *options):
    """Return (hash, seconds) of a sweep that nobody disturbs."""
    start(folder / "warm", "--runs", 20).communicate()
    began = time.monotonic()
    process = start(folder / "whole", *options)
    text = process.communicate()[0].strip()
    return text, time.monotonic() - began


def state_of(out):
    """Return (run id -> hash, number of entries) of a folder's journal as it is on disk, torn last line left out."""
    if not (out / "journal.jsonl").exists():
        return {}, 0
    parts = Journal(out).parts.values()
    return {run: digest for part in parts for run, digest in part["runs"].items()}, sum(len(part["runs"]) for part in parts)


def members(group):
    """Return the processes of a group that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def group_kills(folder, extent, kills=200, runs=2000):
    """Kill the process group (parent and two spawned workers) at random instants; continue; begin anew; compare."""
    return kill_and_compare(folder, extent, extent.of(kills), runs, workers=2)


def lone_kills(folder, extent, kills=200, runs=600):
    """The same with runs computed in the parent, which begins at once: most kills hit while it publishes."""
    return kill_and_compare(folder, extent, extent.of(kills), runs, workers=1)


def kill_and_compare(folder, extent, kills, runs, workers):
    """Kill a sweep again and again; whenever it comes through compare it and begin anew; return what was found.

    Every process is a fork of this one, which has loaded everything: no kill is spent on a time in which nothing happens.
    """
    made = study(folder / "plan", runs)
    warm(made.variants[0].base)
    began = time.monotonic()
    expected = forked(made, folder / "whole", workers=workers)[1]
    seconds = time.monotonic() - began
    out, done, rounds, during, is_begun = folder / "out", 0, 0, 0, False
    before, bad = {}, []
    while (goes_on := done < kills and not extent.is_over) or is_begun:
        code, text = forked(made, out, wait=extent.chance.uniform(0.02, seconds) if goes_on else None, workers=workers)
        after, entries = state_of(out)
        if any(after.get(run) != digest for run, digest in before.items()):
            bad.append(f"after {done} kills: finished runs lost")
        if entries != len(after):
            bad.append(f"after {done} kills: a run twice")
        if code == -signal.SIGKILL:
            done, during, before, is_begun = done + 1, during + (len(after) > len(before)), after, True
            continue
        rounds, before, is_begun = rounds + 1, {}, False
        problems = verify(out)[1]
        if text != expected or problems or len(after) != runs:
            bad.append(f"round {rounds}: exit {code}, {text}, {len(after)} runs, {problems}")
        shutil.rmtree(out)
    found = {"n": done, "rounds": rounds, "while_progressing": during, "runs": runs, "workers": workers}
    return {**found, "undisturbed_seconds": round(seconds, 1), "hash": expected[:16], "bad": bad}


def publish_steps(folder, extent, runs=40):
    """Kill at every single step of writing a small sweep, and in the middle of every journal line; continue; compare."""
    made = study(folder / "plan", runs)
    expected = forked(made, folder / "whole")[1]
    total = int((folder / "whole.steps").read_text())
    bad, step = [], 0
    every = max(1, int(1 / extent.scale))
    tried = range(1, total + 1, every)
    for step in tried:
        out = folder / f"step-{step}"
        code, _ = forked(made, out, step)
        if code != -signal.SIGKILL:
            bad.append(f"step {step}: not killed ({code})")
        code, found = forked(made, out)
        if code != 0 or found != expected or verify(out)[1]:
            bad.append(f"step {step}: exit {code}, hash {found}")
        shutil.rmtree(out, ignore_errors=True)
    return {"n": len(tried), "steps": total, "runs": runs, "bad": bad}


def forked(made, out, step=None, wait=None, workers=1):
    """Run a sweep in a fork of this process that leads a process group; return (exit code, hash).

    Parameters
    ----------
    step : number of the step at which it kills itself, or None. wait : seconds until its group is killed, or None.
    """
    answer = out.with_suffix(".hash")
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        counter = count_steps(step)
        text = sweep(made, out, Options(workers), command=["tiny"]).hash
        answer.write_text(text)
        out.with_suffix(".steps").write_text(str(counter[0]))
        os._exit(0)
    with suppress(OSError):
        os.setpgid(child, child)  # whichever of the two comes first
    if wait is not None:
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            time.sleep(0.002)
        os.killpg(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, answer.read_text() if code == 0 else None


def count_steps(step):
    """Count calls that change the disk, and kill this process when the count reaches `step`; return the counter."""
    from experiments.storage import journal

    counter = [0]

    def counted(function):
        def call(*arguments, **names):
            counter[0] += 1
            if counter[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **names)

        return call

    for name in ("fsync", "replace", "link", "unlink", "truncate", "mkdir"):
        setattr(os, name, counted(getattr(os, name)))
    whole = journal.append_line

    def torn(path, line):
        counter[0] += 1
        if counter[0] == step:
            with open(path, "ab") as stream:
                stream.write(line.encode()[: len(line) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        whole(path, line)

    journal.append_line = torn
    return counter


def interrupts(folder, extent, times=40, runs=2000):
    """Press Ctrl-C (SIGINT to the group) at random instants: exit code 130, nobody left behind, and it continues."""
    times = extent.of(times)
    options = ("--runs", runs, "--workers", 2)
    expected, seconds = undisturbed(folder, *options)
    bad, done, slowest = [], 0, 0.0
    while done < times and not extent.is_over:
        out = folder / f"out-{done}"
        process = start(out, *options)
        time.sleep(extent.chance.uniform(0.0, 0.9 * seconds))
        if not (out / "journal.jsonl").exists() or process.poll() is not None:
            process.kill()  # it had not begun, or was done: there is nothing to drain
            process.communicate()
            shutil.rmtree(out, ignore_errors=True)
            continue
        began, done = time.monotonic(), done + 1
        os.killpg(process.pid, signal.SIGINT)
        text = process.communicate()[0].strip()
        slowest = max(slowest, time.monotonic() - began)
        left = left_after(process.pid, 5.0)
        leftovers = list(out.rglob(".loket-*")) + list(out.glob(".lock"))
        if process.returncode not in (0, 130) or left or leftovers or (process.returncode == 0 and text != expected):
            bad.append(f"{done}: exit {process.returncode}, processes {left}, files {leftovers}")
        if start(out, *options).communicate()[0].strip() != expected:
            bad.append(f"{done}: another hash")
        shutil.rmtree(out)
    return {"n": done, "runs": runs, "slowest_exit_seconds": round(slowest, 2), "bad": bad}


def left_after(group, seconds):
    """Return the processes of a group that are still alive after some seconds."""
    deadline = time.monotonic() + seconds
    while members(group) and time.monotonic() < deadline:
        time.sleep(0.1)
    return members(group)


def worker_kills(folder, extent, runs=2000, workers=4):
    """Kill a random worker every second until the sweep is done."""
    runs = extent.of(runs, least=100)
    options = ("--runs", runs, "--workers", workers, "--months", 120, "--citizens", 64)
    expected, seconds = undisturbed(folder, *options)
    bad, kills = [], 0
    process = start(folder / "out", *options)
    deadline = time.monotonic() + 60 + 40 * seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(1.0)
        victims = [number for number in members(process.pid) if number != process.pid and is_worker(number)]
        if victims:
            os.kill(extent.chance.choice(victims), signal.SIGKILL)
            kills += 1
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        bad.append("it hangs")
    text = process.communicate()[0].strip()
    if text != expected:
        bad.append(f"exit {process.returncode}, hash {text}, {(folder / 'out.err').read_text()[-300:]}")
    return {"n": kills, "runs": runs, "undisturbed_seconds": round(seconds), "bad": bad}


def is_worker(number):
    """Say whether a process is a worker: not the resource tracker of multiprocessing."""
    try:
        return b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False
