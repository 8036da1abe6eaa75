"""Service at street level: an official, a citizen, a counter, paper.

`street`, `screen` and `system` define the same functions, so that the three levels can be read side by side.
Source of the three levels: Bovens & Zouridis 2002 (doi 10.1111/0033-3352.00168).
"""

from model.compiled import compiled


@compiled
def handling_days(p):
    """Return days from filing to decision, the queue apart. Source: assumption, see handling_days_street."""
    return p.handling_days_street


@compiled
def online_usefulness(information, speed, quality, p):
    """Return the usefulness (0-1) of the online service: there is none. Source: Bovens & Zouridis 2002."""
    return 0.0


@compiled
def online_visits(p):
    """Return visits to the counter that an online case still needs: all of them. Source: Bovens & Zouridis 2002."""
    return p.visits


@compiled
def discretion_taken(use, automation, p):
    """Return the share of an official's discretion that this level takes: none. Source: Bovens & Zouridis 2002."""
    return 0.0


@compiled
def project_requirement(p):
    """Return what a project to reach this level needs of each dimension: nothing. Source: Bovens & Zouridis 2002."""
    return 0.0


@compiled
def project_cost(p):
    """Return the price of reaching this level, budget units: nothing. Source: Bovens & Zouridis 2002."""
    return 0.0


@compiled
def project_duration(p):
    """Return the months a project to this level takes. Source: Bovens & Zouridis 2002."""
    return 1.0
