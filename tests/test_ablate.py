"""Ablations: one switch at a time, paired; what a mechanism contributes is with it minus without it."""

from dataclasses import replace

import pandas
import pytest

from experiments import ablate
from experiments.command_line.ablate_commands import interval
from experiments.running.runner import Options
from experiments.sweep import sweep
from model import load_scenario
from model.errors import InputError
from model.registry import load_mechanisms
from tests.fake_model import SCENARIOS
from tests.test_command_line import loket

CHOSEN = ("corruption", "awareness")


@pytest.fixture(scope="module")
def small():
    return replace(load_scenario(SCENARIOS / "small.toml"), months=60, citizens_per_office=16)


@pytest.fixture(scope="module")
def result(small, tmp_path_factory):
    study = ablate.study_of(small, [], CHOSEN, 3)
    return sweep(study, tmp_path_factory.mktemp("ablation") / "result", Options())


def test_every_mechanism_that_is_on_is_switched_off_once(small):
    study = ablate.study_of(small, [], (), 2)
    assert len(study.variants) == 1 + len(load_mechanisms())
    assert study.variants[0].build() == small
    off = [variant.build().switched_off for variant in study.variants[1:]]
    assert sorted(off) == [(name,) for name in sorted(load_mechanisms())]
    fewer = ablate.study_of(small.with_mechanisms(corruption=False), [], (), 2)
    assert len(fewer.variants) == len(study.variants) - 1
    assert all("corruption" in variant.build().switched_off for variant in fewer.variants)


def test_contribution_is_with_minus_without(result):
    table = ablate.contributions(result).set_index(["observable", "mechanism"])
    row = table.loc["bribery_share", "corruption"]
    assert row["effect"] == pytest.approx(row["with_mean"] - row["without_mean"]) and row["effect"] > 0.01
    assert row["without_mean"] < 0.01 < row["with_mean"]
    assert row["simultaneous_low"] < row["low"] < row["high"] < row["simultaneous_high"]
    assert set(table["n"]) == {3}


def test_rows_are_ordered_by_the_first_observable(result):
    table = ablate.contributions(result)
    first = table[table["observable"] == "use_share"]["effect"].abs().tolist()
    assert first == sorted(first, reverse=True)
    orders = {tuple(rows["mechanism"]) for _, rows in table.groupby("observable")}
    assert len(orders) == 1


@pytest.mark.parametrize(
    ("effect", "half", "words"),
    [(-0.0, 0.0, "0.00 [0.00, 0.00] "), (-1e-18, 2e-18, "0.00 [0.00, 0.00] "), (-0.02, 0.01, "-2.00 [-3.00, -1.00]*")],
)
def test_what_rounds_to_nothing_has_no_sign_on_the_terminal(effect, half, words):
    row = {"effect": effect, "simultaneous_low": effect - half, "simultaneous_high": effect + half}
    assert interval(row, 100.0) == words


def test_a_panel_cuts_only_what_would_flatten_the_others():
    from experiments.figures.mechanisms import edge_of

    def edge(*reach):
        return edge_of(pandas.DataFrame({"simultaneous_low": [-each for each in reach], "simultaneous_high": 0.0}))

    assert edge(7.0, 6.0, 5.0, 0.1) == 7.0
    assert edge(70.0, 6.0, 5.0, 0.1) == 5.0
    assert edge(7.0, 0.0, 0.0) == 7.0 and edge(0.0) == 1.0


def test_table_and_figures_are_written_and_a_run_repeats_from_the_result_alone(result):
    from experiments.figures.mechanisms import draw_mechanisms
    from experiments.replay import replay

    draw_mechanisms(result, ablate.write_table(result))
    assert (result.folder / "tables" / "mechanisms.csv").is_file()
    for name in ("mechanisms", "mechanisms_harm"):
        assert (result.folder / "figures" / f"{name}.png").stat().st_size > 10_000
        assert "3 pairs" in (result.folder / "figures" / f"{name}.txt").read_text()
    for run_id in result.design["run_id"][::3]:
        assert replay(result, run_id, Options())[0] == "same"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mechanism", "coruption"], ["--mechanism", "coruption", "corruption"]),
        (["--replicates", "1"], ["given '1'", "2..100000"]),
        (["--policy", "infrastructur"], ["infrastructur", "infrastructure"]),
    ],
)
def test_bad_input_is_refused(arguments, words):
    done = loket("ablate", "small", *arguments)
    assert done.returncode == 2
    for word in words:
        assert word in done.stderr


def test_a_mechanism_that_is_off_cannot_be_switched_off(small):
    with pytest.raises(InputError, match="off already"):
        ablate.study_of(small.with_mechanisms(corruption=False), [], ("corruption",), 2)
