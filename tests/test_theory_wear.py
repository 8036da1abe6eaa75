"""Wear alone: when systems that nobody renews fail, if they begin new or at all ages."""

import numpy as np
import pytest

from model import simulate
from model.observables import OBSERVABLES
from tests.theory import QUIET, STANDARD_ERRORS, country

OFFICES, BUILT, USABLE, AGEING, GRACE = 400, 0.9, 0.3, 0.02, 1
LIFE = round((BUILT - USABLE) / AGEING)
WORN = {
    "initial_screen": 1.0, "initial_systems": 1.0, "quality_partial": BUILT, "quality_success": BUILT, "opex_rate": 0.0,
    "minimum_quality": USABLE, "system_ageing": AGEING, "quality_recovery": 1.0, "relapse_months": GRACE,
}  # fmt: skip


def left(wear):
    """Return the share of offices still on screen, month by month from the initial one."""
    world = country(OFFICES, LIFE + 5, **{**QUIET, **WORN, "initial_wear": wear})
    return simulate(world, 1).series[:, list(OBSERVABLES).index("office_screen")]


def test_systems_that_begin_new_fail_together():
    share = left(0.0)
    last = np.flatnonzero(share > 0.999)[-1]
    assert abs(last - LIFE) <= 1
    assert share[last + 1] == pytest.approx(0.0)


@pytest.mark.parametrize("wear", [0.5, 1.0])
def test_systems_of_all_ages_fail_one_after_another(wear):
    months = np.arange(LIFE + 1)
    expected = np.minimum(1.0, (LIFE - months) / (wear * LIFE))  # ages are even up to `wear` of a life
    deviation = np.abs(left(wear)[: LIFE + 1] - expected).max()
    assert deviation < STANDARD_ERRORS * 0.5 / np.sqrt(OFFICES) + 2.0 / LIFE  # sampling, and up to two months of steps
    assert deviation < 0.5 * np.abs(1.0 - expected).max()
