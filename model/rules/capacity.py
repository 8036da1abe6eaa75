"""Capacity, necessary conditions, readiness (R1 to R3, R11)."""

from model.compiled import compiled
from model.numeric import clip, exp, log, power


@compiled
def capacity_next(level, spending, p):
    """Return a capacity dimension (0-1) one month on: it grows by spending on what is missing and wears out.

    K' = K + eta * spending * (1 - K) - delta * K, `spending` in budget units net of the island multiplier.
    Source: assumption, see capacity_growth and capacity_depreciation; a saturating stock with depreciation.
    """
    return clip(level + p.capacity_growth * spending * (1.0 - level) - p.capacity_depreciation * level)


@compiled
def ces_term(level, exponent):
    """Return one term of a CES mean; levels below 1e-6 count as 1e-6, so that a missing condition blocks but stays finite.

    Source: constant elasticity of substitution (Arrow, Chenery, Minhas & Solow 1961).
    """
    level = max(level, 1e-6)
    return log(level) if abs(exponent) < 1e-3 else power(level, exponent)


@compiled
def ces_mean(mean_of_terms, exponent):
    """Return the CES mean whose terms (see `ces_term`) have this plain mean.

    Exponent 1 is the average, near 0 the geometric, -1 the harmonic mean; the lower, the nearer to the weakest link.
    Source: Arrow et al. 1961; complements because the founding paper says that all conditions must be met.
    """
    return clip(exp(mean_of_terms)) if abs(exponent) < 1e-3 else clip(power(mean_of_terms, 1.0 / exponent))


@compiled
def readiness(information, openness, technology, p):
    """Return how far Rosenberg's three conditions hold together (0-1).

    Source: Rosenberg 2001 as read by the founding paper (all three must be met); exponent assumed.
    """
    exponent = p.readiness_substitution
    total = ces_term(information, exponent) + ces_term(openness, exponent) + ces_term(technology, exponent)
    return ces_mean(total / 3.0, exponent)


@compiled
def culture_next(culture, adoption, leader_openness, p):
    """Return openness of office culture (0-1) one month on: it drifts to the mean of practice and the leader's openness.

    The design note lets culture follow practice alone; then every office without a system would close up for ever.
    Source: assumption, see culture_drift.
    """
    return clip(culture + p.culture_drift * (0.5 * adoption + 0.5 * leader_openness - culture))
