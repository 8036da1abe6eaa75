"""Figures of a calibration: the unit of each series, and a warning where no run comes near the data."""

from dataclasses import replace

import pandas
import pytest

from experiments.calibration import fit as fitting
from experiments.calibration.plan import read_calibration
from experiments.calibration.targets import FOLDER, read_target
from experiments.figures.calibration import bands, shown_in
from experiments.figures.style import drawing
from experiments.running.progress import Silent
from experiments.running.runner import Options
from tests.test_calibration_run import truth, write


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    return fitting.fit(read_calibration(write(folder)), folder / "runs", Options(), Silent)


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
