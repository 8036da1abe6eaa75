"""A province's month: its network grows."""

from model.compiled import compiled
from model.rules import infrastructure


@compiled
def region_month(me, p):
    """Extend coverage and set this month's chance of outages. Reads and writes its own row only."""
    me.coverage = infrastructure.coverage_next(me.coverage, me.cost_multiplier, p)
    me.outage = infrastructure.outage_probability(me.remote, p)
