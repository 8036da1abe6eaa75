"""The model built a second time: observables, 7.9 and the table of observation in `model/ODD.md`; see `second_build.py`."""

from math import sqrt

from tests.second_build import speed
from tests.second_build_people import ability, mean


def ratio(part, whole):
    return part / whole if whole > 0.0 else 0.0


class View:
    """Rows of a month with what stands beside them: offices with leader, staff, citizens and parameters."""

    def __init__(self, world, staff, folk, p):
        self.regions, self.p = world.regions, [p[o.region] for o in world.offices]
        self.offices, self.leaders, self.staff, self.folk = world.offices, world.leaders, staff, folk
        self.servants = world.servants
        self.pairs = [(o, c) for o, group in zip(self.offices, folk, strict=True) for c in group]
        self.heads = sum(o.weight for o, c in self.pairs)

    def office(self, value):
        """Return the mean over offices."""
        return mean(map(value, self.offices))

    def people(self, value):
        """Return the mean over inhabitants."""
        return sum(o.weight * value(c) for o, c in self.pairs) / self.heads

    def count(self, test):
        """Return how many citizens do something, weighted."""
        return sum(o.weight for o, c in self.pairs if test(c))

    def use(self, test):
        """Return digital use among the filed and dropped cases of a group."""
        cases = self.count(lambda c: c.channel in (1, 2, 3, 4) and test(c))
        return ratio(self.count(lambda c: c.channel in (2, 3) and test(c)), cases)


def observe(v):
    """Return every observable by name."""
    return {**of_service(v), **of_stages(v), **of_projects(v), **of_conduct(v), **of_fates(v), **of_scores(v)}


def of_service(v):
    arrived = sum(o.weight * o.arrived for o in v.offices)
    own, helped = (v.count(lambda c, way=way: c.channel == way) for way in (3, 2))
    filed = v.count(lambda c: c.channel in (1, 2, 3))
    days = sum(
        o.weight * (o.counter_days if c.channel == 1 else o.digital_days) for o, c in v.pairs if c.channel in (1, 2, 3)
    )
    use, supply = ratio(own + helped, arrived), sum(o.weight * o.stage / 2.0 for o, c in v.pairs) / v.heads
    million = 0.0
    for o, group, p in zip(v.offices, v.folk, v.p, strict=True):
        c, a, s = (sum(x.channel == way for x in group) for way in (1, 2, 3))
        cases = p.counter_fixed_share * o.usual_demand * (1.0 - p.counter_closure * (o.stage > 0))
        cases += (1.0 - p.counter_fixed_share) * c + p.assisted_cost_ratio * a + p.online_cost_ratio * s
        million += o.weight * cases * p.counter_cost + o.spending * p.budget_unit
    waiting = sum(o.waiting for o in v.offices)
    return {
        "use_share": use,
        "online_share": ratio(own, arrived),
        "assisted_share": ratio(helped, arrived),
        "supply_index": supply,
        "supply_use_gap": supply - use,
        "wait_days": ratio(days, filed),
        "backlog_months": ratio(waiting, sum(o.possible for o in v.offices)),
        "cost_per_case": ratio(1000.0 * million, sum(o.weight * o.served for o in v.offices)),
        "dropped_share": ratio(sum(o.weight * o.dropped for o in v.offices), arrived),
        "failed_online_share": ratio(v.count(lambda c: c.has_failed and c.channel in (1, 2, 3, 4)), arrived),
        "skill_gap": v.use(lambda c: c.third == 2) - v.use(lambda c: c.third == 0),
        "setting_gap": v.use(lambda c: c.urban) - v.use(lambda c: not c.urban),
        "cases_arrived": sum(o.arrived for o in v.offices),
        "cases_served": sum(o.served for o in v.offices),
        "cases_waiting": waiting,
        "cases_dropped": sum(o.dropped for o in v.offices),
        "digital_spending": sum(o.spending * p.budget_unit / 1000.0 for o, p in zip(v.offices, v.p, strict=True)),
    }


def of_stages(v):
    shares = {}
    names = ("street", "screen", "system"), ("guard", "sponsor", "driver"), ("paper", "screen", "steward")
    for kind, stages, rows in zip(("office", "leader", "servant"), names, (v.offices, v.leaders, v.servants), strict=True):
        shares |= {f"{kind}_{name}": mean(row.stage == i for row in rows) for i, name in enumerate(stages)}
    for i, name in enumerate(("counter", "assisted", "online")):
        shares[f"citizen_{name}"] = v.people(lambda c, i=i: c.stage == i)
    population = sum(r.population for r in v.regions)
    return shares | {
        "trust_agency": v.people(lambda c: c.trust),
        "trust_general": v.people(lambda c: c.trust_general),
        "satisfaction": ratio(
            sum(o.weight * c.satisfaction for o, c in v.pairs if c.has_used), v.count(lambda c: c.has_used)
        ),
        "access_share": v.people(lambda c: c.has_access),
        "aware_share": v.people(lambda c: c.aware),
        "citizen_adoption": v.people(lambda c: c.stage > 0),
        "citizen_skill": v.people(lambda c: c.skill),
        "servant_adoption": mean(s.stage > 0 for s in v.servants),
        "staff_skill": mean(map(ability, v.servants)),
        "leader_support": mean(leader.support for leader in v.leaders),
        "leaders_replaced": 100.0 * mean(leader.is_new for leader in v.leaders),
        "coverage": sum(r.population * r.coverage for r in v.regions) / population,
    }


