"""Citizens: hours of a channel, finishing online, satisfaction, trust (R26, R34 to R41)."""

from model.compiled import compiled
from model.numeric import clip, logistic


@compiled
def completion_probability(capability, p):
    """Return the chance (0-1) of finishing an online case. Source: van Deursen & van Dijk 2008, see completion_slope."""
    return logistic(p.completion_slope * (capability - p.form_difficulty))


@compiled
def referral_probability(use, p):
    """Return the chance (0-1) that a visitor of the counter is told of the online service; `use` is the staff's own.

    Source: Teerling & Pieterson 2010 (guiding citizens to electronic channels); size assumed, see counter_referral.
    """
    return p.counter_referral * use


@compiled
def travel_hours(urban, p):
    """Return hours of one visit to the counter. Source: assumption, see travel_hours_urban."""
    return p.travel_hours_urban if urban else p.travel_hours_rural


@compiled
def counter_hours(travel, wait_hours, days, p):
    """Return the generalised cost of a counter case in hours: visits, waiting, forms, delay.

    Source: R35; near the 5.4 hours of IDB 2018 at the defaults.
    """
    return p.visits * (travel + wait_hours) + p.form_hours_paper + p.delay_cost * days


@compiled
def digital_hours(capability, trips, travel, days, p):
    """Return the generalised cost of a digital case in hours: form, effort without skill, trips, delay.

    Source: R35; administrative burden as time, cost and effort.
    """
    return p.form_hours_online + p.effort_hours * (1.0 - capability) + trips * travel + p.delay_cost * days


@compiled
def service_speed(days, p):
    """Return how fast a service feels (0-1): half at the reference time. Source: assumption, service_reference_days."""
    return p.service_reference_days / (p.service_reference_days + days)


@compiled
def digital_experience(speed, information, quality, p):
    """Return quality felt in a digital case (0-1). Source: DeLone & McLean; weights of R38, see experience_speed."""
    return clip(p.experience_speed * speed + p.experience_information * information + p.experience_quality * quality)


@compiled
def satisfaction_next(satisfaction, experience, expectation, p):
    """Return satisfaction (0-1) after a case: it moves by the surprise.

    Source: expectation-confirmation theory; pace of R38, see satisfaction_rate.
    """
    return clip(satisfaction + p.satisfaction_rate * (experience - expectation))


@compiled
def leaving_probability(satisfaction, p):
    """Return the chance that a digital user gives up after a case. Source: R38, see continuation_slope."""
    return p.discontinuance * (1.0 - logistic(p.continuation_slope * (satisfaction - p.continuation_level)))


@compiled
def counter_experience(speed, standard, against, p):
    """Return quality felt at the counter (0-1): speed, as careful as staff still are, less rigid treatment.

    Source: R26; size of the last assumed, see coping_against_dissatisfaction.
    """
    return clip(speed * standard - p.coping_against_dissatisfaction * against)


@compiled
def reactance(trust_general, p):
    """Return the trust lost by being forced online: more for a sensitive service, less where government is trusted.

    Source: R41; Political Science (RU) 2025(1), doi 10.31249/poln/2025.01.03; size assumed, see mandate_reaction.
    """
    return p.mandate_reaction * p.service_sensitivity * (1.0 - trust_general)


@compiled
def trust_next(trust, experience, is_bad, p):
    """Return trust in the office (0-1) after a case; bad events weigh three times as much as good ones.

    It moves towards what was experienced rather than by it, else it would always end at 0 or 1.
    Source: R39; asymmetry 3:1 assumed, see trust_loss.
    """
    return clip(trust + p.trust_gain * (experience - trust) - (p.trust_loss * trust if is_bad else 0.0))
