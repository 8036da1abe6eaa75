"""Estimates from paired runs: against formulas known from elsewhere, and how often intervals hold the truth."""

import numpy as np
import pandas
import pytest
from scipy import stats

from experiments.comparison.estimate import critical_value, estimate
from experiments.comparison.ratios import (
    DOMINATED,
    EXTENDED,
    FRONTIER,
    UNDEFINED,
    WORSENS,
    acceptability,
    draws_of,
    fieller,
    frontier,
)


def made(number, more, policies, seed, share=0.9):
    """Return differences (n, K) of worth 0 that depend on a covariate, and the covariate of n + more baseline runs."""
    noise = np.random.default_rng(seed)
    covariate = noise.normal(5.0, 2.0, number + more)
    slopes = np.linspace(1.0, 2.0, policies)
    spread = 2.0 * slopes * np.sqrt((1.0 - share) / share)
    values = (covariate[:number, None] - 5.0) * slopes + spread * noise.normal(size=(number, policies))
    everywhere = pandas.DataFrame({"supply": covariate})
    return pandas.DataFrame(values, columns=[f"p{k}" for k in range(policies)]), everywhere


def test_without_more_baseline_runs_it_is_the_paired_t_interval():
    differences, everywhere = made(9, 0, 3, 1)
    found = estimate(differences, everywhere, everywhere)
    assert found.covariates == 0
    for place, name in enumerate(differences):
        low, high = stats.ttest_1samp(differences[name], 0.0).confidence_interval()
        assert found.value[place] - found.half_width()[place] == pytest.approx(low)
        assert found.value[place] + found.half_width()[place] == pytest.approx(high)
    np.testing.assert_allclose(found.covariance, differences.cov() / 9)


def test_the_regression_estimate_is_that_of_least_squares():
    differences, everywhere = made(12, 60, 1, 2)
    found = estimate(differences, everywhere[:12], everywhere)
    line = stats.linregress(everywhere["supply"][:12] - everywhere["supply"].mean(), differences["p0"])
    first = line.intercept_stderr**2
    second = line.slope**2 * everywhere["supply"].var() / 72
    assert found.value[0] == pytest.approx(line.intercept)
    assert found.covariance[0, 0] == pytest.approx(first + second)
    assert found.degrees[0] == pytest.approx((first + second) ** 2 / (first**2 / 10 + second**2 / 71))


def test_controls_remove_the_variance_they_explain():
    """With share .9 explained, n = 20 and m = 120 the variance falls to about .1 + .9 / 6, and a little for the slope."""
    errors = [
        estimate(d, e[:20], e).covariance[0, 0] / (d["p0"].var() / 20) for d, e in (made(20, 100, 1, s) for s in range(200))
    ]
    assert np.mean(errors) == pytest.approx(0.1 + 0.9 / 6, abs=0.03)


@pytest.mark.parametrize(("number", "more"), [(6, 0), (20, 100)])
def test_intervals_hold_as_often_as_they_say_one_by_one_and_all_at_once(number, more):
    """500 comparisons of four policies worth nothing: 5 % +- 3 points (three standard errors) are false."""
    single, family = 0, 0
    for seed in range(500):
        differences, everywhere = made(number, more, 4, seed, share=0.6)
        found = estimate(differences, everywhere[:number], everywhere)
        single += abs(found.value[0]) > found.half_width()[0]
        family += bool((np.abs(found.value) > critical_value(found, draws=500) * found.error).any())
    assert single / 500 == pytest.approx(0.05, abs=0.03)
    assert family / 500 == pytest.approx(0.05, abs=0.03)


def test_policies_that_are_alike_pay_little_for_being_many():
    noise = np.random.default_rng(4)
    common = noise.normal(size=(40, 1))
    alike = estimate(pandas.DataFrame(common + 1e-3 * noise.normal(size=(40, 9))))
    apart = estimate(pandas.DataFrame(noise.normal(size=(40, 9))))
    bonferroni = stats.t.ppf(1.0 - 0.025 / 9, 39)
    assert critical_value(alike) < 0.85 * bonferroni
    assert critical_value(apart) == pytest.approx(bonferroni, rel=0.03)


