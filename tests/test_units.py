"""Units: an observable is shown alike on the terminal, in figures, in the report and by the optimisation."""

import pytest

from experiments import summary
from experiments.figures import FIGURES, policies
from experiments.figures.style import drawing
from experiments.optimise import goals
from experiments.planner import words
from experiments.texts import measured, named, speaking
from experiments.units import change_in, level_in
from model import load_observables
from tests.synthetic_result import SyntheticResult

KINDS = {  # observable -> (factor, unit of a change, unit of a level)
    "use_share": (100.0, "percentage points", "% of cases"),
    "access_share": (100.0, "percentage points", "% of citizens"),
    "trust_agency": (100.0, "points of 100", "points of 100"),
    "legitimacy": (100.0, "points of 100", "points of 100"),
    "wait_days": (1.0, "days", "days"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_unit(name):
    factor, change, level = KINDS[name]
    assert change_in(name) == (factor, change) and level_in(name) == (factor, level)


@pytest.mark.parametrize("name", load_observables())
def test_terminal_report_and_optimisation_agree(name):
    factor, unit = change_in(name)
    assert unit in summary.heading(name)
    row = {"mean_difference": 0.5, "low": 0.25, "high": 0.75}
    assert summary.interval(name, row) == f"{factor * 0.5:+.2f} [{factor * 0.25:+.2f}, {factor * 0.75:+.2f}]"
    assert words.scaled(name, 0.5) == factor * 0.5 and words.unit_of(name) == named(unit)
    assert goals.factor_and_unit(name) == (factor, unit)


def test_a_figure_shows_every_share_and_index_as_the_terminal_does(tmp_path, monkeypatch):
    monkeypatch.setattr(policies, "FOREST", ("use_share", "access_share", "trust_agency", "wait_days"))
    with drawing():
        figure, table, _ = FIGURES["policy_effects"](SyntheticResult(tmp_path))
    assert [axes.get_xlabel() for axes in figure.axes[:4]] == [KINDS[name][1] for name in policies.FOREST]
    largest = table[table["observable"] == "trust_agency"]["mean_difference"].abs().max()
    drawn = max(abs(float(line.get_xdata()[0])) for line in figure.axes[2].lines if line.get_marker() == "o")
    assert drawn == pytest.approx(100.0 * largest)


def test_percent_is_written_one_way_in_a_language():
    assert measured("1.62", "% of cases") == "1.62 % of cases" and measured("3", "days") == "3 days"
    with speaking("id"):
        assert measured("1,62", named("% of cases")) == "1,62% permohonan"
