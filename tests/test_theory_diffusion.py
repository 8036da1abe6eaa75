"""Diffusion of the online service against theory; what each shows is told in docs/verification.md."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model import simulate
from tests.theory import (
    OPEN_AND_READY,
    STANDARD_ERRORS,
    bass,
    complete_months,
    country,
    line,
    misses,
    mixed_months,
    random_ties_months,
    users_by_office,
)
from tests.worlds import COLUMN, small

EXTERNAL, CONTACT, MONTHS = 0.03, 0.38, 180  # the registry's defaults, per year
YEARS = np.arange(MONTHS + 1) / 12.0


@cache
def diffusion(
    people, external=EXTERNAL, contact=CONTACT, months=MONTHS, rewiring=1.0, is_mixed=False, replicates=1, offices=20
):
    """Return users by month and office where everybody uses the service as soon as he knows of it."""
    ties = {"awareness_external": external, "awareness_contact": contact, "rewiring": rewiring}
    return users_by_office(country(offices, months, people, **OPEN_AND_READY, **ties), replicates, is_mixed)


def test_well_mixed_diffusion_follows_the_monthly_bass_law():
    """Contacts dealt anew every month: within sampling error of Bass in the model's monthly steps, all along."""
    paths = diffusion(1024, is_mixed=True, replicates=2)
    assert misses(paths, mixed_months(EXTERNAL, CONTACT, MONTHS)).max() <= STANDARD_ERRORS
    assert 0.3 < paths[60].mean() < 0.36 and paths[-1].mean() > 0.9


def test_well_mixed_diffusion_approaches_the_closed_form_as_the_steps_shrink():
    """The monthly law misses Bass's closed form by a share of a step: a quarter of the rates, a quarter of the error."""
    assert bass(EXTERNAL, CONTACT, np.array([3.0, 5.0, 10.0])) == pytest.approx([0.15, 0.33, 0.81], abs=0.005)
    coarse = np.abs(mixed_months(EXTERNAL, CONTACT, MONTHS) - bass(EXTERNAL, CONTACT, YEARS)).max()
    fine = np.abs(mixed_months(EXTERNAL / 4, CONTACT / 4, 4 * MONTHS)[::4] - bass(EXTERNAL, CONTACT, YEARS)).max()
    assert coarse == pytest.approx(0.033, abs=0.001)
    assert coarse / fine == pytest.approx(4.0, abs=0.2)
    paths = diffusion(1024, EXTERNAL / 4, CONTACT / 4, 4 * MONTHS, is_mixed=True, replicates=2)[::4]
    error = paths.std(axis=1, ddof=1) / math.sqrt(paths.shape[1])
    missed = np.abs(paths.mean(axis=1) - bass(EXTERNAL, CONTACT, YEARS))
    assert (missed <= fine + STANDARD_ERRORS * error).all()


def test_without_contact_awareness_is_exponential():
    paths = diffusion(1024, contact=0.0)
    expected = 1.0 - (1.0 - EXTERNAL / 12.0) ** np.maximum(np.arange(MONTHS + 1) - 1, 0)
    assert misses(paths, expected).max() <= STANDARD_ERRORS
    assert np.abs(expected - (1.0 - np.exp(-EXTERNAL * YEARS))).max() < 0.003


def test_lasting_random_ties_slow_diffusion_as_theory_says():
    """All ties rewired, the furthest that a parameter goes: eight lasting random contacts are not perfect mixing."""
    paths = diffusion(1024, replicates=2)
    assert misses(paths, random_ties_months(EXTERNAL, CONTACT, MONTHS)).max() <= STANDARD_ERRORS
    assert misses(paths, mixed_months(EXTERNAL, CONTACT, MONTHS)).max() > STANDARD_ERRORS


def test_nine_citizens_who_all_know_each_other_follow_the_exact_chain():
    """A ring of nine with four contacts on either side is complete: Bass in a small population, solved exactly."""
    paths = diffusion(9, rewiring=0.0, replicates=10, offices=500)
    assert misses(paths, complete_months(EXTERNAL, CONTACT, MONTHS, 9)).max() <= STANDARD_ERRORS
    assert misses(paths, mixed_months(EXTERNAL, CONTACT, MONTHS)).max() > STANDARD_ERRORS


def test_clustering_slows_diffusion_between_the_bounds():
    """Line < ring < rewired up to the registry's .5 < all ties rewired < perfect mixing, at mid-course (year 8).

    The same offices with the same draws are compared, so that errors are those of paired differences.
    """
    month = 96
    curves = [diffusion(1024, rewiring=share, replicates=2)[month] for share in (0.0, 0.5, 1.0)]
    curves.append(diffusion(1024, is_mixed=True, replicates=2)[month])
    bound = np.full(curves[0].size, line(EXTERNAL, CONTACT, month / 12.0))
    leads = [faster - slower for slower, faster in zip([bound, *curves], curves, strict=False)]
    significance = [lead.mean() * math.sqrt(lead.size) / lead.std(ddof=1) for lead in leads]
    assert min(significance[:2]) > STANDARD_ERRORS
    assert min(significance[2:]) > 3.0


