"""Contrasts of small sweeps: paired, between policies or along the last factor; figures complete; plans name figures."""

import itertools
import shutil
from pathlib import Path

import numpy as np
import pandas
import pytest
from scipy import stats

from experiments import contrasts as paired
from experiments.command_line import commands
from experiments.figures import CELL_FIGURES, available, data, draw_all
from experiments.figures.style import FORMATS, drawing
from experiments.figures.sweep_data import Swept
from experiments.plans.plan_file import PLANS, read_plan
from experiments.storage.provenance import read_provenance
from experiments.storage.rows import design
from experiments.sweep import study_of
from model.errors import InputError
from tests.plan_makers import HEAD, write_plan
from tests.test_sweep_figures import made

ROOT = Path(__file__).resolve().parent.parent
TWO = "[factors.awareness_external]\nvalues = [0.03, 0.05]\n[factors.counters]\nvalues = [1, 4, 8]\n"
POLICIES = HEAD + 'policies = ["staff-training", "ease-of-use"]\nheadline = ["use_share", "wait_days"]\n'
PLAN_FILES = sorted(PLANS.glob("e*.toml"))


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    return made(tmp_path_factory.mktemp("grid"), 'method = "grid"', TWO)


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    factors = "[factors.counters]\nvalues = [1, 4]\n"
    return made_long(tmp_path_factory.mktemp("policies"), factors)


def made_long(folder, factors, design='method = "grid"', head=POLICIES):
    """Policies begin in 2014, so the run must reach it."""
    from experiments.running.runner import Options
    from experiments.sweep import sweep
    from tests.plan_makers import make_study

    settings = "[settings]\nmonths = 72\ncitizens_per_office = 8\nservants_per_office = 2\n"
    study = make_study(folder, design=design, factors=factors, head=head, settings=settings)
    return sweep(study, folder / "result", Options(), replicates=4, command=["test"])


def test_along_the_last_factor_others_are_equal_and_differences_paired(grid):
    swept = Swept(grid)
    table = paired.contrasts(swept, ["wait_days"])
    assert len(table) == 2 * 2 and set(table["n"]) == {3}
    row = table[(table["awareness_external"] == 0.05) & (table["counters"] == 8)].iloc[0]
    rows = swept.table[swept.table["awareness_external"] == 0.05].set_index(["counters", "replicate"])["wait_days"]
    expected = stats.ttest_rel(rows[8], rows[1])
    assert row["difference"] == pytest.approx((rows[8] - rows[1]).mean())
    assert (row["low"], row["high"]) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert row["contrast"] == "counters 8 - 1"
    assert table.iloc[0][["change", "change_low", "change_high"]].tolist() == [0.0, 0.0, 0.0]


def test_policies_are_compared_in_all_pairs_at_every_point(policies):
    swept = Swept(policies)
    table = paired.contrasts(swept, ["use_share"])
    assert len(table) == 2 * 3
    wide = paired.wide_tables(swept, "use_share")
    expected = (wide["ease-of-use"][1] - wide["staff-training"][1]).mean()
    row = table[(table["contrast"] == "ease-of-use - staff-training") & (table["counters"] == 4)].iloc[0]
    assert row["difference"] == pytest.approx(expected)
    first = table[(table["contrast"] == row["contrast"]) & (table["counters"] == 1)].iloc[0]
    assert row["change"] == pytest.approx(row["difference"] - first["difference"])


def test_cells_hold_the_spread_over_seeds_with_its_interval(grid):
    table = paired.cells(Swept(grid), ["use_share", "wait_days"])
    assert len(table) == 2 * 6 and list(table["observable"])[:6] == ["use_share"] * 6
    chosen = table[table["std"] > 0]
    assert ((chosen["std_low"] < chosen["std"]) & (chosen["std"] < chosen["std_high"])).all()
    np.testing.assert_allclose(table["high"] - table["mean"], table["half_width"])


def test_figures_of_cells_are_complete(policies, grid):
    assert set(CELL_FIGURES) <= set(available(policies))
    assert "contrasts" in available(grid) and "paths" not in available(grid)
    for result, names in ((policies, list(CELL_FIGURES)), (grid, ["cells", "contrasts"])):
        draw_all(result, result.folder / "figures", names)
        for name in names:
            for kind in FORMATS:
                assert result.hash in str(read_provenance(result.folder / "figures" / f"{name}.{kind}"))
            assert len(pandas.read_csv(result.folder / "figures" / f"{name}.csv")) > 1


def test_a_plan_names_its_figures(tmp_path):
    plan = read_plan(write_plan(tmp_path, head=HEAD + 'figures = ["cells", "response"]\n'))
    assert plan.figures == ("cells", "response")
    with pytest.raises(InputError, match="nearest|did you mean|cells"):
        read_plan(write_plan(tmp_path, head=HEAD + 'figures = ["cell"]\n'))


