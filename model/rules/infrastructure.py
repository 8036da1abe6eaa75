"""Networks in an archipelago, and who is connected (R30 to R33)."""

import math

from model.compiled import compiled
from model.numeric import clip


@compiled
def coverage_next(coverage, cost_multiplier, p):
    """Return network coverage (0-1) one month on; the same money reaches less where building is dear.

    Source: form and rate fitted to villages without 4G in 2020, see coverage_growth; BPS construction cost index 2023.
    """
    return clip(coverage + p.coverage_growth * (1.0 - coverage) * p.infrastructure_effort / cost_multiplier)


@compiled
def outage_probability(remote, p):
    """Return the chance (0-1) of a month without online service. Source: assumption, see outage_core, outage_remote."""
    return p.outage_remote if remote > 0.5 else p.outage_core


@compiled
def connectivity(coverage, outage):
    """Return the connection of an office (0-1): offices stand in towns, which are connected before the country.

    Source: assumption; square root of coverage, less the share of months that are lost.
    """
    return math.sqrt(coverage) * (1.0 - outage)


@compiled
def remoteness(rank, urban, p):
    """Return how late a citizen is covered (0 first, 1 last). Source: assumption, see urban_advantage."""
    return rank * (1.0 - p.urban_advantage) if urban else rank


@compiled
def access_by_skill(skill, p):
    """Return how readily someone of this skill goes online, relative to someone of mean initial skill; 0 or more.

    The skilled come first, so the divides cumulate instead of lying across each other.
    Source: van Deursen & van Dijk 2014 (doi 10.1177/1461444813487959) for the direction; size assumed, see access_skill.
    """
    return max(0.0, 1.0 + p.access_skill * (skill - p.citizen_skill_mean))


@compiled
def access_probability(online_share, internet_index, readiness, p):
    """Return the monthly chance that a covered citizen gets access: contagion from those online in the province.

    `readiness` is that of `access_by_skill`.
    Source: Bass 1969 in discrete time; pace fitted to World Bank WDI 2010-2019, see access_contagion and access_pace_gap.
    """
    pace = p.access_contagion / 12.0 * internet_index**p.access_pace_gap
    return clip(pace * readiness * (online_share + p.access_seed))


@compiled
def capability(has_access, is_fast, skill, p):
    """Return digital capability (0-1): no access, none; a slow line costs part of it.

    Source: Marche & McNiven 2003, three divides; size of the second assumed, see slow_penalty.
    """
    if not has_access:
        return 0.0
    return skill if is_fast else (1.0 - p.slow_penalty) * skill


@compiled
def assisted_capability(own, p):
    """Return capability (0-1) with a helper at hand. Source: assumption, see assistance_gain."""
    return own + p.assistance_gain * (1.0 - own)
