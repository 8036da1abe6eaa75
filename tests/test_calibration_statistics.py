"""The statistics of calibration on problems whose answer is known."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal, norm

from experiments.calibration import errors, naive, particles, predictive, rivals, scores

SEED = 5
FACTORS = [SimpleNamespace(name="a", low=-4.0, high=6.0), SimpleNamespace(name="b", low=0.0, high=10.0)]


def target(**changes):
    known = dict(level_sd=0.0, trend_sd=0.0, drift_sd=0.3, drift_years=6.0, measurement_sd=0.2, survey_sd=0.0, weight=1.0)
    more = dict(survey_shift={}, transformation="identity", years=(2000, 2010))
    made = SimpleNamespace(**{**known, **more, **changes})
    made.transform = made.back = lambda values: np.asarray(values, float)
    return made


@dataclass(frozen=True)
class Made:
    """A target on its own scale, with only the errors that a test gives it."""

    drift_sd: float
    measurement_sd: float
    drift_years: float = 6.0
    level_sd: float = 0.0
    trend_sd: float = 0.0
    survey_sd: float = 0.0
    years: tuple = (2000, 2010)
    survey_shift: dict = field(default_factory=dict)
    transformation: str = "identity"

    def transform(self, values):
        return np.asarray(values, float)

    back = transform

    def known_shift(self, years):
        return np.zeros(len(years))


def sampled(log_likelihood, generations=4, size=400):
    """Return the population of a sequential run on a function of the values of both factors."""
    scores_of = particles.first_scores(512, 2, SEED)
    population, apart = particles.Population(scores_of, np.empty(0), [(512, particles.log_prior)]), None
    for generation in range(generations + 1):
        if generation:
            kernel, _ = particles.next_kernel(population, apart, size)
            drawn = kernel.draw(size, np.random.default_rng([SEED, generation]))
            population.scores = np.vstack([population.scores, drawn])
            population.proposals.append((size, kernel.log_density))
        values = np.array([list(row.values()) for row in particles.values_at(population.scores, FACTORS)])
        population.log_likelihood = log_likelihood(values)
        apart = np.sqrt(-2.0 * population.log_likelihood)
    return population, values


def test_sequential_sampling_finds_a_known_normal_posterior():
    middle, spread = np.array([1.0, 6.0]), np.array([[0.09, 0.05], [0.05, 0.06]])
    inverse = np.linalg.inv(spread)
    population, values = sampled(lambda x: -0.5 * np.einsum("ij,jk,ik->i", x - middle, inverse, x - middle))
    weights = population.weights(population.temperature(particles.FINAL_SIZE))
    assert population.temperature(particles.FINAL_SIZE) == 1.0
    assert particles.effective_size(weights) > 300
    assert weights @ values == pytest.approx(middle, abs=0.05)
    apart = values - weights @ values
    assert apart.T @ (apart * weights[:, None]) == pytest.approx(spread, abs=0.02)


def test_two_modes_are_both_found_with_their_shares():
    modes = [(0.3, [-2.0, 2.0]), (0.7, [4.0, 8.0])]

    def log_likelihood(x):
        return np.log(sum(share * multivariate_normal(mode, 0.2).pdf(x) for share, mode in modes) + 1e-300)

    population, values = sampled(log_likelihood)
    assert population.weights()[values[:, 0] > 1.0].sum() == pytest.approx(0.7, abs=0.06)


def test_kernels_are_densities():
    points = particles.first_scores(64, 2, SEED)
    kernel = particles.kernel_around(points, np.full(64, 1 / 64))
    grid = np.stack(np.meshgrid(*2 * [np.linspace(-8, 8, 161)]), axis=-1).reshape(-1, 2)
    assert np.exp(kernel.log_density(grid)).sum() * 0.1**2 == pytest.approx(1.0, abs=1e-3)


def test_without_data_the_posterior_is_the_prior():
    population, values = sampled(lambda x: np.zeros(len(x)))
    chosen = particles.resample(population.weights(), 500, SEED)
    assert kstest((values[chosen, 0] + 4.0) / 10.0, "uniform").pvalue > 0.001


def test_runs_without_numbers_weigh_nothing():
    population, values = sampled(lambda x: np.where(x[:, 0] > 0, -0.5 * (x[:, 1] - 5) ** 2, -np.inf))
    assert population.weights()[values[:, 0] <= 0].sum() == 0.0


def test_a_temperature_leaves_the_size_that_was_asked_for():
    scores_of = particles.first_scores(256, 1, SEED)
    population = particles.Population(scores_of, -500.0 * scores_of[:, 0] ** 2, [(256, particles.log_prior)])
    assert particles.effective_size(population.weights()) < 40
    temperature = population.temperature(40.0)
    assert temperature > 1.0
    assert particles.effective_size(population.weights(temperature)) == pytest.approx(40.0, abs=0.5)


def test_likelihood_is_that_of_a_multivariate_normal():
    years, mine = [2000, 2003, 2004], target(level_sd=0.5)
    residuals = np.array([[0.1, -0.2, 0.3], [0.0, 0.0, 0.0]])
    apart = np.abs(np.subtract.outer(years, years))
    whole = 0.25 + 0.09 * np.exp(-apart / 6.0) + 0.04 * np.eye(3)
    assert errors.log_likelihood(mine, years, residuals) == pytest.approx(
        multivariate_normal(np.zeros(3), whole).logpdf(residuals)
    )
    half = target(level_sd=0.5, weight=0.5)
    assert errors.log_likelihood(half, years, residuals) == pytest.approx(errors.log_likelihood(mine, years, residuals) / 2)


def test_forecast_is_the_conditional_distribution():
    """Means and variances of a forecast are those of a large sample of the declared process near the given residuals."""
    mine, fitted, ahead = target(level_sd=0.4), [2000, 2002], [2003]
    years = fitted + ahead
    whole = errors.covariance(mine, years) + 0.04 * np.eye(3)
    sample = np.random.default_rng(SEED).multivariate_normal(np.zeros(3), whole, 400_000)
    near = np.abs(sample[:, :2] - [0.3, 0.5]).max(axis=1) < 0.05
    found = errors.forecast(mine, fitted, np.array([[0.3, 0.5]]), ahead)
    assert found.shift[0, 0] == pytest.approx(sample[near, 2].mean(), abs=0.02)
    assert found.covariance[0, 0] == pytest.approx(sample[near, 2].var(), rel=0.05)


def test_a_forecast_far_ahead_forgets_the_drift_but_not_the_level():
    near, far = (errors.forecast(target(level_sd=0.4), [2000], np.array([[1.0]]), [year]) for year in (2001, 2200))
    assert far.shift[0, 0] == pytest.approx(0.16 / (0.16 + 0.09 + 0.04))
    assert near.covariance[0, 0] < far.covariance[0, 0]


def test_the_band_of_a_fit_is_the_forecast_from_the_other_years():
    mine, years = target(level_sd=0.4), [2000, 2003, 2005, 2010]
    residuals = np.array([[0.2, -0.1, 0.5, 0.3], [0.0, 0.1, 0.2, 0.9]])
    found = errors.leave_one_out(mine, years, residuals)
    for place, year in enumerate(years):
        others = [number for number in range(4) if number != place]
        known = errors.forecast(mine, [years[number] for number in others], residuals[:, others], [year])
        assert found.shift[:, place] == pytest.approx(known.shift[:, 0])
        assert found.covariance[place, place] == pytest.approx(known.covariance[0, 0])


def test_weights_without_a_point_are_those_of_a_posterior_that_never_had_it():
    """Three points with a common unknown mean: what the other two say of one is a normal around their mean."""
    grid = np.linspace(-8.0, 8.0, 4001)
    points = np.array([-0.5, 0.3, 1.8])
    likely = -0.5 * (points[None, :] - grid[:, None]) ** 2
    weights = np.exp(likely.sum(axis=1) - 0.02 * grid**2)
    for place in range(3):
        others = [number for number in range(3) if number != place]
        wanted = np.exp(likely[:, others].sum(axis=1) - 0.02 * grid**2)
        found = predictive.without(weights / weights.sum(), likely[:, place])
        assert np.cumsum(found) == pytest.approx(np.cumsum(wanted / wanted.sum()), abs=0.015)  # far tails are cut


def test_rivals_of_a_new_province_know_the_others_and_how_far_provinces_differ():
    mine = Made(drift_sd=0.1, measurement_sd=0.1)
    fitted = {"a": ([2000, 2001, 2002], np.array([1.0, 2.0, 3.0])), "b": ([2001, 2002], np.array([4.0, 5.0]))}
    years, means, apart = rivals.mean_of_provinces(mine, fitted)
    assert years == [2000, 2001, 2002] and means.tolist() == [1.0, 3.0, 4.0] and apart == pytest.approx(np.sqrt(2.0))
    found = rivals.of_others(mine, fitted, [2001, 2004], SEED)
    assert {"persistence", "linear", rivals.STILL} <= set(found)
    for sample in found.values():
        assert np.median(sample[:, 0]) == pytest.approx(3.0, abs=0.1)
        assert sample[:, 0].std() == pytest.approx(apart, rel=0.05)
    assert np.median(found["persistence"][:, 1]) == pytest.approx(4.0, abs=0.15)
    assert found["persistence"][:, 1].std() > apart  # the spread of a walk comes to it


def test_a_straight_line_promises_what_it_holds():
    generator, held = np.random.default_rng(SEED), 0
    for number in range(1000):
        series = generator.standard_normal(6)
        sample = naive.forecasts(Made(0.1, 0.1), list(range(2000, 2005)), series[:5], [2005], number)["linear"]
        low, high = scores.band(sample, 0.9)
        held += low[0] <= series[5] <= high[0]
    assert held / 1000 == pytest.approx(0.9, abs=0.04)


def test_a_trend_carries_on_where_a_drift_fades():
    """Without other errors the forecast is the line through the points; its spread grows with the years from the first."""
    mine = target(trend_sd=0.5, drift_sd=0.0, measurement_sd=1e-4)
    found = errors.forecast(mine, [2002, 2004], np.array([[0.2, 0.4]]), [2010, 2020])
    assert found.shift[0] == pytest.approx([1.0, 2.0], abs=1e-4)
    assert np.diag(errors.covariance(mine, [2000, 2010])) == pytest.approx([0.0, 25.0])


def test_a_survey_of_which_nothing_is_known_moves_one_year_and_is_not_carried_on():
    mine = target(drift_sd=1e-9, level_sd=1.0, measurement_sd=1e-3, survey_sd=0.5, survey_shift={2000: 0.3, 2002: -0.1})
    whole = errors.covariance(mine, [2000, 2004]) + errors.noise(mine, [2000, 2004])
    assert np.diag(whole) == pytest.approx([1.0, 1.25], abs=1e-5) and whole[0, 1] == pytest.approx(1.0)
    found = errors.forecast(mine, [2000, 2004], np.array([[0.0, 0.9]]), [2006])
    assert found.shift[0, 0] == pytest.approx(0.0, abs=1e-4)  # the known year decides, the odd survey is set aside
    assert found.covariance[0, 0] == pytest.approx(0.25, abs=1e-4)


def test_errors_without_the_model_carry_the_mean_on_and_a_lasting_drift_the_last_value():
    """With noise alone the forecast is the mean of the fitted points; with a random walk it is the last of them."""
    years, values = [2000, 2001, 2002, 2003], np.array([0.0, 0.2, 0.1, 0.5])
    noisy = Made(drift_sd=1e-9, measurement_sd=0.1)
    far = predictive.still(
        Made(drift_sd=5.0, drift_years=2.0, measurement_sd=1.0), years, 100.0 + 10.0 * values, [2030], SEED
    )
    assert np.median(far) == pytest.approx(102.0, abs=1.5)
    walk = Made(drift_sd=50.0, drift_years=1000.0, measurement_sd=1e-6)
    assert np.median(predictive.still(noisy, years, values, [2006], SEED)) == pytest.approx(0.2, abs=0.01)
    draws = predictive.still(walk, years, values, [2004], SEED)
    step = 50.0 * np.sqrt(2 * (1 - np.exp(-1 / 1000)))
    assert abs(np.median(draws) - 0.5) < 0.1 and draws.std() == pytest.approx(step, rel=0.05)


def test_crps_of_a_normal():
    draws = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    exact = 2 * norm.pdf(0.7) + 0.7 * (2 * norm.cdf(0.7) - 1) - 1 / np.sqrt(np.pi)
    assert scores.crps(draws, np.array([0.7]))[0] == pytest.approx(exact, abs=1e-3)


def test_scores_of_a_perfect_and_of_a_wrong_forecast():
    draws = np.random.default_rng(SEED).normal(0.5, 0.01, (1000, 4))
    good, bad = scores.score(draws, np.full(4, 0.5)), scores.score(draws, np.full(4, 0.9))
    assert good["inside_50"] == 1.0 and bad["inside_90"] == 0.0
    assert good["crps"] < 0.01 < bad["crps"] and bad["rmse"] == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("name", ["logistic", "bass"])
def test_curves_find_the_curve_that_made_the_data(name):
    years = list(range(2000, 2012))
    times = np.arange(1, 13.0)
    truth = {"logistic": naive.logistic_curve((0.8, 8.0, 0.4), np.arange(1, 16.0)),
             "bass": naive.bass_curve((0.9, 0.01, 0.4), np.arange(1, 16.0))}[name]  # fmt: skip
    mine = target(transformation="logit")
    mine.transform = lambda share: np.log(np.maximum(share, 1e-9) / np.maximum(1 - share, 1e-9))
    mine.back = lambda z: 1 / (1 + np.exp(-z))
    found = naive.forecasts(mine, years, truth[: len(times)], [2012, 2014], SEED)
    assert np.median(found[name], axis=0) == pytest.approx(truth[[12, 14]], abs=0.02)


def test_naive_forecasts_by_hand():
    years, values = [2000, 2001, 2002, 2003, 2004], np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    mean, sd = naive.persistence(years, values, [2006])
    assert mean[0] == 0.4 and sd[0] == pytest.approx(0.1 * np.sqrt(2))
    mean, sd = naive.linear(years, values, [2006])
    assert mean[0] == pytest.approx(0.6) and sd[0] == pytest.approx(0.0, abs=1e-9)
