"""Loket for the EMA Workbench: the model with its uncertainties, its policies as levers, and its outcomes, as it is.

Needs `pip install 'loket[ema]'`. The workbench depends on Platypus, which is under the GPL; Loket itself does not need it.

    from ema_workbench import perform_experiments
    from experiments.ema import ema_model

    model = ema_model("scenarios/small.toml", policies=["scenarios/policies/staff-training.toml"], outcomes=["use_share"])
    experiments, outcomes = perform_experiments(model, scenarios=100, policies=model.policies)
"""

from dataclasses import dataclass

import numpy as np

from experiments.discovery.levers import with_fixed_levers_over
from experiments.plans.factors import whole_range
from experiments.plans.uncertainties import assumed
from experiments.plans.variants import with_changes
from experiments.run_outcomes import SUMMARIES, need_outcome, needed, reduce_run
from model import load_policy, load_scenario, simulate
from model.checks import Place, need_choice
from model.errors import InputError
from model.parameter_table import BASELINE
from model.registry import load_observables

POLICY, REPLICATE = "policy_name", "replicate"  # the lever (the workbench has a column policy), and what stands for chance
SEEDS = 10_000  # replicates that chance is drawn from


@dataclass(frozen=True)
class Experiment:
    """One run as the workbench asks for it: keywords in, outcomes out. It can be sent to other processes.

    Attributes
    ----------
    scenarios : name of the policy -> Scenario. outcomes : observables (mean of the last twelve months) and summaries.
    over_time : observables by month, month 0 left out; in the result they end in "_by_month".
    """

    scenarios: dict
    outcomes: tuple
    over_time: tuple

    def __call__(self, *, policy_name=BASELINE, replicate=0, **changes):
        """Return outcome -> number, and NAME_by_month -> array of shape (months,)."""
        need_choice(Place(None, POLICY), policy_name, self.scenarios)
        record = simulate(with_changes(self.scenarios[policy_name], changes), int(replicate))
        names = list(load_observables())
        columns = dict.fromkeys([*needed(self.outcomes), *self.over_time])
        months = {name: record.series[None, 1:, names.index(name)] for name in columns}
        found = {name: float(reduce_run(name, months)[0]) for name in self.outcomes}
        return found | {f"{name}_by_month": np.array(months[name][0]) for name in self.over_time}


def experiment(scenario, policies=(), uncertainties=None, outcomes=("use_share",), over_time=()):
    """Return (Experiment, list of Factor) of a scenario file, policy files and names of uncertainties.

    Parameters
    ----------
    uncertainties : parameters and mechanisms.NAME; by default every assumed uncertainty of the registry.

    Raises InputError naming an unknown outcome, parameter or file, or a parameter that something moves over time.
    """
    for name in outcomes:
        need_outcome(Place(None, "outcomes"), name)
    for name in over_time:
        need_choice(Place(None, "over_time"), name, load_observables())
    names = list(assumed() if uncertainties is None else uncertainties)
    factors = [whole_range(Place(None, "uncertainties"), name) for name in names]
    base = load_scenario(scenario)
    bases = [base, *(base.with_policy(load_policy(policy)) for policy in policies)]
    fixed = [with_fixed_levers_over(Place(None, "uncertainties"), set(names), one) for one in bases]
    return Experiment({one.policy: one for one in fixed}, tuple(outcomes), tuple(over_time)), factors


def ema_model(scenario, policies=(), uncertainties=None, outcomes=("use_share",), over_time=(), name="loket"):
    """Return a Model of the EMA Workbench, with the attribute `policies` for perform_experiments; see `experiment`.

    Every parameter is an uncertainty over the registry's range; `replicate` is one more, so that each future has its own
    seed and all policies share it. The one lever, `policy_name`, is a category.
    """
    try:
        import ema_workbench as ema
    except ImportError as error:
        raise InputError("the EMA Workbench is not installed", allowed="pip install 'loket[ema]'") from error

    run, factors = experiment(scenario, policies, uncertainties, outcomes, over_time)
    model = ema.Model(name, function=run)
    model.uncertainties = [*(parameter_of(ema, factor) for factor in factors), ema.IntegerParameter(REPLICATE, 0, SEEDS - 1)]
    model.levers = [ema.CategoricalParameter(POLICY, list(run.scenarios))]
    scalars = [ema.ScalarOutcome(outcome, kind=kind_of(ema, outcome)) for outcome in outcomes]
    model.outcomes = [*scalars, *(ema.TimeSeriesOutcome(f"{observable}_by_month") for observable in over_time)]
    model.policies = [ema.Policy(one, **{POLICY: one}) for one in run.scenarios]
    return model


def parameter_of(ema, factor):
    """Return a Factor as a parameter of the workbench."""
    if factor.type == "boolean":
        return ema.BooleanParameter(factor.name)
    if factor.type == "integer":
        return ema.IntegerParameter(factor.name, int(factor.low), int(factor.high))
    return ema.RealParameter(factor.name, factor.low, factor.high)


def kind_of(ema, outcome):
    """Return the direction of an outcome as the workbench says it: maximise, minimise or neither."""
    direction = "neither" if outcome in SUMMARIES else load_observables()[outcome].direction
    kinds = {"higher": ema.ScalarOutcome.MAXIMIZE, "lower": ema.ScalarOutcome.MINIMIZE, "neither": ema.ScalarOutcome.INFO}
    return kinds[direction]
