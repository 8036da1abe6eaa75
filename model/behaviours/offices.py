"""An office's month: plan (money, capacity, projects, stage) before its people act, and serve after they did."""

import math

from model.behaviours.leaders import open_mind
from model.compiled import compiled
from model.numeric import clip, normal_quantile
from model.randomness import Stream, uniform4
from model.rules import budget, capacity, citizens, infrastructure, projects, queue, screen, street, system
from model.world import DRIVER, GUARD, SCREEN, STREET, SYSTEM

SUCCESS, PARTIAL, FAILED, ABANDONED = 1, 2, 3, 4


@compiled
def office_plan(me, leader, region, p, month, key):
    """Plan the month. Reads its leader and province; writes its own row only."""
    draws = uniform4(key, Stream.OFFICE_PROJECT, month, me.id)
    me.stage_before = me.stage
    me.outcome = 0
    me.regressed = 0
    money = budget.office_budget(me.fiscal, month, p)
    build_capacity(me, region, leader, money, p)
    keep_records(me, p)
    left = pay_upkeep(me, money * budget.digital_share(leader.support, p), p)
    if me.project == 0:
        consider_project(me, leader, p, draws[0])
    else:
        run_project(me, leader, region, left, p, draws)
    change_stage(me, region, p)
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
def consider_project(me, leader, p, draw):
    """Start a project: renew a failing system, put in the first screens, or integrate if the leader drives it."""
    if leader.stage == GUARD or draw >= p.project_rate * leader.support:
        return
    if me.deployed == STREET or (me.deployed == SCREEN and needs_renewal(me, p)):
        me.project = SCREEN
    elif leader.stage == DRIVER and me.stage >= SCREEN and (me.deployed == SCREEN or needs_renewal(me, p)):
        me.project = SYSTEM
    me.progress = 0.0


@compiled
def needs_renewal(me, p):
    """Tell whether the system works worse than a partly failed project delivers."""
    return me.quality < p.quality_partial


@compiled
def run_project(me, leader, region, money, p, draws):
    """Carry the project on as far as money goes; a new leader may end it or start it over."""
    if leader.is_new:
        if draws[1] < projects.abandonment_probability(leader.support, p):
            me.project = 0
            me.outcome = ABANDONED
            return
        if draws[2] < p.new_application_chance:
            me.progress = 0.0
    is_screen = me.project == SCREEN
    cost = (screen.project_cost(p) if is_screen else system.project_cost(p)) * region.cost_multiplier
    duration = screen.project_duration(p) if is_screen else system.project_duration(p)
    share = min(1.0 / duration, money / cost)
    me.progress += share
    me.spending += share * cost
    if me.progress >= 1.0 - 1e-6:
        finish_project(me, leader, cost, p, draws[3])


@compiled
def finish_project(me, leader, cost, p, draw):
    """Go live, or not: success, partial failure or total failure by the design-reality gap."""
    required = screen.project_requirement(p) if me.project == SCREEN else system.project_requirement(p)
    gap = design_reality_gap(me, leader, required)
    success = projects.success_probability(gap, p)
    if draw < success:
        go_live(me, SUCCESS, p.quality_success, cost)
    elif draw < 1.0 - projects.failure_probability(gap, p):
        go_live(me, PARTIAL, p.quality_partial, cost)
        me.disappointment = clip(me.disappointment + p.disappointment)
    else:
        me.outcome = FAILED
        me.disappointment = clip(me.disappointment + 2.0 * p.disappointment)
    me.project = 0


@compiled
def design_reality_gap(me, leader, required):
    """Return the sum (0-70) of the seven ITPOSMO gaps."""
    gap = projects.gap_points(required, me.data)  # information
    gap += projects.gap_points(required, me.technology)  # technology
    gap += projects.gap_points(required, me.organisation)  # processes
    gap += projects.gap_points(required, 0.5 * (leader.support + me.culture))  # objectives and values
    gap += projects.gap_points(required, 0.5 * (me.skill + me.human_resources))  # staffing and skills
    gap += projects.gap_points(required, 0.5 * (me.mandate + me.network))  # management and structures
    gap += projects.gap_points(required, me.resources)  # other resources
    return gap


@compiled
def go_live(me, outcome, delivered, cost):
    """Put the new system to work."""
    me.outcome = outcome
    me.deployed = me.project
    me.delivered = delivered
    me.quality = delivered
    me.months_low = 0
    me.assets = cost


@compiled
def change_stage(me, region, p):
    """Move up when people and data have followed the system; fall back when it has worked badly for too long."""
    me.months_low = me.months_low + 1 if me.deployed != STREET and me.quality < p.minimum_quality else 0
    if me.months_low >= p.relapse_months:
        fall_back(me)
    elif me.stage == STREET and me.deployed >= SCREEN:
        if me.adoption >= p.staff_threshold and me.data >= p.data_threshold:
            me.stage = SCREEN
    elif me.stage == SCREEN and me.deployed == SYSTEM and integration_holds(me, region, p):
        me.stage = SYSTEM


@compiled
def integration_holds(me, region, p):
    """Tell whether rules decide enough and the network, the law and the partners are there."""
    return (
        me.automation >= p.automation_threshold
        and me.network >= p.network_threshold
        and me.environment >= p.network_threshold
        and region.screen_share >= p.partner_threshold
    )


@compiled
def fall_back(me):
    """Lose the system and, if the office lived by it, one stage. A lost integration leaves the screens it was built on."""
    if me.deployed == me.stage:
        me.stage -= 1
        me.regressed = 1
    me.deployed -= 1
    me.months_low = 0
    me.assets *= 0.5 if me.deployed == SCREEN else 0.0
    me.quality = me.delivered if me.deployed == SCREEN else 0.0


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
def office_serve(me, counter, assisted, online, dropped, citizens_here, p, month, key):
    """Decide cases within what staff can do; the rest waits, some give up. Whole cases only, none lost.

    waiting before + arrived = served + dropped + waiting after. `counter`, `assisted`, `online` are cases filed by
    channel, `dropped` those that found no channel.
    """
    draws = uniform4(key, Stream.COUNTER, month, me.id)
    automated = whole(online * me.automation, draws[0]) if me.stage == SYSTEM else 0
    share = automated / online if online > 0 else 0.0
    work = queue.work_per_case(counter, assisted, online, share, p)
    me.possible = p.need_rate * citizens_here / me.load * me.pace / work
    staffed = counter + assisted + online - automated
    ready = me.waiting + staffed
    decided = min(ready, whole(me.possible, draws[1]))
    given_up = whole((ready - decided) * p.reneging, draws[2])
    me.arrived = counter + assisted + online + dropped
    me.served = decided + automated
    me.dropped = dropped + given_up
    me.waiting = ready - decided - given_up
    me.renege_share = given_up / ready if ready > 0 else 0.0
    set_waits(me, staffed, share, p)


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
