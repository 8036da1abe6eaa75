"""An office's month: plan (money, capacity, projects, stage) before its people act, and serve after they did."""

import math

from model.behaviours.conduct import answer_to_public, earn_standing, feel_pressure
from model.behaviours.leaders import open_mind
from model.behaviours.projects import FAILED, PARTIAL, change_stage, consider_project, consolidate, run_project
from model.columns import ASSISTED_CASES, COUNTER_CASES, DEFERRED_CASES, DROPPED_CASES, ONLINE_CASES
from model.compiled import compiled
from model.numeric import clip, normal_quantile
from model.randomness import Stream, uniform4
from model.rules import budget, capacity, citizens, infrastructure, queue, screen, street, system
from model.world import SCREEN, STREET, SYSTEM


@compiled
def office_plan(me, leader, region, p, month, key):
    """Plan the month. Reads its leader and province; writes its own row only."""
    draws = uniform4(key, Stream.OFFICE_PROJECT, month, me.id)
    me.stage_before = me.stage
    me.outcome = 0
    me.regressed = 0
    money = budget.office_budget(me.fiscal, me.legitimacy, month, p)
    build_capacity(me, region, leader, money, p)
    keep_records(me, p)
    consolidate(me, p)
    left = pay_upkeep(me, money * budget.digital_share(leader.support, p), p)
    if me.project == 0:
        consider_project(me, leader, p, draws)
    else:
        run_project(me, leader, region, left, p, draws)
    change_stage(me, region, p)
    shake_trust(me, region, p)
    answer_to_public(me, leader, open_mind(leader), p)
    open_for_business(me, region, p, month, key)


@compiled
def build_capacity(me, region, leader, money, p):
    """Spend on the six dimensions, let them wear; bring capacity, readiness and culture up to date."""
    spending = money * p.capacity_budget_share / region.cost_multiplier
    me.human_resources = capacity.capacity_next(me.human_resources, spending * p.human_resource_effort, p)
    me.organisation = capacity.capacity_next(me.organisation, spending * p.organisation_effort, p)
    me.resources = capacity.capacity_next(me.resources, spending * p.resource_effort, p)
    me.network = capacity.capacity_next(me.network, spending * p.network_effort, p)
    me.environment = capacity.capacity_next(me.environment, spending * p.network_effort, p)
    me.mandate = capacity.capacity_next(me.mandate, spending * p.mandate_effort, p)
    me.capacity = aggregate_capacity(me, p)
    me.technology = 0.5 * me.resources + 0.5 * infrastructure.connectivity(region.coverage, region.outage)
    me.culture = capacity.culture_next(me.culture, me.adoption, open_mind(leader), p)
    me.readiness = capacity.readiness(me.data, me.culture, me.technology, p)


@compiled
def aggregate_capacity(me, p):
    """Return the CES mean of the six capacity dimensions."""
    rho = p.capacity_substitution
    total = capacity.ces_term(me.human_resources, rho) + capacity.ces_term(me.organisation, rho)
    total += capacity.ces_term(me.resources, rho) + capacity.ces_term(me.network, rho)
    total += capacity.ces_term(me.environment, rho) + capacity.ces_term(me.mandate, rho)
    return capacity.ces_mean(total / 6.0, rho)


@compiled
def keep_records(me, p):
    """Digitize records by programme and by use; old ones fall out of date. Automation grows with an integrated system."""
    growth = p.digitisation_by_use * me.use + p.digitisation_programme * me.resources
    me.data = clip(me.data + growth * (1.0 - me.data) - p.data_decay * me.data)
    if me.deployed == SYSTEM:
        growth = p.automation_rate * me.use * me.capacity
        me.automation = clip(me.automation + growth * (1.0 - me.automation))
    else:
        me.automation = 0.0
    me.disappointment *= 1.0 - p.disappointment_fading


