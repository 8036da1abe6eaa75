"""From a plan to the points of its layout, and from a finished result back to the layout its points must have."""

import numpy as np

from experiments.plans.factors import Factor
from experiments.plans.variants import FIRST, scenario_from_facts, value_in
from experiments.sensitivity.designs import LAYOUTS
from experiments.sensitivity.layout import members_of
from model.errors import InputError

AS_IN_SCENARIO = float("nan")  # a share that stands for the scenario's own value


def layout_of(options, factors):
    """Return the Layout of checked options (see `settings`) and a list of Factor."""
    names = [factor.name for factor in factors]
    groups = dict(options["groups"])
    chosen = {**options, "centre": np.full(len(names), AS_IN_SCENARIO)}
    return LAYOUTS[options["method"]](list(groups), members_of(list(groups), names, groups), chosen)


def sensitivity_points(plan, reference):
    """Return the points of a plan with a table [sensitivity]; each also holds the number of its first replicate."""
    layout = layout_of(plan.options, plan.factors)
    seeds = layout.seeds.ravel().tolist()
    return [{**values, FIRST: seed} for values, seed in zip(values_of(layout, plan.factors, reference), seeds, strict=True)]


def values_of(layout, factors, reference):
    """Yield factor -> value of every point, row by row."""
    for shares in layout.shares.reshape(-1, len(factors)).tolist():
        pairs = zip(factors, shares, strict=True)
        yield {factor.name: reference(factor.name) if share != share else factor.at(share) for factor, share in pairs}


def factors_of(result):
    """Return the factors of a sweep as its manifest describes them."""
    described = need_plan(result)["factors"]
    return [Factor(**{**entry, "values": tuple(entry["values"])}) for entry in described]


def need_plan(result):
    """Return what the manifest says about the plan; raises InputError if the result is no sweep."""
    plan = result.manifest["loket"].get("plan")
    if plan is None:
        raise InputError("not a sweep: it has no plan", file=result.folder, allowed="a folder made by sweep or sensitivity")
    return plan


def layout_of_result(result):
    """Return (Layout, factors) of a sensitivity result; raises InputError if its points are not those of its method."""
    plan = need_plan(result)
    if plan["method"] != "sensitivity":
        raise InputError(f"a design of method {plan['method']}, not of a sensitivity analysis", file=result.folder,
                         allowed="a given-data method: --method pawn, delta, rbd-fast or regional")  # fmt: skip
    factors = factors_of(result)
    layout = layout_of(plan["options"], factors)
    need_same_points(result, layout, factors)
    return layout, factors


def need_same_points(result, layout, factors):
    """Require that the stored points are, one by one, those of the layout."""
    scenario = scenario_from_facts(result.scenario)
    wanted = list(values_of(layout, factors, lambda name: value_in(scenario, name)))
    points = result.points
    allowed = f"the points of method {layout.method} as its plan describes them"
    if len(points) != len(wanted):
        given = f"{len(points)} points"
        raise InputError("the method does not match the design", file=result.folder, given=given, allowed=f"{len(wanted)}")
    for factor in factors:
        expected = np.array([values[factor.name] for values in wanted], dtype=float)
        wrong = np.flatnonzero(points[factor.name].to_numpy(dtype=float) != expected)
        if wrong.size:
            given = f"point {int(wrong[0])}, {factor.name} = {points[factor.name].iloc[wrong[0]]}"
            raise InputError("the method does not match the design", file=result.folder, given=given, allowed=allowed)
