"""The stylized facts as tests: worlds to run, statistics over seeds, thresholds and verdicts.

Facts, thresholds and worlds are declared in patterns.toml; how a statistic is computed stands in pattern_statistics.py.
A fact passes if the whole 95 % interval over seeds lies on its side of the threshold.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas

from experiments.ablate import plan_of
from experiments.compare import LEVEL, half_width
from experiments.plans.variants import Variant, value_in
from experiments.sweep import Study
from model import load_policy

DECLARED = Path(__file__).with_name("patterns.toml")
POLICIES = Path(__file__).resolve().parent.parent / "scenarios" / "policies"
SIDES = ("above", "below", "between")
PASS, FAIL, UNTESTED = "pass", "fail", "not testable"


@dataclass(frozen=True)
class Fact:
    """A stylized fact: what is claimed, how it is measured, and from where to where it holds; or why it is not tested."""

    name: str
    statement: str
    source: str
    statistic: str = ""
    low: float = -np.inf
    high: float = np.inf
    untested: str = ""

    @property
    def threshold(self):
        """The bounds in words."""
        if self.untested:
            return ""
        if np.isfinite(self.low) and np.isfinite(self.high):
            return f"{self.low:g} to {self.high:g}"
        return f"> {self.low:g}" if np.isfinite(self.low) else f"< {self.high:g}"


@cache
def declared():
    """Return (worlds, facts) as declared."""
    content = tomllib.loads(DECLARED.read_text(encoding="utf-8"))
    return content["worlds"], tuple(fact_of(name, entry) for name, entry in content["facts"].items())


def fact_of(name, entry):
    """Return the Fact of a table."""
    texts = {key: value for key, value in entry.items() if key not in SIDES}
    bounds = {}
    if "between" in entry:
        bounds["low"], bounds["high"] = entry["between"]
    elif "above" in entry:
        bounds["low"] = entry["above"]
    elif "below" in entry:
        bounds["high"] = entry["below"]
    return Fact(name, **texts, **bounds)


def study_of(scenario, replicates):
    """Return the Study of all worlds of a scenario, a point each in the order of the declaration."""
    worlds = declared()[0]
    names = list(dict.fromkeys(name for world in worlds.values() for name in world.get("changes", ())))
    usual = {name: value_in(scenario, name) for name in names}
    points = {"point": list(range(len(worlds))), "scenario": [scenario.name] * len(worlds)}
    points |= {name: [world.get("changes", {}).get(name, usual[name]) for world in worlds.values()] for name in names}
    policies, variants = {}, []
    for number, world in enumerate(worlds.values()):
        base = scenario
        for text in world.get("policies", ()):
            policy = policies.setdefault(text, load_policy(POLICIES / f"{text}.toml"))
            base = base.with_policy(policy)
        variants.append(Variant(base, {name: points[name][number] for name in names}, number))
    plan = plan_of(scenario, ())
    return Study(plan, variants, list(policies.values()), replicates, points, 0, tuple(scenario.headline))


def judge(samples):
    """Return the table of facts: statistic, interval over seeds, threshold and verdict.

    Parameters
    ----------
    samples : name of a fact -> array with a number for each replicate, or a text that says why there is none.
    """
    rows = []
    for fact in declared()[1]:
        sample = fact.untested or samples[fact.name]
        numbers = {"mean": np.nan, "low": np.nan, "high": np.nan, "n": 0, "verdict": UNTESTED, "reason": sample}
        if not isinstance(sample, str):
            mean, half = float(np.mean(sample)), half_width(sample, LEVEL)
            low, high = mean - half, mean + half
            verdict = PASS if fact.low < low and high < fact.high else FAIL
            numbers = {"mean": mean, "low": low, "high": high, "n": len(sample), "verdict": verdict}
            numbers["reason"] = reason_of(fact, low, high) if verdict == FAIL else ""
        texts = {"fact": fact.name, "statement": fact.statement, "statistic": fact.statistic}
        rows.append({**texts, **numbers, "threshold": fact.threshold, "source": fact.source})
    return pandas.DataFrame(rows)


def reason_of(fact, low, high):
    """Return why a fact failed: on the wrong side, or the interval holds the threshold."""
    clear = high <= fact.low or low >= fact.high
    return "on the wrong side" if clear else "the interval reaches over the threshold"
