"""A planted problem: levers whose best front is known, behind the same scenario, runner and store as the real model."""

import numpy as np

from model import RunRecord, load_observables
from model.overlays import month_index
from model.record import GROUP_MEASURES, year_ends_of

BUDGET = 1000
GOOD, USELESS = "assistance_coverage", ("infrastructure_effort", "counter_closure")
GROUPS = (("skill", "low"),)
NOISE = 0.01
GOALS = ("wait_days", "skill_gap")
TABLE = f"""
[optimise]
budget = {BUDGET}
goals = ["wait_days", "skill_gap"]
population = POPULATION
generations = GENERATIONS
fresh = 6
front = 12
[optimise.levers.{GOOD}]
start = ["2010-01", "2010-07", "2011-01"]
where = ["everywhere", "remote", "Core"]
[optimise.levers.{USELESS[0]}]
start = "2010-01"
where = ["everywhere", "Core Rural"]
[optimise.levers.{USELESS[1]}]
start = "2010-01"
"""
HEAD = 'schema = 1\nkind = "plan"\nname = "planted"\nscenario = "small"\nreplicates = 2\n'
SETTINGS = "[settings]\nmonths = 24\ncitizens_per_office = 8\nservants_per_office = 2\n"


def plan_at(folder, population=20, generations=4, head=HEAD, more="", table=TABLE):
    """Return the file of a plan of the planted problem."""
    table = table.replace("POPULATION", str(population)).replace("GENERATIONS", str(generations))
    path = folder / "plan.toml"
    path.write_text(f"{head}\n{SETTINGS}\n{table}\n{more}", encoding="utf-8")
    return path


def losses_of(scenario):
    """Return both losses of a policy without noise (ZDT1, Zitzler, Deb and Thiele 2000).

    The first is the share of the budget on the good lever. The second falls with it, and rises with money on useless levers,
    with a start that is not the second, and with a region that is not "Core". The best front is y = 1 - sqrt(x).
    """
    first, extra = 0.0, 0.0
    for overlay in scenario.overlays:
        share = overlay.spend / BUDGET
        if overlay.parameter == GOOD:
            first += share
            core = all(name.startswith("Core") for name in overlay.where)
            extra += 0.5 * (overlay.start != month_index((2010, 7), scenario.start)) + 0.5 * (not core)
        elif overlay.parameter in USELESS:
            extra += 4.5 * share
    worse = 1.0 + extra
    return first, worse * (1.0 - np.sqrt(first / worse))


def simulate(scenario, replicate):
    """Return a record with the two losses, noise that all policies share and a little of their own."""
    ends, names = year_ends_of(scenario.months), list(load_observables())
    losses = losses_of(scenario)
    shared = np.random.default_rng([scenario.seed, replicate]).normal(scale=0.3, size=2)
    own = np.random.default_rng([scenario.seed, replicate, *(int(1e6 * loss) for loss in losses)]).normal(
        scale=NOISE, size=2
    )
    series = np.zeros((scenario.months + 1, len(names)))
    for place, goal in enumerate(GOALS):
        series[:, names.index(goal)] = losses[place] + shared[place] + own[place]
    return RunRecord(series, np.zeros((len(ends), 1, len(GROUP_MEASURES))), np.zeros((len(ends), 4, 3, 3)), ends, GROUPS)
