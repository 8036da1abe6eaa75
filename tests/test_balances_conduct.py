"""Balance equations of how offices conduct themselves, of what they owe to pressure, and of provinces; see test_balances."""

import numpy as np
import pytest

from tests.history import TOLERANCE, assert_balance, cut, lively, logistic
from tests.test_balances_people import BRIBED, BY_ASSISTANCE, BY_COUNTER, BY_SELF_SERVICE, DEFERRED, DROPPED, FAULTED, fate


def cases(m):
    """Return cases of each office by channel this month: counter, assisted, online, dropped, put off."""
    channel = m.after.citizens["channel"]
    return [m.gather(channel == code) for code in (BY_COUNTER, BY_ASSISTANCE, BY_SELF_SERVICE, DROPPED, DEFERRED)]


def automated(m):
    """Return lawful numbers of cases that rules decided: the share rounded down or up, by a draw."""
    share = cases(m)[2] * decided_by_rule(m)
    return [np.floor(share), np.ceil(share)]


def coping_time(m):
    """Return time a case as staff cope now, relative to a neutral way of working."""
    office = m.after.offices
    toward = 1.0 - office["away"] - office["against"]
    return 1.0 - m.p["coping_away_time"] * office["away"] + m.p["coping_toward_time"] * toward


def pace(m):
    """Mean output of staff, the slower the more time they take and think right."""
    new = m.after.servants
    practised = np.exp(-m.spread(m.p["learning_exponent"], new) * np.log(1.0 + new["months_of_use"]))
    on_screen = np.maximum(m.spread(m.p["fastest_work"], new), (1.0 + m.spread(m.p["go_live_shock"], new)) * practised)
    speed = np.where(new["stage"] > 0, 1.0 / (1.0 - new["use"] + new["use"] * on_screen), 1.0)
    mean = m.gather(speed) / m.size("servants")
    return m.after.offices["pace"], mean / (m.before.offices["standard"] * coping_time(m))


def possible(m):
    """Staff hired for the demand of the start, by their pace and the work that this month's mix of cases makes."""
    hands = lively()[0].parameters["need_rate"] * m.size("citizens") / m.before.offices["load"]
    counter, assisted, online = cases(m)[:3]
    lawful = []
    for decided in automated(m):
        number = counter + assisted + online - decided
        work = counter + m.p["assisted_work"] * assisted + m.p["online_work"] * (online - decided)
        work = np.where(number > 0, work / np.where(number > 0, number, 1.0), 1.0)
        lawful.append(hands * m.after.offices["pace"] / work)
    return m.after.offices["possible"], lawful


def pressure(m):
    """Work to be done, relative to what staff could do if they took the time they think right."""
    filed = sum(cases(m)[:3]) + m.before.offices["waiting"]
    could = m.after.offices["possible"] * coping_time(m)
    return m.after.offices["pressure"], [np.minimum(3.0, (filed - decided) / could) for decided in automated(m)]


def served(m):
    """What rules decide, and of the rest what staff can, rounded by a draw."""
    office, filed = m.after.offices, sum(cases(m)[:3]) + m.before.offices["waiting"]
    lawful = []
    for decided in automated(m):
        for hands in (np.floor(office["possible"]), np.ceil(office["possible"])):
            lawful.append(decided + np.minimum(filed - decided, hands))
    return office["served"], lawful


def standard(m):
    """Down fast, up slowly towards the time taken; never above 1 nor below the lowest."""
    old = m.before.offices["standard"]
    taken = old * coping_time(m)
    months = np.where(taken < old, m.p["erosion_months"], m.p["recovery_months"])
    return m.after.offices["standard"], np.clip(old + (taken - old) / months, m.p["lowest_standard"], 1.0)


def counter_days(m):
    office = m.after.offices
    paper = (1.0 - office["use"]) * m.p["handling_days_street"]
    handling = np.where(office["stage"] > 0, m.p["handling_days_screen"], m.p["handling_days_street"])
    return office["counter_days"], 30.0 * office["waiting"] / office["possible"] + paper + office["use"] * handling


def discretion(m):
    office, use = m.after.offices, m.before.offices["use"]
    at_screen = m.p["discretion_at_screen"] * use
    at_system = m.p["discretion_at_system"] * office["automation"] + at_screen * (1.0 - office["automation"])
    taken = np.choose(office["stage"].astype(int), [0.0 * use, at_screen, at_system])
    return office["discretion"], cut(m.p["initial_discretion"] * (1.0 - taken))


