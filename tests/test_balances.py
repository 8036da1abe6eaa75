"""Balance equations: what a stock is this month follows from last month's and the month's flows, for every row.

Each function states the equation of one stock, in numpy and from the science note, and returns (stock, what it should be).
Several lawful values stand in a list where a draw that leaves no trace decides between them.
"""

import numpy as np
import pytest

from model import simulate
from tests.history import TOLERANCE, assert_balance, cut, lively

DIMENSIONS = {
    "human_resources": "human_resource_effort", "organisation": "organisation_effort", "resources": "resource_effort",
    "network": "network_effort", "environment": "network_effort", "mandate": "mandate_effort",
}  # fmt: skip
SUCCESS, PARTIAL, FAILED, ABANDONED = 1, 2, 3, 4
DEFERRED = 5


def budget(m):
    """Return (the month's money, the part for capacity, the part for digital work) of each office.

    Legitimate offices get more; digital work gets a share of what building capacity leaves.
    """
    money = (0.4 + 1.2 * m.before.offices["fiscal"]) * (1.0 + m.p["budget_growth"] * m.number / 12.0)
    money = money * np.maximum(0.0, 1.0 + m.p["legitimacy_budget"] * (m.before.offices["legitimacy"] - 0.5))
    share = m.p["digital_base_share"] + m.p["digital_commitment_share"] * m.after.leaders["support"]
    for_capacity = money * m.p["capacity_budget_share"]
    return money, for_capacity, (money - for_capacity) * np.minimum(1.0, share)


def goes_on(m):
    """Tell where a project ran this month and was not abandoned."""
    return (m.before.offices["project"] > 0) & (m.after.offices["outcome"] != ABANDONED)


def merges(m):
    """Tell where an integration went live this month."""
    return (m.before.offices["project"] == 2) & np.isin(m.after.offices["outcome"], (SUCCESS, PARTIAL))


def applications(m):
    """Return (applications, lawful values): a programme closes some, a new leader may add one, integration merges."""
    fewer = m.before.offices["applications"]
    fewer = fewer - m.p["consolidation"] / 12.0 * (fewer - 1.0)
    may_add = goes_on(m) & (m.after.leaders["is_new"] == 1)
    lawful = [fewer, np.where(may_add, fewer + 1.0, fewer)]
    left = 1.0 - m.p["integration_merges"]
    return m.after.offices["applications"], [np.where(merges(m), 1.0 + left * (count - 1.0), count) for count in lawful]


def has_more(m):
    """Tell where a new leader had the project started over as one more application."""
    count, (same, more) = applications(m)
    return np.abs(count - more) < np.abs(count - same)


def applications_built(m):
    """Return applications while the month's building went on, before an integration merged some."""
    fewer = m.before.offices["applications"]
    return fewer - m.p["consolidation"] / 12.0 * (fewer - 1.0) + has_more(m)


def assets_kept(m):
    """Return assets after the programme closed applications: what they cost to run is saved."""
    count = m.before.offices["applications"]
    return m.before.offices["assets"] * (1.0 - m.p["consolidation"] / 12.0 * (count - 1.0) / count)


def upkeep(m):
    """Return (running cost needed, share of it that is paid)."""
    need = m.p["opex_rate"] / 12.0 * assets_kept(m)
    digital = budget(m)[2]
    return need, np.where(need <= digital, 1.0, digital / np.where(need > 0, need, 1.0))


def coverage(m):
    old, p = m.before.regions, m.by_region
    growth = p["coverage_growth"] * p["infrastructure_effort"] / old["cost_multiplier"]
    return m.after.regions["coverage"], cut(old["coverage"] + growth * (1.0 - old["coverage"]))


def capacity_stock(name):
    def equation(m):
        old = m.before.offices[name]
        spending = budget(m)[1] / m.over_offices(m.before.regions["cost_multiplier"]) * m.p[DIMENSIONS[name]]
        return m.after.offices[name], cut(
            old + m.p["capacity_growth"] * spending * (1.0 - old) - m.p["capacity_depreciation"] * old
        )

    return equation


def culture(m):
    old, leader = m.before.offices, m.after.leaders
    practice = 0.5 * old["adoption"] + 0.25 * (leader["openness"] + leader["receptivity"])
    return m.after.offices["culture"], cut(old["culture"] + m.p["culture_drift"] * (practice - old["culture"]))


def data(m):
    old, growth = m.before.offices["data"], m.p["digitisation_by_use"] * m.before.offices["use"]
    growth = growth + m.p["digitisation_programme"] * m.after.offices["resources"]
    return m.after.offices["data"], cut(old + growth * (1.0 - old) - m.p["data_decay"] * old)


def automation(m):
    old = m.before.offices
    growth = m.p["automation_rate"] * old["use"] * m.after.offices["capacity"]
    return m.after.offices["automation"], np.where(
        old["deployed"] == 2, cut(old["automation"] + growth * (1.0 - old["automation"])), 0.0
    )


