"""Queue, forgetting, projects and faulty rules against theory; what each shows is told in docs/verification.md."""

import math
from dataclasses import replace

import numpy as np
import pytest

from model import Simulation, simulate
from model.rules import queue
from tests.theory import QUIET, STANDARD_ERRORS, country, erlang_wait, sakasegawa_wait
from tests.worlds import COLUMN

UTILISATIONS = [0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95]
QUEUE_ERROR = 0.035  # service times; the rule never waits too short
NO_NEEDS_NOISE = {"need_rate": 0.25, "need_variation": 0.0, "utilisation_spread": 0.0}
LEVEL = 0.3
# Everyone works on screen from the start, and the oldest systems want renewal at once.
SCREENS = {
    "initial_systems": 1.0, "staff_threshold": 0.1, "data_threshold": 0.1, "adoption_rate": 0.4, "adoption_threshold": -1.5,
}  # fmt: skip
OUTCOMES = ("projects_succeeded", "projects_partial", "projects_failed")


def test_erlang_of_one_counter_and_of_a_table():
    """M/M/1 waits rho / (1 - rho); the chance to wait at two counters under load 1 is 1/3 (any queueing text)."""
    assert erlang_wait(0.8, 1) == pytest.approx(4.0)
    assert erlang_wait(0.5, 2) == pytest.approx(1.0 / 3.0)


@pytest.mark.parametrize("utilisation", UTILISATIONS)
@pytest.mark.parametrize("counters", [1, 2, 3, 4, 6, 8, 12])
def test_queue_rule_agrees_with_exact_erlang(counters, utilisation):
    error = queue.wait_in_queue(utilisation, counters) - erlang_wait(utilisation, counters)
    assert -1e-9 <= error <= QUEUE_ERROR
    if counters == 1:
        assert error == pytest.approx(0.0, abs=1e-9)
    if utilisation >= 0.90:
        assert error <= 0.025 * erlang_wait(utilisation, counters)


@pytest.mark.parametrize("utilisation", [0.6, 0.75, 0.9, 0.95])
@pytest.mark.parametrize("counters", [1, 4, 12])
def test_offices_keep_citizens_waiting_as_long_as_theory_says(counters, utilisation):
    """Street-level offices at a forced load: 16 of 64 citizens come every month; possible work is set by the load."""
    load = {"utilisation_mean": utilisation, "counters": counters, "service_hours": 2.0}
    model = Simulation(country(4, 6, people=64, **QUIET, **NO_NEEDS_NOISE, **load))
    model.run_model()
    office = model.world.offices
    assert office["arrived"] / office["possible"] == pytest.approx(utilisation, rel=1e-5)
    assert office["wait_hours"] == pytest.approx(2.0 * sakasegawa_wait(utilisation, counters), rel=1e-4)
    assert office["wait_hours"] == pytest.approx(2.0 * erlang_wait(utilisation, counters), abs=2.0 * QUEUE_ERROR)


def test_backlog_of_an_overloaded_office_follows_the_fluid_queue():
    """A arrive, m < A can be served, a share r of the rest gives up: W_t = (1 - r) (A - m) / r (1 - (1 - r)^t)."""
    months, leave, arrivals = 48, 0.1, 16.0
    capacity = arrivals / 1.2
    scenario = country(100, months, people=64, **QUIET, **NO_NEEDS_NOISE, utilisation_mean=1.2, reneging=leave)
    model, waiting = Simulation(scenario), []
    for _ in range(months):
        model.step()
        waiting.append(model.world.offices["waiting"].astype(float))
    waiting = np.array(waiting)
    limit = (1.0 - leave) * (arrivals - capacity) / leave
    expected = limit * (1.0 - (1.0 - leave) ** np.arange(1, months + 1))
    error = waiting.std(axis=1, ddof=1) / math.sqrt(waiting.shape[1])
    assert (np.abs(waiting.mean(axis=1) - expected) <= STANDARD_ERRORS * error).all()
    days = model.world.offices["counter_days"] - scenario.parameters["handling_days_street"]
    assert days == pytest.approx(30.0 * waiting[-1] / capacity, rel=1e-4)


