"""One discovery: from a result to the box and the tree of every policy, and to what makes a policy robust."""

from dataclasses import dataclass

import numpy as np

from experiments.discovery import robustness
from experiments.discovery.futures import Futures, futures_of, need_discovery
from experiments.discovery.prim import Box, find_box, quasi_p_values
from experiments.discovery.resampling import Stability, stability
from experiments.discovery.screening import screened
from experiments.discovery.tree import Tree, find_tree

FEWEST = 10  # failures, and successes: fewer tell nothing about what they have in common
NEARLY_ALL = 0.95
OFTEN = 0.5  # share of half samples
BOX, TREE, CRITERIA = 1, 2, 3  # streams of draws


@dataclass(frozen=True)
class Finding:
    """What is common to the futures in which one policy fails.

    Attributes
    ----------
    policy : place of the policy. goal : place of the goal that it misses, or None for any. box : the chosen Box.
    boxes : the whole trajectory. screened : places of the factors that the search looked at.
    quasi_p : (factor's place, end) of each limit -> quasi-p-value. stability : Stability. tree : Tree.
    """

    policy: int
    goal: int | None
    box: Box
    boxes: list
    screened: np.ndarray
    quasi_p: dict
    stability: Stability
    tree: Tree

    @property
    def holds_up(self):
        """Whether half samples find a parameter of the box more often than not."""
        return bool(self.stability.restricted[self.box.restricted].max(initial=0.0) >= OFTEN)


@dataclass(frozen=True)
class Discovery:
    """Findings of one result.

    Attributes
    ----------
    futures : Futures. criteria : rows as of `robustness.judge`. findings : list of Finding, policy by policy: of any goal
    missed, then of each goal by itself; none of what a policy nearly always or nearly never does. resamples : half samples
    and shuffles of each search.
    """

    futures: Futures
    criteria: list
    findings: list
    resamples: int


def discover(result, on_missing="refuse", progress=None):
    """Return the Discovery of a finished result.

    Parameters
    ----------
    on_missing : "refuse", or "drop" to leave out futures in which a run has no outcome. progress : called with each policy.

    Raises InputError if the result is none of a discovery, RunFailure naming runs without outcome.
    """
    options = need_discovery(result)["options"]
    futures = futures_of(result, on_missing)
    return findings_of(futures, options["resamples"], options["seed"], progress)


def findings_of(futures, resamples, seed, progress=None):
    """Return the Discovery of Futures; `seed` is the root of all resampling."""
    findings, goals = [], range(len(futures.goals))
    for policy, name in enumerate(futures.policies):
        if progress:
            progress(name)
        most = NEARLY_ALL * futures.fails(policy).sum()  # a goal behind nearly all failures needs no search of its own
        for goal in (None, *goals) if len(goals) > 1 else (None,):
            fails = futures.fails(policy, goal)
            if FEWEST <= fails.sum() <= len(fails) - FEWEST and (goal is None or fails.sum() < most):
                findings.append(finding(futures.x, fails, policy, goal, resamples, seed))
    criteria = robustness.judge(futures.values, futures.goals, [seed, CRITERIA])
    return Discovery(futures, criteria, findings, resamples)


def finding(x, y, policy, goal, resamples, seed):
    """Return the Finding of a policy and goal from the futures, shape (futures, factors), and where it fails."""
    box, boxes = find_box(x, y)
    key = [seed, policy, 0 if goal is None else goal + 1]
    trusted = stability(x, y, box, resamples, [*key, BOX])
    tree = find_tree(x, y, resamples, [*key, TREE])
    return Finding(policy, goal, box, boxes, screened(x, y), quasi_p_values(x, y, box), trusted, tree)
