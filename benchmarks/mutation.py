"""Do the tests notice when a law of the model is changed? Changes every law a little, one change at a time, and counts.

    python -m benchmarks.mutation                     all mutants, two processes; goes on where it was stopped
    python -m benchmarks.mutation --limit 300         a seeded sample
    python -m benchmarks.mutation --only model/rules  the mutants of some files

The tests are the project's own, run without compilation (see `uncompiled`) in a forked process that holds the change, so
nothing is ever written to the source. They are tried in three classes, and a mutant counts for the first that fails:

value   numbers worked out by hand          tests/test_rules*.py, tests/test_behaviours*.py
law     what must hold in every run         tests/test_lively.py
golden  every bit of every agent as before  tests/test_golden_lively.py

Survivors need a reason in mutation_survivors.toml; those of kind "equivalent" cannot be told from the original by any
test and are shown apart. Results: results/mutation/journal.jsonl and report.md.
"""

from benchmarks import uncompiled  # isort: skip  # first: switches compilation off

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from benchmarks.mutants import CLASSES, find_mutants
from benchmarks.mutation_report import write_document, write_report

ROOT = Path(__file__).resolve().parent.parent
SURVIVED, TIMEOUT = "survived", "timeout"


def main():
    """Parse the command line, test the mutants that have no outcome yet, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=int, help="test a random sample of so many mutants")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", action="append", default=[], metavar="PATH", help="only files whose path starts so")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--keep-killed", action="store_true", help="after tests were added: retest survivors only")
    parser.add_argument("--folder", type=Path, default=ROOT / "results" / "mutation", help="of journal and report")
    parser.add_argument("--at-least", type=float, default=95.0, help="per cent killed for exit code 0")
    parser.add_argument("--document", type=Path, help="a Markdown file with the mark, to hold the report as well")
    options = parser.parse_args()
    mutants = [mutant for mutant in find_mutants(ROOT) if not options.only or mutant.file.startswith(tuple(options.only))]
    if options.limit and options.limit < len(mutants):
        chosen = set(random.Random(options.seed).sample(range(len(mutants)), options.limit))
        mutants = [mutant for place, mutant in enumerate(mutants) if place in chosen]
    options.folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(options.folder / "journal.jsonl", options.keep_killed)
    todo = [mutant for mutant in mutants if mutant.name not in journal.outcomes]
    print(f"{len(mutants)} mutants, {len(mutants) - len(todo)} already tested", file=sys.stderr)
    if todo:
        patterns = [pattern for files in CLASSES.values() for pattern in files]
        files = [str(path) for pattern in patterns for path in sorted((ROOT / "tests").glob(pattern))]
        quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", "--tb=line", "--no-header"]
        if pytest.main([*quiet, *files], plugins=[MutationLoop(todo, journal, options.jobs)]):
            sys.exit("the mutation check did not finish")
    share = write_report(
        options.folder / "report.md", mutants, journal.outcomes, ROOT / "benchmarks/mutation_survivors.toml"
    )
    if options.document:
        write_document(options.document, options.folder / "report.md")
    sys.exit(0 if share >= options.at_least else 1)


class Journal:
    """Outcomes by mutant, one JSON line each; lines of other sources are passed over."""

    def __init__(self, path, keep_killed):
        self.path, self.outcomes = path, {}
        self.state = {"model": _hash("model/**/*"), "tests": _hash("tests/*.py")}
        for line in path.read_text().splitlines() if path.exists() else ():
            entry = json.loads(line)
            is_killed = entry["outcome"] != SURVIVED
            if entry["model"] == self.state["model"] and (
                entry["tests"] == self.state["tests"] or (keep_killed and is_killed)
            ):
                self.outcomes[entry["mutant"]] = entry

    def add(self, mutant, outcome):
        """Keep the outcome of a mutant."""
        entry = {"mutant": mutant.name, "file": mutant.file, "function": mutant.function, "line": mutant.line}
        entry |= {"operator": mutant.operator, "was": mutant.was, "now": mutant.now} | outcome | self.state
        self.outcomes[mutant.name] = entry
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")


def _hash(pattern):
    """Return a hash of the files of a pattern."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob(pattern)):
        if path.suffix in (".py", ".toml"):
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class MutationLoop:
    """A pytest plugin that runs the collected tests on every mutant instead of once."""

    def __init__(self, mutants, journal, jobs):
        self.mutants, self.journal, self.jobs = mutants, journal, jobs

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Make sure that the unchanged model passes, then test the mutants."""
        if session.testsfailed:
            return False
        prepare()
        started = time.monotonic()
        failed = first_failure(session.items)
        if failed:
            session.testsfailed = 1
            print(f"\nthe unchanged model fails without compilation: {failed}", file=sys.stderr)
            return True
        self.limit = 5 + 10 * (time.monotonic() - started)
        print(f"\n{len(session.items)} tests, {time.monotonic() - started:.2f} s a mutant", file=sys.stderr)
        self._run_all(session.items)
        return True

    def _run_all(self, items):
        """Fork a process for every mutant, so many at a time; read what each writes into its pipe."""
        running, started = {}, time.monotonic()
        for done, mutant in enumerate(self.mutants):
            if len(running) >= self.jobs:
                self._collect(running)
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                _child(mutant, items, writer, self.limit)
            os.close(writer)
            running[child] = mutant, reader
            if done % 50 == 49:
                pace = (time.monotonic() - started) / (done + 1)
                left = pace * (len(self.mutants) - done) / 60
                print(f"{done + 1} of {len(self.mutants)}, {left:.1f} minutes left", file=sys.stderr, flush=True)
        while running:
            self._collect(running)

    def _collect(self, running):
        """Wait for one process and keep its outcome; one that ended without a word ran out of time or crashed."""
        child, _status = os.wait()
        mutant, reader = running.pop(child)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        self.journal.add(mutant, json.loads(text) if text else {"outcome": TIMEOUT, "test": "", "seconds": self.limit})


def _child(mutant, items, writer, limit):
    """Apply a mutant in this forked process, run the tests class by class, write the outcome, end the process."""
    signal.setitimer(signal.ITIMER_REAL, limit)  # its signal ends the process
    started = time.monotonic()
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    apply(mutant)
    items = sorted(items, key=lambda item: Path(mutant.file).stem not in item.path.stem)  # the likeliest to fail first
    outcome, failed = SURVIVED, ""
    for name, patterns in CLASSES.items():
        failed = first_failure([item for item in items if any(item.path.match(pattern) for pattern in patterns)])
        if failed:
            outcome = name
            break
    text = json.dumps({"outcome": outcome, "test": failed, "seconds": round(time.monotonic() - started, 2)})
    os.write(writer, text.encode())
    os._exit(0)


def apply(mutant):
    """Put a mutant into force in this process: its code becomes the code of the function, whoever imported it."""
    module = sys.modules[mutant.file.removesuffix(".py").replace("/", ".")]
    scope = {}
    exec(compile(mutant.source, mutant.file, "exec"), module.__dict__, scope)
    (name, changed), old = next(iter(scope.items())), getattr(module, mutant.function)
    if callable(changed):
        old.__code__ = changed.__code__
    else:
        uncompiled.replace_everywhere(name, old, changed)


def prepare():
    """Let the tests use row objects, and freeze what the unchanged model does without compilation."""
    from tests import lively, rows, test_golden_lively

    uncompiled.remember("uniform4", uncompiled.model.randomness)
    uncompiled.remember("beta_quantiles", uncompiled.model.numeric)
    table, defaults, row = lively.parameter_table, rows.defaults, rows.row
    lively.parameter_table = lambda scenario: uncompiled.to_parameters(table(scenario))
    lively.build_world = uncompiled.build_world
    uncompiled.replace_everywhere("defaults", defaults, lambda **changes: uncompiled.to_row(defaults(**changes)))
    uncompiled.replace_everywhere("row", row, lambda *given, **fields: uncompiled.to_row(row(*given, **fields)))
    golden = {name: test_golden_lively.current(name) for name in lively.TILTS}
    test_golden_lively.frozen = golden.__getitem__
    lively.run.cache_clear()


def first_failure(items):
    """Run tests until one fails; return its name, or nothing. The tiny countries are forgotten afterwards if all hold."""
    from tests import lively

    for item in items:
        for report in runtestprotocol(item, log=False, nextitem=None):
            if report.failed:
                return item.nodeid
    if os.getpid() == _PARENT:
        lively.run.cache_clear()
    return ""


_PARENT = os.getpid()

if __name__ == "__main__":
    main()