def trained_by_month(months, forget, **changes):
    """Return what is left of training, by servant, after a year in which everybody could be trained."""
    settings = {**QUIET, "training_rate": 1.0, "skill_decay": forget, **changes}
    scenario = country(20, 12 + months, staff=12, at_work=("training", "practice"), **settings)
    model = Simulation(scenario)
    model.parameters["training_rate"][13:] = 0.0
    left = []
    while model.month < scenario.months:
        model.step()
        if model.month >= 12:
            left.append(model.world.servants["trained"].astype(float))
    return np.array(left), model


@pytest.mark.parametrize(("forget", "half_life"), [(0.106, 6.5), (0.063, 11.0), (0.053, 13.0), (0.03, 23.1), (0.12, 5.8)])
def test_trained_skill_has_the_half_life_of_the_registry(forget, half_life):
    """Without a system nobody practises: half of what was trained is gone after ln 2 / rate months, for everyone."""
    left, model = trained_by_month(36, forget)
    trained = left[0] > 0
    assert trained.mean() > 0.5
    slope = np.polyfit(np.arange(37), np.log(left[:, trained]), 1)[0]
    assert slope == pytest.approx(-forget, rel=1e-4)
    assert math.log(2.0) / forget == pytest.approx(half_life, abs=0.1)
    staff = model.series[12:, COLUMN["staff_skill"]]
    lasting = model.world.servants["skill"].mean()
    assert (staff - lasting) / (staff[0] - lasting) == pytest.approx(np.exp(-forget * np.arange(37)), abs=2e-3)


def test_practised_skill_is_not_forgotten():
    """Where everybody works on screen all the time nothing of the training fades."""
    on_screen = {"initial_systems": 1.0, "adoption_rate": 1.0, "adoption_threshold": -50.0, "abandonment_rate": 0.0}
    left, model = trained_by_month(36, 0.063, **on_screen)
    assert (model.world.servants["use"] > 0).all()
    assert (left[-1] == left[0]).all() and (left[0] > 0).mean() > 0.5


def projects_of_gap(gap, level=LEVEL, at_work=(), **changes):
    """Return counts of (success, partial, failure) where every project meets this gap: all seven levels are `level`.

    All that is set lies within the registry's ranges. Systems are never good enough, so that projects follow each other.
    """
    frozen = (
        "initial_capacity_spread", "culture_spread", "initial_data_spread", "digitisation_by_use",
        "digitisation_programme", "data_decay", "infrastructure_effort", "servant_skill_spread", "newcomer_skill_bonus",
        "training_rate", "initial_systems", "support_openness", "support_results", "success_encouragement",
        "project_abandonment", "new_application_chance", "sponsor_threshold", "design_overreach", "minimum_quality",
    )  # fmt: skip
    levels = ("initial_capacity_mean", "culture_mean", "initial_data_mean", "servant_skill_mean")
    settings = dict.fromkeys(frozen, 0.0) | dict.fromkeys(levels, level) | {
        "initial_coverage": level**2, "support_culture": 1.0, "support_kept": 1.0, "project_rate": 0.5,
        "screen_requirement": level + gap / 70.0, "screen_project_duration": 6.0, "screen_project_cost": 0.5,
        "quality_success": 0.5, "quality_partial": 0.8, "system_ageing": 0.02, "driver_threshold": 1.0,
    } | changes  # fmt: skip
    scenario = country(500, 120, at_work=("project_failure", *at_work), **settings).with_parameters(**settings)
    series = simulate(scenario, 0).series
    return np.rint([series[:, COLUMN[name]].sum() * 500 / 100 for name in OUTCOMES]), scenario.parameters


def assert_ordered_logit(counts, gap, p):
    """y = gap + logistic noise; success below the first threshold, total failure above the second."""
    number = counts.sum()
    success = 1.0 / (1.0 + math.exp((gap - p["success_threshold"]) / p["outcome_noise"]))
    failure = 1.0 / (1.0 + math.exp((p["failure_threshold"] - gap) / p["outcome_noise"]))
    expected = np.array([success, 1.0 - success - failure, failure])
    assert number > 3000
    error = np.sqrt(expected * (1.0 - expected) / number)
    assert (np.abs(counts / number - expected) <= STANDARD_ERRORS * error).all()


