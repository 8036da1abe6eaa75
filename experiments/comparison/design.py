"""Which scenarios are run: policies beside a baseline with more runs, every combination of levers, levers in every order."""

import itertools
import math
from dataclasses import dataclass, replace

from experiments.plans.variants import Variant
from experiments.units import is_bounded
from model.checks import Place, need_choice
from model.errors import InputError
from model.overlays import settle
from model.registry import load_observables

LEVERS = ("leadership-development", "staff-training", "infrastructure")  # of the founding paper: who leads, can, connects
FEWEST_LEVERS, MOST_COMBINED, MOST_ORDERED = 2, 5, 4  # 32 combinations, 24 orders
JOIN, THEN, TOGETHER = "+", " > ", "together"
PERCENT = 100.0
BASELINE_TIMES = 6  # baseline runs for each pair, unless another number is asked for


@dataclass(frozen=True)
class Asked:
    """What a comparison was asked for on the command line.

    Attributes
    ----------
    factorial, orders : whether the policies are levers to be combined, or to be taken in every order.
    baseline_replicates : how many runs the baseline shall have at least, or None for six times the replicates.
    targets : texts OBSERVABLE=LEVEL.
    """

    factorial: bool = False
    orders: bool = False
    baseline_replicates: int | None = None
    targets: tuple = ()

    @property
    def kind(self):
        """Name of the kind of comparison; raises InputError if two are asked for."""
        if self.factorial and self.orders:
            raise InputError("two designs at once", key="--factorial --orders", allowed="one of the two")
        return "factorial" if self.factorial else "orders" if self.orders else "policies"

    @property
    def word(self):
        """What the result folder's name begins with."""
        return "compare" if self.kind == "policies" else self.kind

    @property
    def default_policies(self):
        """Policies that are taken if none are named; none means all of scenarios/policies."""
        return () if self.kind == "policies" else LEVERS


@dataclass(frozen=True)
class Comparison:
    """A comparison made ready to run; `facts` and `points` are what the runner asks of a study.

    Attributes
    ----------
    kind : policies, factorial or orders. scenarios : the baseline first. levers : names of the levers of a design.
    targets : (observable, level) pairs that policies are timed against.
    baseline_replicates : how many runs the baseline has; a whole multiple of the replicates of a policy.
    """

    kind: str
    scenarios: list
    levers: tuple = ()
    targets: tuple = ()
    baseline_replicates: int = 0
    points = None

    @property
    def facts(self):
        """What the manifest says about the comparison."""
        described = {"kind": self.kind, "levers": list(self.levers), "targets": [list(pair) for pair in self.targets]}
        return {"comparison": {**described, "baseline_replicates": self.baseline_replicates}}

    def variants(self, replicates):
        """Return the variants; more baseline runs come as variants that begin with a later replicate."""
        first = [Variant(scenario) for scenario in self.scenarios]
        times = whole_times(self.baseline_replicates, replicates)
        return first + [Variant(self.scenarios[0], first=number) for number in range(1, times)]


def whole_times(wanted, replicates):
    """Return how many times the replicates of a policy the baseline runs to have at least so many runs."""
    return math.ceil(wanted / replicates)


def comparison_of(asked, scenario, policies, replicates):
    """Return the Comparison that was asked for, baseline runs rounded up to a multiple of `replicates`; raises InputError.

    Parameters
    ----------
    asked : Asked. scenario : Scenario without policies. policies : Policy objects. replicates : of each policy.
    """
    targets = tuple(read_target(text) for text in asked.targets)
    build = {"policies": each_alone, "factorial": combined, "orders": ordered}[asked.kind]
    wanted = asked.baseline_replicates or BASELINE_TIMES * replicates
    if wanted < replicates:
        key, allowed = "--baseline-replicates", f"at least --replicates, {replicates}"
        raise InputError("fewer baseline runs than pairs", key=key, given=wanted, allowed=allowed)
    levers = () if asked.kind == "policies" else tuple(policy.name for policy in policies)
    runs = replicates * whole_times(wanted, replicates)
    return Comparison(asked.kind, build(scenario, policies), levers, targets, runs)


def each_alone(scenario, policies):
    """Return the scenario and the scenario under each policy."""
    return [scenario, *(scenario.with_policy(policy) for policy in policies)]


