"""One run from start to end in compiled code: what every experiment uses."""

import numpy as np

from model.compiled import compiled
from model.groups import GROUP_NAMES, GROUP_SUMS, add_groups, close_groups
from model.month import simulate_month
from model.observables import AGENT_KINDS, OBSERVABLES, add_moves, observe
from model.parameter_table import parameter_table
from model.randomness import make_key
from model.record import GROUP_MEASURES, RunRecord, year_ends_of
from model.start import build_world


def simulate(scenario, replicate):
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario
    replicate : number of the replicate, 0 to 4294967295; the same in two policies pairs them draw by draw.

    Returns
    -------
    RunRecord, a pure function of the scenario's canonical form, its seed, the replicate and MODEL_VERSION.
    """
    parameters = parameter_table(scenario)
    key = make_key(scenario.seed, replicate)
    world = build_world(scenario, parameters[0], key)
    ends = year_ends_of(scenario.months)
    names = GROUP_NAMES + tuple(("province", region.name) for region in scenario.regions)
    record = RunRecord(
        series=np.zeros((scenario.months + 1, len(OBSERVABLES))),
        groups=np.zeros((len(ends), len(names), len(GROUP_MEASURES))),
        flows=np.zeros((len(ends), len(AGENT_KINDS), 3, 3)),
        year_ends=ends,
        group_names=names,
    )
    run_months(world, parameters, key, np.array(ends), record.series, record.groups, record.flows)
    return record


def warm_up(scenario):
    """Compile everything by running one month of `scenario`, so that worker processes find the code ready."""
    parameters = parameter_table(scenario)[:2]
    key = make_key(0, 0)
    world = build_world(scenario, parameters[0], key)
    groups = len(GROUP_NAMES) + len(scenario.regions)
    room = np.zeros((2, len(OBSERVABLES))), np.zeros((1, groups, len(GROUP_MEASURES))), np.zeros((1, 4, 3, 3))
    run_months(world, parameters, key, np.array([1]), *room)


@compiled
def run_months(world, parameters, key, ends, series, groups, flows):
    """Run months 1 to the last of `series`, filling the three arrays of a RunRecord (see there for shapes)."""
    observe(world, parameters[0], series[0])
    sums = np.zeros((GROUP_SUMS, groups.shape[1]))
    year = 0
    for month in range(1, series.shape[0]):
        simulate_month(world, parameters[month], month, key)
        observe(world, parameters[month], series[month])
        add_groups(world, sums)
        add_moves(world, flows[year])
        if month == ends[year]:
            close_year(world, sums, groups[year], flows[year])
            year += 1


@compiled
def close_year(world, sums, groups, flows):
    """Turn the year's sums into shares and start the next year."""
    close_groups(world, sums, groups)
    sums[:] = 0.0
    numbers = (world.offices.size, world.leaders.size, world.servants.size, world.citizens.size)
    for kind in range(4):
        for before in range(3):
            for after in range(3):
                same = before == after
                flows[kind, before, after] = 0.0 if same else flows[kind, before, after] / numbers[kind]
