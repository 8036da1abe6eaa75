"""Balance equations of what civil servants and citizens carry; see test_balances."""

import numpy as np
import pytest

from tests.history import TOLERANCE, assert_balance, cut, lively

BY_COUNTER, BY_ASSISTANCE, BY_SELF_SERVICE, DROPPED, DEFERRED = 1, 2, 3, 4, 5
BRIBED, WRONGED, FAULTED, SPOKE, HEARD, CONCLUDED = 1, 2, 4, 8, 16, 32


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


def commitment(m):
    """Return commitment of staff under their leaders: r of leadership, the rest of one's own."""
    leader, r = m.after.leaders, m.p["commitment_from_leadership"]
    care = (leader["caring"] + leader["dignity"] + leader["respect"]) / 3.0
    leadership = 0.5 * care + 0.25 * (leader["openness"] + leader["receptivity"])
    pull = m.spread(r * (leadership - m.p["construct_mean"]) / m.p["construct_spread"], m.after.servants)
    own = m.spread(np.sqrt(1.0 - r**2), m.after.servants) * m.after.servants["character"]
    return cut(0.5 + staff(m, "commitment_spread") * (pull + own))


def coping(m):
    """Return the shares of servants' moves toward, away from and against clients: a logit of pressure and commitment."""
    new = m.after.servants
    pressure = m.spread(m.before.offices["pressure"], new) - 1.0
    cost = new["switching_cost"] + staff(m, "rent_resistance") * m.spread(m.before.offices["bribery"], new)
    cost = cost * (1.0 - staff(m, "resistance_skill") * ability(new["skill"], new["trained"]))
    cost = cost * (1.0 - staff(m, "resistance_support") * m.spread(m.after.leaders["support"], new))
    habit = (cost - staff(m, "construct_mean")) / staff(m, "construct_spread")
    calm = staff(m, "coping_commitment") * (commitment(m) - 0.5)
    away = np.exp(staff(m, "coping_away_base") + staff(m, "coping_away_pressure") * pressure - calm)
    against = staff(m, "coping_against_base") + staff(m, "coping_against_pressure") * pressure
    against = np.exp(against + staff(m, "coping_against_status_quo") * habit - calm)
    return away / (1.0 + away + against), against / (1.0 + away + against)


def away(m):
    return m.after.servants["away"], coping(m)[0]


def against(m):
    return m.after.servants["against"], coping(m)[1]


def had_case(m):
    """Return (lived through a case last month, completed it digitally); who waits for a way lived through none."""
    channel = m.before.citizens["channel"]
    return (channel > 0) & (channel != DEFERRED), np.isin(channel, (BY_ASSISTANCE, BY_SELF_SERVICE)) & ~m.given_up


def fate(m, bit):
    """Tell whom last month's case brought this."""
    return m.after.citizens["fate"].astype(int) & bit > 0


def experience(m):
    """Return the quality felt in last month's case: none if it took a bribe."""
    past, now, digital = m.before.offices, m.after.offices, had_case(m)[1]
    days = np.where(
        digital, m.spread(past["digital_days"], m.after.citizens), m.spread(past["counter_days"], m.after.citizens)
    )
    reference = people(m, "service_reference_days")
    speed = reference / (reference + days)
    rest = m.p["experience_information"] * now["data"] + m.p["experience_quality"] * now["quality"]
    online = cut(people(m, "experience_speed") * speed + m.spread(rest, m.after.citizens))
    rigid = m.spread(m.p["coping_against_dissatisfaction"] * past["against"], m.after.citizens)
    counter = cut(speed * m.spread(past["standard"], m.after.citizens) - rigid)
    return np.where(fate(m, BRIBED), 0.0, np.where(digital, online, counter))


def trust(m):
    """Return trust: cut by a shock; towards what was felt; less three times that after a bad event; less by being forced.

    A draw may close the counter: who does not go there and stays of the
    counter's people was forced online for certain, who did not decide for it before he finished may have been.
    """
    old, felt, case = m.before.citizens, experience(m), had_case(m)[0]
    shaken = old["trust"] * (1.0 - m.spread(m.after.offices["trust_shock"], old))
    good = shaken + people(m, "trust_gain") * (felt - shaken)
    bad = cut(good - people(m, "trust_loss") * shaken)
    is_bad = (old["channel"] == DROPPED) | (old["has_failed"] == 1) | fate(m, WRONGED) | m.given_up
    moved = np.where(case, np.where(is_bad, bad, cut(good)), shaken)
    is_forced, may_be_forced = forced(m)
    loss = people(m, "mandate_reaction") * people(m, "service_sensitivity") * (1.0 - m.after.citizens["trust_general"])
    free = np.where(is_forced, cut(moved - loss), moved)
    return m.after.citizens["trust"], [free, np.where(may_be_forced, cut(free - loss), free)]


