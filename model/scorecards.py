"""Conduct and scorecards: what the founding paper hopes for, computed from what happened and never used as a driver.

Filled after the first block of `observables.toml`, in its order. Shares of cases and people are weighted by inhabitants;
levels of offices count every office alike.
"""

import math

from model.columns import (
    ACCESS,
    ASSISTED_CASES,
    BRIBES,
    CITIZEN_SKILL,
    CONCLUDED_CASES,
    COUNTER_CASES,
    DEFERRED_CASES,
    EFFICACY,
    ERRORS,
    EXCLUDED,
    FAILED_ATTEMPTS,
    FAST,
    FAULT_HITS,
    HEARD_VOICES,
    ONLINE_CASES,
    TRUST,
    TRUST_SQUARES,
    VOICES,
)
from model.compiled import compiled
from model.positions import COVERAGE, STAFF_ABILITY, SUPPLY
from model.rules import budget, citizens
from model.world import STREET, SYSTEM

FIRST_SCORE = 50
(BRIBED_SHARE, WRONG_SHARE, FAULT_SHARE, WORST_FAULT, CASE_DISCRETION, DESIGN_DISCRETION, PRESSURE, TOWARD, AWAY,
 AGAINST, STANDARD, VOICE, ANSWERED, FELT_INFLUENCE, TRANSPARENCY, ACCOUNTABILITY, LEGITIMACY, POLARISATION, EXCLUDED_SHARE,
 WAITING_FOR_HELP, APPLICATIONS, PROPOSALS, DEVELOPMENT, HUMAN_RESOURCES, ORGANISATION, RESOURCES, NETWORK, ENVIRONMENT,
 MANDATE, ROSENBERG_INFORMATION, ROSENBERG_OPENNESS, ROSENBERG_TECHNOLOGY, ACCESSIBILITY, RESPONSIVENESS,
 COMPREHENSIBILITY, PINCHOT_INTEGRATION, PINCHOT_RESPONSE, PINCHOT_CONTROL, PINCHOT_TRANSPARENCY, PINCHOT_EMPOWERMENT,
 PINCHOT_STAFF, TAPSCOTT_SERVICE, TAPSCOTT_COMMUNITY, TAPSCOTT_INTEGRATED, TAPSCOTT_ELECTRONIC, TAPSCOTT_QUICK,
 TAPSCOTT_IMPLICIT, TAPSCOTT_PAYMENT, TAPSCOTT_SEARCH, TAPSCOTT_NETWORK,
 TAPSCOTT_PARTICIPATION) = range(50, 101)  # fmt: skip


@compiled
def observe_scores(world, parameters, out):
    """Fill in everything from FIRST_SCORE on; what stands before it in `out` must be there already."""
    observe_conduct(world, parameters, out)
    observe_fates(world, out)
    score_offices(world, parameters, out)


@compiled
def observe_conduct(world, parameters, out):
    """Fill in means over offices, and the worst fault so far."""
    number = world.offices.size
    for row in range(number):
        office = world.offices[row]
        p = parameters[office.region]
        out[CASE_DISCRETION] += office.discretion / number
        out[DESIGN_DISCRETION] += max(0.0, 1.0 - office.discretion / p.initial_discretion) / number
        out[PRESSURE] += office.pressure / number
        out[TOWARD] += (1.0 - office.away - office.against) / number
        out[AWAY] += office.away / number
        out[AGAINST] += office.against / number
        out[STANDARD] += office.standard / number
        out[TRANSPARENCY] += office.transparency / number
        out[ACCOUNTABILITY] += office.accountability / number
        out[LEGITIMACY] += office.legitimacy / number
        out[APPLICATIONS] += office.applications / number
        out[PROPOSALS] += 100.0 * office.proposals / number
        out[HUMAN_RESOURCES] += office.human_resources / number
        out[ORGANISATION] += office.organisation / number
        out[RESOURCES] += office.resources / number
        out[NETWORK] += office.network / number
        out[ENVIRONMENT] += office.environment / number
        out[MANDATE] += office.mandate / number
        out[ROSENBERG_INFORMATION] += office.data / number
        out[ROSENBERG_OPENNESS] += office.culture / number
        out[ROSENBERG_TECHNOLOGY] += office.technology / number
    for row in range(world.regions.size):
        out[WORST_FAULT] = max(out[WORST_FAULT], world.regions[row].worst_fault)


