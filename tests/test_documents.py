"""The documents are kept true: generated tables are fresh, every name exists, nothing that acts is left out."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest

from experiments.documents import BLOCK, DOCUMENTS, TABLES, fresh, read_index, written_by_hand
from model import load_observables
from model.randomness import Stream
from model.registry import load_mechanisms, load_registry
from model.world import CITIZEN, LEADER, OFFICE, REGION, SERVANT

ROOT = Path(__file__).resolve().parent.parent
ODD, TRACE, PAPER = (path.read_text(encoding="utf-8") for path in DOCUMENTS)
RULES = [f"R{number}" for number in range(1, 48) if number != 20] + ["R9b", "R10b", "R19b", "R20a", "R20b", "R29b"]
OUTPUT_ONLY = {"R46", "R47"}
ODD_ELEMENTS = [
    "1 Purpose and patterns",
    "2 Entities, state variables, and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialization",
    "6 Input data",
    "7 Submodels",
]
ODD_CONCEPTS = [
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
]
TRACE_ELEMENTS = [
    "1 Problem formulation",
    "2 Model description",
    "3 Data evaluation",
    "4 Conceptual model evaluation",
    "5 Implementation verification",
    "6 Model output verification",
    "7 Model analysis",
    "8 Model output corroboration",
]


def defined(folder, skip=()):
    """Return "file.function" for every function below a folder."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and path.stem not in skip:
                names.add(f"{path.stem}.{node.name}")
    return names


FUNCTIONS = defined("model")
TESTS = {name.replace(".", "::") for name in defined("tests")}


def headings(text, level):
    """Return the headings of a level."""
    return re.findall(rf"^{'#' * level} (.+)$", text, re.MULTILINE)


def names_in(cell):
    """Return the code spans of a table's cell."""
    return re.findall(r"`([^`]+)`", cell)


def paper_rows():
    """Return the rows of the concept tables as dicts."""
    rows, keys = [], None
    for line in PAPER.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else None
        if cells is None:
            keys = None
        elif keys is None:
            keys = cells
        elif not set(line) <= set("|- "):
            rows.append(dict(zip(keys, cells, strict=True)))
    return rows


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_tables_are_fresh(path):
    text = path.read_text(encoding="utf-8")
    assert text == fresh(text), "stale: run python -m experiments.documents"


def test_every_table_is_used_and_every_block_is_closed():
    text = ODD + TRACE + PAPER
    assert {found[1] for found in BLOCK.findall(text)} == set(TABLES)
    assert text.count("<!-- generated: ") == text.count("<!-- end -->") == len(BLOCK.findall(text))


def test_odd_has_its_elements_and_concepts_by_name_and_in_order():
    hand = written_by_hand(ODD)
    assert [title for title in headings(hand, 2) if title[0].isdigit()] == ODD_ELEMENTS
    concepts = hand.partition("## 4 Design concepts")[2].partition("## 5 ")[0]
    assert headings(concepts, 3) == ODD_CONCEPTS


def test_trace_has_its_elements_by_name_and_in_order():
    assert headings(TRACE, 2)[:8] == TRACE_ELEMENTS


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_found_with_its_functions(rule):
    entry = next(entry for entry in read_index() if entry["rule"] == rule)
    functions = entry["functions"].split()
    assert functions and set(functions) <= FUNCTIONS, set(functions) - FUNCTIONS
    row = next(line for line in ODD.splitlines() if line.startswith(f"| {rule} |"))
    assert all(f"`{name}`" in row for name in functions)
    assert ("output only" in row) == (rule in OUTPUT_ONLY)
    bare = rule.rstrip("ab") if rule in ("R20a", "R20b") else rule
    assert bare in OUTPUT_ONLY or spoken_of(bare), f"{rule} is missing from the submodels"


def spoken_of(rule):
    """Tell whether a heading or bold title of the submodels names a rule, alone or in a range such as R1 to R3."""
    submodels = written_by_hand(ODD).partition("## 7 Submodels")[2]
    number, letter = re.fullmatch(r"R(\d+)([a-z]?)", rule).groups()
    if re.search(rf"\b{rule}\b", submodels):
        return True
    ranges = re.findall(r"R(\d+) to R(\d+)", submodels)
    return not letter and any(int(low) <= int(number) <= int(high) for low, high in ranges)


def test_the_index_holds_exactly_the_rules():
    assert sorted(entry["rule"] for entry in read_index()) == sorted(RULES)


def test_every_parameter_stands_in_a_formula_or_sentence():
    """Freshly generated tables do not count: what a parameter does must be written."""
    words = set(re.findall(r"[a-z_0-9]+", written_by_hand(ODD)))
    assert set(load_registry()) - words == set()


def test_every_state_variable_stands_in_a_formula_or_sentence():
    words = set(re.findall(r"[a-z_0-9]+", written_by_hand(ODD)))
    for kind in (REGION, OFFICE, LEADER, SERVANT, CITIZEN):
        assert set(kind.names) - words == set()


def test_every_stream_in_use_stands_where_it_is_drawn():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "model").rglob("*.py"))
    hand = written_by_hand(ODD)
    for stream in Stream:
        assert (f"Stream.{stream.name}" in code) == bool(re.search(rf"\b{stream.name}\b", hand)), stream.name


def test_behaviours_named_in_brackets_exist():
    names = {name for span in re.findall(r"\[((?:`[a-z_]+`(?:, )?)+)\]", ODD) for name in names_in(span)}
    known = {name.partition(".")[2] for name in FUNCTIONS}
    assert len(names) > 20 and names <= known, names - known


def test_every_concept_of_the_paper_has_a_row_whose_names_exist():
    rows = paper_rows()
    assert len(rows) > 70
    for row in rows:
        assert set(names_in(row["functions"])) <= FUNCTIONS, row
        assert set(names_in(row["parameters"])) <= set(load_registry()), row
        assert set(names_in(row["observables"])) <= set(load_observables()), row
        assert set(names_in(row["switch"])) <= set(load_mechanisms()), row
        assert set(names_in(row["test"])) <= TESTS, row


def test_a_row_is_carried_by_functions_and_a_test_or_says_why_not():
    for row in paper_rows():
        carried = names_in(row["functions"]) and names_in(row["test"])
        assert carried or "not represented: " in row["in the model"], row["concept"]


def test_every_scorecard_has_a_row():
    text = " ".join(" ".join(row.values()) for row in paper_rows())
    cards = ("pinchot_", "tapscott_", "rosenberg_", "capacity_", "legitimacy_")
    assert all(f"`{name}`" in text for name in load_observables() if name.startswith(cards))


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert project["version"] == meta["version"] and f"version: {meta['version']}\n" in citation
    assert f"date-released: {meta['dateModified']}\n" in citation and f'title: "{meta["name"]}"\n' in citation
    assert meta["license"].endswith(project["license"]) and project["description"] == meta["description"]
