"""One analysis: from a result to indices with intervals, their convergence, their course over time, and chance."""

from dataclasses import dataclass, replace

import numpy as np

from experiments.run_outcomes import outcome_table
from experiments.sensitivity import gates, given, screening, variance
from experiments.sensitivity.intervals import Estimate, estimate
from experiments.sensitivity.layout import GIVEN_DATA, Layout
from experiments.sensitivity.points import layout_of_result, need_plan

STATISTICS = {  # method -> function of layout and outputs; the first index it returns is the one that ranks
    "one-at-a-time": screening.one_at_a_time,
    "morris": screening.morris,
    "morris-radial": screening.morris,
    "sobol": variance.sobol,
    "fast": variance.fast,
    "pawn": given.pawn,
    "delta": given.delta,
    "rbd-fast": given.rbd_fast,
    "regional": given.regional,
    "dgsm": screening.derivative,
    "shapley": variance.shapley,
}
NOTES = {
    "fast": "a Fourier method knows chance by its roughness: what a factor does together with chance is not in its total",
    "one-at-a-time": "effects hold around the scenario as it is; they say nothing about joint changes",
    "dgsm": "an upper bound of the total index: small means unimportant, large does not mean important",
}
SHARES_OF_SIZE = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Analysis:
    """Indices of one result.

    Attributes
    ----------
    layout : Layout of the rows used. outcomes : names. outputs : shape (rows, columns, outcomes), means over replicates.
    runs : number of runs. replicates : of a point. stages : share of the size -> index -> Estimate.
    chance : Estimate of shape (1, outcomes), share of the variance that is due to the seed.
    course : observable -> (months, index -> Estimate of shape (units, months)). notes : sentences.
    factors : list of Factor.
    """

    layout: Layout
    outcomes: list
    outputs: np.ndarray
    runs: int
    replicates: int
    stages: dict
    chance: Estimate
    course: dict
    notes: list
    factors: list

    @property
    def estimates(self):
        """Index -> Estimate from all rows."""
        return self.stages[1.0]

    @property
    def main(self):
        """Name of the index that ranks."""
        return next(iter(self.estimates))


def analyse(result, options, on_missing="refuse"):
    """Return the Analysis of a result made by a sensitivity plan.

    Parameters
    ----------
    result : Result, finished.
    options : outcomes, over_time and every, as in the table [sensitivity]; the method is that of the result.
    on_missing : "refuse", or "drop" to leave out whole rows of the design.

    Raises InputError if design and method do not match or an outcome never changes, RunFailure naming runs without outcome.
    """
    layout, factors = layout_of_result(result)
    replicates = result.manifest["loket"]["replicates"]
    ids = gates.run_ids(result.design, layout.seeds.size, replicates, layout.seeds.ravel() * replicates)
    notes = [need_plan(result)["options"].get("note", ""), NOTES.get(layout.method, "")]
    return analyse_layout(result, layout, factors, ids, options, on_missing, [note for note in notes if note])


def analyse_layout(result, layout, factors, ids, options, on_missing, notes):
    """Return the Analysis of a layout whose points have the runs `ids`, shape (points, replicates)."""
    table = outcome_table(result, options["outcomes"], options["over_time"], options["every"])
    names = list(options["outcomes"])
    timed = [name for name in table.columns if "@" in name]
    values, faults = gates.values_of(table, ids, names + timed)
    notes, runs = list(notes), len(set(ids.ravel()))
    values = values.mean(axis=1).reshape(*layout.seeds.shape, len(names) + len(timed))
    if faults:
        bad = np.isin(ids, list(faults)).any(axis=1)
        words = gates.region(layout.shares.reshape(len(bad), -1), bad, [factor.name for factor in factors])
        if on_missing != "drop":
            gates.refuse(faults, words, result.folder)
        layout, values, dropped = gates.drop_rows(layout, values, bad.reshape(layout.seeds.shape))
        notes += [dropped, words]
    tested = values.mean(axis=1) if layout.method in GIVEN_DATA else values  # given data: means over the seeds of a point
    gates.need_variation(tested[..., : len(names)], names)
    notes += gates.rare_variation(layout, values[..., : len(names)], names)
    found = indices(layout, values[..., : len(names)])
    course = over_time(layout, values[..., len(names) :], timed)
    return Analysis(layout, names, values[..., : len(names)], runs, ids.shape[1], *found, course, notes, factors)


def indices(layout, outputs):
    """Return (stages, chance) of finite outputs of shape (rows, columns, outcomes)."""
    statistic, stages = STATISTICS[layout.method], {}
    for share in SHARES_OF_SIZE:
        rows = layout.order < share
        stages[share] = estimate(statistic, layout.take(rows), outputs[rows]) if rows.sum() > 1 else None
    chance = estimate(lambda part, values: {"chance": chance_of(part, values)[None]}, layout, outputs)["chance"]
    return {share: found for share, found in stages.items() if found}, chance


def chance_of(layout, outputs):
    """Return the share of the variance of an outcome that is due to the seed, shape (outcomes,)."""
    method = layout.method
    if method in ("sobol", "fast", "shapley", "dgsm"):
        found = variance.sobol(layout, outputs, pairs=False) if method == "sobol" else STATISTICS[method](layout, outputs)
        return next(iter(found.values()))[-2]
    if method.startswith("morris"):
        steps = screening.effects(layout, outputs)[:, -1]
        return 0.5 * (steps**2).mean(axis=0) / outputs.reshape(-1, outputs.shape[2]).var(axis=0)
    if method == "one-at-a-time":
        within = outputs.var(axis=0, ddof=1).mean(axis=0) if len(outputs) > 1 else np.full(outputs.shape[2], np.nan)
        return within / (within + outputs.mean(axis=0).var(axis=0))
    return given.chance_share(outputs)


def over_time(layout, outputs, timed):
    """Return observable -> (months, index -> Estimate); NaN for months that vary in fewer than half of the parts yet.

    Parameters
    ----------
    outputs : shape (rows, columns, names). timed : names such as "use_share@12".
    """
    course = {}
    for name in dict.fromkeys(column.partition("@")[0] for column in timed):
        places = [place for place, column in enumerate(timed) if column.partition("@")[0] == name]
        months = [int(timed[place].partition("@")[2]) for place in places]
        chosen = outputs[..., places]
        often, parts = gates.parts_that_vary(layout, chosen)
        varies = often >= max(parts / 2, 1)
        found = estimate(timed_statistic(layout.method), layout, chosen[..., varies]) if varies.any() else {}
        course[name] = (months, {index: spread_out(one, varies) for index, one in found.items()})
    return course


def timed_statistic(method):
    """Return the statistic of a method without second order."""
    if method == "sobol":
        return lambda layout, outputs: variance.sobol(layout, outputs, pairs=False)
    return STATISTICS[method]


def spread_out(found, varies):
    """Return an Estimate with NaN where nothing varies."""
    value = np.full((len(found.value), len(varies)), np.nan)
    value[:, varies] = found.value
    without = np.full((len(found.without), len(found.value), len(varies)), np.nan)
    without[:, :, varies] = found.without
    return replace(found, value=value, without=without)
