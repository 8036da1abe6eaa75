"""Balance equations of what civil servants and citizens carry; see test_balances."""

import numpy as np
import pytest

from tests.history import lively

TOLERANCE = 2e-6
BY_COUNTER, BY_ASSISTANCE, BY_SELF_SERVICE, DROPPED = 1, 2, 3, 4


def cut(values):
    return np.clip(values, 0.0, 1.0)


def staff(m, name):
    """Return a parameter as seen by every civil servant."""
    return m.spread(m.p[name], m.after.servants)


def people(m, name):
    """Return a parameter as seen by every citizen."""
    return m.spread(m.p[name], m.after.citizens)


def stayed(m):
    """Tell who is the same person as last month: character is drawn anew with every replacement."""
    return m.after.servants["character"] == m.before.servants["character"]


def ability(skill, trained):
    return np.minimum(1.0, skill + trained)


def trained(m):
    """Trained skill: kept where the screen was used, else exp(-decay) of it; one training adds its gain."""
    old, new, same = m.before.servants, m.after.servants, stayed(m)
    kept = np.where(same & (old["use"] > 0), 1.0, np.exp(-staff(m, "skill_decay")))
    before = np.where(same, old["trained"], 0.0)
    skill = np.where(same, old["skill"], new["skill"])
    gain = staff(m, "training_effect") * staff(m, "servant_skill_spread") * staff(m, "training_transfer")
    gain = gain * (1.0 - ability(skill, before))
    exact = [before * kept, (before + gain) * kept]
    return new["trained"][same], [value[same] for value in exact]


def servant_skill(m):
    """Return lasting skill of those who stayed: practice, and what colleagues on screen pass on."""
    old, new, same = m.before.servants, m.after.servants, stayed(m)
    practice = staff(m, "learning_by_doing") * old["use"] * (1.0 - ability(old["skill"], new["trained"]))
    skill = cut(old["skill"] + np.where(old["use"] > 0, practice, 0.0))
    office = m.before.offices
    pull = m.spread(m.p["knowledge_sharing"] * m.after.offices["readiness"] * office["use"], new)
    lead = np.maximum(0.0, m.spread(office["skill"], new) - ability(skill, new["trained"]))
    return new["skill"][same], cut(skill + pull * lead)[same]


def months_of_use(m):
    new = m.after.servants
    return new["months_of_use"], np.where(stayed(m), m.before.servants["months_of_use"], 0.0) + new["use"]


def had_case(m):
    """Return (had a case last month, completed it digitally)."""
    channel = m.before.citizens["channel"]
    return channel > 0, np.isin(channel, (BY_ASSISTANCE, BY_SELF_SERVICE))


def experience(m):
    """Return the quality felt in last month's case."""
    past, now, digital = m.before.offices, m.after.offices, had_case(m)[1]
    days = np.where(
        digital, m.spread(past["digital_days"], m.after.citizens), m.spread(past["counter_days"], m.after.citizens)
    )
    reference = people(m, "service_reference_days")
    speed = reference / (reference + days)
    rest = m.p["experience_information"] * now["data"] + m.p["experience_quality"] * now["quality"]
    return np.where(digital, people(m, "experience_speed") * speed + m.spread(rest, m.after.citizens), speed)


def trust(m):
    """Return trust: towards what was felt; less three times that after a bad event. In the queue a draw decides which."""
    old, felt = m.before.citizens, experience(m)
    case = had_case(m)[0]
    good = old["trust"] + people(m, "trust_gain") * (felt - old["trust"])
    bad = cut(good - people(m, "trust_loss") * old["trust"])
    is_bad = (old["channel"] == DROPPED) | (old["has_failed"] == 1)
    may_be_bad = (old["channel"] == BY_COUNTER) & (m.spread(m.before.offices["renege_share"], old) > 0)
    first = np.where(case, np.where(is_bad, bad, cut(good)), old["trust"])
    return m.after.citizens["trust"], [first, np.where(may_be_bad & case, bad, first)]


