"""Corruption: opportunity, detection, the bribe, and the rent of whoever keeps the gate of a system (R7, R29, R29b)."""

from model.compiled import compiled
from model.numeric import clip, logistic


@compiled
def detection_probability(accountability, trace, p):
    """Return the chance (0-1) that an improper act is found out; `trace` is the share of cases logged digitally.

    Source: R7; direction Shim & Eom 2008 (monitoring of employees); sizes assumed, see detection_trace.
    """
    return clip(p.detection_base + p.detection_accountability * accountability + p.detection_trace * trace)


@compiled
def bribe_opportunity(discretion, face_to_face, accountability, p):
    """Return Klitgaard's monopoly plus discretion minus accountability, 0 or more; discretion counts face to face.

    Not cut at 1: then corruption would be blind to the first steps away from full discretion.
    Source: Klitgaard 1988 as R29; its terms are contested, see bribe_opportunity_weight.
    """
    return max(0.0, p.monopoly + discretion * face_to_face - accountability)


@compiled
def bribe_probability(opportunity, norm, wait, honesty, detection, p):
    """Return the chance (0-1) of a bribe in a case: opportunity, habit of the place, waiting, honesty above, detection.

    Source: R29; norms make it self-sustaining (Mansury 2024; Zausinova et al. 2020); sizes assumed, see bribe_norm.
    """
    drive = p.bribe_inclination + p.bribe_opportunity_weight * opportunity + p.bribe_norm * norm + p.bribe_wait * wait
    return p.bribe_requests * logistic(drive - p.bribe_honesty * honesty - p.bribe_detection * detection)


@compiled
def gatekeeper_probability(use, p):
    """Return the chance (0-1) that an override of the system is sold; nothing to sell where nothing runs on screen.

    Source: assumption, see gatekeeper_rent; without it "digital is clean" would be built in (R29b).
    """
    return p.gatekeeper_rent * use


@compiled
def either(first, second):
    """Return the chance that at least one of two independent things happens. Source: probability."""
    return first + second - first * second


@compiled
def norm_next(norm, chance, p):
    """Return the office's habit of taking bribes (0-1) one month on. Source: assumption, see norm_adjustment."""
    return norm + p.norm_adjustment * (chance - norm)
