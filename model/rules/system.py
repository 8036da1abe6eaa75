"""Service at system level: integrated systems decide; people design them and use them.

The same functions as `street` and `screen`. Source of the level: Bovens & Zouridis 2002 (doi 10.1111/0033-3352.00168).
"""

from model.compiled import compiled
from model.numeric import clip


@compiled
def handling_days(p):
    """Return days from filing to decision, the queue apart. Source: assumption, see handling_days_system."""
    return p.handling_days_system


@compiled
def online_usefulness(information, speed, quality, p):
    """Return the usefulness (0-1) of the online service; no papers are asked for once offices exchange their data.

    Source: weights from PPM 21(2) 2023 (Indonesia: information .502, service .285, system .113, normalised).
    """
    return clip(p.usefulness_information * information + p.usefulness_speed * speed + p.usefulness_quality * quality)


@compiled
def online_visits(p):
    """Return visits to the counter that an online case still needs: none. Source: Bovens & Zouridis 2002."""
    return 0.0


@compiled
def discretion_taken(use, automation, p):
    """Return the share of officials' discretion taken: almost all where rules decide, as at screen level elsewhere.

    It does not vanish, it moves to those who design the rules.
    Source: Zouridis, van Eck & Bovens 2020 (doi 10.1007/978-3-030-19566-3_20); see discretion_at_system.
    """
    return p.discretion_at_system * automation + p.discretion_at_screen * use * (1.0 - automation)


@compiled
def project_requirement(p):
    """Return what an integration project needs of each dimension. Source: assumption, see design_overreach."""
    return min(1.0, p.system_requirement + p.design_overreach)


@compiled
def project_cost(p):
    """Return the price of an integration project, budget units. Source: assumption, see system_project_cost."""
    return p.system_project_cost


@compiled
def project_duration(p):
    """Return the months an integration project takes. Source: assumption, see system_project_duration."""
    return p.system_project_duration
