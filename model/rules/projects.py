"""Projects: start, gap between design and reality, outcome (R4, R5, R20, R22, R23)."""

from model.compiled import compiled
from model.numeric import logistic


@compiled
def gap_points(required, have):
    """Return one of the seven design-reality gaps, 0 to 10. Source: Heeks, egov4dev.org, ITPOSMO."""
    return 10.0 * max(0.0, required - have)


@compiled
def start_probability(support, proposals, p):
    """Return the monthly chance that an idle office starts a project: its leader's will, or one of the proposals.

    Source: assumption, see project_rate and proposal_uptake (R5).
    """
    chance = p.project_rate * support
    for _ in range(proposals):
        chance = chance + p.proposal_uptake - chance * p.proposal_uptake
    return chance


@compiled
def absorption(aggregate_capacity, p):
    """Return the share (0-1) of its project money that an office can put to use in time: all of it needs capacity.

    The aggregate is the CES mean of all six dimensions, so a missing one holds every project up (H1).
    Source: assumption; absorptive capacity, Cohen & Levinthal 1990, and unspent budgets; see project_capacity.
    """
    return 1.0 if aggregate_capacity >= p.project_capacity else aggregate_capacity / p.project_capacity


@compiled
def design_gap(gap, consulted, examples, p):
    """Return the total gap after those concerned were consulted and examples in the province were copied (shares 0-1).

    Source: R4 (Kim & Kankanhalli 2009 for direction) and R23; see participation_effect and design_copying.
    """
    return gap * (1.0 - p.participation_effect * consulted) * (1.0 - p.design_copying * examples)


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
def worn_quality(built, age, p):
    """Return what a system of the start still delivers (0-1), of the quality that was built (0-1).

    Age (0-1) counts from new to the quality below which systems fall. Source: assumption, see initial_wear.
    """
    return built - p.initial_wear * age * max(0.0, built - p.minimum_quality)


@compiled
def abandonment_probability(support, p):
    """Return the chance that a new leader ends a running project. Source: Kumar & Best 2006; see project_abandonment."""
    return p.project_abandonment * (1.0 - support)
