"""The counter as a queue (R25)."""

import math

from model.compiled import compiled
from model.numeric import power

LEAST_WORK = 0.01  # of a case that needs a person; without it capacity would have no bound where online cases take no time


@compiled
def wait_in_queue(utilisation, servers):
    """Return mean wait in units of the service time: W = rho^(sqrt(2(c+1)) - 1) / (c (1 - rho)), rho cut at .95.

    Above .95 the backlog carried over the months takes the place of the formula.
    Source: Sakasegawa 1977; within 2 % of Erlang-C at c = 4, rho = .85.
    """
    rho = min(0.95, max(1e-6, utilisation))
    return power(rho, math.sqrt(2.0 * (servers + 1.0)) - 1.0) / (servers * (1.0 - rho))


@compiled
def work_per_case(counter, assisted, online, automated_share, p):
    """Return mean staff work per case of this mix, in paper cases; a hundredth or more.

    Source: assumption, see assisted_work, online_work.
    """
    cases = counter + assisted + online * (1.0 - automated_share)
    work = counter + p.assisted_work * assisted + p.online_work * online * (1.0 - automated_share)
    return max(LEAST_WORK, work / cases) if cases > 0.0 else 1.0


@compiled
def backlog_days(waiting, capacity):
    """Return days to work off the waiting cases. Source: Little's law."""
    return 30.0 * waiting / capacity if capacity > 0.0 else 360.0
