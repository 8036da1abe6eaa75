"""The guide to sweeps is kept true: its plan loads, its one-line readers read, its commands exist."""

import re
import textwrap
from pathlib import Path

import duckdb
import pandas
import polars
import pytest

from experiments.methods import IN_PLACE_OF_DESIGN
from experiments.outcomes import write_outcomes
from experiments.plans.designs import METHODS as MADE
from experiments.plans.plan_file import METHODS, read_plan
from experiments.running.runner import Options
from experiments.sweep import study_of, sweep
from tests.plan_makers import make_study

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "sweeps.md").read_text()
LINES = re.findall(r"^    ((?:pandas|polars|duckdb)\..*)$", GUIDE, re.MULTILINE)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return a tiny sweep with its table of outcomes."""
    folder = tmp_path_factory.mktemp("reading")
    made = sweep(make_study(folder), folder / "result", Options(), command=["test"])
    write_outcomes(made)
    return made


@pytest.mark.parametrize("line", LINES)
def test_one_line_reads_the_table(result, line):
    names = {"pandas": pandas, "polars": polars, "duckdb": duckdb}
    exec(f"table = {line.replace('RESULT', str(result.folder))}", names)
    table = names["table"]
    assert table.shape[0] == (18 if "outcomes" in line else 18 * 3)
    assert {"run_id", "use_share"} <= set(table.columns)
    assert "duckdb" not in line or "training_rate" in table.columns


def test_the_readers_are_those_of_the_guide():
    assert len(LINES) == 4


def test_the_plan_of_the_guide_loads(tmp_path):
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", GUIDE, re.MULTILINE)
    text = textwrap.dedent(next(block for block in blocks if 'kind = "plan"' in block)).strip() + "\n"
    (tmp_path / "plan.toml").write_text(text)
    study = study_of(read_plan(tmp_path / "plan.toml"))
    assert study.left_out > 0 and study.variants and study.plan.method == "sobol"


def test_the_methods_of_the_guide_are_those_of_the_code():
    table = re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.MULTILINE)
    made = tuple(method for method in MADE if method not in IN_PLACE_OF_DESIGN)  # which have tables and guides of their own
    assert tuple(table) == tuple(METHODS) == made


def test_the_commands_of_the_guide_exist():
    source = "".join(path.read_text() for path in (ROOT / "run.py", *ROOT.glob("experiments/command_line/*_app.py")))
    commands = set(re.findall(r"run\.py ([a-z]+)", GUIDE))
    assert commands >= {"plan", "sweep", "verify", "replay", "merge", "export", "slurm"}
    assert all(f"def {command}(" in source for command in commands)