@pytest.mark.parametrize("path", PLAN_FILES, ids=lambda path: path.stem)
def test_named_experiments_can_be_built_and_their_policies_cost_what_they_say(path):
    study = study_of(read_plan(path))
    assert study.plan.name == path.stem and study.plan.question.endswith("?") and study.plan.reference
    rows = design(study.variants, 1)
    assert len(rows) == len(study.points["point"]) * (1 + len(study.policies))
    if path.stem.startswith(("e2-", "e8-")):
        costs = [row.planned_cost for row in rows if row.policy != "baseline"]
        assert max(costs) == pytest.approx(min(costs), rel=0.001)


def test_all_eleven_experiments_are_there():
    assert {path.stem.split("-")[0].rstrip("bc") for path in PLAN_FILES} == {f"e{number}" for number in range(1, 12)}


def test_scenarios_and_switches_are_named_in_their_rows(tmp_path):
    text = (
        (ROOT / "scenarios" / "small.toml")
        .read_text()
        .replace('name = "small"', 'name = "other"')
        .replace("seed = 1", "seed = 2")
    )
    (tmp_path / "other.toml").write_text(text)
    shutil.copy(ROOT / "scenarios" / "small_provinces.csv", tmp_path)
    head = HEAD.replace('scenario = "small"', 'scenarios = ["small", "other.toml"]')
    swept = Swept(made(tmp_path, 'method = "grid"', "[factors.mechanisms.training]\n", head=head))
    with drawing():
        for name, expected in (("cells", 4), ("contrasts", 2)):
            figure, _, caption = CELL_FIGURES[name](swept)
            labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
            assert len(labels) == len(set(labels)) == expected and "small, other, 4 points, 12 runs" in caption
    assert sorted(labels) == ["other: mechanism training on against off", "small: mechanism training on against off"]


FOUR = (
    "citizen_skill_mean,citizen_threshold,access_contagion,counters\n"
    "0.4,0.1,0.5,2\n0.4,0.1,0.5,2\n0.55123,-0.12345,0.712345,4\n0.4,0.1,0.5,2\n"
)


@pytest.fixture(scope="module")
def repeated(tmp_path_factory):
    """Return a sweep over a file of four factors that holds one of its two points three times, as draws of a posterior."""
    folder = tmp_path_factory.mktemp("repeated")
    (folder / "points.csv").write_text(FOUR)
    head = HEAD + 'policies = ["digital-by-default-assisted"]\nheadline = ["use_share", "wait_days"]\n'
    return made_long(folder, "", 'method = "csv"\nfile = "points.csv"', head)


def test_equal_points_share_a_row(repeated, grid):
    swept = Swept(repeated)
    with drawing():
        for name, expected in (("cells", 4), ("contrasts", 2)):
            figure, table, caption = CELL_FIGURES[name](swept)
            labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
            assert len(labels) == len(set(labels)) == expected and len(table) == 2 * expected
            assert caption.endswith("Equal points share a row.")
            assert "share a row" not in CELL_FIGURES[name](Swept(grid))[2]


@pytest.mark.parametrize("name", ["cells", "contrasts"])
def test_labels_of_four_factors_lie_apart(repeated, name):
    with drawing():
        figure, _, _ = CELL_FIGURES[name](Swept(repeated))
        figure.canvas.draw()
    labels = figure.axes[0].get_yticklabels()
    boxes = sorted((text.get_window_extent() for text in labels), key=lambda box: box.y0)
    assert all(lower.y1 < upper.y0 for lower, upper in itertools.pairwise(boxes))
    assert all(0 <= box.x0 and box.y0 >= 0 and box.y1 <= figure.bbox.height for box in boxes)
    assert max(text.get_text().count("\n") for text in labels) == 2
    assert all("digital-by-default-assisted" in text.get_text() for text in labels if "baseline" not in text.get_text())


def test_the_years_of_paths_are_whole(policies, monkeypatch):
    monkeypatch.setattr(data, "years", lambda swept, months: 2005 + np.asarray(months) / 6.0)
    with drawing():
        figure, _, _ = CELL_FIGURES["paths"](Swept(policies))
        figure.canvas.draw()
    for axes in figure.axes:
        ticks = axes.get_xticks()
        assert len(ticks) > 3 and (ticks == np.round(ticks)).all()
        assert "percentage points" in figure.axes[0].get_ylabel()


def test_any_figure_that_is_listed_can_be_drawn_by_its_name(repeated, capsys):
    commands.figures(repeated.folder, (), list_names=True)
    assert "contrasts" in capsys.readouterr().out.split()
    commands.figures(repeated.folder, ("contrasts",), list_names=False)
    assert (repeated.folder / "figures" / "contrasts.png").is_file()
