"""Designs: from a plan to its points. Every method is a function of the plan alone, so the same plan has the same points.

Sobol sequences and one-at-a-time designs grow: a larger one begins with, or contains, the smaller. A Latin hypercube of
another size is another design.
"""

import csv
import itertools

import numpy as np

from experiments.plans.factors import read_cell, whole_range
from experiments.plans.variants import FIRST
from model.checks import Place, fail, nearest_name
from model.textfile import read_text

DEFAULT_LEVELS = 5
POINTS_LIMIT = 1_000_000


def points_of(plan, reference):
    """Return the points of a plan as (list of dictionaries factor -> value, number left out by constraints).

    Parameters
    ----------
    plan : Plan.
    reference : function from a factor's name to its value in the scenario, for one-at-a-time designs.

    Raises InputError if no point fulfils the constraints, or if there are more than a million.
    """
    made = METHODS[plan.method](plan, reference)
    kept = [point for point in made if all(constraint.holds(point) for constraint in plan.constraints)]
    if not kept:
        words = "; ".join(constraint.words for constraint in plan.constraints)
        fail(Place(plan.file, "constraints"), "no point fulfils them", given=words)
    return kept, len(made) - len(kept)


def grid(plan, reference):
    """Every combination of the factors' steps, the last factor fastest."""
    steps = [factor.steps(plan.options.get("levels", DEFAULT_LEVELS)) for factor in plan.factors]
    need_fewer(plan, int(np.prod([len(values) for values in steps], dtype=object)))
    names = [factor.name for factor in plan.factors]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*steps)]


def zipped(plan, reference):
    """The first values together, then the second ones, and so on."""
    names = [factor.name for factor in plan.factors]
    return [dict(zip(names, row, strict=True)) for row in zip(*(factor.values for factor in plan.factors), strict=True)]


def latin_hypercube(plan, reference):
    """Points of which every factor's range holds one in each of as many equal parts as there are points."""
    from scipy.stats.qmc import LatinHypercube

    sampler = LatinHypercube(d=len(plan.factors), rng=np.random.default_rng(plan.options.get("seed", 0)))
    return from_shares(plan, sampler.random(plan.options["points"]))


def sobol(plan, reference):
    """The beginning of a scrambled Sobol sequence; more points continue it."""
    from scipy.stats.qmc import Sobol

    points = plan.options["points"]
    sampler = Sobol(d=len(plan.factors), scramble=True, rng=np.random.default_rng(plan.options.get("seed", 0)))
    whole = sampler.random_base2((points - 1).bit_length())
    return from_shares(plan, whole[:points])


def independent(plan, reference):
    """Independent points, every value of a range equally likely; more points continue them."""
    draw = np.random.default_rng(plan.options.get("seed", 0))
    return from_shares(plan, draw.random((plan.options["points"], len(plan.factors))))


def from_shares(plan, shares):
    """Return points from shares of the ranges, shape (points, factors)."""
    rows = np.minimum(shares, np.nextafter(1.0, 0.0)).tolist()
    return [{factor.name: factor.at(share) for factor, share in zip(plan.factors, row, strict=True)} for row in rows]


def one_at_a_time(plan, reference):
    """The scenario as it is, then each factor through its steps with all others as they are; each point once."""
    centre = {factor.name: reference(factor.name) for factor in plan.factors}
    points = [centre]
    for factor in plan.factors:
        steps = factor.steps(plan.options.get("levels", DEFAULT_LEVELS))
        points += [{**centre, factor.name: value} for value in steps if value != centre[factor.name]]
    return points


def from_csv(plan, reference):
    """The rows of a CSV file whose header names factors."""
    place = Place(plan.file.parent / plan.options["file"])
    if not place.file.exists():
        known = sorted(file.name for file in plan.file.parent.glob("*.csv"))
        fail(Place(plan.file, "design.file"), "no such file", given=plan.options["file"],
             allowed="the name of a .csv file beside this file", nearest=nearest_name(place.file.name, known))  # fmt: skip
    text = read_text(place.file, ".csv", "points are CSV (.csv)")
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(text.splitlines(), strict=True), 1) if row]
    except csv.Error as error:
        fail(place, f"not a CSV table ({error})", allowed="comma-separated values")
    if len(rows) < 2:
        fail(place, "no points", allowed="a header of factor names and at least one row")
    names = [name.strip() for name in rows[0][1]]
    head = Place(place.file, f"line {rows[0][0]}")
    factors = [whole_range(head / name, name) for name in names]
    if len(set(names)) < len(names):
        fail(place, "a factor given twice", given=", ".join(names), allowed="each factor once")
    points = []
    for number, row in rows[1:]:
        line = Place(place.file, f"line {number}")
        if len(row) != len(factors):
            fail(line, "wrong number of fields", given=f"{len(row)} fields", allowed=f"{len(factors)} fields")
        cells = zip(factors, row, strict=True)
        points.append({factor.name: read_cell(line / factor.name, factor, cell) for factor, cell in cells})
    return points


def nothing_varies(plan, reference):
    """One point at which every parameter is the scenario's."""
    return [{}]


def need_fewer(plan, points):
    """Require a number of points that can be held."""
    if points > POINTS_LIMIT:
        fail(Place(plan.file, "design"), "too many points", given=f"{points:,}", allowed=f"at most {POINTS_LIMIT:,}")


def sensitivity(plan, reference):
    """The points that a sensitivity method needs, each under a seed of its own."""
    from experiments.sensitivity.points import sensitivity_points

    return sensitivity_points(plan, reference)


def optimise(plan, reference):
    """No points beforehand: a search finds them."""
    fail(Place(plan.file, "optimise"), "the points of this plan are searched for", allowed="run.py optimise, run.py check")


def futures(plan, reference):
    """Points of a spreading design, each under seeds of its own that all policies share."""
    points = METHODS[plan.options["design"]](plan, reference)
    return [{**point, FIRST: number} for number, point in enumerate(points)]


METHODS = {
    "grid": grid,
    "zip": zipped,
    "latin-hypercube": latin_hypercube,
    "sobol": sobol,
    "independent": independent,
    "one-at-a-time": one_at_a_time,
    "sensitivity": sensitivity,
    "optimise": optimise,
    "discover": futures,
    "csv": from_csv,
    "scenarios": nothing_varies,
    "replicates": nothing_varies,
}
