"""The model built a second time: what offices plan, section 7.3 of `model/ODD.md`; see `second_build.py`."""

from math import exp, sqrt

from model.numeric import normal_quantile
from model.randomness import Stream, uniform4
from tests.second_build import ces, clip, logistic, open_mind, speed


def office_plan(o, leader, r, p, month, key):
    """7.3."""
    u = uniform4(key, Stream.OFFICE_PROJECT, month, int(o.id))
    o.stage_before, o.outcome, o.regressed = o.stage, 0, 0
    money = (0.4 + 1.2 * o.fiscal) * max(0.0, 1.0 + p.budget_growth * month / 12.0)
    money *= max(0.0, 1.0 + p.legitimacy_budget * (o.legitimacy - 0.5))
    build_capacity(o, leader, r, p, money)
    growth = p.digitisation_by_use * o.use + p.digitisation_programme * o.resources
    o.data = clip(o.data + growth * (1.0 - o.data) - p.data_decay * o.data)
    if o.deployed == 2:
        o.automation = clip(o.automation + p.automation_rate * o.use * o.capacity * (1.0 - o.automation))
    else:
        o.automation = 0.0
    o.disappointment *= 1.0 - p.disappointment_fading
    if o.applications > 1.0 and p.consolidation > 0.0:
        keep_applications(o, o.applications - p.consolidation / 12.0 * (o.applications - 1.0))
    share = min(1.0, p.digital_base_share + p.digital_commitment_share * leader.support)
    digital = money * (1.0 - p.capacity_budget_share) * share
    need = p.opex_rate / 12.0 * o.assets
    paid = 1.0 if need <= digital else digital / need
    if o.deployed > 0:
        o.delivered = clip(o.delivered - p.system_ageing)
        if paid < 1.0:
            o.quality = clip(o.quality - p.quality_decay * (1.0 - paid))
        else:
            o.quality = clip(o.quality + p.quality_recovery * (o.delivered - o.quality))
    o.spending = need * paid
    (idle_office if o.project == 0 else run_project)(o, leader, r, p, u, max(0.0, digital - need))
    change_stage(o, r, p)
    o.trust_shock = {3: p.failure_trust_loss, 2: p.failure_trust_loss / 2.0}.get(o.outcome, 0.0)
    if r.fault_found == 1 and o.stage == 2:
        o.trust_shock = max(o.trust_shock, p.fault_scandal)
    answer_to_public(o, leader, p)
    u = uniform4(key, Stream.DEMAND, month, int(o.id))
    worth = p.usefulness_information * o.data + p.usefulness_speed * speed(o.digital_days, p)
    worth += p.usefulness_quality * o.quality
    o.usefulness = (0.0, clip(worth * (1.0 - 0.5 * p.paper_demand)), clip(worth))[int(o.stage)]
    o.need = clip(p.need_rate * (1.0 + p.need_variation * normal_quantile(u[0])))
    o.need_offset, o.is_down = u[1], int(u[2] < r.outage)


def six(o):
    return (o.human_resources, o.organisation, o.resources, o.network, o.environment, o.mandate)


def build_capacity(o, leader, r, p, money):
    spending = money * p.capacity_budget_share / r.cost_multiplier
    efforts = {
        "human_resources": p.human_resource_effort,
        "organisation": p.organisation_effort,
        "resources": p.resource_effort,
        "network": p.network_effort,
        "environment": p.network_effort,
        "mandate": p.mandate_effort,
    }
    for name, effort in efforts.items():
        k = getattr(o, name)
        setattr(o, name, clip(k + p.capacity_growth * spending * effort * (1.0 - k) - p.capacity_depreciation * k))
    o.culture = clip(o.culture + p.culture_drift * (0.5 * o.adoption + 0.5 * open_mind(leader) - o.culture))
    take_stock(o, r, p)


def take_stock(o, r, p):
    o.capacity = ces(six(o), p.capacity_substitution)
    o.technology = 0.5 * o.resources + 0.5 * sqrt(r.coverage) * (1.0 - r.outage)
    o.readiness = ces((o.data, o.culture, o.technology), p.readiness_substitution)


def keep_applications(o, left):
    o.assets *= left / o.applications
    o.applications = left


def idle_office(o, leader, r, p, u, left):
    mean, o.proposals = p.innovation_rate * o.innovation * leader.receptivity, 0
    chance = total = exp(-mean)
    while u[1] > total and o.proposals < 50:
        o.proposals += 1
        chance *= mean / o.proposals
        total += chance
    start = 1.0 - (1.0 - p.project_rate * leader.support) * (1.0 - p.proposal_uptake) ** o.proposals
    if leader.stage == 0 or u[0] >= start:
        return
    bad = o.quality < p.quality_partial
    if o.deployed == 0 or (o.deployed == 1 and bad):
        o.project = 1
    elif leader.stage == 2 and o.stage >= 1 and (o.deployed == 1 or bad):
        o.project = 2
    o.progress = 0.0


