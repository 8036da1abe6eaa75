"""A province's month: its network grows, and its integrated system may carry a faulty rule."""

from model.compiled import compiled
from model.randomness import Stream, uniform4
from model.rules import errors, infrastructure


@compiled
def region_month(me, p, month, key):
    """Extend coverage, set this month's chance of outages, watch the system. Reads and writes its own row only."""
    me.coverage = infrastructure.coverage_next(me.coverage, me.cost_multiplier, p)
    me.outage = infrastructure.outage_probability(me.remote, p)
    watch_system(me, p, uniform4(key, Stream.FAULT, month, me.id))


@compiled
def watch_system(me, p, draws):
    """Find a faulty rule, or let one go live where offices are integrated."""
    me.fault_found = 0
    if me.fault == 1:
        if draws[0] < p.fault_detection:
            me.fault, me.fault_found = 0, 1
    elif me.system_share > 0.0 and draws[1] < errors.fault_probability(me.oversight, p):
        me.fault = 1
        me.fault_share = errors.fault_size(draws[2], p)
        me.fault_hits = 0.0
