"""The model can show harm: what digitization does to those it does not suit, and what policies cannot simply repair.

Without these "digital is good" would be built in. Paired replicates; three standard errors, as in the tests of directions.
"""

from functools import cache

import numpy as np
import pytest

from model import simulate
from model.checks import Place
from model.overlays import read_overlay
from model.scenario import Policy
from tests.direction_worlds import world
from tests.worlds import COLUMN, standard_error

REPLICATES = 12
FIRST, LAST = 25, 36  # the months of a passing shock
NO_SYSTEMS = {"initial_systems": 0.0, "project_rate": 0.0, "proposal_uptake": 0.0}


@cache
def runs(name, changes=(), off=(), replicates=REPLICATES, overlay=()):
    """Return series (replicates, months + 1, observables) of a world with changes, switches and one passing overlay."""
    scenario = world(name, changes).with_mechanisms(**dict.fromkeys(off, False))
    if overlay:
        shock = read_overlay(Place(None, "shock"), {"start": FIRST, "end": LAST + 1} | dict(overlay))
        scenario = scenario.with_policy(Policy("shock", "", "", "", (shock,), ""))
    return np.array([simulate(scenario, replicate).series for replicate in range(replicates)])


def seen(series, observable, months=slice(-12, None)):
    """Return the mean of an observable over some months, one a replicate."""
    return series[:, months, COLUMN[observable]].mean(axis=1)


def is_above(differences):
    """Tell whether paired differences are above zero by three standard errors."""
    return differences.mean() > 3.0 * standard_error(differences)


def items(**changes):
    """Return changes in the form that a cache can keep."""
    return tuple(changes.items())


HARM_OF_A_MANDATE = [
    ("excluded_share", 1),
    ("waiting_for_help", 1),
    ("trust_polarisation", 1),
    ("skill_gap", 1),
    ("trust_agency", -1),
    ("legitimacy", -1),
]
UNDONE = {"skill_gap"}  # by help for four in five


@pytest.mark.parametrize(("observable", "sign"), HARM_OF_A_MANDATE)
def test_a_mandate_hurts_and_help_softens_it(observable, sign):
    free = seen(runs("lively"), observable)
    forced = seen(runs("lively", items(counter_closure=0.6)), observable)
    helped = seen(runs("lively", items(counter_closure=0.6, assistance_coverage=0.8)), observable)
    assert is_above(sign * (forced - free)), "a mandate without help hurts"
    assert is_above(sign * (forced - helped)), "help softens it"
    assert observable in UNDONE or is_above(sign * (helped - free)), "but does not undo it"


def skewness(values):
    """Return the third standardised moment."""
    return (((values - values.mean()) / values.std()) ** 3).mean()


MANY = 60
ONE_FAULT = items(fault_rate=0.01, fault_share=0.05, error_rate=0.0)


def test_a_faulty_rule_hits_few_countries_but_then_very_many_people():
    """Means hide it: hardly any wrong decision on average, nothing at all in most runs, thousands of people in a few."""
    series = runs("faulty", ONE_FAULT, replicates=MANY)
    hit, worst = seen(series, "fault_share_hit", slice(None)), series[:, -1, COLUMN["worst_fault"]]
    assert 0.0 < hit.mean() < 0.01
    assert np.median(hit) < 0.2 * hit.mean() < 0.05 * hit.max()
    assert skewness(hit) > 2.0
    assert np.median(worst) < 0.02 * worst.max() and worst.max() > 50_000


def test_independent_errors_of_the_same_mean_have_no_such_tail():
    joint = seen(runs("faulty", items(error_rate=0.0), replicates=MANY), "error_share", slice(None))
    rate = float(joint.mean())
    alone = {"fault_rate": 0.0, "error_rate": rate, "error_skill": 0.0, "error_screen": 0.0, "system_error_ratio": 1.0}
    off = ("coping", "goal_erosion")
    single = seen(runs("faulty", items(**alone), off=off, replicates=MANY), "error_share", slice(None))
    assert abs(single.mean() - rate) < 3.0 * standard_error(single) + 0.1 * rate
    assert single.std() < 0.5 * joint.std()
    assert skewness(single) < 1.0 < skewness(joint)
    assert single.max() - rate < 0.3 * (joint.max() - rate)