def combined(scenario, policies):
    """Return the scenario under every combination of policies, none first, then one, two and so on; costs add up."""
    need_levers(policies, MOST_COMBINED)
    cases = [scenario]
    for size in range(1, len(policies) + 1):
        for chosen in itertools.combinations(policies, size):
            case = scenario
            for policy in chosen:
                case = case.with_policy(policy)
            cases.append(case)
    return cases


def ordered(scenario, policies):
    """Return the scenario, then under all levers side by side, then under the levers one after the other in every order.

    The time from the first month to the last in which any of the policies acts is cut into equal phases, one for each
    lever. In its phase a lever spends a share of its own policy's money, one over the number of levers; side by side it
    spends the same sum over the whole time. So every order costs the same.
    """
    need_levers(policies, MOST_ORDERED)
    alone = [scenario.with_policy(policy) for policy in policies]
    spans = [added(scenario, case) for case in alone]
    for policy, overlays in zip(policies, spans, strict=True):
        free = sorted({overlay.parameter for overlay in overlays if not overlay.spend})
        if free:
            allowed = "policies that say what they spend: spend or spend_per_citizen in every overlay"
            raise InputError(f"'{policy.name}' sets {', '.join(free)} without money", key="--orders", allowed=allowed)
    begin = min(overlay.start for overlays in spans for overlay in overlays)
    end = max(overlay.end for overlays in spans for overlay in overlays)
    edges = [begin + round(number * (end - begin) / len(policies)) for number in range(len(policies) + 1)]
    if len(set(edges)) < len(edges):
        raise InputError("too few months for the phases", key="--orders", given=f"{end - begin} months")
    share = 1.0 / len(policies)
    side_by_side = [phase(overlays, begin, end, share) for overlays in spans]
    cases = [scenario, joined(scenario, TOGETHER, side_by_side)]
    for order in itertools.permutations(range(len(policies))):
        name = THEN.join(policies[lever].name for lever in order)
        cases.append(joined(scenario, name, [phase(spans[v], edges[k], edges[k + 1], share) for k, v in enumerate(order)]))
    return cases


def need_levers(policies, most):
    """Require a number of levers that can be crossed or ordered."""
    if not FEWEST_LEVERS <= len(policies) <= most:
        raise InputError(
            "wrong number of levers", key="--policy", given=len(policies), allowed=f"{FEWEST_LEVERS} to {most} policies"
        )


def added(scenario, case):
    """Return the overlays that a policy added to a scenario."""
    return case.overlays[len(scenario.overlays) :]


def phase(overlays, start, end, share):
    """Return the overlays of a lever within a phase, each with a share of its money."""
    months = end - start
    return [replace(one, start=start, end=end, ramp=min(one.ramp, months), spend=one.spend * share) for one in overlays]


def joined(scenario, name, groups):
    """Return the scenario under several groups of overlays as one policy."""
    overlays = tuple(replace(overlay, policy=name) for group in groups for overlay in group)
    return replace(scenario, policy=name, overlays=settle(scenario, scenario.overlays + overlays))


def read_target(text):
    """Return (observable, level) of a target written OBSERVABLE=LEVEL; raises InputError."""
    name, _, level = text.partition("=")
    need_choice(Place(None, "--target"), name, load_observables(), "known observables: run.py describe observables")
    try:
        value = float(level)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError("not a level", key="--target", given=text, allowed="OBSERVABLE=LEVEL, such as use_share=0.2")
    if load_observables()[name].direction == "neither":
        raise InputError(
            "no better or worse is declared", key="--target", given=name, allowed="an observable with a direction"
        )
    need_possible(name, value, text)
    return name, value


def need_possible(name, value, text):
    """Require a level that the unit of an observable allows: a percentage is no share, and nothing would reach it."""
    if not is_bounded(name):
        return
    low = -1.0 if name.endswith("_gap") else 0.0  # a difference of two shares may be below zero
    if not low <= value <= 1.0:
        nearest = f"{name}={value / PERCENT:g}" if 1.0 < value <= PERCENT else None
        raise InputError("outside its range", key="--target", given=text, allowed=f"{low:g}..1", nearest=nearest)
