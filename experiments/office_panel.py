"""What single offices go through: the event study of leader turnover and the spread within provinces.

Results keep no numbers of single offices, so these runs are stepped here; each gives a few numbers, kept in a CSV file.
"""

import numpy as np

WINDOW = 12  # months before and after a change of leader
FEWEST_OFFICES = 5  # of a province that has a spread


def panel_numbers(scenario, replicate):
    """Return the numbers of one run: (change of digital spending after a change of leader, spread within provinces)."""
    spending, is_new, score, region = follow(scenario, replicate)
    return turnover_effect(spending, is_new), spread_within(score, region)


def follow(scenario, replicate):
    """Run a scenario and return (spending, is_new), shape (months, offices), and the last scores and the provinces."""
    from model.month import simulate_month
    from model.parameter_table import parameter_table
    from model.randomness import make_key
    from model.start import build_world

    parameters, key = parameter_table(scenario), make_key(scenario.seed, replicate)
    world = build_world(scenario, parameters[0], key)
    spending = np.zeros((scenario.months, world.offices.size))
    is_new = np.zeros(spending.shape, bool)
    for month in range(1, scenario.months + 1):
        simulate_month(world, parameters[month], month, key)
        spending[month - 1] = world.offices["spending"]
        is_new[month - 1] = world.leaders["is_new"]
    return spending, is_new, np.array(world.offices["score"], float), np.array(world.offices["region"])


def turnover_effect(spending, is_new):
    """Return spending after / before a change of leader, less the same ratio over all offices and months.

    Only months with a full window on both sides count; the month of the change belongs to neither.
    """
    total = np.vstack([np.zeros(spending.shape[1]), np.cumsum(spending, axis=0)])
    months = np.arange(WINDOW, len(spending) - WINDOW)
    if not len(months):
        return 0.0
    before = total[months] - total[months - WINDOW]
    after = total[months + 1 + WINDOW] - total[months + 1]
    chosen = is_new[months]
    if not chosen.any() or before[chosen].sum() == 0.0:
        return 0.0
    return float(after[chosen].sum() / before[chosen].sum() - after.sum() / before.sum())


def spread_within(score, region):
    """Return the best less the worst score of a province, mean over provinces with enough offices; 0 if there are none."""
    parts = [score[region == place] for place in np.unique(region)]
    ranges = [float(np.ptp(part)) for part in parts if part.size >= FEWEST_OFFICES]
    return float(np.mean(ranges)) if ranges else 0.0
