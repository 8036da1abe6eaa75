"""Figures and report, drawn from a small real result."""

from dataclasses import replace

import pytest

from experiments import runner
from experiments.figures import FIGURES, available, draw_all
from experiments.figures.style import FORMATS, drawing
from experiments.progress import progress_for
from experiments.provenance import read_provenance
from experiments.report import TEXT, shown, write_report
from model import load_policy
from model.errors import InputError
from tests.worlds import SCENARIOS, small


def made(folder, replicates, policies=(), **changes):
    """Return a result of a short run of the small country."""
    scenario = replace(small().with_parameters(initial_systems=0.8, initial_data_mean=0.8), months=72, **changes)
    chosen = [load_policy(SCENARIOS / "policies" / f"{name}.toml") for name in policies]
    scenarios = [scenario, *(scenario.with_policy(policy) for policy in chosen)]
    return runner.run(scenarios, replicates, folder / "result", 1, progress_for(), chosen)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return a comparison of three policies in three replicates, with figures and report."""
    policies = ("digital-by-default", "assisted-digital", "staff-training")
    title = {"title": "Small <script>alert(1)</script>", "question": "What & how?"}
    compared = made(tmp_path_factory.mktemp("compare"), 3, policies, **title)
    draw_all(compared, compared.folder / "figures")
    write_report(compared)
    return compared


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_all_formats_numbers_and_provenance(result, name):
    folder = result.folder / "figures"
    for kind in FORMATS:
        facts = read_provenance(folder / f"{name}.{kind}")
        assert result.hash in str(facts)
    assert len((folder / f"{name}.csv").read_text().splitlines()) > 2
    assert (folder / f"{name}.txt").read_text().strip().endswith(".")


def test_figures_are_identical_when_drawn_again(result, tmp_path):
    draw_all(result, tmp_path, ["policy_effects", "adoption"])
    for name in ("policy_effects", "adoption"):
        for kind in FORMATS:
            assert (tmp_path / f"{name}.{kind}").read_bytes() == (result.folder / "figures" / f"{name}.{kind}").read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_cut_off(result, name):
    with drawing():
        figure, _, _ = FIGURES[name](result)
        figure.canvas.draw()
        page = figure.bbox
        for axes in figure.axes:
            texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
            for text in texts:
                if text.get_text() and text.get_visible() and axes.axison:
                    box = text.get_window_extent()
                    assert box.x0 >= page.x0 - 1 and box.x1 <= page.x1 + 1, text.get_text()
                    assert box.y0 >= page.y0 - 1 and box.y1 <= page.y1 + 1, text.get_text()


def test_one_replicate_is_refused(tmp_path):
    single = made(tmp_path, 1)
    with pytest.raises(InputError, match="band"):
        draw_all(single, single.folder / "figures")


def test_report_answers_first_and_is_harmless(result):
    page = (result.folder / "report.html").read_text()
    first = page.index("moves digital use most")
    assert first < page.index("<table") < page.index("<img")
    assert page.count("not prediction") >= 4
    assert "Harm: digital-by-default raises dropped cases" in page
    assert "<script" not in page and "http:" not in page and "https:" not in page
    assert "Small &lt;script&gt;" in page
    assert page.count("<figure>") == len(available(result))
    assert result.hash in page


def test_report_of_a_single_case_has_no_policy_part(tmp_path):
    single = made(tmp_path, 2)
    draw_all(single, single.folder / "figures")
    page = write_report(single).read_text()
    assert TEXT["policies"] not in page and "in the last twelve months" in page
    assert not (single.folder / "figures" / "policy_effects.png").exists()
    with pytest.raises(InputError, match="baseline"):
        draw_all(single, single.folder / "figures", ["policy_effects"])


@pytest.mark.parametrize(("value", "words"), [(0.0123, "+1.23"), (-0.00001, "0.00"), (-0.5, "-50.00")])
def test_shares_are_shown_in_percentage_points(value, words):
    assert shown("use_share", value) == words