def run_project(o, leader, r, p, u, left):
    o.proposals = 0
    if leader.is_new:
        if u[1] < p.project_abandonment * (1.0 - leader.support):
            o.project, o.progress, o.outcome = 0, 0.0, 4
            return
        if u[2] < p.new_application_chance:
            o.progress = 0.0
            o.applications += 1.0
    screen = o.project == 1
    cost = (p.screen_project_cost if screen else p.system_project_cost) * r.cost_multiplier
    cost /= 1.0 - min(p.fragmentation_limit, 1.0 - 1.0 / o.applications)
    duration = p.screen_project_duration if screen else p.system_project_duration
    absorbed = 1.0 if o.capacity >= p.project_capacity else o.capacity / p.project_capacity
    share = min(1.0 - o.progress, absorbed * min(1.0 / duration, left / cost))
    o.progress += share
    o.spending += share * cost
    if o.progress >= 1.0 - 1e-6:
        finish(o, leader, r, p, u[3], cost, screen)


def finish(o, leader, r, p, u, cost, screen):
    required = min(1.0, (p.screen_requirement if screen else p.system_requirement) + p.design_overreach)
    have = (o.data, o.technology, o.organisation, (leader.support + o.culture) / 2.0, (o.skill + o.human_resources) / 2.0)
    have += ((o.mandate + o.network) / 2.0, o.resources)
    gap = sum(10.0 * max(0.0, required - x) for x in have)
    own = (o.culture + o.organisation + leader.support + o.answered * o.voice) / 4.0
    consulted = own + p.consultation * (1.0 - own)
    examples = r.screen_share if screen else r.system_share
    gap *= (1.0 - p.participation_effect * consulted) * (1.0 - p.design_copying * examples)
    o.outcome = 3
    if u < logistic((p.success_threshold - gap) / p.outcome_noise):
        o.outcome = 1
    elif u < 1.0 - logistic((gap - p.failure_threshold) / p.outcome_noise):
        o.outcome = 2
    o.disappointment = clip(o.disappointment + (0.0, p.disappointment, 2.0 * p.disappointment)[o.outcome - 1])
    if o.outcome < 3:
        o.deployed, o.months_low, o.assets = o.project, 0, cost
        o.delivered = o.quality = p.quality_success if o.outcome == 1 else p.quality_partial
        if not screen:
            keep_applications(o, o.applications - p.integration_merges * (o.applications - 1.0))
    o.project, o.progress = 0, 0.0


def change_stage(o, r, p):
    o.months_low = o.months_low + 1 if o.deployed > 0 and o.quality < p.minimum_quality else 0
    if o.months_low >= p.relapse_months:
        if o.deployed == o.stage:
            o.stage, o.regressed = o.stage - 1, 1
        o.deployed, o.months_low = o.deployed - 1, 0
        o.assets, o.quality = (o.assets / 2.0, o.delivered) if o.deployed == 1 else (0.0, 0.0)
    elif o.stage == 0 and o.deployed >= 1:
        if o.adoption >= p.staff_threshold and o.data >= p.data_threshold:
            o.stage = 1
    elif o.stage == 1 and o.deployed == 2 and o.automation >= p.automation_threshold:
        if min(o.network, o.environment) >= p.network_threshold and r.screen_share >= p.partner_threshold:
            o.stage = 2


def answer_to_public(o, leader, p):
    by_screen = p.discretion_at_screen * o.use
    by_system = p.discretion_at_system * o.automation + by_screen * (1.0 - o.automation)
    o.discretion = clip(p.initial_discretion * (1.0 - (0.0, by_screen, by_system)[int(o.stage)]))
    by_rule = o.automation if o.stage == 2 else 0.0
    trace = max(o.use, by_rule)
    o.answered = clip(p.response_share * (0.5 + open_mind(leader)))
    seen = p.transparency_status * trace + p.transparency_rules * o.mandate + p.transparency_data * o.data * o.culture
    o.transparency = clip(seen - p.opacity * by_rule * (1.0 - p.explanation))
    accounts = p.accountability_trace * trace + p.accountability_complaints * o.answered
    o.accountability = clip(accounts + p.accountability_audit * p.audit_rate)
    o.detection = clip(p.detection_base + p.detection_accountability * o.accountability + p.detection_trace * trace)
    drive = p.bribe_inclination + p.bribe_opportunity_weight * max(0.0, p.monopoly + o.discretion - o.accountability)
    drive += p.bribe_norm * o.bribery + p.bribe_wait * (o.waiting / o.possible if o.possible > 0.0 else 0.0)
    bribe = p.bribe_requests * logistic(drive - p.bribe_honesty * leader.honesty - p.bribe_detection * o.detection)
    o.rent_chance = p.gatekeeper_rent * trace
    o.bribe_chance = bribe + o.rent_chance - bribe * o.rent_chance
    coping = 1.0 + p.coping_away_error * o.away - p.coping_toward_error * (1.0 - o.away - o.against)
    level = p.error_rate * (1.0 - p.error_skill * o.skill) * (1.0 - p.error_screen * o.use)
    rigid = 1.0 + p.error_rigidity * (p.initial_discretion - o.discretion)
    o.error_chance = clip(level * coping * (2.0 - o.standard) * rigid)