def trust_general(m):
    old = m.before.citizens["trust_general"]
    moved = cut(old + people(m, "trust_general_rate") * (m.spread(m.before.offices["trust"], m.after.citizens) - old))
    return m.after.citizens["trust_general"], np.where(had_case(m)[0], moved, old)


def felt_digitally(m):
    """Return (felt something of the digital service, what was felt)."""
    digital, failed = had_case(m)[1], m.before.citizens["has_failed"] == 1
    return had_case(m)[0] & (digital | failed), np.where(digital, experience(m), people(m, "failed_experience"))


def satisfaction(m):
    old, (felt, what) = m.before.citizens, felt_digitally(m)
    moved = cut(old["satisfaction"] + people(m, "satisfaction_rate") * (what - old["expectation"]))
    return m.after.citizens["satisfaction"], np.where(felt, moved, old["satisfaction"])


def expectation(m):
    old, (felt, what) = m.before.citizens["expectation"], felt_digitally(m)
    moved = cut(old + people(m, "expectation_rate") * (what - old))
    return m.after.citizens["expectation"], np.where(felt, moved, old)


def citizen_skill(m):
    old = m.before.citizens
    skill = old["skill"] + np.where(had_case(m)[1], people(m, "skill_from_use") * (1.0 - old["skill"]), 0.0)
    grown = skill + people(m, "skill_from_access") * (1.0 - skill)
    return m.after.citizens["skill"], cut(np.where(old["has_access"] == 1, grown, skill))


def has_used(m):
    return m.after.citizens["has_used"], np.maximum(m.before.citizens["has_used"], had_case(m)[1])


STOCKS = (
    trained, servant_skill, months_of_use, trust, trust_general, satisfaction, expectation, citizen_skill, has_used,
)  # fmt: skip


@pytest.mark.parametrize("equation", STOCKS, ids=lambda equation: equation.__name__)
def test_stock_of_people_balances(equation):
    for month in lively()[1]:
        stock, lawful = equation(month)
        lawful = lawful if isinstance(lawful, list) else [lawful]
        misses = np.min([np.abs(stock - value) for value in lawful], axis=0)
        assert misses.max() <= TOLERANCE * max(1.0, np.abs(stock).max()), month.number


def test_offices_count_their_people():
    """What an office knows of its staff and citizens is their mean, and shares and means stay in [0, 1]."""
    for month in lively()[1]:
        office, servants = month.after.offices, month.after.servants
        size = len(servants["id"]) // len(month.region)
        able = ability(servants["skill"], servants["trained"])
        means = {"adoption": servants["stage"] > 0, "use": servants["use"], "skill": able}
        for name, values in means.items():
            assert office[name] == pytest.approx(values.reshape(-1, size).mean(axis=1), abs=TOLERANCE)
        trust_mean = month.after.citizens["trust"].reshape(len(month.region), -1).mean(axis=1)
        assert office["trust"] == pytest.approx(trust_mean, abs=TOLERANCE)
        for name in ("trust", "trust_general", "satisfaction", "expectation", "skill"):
            values = month.after.citizens[name]
            assert values.min() >= 0.0 and values.max() <= 1.0


def test_access_and_awareness_are_never_lost():
    for month in lively()[1]:
        for name in ("has_access", "aware", "has_used"):
            assert (month.after.citizens[name] >= month.before.citizens[name]).all()


def test_the_people_are_lively():
    """Training, replacement, bad and good cases, giving up in the queue: all occur often."""
    months = lively()[1]
    assert sum((~stayed(month)).sum() for month in months) > 100
    assert sum((month.after.servants["trained"] > month.before.servants["trained"]).sum() for month in months) > 500
    channels = np.concatenate([month.after.citizens["channel"] for month in months])
    assert all(np.sum(channels == channel) > 200 for channel in (BY_COUNTER, BY_ASSISTANCE, BY_SELF_SERVICE, DROPPED))
    assert sum((month.before.offices["renege_share"] > 0).sum() for month in months) > 100
