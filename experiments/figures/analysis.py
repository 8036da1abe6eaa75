"""All figures of a sensitivity analysis by name; each is saved with the numbers behind it, its provenance and a caption."""

from functools import partial

import numpy as np

from experiments.figures import courses, indices, responses
from experiments.figures.named import draw_named
from model.errors import InputError

ALWAYS = {"drivers": indices.drivers, "convergence": indices.convergence}
BY_METHOD = {
    "morris": {"effects": indices.morris},
    "morris-radial": {"effects": indices.morris},
    "one-at-a-time": {"tornado": indices.tornado, "curves": responses.curves},
}
SPREAD = {"scatter": responses.scatter, "distributions": responses.distributions}
NO_SPREAD = ("one-at-a-time",)
OVER_TIME = {"years": courses.over_time, "heat": courses.heat}
STACKED = ("sobol", "fast", "shapley", "rbd-fast")  # methods whose indices share out the variance


def catalogue(analysis):
    """Return name -> function without arguments that gives (figure, table, caption), for every figure of an analysis."""
    found = {}
    for place, outcome in enumerate(analysis.outcomes):
        kinds = {**ALWAYS, **BY_METHOD.get(analysis.layout.method, {})}
        if "S2" in analysis.estimates:
            kinds["pairs"] = indices.pairs
        if analysis.layout.method not in NO_SPREAD:
            kinds |= SPREAD
        found |= {f"{kind}-{outcome}": partial(make, draw, analysis, place) for kind, draw in kinds.items()}
    for observable, (_, estimates) in analysis.course.items():
        kinds = OVER_TIME if analysis.layout.method in STACKED else {"heat": courses.heat}
        if any(np.isfinite(found.half_width).any() for found in list(estimates.values())[:1]):
            found |= {f"{kind}-{observable}": partial(draw, analysis, observable) for kind, draw in kinds.items()}
    return found


def make(draw, analysis, place):
    """Draw a figure of one outcome, if there is uncertainty to show."""
    indices.need_uncertainty(analysis, place)
    return draw(analysis, place)


def usual(analysis):
    """Return the names of the figures of a report: all of the first outcome, the drivers of the others, the years."""
    first, names = analysis.outcomes[0], []
    for name in catalogue(analysis):
        kind, _, outcome = name.partition("-")
        if outcome == first or kind == "drivers" or kind in OVER_TIME:
            names.append(name)
    return [name for name in names if not refused(analysis, name)]


def refused(analysis, name):
    """Return whether a figure has no uncertainty to show."""
    outcome = name.partition("-")[2]
    try:
        if outcome in analysis.outcomes:
            indices.need_uncertainty(analysis, analysis.outcomes.index(outcome))
    except InputError:
        return True
    return False


def draw(analysis, result, folder, name, journal="elsevier"):
    """Draw one figure into a folder as PDF, SVG, PNG, CSV and caption; raises InputError if there is no such figure."""
    return draw_named(catalogue(analysis), result, folder, name, journal)
