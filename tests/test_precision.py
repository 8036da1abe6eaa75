"""Replicates by target: enough, not more than needed, within bounds, and explained."""

import itertools

import numpy as np
import pandas
import pytest
from scipy.stats import t

import model
from experiments.command_line.sweep_commands import read_target
from experiments.outcomes import joined, summarise
from experiments.precision import Target, explain, needed, run_to_target, widths
from experiments.running.runner import Options
from experiments.sweep import sweep
from model.errors import InputError
from tests.plan_makers import HEAD, make_study
from tests.test_sweep import loket, write_plan

ONE = "[factors.counters]\nvalues = [1, 2]\n"
POLICY = 'policies = ["staff-training"]\n[settings]\nmonths = 60\n'


def study_of(folder):
    return make_study(folder, design='method = "grid"', factors=ONE, head=HEAD, settings=POLICY)


@pytest.mark.parametrize("spread,half_width", [(1.0, 0.5), (0.01, 0.004), (3.0, 0.31)])
def test_the_number_needed_is_the_first_that_is_enough(spread, half_width):
    number = needed(spread, half_width, 10_000)
    width = [t.ppf(0.975, n - 1) * spread / np.sqrt(n) for n in (number - 1, number)]
    assert width[1] <= half_width < width[0]
    assert needed(spread, half_width, 7) <= 7 and needed(0.0, 1.0, 50) == 2


def test_batches_are_added_until_the_interval_is_narrow_enough(quick, tmp_path):
    study, asked = study_of(tmp_path), []

    def run(number):
        asked.append(number)
        return sweep(study, tmp_path / "r", Options(), replicates=number)

    target = Target(0.12, ("use_share",), False, 5, 500)
    result, history = run_to_target(run, target)
    table = widths(joined(result), target)
    assert table["half_width"].max() <= 0.12 < history["half_width"].iloc[-2]
    assert asked == list(history["replicates"]) and asked[0] == 5
    assert all(later <= 2 * earlier for earlier, later in itertools.pairwise(asked))
    assert len(quick) == 4 * asked[-1], "no run was repeated"
    words = explain(history, target)
    assert f"{asked[-1]} replicates are enough" in words and "use_share" in words and "standard deviation" in words


def test_the_upper_bound_is_kept_and_said(quick, tmp_path):
    study = study_of(tmp_path)
    target = Target(1e-6, ("use_share",), False, 3, 8)
    result, history = run_to_target(lambda n: sweep(study, tmp_path / "r", Options(), replicates=n), target)
    assert result.design["replicate"].max() == 7 and "are not enough" in explain(history, target)


def test_paired_differences_need_fewer_replicates(quick, tmp_path):
    """Chance is shared by the policies of the arithmetic model, so that the difference is always the same."""
    study = study_of(tmp_path)
    target = Target(1e-6, ("use_share",), True, 3, 8)
    result, history = run_to_target(lambda n: sweep(study, tmp_path / "r", Options(), replicates=n), target)
    assert list(history["replicates"]) == [3]
    table = widths(joined(result), target)
    assert set(table["policy"]) == {"staff-training"} and np.allclose(table["mean"], 0.25)


def test_a_failed_run_is_never_taken_for_precision(quick, tmp_path, monkeypatch):
    study, simulate = study_of(tmp_path), model.simulate

    def fragile(scenario, replicate):
        if replicate == 1:
            raise ZeroDivisionError
        return simulate(scenario, replicate)

    monkeypatch.setattr(model, "simulate", fragile)
    target = Target(10.0, ("use_share",), False, 4, 8)
    result, history = run_to_target(lambda n: sweep(study, tmp_path / "r", Options(), replicates=n), target)
    assert history.empty and "could not be judged" in explain(history, target)
    assert (result.design["status"] == "failed").sum() == 4


def test_points_that_share_draws_count_once():
    """Ten points that move together are one sample of the replicate, not ten."""
    noise = np.random.default_rng(3).normal(size=6)
    rows = [{"status": "ok", "policy": "a", "point": p, "replicate": r, "y": noise[r]} for p in range(10) for r in range(6)]
    found = summarise(pandas.DataFrame(rows), ["y"], ["policy"]).iloc[0]
    assert found["count"] == 6
    assert found["half_width"] == pytest.approx(t.ppf(0.975, 5) * noise.std(ddof=1) / np.sqrt(6))


@pytest.mark.parametrize(
    "arguments,word",
    [
        ((5, 0.1, None, False, 10, 100), "--half-width"),
        (("auto", None, ["use_share"], False, 10, 100), "--half-width"),
        (("auto", 0.1, None, False, 10, 100), "--on"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(arguments, word):
    with pytest.raises(InputError, match=word):
        read_target(*arguments)


@pytest.mark.parametrize(
    "options,word",
    [(["--on", "use_shar"], "did you mean 'use_share'"), (["--on", "use_share", "--paired"], "no policy"),
     (["--on", "use_share", "--shard", "1/2"], "shard"), (["--on", "use_share", "--at-most", "5"], "--at-most")],
)  # fmt: skip
def test_the_command_refuses_what_it_cannot_do(tmp_path, options, word):
    path = write_plan(tmp_path)
    done = loket("sweep", path, "--replicates", "auto", "--half-width", "0.1", *options, folder=tmp_path)
    assert done.returncode == 2 and word in done.stderr, done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["plan.toml"]


@pytest.mark.parametrize("plan", ["assumptions-morris", "discover-small"])
def test_plans_whose_points_have_seeds_of_their_own_are_refused(tmp_path, plan):
    """Seeds move with the number of replicates there, so every batch would compute nearly everything anew."""
    done = loket("sweep", plan, "--replicates", "auto", "--half-width", "0.1", "--on", "use_share", folder=tmp_path)
    assert done.returncode == 2 and "--replicates" in done.stderr and "compute everything anew" in done.stderr
    assert not list(tmp_path.iterdir())