def decided_by_rule(m):
    """Return the share of decisions by rules: before system level they stand in the system but decide nothing."""
    return np.where(m.after.offices["stage"] == 2, m.after.offices["automation"], 0.0)


def trace(m):
    """Return how far cases are logged: work on screen last month, or decisions by rules."""
    return np.maximum(m.before.offices["use"], decided_by_rule(m))


def answered(m):
    openness = 0.5 * (m.after.leaders["openness"] + m.after.leaders["receptivity"])
    return m.after.offices["answered"], cut(m.p["response_share"] * (0.5 + openness))


def transparency(m):
    office, p = m.after.offices, m.p
    seen = p["transparency_status"] * trace(m) + p["transparency_rules"] * office["mandate"]
    seen = seen + p["transparency_data"] * office["data"] * office["culture"]
    return office["transparency"], cut(seen - p["opacity"] * decided_by_rule(m) * (1.0 - p["explanation"]))


def accountability(m):
    office, p = m.after.offices, m.p
    level = p["accountability_trace"] * trace(m) + p["accountability_complaints"] * office["answered"]
    return office["accountability"], cut(level + p["accountability_audit"] * p["audit_rate"])


def detection(m):
    office, p = m.after.offices, m.p
    chance = p["detection_base"] + p["detection_accountability"] * office["accountability"]
    return office["detection"], cut(chance + p["detection_trace"] * trace(m))


def rent_chance(m):
    return m.after.offices["rent_chance"], m.p["gatekeeper_rent"] * trace(m)


def bribe_chance(m):
    """A bribe at the counter: opportunity, habit, waiting; honesty above and detection against it; or an override sold."""
    old, office, p = m.before.offices, m.after.offices, m.p
    opportunity = np.maximum(0.0, p["monopoly"] + office["discretion"] - office["accountability"])
    drive = p["bribe_inclination"] + p["bribe_opportunity_weight"] * opportunity + p["bribe_norm"] * old["bribery"]
    drive = drive + p["bribe_wait"] * old["waiting"] / old["possible"]
    drive = drive - p["bribe_honesty"] * m.after.leaders["honesty"] - p["bribe_detection"] * office["detection"]
    bribe = p["bribe_requests"] * logistic(drive)
    return office["bribe_chance"], 1.0 - (1.0 - bribe) * (1.0 - office["rent_chance"])


def error_chance(m):
    old, p = m.before.offices, m.p
    toward = 1.0 - old["away"] - old["against"]
    haste = 1.0 + p["coping_away_error"] * old["away"] - p["coping_toward_error"] * toward
    level = p["error_rate"] * (1.0 - p["error_skill"] * old["skill"]) * (1.0 - p["error_screen"] * old["use"])
    rigid = 1.0 + p["error_rigidity"] * (p["initial_discretion"] - m.after.offices["discretion"])
    return m.after.offices["error_chance"], cut(level * haste * (2.0 - old["standard"]) * rigid)


def face_to_face(m):
    """Return the share of filed cases that came to the counter; all if none was filed."""
    counter, assisted, online = cases(m)[:3]
    filed = counter + assisted + online
    return np.where(filed > 0, counter / np.maximum(1, filed), 1.0)


def bribery(m):
    """The habit follows the chance of a bribe in the month's mix of cases."""
    old, office, face = m.before.offices["bribery"], m.after.offices, face_to_face(m)
    chance = face * office["bribe_chance"] + (1.0 - face) * office["rent_chance"]
    return office["bribery"], old + m.p["norm_adjustment"] * (chance - old)


def legitimacy(m):
    """Felt influence, fairness of the process (open, few wrongs) and results (speed, clean hands), slowly."""
    old, office, p, face = m.before.offices["legitimacy"], m.after.offices, m.p, face_to_face(m)
    put_off = cases(m)[4]
    brought = office["arrived"] + put_off
    lost = np.where(brought > 0, (office["dropped"] + put_off) / np.maximum(1, brought), 0.0)
    process = 0.5 * office["transparency"] + 0.5 * (1.0 - np.minimum(1.0, office["error_chance"] + lost))
    days = face * office["counter_days"] + (1.0 - face) * office["digital_days"]
    speed = p["service_reference_days"] / (p["service_reference_days"] + days)
    results = 0.5 * speed + 0.5 * (1.0 - office["bribery"])
    target = p["legitimacy_input"] * office["efficacy"] + p["legitimacy_throughput"] * process
    target = target + (1.0 - p["legitimacy_input"] - p["legitimacy_throughput"]) * results
    return office["legitimacy"], cut(old + p["legitimacy_adjustment"] * (target - old))


