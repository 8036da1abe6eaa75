"""Figures show levels in the unit of the terminal: shares in percent, indices of 100; the tables behind them do not."""

import numpy as np
import pytest

from experiments.figures import FIGURES, data
from experiments.figures.policies import TRAJECTORIES
from experiments.figures.style import drawing
from experiments.figures.time import KINDS
from experiments.texts import speaking
from experiments.units import level_in
from tests.synthetic_result import SyntheticResult

UNITS = {"en": ("% of cases", "points of 100"), "id": ("% permohonan", "poin dari 100")}


def drawn(name, folder, language="en"):
    """Return (figure, table) of a figure of a result made by arithmetic."""
    with drawing(), speaking(language):
        figure, table, _ = FIGURES[name](SyntheticResult(folder))
        figure.canvas.draw()
    return figure, table


def line(axes, words):
    """Return the heights of the line that the legend calls so."""
    (found,) = [one for one in axes.lines if one.get_label() == words]
    return np.asarray(found.get_ydata())


@pytest.mark.parametrize("language", UNITS)
def test_every_panel_of_the_trajectories_has_its_unit(language, tmp_path):
    figure, table = drawn("trajectories", tmp_path, language)
    percent, points = UNITS[language]
    units = [axes.get_ylabel() for axes in figure.axes]
    assert units[TRAJECTORIES.index("use_share")] == units[TRAJECTORIES.index("dropped_share")] == percent
    assert units[TRAJECTORIES.index("trust_agency")] == points
    for axes, name in zip(figure.axes, TRAJECTORIES, strict=True):
        mine = table[(table["name"] == name) & (table["policy"] == "best")]
        np.testing.assert_allclose(line(axes, "best"), level_in(name)[0] * mine["mean"])
        grey = axes.collections[0].get_paths()[0].vertices[:, 1]
        band = table[(table["name"] == name) & (table["policy"] == "baseline")]
        assert grey.max() == pytest.approx(level_in(name)[0] * band["high"].max())


def test_shares_of_agents_are_in_percent_of_their_kind(tmp_path):
    figure, table = drawn("adoption", tmp_path)
    (axes,) = figure.axes
    assert axes.get_ylim() == (0.0, 100.0) and axes.get_ylabel().endswith("(%)")
    for kind, _ in KINDS:
        np.testing.assert_allclose(line(axes, kind), 100.0 * table[table["name"] == kind]["mean"])


def test_stages_fill_a_hundred_percent_and_their_borders_are_scaled_along(tmp_path):
    figure, table = drawn("stages", tmp_path)
    for axes, (_, names) in zip(figure.axes, KINDS, strict=True):
        top = axes.collections[2].get_paths()[0].vertices[:, 1].max()
        assert top == pytest.approx(100.0) and axes.get_ylim() == (0.0, 100.0)
        lowest, highest = axes.lines[0].get_ydata(), axes.lines[1].get_ydata()
        np.testing.assert_allclose(lowest, 100.0 * table[table["name"] == names[0]]["low"])
        np.testing.assert_allclose(highest, 100.0 - 100.0 * table[table["name"] == names[2]]["low"])


@pytest.mark.parametrize("language", UNITS)
def test_supply_and_use_each_say_their_unit(language, tmp_path):
    figure, table = drawn("supply_use", tmp_path, language)
    (axes,) = figure.axes
    assert axes.get_ylabel() == "; ".join(UNITS[language])
    with speaking(language):
        for name, unit in zip(("use_share", "supply_index"), UNITS[language], strict=True):
            assert data.label(name).endswith(f"({unit})")
            np.testing.assert_allclose(line(axes, data.label(name)), 100.0 * table[table["name"] == name]["mean"])


def test_use_of_groups_is_in_percent_of_cases(tmp_path):
    figure, table = drawn("divides", tmp_path)
    assert figure.axes[0].get_ylabel() == "Digital use (% of cases)"
    np.testing.assert_allclose(line(figure.axes[0], "low"), 100.0 * table[table["name"] == "skill: low"]["mean"])
    np.testing.assert_allclose(line(figure.axes[1], "rural"), 100.0 * table[table["name"] == "setting: rural"]["mean"])


@pytest.mark.parametrize("language", UNITS)
def test_colour_bar_and_tiles_of_the_map_are_in_percent_of_cases(language, tmp_path):
    figure, table = drawn("province_map", tmp_path, language)
    tiles, bar = figure.axes
    assert bar.get_xlabel().endswith(f"({UNITS[language][0]})")
    assert bar.get_xlim()[1] == pytest.approx(100.0 * table["mean"].max())
    most = f"{100.0 * table['mean'].max():.1f}".replace(".", "," if language == "id" else ".")
    assert most in [text.get_text() for text in tiles.texts]


@pytest.mark.parametrize("name", ["trajectories", "adoption", "stages", "supply_use", "divides", "province_map"])
def test_the_tables_behind_figures_keep_the_unit_of_the_registry(name, tmp_path):
    _, table = drawn(name, tmp_path)
    shares = table[table["name"].isin(["use_share", "supply_index", "trust_agency"])] if name == "trajectories" else table
    assert 0.0 < shares["mean"].max() <= 1.0


def test_a_label_breaks_between_words_and_unit():
    assert data.label_in_lines("use_share", 24) == "Digital use (% of cases)"
    assert data.label_in_lines("satisfaction", 24) == "Satisfaction with\ndigital service\n(points of 100)"
