"""Figures of policies at the edges of their layout: long names, small sums, the marks of a language."""

import itertools

import pytest

from experiments.figures import FIGURES
from experiments.figures.style import drawing
from experiments.texts import named, speaking
from tests.synthetic_result import WORTH, SyntheticResult

JOINED = "leadership-development+staff-training+infrastructure"
FEW = {name: WORTH[name] for name in ("baseline", "best", "slow", "backward")} | {JOINED: {"use_share": 0.05}}


def cheap(folder, share):
    """Return a result whose policies cost a share of what they do."""
    result = SyntheticResult(folder, worth=FEW)
    result.__dict__["design"] = result.design.assign(planned_cost=share * result.design["planned_cost"])
    return result


@pytest.mark.parametrize("name", ["policy_effects", "gap_effects", "months_to_target"])
def test_joined_names_break_between_names_and_do_not_run_into_others(name, tmp_path):
    with drawing():
        figure, _, _ = FIGURES[name](SyntheticResult(tmp_path, worth=FEW))
        figure.canvas.draw()
    labels = [label for label in figure.axes[0].get_yticklabels() if label.get_text()]
    (joined,) = [label.get_text() for label in labels if "infrastructure" in label.get_text()]
    assert joined.split("\n") == ["leadership-development +", "staff-training +", "infrastructure"]
    boxes = [label.get_window_extent() for label in labels]
    assert not any(above.overlaps(below) for above, below in itertools.combinations(boxes, 2))


@pytest.mark.parametrize(("share", "unit"), [(1.0, "trillion"), (9e3 / 5e6, "billion"), (9.0 / 5e6, "million")])
@pytest.mark.parametrize("language", ["en", "id"])
def test_money_on_the_plane_is_in_the_unit_that_fits_and_ticks_stand_apart(share, unit, language, tmp_path):
    with drawing(), speaking(language):
        figure, _, _ = FIGURES["price_plane"](cheap(tmp_path, share))
        figure.canvas.draw()
        assert figure.axes[0].get_ylabel() == named(f"cost over the run (Rp {unit})")
    for axes in figure.axes:
        low, high = axes.get_xlim()
        ticks = [tick.label1 for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        assert 3 <= len(ticks) <= 7
        boxes = [label.get_window_extent() for label in ticks]
        assert not any(left.overlaps(right) for left, right in itertools.combinations(boxes, 2))
        assert 0.5 < max(abs(value) for value in axes.get_ylim()) < 1500.0


def test_the_scale_of_the_map_has_the_marks_of_the_language(tmp_path):
    result = SyntheticResult(tmp_path)
    result.__dict__["groups"] = result.groups.assign(use_share=0.02 * result.groups["use_share"])
    with drawing(), speaking("id"):
        figure, _, _ = FIGURES["province_map"](result)
        figure.canvas.draw()
        words = " ".join(label.get_text() for label in figure.axes[-1].get_xticklabels())
    assert "0,2" in words and "." not in words
