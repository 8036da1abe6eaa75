"""Promises about the source: sizes, sources of rules, use of every parameter, banned constructs."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from model import load_observables, load_registry
from model.observables import OBSERVABLES
from model.positions import LOST
from model.scorecards import FIRST_SCORE, TAPSCOTT_PARTICIPATION

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    [
        *ROOT.glob("model/**/*.py"),
        *ROOT.glob("experiments/**/*.py"),
        *ROOT.glob("benchmarks/*.py"),
        *ROOT.glob("tests/*.py"),
        ROOT / "run.py",
    ]
)
RULES = sorted(ROOT.glob("model/rules/*.py"))


def functions(path):
    """Return the function definitions of a file."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_names_its_source_and_takes_few_inputs(path):
    for rule in functions(path):
        assert "Source:" in (ast.get_docstring(rule) or ""), rule.name
        scalars = [argument.arg for argument in rule.args.args if argument.arg != "p"]
        assert len(scalars) <= 6, rule.name


def test_every_parameter_is_used_and_every_use_is_declared():
    code = "\n".join(path.read_text() for path in ROOT.glob("model/**/*.py"))
    used = set(re.findall(r"\b(?:p|people)(?:\.|\[\")([a-z_]+)", code)) | set(
        re.findall(r'"civil_servants_per_office"', code)
    )
    registry = load_registry()
    prices = {entry.cost for entry in registry.values() if entry.cost} | {"civil_servants_per_office"}
    declared = set(registry)
    assert declared - used - prices == set()
    text = "\n".join(path.read_text() for path in [*RULES, *ROOT.glob("model/behaviours/*.py")])
    assert set(re.findall(r"\bp\.([a-z_]+)", text)) <= declared


def test_observables_are_declared_in_the_order_in_which_they_are_filled():
    assert tuple(load_observables()) == OBSERVABLES
    assert LOST + 1 == FIRST_SCORE
    assert len(OBSERVABLES) == TAPSCOTT_PARTICIPATION + 1


def test_schedule_and_its_description_agree():
    """The phases in the docstring of the month are the calls of `simulate_month`, in number."""
    tree = ast.parse((ROOT / "model/month.py").read_text())
    phases = re.findall(r"^\d+ (\w+)", ast.get_docstring(tree), re.MULTILINE)
    month = next(node for node in tree.body if getattr(node, "name", "") == "simulate_month")
    calls = [node.value.func.id for node in month.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    assert len(phases) == len(calls) == 8


@pytest.mark.parametrize(
    "word", ["fast" + "math", "import " + "pickle", "np.random." + "seed", "ev" + "al(", "parallel=" + "True"]
)
def test_banned_constructs_are_absent(word):
    for path in [*ROOT.glob("model/**/*.py"), *ROOT.glob("experiments/**/*.py")]:
        assert word not in path.read_text(), path


def test_observables_are_filled_by_name_and_not_by_number():
    files = [*ROOT.glob("model/*.py")]
    assert not [file.name for file in files if re.search(r"\bout\[\d", file.read_text())]


def test_every_module_of_the_model_has_its_place_in_the_contracts():
    """Agents and simulation are the shell that knows Mesa."""
    contracts = {
        entry["name"]: entry
        for entry in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    }
    modules = {path.stem for path in ROOT.glob("model/*.py")} | {
        path.parent.name for path in ROOT.glob("model/*/__init__.py")
    }
    modules -= {"__init__"}
    layers = " | ".join(contracts["Inside the model"]["layers"]).split(" | ")
    without_mesa = {name.removeprefix("model.") for name in contracts["Mesa stays in the shell"]["source_modules"]}
    assert sorted(layers) == sorted(modules)
    assert without_mesa - {"experiments"} == modules - {"agents", "simulation"}


def test_only_figures_draw():
    """Everything else may hand tables to `experiments.figures`, and must not import matplotlib itself."""
    files = [file for file in (ROOT / "experiments").rglob("*.py") if "figures" not in file.parts]
    assert len(files) > 20
    assert not [file.name for file in files if re.search(r"^\s*(import|from) matplotlib", file.read_text(), re.MULTILINE)]
