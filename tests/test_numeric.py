"""Elementary functions against their definitions, to the stated errors."""

import math

import numpy as np
from scipy import stats

from model import numeric


def test_exponential_error_is_as_stated():
    points = np.linspace(-690, 690, 5001)
    assert max(abs(numeric.exp(x) / math.exp(x) - 1) for x in points) < 1e-12
    assert numeric.exp(0.0) == 1.0
    assert math.isfinite(numeric.exp(1e9)) and numeric.exp(-1e9) > 0.0


def test_logarithm_error_is_as_stated():
    points = np.exp(np.linspace(-600, 600, 5001))
    assert max(abs(numeric.log(x) - math.log(x)) for x in points) < 2e-13
    assert numeric.log(1.0) == 0.0


def test_power_and_logistic():
    assert abs(numeric.power(0.3, -2.0) - 0.3**-2) < 1e-10
    assert numeric.logistic(0.0) == 0.5
    assert abs(numeric.logistic(1.7) + numeric.logistic(-1.7) - 1.0) < 1e-12


def test_normal_quantile_against_scipy():
    points = np.linspace(1e-6, 1 - 1e-6, 2001)
    assert max(abs(numeric.normal_quantile(u) - stats.norm.ppf(u)) for u in points) < 1e-8


def test_beta_quantiles_have_the_wanted_moments():
    table = numeric.beta_quantiles(0.24, 0.17, 1024)
    draws = np.array([numeric.quantile(table, u) for u in (np.arange(20_000) + 0.5) / 20_000])
    assert abs(draws.mean() - 0.24) < 1e-3
    assert abs(draws.std() - 0.17) < 1e-3


def test_beta_quantiles_without_spread_are_the_mean():
    assert set(numeric.beta_quantiles(0.4, 0.0, 8)) == {0.4}


def test_radical_inverse_fills_the_interval_evenly_for_every_n():
    for size in (8, 50, 64, 100):
        points = np.sort([numeric.radical_inverse(i) for i in range(size)])
        assert np.abs(points - np.arange(size) / size).max() < 2 * math.log2(size) / size


def test_poisson_quantile_against_scipy():
    points = (np.arange(500) + 0.5) / 500
    for mean in (0.01, 0.3, 2.0, 9.0):
        assert [numeric.poisson_quantile(u, mean) for u in points] == stats.poisson.ppf(points, mean).tolist()
    assert numeric.poisson_quantile(0.999, 0.0) == 0
    assert numeric.poisson_quantile(0.999, 60.0) == 50
