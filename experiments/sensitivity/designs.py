"""Which points each method runs; every function returns a Layout.

Common arguments: `members` is a truth table of shape (units, factors), `options` holds size, seed and what else the
method knows. Growth: a larger size keeps every point of the smaller one.
"""

import numpy as np

from experiments.sensitivity.layout import BELOW_ONE, SEEDS, Layout, generator, rows_of_parts, seeds_from, single_rows

LEVELS = 4  # of the grid that Morris trajectories step on
SMALLEST_STEP = 0.1  # of a radial design, share of the range
DIFFERENCE = 0.05  # of a derivative, share of the range
HARMONICS = 4  # of a Fourier method
CURVES = 8  # search curves with phases of their own, for the interval


def two_points(options, members):
    """Return (A, B, part, order): two independent points a row, the seed as their last coordinate."""
    factors = members.shape[1]
    shares, part, order = rows_of_parts(options["seed"], options["size"], 2 * (factors + 1))
    return shares[:, : factors + 1], shares[:, factors + 1 :], part, order


def layout(method, names, points, part, order, **extra):
    """Return the Layout of points of shape (rows, columns, factors + 1), the seed last."""
    return Layout(method, tuple(names), points[:, :, :-1].copy(), seeds_from(points[:, :, -1]), part, order, extra)


def with_seed(members):
    """Return the truth table with a last unit that holds only the seed."""
    units, factors = members.shape
    table = np.zeros((units + 1, factors + 1), dtype=bool)
    table[:-1, :-1] = members
    table[-1, -1] = True
    return table


def sobol(names, members, options):
    """Points A, B, A with each unit from B and, for second order, B with each unit from A.

    Source: Saltelli et al. 2010, Computer Physics Communications 181, table 2.
    """
    a, b, part, order = two_points(options, members)
    columns = [a, b] + [np.where(unit, b, a) for unit in with_seed(members)]
    if options["second_order"]:
        columns += [np.where(unit, a, b) for unit in with_seed(members)[:-1]]
    return layout("sobol", names, np.stack(columns, axis=1), part, order)


