"""The paper pack: complete, the same bytes twice, at the widths of journals, never without uncertainty."""

import json
import re

import pytest
from typer.testing import CliRunner

import run
from experiments.figures.style import JOURNALS
from experiments.paper.methods import ALWAYS, BY_METHOD, REFERENCES, SENSITIVITY, chance_words, salib_words
from experiments.storage.provenance import read_provenance
from tests.known_functions import layout_of
from tests.plan_makers import HEAD, SETTINGS
from tests.test_sensitivity_run import plan_at

TEN_MONTHS = SETTINGS.replace("months = 2", "months = 10")


def loket(*arguments):
    outcome = CliRunner().invoke(run.app, list(map(str, arguments)))
    return outcome.exit_code, outcome.output


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    plan = plan_at(folder, 'method = "one-at-a-time"\nsize = 3\nlevels = 3')
    code, output = loket("paper", plan, "--journal", "ieee", "--out", folder / "one", "--runs", folder, "--workers", 1)
    assert code == 0, output
    return folder, plan


def test_a_second_build_has_the_same_bytes(pack):
    folder, plan = pack
    assert loket("paper", plan, "--journal", "ieee", "--out", folder / "two", "--runs", folder, "--workers", 1)[0] == 0
    first, second = (
        {path.relative_to(base): path.read_bytes() for path in base.rglob("*") if path.is_file()}
        for base in (folder / "one", folder / "two")
    )
    assert first == second and len(first) > 15


def test_the_pack_holds_captions_methods_references_and_provenance(pack):
    home = pack[0] / "one"
    methods, references = (home / "methods.md").read_text(), (home / "references.bib").read_text()
    cited = set(re.findall(r"@([a-z]+\d{4})", methods))
    assert cited == set(re.findall(r"@\w+\{(\w+),", references)) and "tenbroeke2016" in cited
    assert "do not predict" in methods and "share of variance due to the seed" in methods
    assert "figure tornado-wait_days" in (home / "captions.md").read_text()
    contents = json.loads((home / "paper.json").read_text())
    assert contents["journal"] == "ieee" and "figures/tornado-wait_days.pdf" in contents["files"]
    assert r"\bottomrule" in (home / "tables" / "factors.tex").read_text()
    for kind in ("pdf", "svg", "png"):
        assert read_provenance(home / "figures" / f"tornado-wait_days.{kind}")["figure"] == "tornado-wait_days"
    assert (home / "figures" / "tornado-wait_days.csv").is_file()


def test_figures_have_the_width_of_the_journal(pack):
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", (pack[0] / "one" / "figures" / "tornado-wait_days.pdf").read_bytes())
    assert abs(float(box.group(1)) / 72.0 * 25.4 - JOURNALS["ieee"][0]) < 0.1


def test_any_single_figure_is_drawn_from_the_result(pack):
    result = pack[0] / "sensitivity-test"
    code, names = loket("figures", result, "--list")
    assert code == 0 and "tornado-total_cost" in names.split()
    assert loket("figures", "tornado-total_cost", "--from", result)[0] == 0
    assert (result / "sensitivity" / "figures" / "tornado-total_cost.svg").is_file()
    code, output = loket("figures", "tornado-totalcost", "--from", result)
    assert code == 2 and "did you mean 'tornado-total_cost'" in output
    code, output = loket("figures", "--list")
    assert code == 0 and "policy_effects" in output and "drivers-OUTCOME" in output


def test_a_figure_without_uncertainty_is_refused(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text(HEAD.replace("replicates = 2", "replicates = 1") + TEN_MONTHS + '[design]\nmethod = "replicates"\n')
    code, output = loket("paper", path, "--out", tmp_path / "pack", "--runs", tmp_path)
    assert code == 2 and "needs a band" in output and not (tmp_path / "pack").exists()


def test_a_folder_with_other_things_is_left_alone(pack, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    code, output = loket("paper", pack[1], "--out", tmp_path, "--runs", pack[0], "--workers", 1)
    assert code == 2 and "not a pack" in output and [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_every_reference_that_may_be_cited_exists():
    known = set(re.findall(r"@\w+\{(\w+),", REFERENCES.read_text()))
    assert known >= {*ALWAYS, *SENSITIVITY, *(key for keys in BY_METHOD.values() for key in keys)}


@pytest.mark.parametrize(
    ("method", "cites"), [("one-at-a-time", False), ("regional", False), ("pawn", True), ("sobol", True)]
)
def test_the_paragraph_claims_no_agreement_with_salib_that_is_not_tested(method, cites):
    assert ("herman2017" in salib_words(method)) == cites


@pytest.mark.parametrize(("method", "words"), [("pawn", "under 2 seeds"), ("one-at-a-time", "same 6"), ("sobol", "varies")])
def test_the_paragraph_says_how_chance_is_known(method, words):
    assert words in chance_words(layout_of(method, 3, size=6 if method == "one-at-a-time" else 64))
