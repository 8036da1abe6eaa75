"""Civil servants: peers, the decision to adopt, learning and work speed (R6, R10 to R15, R19b)."""

from model.compiled import compiled
from model.numeric import clip, exp, log, logistic, power


@compiled
def standardised(level, p):
    """Return a 0-1 construct in standard units, with mean and spread fixed for the run.

    Moving references would take the drive away as everybody improves. Source: assumption, see construct_mean.
    """
    return (level - p.construct_mean) / p.construct_spread


@compiled
def social_influence(adopting_share, threshold, p):
    """Return social influence (0-1): a soft threshold on the share of adopting contacts.

    Source: threshold models with noise, Eckles et al. 2024; noise assumed, see threshold_noise.
    """
    return logistic((adopting_share - threshold) / p.threshold_noise)


@compiled
def visible_share(information, p):
    """Return the share of colleagues' doings that one can see: little where the leader holds all information.

    Source: R6; founding paper (Yuwono 2003, prerequisite 3); see visibility.
    """
    return p.visibility + (1.0 - p.visibility) * information


@compiled
def innovativeness(curiosity, honesty, ownership):
    """Return Davis's innovator (0-1): the geometric mean of three traits, zero if any is missing.

    Source: Davis as read by the founding paper (all three are needed); geometric form assumed (R19b).
    """
    product = curiosity * honesty * ownership
    return power(product, 1.0 / 3.0) if product > 0.0 else 0.0


@compiled
def common_drive(usefulness, ease, peers, conditions, p):
    """Return the part of the drive that staff and citizens share; ease acts directly and through usefulness.

    Source: UTAUT; usefulness .29 and ease on usefulness .385 from a meta-analysis (Administrative Sciences 16(2):83).
    """
    z_ease = standardised(ease, p)
    return (
        p.weight_usefulness * (standardised(usefulness, p) + p.effort_on_usefulness * z_ease)
        + p.weight_ease * z_ease
        + p.weight_peers * standardised(peers, p)
        + p.weight_conditions * standardised(conditions, p)
    )


@compiled
def resistance(switching_cost, bribery, skill, organisational_support, p):
    """Return pull of the status quo in standard units: habit and rents; skill and support lower it.

    Source: Kim & Kankanhalli 2009 for the direction, Kumar & Best 2006 for rents; sizes assumed, see rent_resistance.
    """
    cost = switching_cost + p.rent_resistance * bribery
    felt = cost * (1.0 - p.resistance_skill * skill) * (1.0 - p.resistance_support * organisational_support)
    return standardised(felt, p)


@compiled
def inclination(drive, threshold, p):
    """Return the chance (0-1) that someone who reconsiders decides for the digital way.

    Source: R10, slope from the explained variance of intention, see choice_slope.
    """
    return logistic(p.choice_slope * (drive - threshold))


@compiled
def skill_from_training(skill, p):
    """Return the gain of skill (0-1) by one training. Source: Arthur et al. 2003, see training_effect."""
    return p.training_effect * p.servant_skill_spread * p.training_transfer * (1.0 - skill)


@compiled
def unused_gain_kept(p):
    """Return the share of a trained gain kept through a month without use. Source: see skill_decay."""
    return exp(-p.skill_decay)


@compiled
def use_intensity(conditions, p):
    """Return the share of an adopter's work done on screen: intention is not use.

    Source: Indonesia, N = 735 (PPM 21(2) 2023), path .502, see use_conversion.
    """
    return clip(p.use_conversion + (1.0 - p.use_conversion) * conditions)


@compiled
def screen_work_time(months_of_use, p):
    """Return time per case on screen relative to paper: a slowdown at go-live, then a power law of practice.

    Practice is counted in months of full use, which crosses 1 after about three months (b = .2, j = .25), the
    stabilisation time of enterprise systems. Source: Argote; Lapre & Nembhard 2010; see go_live_shock.
    """
    practised = exp(-p.learning_exponent * log(1.0 + months_of_use))
    return max(p.fastest_work, (1.0 + p.go_live_shock) * practised)