def test_a_contrast_is_the_estimate_of_the_contrasted_data():
    differences, everywhere = made(20, 100, 3, 5)
    found = estimate(differences, everywhere[:20], everywhere).contrast([[1.0, -1.0, 0.0]], ["p0 - p1"])
    direct = estimate((differences["p0"] - differences["p1"]).to_frame("p0 - p1"), everywhere[:20], everywhere)
    assert found.value[0] == pytest.approx(direct.value[0])
    assert found.covariance[0, 0] == pytest.approx(direct.covariance[0, 0])


def test_rounding_is_no_effect():
    same = pandas.DataFrame({"a": [0.1 + 0.2] * 6, "b": np.random.default_rng(1).normal(size=6)})
    found = estimate(same).contrast([[1.0, 0.0], [1 / 3 + 1 / 3 + 1 / 3 - 1.0, 0.0]], ["a", "nothing"])
    assert found.error[0] == 0.0 and found.value[0] == 0.1 + 0.2
    twins = estimate(pandas.DataFrame({"a": same["b"], "b": same["b"]})).contrast([[1.0, -1.0]], ["nothing"])
    assert twins.value[0] == 0.0 and twins.half_width()[0] == 0.0


def test_missing_runs_leave_their_policy_fewer_pairs_and_nan_only_where_nothing_is_known():
    differences, everywhere = made(10, 0, 2, 6)
    differences.iloc[0, 1] = np.nan
    found = estimate(differences, everywhere, everywhere)
    assert list(found.pairs) == [10, 9] and np.isfinite(found.half_width()).all()
    assert np.isnan(estimate(differences.iloc[:1]).half_width()).all()


def test_fieller_against_the_distribution_of_ratios():
    """A price of 2 with 5 % errors: the interval holds the truth in 95 % of 4,000 samples."""
    noise, inside = np.random.default_rng(7), 0
    covariance = np.array([[0.01, 0.002], [0.002, 0.0025]])
    for cost, gain in noise.multivariate_normal([2.0, 1.0], covariance, size=4000):
        _, low, high, note = fieller(cost, gain, covariance, 1e9)
        inside += note == "" and low <= 2.0 <= high
    assert inside / 4000 == pytest.approx(0.95, abs=0.011)


def test_a_price_is_refused_where_there_is_no_gain():
    assert fieller(2.0, 0.1, np.diag([0.0, 0.01]), 20)[3] == UNDEFINED
    assert fieller(2.0, -1.0, np.diag([0.0, 0.01]), 20)[3] == WORSENS
    assert all(np.isnan(fieller(2.0, -1.0, np.diag([0.0, 0.01]), 20)[:3]))


def test_frontier_by_hand():
    #        nothing, A, B (mix of A and C is better), C, D (dearer than C, gains less), E (as C)
    costs, gains = [0.0, 1.0, 3.0, 4.0, 5.0, 4.0], [0.0, 2.0, 2.5, 5.0, 4.0, 5.0]
    states, slopes = frontier(costs, gains)
    assert states == [FRONTIER, FRONTIER, EXTENDED, FRONTIER, DOMINATED, DOMINATED]
    assert slopes[1] == 0.5 and slopes[3] == 1.0 and np.isnan([slopes[0], slopes[2], slopes[4]]).all()


def test_acceptability_follows_the_worth_of_a_gain():
    noise = np.random.default_rng(9)
    gains = np.column_stack([np.zeros(5000), noise.normal(1.0, 0.1, 5000)])
    shares = acceptability(np.tile([0.0, 2.0], (5000, 1)), gains, np.array([0.0, 2.0, 5.0]))
    assert shares[0, 0] == 1.0 and shares[1, 1] == pytest.approx(0.5, abs=0.03) and shares[2, 1] > 0.99


def test_draws_have_the_mean_and_covariance_of_the_estimate():
    differences, everywhere = made(20, 100, 3, 8)
    found = estimate(differences, everywhere[:20], everywhere)
    draws = draws_of(found, 40_000)
    assert draws.mean(axis=0) == pytest.approx(found.value, abs=4 * found.error.max() / 200)
    heavier = float(np.min(found.degrees)) / (float(np.min(found.degrees)) - 2.0)
    np.testing.assert_allclose(np.cov(draws, rowvar=False), heavier * found.covariance, rtol=0.08)
