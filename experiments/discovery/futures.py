"""From a finished result to arrays: futures, what every policy came to in each, and where it failed."""

from dataclasses import dataclass

import numpy as np

from experiments.discovery import robustness
from experiments.discovery.settings import CHANGE
from experiments.methods import DISCOVERY
from experiments.run_outcomes import outcome_table
from experiments.sensitivity import gates
from experiments.sensitivity.finished import share_of
from experiments.sensitivity.points import factors_of, need_plan
from model.errors import InputError, RunFailure
from model.parameter_table import BASELINE

FEWEST = 10
CHOICES = (
    "choices: run the same command again, which computes them anew; or --on-missing drop, which leaves these futures out "
    "for all policies and says how many and where (folder {folder})"
)


@dataclass(frozen=True)
class Goal:
    """What a policy shall reach.

    Attributes
    ----------
    outcome : observable or summary. sense : "at_least" or "at_most". limit : in the outcome's unit.
    of : "level", or "change" from the baseline in the same future.
    """

    outcome: str
    sense: str
    limit: float
    of: str


@dataclass(frozen=True)
class Futures:
    """What a discovery is made of.

    Attributes
    ----------
    numbers : int64, shape (futures,), points of the design. factors : list of Factor, the uncertainties.
    x : float64, shape (futures, factors), in units of the factors. policies : names, the baseline first.
    goals : list of Goal. values : shape (futures, policies, goals), means over replicates.
    runs, replicates : how many. disagreement : share of futures and policies in which single replicates disagree on whether
    all goals are met; NaN with one replicate. notes : sentences.
    """

    numbers: np.ndarray
    factors: list
    x: np.ndarray
    policies: list
    goals: list
    values: np.ndarray
    runs: int
    replicates: int
    disagreement: float
    notes: list

    @property
    def met(self):
        """Where goals are met, shape (futures, policies, goals)."""
        return robustness.met(self.values, self.goals)

    def fails(self, policy, goal=None):
        """Return where a policy (place) misses one goal (place), or without one any goal; shape (futures,)."""
        met = self.met[:, policy]
        return ~(met.all(axis=1) if goal is None else met[:, goal])

    @property
    def shares(self):
        """The futures as shares of the factors' ranges, shape (futures, factors)."""
        return np.column_stack([share_of(factor, column) for factor, column in zip(self.factors, self.x.T, strict=True)])


def need_discovery(result):
    """Return what the manifest says about the plan; raises InputError if the result was not made for a discovery."""
    plan = need_plan(result)
    if plan["method"] != DISCOVERY:
        raise InputError(f"a design of method {plan['method']}, not of a discovery", file=result.folder,
                         allowed="a folder made with a plan that has a table [discover]")  # fmt: skip
    return plan


def futures_of(result, on_missing="refuse"):
    """Return the Futures of a result; raises RunFailure naming the runs without outcome, unless they are to be dropped."""
    plan = need_discovery(result)
    goals = [Goal(**entry) for entry in plan["options"]["goals"]]
    factors, replicates = factors_of(result), result.manifest["loket"]["replicates"]
    policies = sorted(result.policies, key=lambda name: name != BASELINE)
    ids = run_ids(result, policies, replicates)
    outcomes = [goal.outcome for goal in goals]
    values, faults = gates.values_of(outcome_table(result, outcomes), ids.reshape(-1, replicates), outcomes)
    values = values.reshape(*ids.shape, len(goals))
    x = result.points[[factor.name for factor in factors]].to_numpy(dtype=float)
    bad, notes = np.isin(ids, list(faults)).any(axis=(1, 2)), []
    if faults:
        notes = [dropped(result, faults, bad, x, factors, on_missing)]
    values = relative(values[~bad], goals)
    apart = single_replicates_disagree(values, goals)
    kept = np.flatnonzero(~bad)
    runs = len(set(ids[~bad].ravel()))
    return Futures(kept, factors, x[~bad], policies, goals, values.mean(axis=2), runs, replicates, apart, notes)


def run_ids(result, policies, replicates):
    """Return the run ids of every future, policy and replicate, joined by number, never by order."""
    count = len(result.points)
    first = np.arange(count) * replicates
    mine = {policy: result.design[result.design["policy"] == policy] for policy in policies}
    return np.stack([gates.run_ids(mine[policy], count, replicates, first) for policy in policies], axis=1)


def dropped(result, faults, bad, x, factors, on_missing):
    """Return words on the futures left out because of runs without outcome, or refuse."""
    words = gates.region(x, bad, [factor.name for factor in factors])
    if on_missing != "drop":
        gates.refuse(faults, words, result.folder, CHOICES)
    if len(bad) - bad.sum() < FEWEST:
        raise RunFailure(f"no analysis: fewer than {FEWEST} whole futures are left; run the same command again")
    share = f"{bad.sum()} of {len(bad)} futures ({bad.mean():.1%})"
    return f"{share} left out for all policies because of {len(faults)} runs without outcome; {words}"


def relative(values, goals):
    """Return outcomes, those with goals on the change as differences from the baseline of the same future and replicate.

    Parameters
    ----------
    values : shape (futures, policies, replicates, goals); the baseline is the first policy.
    """
    change = np.array([goal.of == CHANGE for goal in goals])
    return np.where(change, values - values[:, :1], values)


def single_replicates_disagree(values, goals):
    """Return the share of futures and policies whose replicates do not all agree on whether every goal is met."""
    futures, policies, replicates, _ = values.shape
    if replicates < 2:
        return float("nan")
    met = robustness.met(values.reshape(futures, policies * replicates, -1), goals).all(axis=2)
    met = met.reshape(futures, policies, replicates)
    return float((met.any(axis=2) & ~met.all(axis=2)).mean())