@pytest.mark.parametrize("gap", [5.0, 18.2, 30.0, 41.2, 49.0])
def test_projects_end_as_the_ordered_logit_says(gap):
    counts, p = projects_of_gap(gap)
    assert_ordered_logit(counts, gap, p)


@pytest.mark.parametrize("consultation", [0.0, 0.5, 1.0])
def test_consultation_shrinks_the_gap(consultation):
    """Nobody speaks up, so three of the four take part as far as they go anyway; consultation adds of what is missing."""
    gap, own = 41.2, 0.75 * LEVEL
    counts, p = projects_of_gap(gap, at_work=("participation",), consultation=consultation)
    consulted = own + consultation * (1.0 - own)
    assert_ordered_logit(counts, gap * (1.0 - p["participation_effect"] * consulted), p)


def test_copied_designs_shrink_the_gap():
    """Every office has been at screen level since the third month: all there is to copy is copied."""
    gap = 41.2
    counts, p = projects_of_gap(gap, at_work=("office_learning",), support_peers=0.0, failure_discouragement=0.0, **SCREENS)
    assert_ordered_logit(counts, gap * (1.0 - p["design_copying"]), p)


def test_proposals_start_projects_as_a_thinned_poisson_process():
    """Nobody else starts any: an office is idle after t months with exp(-t u l), l proposals a month taken up with u."""
    months, uptake = 24, 0.6
    start = {"project_rate": 0.0, "proposal_uptake": uptake, "innovation_rate": 0.5, "sponsor_threshold": 0.0}
    settings = {**QUIET, "digital_base_share": 0.0, "digital_commitment_share": 0.0, "leadership_development": 0.0, **start}
    model, idle = Simulation(country(2000, months, staff=6, at_work=("innovation",), **settings)), []
    for _ in range(months):
        model.step()
        idle.append((model.world.offices["project"] == 0).mean())
    rate = 0.5 * model.world.offices["innovation"] * model.world.leaders["receptivity"]
    left = np.exp(-uptake * np.outer(np.arange(1, months + 1), rate))
    error = np.sqrt(np.sum(left * (1.0 - left), axis=1)) / rate.size
    assert (np.abs(idle - left.mean(axis=1)) <= STANDARD_ERRORS * error).all()
    assert idle[-1] < 0.4


def test_faulty_rules_come_and_go_as_a_chain_of_two_states():
    """Found with d a month, going live with r: P_t = r / (r + d) (1 - (1 - r - d)^t); sizes exponential, cut at 1."""
    months, oversight, provinces, found, mean_size = 60, 0.25, 1000, 0.1, 0.3
    rates = {"fault_rate": 0.03, "fault_detection": found, "fault_share": mean_size}
    base = country(1, months, at_work=("correlated_errors",), **QUIET, **rates)
    many = tuple(replace(base.regions[0], name=f"province {number}") for number in range(provinces))
    model, at_work, sizes = Simulation(replace(base, regions=many)), [np.zeros(provinces)], []
    for _ in range(months):
        model.world.regions["system_share"], model.world.regions["oversight"] = 1.0, oversight
        model.step()
        at_work.append(model.world.regions["fault"].astype(float))
        sizes.append(model.world.regions["fault_share"][at_work[-1] > at_work[-2]])
    at_work, live = np.array(at_work), 0.03 * (1.0 - oversight)
    expected = live / (live + found) * (1.0 - (1.0 - live - found) ** np.arange(1, months + 1))
    error = np.sqrt(expected * (1.0 - expected) / provinces)
    assert (np.abs(at_work[1:].mean(axis=1) - expected) <= STANDARD_ERRORS * error).all()
    for state, chance in ((0.0, live), (1.0, found)):
        faced = (at_work[:-1] == state).sum()
        moved = ((at_work[:-1] == state) & (at_work[1:] != state)).sum()
        assert abs(moved - faced * chance) <= STANDARD_ERRORS * math.sqrt(faced * chance * (1.0 - chance))
    sizes = np.sort(np.concatenate(sizes))
    steps = np.arange(1, sizes.size + 1) / sizes.size  # Kolmogorov: missed by more once in a thousand samples
    missed = np.abs(np.where(sizes < 1.0, 1.0 - np.exp(-sizes / mean_size), 1.0) - steps).max()
    assert sizes.size > 1000 and missed <= 1.95 / math.sqrt(sizes.size)
