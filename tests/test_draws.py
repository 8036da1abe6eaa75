"""What chance decides happens as often as the equations say, in the lively run with every mechanism at work.

Each function returns (what happened, its chance) for all who faced the draw in a month. Over four replicates the number of
times must lie within five standard errors of the sum of chances: sqrt(sum of chance (1 - chance)) as draws are independent.
"""

from itertools import pairwise

import numpy as np
import pytest

from tests.history import lively, logistic
from tests.test_balances import ABANDONED, FAILED, PARTIAL, SUCCESS, goes_on, has_more, quality
from tests.test_balances_conduct import decided_by_rule
from tests.test_balances_people import (
    BRIBED,
    BY_COUNTER,
    BY_SELF_SERVICE,
    DEFERRED,
    DROPPED,
    FAULTED,
    HEARD,
    SPOKE,
    WRONGED,
    fate,
    had_case,
    people,
    staff,
    stayed,
)  # fmt: skip
from tests.theory import STANDARD_ERRORS

REPLICATES = 4
LEAST = 15.0  # expected times, and expected times that it does not happen, below which a check would say nothing


def leaders_replaced(m):
    """Every month by transfer, in the election month also by voters."""
    stays = 1.0 - 1.0 / m.p["leader_tenure"]
    votes = (m.number + m.before.offices["election_month"]) % m.p["election_interval"] == 0
    return m.after.leaders["is_new"], 1.0 - stays * np.where(votes, 1.0 - m.p["election_turnover"], 1.0)


def servants_replaced(m):
    return ~stayed(m), staff(m, "servant_exit") + staff(m, "servant_rotation")


def counters_closed(m):
    """Those who do not know of the service go to the counter if it is open."""
    unaware = (m.before.citizens["aware"] == 0) & (m.after.citizens["channel"] > 0)
    unaware &= m.spread(m.after.offices["stage"], m.after.citizens) > 0
    return (m.after.citizens["channel"] != BY_COUNTER)[unaware], people(m, "counter_closure")[unaware]


def forced_to_drop(m):
    """Who finds no way drops the case, or waits."""
    stuck = np.isin(m.after.citizens["channel"], (DROPPED, DEFERRED))
    return (m.after.citizens["channel"] == DROPPED)[stuck], people(m, "forced_dropout")[stuck]


def was_filed(m):
    """Tell whose case was filed last month, and met a fate by now."""
    return had_case(m)[0] & (m.before.citizens["channel"] != DROPPED)


def bribes(m):
    filed, digital = was_filed(m), had_case(m)[1]
    rent, bribe = (m.spread(m.after.offices[name], m.after.citizens) for name in ("rent_chance", "bribe_chance"))
    chance = np.where(digital, rent, bribe)
    return fate(m, BRIBED)[filed], chance[filed]


def by_rule(m):
    """Return the chance that last month's case was decided by a rule."""
    online = m.before.citizens["channel"] == BY_SELF_SERVICE
    return online * m.spread(decided_by_rule(m), m.after.citizens)


def faulty(m):
    """Return the chance that a rule which decides a case is hit by the fault at work in the province."""
    region = m.after.regions
    return m.spread(m.over_offices(np.where(region["fault"] == 1, region["fault_share"], 0.0)), m.after.citizens)


def wrong_by_people(m):
    """Where no rule decides, staff err, each case for itself."""
    mine = was_filed(m) & (by_rule(m) == 0)
    return fate(m, WRONGED)[mine], m.spread(m.after.offices["error_chance"], m.after.citizens)[mine]


def wrong_at_system_level(m):
    """Online at system level rules decide, or staff."""
    mine, rule = was_filed(m) & (by_rule(m) > 0), by_rule(m)
    single = people(m, "system_error_ratio") * people(m, "error_rate")
    chance = rule * (1.0 - (1.0 - single) * (1.0 - faulty(m)))
    chance += (1.0 - rule) * m.spread(m.after.offices["error_chance"], m.after.citizens)
    return fate(m, WRONGED)[mine], chance[mine]


def hit_by_fault(m):
    mine = was_filed(m) & (by_rule(m) * faulty(m) > 0)
    return fate(m, FAULTED)[mine], (by_rule(m) * faulty(m))[mine]


def voices(m):
    """The able, the aggrieved and those who feel heard speak up. In the queue a draw decides who is aggrieved."""
    old, (case, digital) = m.before.citizens, had_case(m)
    skill = old["skill"] + np.where(digital, people(m, "skill_from_use") * (1.0 - old["skill"]), 0.0)
    able = old["has_access"] * np.where(old["is_fast"] == 1, 1.0, 1.0 - people(m, "slow_penalty")) * skill
    able = np.where(m.spread(m.after.offices["stage"], old) > 0, able, 0.0)
    drive = people(m, "voice_base") + people(m, "voice_capability") * able + people(m, "voice_efficacy") * old["efficacy"]
    calm, aggrieved = logistic(drive), logistic(drive + people(m, "voice_issue"))
    issue = np.where((old["channel"] == DROPPED) | (old["has_failed"] == 1) | fate(m, WRONGED), 1.0, 0.0)
    gave_up = np.where(old["channel"] == BY_COUNTER, m.spread(m.before.offices["renege_share"], old), 0.0)
    issue = np.maximum(issue, gave_up)
    return fate(m, SPOKE)[case], (issue * aggrieved + (1.0 - issue) * calm)[case]


