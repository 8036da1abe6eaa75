"""Figures of sweeps: complete, with their numbers, identical when drawn again, right about what they show."""

import numpy as np
import pandas
import pytest

from experiments.figures import SWEEP_FIGURES, available, draw_all
from experiments.figures.style import FORMATS, drawing, new_figure
from experiments.figures.sweep import apart, draw_median_interval
from experiments.figures.sweep_data import Swept, binned, centred, name_of_factor
from experiments.running.runner import Options
from experiments.storage.provenance import read_provenance
from experiments.sweep import sweep
from model.errors import InputError
from tests.plan_makers import HEAD, make_study

FACTORS = "[factors.training_rate]\n[factors.counters]\n[factors.initial_trust]\n"
SETTINGS = "[settings]\nmonths = 24\ncitizens_per_office = 8\nservants_per_office = 2\n"


def made(folder, design, factors=FACTORS, replicates=3, head=HEAD):
    folder.mkdir(exist_ok=True)
    study = make_study(folder, design=design, factors=factors, head=head, settings=SETTINGS)
    return sweep(study, folder / "result", Options(), replicates=replicates, command=["test"])


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return a sweep of 24 points in three dimensions with its figures."""
    swept = made(tmp_path_factory.mktemp("sobol"), 'method = "sobol"\npoints = 24')
    draw_all(swept, swept.folder / "figures")
    return swept


@pytest.mark.parametrize("name", SWEEP_FIGURES)
def test_figure_has_all_formats_numbers_and_provenance(result, name):
    folder = result.folder / "figures"
    for kind in FORMATS:
        assert result.hash in str(read_provenance(folder / f"{name}.{kind}"))
    assert len((folder / f"{name}.csv").read_text().splitlines()) > 1
    assert (folder / f"{name}.txt").read_text().strip().endswith(".")


def test_figures_are_identical_when_drawn_again(result, tmp_path):
    draw_all(result, tmp_path, ["response", "heat_map"])
    for name in ("response", "heat_map"):
        for kind in FORMATS:
            assert (tmp_path / f"{name}.{kind}").read_bytes() == (result.folder / "figures" / f"{name}.{kind}").read_bytes()


@pytest.mark.parametrize("name", SWEEP_FIGURES)
def test_no_label_is_cut_off(result, name):
    with drawing():
        figure, _, _ = SWEEP_FIGURES[name](Swept(result))
        figure.draw_without_rendering()
        width, height = figure.bbox.width, figure.bbox.height
        for axes in figure.axes:
            for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
                if text.get_text():
                    box = text.get_window_extent()
                    assert box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1, text.get_text()


def test_the_response_is_the_mean_over_runs(tmp_path):
    swept = Swept(
        made(tmp_path / "grid", 'method = "grid"\nlevels = 3', "[factors.training_rate]\n[factors.initial_trust]\n")
    )
    table = binned(swept, swept.table, "initial_trust", "use_share")
    expected = swept.table.groupby("initial_trust")["use_share"].mean()
    np.testing.assert_allclose(table["mean"], expected)
    assert list(table["value"]) == list(expected.index) and (table["count"] == 3).all()


def test_one_at_a_time_shows_each_factor_alone(tmp_path):
    swept = Swept(made(tmp_path / "oat", 'method = "one-at-a-time"\nlevels = 3'))
    rows = centred(swept, swept.table, "counters")
    assert rows["training_rate"].nunique() == 1 and rows["counters"].nunique() > 2


def test_a_switch_is_drawn_off_and_on(result, monkeypatch):
    swept = Swept(result)
    swept.table = swept.table.assign(training_rate=swept.table["training_rate"] > 0.5)
    points = swept.points.assign(training_rate=swept.points["training_rate"] > 0.5)
    monkeypatch.setattr(swept, "points", points, raising=False)
    with drawing():
        figure, table, _ = SWEEP_FIGURES["response"](swept)
    assert [text.get_text() for text in figure.axes[-3].get_xticklabels()] == ["off", "on"]
    assert set(table[table["factor"] == "training_rate"]["value"]) == {0.0, 1.0}


def test_what_has_no_band_or_no_factors_is_refused(tmp_path):
    single = made(tmp_path / "single", 'method = "grid"\nlevels = 2', "[factors.training_rate]\n", replicates=1)
    with pytest.raises(InputError, match="band"):
        draw_all(single, tmp_path / "figures")
    several = made(tmp_path / "several", 'method = "replicates"', "")
    assert available(several) == ["cells", "half_width"]
    with pytest.raises(InputError, match="cannot fill"):
        draw_all(several, tmp_path / "figures", ["heat_map"])
    assert not (tmp_path / "figures").exists()


def test_the_numbers_beside_a_figure_are_those_drawn(result):
    table = pandas.read_csv(result.folder / "figures" / "response.csv")
    assert set(table["factor"]) == {"training_rate", "counters", "initial_trust"}
    assert (table["low"] <= table["mean"]).all() and (table["half_width"] >= 0).all()


def test_two_factors_are_drawn_together_only_where_the_design_combines_them(tmp_path):
    swept = made(tmp_path / "oat", 'method = "one-at-a-time"\nlevels = 3')
    assert {"response", "parallel_coordinates"} < set(available(swept)) and not {"heat_map", "interaction"} & set(
        available(swept)
    )


def test_a_map_of_sampled_points_has_no_holes_and_leaves_white_to_cells_without_runs(tmp_path):
    two = "[factors.training_rate]\n[factors.initial_trust]\n"
    swept = Swept(made(tmp_path / "sobol", 'method = "sobol"\npoints = 32', two))
    with drawing():
        figure, cells, _ = SWEEP_FIGURES["heat_map"](swept)
    assert len(cells) == 16 and cells["mean"].notna().all()
    uncertainty = figure.axes[1].collections[0]
    assert uncertainty.norm.vmin == 0.0 and max(uncertainty.cmap(0.0)[:3]) < 0.97


def test_levels_of_a_grid_are_never_pooled(tmp_path):
    two = "[factors.training_rate]\nlow = 0.0\nhigh = 1.0\n[factors.initial_trust]\nlow = 0.0\nhigh = 1.0\n"
    swept = Swept(made(tmp_path / "grid", 'method = "grid"\nlevels = 5', two, replicates=2))
    levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    with drawing():
        figure, cells, caption = SWEEP_FIGURES["heat_map"](swept)
        figure.draw_without_rendering()
        _, drawn, words = SWEEP_FIGURES["interaction"](swept)
    assert len(cells) == 25 and sorted(cells["training_rate"].unique()) == levels
    ticks = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert [float(text) for text in ticks] == levels
    assert sorted(drawn["other_value"].unique()) == [0.0, 0.5, 1.0] and sorted(drawn["value"].unique()) == levels
    assert "ranges" not in caption + words


def test_the_bars_of_a_map_stand_above_it_and_not_where_the_label_of_the_next_panel_would(result):
    with drawing():
        figure, _, _ = SWEEP_FIGURES["heat_map"](Swept(result))
        figure.draw_without_rendering()
    for bar, panel in zip(figure.axes[2:], figure.axes[:2], strict=True):
        assert bar.get_position().y0 > panel.get_position().y1
        assert bar.xaxis.label.get_text() and not bar.yaxis.label.get_text()


def test_ranges_of_sampled_factors_are_named(result):
    swept = Swept(result)
    with drawing():
        figure, _, words = SWEEP_FIGURES["interaction"](swept)
        _, _, caption = SWEEP_FIGURES["heat_map"](swept)
        _, _, response = SWEEP_FIGURES["response"](swept)
    legend = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    ends = [text.split(" to ") for text in legend]
    assert len(ends) == 3 and all(float(low) < float(high) for low, high in ends)
    assert all(float(ends[place][1]) <= float(ends[place + 1][0]) for place in (0, 1))
    assert all("In ranges that hold about the same number of runs each: " in text for text in (words, caption, response))


def test_what_does_not_vary_has_no_invented_scale(result):
    swept = Swept(result)
    swept.table = swept.table.assign(use_share=0.25)
    with drawing():
        for name, axes, along in (("heat_map", 2, "x"), ("parallel_coordinates", 1, "y")):
            figure, _, _ = SWEEP_FIGURES[name](swept)
            figure.draw_without_rendering()
            labels = getattr(figure.axes[axes], f"get_{along}ticklabels")()
            assert [text.get_text() for text in labels] == ["25"], name


def test_the_ends_of_an_axis_can_be_told_apart():
    assert apart(14.9751, 14.9802) == ("14.975", "14.98") and apart(0.0, 0.4) == ("0", "0.4") and apart(0.0, 0.0) == ("0",)


def test_the_words_of_a_long_bar_stay_clear_of_the_ends_of_the_axis():
    with drawing():
        figure, axes = new_figure(120, 85)
        axes.set(xlim=(-0.5, 5.5), ylim=(-0.1, 1.1))
        end = axes.annotate("60.521886", (2, 1.0), (0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=6)
        draw_median_interval(axes, 1.75, 0.5)
        figure.canvas.draw()
        assert not axes.texts[-1].get_window_extent().overlaps(end.get_window_extent())


def test_a_mechanism_is_not_taken_for_the_lever_of_its_name():
    assert name_of_factor("mechanisms.training") == "Training (mechanism)"


def used(result):
    """Return a sweep whose digital use rises with training and differs by replicate: in two years there is hardly any."""
    swept = Swept(result)
    use = 0.1 + 0.3 * swept.table["training_rate"] + 0.02 * swept.table["replicate"]
    swept.table = swept.table.assign(use_share=use)
    return swept


def heights(axes):
    return axes.lines[0].get_ydata().astype(float)


def test_a_sweep_shows_levels_as_the_terminal_does(result):
    swept = used(result)
    with drawing():
        figure, table, _ = SWEEP_FIGURES["response"](swept)
        alone, _, _ = SWEEP_FIGURES["interaction"](swept)
    table = table.query("observable == 'use_share' and factor == 'training_rate'")
    assert 0.1 < table["mean"].min() < table["mean"].max() < 0.5
    for one in (figure, alone):
        assert one.axes[0].get_ylabel() == "Digital use (% of cases)"
        np.testing.assert_allclose(heights(one.axes[0]), 100.0 * table["mean"])


def test_colour_bars_and_ends_of_axes_are_scaled_along(result):
    swept = used(result)
    with drawing():
        figure, cells, _ = SWEEP_FIGURES["heat_map"](swept)
        parallel, means, _ = SWEEP_FIGURES["parallel_coordinates"](swept)
    (level, width), (lines, right) = figure.axes[2:], parallel.axes
    assert level.get_xlabel() == "mean: Digital use (% of cases)" and width.get_xlabel().endswith("(percentage points)")
    assert level.get_xlim() == pytest.approx((100.0 * cells["mean"].min(), 100.0 * cells["mean"].max()))
    assert width.get_xlim()[1] == pytest.approx(100.0 * cells["half_width"].max())
    ends = 100.0 * means["use_share"].min(), 100.0 * means["use_share"].max()
    assert right.get_ylabel() == "Digital use (% of cases)" and right.get_ylim() == pytest.approx(ends)
    assert set(apart(*ends)) < {text.get_text() for text in lines.texts}


def test_a_half_width_is_in_points_and_its_target_scaled_along(result):
    swept = used(result)
    swept.plan = {**swept.plan, "target": {"observables": ["use_share"], "half_width": 0.0125}}
    with drawing():
        figure, table, _ = SWEEP_FIGURES["half_width"](swept)
    lines = {one.get_label(): one.get_ydata() for one in figure.axes[0].lines}
    assert figure.axes[0].get_ylabel().split("\n")[-1] == "(percentage points)" and set(lines["target"]) == {1.25}
    np.testing.assert_allclose(lines["widest of all points"], 100.0 * table["widest"])
    assert 0.0 < table["widest"].max() < 0.2
