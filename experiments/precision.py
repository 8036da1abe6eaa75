"""How many replicates are enough: batches are added until every interval asked for is narrow enough, or a bound is met.

The interval is Student's t at 95 % of the mean of the last months, or of its paired difference from the baseline; all
points get the same number of replicates, so the widest interval decides. Looking again after each batch makes the final
interval very slightly too narrow; at least ten replicates keep this small.
"""

import math
from dataclasses import dataclass

import pandas

from experiments.outcomes import joined, summarise
from model.parameter_table import BASELINE

GROWTH = 2.0  # a batch at most doubles the number
HISTORY = "precision.csv"


@dataclass(frozen=True)
class Target:
    """What is precise enough.

    Attributes
    ----------
    half_width : of the 95 % interval, in the unit of the observables. observables : names.
    paired : of differences from the baseline instead of means. fewest, most : bounds of the number of replicates.
    """

    half_width: float
    observables: tuple[str, ...]
    paired: bool = False
    fewest: int = 10
    most: int = 1000


def widths(table, target):
    """Return the interval of every group: policy, point, observable, mean, std, count, half_width.

    Parameters
    ----------
    table : as returned by `outcomes.joined`.
    target : Target.
    """
    names = list(target.observables)
    if target.paired:
        keys = ["scenario", "point", "replicate"]
        base = table[table["policy"] == BASELINE].set_index(keys)[names]
        table = table[table["policy"] != BASELINE]
        others = base.reindex(pandas.MultiIndex.from_frame(table[keys])).to_numpy()
        table = table.assign(**{name: table[name] - others[:, place] for place, name in enumerate(names)})
        table = table.dropna(subset=names)
    return summarise(table, names, ["policy", "point"])


def needed(spread, half_width, most):
    """Return how many replicates bring the half-width of the interval down to a target, at most `most`."""
    from scipy.stats import t

    number = max(2, math.ceil((1.96 * spread / half_width) ** 2)) if spread > 0 else 2
    while number < most and t.ppf(0.975, number - 1) * spread / math.sqrt(number) > half_width:
        number += 1
    return min(number, most)


def run_to_target(run, target):
    """Add replicates until the target is met or a bound is reached.

    Parameters
    ----------
    run : function from a number of replicates to a Result.
    target : Target.

    Returns
    -------
    (Result, history) : history is a DataFrame, a row for each batch: replicates, observable, policy, point, half_width
    (the widest), needed (replicates that this group would need by its spread so far).
    """
    number, history = target.fewest, []
    while True:
        result = run(number)
        table = widths(joined(result, target.observables), target)
        judged = table.dropna(subset=["half_width"])
        if judged.empty or set(result.design["status"]) - {"ok"}:
            return result, pandas.DataFrame(history)  # what failed has no interval: the caller names it
        worst = judged.loc[judged["half_width"].idxmax()]
        enough = int(judged["std"].map(lambda spread: needed(spread, target.half_width, target.most)).max())
        facts = {key: worst[key] for key in ("observable", "policy", "point", "half_width", "std")}
        history.append({"replicates": number, **facts, "needed": enough})
        if worst["half_width"] <= target.half_width or number >= target.most:
            return result, pandas.DataFrame(history)
        number = min(max(enough, number + 1), math.ceil(GROWTH * number), target.most)


def explain(history, target):
    """Return in words how many replicates were needed and why."""
    if history.empty:
        return "the precision could not be judged: not every run came through"
    last = history.iloc[-1]
    what = "paired difference from the baseline" if target.paired else "mean"
    where = f"{last['observable']}, {last['policy']}, point {last['point']}"
    width = f"its 95 % interval of the {what} is +-{last['half_width']:.3g}"
    batches = " -> ".join(str(number) for number in history["replicates"])
    if last["half_width"] <= target.half_width:
        text = f"{last['replicates']} replicates are enough for +-{target.half_width:g} (batches: {batches})"
    else:
        text = f"{target.most} replicates, the most allowed, are not enough for +-{target.half_width:g} (batches: {batches})"
    reason = f"the widest is {where}: {width}, standard deviation {last['std']:.3g}"
    more = "" if last["half_width"] <= target.half_width else "; allow more with --at-most, or ask for less"
    return f"{text}; {reason}{more}"
