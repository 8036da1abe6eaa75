"""Access alone: what its law says of provinces that start apart.

With one pace (`access_pace_gap` 0) and no seed, x' = r x (1 - x) in every province, so that the distance between the logits
of two provinces stays what it was. With a pace in proportion to the start each logit climbs at its own rate: the distance
grows by the difference of the rates.
"""

from dataclasses import replace

import numpy as np
import pytest

from model import simulate
from model.groups import GROUP_MEASURES, GROUP_NAMES
from tests.theory import QUIET, country

YEARS, PACE, START = 8, 0.4, 0.2
INDICES = (0.5, 1.0, 1.5)
COVERED = {"initial_coverage": 1.0, "initial_coverage_remote": 1.0, "urban_advantage": 0.0, "access_skill": 0.0}


def logits(gap):
    """Return the logits of access of the provinces at the ends of years, shape (years, provinces)."""
    parameters = {**QUIET, **COVERED, "access_contagion": PACE, "access_seed": 0.0, "initial_access": START}
    world = country(40, 12 * YEARS, people=500, **parameters, access_pace_gap=gap)
    provinces = [replace(world.regions[0], name=f"index {index}", internet_index=index) for index in INDICES]
    share = simulate(replace(world, regions=tuple(provinces)), 1).groups[
        :, len(GROUP_NAMES) :, list(GROUP_MEASURES).index("access_share")
    ]
    return np.log(share / (1.0 - share))


@pytest.mark.parametrize("gap", [0.0, 0.5, 1.0])
def test_distance_between_provinces_grows_by_the_difference_of_their_paces(gap):
    found = logits(gap)
    climbed = (found[-1] - found[0]) / (len(found) - 1)
    paces = np.array([PACE * index**gap for index in INDICES])
    assert climbed == pytest.approx(paces, abs=0.03)  # monthly steps lag a little behind the differential equation
    assert np.ptp(climbed) == pytest.approx(np.ptp(paces), abs=0.03)


def test_with_one_pace_the_spread_of_logarithms_closes_and_in_proportion_it_opens():
    even, uneven = logits(0.0), logits(1.0)
    spread = [np.log(1.0 / (1.0 + np.exp(-found))).std(axis=1) for found in (even, uneven)]
    assert spread[0][-1] < 0.4 * spread[0][0]
    assert spread[1][-1] > 1.5 * spread[0][-1]