@compiled
def pay_upkeep(me, money, p):
    """Pay for running systems out of the digital money; return what is left for building."""
    need = p.opex_rate / 12.0 * me.assets
    paid = budget.upkeep_paid(money, me.assets, p)
    if me.deployed != STREET:
        me.delivered = clip(me.delivered - p.system_ageing)
        me.quality = budget.quality_next(me.quality, me.delivered, paid, p)
    me.spending = need * paid
    return max(0.0, money - need)


@compiled
def shake_trust(me, region, p):
    """Set the trust that every citizen of the office loses this month: a failed project, a faulty rule found."""
    me.trust_shock = 0.0
    if me.outcome == FAILED:
        me.trust_shock = p.failure_trust_loss
    elif me.outcome == PARTIAL:
        me.trust_shock = 0.5 * p.failure_trust_loss
    if region.fault_found == 1 and me.stage == SYSTEM:
        me.trust_shock = max(me.trust_shock, p.fault_scandal)


@compiled
def open_for_business(me, region, p, month, key):
    """Set what citizens will meet this month: usefulness of the online service, outage, demand."""
    draws = uniform4(key, Stream.DEMAND, month, me.id)
    speed = citizens.service_speed(me.digital_days, p)
    if me.stage == SYSTEM:
        me.usefulness = system.online_usefulness(me.data, speed, me.quality, p)
    elif me.stage == SCREEN:
        me.usefulness = screen.online_usefulness(me.data, speed, me.quality, p)
    else:
        me.usefulness = street.online_usefulness(me.data, speed, me.quality, p)
    me.need = clip(p.need_rate * (1.0 + p.need_variation * normal_quantile(draws[0])))
    me.need_offset = draws[1]
    me.is_down = draws[2] < region.outage


@compiled
def office_serve(me, counts, p, month, key):
    """Decide cases within what staff can do; the rest waits, some give up. Whole cases only, none lost.

    Staff were hired for the demand of the start: when demand surges, hands do not.
    waiting before + arrived = served + dropped + waiting after. `counts` is the office's row of the month's tallies.
    """
    counter, assisted, online = counts[COUNTER_CASES], counts[ASSISTED_CASES], counts[ONLINE_CASES]
    draws = uniform4(key, Stream.COUNTER, month, me.id)
    automated = whole(online * me.automation, draws[0]) if me.stage == SYSTEM else 0
    share = automated / online if online > 0 else 0.0
    work = queue.work_per_case(counter, assisted, online, share, p)
    me.possible = me.usual_demand / me.load * me.pace / work
    staffed = counter + assisted + online - automated
    ready = me.waiting + staffed
    decided = min(ready, whole(me.possible, draws[1]))
    given_up = whole((ready - decided) * p.reneging, draws[2])
    dropped = counts[DROPPED_CASES]
    me.arrived = counter + assisted + online + dropped
    me.served = decided + automated
    me.dropped = dropped + given_up
    me.waiting = ready - decided - given_up
    me.renege_share = given_up / ready if ready > 0 else 0.0
    feel_pressure(me, ready, p)
    set_waits(me, staffed, share, p)
    earn_standing(me, counter, assisted + online, counts[DEFERRED_CASES], p)


@compiled
def whole(amount, draw):
    """Return `amount` rounded to a whole number of cases, up with the chance of its fraction."""
    return int(math.floor(amount + draw))


@compiled
def set_waits(me, staffed, automated_share, p):
    """Set days to a decision by channel and hours at the counter, which citizens meet next month."""
    utilisation = staffed / me.possible if me.possible > 0.0 else 1.0
    me.wait_hours = p.service_hours / me.pace * queue.wait_in_queue(utilisation, p.counters)
    backlog = queue.backlog_days(me.waiting, me.possible)
    on_paper = street.handling_days(p)
    on_screen = screen.handling_days(p) if me.stage != STREET else on_paper
    me.counter_days = backlog + (1.0 - me.use) * on_paper + me.use * on_screen
    by_staff = backlog + on_screen
    me.digital_days = automated_share * system.handling_days(p) + (1.0 - automated_share) * by_staff
