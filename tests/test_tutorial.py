"""The tutorial is kept true: its files are written, its commands run in an empty folder, its output is what they say."""

import re
import time

from typer.testing import CliRunner

import run
from experiments.figures import style
from experiments.storage.provenance import ROOT

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PARTS = re.compile(r"```(?P<kind>\w+)\n(?P<text>.*?)```|^ {4}(?P<command>run\.py [^\n]*)$", re.DOTALL | re.MULTILINE)
SECONDS = 60.0  # of the processor; it takes about a quarter


def steps():
    """Return what the page asks for in its order: ("file", name, text), ("command", words) and ("shown", lines)."""
    for part in PARTS.finditer(PAGE):
        if part["command"]:
            yield "command", part["command"].split()[1:]
        elif part["kind"] == "text":
            yield "shown", part["text"].splitlines()
        else:
            names = re.findall(rf"as\s+`([a-z]+\.{part['kind']})`", PAGE[: part.start()])
            yield "file", names[-1], part["text"]


def test_every_step_of_the_tutorial(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(style, "FORMATS", ("png",))  # the page needs no more, and it is drawn twice
    begun, said, done, unchecked = time.process_time(), "", [], []
    for kind, *what in steps():
        if kind == "file":
            (tmp_path / what[0]).write_text(what[1], encoding="utf-8")
        elif kind == "command":
            more = ["--workers", "1"] if what[0][0] == "compare" else []
            outcome = CliRunner().invoke(run.app, [*what[0], *more], env={"COLUMNS": "200"})
            assert outcome.exit_code == 0, f"{what[0]}: {outcome.output}"
            said, done = said + outcome.output, [*done, what[0][0]]
        else:
            unchecked += [line for line in what[0] if line not in said]
            said = ""
    assert unchecked == []
    assert set(done) == {"check", "compare", "report", "verify"}
    page = (tmp_path / "results" / "lakeland" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="id">' in page and "Helpers beside the counters" in page and page.count("<figure>") > 10
    assert time.process_time() - begun < SECONDS


def test_the_tutorial_tells_the_questions_of_the_report():
    from experiments.texts import say

    assert all(f"| {say(f'{key}.question')} |" in PAGE for key in ("lever", "cost", "behind", "sure", "depends"))