@pytest.mark.parametrize(("contact", "is_mixed"), [(0.0, False), (CONTACT, True)], ids=["no contact", "perfect mixing"])
def test_deviation_from_the_mean_field_falls_with_the_root_of_the_population(contact, is_mixed):
    """Root mean square deviation from the limit, offices of 64 to 4096 citizens: slope -1/2 on log-log axes.

    The slope's standard error follows from the spread of squared deviations between offices; it must be small enough to
    tell 1/2 from 1/3 and from 2/3.
    """
    limit = mixed_months(EXTERNAL, contact, 84)[:, None]
    sizes, squares, errors = np.array([64, 256, 1024, 4096]), [], []
    for people, replicates in zip(sizes, (4, 4, 2, 1), strict=True):
        paths = diffusion(int(people), EXTERNAL, contact, 84, is_mixed=is_mixed, replicates=replicates, offices=50)
        each = np.mean((paths - limit)[2:] ** 2, axis=0)
        squares.append(each.mean())
        errors.append(each.std(ddof=1) / math.sqrt(each.size))
    squares, errors = np.array(squares), np.array(errors)
    place = np.log(sizes) - np.log(sizes).mean()
    slope = place @ np.log(np.sqrt(squares)) / (place @ place)
    slope_error = math.sqrt(np.sum((place * 0.5 * errors / squares) ** 2)) / (place @ place)
    assert STANDARD_ERRORS * slope_error < 0.5 - 1.0 / 3.0
    assert abs(slope + 0.5) <= STANDARD_ERRORS * slope_error
    if contact == 0.0:
        independent = np.mean((limit * (1.0 - limit))[2:]) / sizes
        assert (np.abs(squares - independent) <= STANDARD_ERRORS * errors).all()


# Both sets lie within the registry's ranges; offices and citizens are ready, so that awareness is what diffuses.
READY = {
    "initial_systems": 1.0, "staff_threshold": 0.1, "data_threshold": 0.1, "adoption_threshold": -1.5,
    "adoption_rate": 0.4, "minimum_quality": 0.0, "assistance_coverage": 1.0, "assistance_gain": 0.8,
    "citizen_threshold": -1.5, "citizen_threshold_spread": 0.0, "discontinuance": 0.0, "citizen_adoption_rate": 0.4,
}  # fmt: skip
BY_CONTACT = {"awareness_external": 0.005, "awareness_contact": 0.6, "rewiring": 0.5, "counter_referral": 0.0}
FROM_OUTSIDE = {"awareness_external": 0.05, "awareness_contact": 0.2, "rewiring": 0.0, "counter_referral": 0.0}


@cache
def adoption(shape):
    """Return citizen adoption by month over 15 years, mean of two replicates of the small country."""
    scenario = replace(small().with_parameters(**READY, **dict(shape)), months=MONTHS, citizens_per_office=256)
    return np.mean([simulate(scenario, replicate).series[:, COLUMN["citizen_adoption"]] for replicate in range(2)], axis=0)


def straightness(path):
    """Return the share of variance that a straight line explains."""
    months = np.arange(path.size)
    rest = path - np.polyval(np.polyfit(months, path, 1), months)
    return 1.0 - np.sum(rest**2) / np.sum((path - path.mean()) ** 2)


def test_adoption_by_contact_is_s_shaped():
    """Yearly gains rise without a break to a peak after the tenth year, twenty times the first, and fall again."""
    path = adoption(tuple(BY_CONTACT.items()))
    gains = np.diff(path[::12])
    peak = gains.argmax()
    assert 9 <= peak <= 12 and (np.diff(gains[:9]) > 0).all() and gains[-1] < 0.75 * gains[peak]
    assert gains[peak] > 20.0 * gains[0] and path[-1] > 0.8
    assert straightness(path[12:121]) < 0.95


def test_adoption_from_outside_is_nearly_linear():
    """From the second to the tenth year a straight line explains over 99 %, and yearly gains hardly vary."""
    path = adoption(tuple(FROM_OUTSIDE.items()))
    gains = np.diff(path[12:121:12])
    assert straightness(path[12:121]) > 0.99
    assert gains.std() < 0.15 * gains.mean() and gains.max() < 1.5 * gains.min()
    assert path[120] > 0.5


def test_external_influence_decides_the_shape():
    """Alone, it straightens the S and bends the line; contact and rewiring alone do not bend the line that far."""
    assert straightness(adoption(tuple((BY_CONTACT | {"awareness_external": 0.05}).items()))[12:121]) > 0.98
    assert straightness(adoption(tuple((FROM_OUTSIDE | {"awareness_external": 0.005}).items()))[12:121]) < 0.98
    for name in ("awareness_contact", "rewiring"):
        assert straightness(adoption(tuple((FROM_OUTSIDE | {name: BY_CONTACT[name]}).items()))[12:121]) > 0.98