def morris(names, members, options):
    """Trajectories: from a random point of a grid, one unit after the other steps by two thirds of its range.

    Source: Morris 1991, Technometrics 33; groups: Campolongo et al. 2007, Environmental Modelling & Software 22.
    """
    table = with_seed(members)
    units, size = len(table), options["size"]
    step = LEVELS / (2.0 * (LEVELS - 1))
    points = np.empty((size, units + 1, table.shape[1]))
    moved = np.empty((size, units), dtype=np.int64)
    for row in range(size):
        draw = generator(options["seed"], row)
        start = draw.integers(0, LEVELS // 2, table.shape[1]) / (LEVELS - 1)
        upward = draw.random(table.shape[1]) < 0.5
        here = np.where(upward, start, start + step)
        here[-1] = draw.random()
        points[row, 0], moved[row] = here, draw.permutation(units)
        for place, unit in enumerate(moved[row]):
            here = np.where(table[unit], np.where(upward, here + step, here - step), here)
            if table[unit, -1]:
                here[-1] = draw.random()
            points[row, place + 1] = here
    steps = np.full((size, units), step)
    steps[moved == units - 1] = 1.0
    signs = sign_of(points, moved, table)
    points[:, :, :-1] = np.rint((LEVELS - 1) * points[:, :, :-1]) / (LEVELS - 1)  # equal points are to be the same run
    return layout("morris", names, np.clip(points, 0.0, BELOW_ONE), *single_rows(size), moved=moved, steps=steps * signs)


def sign_of(points, moved, table):
    """Return in which direction each step went, +1 or -1; a group that steps both ways, and a seed, count as +1."""
    change = np.sign(np.diff(points, axis=1))
    signs = np.ones(moved.shape)
    for row, place in np.ndindex(moved.shape):
        ways = change[row, place, table[moved[row, place]]]
        if moved[row, place] < len(table) - 1 and np.all(ways == -1):
            signs[row, place] = -1.0
    return signs


def radial(names, members, options):
    """A base point and, from it, one step in each unit; steps are at least a tenth of the range.

    Source: Campolongo, Saltelli & Cariboni 2011, Computer Physics Communications 182.
    """
    a, b, part, order = two_points(options, members)
    width = SMALLEST_STEP + (1.0 - 2.0 * SMALLEST_STEP) * b
    other = (a + width) % 1.0
    other[:, -1] = b[:, -1]
    table = with_seed(members)
    points = np.stack([a] + [np.where(unit, other, a) for unit in table], axis=1)
    steps = np.stack([single_step(unit, other - a) for unit in table], axis=1)
    steps[:, -1] = 1.0
    moved = np.tile(np.arange(len(table)), (len(a), 1))
    return layout("morris-radial", names, np.minimum(points, BELOW_ONE), part, order, moved=moved, steps=steps)


def single_step(unit, change):
    """Return the step of a unit: of one factor with its sign, of a group the mean size."""
    steps = change[:, unit]
    return steps[:, 0] if steps.shape[1] == 1 else np.abs(steps).mean(axis=1)


def derivative(names, members, options):
    """A base point and, from it, a small step in each factor, towards the middle of the range."""
    a, b, part, order = two_points(options, members)
    step = np.where(a < 0.5, DIFFERENCE, -DIFFERENCE)
    table = with_seed(members)
    other = a + step
    other[:, -1] = b[:, -1]
    points = np.stack([a] + [np.where(unit, other, a) for unit in table], axis=1)
    steps = np.stack([single_step(unit, step) for unit in table], axis=1)
    return layout("dgsm", names, points, part, order, steps=steps)


def shapley(names, members, options):
    """From one point to another through all units in random order, so that every unit joins every coalition.

    Source: Goda 2021, Reliability Engineering & System Safety 213, algorithm 1.
    """
    a, b, part, order = two_points(options, members)
    table = with_seed(members)
    points = np.empty((len(a), len(table) + 1, a.shape[1]))
    moved = np.empty((len(a), len(table)), dtype=np.int64)
    for row in range(len(a)):
        place = int(order[row] * options["size"])
        moved[row] = generator(options["seed"], int(part[row]), place, 1).permutation(len(table))
        points[row, 0] = a[row]
        for step, unit in enumerate(moved[row]):
            points[row, step + 1] = np.where(table[unit], b[row], points[row, step])
    return layout("shapley", names, points, part, order, moved=moved)


def fourier(names, members, options):
    """Search curves that cross the space at frequencies of their own; rows differ in phases, columns are curve by point.

    Every factor has a phase of its own. SALib's sampler gives all factors of a curve one phase: those that share a
    frequency, as most do on a short curve, would then move as one. Source: Saltelli, Tarantola & Chan 1999, Technometrics
    41, equation 19 and resampling.
    """
    factors, length = members.shape[1] + 2, options["size"]  # the seed, and a dummy
    curves = [search_curves(factors, length, generator(options["seed"], row)) for row in range(CURVES)]
    points = np.minimum(np.stack(curves), BELOW_ONE)[:, :, :-1]
    return layout("fast", names, points, *single_rows(CURVES))


def search_curves(factors, length, draw):
    """Return a curve for each factor, which moves at the main frequency while the others share low ones in random order.

    Returns shares of shape (factors * length, factors).
    """
    main = main_frequency(length)
    highest = main // (2 * HARMONICS)
    if highest >= factors - 1:
        low = np.floor(np.linspace(1, highest, factors - 1))
    else:
        low = np.arange(factors - 1) % highest + 1
    angle = 2.0 * np.pi / length * np.arange(length)
    curves = []
    for factor in range(factors):
        frequencies = np.insert(draw.permutation(low), factor, main)
        phases = 2.0 * np.pi * draw.random(factors)
        curves.append(0.5 + np.arcsin(np.sin(np.outer(angle, frequencies) + phases)) / np.pi)
    return np.concatenate(curves)


def main_frequency(length):
    """Return the frequency of the factor whose curve it is, for a number of points on the curve."""
    return (length - 1) // (2 * HARMONICS)


def scattered(names, members, options):
    """Points spread over the space, each under as many seeds as are asked for; for every method that takes given data."""
    factors = members.shape[1]
    shares, part, order = rows_of_parts(options["seed"], options["size"], factors + 1)
    copies = options["seeds_a_point"]
    points = np.repeat(shares[:, None, :], copies, axis=1)
    first = seeds_from(points[:, :, -1])
    seeds = (first + np.arange(copies) * (SEEDS // copies)) % SEEDS
    return Layout(options["method"], tuple(names), points[:, :, :-1].copy(), seeds, part, order)


def one_at_a_time(names, members, options):
    """The scenario as it is, then each factor through its steps with all others as they are; rows differ in the seed.

    `options["centre"]` holds the scenario's shares. Source: ten Broeke, van Voorn & Ligtenberg 2016, JASSS 19(1) 5.
    """
    levels, centre = options["levels"], np.asarray(options["centre"])
    path = [centre]
    for factor in range(members.shape[1]):
        for level in range(levels):
            point = centre.copy()
            point[factor] = min(level / (levels - 1), BELOW_ONE)
            path.append(point)
    size = options["size"]
    shares = np.broadcast_to(np.array(path), (size, len(path), members.shape[1])).copy()
    seeds = np.repeat(np.arange(size)[:, None], len(path), axis=1)
    return Layout("one-at-a-time", tuple(names), shares, seeds, *single_rows(size))


LAYOUTS = {
    "one-at-a-time": one_at_a_time,
    "morris": morris,
    "morris-radial": radial,
    "sobol": sobol,
    "fast": fourier,
    "dgsm": derivative,
    "shapley": shapley,
    "pawn": scattered,
    "delta": scattered,
    "rbd-fast": scattered,
    "regional": scattered,
}
