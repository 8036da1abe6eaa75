"""Projects: gap between design and reality, outcome (R20, R22)."""

from model.compiled import compiled
from model.numeric import logistic


@compiled
def gap_points(required, have):
    """Return one of the seven design-reality gaps, 0 to 10. Source: Heeks, egov4dev.org, ITPOSMO."""
    return 10.0 * max(0.0, required - have)


@compiled
def success_probability(gap, p):
    """Return the chance of success at this total gap (0-70): ordered logit, y = gap + noise < c1.

    Source: Heeks's bands; thresholds are our calibration, see success_threshold.
    """
    return logistic((p.success_threshold - gap) / p.outcome_noise)


@compiled
def failure_probability(gap, p):
    """Return the chance of total failure: y = gap + noise >= c2. Source: as success_probability."""
    return logistic((gap - p.failure_threshold) / p.outcome_noise)


@compiled
def abandonment_probability(support, p):
    """Return the chance that a new leader ends a running project. Source: Kumar & Best 2006; see project_abandonment."""
    return p.project_abandonment * (1.0 - support)