def voices_heard(m):
    spoke = fate(m, SPOKE)
    return fate(m, HEARD)[spoke], m.spread(m.after.offices["answered"], m.after.citizens)[spoke]


def projects_started(m):
    """The leader's will, or one of the proposals of staff; only where there is something to build."""
    old, leader, p = m.before.offices, m.after.leaders, m.p
    old_system = quality_before_loss(m) < p["quality_partial"]
    screens = (old["deployed"] == 0) | ((old["deployed"] == 1) & old_system)
    integration = (leader["stage"] == 2) & (old["stage"] > 0) & ((old["deployed"] == 1) | old_system)
    may = (old["project"] == 0) & (leader["stage"] > 0) & (screens | integration)
    idle = (1.0 - p["project_rate"] * leader["support"]) * (1.0 - p["proposal_uptake"]) ** m.after.offices["proposals"]
    assert not m.after.offices["project"][(old["project"] == 0) & ~may].any()
    started = m.after.offices["project"] > 0
    assert (m.after.offices["project"] == np.where(screens, 1, 2))[may & started].all()
    return started[may], 1.0 - idle[may]


def quality_before_loss(m):
    """Return quality when projects are considered; where a system was lost later in the month, what made it be lost: low."""
    lost = m.after.offices["deployed"] < m.before.offices["deployed"]
    return np.where(lost, 0.0, quality(m)[1])


def projects_abandoned(m):
    may = (m.before.offices["project"] > 0) & (m.after.leaders["is_new"] == 1)
    chance = m.p["project_abandonment"] * (1.0 - m.after.leaders["support"])
    return (m.after.offices["outcome"] == ABANDONED)[may], chance[may]


def applications_added(m):
    may = goes_on(m) & (m.after.leaders["is_new"] == 1)
    return has_more(m)[may], m.p["new_application_chance"][may]


def finished(m):
    """Return (whose project was finished, its gap after participation and copying)."""
    old, new, leader, p = m.before.offices, m.after.offices, m.after.leaders, m.p
    screens = old["project"] == 1
    required = np.minimum(1.0, np.where(screens, p["screen_requirement"], p["system_requirement"]) + p["design_overreach"])
    have = (
        new["data"], new["technology"], new["organisation"], 0.5 * (leader["support"] + new["culture"]),
        0.5 * (old["skill"] + new["human_resources"]), 0.5 * (new["mandate"] + new["network"]), new["resources"],
    )  # fmt: skip
    gap = sum(10.0 * np.maximum(0.0, required - level) for level in have)
    own = 0.25 * (new["culture"] + new["organisation"] + leader["support"] + old["answered"] * old["voice"])
    consulted = own + p["consultation"] * (1.0 - own)
    region = m.before.regions
    examples = np.where(screens, m.over_offices(region["screen_share"]), m.over_offices(region["system_share"]))
    gap = gap * (1.0 - p["participation_effect"] * consulted) * (1.0 - p["design_copying"] * examples)
    return np.isin(new["outcome"], (SUCCESS, PARTIAL, FAILED)), gap


def projects_succeeded(m):
    done, gap = finished(m)
    chance = logistic((m.p["success_threshold"] - gap) / m.p["outcome_noise"])
    return (m.after.offices["outcome"] == SUCCESS)[done], chance[done]


DRAWS = (
    leaders_replaced, servants_replaced, counters_closed, forced_to_drop, bribes, wrong_by_people, wrong_at_system_level,
    hit_by_fault, voices, voices_heard, projects_started, projects_abandoned, applications_added, projects_succeeded,
)  # fmt: skip


@pytest.mark.parametrize("draw", DRAWS, ids=lambda draw: draw.__name__)
def test_chance_has_its_share(draw):
    happened, chances = faced(draw)
    assert chances.min() >= 0.0 and chances.max() <= 1.0
    assert min(chances.sum(), (1.0 - chances).sum()) >= LEAST
    assert not happened[chances == 0.0].any() and happened[chances == 1.0].all()
    missed = abs(happened.sum() - chances.sum()) / np.sqrt(np.sum(chances * (1.0 - chances)))
    assert missed <= STANDARD_ERRORS, (draw.__name__, happened.sum(), chances.sum(), missed)


def faced(draw):
    """Return (what happened, chances) over four replicates."""
    pairs = [draw(month) for replicate in range(REPLICATES) for month in lively(replicate)[1]]
    return tuple(np.concatenate([np.asarray(pair[place], float) for pair in pairs]) for place in range(2))


def test_staff_propose_as_often_as_poisson_says():
    """Idle offices only; mean and variance of a Poisson number are the same."""
    number, mean = faced(proposals)
    assert mean.sum() >= LEAST and abs(number.sum() - mean.sum()) <= STANDARD_ERRORS * np.sqrt(mean.sum())


def proposals(m):
    idle = m.before.offices["project"] == 0
    assert not m.after.offices["proposals"][~idle].any()
    mean = m.p["innovation_rate"] * m.before.offices["innovation"] * m.after.leaders["receptivity"]
    return m.after.offices["proposals"][idle], mean[idle]


def test_replicates_are_other_histories():
    for one, other in pairwise([lively(replicate)[1][-1].after.citizens["trust"] for replicate in range(REPLICATES)]):
        assert (one != other).mean() > 0.9
