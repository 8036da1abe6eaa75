"""Figures and report, drawn from a small real result."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from experiments.figures import FIGURES, NEED_LEVERS, available, draw_all
from experiments.figures.policies import look_of
from experiments.figures.style import FORMATS, drawing
from experiments.planner.words import shown
from experiments.report import write_report
from experiments.running import runner
from experiments.running.progress import progress_for
from experiments.storage.provenance import read_provenance
from experiments.texts import say, speaking
from model import load_policy
from model.errors import InputError
from tests.synthetic_result import SyntheticResult
from tests.worlds import SCENARIOS, small

ANYWHERE = [name for name in FIGURES if name not in NEED_LEVERS]  # what a comparison of policies can fill


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


@pytest.mark.parametrize("name", ANYWHERE)
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


def texts_of(axes):
    """Return the visible texts of one panel, tick labels included."""
    found = list(axes.texts)
    for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        found += [axis.label, *(text for tick in ticks for text in (tick.label1, tick.label2))]
    found += [axes.title] if axes.axison else []
    return [text for text in found if text.get_visible() and text.get_text()]


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    """Return ten policies in six replicates over 34 provinces, without a model."""
    return SyntheticResult(tmp_path_factory.mktemp("synthetic"))


@pytest.mark.parametrize(("source", "language"), [("result", "en"), ("synthetic", "en"), ("synthetic", "id")])
@pytest.mark.parametrize("name", ANYWHERE)
def test_no_text_is_cut_off_or_under_a_legend_or_another_title(name, source, language, request):
    with drawing(), speaking(language):
        figure, _, _ = FIGURES[name](request.getfixturevalue(source))
        figure.canvas.draw()
        page = figure.bbox
        texts = [text for axes in figure.axes for part in (axes, *axes.child_axes) for text in texts_of(part)]
        titles = [axes.title.get_window_extent() for axes in figure.axes if axes.get_title()]
        assert not any(left.overlaps(right) for left, right in itertools.combinations(titles, 2))
        legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
        for text in texts:
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1 and box.x1 <= page.x1 + 1, text.get_text()
            assert box.y0 >= page.y0 - 1 and box.y1 <= page.y1 + 1, text.get_text()
            for legend in legends:
                assert not box.overlaps(legend.get_window_extent()), text.get_text()


def test_both_panels_of_divides_show_their_lines_whole(synthetic):
    figure, table, _ = FIGURES["divides"](synthetic)
    for axes in figure.axes:
        assert axes.get_ylim()[0] == 0.0 and axes.get_ylim()[1] >= table["high"].max()


def test_half_width_on_the_map_is_that_of_the_t_interval(synthetic):
    _, table, _ = FIGURES["province_map"](synthetic)
    expected = t.ppf(0.975, 5) * table["std"] / np.sqrt(6)
    np.testing.assert_allclose(table["half_width"], expected)
    assert len(table) == 34


def test_a_map_of_few_provinces_stays_small(tmp_path):
    figure, table, _ = FIGURES["province_map"](SyntheticResult(tmp_path, scenario_file="small.toml"))
    assert len(table) == 4 and figure.get_figheight() < 4.0


def test_policies_differ_in_more_than_colour():
    looks = [look_of(number) for number in range(12)]
    assert len({(look["marker"], str(look["linestyle"])) for look in looks}) == 12


def test_a_policy_alone_is_not_called_baseline(tmp_path):
    alone = SyntheticResult(tmp_path, worth={"best": {"use_share": 0.1}})
    captions = [FIGURES[name](alone)[2] for name in available(alone)]
    assert all("policy best" in caption and "baseline" not in caption for caption in captions)


def test_moves_of_an_incomplete_year_are_shown_as_a_year(tmp_path):
    _, table, _ = FIGURES["flows"](SyntheticResult(tmp_path, months=30))
    last = table[(table["name"] == "office: forward") & (table["month"] == 30)]["mean"].item()
    before = table[(table["name"] == "office: forward") & (table["month"] == 24)]["mean"].item()
    assert last == pytest.approx(2 * before, rel=0.1)  # as many moves in half the time


def test_a_policy_without_finished_runs_is_refused(tmp_path):
    broken = SyntheticResult(tmp_path, months=12)
    broken.design.loc[broken.design["policy"] == "little", "status"] = "failed"
    with pytest.raises(InputError, match="band"):
        draw_all(broken, tmp_path)


def test_one_replicate_is_refused(tmp_path):
    single = made(tmp_path, 1)
    with pytest.raises(InputError, match="band"):
        draw_all(single, single.folder / "figures")


def test_report_answers_first_and_is_harmless(result):
    page = (result.folder / "report.html").read_text()
    assert page.index("moves digital use most") < page.index("<img") < page.index("<table")
    assert page.count("not prediction") >= 4
    assert "<li>Digital by default raises dropped cases" in page
    assert "<script" not in page and "http:" not in page and "https:" not in page
    assert "Small &lt;script&gt;" in page
    assert page.count("<figure>") == len(available(result))
    assert result.hash in page


def test_report_of_a_single_case_has_no_policy_part(tmp_path):
    single = made(tmp_path, 2)
    draw_all(single, single.folder / "figures")
    page = write_report(single).read_text()
    assert say("table.effects.title") not in page and "in the last twelve months" in page
    assert not (single.folder / "figures" / "policy_effects.png").exists()
    with pytest.raises(InputError, match="baseline"):
        draw_all(single, single.folder / "figures", ["policy_effects"])


@pytest.mark.parametrize(("value", "words"), [(0.0123, "+1.23"), (-0.00001, "0.00"), (-0.5, "-50.00")])
def test_shares_are_shown_in_percentage_points(value, words):
    assert shown("use_share", value) == words
