"""Numbers, goals and limits of a discovery in plain words."""

import numpy as np

from experiments.discovery.settings import CHANGE
from experiments.plans.uncertainties import ASSUMED
from experiments.run_outcomes import label as outcome_label
from experiments.run_outcomes import unit
from experiments.sensitivity.verdict import label
from experiments.texts import measured
from experiments.units import HUNDRED, change_of, level_of
from model.registry import load_registry

WITHOUT_UNIT = ("0-1", "share")
SHARE_OF_FUTURES = (HUNDRED, "%")
REGRET = ("mean regret", "high regret", "largest regret")


def number(value):
    """Return a value with three significant digits."""
    return f"{value:.3g}"


def shown_in(goal, criterion=""):
    """Return (factor, unit) in which a number on a goal is shown: its limit, or a value by a criterion of robust choice."""
    if criterion == "satisficing":
        return SHARE_OF_FUTURES
    is_change = goal.of == CHANGE or criterion in REGRET
    return change_of(unit(goal.outcome)) if is_change else level_of(unit(goal.outcome))


def figure(value, factor):
    """Return a value times the factor with which it is shown, of a share or an index with one decimal."""
    return number(value) if factor == 1.0 else f"{round(factor * value, 1) + 0.0:.1f}"  # + 0.0: no sign on zero


def span(low, high, factor, unit_words):
    """Return an interval as words; percent stands at its end, longer units only with the value it belongs to."""
    return f"{figure(low, factor)} to {figure(high, factor)}{' %' if unit_words.startswith('%') else ''}"


def percent(share):
    """Return a share in per cent, with a decimal below one per cent and above 99."""
    return f"{100.0 * share:.1f} %" if 0.0 < share < 0.01 or 0.99 < share < 1.0 else f"{100.0 * share:.0f} %"


def with_interval(share, low, high):
    """Return a share and its interval in per cent."""
    return f"{100.0 * share:.0f} % ({100.0 * low:.0f} to {100.0 * high:.0f} %)"


def called(goal):
    """Return what a goal is about, such as "change of digital use"."""
    return f"{'change of ' if goal.of == CHANGE else ''}{outcome_label(goal.outcome).lower()}"


def goal_words(goal):
    """Return a goal as a clause, such as "digital use at least 30 % of cases"."""
    return f"{called(goal)} {goal.sense.replace('_', ' ')} {limit_words(goal)}"


def goal_as_declared(goal):
    """Return a goal for a table that keeps units as they are, such as "digital use at least 0.3 (share of cases)"."""
    return f"{called(goal)} {goal.sense.replace('_', ' ')} {number(goal.limit)} ({unit(goal.outcome)})"


def missed_words(goal):
    """Return how a goal is missed, such as "digital use below 30 % of cases"."""
    return f"{called(goal)} {'below' if goal.sense == 'at_least' else 'above'} {limit_words(goal)}"


def limit_words(goal):
    """Return the limit of a goal with the unit in which it is shown."""
    factor, unit_words = shown_in(goal)
    return measured(number(factor * goal.limit), unit_words)


def name_of(futures, finding):
    """Return what a finding is called in files: the policy, and the outcome of its goal if it is about one."""
    policy = futures.policies[finding.policy]
    return policy if finding.goal is None else f"{policy}-{futures.goals[finding.goal].outcome}"


def subject(futures, finding):
    """Return policy and verb of a finding, such as "digital-by-default misses a goal"."""
    if finding.goal is None:
        return f"{futures.policies[finding.policy]} fails"
    return f"{futures.policies[finding.policy]} fails by {missed_words(futures.goals[finding.goal])}"


def assumed_count(futures):
    """Return (assumed, all): how many of the uncertainties are parameters assumed in the registry."""
    registry = load_registry()
    statuses = [registry[factor.name].status for factor in futures.factors if factor.name in registry]
    return statuses.count(ASSUMED), len(futures.factors)


def suffix(factor):
    """Return the unit of a factor after a space, unless it says nothing."""
    registry = load_registry()
    found = registry[factor.name].unit if factor.name in registry else ""
    return f" {found}" if found and found not in WITHOUT_UNIT else ""


def side(factor, low, high):
    """Return a restriction in words, with the unit and the part of the range; switches as a state."""
    if factor.type == "boolean":
        return f"{label(factor.name)} {'on' if np.isfinite(low) else 'off'}"
    ends = []
    if np.isfinite(low):
        ends.append(f"above {number(low)}")
    if np.isfinite(high):
        ends.append(f"below {number(high)}")
    share = (min(high, factor.high) - max(low, factor.low)) / (factor.high - factor.low)
    part = "middle" if len(ends) == 2 else "highest" if np.isfinite(low) else "lowest"
    limits = f"{' and '.join(ends)}{suffix(factor)}"
    return f"{label(factor.name)} ({factor.name}) {limits}, the {part} {percent(share)} of its range"


def rule_words(futures, leaf):
    """Return a leaf of a tree as a rule: the narrowest limits of each factor on the way."""
    limits = {}
    for factor, is_below, limit in leaf.steps:
        low, high = limits.get(factor, (-np.inf, np.inf))
        limits[factor] = (low, min(high, limit)) if is_below else (max(low, limit), high)
    sides = [side(futures.factors[factor], low, high) for factor, (low, high) in limits.items()]
    return "; and ".join(sides) if sides else "always"
