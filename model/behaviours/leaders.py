"""A leader's month: stay or be replaced, develop, gain or lose commitment, take a stand."""

from model.compiled import compiled
from model.numeric import clip, quantile
from model.randomness import Stream, uniform4
from model.rules import leadership
from model.world import SCREEN


@compiled
def leader_month(me, office, region, p, trait_quantiles, month, key):
    """Live through a month. Reads the office and the province as they stood at its start; writes its own row only."""
    draws = uniform4(key, Stream.LEADER_MONTH, month, me.id)
    me.stage_before = me.stage
    is_election = (month + office.election_month) % int(p.election_interval) == 0
    me.is_new = draws[0] < leadership.replacement_probability(is_election, p)
    if me.is_new:
        take_office(me, p, trait_quantiles, month, key)
    else:
        me.tenure += 1
    if draws[1] < p.leadership_development / 12.0:
        develop(me, p)
    gain_or_lose_commitment(me, office, region, p)
    me.stage = leadership.leader_stage(me.stage, me.support, p)


@compiled
def take_office(me, p, trait_quantiles, month, key):
    """Replace the person: new traits; part of the support outlives the change, the rest starts from openness."""
    draw_traits(me, trait_quantiles, month, key)
    me.support = p.support_kept * me.support + (1.0 - p.support_kept) * p.support_openness * open_mind(me)
    me.tenure = 0


@compiled
def draw_traits(me, trait_quantiles, month, key):
    """Draw the six traits of whoever is appointed in this month."""
    first = uniform4(key, Stream.LEADER_TRAITS, 2 * month, me.id)
    second = uniform4(key, Stream.LEADER_TRAITS, 2 * month + 1, me.id)
    me.openness = quantile(trait_quantiles, first[0])
    me.receptivity = quantile(trait_quantiles, first[1])
    me.honesty = quantile(trait_quantiles, first[2])
    me.caring = quantile(trait_quantiles, first[3])
    me.dignity = quantile(trait_quantiles, second[0])
    me.respect = quantile(trait_quantiles, second[1])


@compiled
def develop(me, p):
    """Go through a development programme: every trait closes part of its gap."""
    me.openness = leadership.trait_developed(me.openness, p)
    me.receptivity = leadership.trait_developed(me.receptivity, p)
    me.honesty = leadership.trait_developed(me.honesty, p)
    me.caring = leadership.trait_developed(me.caring, p)
    me.dignity = leadership.trait_developed(me.dignity, p)
    me.respect = leadership.trait_developed(me.respect, p)


@compiled
def open_mind(me):
    """Return openness to the new: the mean of openness and receptivity."""
    return 0.5 * (me.openness + me.receptivity)


@compiled
def care(me):
    """Return care for people: the mean of caring, regard for dignity and respect."""
    return (me.caring + me.dignity + me.respect) / 3.0


@compiled
def gain_or_lose_commitment(me, office, region, p):
    """Move commitment towards what traits, peers, culture and results suggest; a project's end moves it at once."""
    results = office.quality * office.adoption if office.deployed >= SCREEN else 0.0
    pressure = leadership.external_pressure(region.score - office.score, p)
    target = leadership.support_target(open_mind(me), region.screen_share, office.culture, results, pressure, p)
    support = leadership.support_next(me.support, target, p)
    if not me.is_new:
        support += outcome_felt(office.outcome, p)
    me.support = clip(support)


@compiled
def outcome_felt(outcome, p):
    """Return the change of commitment by a project that ended last month."""
    if outcome == 1:
        return p.success_encouragement
    if outcome == 2:
        return -0.5 * p.failure_discouragement
    return -p.failure_discouragement if outcome == 3 else 0.0
