"""Service at screen level: the official decides behind a computer; the citizen can file online.

The same functions as `street` and `system`. Source of the level: Bovens & Zouridis 2002 (doi 10.1111/0033-3352.00168).
"""

from model.compiled import compiled
from model.numeric import clip


@compiled
def handling_days(p):
    """Return days from filing to decision, the queue apart. Source: assumption, see handling_days_screen."""
    return p.handling_days_screen


@compiled
def online_usefulness(information, speed, quality, p):
    """Return the usefulness (0-1) of the online service: information, speed and quality, less the papers asked.

    A case for which papers must still be brought is worth half of one without.
    Source: weights from PPM 21(2) 2023 (Indonesia: information .502, service .285, system .113, normalised).
    """
    worth = p.usefulness_information * information + p.usefulness_speed * speed + p.usefulness_quality * quality
    return clip(worth * (1.0 - 0.5 * p.paper_demand))


@compiled
def online_visits(p):
    """Return visits to the counter that an online case still needs. Source: assumption, see paper_demand."""
    return p.paper_demand


@compiled
def discretion_taken(use, automation, p):
    """Return the share of an official's discretion that screens take (curtail), leave or add to (enable, below 0).

    Source: Buffat 2015 (doi 10.1080/14719037.2013.771699), both directions are found; see discretion_at_screen.
    """
    return p.discretion_at_screen * use


@compiled
def project_requirement(p):
    """Return what a screen project needs of each dimension, overreach included. Source: assumption, see design_overreach."""
    return min(1.0, p.screen_requirement + p.design_overreach)


@compiled
def project_cost(p):
    """Return the price of a screen project, budget units. Source: assumption, see screen_project_cost."""
    return p.screen_project_cost


@compiled
def project_duration(p):
    """Return the months a screen project takes. Source: assumption, see screen_project_duration."""
    return p.screen_project_duration
