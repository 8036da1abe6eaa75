"""How fast the model is: time per agent and month for three sizes of world, and beside it the Mesa driver.

Each size is held against the limit. The repeats of all sizes are interleaved and the best of each counts, so that a busy
machine disturbs them alike.
"""

import time
from dataclasses import replace

import numpy as np

from experiments.command_line.commands import load

CITIZENS = (10_000, 100_000, 1_000_000)
MONTHS = 24
MESA_MONTHS = 3
REPEATS = 5
BUSY = {
    "initial_systems": 1.0, "initial_data_mean": 0.9, "adoption_threshold": -1.5, "initial_access": 0.8,
    "counter_closure": 0.3, "external_pressure": 0.2, "ranking_effect": 0.2, "consolidation": 0.2, "consultation": 0.2,
    "initial_capacity_mean": 0.8, "fault_rate": 0.03,
}  # fmt: skip
NANO = 1e9
LIMIT = 120.0  # nanoseconds per agent-month on one core with every mechanism on


def run():
    """Measure and print."""
    from model.registry import load_mechanisms
    from model.world import CITIZEN

    cases = [sized(load("indonesia"), citizens, MONTHS) for citizens in CITIZENS]
    small = replace(load("small"), months=MESA_MONTHS, overlays=())
    time_compiled(replace(cases[0], months=1))  # the first run compiles
    best = np.full(len(cases), np.inf)
    for _ in range(REPEATS):
        best = np.minimum(best, [time_compiled(case) / agents(case) / case.months for case in cases])
    print(f"{'citizens':>10} {'agents':>10} {'months':>7} {'ns per agent-month':>19} {'ratio':>6}  limit {LIMIT:.0f} ns")
    for case, seconds in zip(cases, best, strict=True):
        speed = f"{seconds * NANO:19.1f} {seconds / best[0]:6.2f}"
        print(f"{case.citizens:10,} {agents(case):10,} {case.months:7} {speed}  {verdict(seconds * NANO)}")
    idle, known = idle_mechanisms(cases[0]), len(load_mechanisms())
    print(f"mechanisms on: {known - len(idle)} of {known}" + (f", off: {', '.join(idle)}" if idle else ""))
    print(f"bytes per citizen: {CITIZEN.itemsize + 1}, its seen mark included")
    compiled = min(time_compiled(small) for _ in range(REPEATS)) / agents(small) / small.months
    driven = time_mesa(small) / agents(small) / small.months
    print(f"Mesa driver, {agents(small):,} agents, {MESA_MONTHS} months: {driven * NANO:,.0f} ns a month each,")
    print(f"{driven / compiled:,.0f} times the compiled loop on the same world ({compiled * NANO:.1f} ns)")


def sized(scenario, citizens, months):
    """Return a scenario with about so many citizens in a busy world: every behaviour is at work from the first months.

    Offices are added or left out, so that the mix of agents stays that of the scenario.

    The default world spends its first years at street level, where citizens have little to decide, and would flatter.
    """
    busy = scenario.with_parameters(**BUSY)
    growth = citizens / scenario.citizens
    regions = tuple(
        replace(region, regencies=max(1, round(growth * region.regencies)), cities=round(growth * region.cities))
        for region in busy.regions
    )
    return replace(busy, regions=regions, months=months, overlays=())


def verdict(nanoseconds):
    """Say whether a time per agent and month keeps to the limit."""
    return "within" if nanoseconds <= LIMIT else "MISSED"


def idle_mechanisms(scenario):
    """Return the names of mechanisms that are off in every month and province: all their parameters at the values of off."""
    from model.parameter_table import parameter_table
    from model.registry import load_mechanisms

    table = parameter_table(scenario)
    return [
        name
        for name, mechanism in load_mechanisms().items()
        if all((table[parameter] == value).all() for parameter, value in mechanism.off.items())
    ]


def agents(scenario):
    """Return the number of agents: citizens, civil servants, offices and a leader for each."""
    return scenario.citizens + scenario.servants + 2 * scenario.offices


def time_compiled(scenario):
    """Return the seconds that the compiled months of a run take, without building the world."""
    from model.engine import run_months
    from model.groups import GROUP_NAMES
    from model.observables import AGENT_KINDS, OBSERVABLES
    from model.parameter_table import parameter_table
    from model.randomness import make_key
    from model.record import GROUP_MEASURES, year_ends_of
    from model.start import build_world

    parameters, key = parameter_table(scenario), make_key(scenario.seed, 0)
    world, ends = build_world(scenario, parameters[0], key), year_ends_of(scenario.months)
    series = np.zeros((scenario.months + 1, len(OBSERVABLES)))
    groups = np.zeros((len(ends), len(GROUP_NAMES) + len(scenario.regions), len(GROUP_MEASURES)))
    flows = np.zeros((len(ends), len(AGENT_KINDS), 3, 3))
    began = time.perf_counter()
    run_months(world, parameters, key, np.array(ends), series, groups, flows)
    return time.perf_counter() - began


def time_mesa(scenario):
    """Return the seconds that the same months take when Mesa activates every agent."""
    from model.simulation import Simulation

    simulation = Simulation(scenario, driver="mesa")
    len(simulation.agents)  # creates the agents, which is not part of the months
    began = time.perf_counter()
    simulation.run_model()
    return time.perf_counter() - began