def disappointment(m):
    felt = {PARTIAL: 1.0, FAILED: 2.0}
    added = sum(weight * (m.after.offices["outcome"] == code) for code, weight in felt.items())
    kept = m.before.offices["disappointment"] * (1.0 - m.p["disappointment_fading"])
    return m.after.offices["disappointment"], cut(kept + added * m.p["disappointment"])


def delivered(m):
    """What the system can do: ages; a new system brings its own."""
    old, new = m.before.offices, m.after.offices
    aged = np.where(old["deployed"] > 0, cut(old["delivered"] - m.p["system_ageing"]), old["delivered"])
    aged = np.where(new["outcome"] == SUCCESS, m.p["quality_success"], aged)
    return new["delivered"], np.where(new["outcome"] == PARTIAL, m.p["quality_partial"], aged)


def quality(m):
    """Decays by what upkeep lacks, is repaired if paid; new with a project; after a loss what the older system delivers."""
    old, new = m.before.offices, m.after.offices
    aged, paid = cut(old["delivered"] - m.p["system_ageing"]), upkeep(m)[1]
    repaired = cut(old["quality"] + m.p["quality_recovery"] * (aged - old["quality"]))
    kept = np.where(paid < 1.0, cut(old["quality"] - m.p["quality_decay"] * (1.0 - paid)), repaired)
    kept = np.where(old["deployed"] > 0, kept, old["quality"])
    kept = np.where(np.isin(new["outcome"], (SUCCESS, PARTIAL)), new["delivered"], kept)
    lost = new["deployed"] < old["deployed"]
    return new["quality"], np.where(lost, np.where(new["deployed"] == 1, aged, 0.0), kept)


def assets(m):
    """What the last project cost, less what merged or closed applications and lost systems were worth."""
    old, new = m.before.offices, m.after.offices
    built = np.isin(new["outcome"], (SUCCESS, PARTIAL))
    value = np.where(built, building(m)[1], assets_kept(m))
    value = np.where(merges(m), value * new["applications"] / applications_built(m), value)
    deployed = np.where(built, old["project"], old["deployed"])
    lost = new["deployed"] < deployed
    return new["assets"], np.where(lost, np.where(new["deployed"] == 1, 0.5, 0.0) * value, value)


def building(m):
    """Return the share of a project that capacity, duration, money and what is left to do allow, and its full cost."""
    is_screen = m.before.offices["project"] == 1
    price = np.where(is_screen, m.p["screen_project_cost"], m.p["system_project_cost"])
    price = price * m.over_offices(m.before.regions["cost_multiplier"])
    cost = price / (1.0 - np.minimum(m.p["fragmentation_limit"], 1.0 - 1.0 / applications_built(m)))
    months = np.where(is_screen, m.p["screen_project_duration"], m.p["system_project_duration"])
    left = np.maximum(0.0, budget(m)[2] - upkeep(m)[0])
    absorbed = np.minimum(1.0, m.after.offices["capacity"] / m.p["project_capacity"])
    return np.minimum(1.0 - done_before(m), absorbed * np.minimum(1.0 / months, left / cost)), cost


def done_before(m):
    """Return the share of a project done so far; one more application starts it over."""
    return np.where(has_more(m), 0.0, m.before.offices["progress"])


def progress(m):
    """Of a running project; it ends when all is done, at 1 within the rounding of 32 bits, and leaves none."""
    done = np.where(goes_on(m), done_before(m) + building(m)[0], 0.0)
    ends = m.after.offices["outcome"] > 0
    assert (ends[goes_on(m)] == (done >= 1.0 - 2e-6)[goes_on(m)]).all()
    return m.after.offices["progress"], np.where(ends, 0.0, done)


def spending(m):
    (need, paid), (share, cost) = upkeep(m), building(m)
    return m.after.offices["spending"], need * paid + np.where(goes_on(m), share * cost, 0.0)


def support(m):
    """Commitment: towards what traits, peers, culture, results and outside pressure suggest, moved by a project's end."""
    old, leader, p, office = m.before.leaders["support"], m.after.leaders, m.p, m.before.offices
    open_mind = 0.5 * (leader["openness"] + leader["receptivity"])
    is_new = leader["is_new"] == 1
    start = p["support_kept"] * old + (1.0 - p["support_kept"]) * p["support_openness"] * open_mind
    old = np.where(is_new, start, old)
    results = np.where(office["deployed"] > 0, office["quality"] * office["adoption"], 0.0)
    target = p["support_openness"] * open_mind + p["support_culture"] * office["culture"] + p["support_results"] * results
    lag = np.maximum(0.0, m.over_offices(m.before.regions["score"]) - office["score"])
    target = target + p["external_pressure"] + p["ranking_effect"] * lag
    target = cut(target + p["support_peers"] * m.over_offices(m.before.regions["screen_share"]))
    moved = cut(old + p["support_adjustment"] * (target - old))
    loss = {PARTIAL: 0.5, FAILED: 1.0}
    felt = p["success_encouragement"] * (office["outcome"] == SUCCESS)
    felt = felt - p["failure_discouragement"] * sum(loss[code] * (office["outcome"] == code) for code in loss)
    return leader["support"], cut(np.where(is_new, moved, moved + felt))


