"""An office's projects and the stage they lead to: start, run, go live or fail, rise and fall back."""

from model.compiled import compiled
from model.numeric import clip, poisson_quantile
from model.rules import budget, leadership, participation, projects, screen, system
from model.world import DRIVER, GUARD, SCREEN, STREET, SYSTEM

SUCCESS, PARTIAL, FAILED, ABANDONED = 1, 2, 3, 4


@compiled
def consider_project(me, leader, p, draws):
    """Start a project: renew a failing system, put in the first screens, or integrate if the leader drives it."""
    me.proposals = poisson_quantile(draws[1], leadership.expected_proposals(me.innovation, leader.receptivity, p))
    if leader.stage == GUARD or draws[0] >= projects.start_probability(leader.support, me.proposals, p):
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
    """Carry the project on as far as money goes; a new leader may end it, or start one more application instead."""
    me.proposals = 0
    if leader.is_new:
        if draws[1] < projects.abandonment_probability(leader.support, p):
            me.project = 0
            me.progress = 0.0
            me.outcome = ABANDONED
            return
        if draws[2] < p.new_application_chance:
            me.progress = 0.0
            me.applications += 1.0
    is_screen = me.project == SCREEN
    price = (screen.project_cost(p) if is_screen else system.project_cost(p)) * region.cost_multiplier
    cost = price / (1.0 - budget.fragmentation(me.applications, p))
    duration = screen.project_duration(p) if is_screen else system.project_duration(p)
    pace = projects.absorption(me.capacity, p) * min(1.0 / duration, money / cost)
    share = min(1.0 - me.progress, pace)
    me.progress += share
    me.spending += share * cost
    if me.progress >= 1.0 - 1e-6:
        finish_project(me, leader, region, cost, p, draws[3])


@compiled
def finish_project(me, leader, region, cost, p, draw):
    """Go live, or not: success, partial failure or total failure by the design-reality gap."""
    is_screen = me.project == SCREEN
    required = screen.project_requirement(p) if is_screen else system.project_requirement(p)
    consulted = participation.consulted_share(me.culture, me.organisation, leader.support, me.answered * me.voice, p)
    examples = region.screen_share if is_screen else region.system_share
    gap = projects.design_gap(design_reality_gap(me, leader, required), consulted, examples, p)
    success = projects.success_probability(gap, p)
    if draw < success:
        go_live(me, SUCCESS, p.quality_success, cost, p)
    elif draw < 1.0 - projects.failure_probability(gap, p):
        go_live(me, PARTIAL, p.quality_partial, cost, p)
        me.disappointment = clip(me.disappointment + p.disappointment)
    else:
        me.outcome = FAILED
        me.disappointment = clip(me.disappointment + 2.0 * p.disappointment)
    me.project = 0
    me.progress = 0.0


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
def go_live(me, outcome, delivered, cost, p):
    """Put the new system to work; one that integrates takes the place of some of the others."""
    me.outcome = outcome
    me.deployed = me.project
    me.delivered = delivered
    me.quality = delivered
    me.months_low = 0
    me.assets = cost
    if me.project == SYSTEM:
        close_applications(me, me.applications - p.integration_merges * (me.applications - 1.0))


@compiled
def consolidate(me, p):
    """Close applications that do the same, by programme."""
    if me.applications > 1.0 and p.consolidation > 0.0:
        close_applications(me, budget.applications_next(me.applications, p))


@compiled
def close_applications(me, left):
    """Keep so many applications for a function; what the others cost to run is saved."""
    me.assets *= left / me.applications
    me.applications = left


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