def test_a_screen_can_raise_corruption_through_the_gatekeeper():
    sold = items(gatekeeper_rent=0.2, discretion_at_screen=-0.1)
    on_paper = items(gatekeeper_rent=0.2, discretion_at_screen=-0.1, **NO_SYSTEMS)
    assert is_above(seen(runs("lively", sold), "bribery_share") - seen(runs("lively", on_paper), "bribery_share"))


def test_at_the_defaults_a_screen_lowers_corruption():
    on_paper = seen(runs("lively", items(**NO_SYSTEMS)), "bribery_share")
    assert is_above(on_paper - seen(runs("lively"), "bribery_share"))


def test_a_passing_surge_of_demand_leaves_a_lasting_mark():
    """Hysteresis: the queue is gone within two years, the standard of service is not back seven years later."""
    surge = items(parameter="need_rate", factor=2.0)
    calm, after = (runs("small", items(months=120), overlay=shock) for shock in ((), surge))
    assert (calm[:, :FIRST] == after[:, :FIRST]).all()
    during, later = slice(FIRST, LAST + 1), slice(60, 121)
    assert is_above(seen(after, "cases_waiting", during) - 10.0 * seen(calm, "cases_waiting", during))
    queue = seen(after, "cases_waiting", later) - seen(calm, "cases_waiting", later)
    assert queue.mean() < 3.0 * standard_error(queue)
    assert is_above(seen(calm, "service_standard", later) - seen(after, "service_standard", later))
    assert is_above(seen(calm, "service_standard", slice(-1, None)) - seen(after, "service_standard", slice(-1, None)))


def test_without_erosion_of_standards_the_mark_fades():
    surge, off = items(parameter="need_rate", factor=2.0), ("goal_erosion",)
    calm, after = (runs("small", items(months=120), off, overlay=shock) for shock in ((), surge))
    assert abs(seen(calm, "service_standard") - seen(after, "service_standard")).max() < 1e-6


SLOW_PROJECTS = items(screen_project_duration=36.0, leader_tenure=12.0, screen_requirement=0.2)


@pytest.mark.parametrize(
    ("observable", "sign"),
    [("projects_succeeded", -1), ("projects_failed", 1), ("projects_running", 1), ("applications_per_function", 1)],
)
def test_turnover_of_leaders_stalls_projects(observable, sign):
    """More is started and abandoned, or started anew as one more application; less is finished."""
    moved = seen(runs("building", SLOW_PROJECTS), observable, slice(None))
    settled = seen(runs("building", SLOW_PROJECTS, off=("leader_turnover",)), observable, slice(None))
    assert is_above(sign * (moved - settled))


def test_automation_that_nobody_explains_makes_offices_less_transparent():
    opaque = items(explanation=0.0, opacity=1.0)
    by_rule = seen(runs("integrated", opaque), "transparency")
    by_hand = seen(runs("integrated", (*opaque, ("automation_rate", 0.0))), "transparency")
    assert is_above(by_hand - by_rule)
    explained = seen(runs("integrated", items(explanation=1.0, opacity=1.0)), "transparency")
    assert is_above(explained - by_rule)


def test_training_fades_where_it_is_not_used():
    """A year in which all staff are trained: three years later less than half of what they learned is left."""
    course, paper = items(parameter="training_rate", value=1.0), items(months=72, **NO_SYSTEMS)
    gain = runs("small", paper, overlay=course) - runs("small", paper)
    fresh, stale = (seen(gain, "staff_skill", slice(month, month + 1)) for month in (LAST, LAST + 36))
    assert is_above(fresh)
    assert is_above(0.5 * fresh - stale)


def test_systems_widen_the_gap_between_the_skilled_and_the_others():
    with_systems, without = runs("eager"), runs("eager", items(**NO_SYSTEMS))
    assert (seen(without, "skill_gap") == 0.0).all()
    assert is_above(seen(with_systems, "skill_gap"))


def test_a_failed_project_leaves_an_office_worse_off_than_none():
    none, failed = runs("failing", items(project_rate=0.0, proposal_uptake=0.0)), runs("failing")
    for observable in ("leader_support", "trust_agency"):
        assert is_above(seen(none, observable) - seen(failed, observable)), observable
    assert is_above(seen(failed, "digital_spending", slice(None)) - seen(none, "digital_spending", slice(None)))
