"""What a calibration leaves in its folder: all of one posterior, with its width, and nothing of an earlier one."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.calibration.posterior import width
from tests.test_calibration_run import loket, truth, write


def found_in(folder):
    return {path.name for path in (folder / "calibration").rglob("*.*")}


def test_scores_of_an_earlier_posterior_do_not_stand_beside_a_later_one(tmp_path):
    runs = tmp_path / "runs"
    assert loket("validate", write(tmp_path), "--runs", runs, "--workers", 1)[0] == 0
    assert {"held_out.csv", "validation.csv", "pairs.png"} <= found_in(runs)
    (runs / "calibration" / "notes.csv").write_text("mine")
    plan = write(tmp_path, split="last = 0", values={year: value + 1.0 for year, value in truth().items()})
    plan.write_text(plan.read_text().partition("[factors.coverage_growth]")[0])
    assert loket("calibrate", plan, "--runs", runs, "--workers", 1)[0] == 0
    left = found_in(runs)
    assert not {"held_out.csv", "validation.csv", "pairs.png", "pairs.txt"} & left
    assert {"fit.csv", "fit.png", "posterior.csv", "notes.csv"} <= left and loket("verify", runs)[0] == 0
    text = (runs / "calibration" / "trial-calibrated.toml").read_text()
    assert "# Effective size" in text


@pytest.mark.parametrize(("temperature", "words"), [(1.0, "of the declared errors"), (12.276, "1 / 12.3")])
def test_the_width_of_a_posterior_is_said(temperature, words):
    fit = SimpleNamespace(weights=np.full(4, 0.25), temperature=temperature)
    assert width(fit).startswith("Effective size 4") and words in width(fit)


def test_a_folder_for_predictions_that_is_not_there_is_told_before_anything_runs(tmp_path):
    options = ("--predict", "2015", "--out", tmp_path / "no" / "p.csv", "--runs", tmp_path / "runs")
    code, output = loket("validate", write(tmp_path), *options)
    assert code == 2 and "no such folder" in output and "--out" in output and not (tmp_path / "runs").exists()
