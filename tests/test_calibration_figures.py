"""Figures of a calibration: the unit of each series, and a warning where no run comes near the data."""

from dataclasses import replace

import pandas
import pytest

from experiments.calibration import fit as fitting
from experiments.calibration.output import tables_of
from experiments.calibration.plan import read_calibration
from experiments.calibration.posterior import scenario_text
from experiments.calibration.targets import FOLDER, read_target
from experiments.figures.calibration import bands, marginals, pairs, shown_in
from experiments.figures.style import drawing
from experiments.running.progress import Silent
from experiments.running.runner import Options
from tests.test_calibration_run import truth, write


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    return fitting.fit(read_calibration(write(folder)), folder / "runs", Options(), Silent)


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """Return the fit of a series of one point, nothing left out."""
    folder = tmp_path_factory.mktemp("single")
    path = write(folder, split="", values={2014: truth()[2014]})
    path.write_text(path.read_text().replace("[split]\n", ""))
    return fitting.fit(read_calibration(path), folder / "runs", Options(), Silent)


def drawn(found, near=0.5):
    with drawing():
        return bands(found, {"generations": pandas.DataFrame({"share_not_ruled_out": [0.0, near]})})


def test_a_share_is_drawn_in_percent_and_its_axis_says_so(found):
    figure, table, _ = drawn(found)
    axes = figure.axes[0]
    assert axes.get_ylabel() == "%"
    points = [line for line in axes.lines if line.get_label() == "fitted"][0]
    assert points.get_ydata() == pytest.approx([truth()[2010 + year] for year in range(4)])
    middle = [line for line in axes.lines if line.get_label().startswith("fit,")][0]
    assert middle.get_ydata() == pytest.approx(100 * table[table["kind"] == "fit"]["median"])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_series_has_a_unit(path):
    factor, unit = shown_in(read_target(path))
    assert unit and (factor == 100.0) == unit.startswith("%")


def test_a_series_without_a_unit_has_that_of_its_observable():
    target = read_target(FOLDER / "indonesia-osi.toml")
    assert shown_in(target) == (1.0, "index, 0 to 1")  # the scale on which it is published
    assert shown_in(replace(target, unit="")) == (100.0, "points of 100")
    assert shown_in(replace(target, unit="", observable="use_share")) == (100.0, "% of cases")


@pytest.mark.parametrize("near", [0.0, 0.5])
def test_a_fit_that_no_run_comes_near_is_not_called_one(found, near):
    _, _, caption = drawn(found, near)
    assert caption.startswith("No run comes near the data: ") == (near == 0.0)
    assert "Published values (points)" in caption


def test_a_series_of_one_year_has_an_axis_of_years_around_it(single):
    figure, _, _ = drawn(single)
    figure.canvas.draw()
    (axes,) = figure.axes
    assert axes.get_xlim() == (2013.0, 2015.0) and axes.get_xticks().tolist() == [2013, 2014, 2015]


def test_a_legend_names_only_what_is_drawn(single, found):
    for fit, words in ((single, {"fit, 50 and 90 %", "fitted"}), (found, {"fit, 50 and 90 %", "fitted", "left out",
                       "forecast, 50 and 90 %"})):  # fmt: skip
        figure, _, _ = drawn(fit)
        assert {text.get_text() for text in figure.legends[0].get_texts()} == words


@pytest.mark.parametrize(("made", "kind"), [("single", "fit"), ("found", "forecast")])
def test_a_single_year_has_bars_of_50_and_of_90_percent_and_its_median(made, kind, request):
    figure, table, _ = drawn(request.getfixturevalue(made))
    axes, row = figure.axes[0], table[table["kind"] == kind].iloc[0]
    bars = [bar for bar in axes.collections if len(bar.get_paths()[0].vertices) == 2]
    ends = [sorted(bar.get_paths()[0].vertices[:, 1]) for bar in bars]
    expected = [(row["low_90"], row["high_90"]), (row["low_50"], row["high_50"])]
    assert ends == [pytest.approx([100 * low, 100 * high]) for low, high in expected]
    assert bars[0].get_linewidth() < bars[1].get_linewidth()
    (mark,) = [line for line in axes.lines if line.get_marker() == "_"]
    assert mark.get_ydata() == pytest.approx([100 * row["median"]])


@pytest.mark.parametrize("temperature", [1.0, 24.31])
def test_captions_say_when_the_posterior_was_widened_and_by_how_much(found, temperature):
    fit = replace(found, temperature=temperature)
    frames = tables_of(fit)
    with drawing():
        captions = [kind(fit, frames)[2] for kind in (marginals, pairs, bands)]
    words = "the likelihood counts as to the power 1 / 24.3 (temperature)."
    assert all((words in text) == (temperature > 1.0) for text in [*captions, scenario_text(fit)])
    assert any("wider" in text for text in captions) == (temperature > 1.0)