@compiled
def observe_fates(world, out):
    """Fill in what befell citizens: bribes, errors, voices, exclusion, polarisation, the development index."""
    people = world.citizens.size // world.offices.size
    heads, decided, voices, heard, fast, access, skill = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    trust, squares = 0.0, 0.0
    for row in range(world.offices.size):
        office, counts, sums = world.offices[row], world.tallies[row], world.sums[row]
        weight = office.weight
        heads += weight * people
        decided += weight * counts[CONCLUDED_CASES]
        out[BRIBED_SHARE] += weight * counts[BRIBES]
        out[WRONG_SHARE] += weight * counts[ERRORS]
        out[FAULT_SHARE] += weight * counts[FAULT_HITS]
        voices += weight * counts[VOICES]
        heard += weight * counts[HEARD_VOICES]
        fast += weight * counts[FAST]
        access += weight * counts[ACCESS]
        skill += weight * sums[CITIZEN_SKILL]
        trust += weight * sums[TRUST]
        squares += weight * sums[TRUST_SQUARES]
        out[FELT_INFLUENCE] += weight * sums[EFFICACY]
        out[EXCLUDED_SHARE] += weight * counts[EXCLUDED]
        out[WAITING_FOR_HELP] += weight * counts[DEFERRED_CASES]
    for column in (BRIBED_SHARE, WRONG_SHARE, FAULT_SHARE):
        out[column] = out[column] / decided if decided > 0.0 else 0.0
    for column in (FELT_INFLUENCE, EXCLUDED_SHARE, WAITING_FOR_HELP):
        out[column] /= heads
    out[VOICE] = voices / decided if decided > 0.0 else 0.0
    out[ANSWERED] = heard / voices if voices > 0.0 else 0.0
    out[POLARISATION] = 2.0 * math.sqrt(max(0.0, squares / heads - (trust / heads) * (trust / heads)))
    infrastructure = (access / heads + fast / heads + out[COVERAGE]) / 3.0
    out[DEVELOPMENT] = (out[SUPPLY] + infrastructure + 0.5 * (skill / heads + out[STAFF_ABILITY])) / 3.0


@compiled
def score_offices(world, parameters, out):
    """Fill in legitimacy by its three sides, Pinchot's six features and Tapscott's shifts."""
    number = world.offices.size
    digital, resolved, put_off, failed, attempts, by_self = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    speed, weights, fragments = 0.0, 0.0, 0.0
    for row in range(number):
        office, counts = world.offices[row], world.tallies[row]
        p, weight = parameters[office.region], office.weight
        online = counts[ASSISTED_CASES] + counts[ONLINE_CASES]
        digital += weight * online
        by_self += weight * counts[ONLINE_CASES]
        resolved += weight * (online + counts[COUNTER_CASES])
        put_off += weight * (counts[DEFERRED_CASES] + office.dropped)
        failed += weight * counts[FAILED_ATTEMPTS]
        attempts += weight * (counts[FAILED_ATTEMPTS] + online)
        felt = online * citizens.service_speed(office.digital_days, p)
        felt += counts[COUNTER_CASES] * citizens.service_speed(office.counter_days, p)
        speed += weight * felt
        weights += weight * (online + counts[COUNTER_CASES])
        fragments += budget.fragmentation(office.applications, p) / number
        out[PINCHOT_INTEGRATION] += (office.automation if office.stage == SYSTEM else 0.0) / number
        out[PINCHOT_STAFF] += office.skill * min(1.0, office.pace) / number
        out[TAPSCOTT_INTEGRATED] += (office.stage == SYSTEM) / number
        out[TAPSCOTT_ELECTRONIC] += (office.use if office.stage != STREET else 0.0) / number
        out[TAPSCOTT_SEARCH] += office.data * office.culture / number
    out[ACCESSIBILITY] = resolved / (resolved + put_off) if resolved + put_off > 0.0 else 0.0
    out[RESPONSIVENESS] = speed / weights if weights > 0.0 else 0.0
    out[COMPREHENSIBILITY] = 1.0 - failed / attempts if attempts > 0.0 else 0.0
    out[PINCHOT_RESPONSE] = out[RESPONSIVENESS]
    out[PINCHOT_CONTROL] = out[ANSWERED]
    out[PINCHOT_TRANSPARENCY] = out[TRANSPARENCY]
    out[PINCHOT_EMPOWERMENT] = out[VOICE] * out[ANSWERED]
    out[TAPSCOTT_SERVICE] = out[TOWARD]
    out[TAPSCOTT_COMMUNITY] = out[FELT_INFLUENCE]
    out[TAPSCOTT_QUICK] = out[RESPONSIVENESS]
    out[TAPSCOTT_IMPLICIT] = out[DESIGN_DISCRETION]
    out[TAPSCOTT_PAYMENT] = by_self / resolved if resolved > 0.0 else 0.0
    out[TAPSCOTT_NETWORK] = 1.0 - fragments
    out[TAPSCOTT_PARTICIPATION] = out[VOICE]
