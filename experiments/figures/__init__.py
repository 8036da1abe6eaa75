"""All figures of a result: each is made from the result alone, saved with the numbers behind it."""

from experiments.comparison.levers import about
from experiments.figures import cells, comparison, maps, policies, precision, sweep, time
from experiments.figures.data import need_replicates
from experiments.figures.style import drawing, save
from experiments.figures.sweep_data import Swept, factors_of, has_factors
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors
from model.errors import InputError

FIGURES = {
    "policy_effects": policies.policy_effects,
    "lever_effects": comparison.lever_effects,
    "gap_effects": comparison.gap_effects,
    "price_plane": comparison.price_plane,
    "acceptability": comparison.acceptability,
    "months_to_target": comparison.months_to_target,
    "trajectories": policies.trajectories,
    "adoption": time.adoption,
    "stages": time.stages,
    "flows": time.flows,
    "supply_use": time.supply_use,
    "province_map": policies.province_map,
    "divides": time.divides,
    "projects": time.projects,
}
NEED_POLICIES = ("policy_effects", "gap_effects", "price_plane", "acceptability", "months_to_target")
NEED_LEVERS = ("lever_effects",)  # a comparison of levers, combined or in every order
SWEEP_FIGURES = {
    "response": sweep.response,
    "heat_map": maps.heat_map,
    "interaction": sweep.interaction,
    "parallel_coordinates": sweep.parallel_coordinates,
    "half_width": precision.half_width,
}
APART = ("one-at-a-time", "zip")  # designs that never combine the values of two factors: nothing to see of two together
CELL_FIGURES = {"cells": cells.cells, "contrasts": cells.contrasts, "paths": cells.paths}  # of designs with few cells


def available(result):
    """Return the names of the figures that this result can fill."""
    if "plan" in result.manifest["loket"]:
        return available_for_sweep(result)
    several = "baseline" in result.policies and len(result.policies) > 1
    designed = several and about(result)["kind"] != "policies"
    wanted = {**dict.fromkeys(NEED_POLICIES, several), **dict.fromkeys(NEED_LEVERS, designed)}
    return [name for name in FIGURES if wanted.get(name, True)]


def available_for_sweep(result):
    """Return the names of the figures that a sweep can fill."""
    factors = factors_of(result) if has_factors(result) else []
    policies = "baseline" in result.policies and len(result.policies) > 1
    number = len(result.points) * len(result.policies)
    return fitting(result.manifest["loket"]["plan"]["method"], factors, policies, number)


def fitting(method, factors, policies, number):
    """Return the names of the figures that fit a sweep.

    Parameters
    ----------
    method : of the design. factors : what varies. policies : whether any is beside the baseline.
    number : of points times policies.
    """
    few = number <= cells.MOST_CELLS
    along = method == "grid" and bool(factors)
    small = {"cells": few, "contrasts": few and (policies or along), "paths": policies}
    several = len(factors) > 1
    together = several and method not in APART
    fits = dict.fromkeys(("heat_map", "interaction"), together)
    fits |= {"response": bool(factors), "parallel_coordinates": several, "half_width": True}
    known = {**CELL_FIGURES, **SWEEP_FIGURES}
    return [name for name, fit in {**small, **fits}.items() if fit and name in known]


def draw_all(result, folder, names=None, progress=None):
    """Draw figures into a folder, each as PDF, SVG, PNG and CSV, and keep their captions beside them.

    Raises InputError if a policy has fewer than two replicates (a figure without uncertainty is refused), or if a figure
    is asked for that this result cannot fill.
    """
    subject = Swept(result) if "plan" in result.manifest["loket"] else result
    if subject is result:
        need_replicates(result)
    for name in names or ():
        if name not in available(result):
            if subject is not result:
                raise InputError("a sweep cannot fill this figure", given=name, allowed=", ".join(available(result)))
            raise InputError(f"'{name}' compares policies with a baseline, which this result lacks", file=result.folder)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name in names or available(result):
        draw(subject, folder, name)
        if progress:
            progress(name)


def draw(result, folder, name, journal="elsevier"):
    """Draw one figure; the caption is published last, so that a caption means a complete figure."""
    with drawing(journal):
        figure, table, caption = {**FIGURES, **SWEEP_FIGURES, **CELL_FIGURES}[name](result)
        save(figure, folder, name, figure_metadata(result, name))
    publish(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / f"{name}.txt", caption + "\n")
