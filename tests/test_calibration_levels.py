"""Draws of forecasts are spread evenly, so that medians and bands are those of the forecast and not of its luck."""

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from experiments.calibration import naive, scores
from experiments.calibration.levels import even_levels, even_normal

YEARS, SERIES = [2001, 2002, 2004, 2007, 2008], np.array([0.11, 0.16, 0.15, 0.31, 0.33])


class Plain:
    """A target on its own scale."""

    transformation = "identity"

    @staticmethod
    def transform(values):
        return np.asarray(values, float)


def test_every_slice_is_drawn_once_and_columns_are_unrelated():
    levels = even_levels(500, 3, [7, 1])
    assert np.sort(levels, axis=0) == pytest.approx(np.repeat((np.arange(500) + 0.5)[:, None] / 500, 3, axis=1))
    assert np.abs(np.corrcoef(levels.T) - np.eye(3)).max() < 5.0 / np.sqrt(500)
    assert np.array_equal(even_normal(500, 3, [7, 1]), norm.ppf(levels))
    assert not np.array_equal(even_levels(500, 3, [7, 2]), levels)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_naive_forecasts_have_the_median_and_band_of_their_distributions(seed):
    later = [2010, 2014]
    found = naive.forecasts(Plain(), YEARS, SERIES, later, seed)
    middle, size = naive.persistence(YEARS, SERIES, later)
    assert np.median(found["persistence"], axis=0) == pytest.approx(middle, abs=1e-9)
    assert scores.band(found["persistence"], 0.9)[1] == pytest.approx(middle + norm.ppf(0.95) * size, rel=2e-3)
    middle, size = naive.linear(YEARS, SERIES, later)
    assert np.median(found["linear"], axis=0) == pytest.approx(middle, abs=1e-9)
    low, high = scores.band(found["linear"], 0.9)
    assert (high - low) / 2.0 == pytest.approx(student.ppf(0.95, 3) * size, rel=5e-3)
