"""Approximate Bayesian computation by sequential importance sampling, in batches of a fixed size.

Points live in normal scores: z = Phi^-1(share of the range), so that the uniform prior is a standard normal. Generation 0
is a Sobol sample of the prior. Each later generation is drawn from kernels around the weighted points found so far, and in
part from the prior again. The weight of a point is prior x likelihood over the mixture of *all* generations
(deterministic mixture), so that no run is thrown away. While few points carry the weight, the likelihood is raised to a
power below 1 (a temperature above 1), which falls generation by generation.

Sources: Toni et al. 2009 and Beaumont et al. 2009 (sequential ABC with kernels); Cornuet et al. 2012 (weights over the
mixture of all); Wilkinson 2013, Schaelte & Hasenauer 2020 (declared errors as exact acceptance, tempered); Vernon, Goldstein
& Bower 2010 (history matching).
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import qmc

PRIOR_SHARE = 0.15  # of a generation drawn from the prior, so that no part of it is given up by mistake
NOT_RULED_OUT = 3.0  # standard deviations; history matching's usual three-sigma rule
FEWEST = 12  # points that the first wave keeps at least
FINAL_SIZE = 50.0  # effective size that a posterior needs; with less its intervals are too narrow (benchmarks/recovery.py)
ESS_SHARE = 0.25  # effective size that a temperature must leave, as a share of a generation
WIDENING = 1.3  # kernels are wider than Silverman's, because weights are uneven
BLOCK = 256  # points whose density is computed at once
HIGHEST, BISECTIONS = 1e9, 50  # temperature and how finely it is sought


@dataclass
class Population:
    """All points so far: normal scores (points, factors), log-likelihoods, and the proposals that made them.

    `proposals` holds (number of points, function z -> log density) of each generation.
    """

    scores: np.ndarray
    log_likelihood: np.ndarray
    proposals: list = field(default_factory=list)

    def log_importance(self):
        """Return log of prior density over the density of the mixture of all generations."""
        counts = np.array([count for count, _ in self.proposals], float)
        densities = np.array([density(self.scores) for _, density in self.proposals])
        mixture = logsumexp(densities + np.log(counts / counts.sum())[:, None], axis=0)
        return log_prior(self.scores) - mixture

    def weights(self, temperature=1.0):
        """Return the normalised weights of all points at a temperature; points without likelihood weigh nothing."""
        logs = self.log_importance() + self.log_likelihood / temperature
        return np.exp(logs - logsumexp(logs))

    def temperature(self, wanted):
        """Return the lowest temperature >= 1 that leaves an effective size of `wanted` points."""
        importance = self.log_importance()

        def size(log_temperature):
            logs = importance + self.log_likelihood / np.exp(log_temperature)
            return effective_size(np.exp(logs - logsumexp(logs)))

        if size(0.0) >= wanted:
            return 1.0
        low, high = 0.0, float(np.log(HIGHEST))
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if size(middle) >= wanted else (middle, high)
        return float(np.exp(high))


def log_prior(scores):
    """Return the log density of the prior at normal scores of shape (points, factors)."""
    return -0.5 * np.sum(scores**2, axis=1) - 0.5 * scores.shape[1] * np.log(2.0 * np.pi)


def effective_size(weights):
    """Return the effective number of points of normalised weights (Kish)."""
    return float(1.0 / np.sum(weights**2))


def first_scores(count, factors, seed):
    """Return a scrambled Sobol sample of the prior, shape (count, factors)."""
    shares = qmc.Sobol(factors, scramble=True, rng=np.random.default_rng([seed, 0])).random(count)
    return ndtri(np.clip(shares, 1e-12, 1.0 - 1e-12))


def values_at(scores, factors):
    """Return factor -> value for each point, uniform between the bounds of the factors."""
    shares = ndtr(scores)
    return [
        {
            factor.name: float(factor.low + share * (factor.high - factor.low))
            for factor, share in zip(factors, row, strict=True)
        }
        for row in shares
    ]


@dataclass(frozen=True)
class Kernel:
    """A mixture of normal kernels around weighted centres, and the prior with a share of PRIOR_SHARE."""

    centres: np.ndarray
    weights: np.ndarray
    root: np.ndarray  # Cholesky factor of the kernels' covariance

    def draw(self, count, generator):
        """Return normal scores, shape (count, factors)."""
        chosen = generator.choice(len(self.centres), size=count, p=self.weights)
        normal = generator.standard_normal((count, self.centres.shape[1]))
        from_prior = generator.random(count) < PRIOR_SHARE
        return np.where(from_prior[:, None], normal, self.centres[chosen] + normal @ self.root.T)

    def log_density(self, scores):
        """Return the log density at scores of shape (points, factors)."""
        inverse = np.linalg.inv(self.root)
        constant = np.log(np.diag(self.root)).sum() + 0.5 * scores.shape[1] * np.log(2.0 * np.pi)
        kernels = np.empty(len(scores))
        for first in range(0, len(scores), BLOCK):  # all points at once would take memory with their square
            part = slice(first, first + BLOCK)
            apart = (scores[part, None, :] - self.centres[None, :, :]) @ inverse.T
            kernels[part] = logsumexp(-0.5 * np.sum(apart**2, axis=2) + np.log(self.weights), axis=1) - constant
        return np.logaddexp(kernels + np.log1p(-PRIOR_SHARE), log_prior(scores) + np.log(PRIOR_SHARE))


def kernel_around(scores, weights):
    """Return the Kernel of weighted points; centres that weigh next to nothing are left out."""
    kept = weights > 1e-6 * weights.max()
    scores, weights = scores[kept], weights[kept] / weights[kept].sum()
    size, factors = effective_size(weights), scores.shape[1]
    middle = weights @ scores
    spread = (scores - middle).T @ ((scores - middle) * weights[:, None]) + 1e-6 * np.eye(factors)
    width = WIDENING * (4.0 / (factors + 2.0) / max(size, 1.0)) ** (1.0 / (factors + 4.0))
    return Kernel(scores, weights, np.linalg.cholesky(width**2 * spread))


def not_ruled_out(implausibility):
    """Return which points of the first wave stay: within three standard deviations, or the nearest if they are too few."""
    sound = np.sort(implausibility[np.isfinite(implausibility)])  # a run without numbers is no centre of anything
    limit = max(NOT_RULED_OUT, float(sound[min(FEWEST, len(sound)) - 1]))
    return implausibility <= limit


def next_kernel(population, implausibility, size):
    """Return (Kernel, temperature) for the next generation.

    Parameters
    ----------
    implausibility : of all points; decides after the first wave. size : points of a generation.
    """
    if len(population.proposals) == 1:
        kept = not_ruled_out(implausibility)
        return kernel_around(population.scores[kept], np.full(kept.sum(), 1.0 / kept.sum())), float("inf")
    temperature = population.temperature(ESS_SHARE * size)
    return kernel_around(population.scores, population.weights(temperature)), temperature


def resample(weights, count, seed):
    """Return the numbers of `count` equally weighted draws: systematic resampling."""
    start = np.random.default_rng([seed, 1]).random()
    places = (start + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)
