"""Goals: how each is read from a result, which way is better, and how its numbers are written."""

import numpy as np

from experiments.compare import BILLION
from experiments.optimise.settings import COST
from experiments.run_outcomes import outcome_table
from experiments.running.failures import describe_failures
from experiments.units import change_in
from model.errors import RunFailure
from model.registry import load_observables


def signs(goals):
    """Return what turns values into losses: +1 where less is better, -1 where more is; shape (goals,)."""
    lower = [name == COST or load_observables()[name].direction == "lower" for name in goals]
    return np.where(lower, 1.0, -1.0)


def values_of(result, points, seeds, goals):
    """Return the goals of some points under some seeds, in the goals' own units.

    Parameters
    ----------
    result : Result. points : numbers. seeds : numbers of replicates. goals : names.

    Returns
    -------
    float array, shape (points, seeds, goals): means of the last twelve months, and the planned cost in million rupiah.
    Raises RunFailure naming the runs that failed: a point without numbers is never a good or a bad one.
    """
    problem = describe_failures(result)
    if problem:
        raise RunFailure(problem)
    design = result.design[result.design["point"].isin(points) & result.design["replicate"].isin(seeds)]
    observed = [name for name in goals if name != COST]
    found = outcome_table(result, observed)
    table = design.join(found, on="run_id").set_index(["point", "replicate"]).sort_index()
    table = table.rename(columns={"planned_cost": COST})
    values = np.stack([table[name].unstack("replicate").loc[list(points), list(seeds)] for name in goals], axis=2)
    if not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).any(axis=2).sum())
        raise RunFailure(f"{missing} runs have no numbers: they were not started, or an outcome is not finite; "
                         "the same command continues")  # fmt: skip
    return values.astype(float)


def label(goal):
    """Return the words of a goal."""
    return "Planned cost" if goal == COST else load_observables()[goal].label


def factor_and_unit(goal):
    """Return (factor, unit) in which a goal is shown: shares in percentage points, scores of 100, money in billion."""
    if goal == COST:
        return 1.0 / BILLION, "Rp billion"
    return change_in(goal)


def axis(goal):
    """Return words and unit of a goal."""
    return f"{label(goal)} ({factor_and_unit(goal)[1]})"


def number(goal, value, signed=False):
    """Return a value, or with a sign a change, as words without the unit."""
    shown, form = factor_and_unit(goal)[0] * value, ",.0f" if goal == COST else ".3g"
    text = format(shown, f"+{form}" if signed else form)
    return "0" if float(text.replace(",", "")) == 0.0 else text


def better(goal):
    """Return in words which way is better."""
    return "lower" if signs([goal])[0] > 0 else "higher"
