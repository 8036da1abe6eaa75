"""A finished sweep as given data: its points become a layout, whatever design made them."""

import numpy as np

from experiments.methods import SENSITIVITY
from experiments.sensitivity import gates
from experiments.sensitivity.layout import BELOW_ONE, GIVEN_DATA, PARTS, Layout, generator
from experiments.sensitivity.points import factors_of, layout_of_result, need_plan
from experiments.sensitivity.study import analyse_layout
from model.checks import Place, need_choice
from model.errors import InputError
from model.parameter_table import BASELINE

FEWEST = 64  # points
CORRELATED = 0.3
SMALLEST = 1e-300
OTHERS = "other methods choose their points themselves: a plan with a table [sensitivity]"
WITHOUT_SPREAD = ("one-at-a-time", "zip", "scenarios", "replicates")


def analyse_finished(result, method, options, on_missing="refuse"):
    """Return the Analysis of a finished sweep by a method for given data.

    Parameters
    ----------
    method : pawn, delta, rbd-fast or regional. options, on_missing : as of `study.analyse`.

    Raises InputError if the points are too few or do not spread over the space.
    """
    need_choice(Place(None, "--method"), method, GIVEN_DATA, f"one of {', '.join(GIVEN_DATA)}; {OTHERS}")
    factors = [factor for factor in factors_of(result) if factor.name in result.points]
    design = of_baseline(result)
    part, notes = parts_of(result), []
    layout, ids = layout_given(result, method, factors, design, part)
    notes += notes_on(result, layout, factors)
    return analyse_layout(result, layout, factors, ids, options, on_missing, notes)


def of_baseline(result):
    """Return the runs of the first scenario under its first policy."""
    design = result.design
    first = BASELINE if BASELINE in set(design["policy"]) else design["policy"].iloc[0]
    return design[(design["policy"] == first) & (design["scenario"] == design["scenario"].iloc[0])]


def parts_of(result):
    """Return the part of every point: that of its layout, or a part drawn at random."""
    plan, count = need_plan(result), len(result.points)
    if plan["method"] == SENSITIVITY:
        layout, _ = layout_of_result(result)
        return np.repeat(layout.part, layout.seeds.shape[1])
    return generator(0, 11).permutation(count) % PARTS


def layout_given(result, method, factors, design, part):
    """Return (Layout of a row for each point and a column for each replicate, run ids) of the points of a sweep."""
    need_spread(result, factors)
    points = result.points[result.points["scenario"] == design["scenario"].iloc[0]]
    numbers = points["point"].to_numpy()
    position = {number: place for place, number in enumerate(numbers)}
    design = design.assign(point=design["point"].map(position))
    first = design.groupby("point")["replicate"].min().reindex(range(len(numbers))).to_numpy()
    replicates = result.manifest["loket"]["replicates"]
    ids = gates.run_ids(design, len(numbers), replicates, first)
    shares = np.column_stack([share_of(factor, points[factor.name].to_numpy(dtype=float)) for factor in factors])
    order = (generator(0, 12).permutation(len(numbers)) + 0.5) / len(numbers)
    seeds = first[:, None] + np.arange(replicates)  # replicates are columns: their spread is the share of chance
    names, columns = tuple(factor.name for factor in factors), np.repeat(shares[:, None, :], replicates, axis=1)
    return Layout(method, names, columns, seeds, part[numbers], order), ids.reshape(-1, 1)


def share_of(factor, values):
    """Return the shares of a factor's distribution that values stand for."""
    places = np.clip((values - factor.low) / (factor.high - factor.low), 0.0, BELOW_ONE)
    if factor.mode is None:
        return places
    peak = (factor.mode - factor.low) / (factor.high - factor.low)
    rising, falling = places**2 / max(peak, SMALLEST), 1.0 - (1.0 - places) ** 2 / max(1.0 - peak, SMALLEST)
    return np.minimum(np.where(places < peak, rising, falling), BELOW_ONE)


def need_spread(result, factors):
    """Require points that say something about the whole space."""
    method, count = need_plan(result)["method"], len(result.points)
    if need_plan(result)["options"].get("method", method) in WITHOUT_SPREAD or not factors:
        raise InputError("a design that does not spread over the space", file=result.folder, key="method", given=method,
                         allowed="a sweep of method sobol, latin-hypercube, grid or csv")  # fmt: skip
    if count < FEWEST:
        raise InputError("too few points for given data", file=result.folder, key="points", given=count,
                         allowed=f"at least {FEWEST}: a larger design in the plan, and sweep again")  # fmt: skip
    still = [factor.name for factor in factors if result.points[factor.name].nunique() < 2]
    if still:
        raise InputError("a factor that does not vary", file=result.folder, key="factors", given=", ".join(still),
                         allowed="factors with two values or more")  # fmt: skip


def notes_on(result, layout, factors):
    """Return what a reader must know about the points."""
    plan = need_plan(result)
    notes = [f"given data: {len(layout.part)} points of a design of method {plan['method']}; indices hold for its points"]
    if plan.get("left_out"):
        notes.append(f"{plan['left_out']} points were left out by constraints: factors depend on each other")
    if len(factors) > 1:
        with np.errstate(invalid="ignore"):
            related = np.corrcoef(layout.shares[:, 0].T) - np.eye(len(factors))
        one, other = np.unravel_index(np.nanargmax(np.abs(related)), related.shape)
        if abs(related[one, other]) > CORRELATED:
            names = f"{factors[one].name} and {factors[other].name}"
            notes.append(f"{names} are correlated ({related[one, other]:.2f}): the effect of one shows in the other")
    return notes
