"""Commitment of leaders, what moves it and what it does (R5, R18, R19, R24)."""

import math

from model.compiled import compiled
from model.numeric import clip


@compiled
def support_target(openness, peer_share, culture, results, pressure, p):
    """Return the commitment (0-1) that traits, peers, culture, own results and pressure from outside suggest.

    Source: Soeprapto 2003 for traits; Peng et al. 2020 for direction; weights assumed, see support_openness.
    """
    return clip(
        p.support_openness * openness
        + p.support_peers * peer_share
        + p.support_culture * culture
        + p.support_results * results
        + pressure
    )


@compiled
def support_next(support, target, p):
    """Return commitment one month on. Source: assumption, see support_adjustment."""
    return clip(support + p.support_adjustment * (target - support))


@compiled
def trait_developed(trait, p):
    """Return a trait after a development programme. Source: assumption, see leadership_effect."""
    return trait + p.leadership_effect * (1.0 - trait)


@compiled
def leader_stage(stage, support, p):
    """Return 0 guard, 1 sponsor of screens, 2 driver of integration; falling back needs a margin below the threshold.

    Source: assumption, see sponsor_threshold, driver_threshold and stage_margin.
    """
    if support >= p.driver_threshold:
        return 2
    if support >= p.sponsor_threshold:
        return 2 if stage == 2 and support >= p.driver_threshold - p.stage_margin else 1
    return 1 if stage >= 1 and support >= p.sponsor_threshold - p.stage_margin else 0


@compiled
def replacement_probability(is_election, p):
    """Return the chance that the leader changes this month.

    Source: Kumar & Best 2006 for transfers, Indonesian law for elections; rates assumed, see leader_tenure.
    """
    transfer = 1.0 / p.leader_tenure
    return 1.0 - (1.0 - transfer) * (1.0 - p.election_turnover) if is_election else transfer


@compiled
def staff_commitment(leadership, own, p):
    """Return the commitment of a civil servant (0-1): leadership correlates with it by r.

    z = r * (leadership - mean) / spread + sqrt(1 - r^2) * own, with `own` standard normal; then 0.5 + spread * z, cut.
    Leaders have no direct effect on adoption; they act through this.
    Source: Peng et al. 2020 (doi 10.1177/0021886320920366), see commitment_from_leadership.
    """
    r = p.commitment_from_leadership
    z = r * (leadership - p.construct_mean) / p.construct_spread + math.sqrt(1.0 - r * r) * own
    return clip(0.5 + p.commitment_spread * z)


@compiled
def external_pressure(shortfall, p):
    """Return what national rules and a published ranking add to commitment; `shortfall` is the lag behind the others.

    Source: R24, after Presidential Regulation 95/2018; sizes assumed, see external_pressure and ranking_effect.
    """
    return p.external_pressure + p.ranking_effect * max(0.0, shortfall)


@compiled
def hierarchy_weight(use, p):
    """Return how many colleagues a sponsoring leader counts for; less where staff work together on screen.

    Source: Ciborra 1993, horizontal channels wear down hierarchy; size assumed, see flattening.
    """
    return p.leader_weight * (1.0 - p.flattening * use)


@compiled
def expected_proposals(innovativeness, receptivity, p):
    """Return the expected proposals in a month from staff, as far as the leader listens.

    Source: R5, Yuwono 2003 (prerequisite 2); rate assumed, see innovation_rate.
    """
    return p.innovation_rate * innovativeness * receptivity
