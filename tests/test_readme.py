"""The README is kept true: its tree exists, its policy loads, its Python runs, its commands are known."""

import re
import textwrap
from pathlib import Path

from model import load_policy, planned_cost
from tests.worlds import indonesia, small

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(containing):
    """Return the indented block of the README that contains a text."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE)
    return textwrap.dedent(next(found for found in blocks if containing in found)).strip() + "\n"


def test_every_entry_of_the_tree_exists():
    entries = [line.split()[0] for line in block("run.py          the").splitlines()]
    assert len(entries) >= 7
    assert all((ROOT / entry).exists() for entry in entries if entry != "results/")


def test_the_policy_loads_and_moves_staff_in_remote_provinces_only(tmp_path):
    file = tmp_path / "my-policy.toml"
    file.write_text(block('name = "my-policy"'))
    scenario = indonesia().with_policy(load_policy(file))
    assert planned_cost(scenario) > 0
    assert set(scenario.overlays[-1].where) == {region.name for region in indonesia().regions if region.remote}


def test_the_python_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = compile(block("from model import Simulation"), "README.md", "exec")
    exec(code, {})
    assert 0.0 < float(capsys.readouterr().out) <= 1.0


def test_commands_of_the_table_exist():
    commands = set(re.findall(r"run\.py ([a-z][a-z-]*)", README))
    source = "".join(path.read_text() for path in (ROOT / "run.py", *ROOT.glob("experiments/command_line/*_app.py")))
    assert commands and all(re.search(rf"def {command.replace('-', '_')}\b", source) for command in commands)
    assert small().name == "small"