def tenure(m):
    return m.after.leaders["tenure"], np.where(m.after.leaders["is_new"] == 1, 0.0, m.before.leaders["tenure"] + 1.0)


def waiting(m):
    """Cases of an office: waiting before + arrived = served + dropped + waiting after."""
    new = m.after.offices
    return new["waiting"], m.before.offices["waiting"] + new["arrived"] - new["served"] - new["dropped"]


def deferred(m):
    """Cases that wait for a way online: before + arose = filed or dropped + after; whose turn it is, brings a case."""
    count = [m.gather(rows.citizens["channel"] == DEFERRED) for rows in (m.before, m.after)]
    return count[1], count[0] + m.gather(arose(m)) - m.after.offices["arrived"]


def arose(m):
    """Tell which citizens a new case arose for: it is their turn, and none of theirs still waits for a way."""
    people, office = m.before.citizens, m.after.offices
    turn = people["turn"].astype(np.float32) + m.spread(office["need_offset"], people).astype(np.float32)
    return (people["channel"] != DEFERRED) & (turn % 1 < m.spread(office["need"], people))


def arrived(m):
    """Cases arrive when they are filed or dropped, by people whose turn it is or who waited for a way."""
    channel = m.after.citizens["channel"]
    has_case = arose(m) | (m.before.citizens["channel"] == DEFERRED)
    assert ((channel > 0) == has_case).all()
    return m.after.offices["arrived"], m.gather((channel > 0) & (channel != DEFERRED))


STOCKS = {
    **{name: capacity_stock(name) for name in DIMENSIONS},
    **{
        equation.__name__: equation
        for equation in (
            coverage, culture, data, automation, disappointment, delivered, quality, applications, assets, progress,
            spending, support, tenure, waiting, deferred, arrived,
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STOCKS)
def test_stock_of_offices_balances(name):
    assert_balance(STOCKS[name])


def test_offices_never_spend_more_than_they_have():
    """What runs and is built stays within the digital money, and all of it with capacity within the month's budget."""
    for month in lively()[1]:
        money, for_capacity, digital = budget(month)
        assert (month.after.offices["spending"] <= digital + TOLERANCE * money).all()
        assert (month.after.offices["spending"] + for_capacity <= money).all()


def test_offices_decide_no_more_than_staff_and_rules_can():
    for month in lively()[1]:
        office = month.after.offices
        online = (month.after.citizens["channel"] == 3).reshape(len(month.region), -1).sum(axis=1)
        automated = np.where(office["stage"] == 2, np.ceil(online * office["automation"]), 0.0)
        assert (office["served"] <= np.ceil(office["possible"]) + automated).all()


@pytest.mark.parametrize(("place", "kind"), list(enumerate(("offices", "leaders", "servants", "citizens"))))
def test_heads_by_stage_balance_and_flows_are_their_moves(place, kind):
    """Heads after = heads before + in - out, every month; a year's flows are the sum of its months' moves a head."""
    scenario, months = lively()
    flows, moves = simulate(scenario, 0).flows[:, place], np.zeros((3, 3))
    for month in months:
        old, new = getattr(month.before, kind), getattr(month.after, kind)
        assert (new["stage_before"] == old["stage"]).all()
        step = np.zeros((3, 3))
        np.add.at(step, (old["stage"].astype(int), new["stage"].astype(int)), 1.0)
        assert (np.bincount(new["stage"].astype(int), minlength=3) == step.sum(axis=0)).all()
        assert (np.bincount(old["stage"].astype(int), minlength=3) == step.sum(axis=1)).all()
        moves += step
        if month.number % 12 == 0:
            np.fill_diagonal(moves, 0.0)
            assert flows[month.number // 12 - 1] == pytest.approx(moves / len(new["stage"]))
            moves[:] = 0.0


def test_the_run_is_lively():
    """Equations are only tested by what happens: every outcome, loss, change of leader and stage occurs often."""
    months = lively()[1]
    outcomes = np.concatenate([month.after.offices["outcome"] for month in months])
    assert all(np.sum(outcomes == code) >= 5 for code in (SUCCESS, PARTIAL, FAILED, ABANDONED))
    assert sum(np.sum(month.after.offices["deployed"] < month.before.offices["deployed"]) for month in months) >= 5
    assert sum(month.after.leaders["is_new"].sum() for month in months) >= 50
    assert sum((upkeep(month)[1] < 1.0).sum() for month in months) >= 20
    assert sum(has_more(month).sum() for month in months) >= 10 and sum(merges(month).sum() for month in months) >= 10
    assert sum((month.after.citizens["channel"] == DEFERRED).sum() for month in months) > 200
    last = months[-1].after
    assert all(np.unique(getattr(last, kind)["stage"]).size >= 2 for kind in ("offices", "leaders", "servants", "citizens"))
    assert any((month.after.offices["stage"] == 2).any() for month in months)