def forced(m):
    """Tell who was sent online for certain, and who perhaps, because he finished."""
    new, office = m.after.citizens, m.after.offices
    sent = (m.spread(office["stage"], new) > 0) & (new["channel"] > BY_COUNTER)
    return sent & (new["stage"] == 0), sent & np.isin(new["channel"], (BY_ASSISTANCE, BY_SELF_SERVICE))


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


def efficacy(m):
    """Felt influence: up for who spoke and was heard, down for who was not."""
    heard = np.where(fate(m, HEARD), people(m, "efficacy_gain"), -people(m, "efficacy_loss"))
    return m.after.citizens["efficacy"], cut(m.before.citizens["efficacy"] + np.where(fate(m, SPOKE), heard, 0.0))


def habit(m):
    channel = m.after.citizens["channel"]
    past = np.where(m.given_up, DROPPED, m.before.citizens["habit"])
    return m.after.citizens["habit"], np.where(channel > 0, channel, past)


def has_failed(m):
    """A failed attempt stays with the case until it is filed or dropped, and none is left without a case."""
    old, new = m.before.citizens, m.after.citizens
    kept = np.where((old["channel"] == DEFERRED) & (old["has_failed"] == 1), 1.0, new["has_failed"])
    return new["has_failed"], np.where(new["channel"] > 0, kept, 0.0)


def concluded(m):
    """Who lived through a case last month met some fate, and nobody else did; a lost case brings nothing but a voice."""
    case, dropped = had_case(m)[0], (m.before.citizens["channel"] == DROPPED) | m.given_up
    assert not (fate(m, BRIBED | WRONGED | FAULTED) & dropped).any()
    assert not (fate(m, FAULTED) & ~fate(m, WRONGED)).any() and not (fate(m, HEARD) & ~fate(m, SPOKE)).any()
    return fate(m, CONCLUDED) + 1.0 * (m.after.citizens["fate"] > 0), 2.0 * case


def has_used(m):
    return m.after.citizens["has_used"], np.maximum(m.before.citizens["has_used"], had_case(m)[1])


STOCKS = (
    trained, servant_skill, months_of_use, away, against, trust, trust_general, satisfaction, expectation, efficacy,
    citizen_skill, has_used, has_failed, habit, concluded,
)  # fmt: skip


@pytest.mark.parametrize("equation", STOCKS, ids=lambda equation: equation.__name__)
def test_stock_of_people_balances(equation):
    assert_balance(equation)


def test_offices_count_their_people():
    """What an office knows of its staff and citizens is their mean, and shares and means stay in [0, 1]."""
    for month in lively()[1]:
        office, servants = month.after.offices, month.after.servants
        size = month.size("servants")
        able = ability(servants["skill"], servants["trained"])
        means = {"adoption": servants["stage"] > 0, "use": servants["use"], "skill": able}
        means |= {"away": servants["away"], "against": servants["against"], "innovation": servants["innovativeness"]}
        for name, values in means.items():
            assert office[name] == pytest.approx(values.reshape(-1, size).mean(axis=1), abs=TOLERANCE)
        for name in ("trust", "efficacy"):
            assert office[name] == pytest.approx(
                month.gather(month.after.citizens[name]) / month.size("citizens"), abs=TOLERANCE
            )
        cases = month.gather(had_case(month)[0])
        assert office["voice"] == pytest.approx(month.gather(fate(month, SPOKE)) / np.maximum(1, cases), abs=TOLERANCE)
        for name in ("trust", "trust_general", "satisfaction", "expectation", "skill", "efficacy"):
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
    assert all(np.sum(channels == channel) > 200 for channel in range(BY_COUNTER, DEFERRED + 1))
    bits = {BRIBED: 200, WRONGED: 200, FAULTED: 20, SPOKE: 200, HEARD: 200}
    assert all(sum(fate(month, bit).sum() for month in months) >= times for bit, times in bits.items())
    assert sum(forced(month)[0].sum() for month in months) > 200
    assert sum((month.after.offices["trust_shock"] > 0).sum() for month in months) >= 10
    assert sum((month.before.offices["renege_share"] > 0).sum() for month in months) > 100
