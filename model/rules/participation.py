"""The voice of citizens and whether it is heard (R4, R42)."""

from model.compiled import compiled
from model.numeric import clip, logistic


@compiled
def voice_probability(capability, has_issue, efficacy, p):
    """Return the chance (0-1) that a citizen speaks up after a case: able, aggrieved, or sure of being heard.

    Source: R42, signs from Kim & Lee 2012 (doi 10.1111/j.1540-6210.2012.02593.x); sizes assumed, see voice_base.
    """
    drive = p.voice_base + p.voice_capability * capability + p.voice_efficacy * efficacy
    return logistic(drive + p.voice_issue if has_issue else drive)


@compiled
def responsiveness(openness, p):
    """Return the share of voices that are answered; an open leader answers more. Source: R42; see response_share."""
    return clip(p.response_share * (0.5 + openness))


@compiled
def efficacy_next(efficacy, is_heard, p):
    """Return the felt influence (0-1) of a citizen who spoke. Source: R42; sizes assumed, see efficacy_gain."""
    return clip(efficacy + p.efficacy_gain if is_heard else efficacy - p.efficacy_loss)


@compiled
def consulted_share(staff, middle, top, citizens, p):
    """Return how far staff, middle and top leaders and citizens take part in a design (0-1).

    Source: Yuwono 2003, prerequisite 1 (all levels, from beginning to end); the programme assumed, see consultation.
    """
    own = 0.25 * (staff + middle + top + citizens)
    return own + p.consultation * (1.0 - own)
