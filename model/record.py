"""What one run leaves behind: series, groups and moves, as plain arrays."""

from dataclasses import dataclass

import numpy as np

GROUP_MEASURES = ("use_share", "access_share", "supply_index", "wait_days", "trust_agency", "excluded_share")


@dataclass(frozen=True)
class RunRecord:
    """The outcome of one run.

    Attributes
    ----------
    series : float64 (months + 1, observables); row 0 is the initial state.
    groups : float64 (year ends, groups, GROUP_MEASURES); use and wait over the year, the others at its end.
    flows : float64 (year ends, 4 kinds, 3, 3); moves from stage to stage in the year per agent, diagonal 0.
    year_ends : months at which groups and flows are read: every twelfth, and the last.
    group_names : (kind, name) of each group.
    """

    series: np.ndarray
    groups: np.ndarray
    flows: np.ndarray
    year_ends: tuple
    group_names: tuple


def year_ends_of(months):
    """Return the months that close a year of the run; the last month always closes one."""
    ends = list(range(12, months + 1, 12))
    return tuple(ends if ends and ends[-1] == months else [*ends, months])