def trust_shock(m):
    """By a project that failed, half of it if partly; by a faulty rule found, where the system decides."""
    office = m.after.offices
    by_project = m.p["failure_trust_loss"] * ((office["outcome"] == 3) + 0.5 * (office["outcome"] == 2))
    found = (m.over_offices(m.after.regions["fault_found"]) == 1) & (office["stage"] == 2)
    return office["trust_shock"], np.maximum(by_project, np.where(found, m.p["fault_scandal"], 0.0))


def score(m):
    """Published once a year: level and quality of what is installed."""
    office = m.after.offices
    now = np.where(office["deployed"] > 0, (office["stage"] + office["quality"]) / 3.0, 0.0)
    return office["score"], now if m.number % 12 == 0 else m.before.offices["score"]


def province(name, value):
    """Return the equation of a province's mean of its offices."""

    def equation(m):
        return m.after.regions[name], m.by_province(value(m)) / m.before.regions["offices"]

    equation.__name__ = f"{name} of province"
    return equation


def fault_hits(m):
    """Persons hit by the present or last faulty rule: counted anew when one goes live."""
    goes_live = (m.after.regions["fault"] == 1) & (m.before.regions["fault"] == 0)
    hit = m.by_province(m.before.offices["weight"] * m.gather(fate(m, FAULTED)))
    return m.after.regions["fault_hits"], np.where(goes_live, 0.0, m.before.regions["fault_hits"]) + hit


def worst_fault(m):
    return m.after.regions["worst_fault"], np.maximum(m.before.regions["worst_fault"], m.after.regions["fault_hits"])


def fault(m):
    """A fault lasts until found; while it lasts, and after, the share it hits is what it was."""
    old, new = m.before.regions, m.after.regions
    ends = (old["fault"] == 1) & (new["fault"] == 0)
    assert (new["fault_found"] == ends).all()
    lasts = (old["fault"] == 1) | (new["fault"] == 0)
    return new["fault_share"][lasts], old["fault_share"][lasts]


STOCKS = (
    pace, possible, pressure, served, standard, counter_days, discretion, answered, transparency, accountability, detection,
    rent_chance, bribe_chance, error_chance, bribery, legitimacy, trust_shock, score, fault_hits, worst_fault, fault,
    province("screen_share", lambda m: m.after.offices["stage"] > 0),
    province("system_share", lambda m: m.after.offices["stage"] == 2),
    province("oversight", lambda m: m.after.offices["accountability"]),
    province("score", lambda m: m.after.offices["score"]),
    province("online_share", lambda m: m.gather(m.after.citizens["has_access"]) / m.size("citizens")),
)  # fmt: skip


@pytest.mark.parametrize("equation", STOCKS, ids=lambda equation: equation.__name__)
def test_conduct_balances(equation):
    assert_balance(equation)


def test_who_is_hit_by_a_fault_is_in_its_province_at_system_level():
    for month in lively()[1]:
        hit = month.gather(fate(month, FAULTED)) > 0
        at_work = month.over_offices(month.after.regions["fault"]) == 1
        assert not (hit & ~(at_work & (month.after.offices["stage"] == 2))).any()


def test_the_conduct_is_lively():
    """Standards fall and recover, faults come and go, habits and legitimacy move by much more than the tolerance."""
    months = lively()[1]
    steps = np.concatenate([month.after.offices["standard"] - month.before.offices["standard"] for month in months])
    assert (steps < -1e-3).sum() > 100 and (steps > 1e-4).sum() > 100
    assert sum((month.after.regions["fault"] > month.before.regions["fault"]).sum() for month in months) >= 3
    assert sum(month.after.regions["fault_found"].sum() for month in months) >= 3
    for name, spread in (("bribery", 0.05), ("legitimacy", 0.1), ("pressure", 2.0), ("score", 0.5)):
        values = np.array([month.after.offices[name] for month in months])
        assert np.ptp(values) > spread > 1000 * TOLERANCE
    assert sum(fate(month, BRIBED).sum() for month in months) > 500
