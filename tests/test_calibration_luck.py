"""How much of a run's likelihood is luck: measured on runs of one point, told to the user, smaller in larger worlds."""

import numpy as np
import pandas
import pytest

from experiments.calibration import errors
from experiments.calibration.commands import MOST_LUCK, say_luck
from experiments.calibration.fit import REPEATS, fit, luck
from experiments.calibration.plan import read_calibration
from experiments.calibration.posterior import central
from experiments.running.progress import Silent
from experiments.running.runner import Options
from model import load_observables, load_scenario, simulate
from tests.test_calibration_run import FACTORS, TARGET, loket, truth, write

HEAD = 'schema = 1\nkind = "calibration"\nname = "luck"\nscenario = "small"\ntargets = ["access.toml"]\nseed = 9\n'
SETTINGS = "[settings]\nmonths = 72\ncitizens_per_office = {people}\nservants_per_office = 2\n"
SIZES = "[calibration]\nfirst = 64\nsize = 24\ngenerations = 2\n"
POINTS = 112


def plan_of(folder, people, more=""):
    text = HEAD + SETTINGS.format(people=people) + SIZES + "[split]\nlast = 1\n" + FACTORS + more
    return write(folder, target=TARGET.replace("drift_sd = 0.03", "drift_sd = 0.01"), plan=text)


def test_luck_is_the_spread_of_the_log_likelihood_over_runs_of_the_middle_point(tmp_path):
    plan = read_calibration(plan_of(tmp_path, 16))
    found = fit(plan, tmp_path / "runs", Options(1), Silent)
    settings = {"months": 72, "citizens_per_office": 16, "servants_per_office": 2, "seed": 9}
    case = load_scenario("scenarios/small.toml", **settings).with_parameters(**central(found))
    column, target = list(load_observables()).index("access_share"), plan.targets[0]
    years = sorted(truth())[:-1]  # the last is left out
    observed = target.transform(np.array([truth()[year] for year in years]) / 100.0)
    by_hand = []
    for number in range(POINTS, POINTS + REPEATS):
        access = simulate(case, number).series[:, column]
        model = target.transform(np.array([access[12 * (year - 2009)] for year in years]))
        by_hand.append(errors.log_likelihood(target, years, (observed - model)[None])[0])
    assert luck(found)["all"] == pytest.approx(np.std(by_hand, ddof=1), rel=1e-6)
    assert luck(found) == {"access": luck(found)["all"], "all": luck(found)["all"]}


def test_repeats_are_no_points_of_the_posterior(tmp_path):
    found = fit(read_calibration(plan_of(tmp_path, 16)), tmp_path / "runs", Options(1), Silent)
    assert len(found.values) == len(found.weights) == len(found.run_ids) == POINTS
    assert len(set(found.repeats) - set(found.run_ids)) == REPEATS
    assert len(found.result.design) == POINTS + REPEATS


def test_a_larger_world_has_less_luck_and_a_lucky_one_is_told(tmp_path):
    sizes, outputs = {}, {}
    for people in (8, 256):
        folder = tmp_path / str(people)
        folder.mkdir()
        code, outputs[people] = loket("calibrate", plan_of(folder, people), "--runs", folder / "runs", "--workers", 1)
        assert code == 0, outputs[people]
        table = pandas.read_csv(folder / "runs" / "calibration" / "luck.csv").set_index("target")
        sizes[people] = table.loc["all", "log_likelihood_sd"]
        assert table.loc["all", "runs"] == REPEATS
        assert "citizens_per_office makes larger worlds" in outputs[people]  # errors are small here
        assert f"differs by {sizes[people]:.2f} (sd)" in outputs[people]
    assert sizes[256] < 0.5 * sizes[8]


def test_only_much_luck_is_remarked_on(capsys):
    said = {}
    for size in (float("nan"), 0.9 * MOST_LUCK, 1.1 * MOST_LUCK):
        say_luck(size, 1.0)
        said[size] = capsys.readouterr().out
    unknown, little, much = said.values()
    assert "not known" in unknown and "differs by 1.35" in little
    assert "note" not in unknown + little and "note: that is much, so that few runs count" in much
    say_luck(1.1 * MOST_LUCK, 2.0)
    assert "shifts a widened posterior" in capsys.readouterr().out