def of_projects(v):
    deployed = [o.quality for o in v.offices if o.deployed]
    return {
        "capacity": v.office(lambda o: o.capacity),
        "readiness": v.office(lambda o: o.readiness),
        "system_quality": mean(deployed) if deployed else 0.0,
        "data_share": v.office(lambda o: o.data),
        "projects_running": v.office(lambda o: o.project > 0),
        "projects_succeeded": 100.0 * v.office(lambda o: o.outcome == 1),
        "projects_partial": 100.0 * v.office(lambda o: o.outcome == 2),
        "projects_failed": 100.0 * v.office(lambda o: o.outcome >= 3),
        "offices_regressed": 100.0 * v.office(lambda o: o.regressed),
        "proposals": 100.0 * v.office(lambda o: o.proposals),
        "applications_per_function": v.office(lambda o: o.applications),
    }


def of_conduct(v):
    same = {"work_pressure": "pressure", "coping_away": "away", "coping_against": "against", "service_standard": "standard"}
    same |= {name: name for name in ("transparency", "accountability", "legitimacy")}
    same |= {f"capacity_{name}": name for name in ("human_resources", "organisation", "resources", "network", "environment")}
    same |= {"capacity_mandate": "mandate", "discretion_case": "discretion", "rosenberg_information": "data"}
    same |= {"rosenberg_openness": "culture", "rosenberg_technology": "technology"}
    found = {name: v.office(lambda o, field=field: getattr(o, field)) for name, field in same.items()}
    designed = [max(0.0, 1.0 - o.discretion / p.initial_discretion) for o, p in zip(v.offices, v.p, strict=True)]
    found |= {"discretion_design": mean(designed), "coping_toward": 1.0 - found["coping_away"] - found["coping_against"]}
    return found | {"worst_fault": max(r.worst_fault for r in v.regions)}


def of_fates(v):
    def fate(bit):
        return v.count(lambda c: int(c.fate) & bit)

    lived, spoke = fate(32), fate(8)
    trust = v.people(lambda c: c.trust)
    infrastructure = v.people(lambda c: c.has_access) + v.people(lambda c: c.is_fast) + of_stages(v)["coverage"]
    skill = (v.people(lambda c: c.skill) + mean(map(ability, v.servants))) / 2.0
    return {
        "bribery_share": ratio(fate(1), lived),
        "error_share": ratio(fate(2), lived),
        "fault_share_hit": ratio(fate(4), lived),
        "voice_share": ratio(spoke, lived),
        "answered_share": ratio(fate(16), spoke),
        "felt_influence": v.people(lambda c: c.efficacy),
        "trust_polarisation": 2.0 * sqrt(v.people(lambda c: (c.trust - trust) ** 2)),
        "excluded_share": v.people(lambda c: c.habit in (4, 5)),
        "waiting_for_help": v.people(lambda c: c.channel == 5),
        "development_index": (of_service(v)["supply_index"] + infrastructure / 3.0 + skill) / 3.0,
    }


def of_scores(v):
    filed = v.count(lambda c: c.channel in (1, 2, 3))
    lost = v.count(lambda c: c.channel == 5) + sum(o.weight * o.dropped for o in v.offices)
    failed, digital = v.count(lambda c: c.has_failed and c.channel != 5), v.count(lambda c: c.channel in (2, 3))
    felt = 0.0
    for o, group, p in zip(v.offices, v.folk, v.p, strict=True):
        felt += sum(
            o.weight * speed(o.counter_days if c.channel == 1 else o.digital_days, p)
            for c in group
            if c.channel in (1, 2, 3)
        )
    fates, conduct = of_fates(v), of_conduct(v)
    frags = [min(p.fragmentation_limit, 1.0 - 1.0 / o.applications) for o, p in zip(v.offices, v.p, strict=True)]
    answer = ratio(felt, filed)
    return {
        "legitimacy_accessibility": ratio(filed, filed + lost),
        "legitimacy_responsiveness": answer,
        "legitimacy_comprehensibility": 1.0 - failed / (failed + digital) if failed + digital else 0.0,
        "pinchot_integration": v.office(lambda o: o.automation * (o.stage == 2)),
        "pinchot_response": answer,
        "pinchot_control": fates["answered_share"],
        "pinchot_transparency": conduct["transparency"],
        "pinchot_empowerment": fates["voice_share"] * fates["answered_share"],
        "pinchot_staff": v.office(lambda o: o.skill * min(1.0, o.pace)),
        "tapscott_client_service": conduct["coping_toward"],
        "tapscott_community": fates["felt_influence"],
        "tapscott_integrated_services": v.office(lambda o: o.stage == 2),
        "tapscott_electronic_service": v.office(lambda o: o.use * (o.stage > 0)),
        "tapscott_quick_response": answer,
        "tapscott_implicit_control": conduct["discretion_design"],
        "tapscott_electronic_payment": ratio(v.count(lambda c: c.channel == 3), filed),
        "tapscott_flexible_search": v.office(lambda o: o.data * o.culture),
        "tapscott_integrated_network": 1.0 - mean(frags),
        "tapscott_participation": fates["voice_share"],
    }
