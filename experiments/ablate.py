"""What each mechanism contributes: the scenario as it is against the same with one mechanism switched off, in pairs.

An ablation is a sweep of one switch at a time: point 0 is the scenario, every other point lacks one mechanism.
"""

import pandas

from experiments.compare import effect
from experiments.outcomes import joined
from experiments.plans.factors import MECHANISMS, Factor
from experiments.plans.plan_file import Plan
from experiments.plans.variants import Variant
from experiments.storage.publish import publish, storage_errors
from experiments.sweep import Study
from model.checks import Place, need_choice
from model.errors import InputError
from model.registry import KNOWN_MECHANISMS, load_mechanisms

HARM = ("dropped_share", "excluded_share", "bribery_share", "error_share", "skill_gap", "trust_agency")
TABLE = "mechanisms.csv"


def study_of(scenario, policies, mechanisms, replicates):
    """Return the Study of an ablation; raises InputError.

    Parameters
    ----------
    scenario : Scenario, its policies included. policies : Policy objects, for their titles.
    mechanisms : names, or () for all that are on. replicates : number of pairs.
    """
    place, known = Place(None, "--mechanism"), load_mechanisms()
    for name in mechanisms:
        need_choice(place, name, known, KNOWN_MECHANISMS)
        if name in scenario.switched_off:
            raise InputError("is off already", file=None, key="--mechanism", given=name, allowed="a mechanism that is on")
    chosen = list(dict.fromkeys(mechanisms)) or [name for name in known if name not in scenario.switched_off]
    if not chosen:
        raise InputError("every mechanism is off", key="scenario", given=scenario.name, allowed="one that is on")
    changes = [{}, *({f"{MECHANISMS}.{name}": False} for name in chosen)]
    points = {"point": list(range(len(changes))), "scenario": [scenario.name] * len(changes)}
    for name in chosen:
        points[f"{MECHANISMS}.{name}"] = [not point or f"{MECHANISMS}.{name}" not in point for point in changes]
    variants = [Variant(scenario, point, number) for number, point in enumerate(changes)]
    return Study(plan_of(scenario, chosen), variants, policies, replicates, points, 0, observables_of(scenario))


def plan_of(scenario, mechanisms):
    """Return the plan that an ablation stands for."""
    factors = tuple(Factor(f"{MECHANISMS}.{name}", "boolean", 0.0, 1.0, (False, True)) for name in mechanisms)
    return Plan(
        name=f"ablate-{scenario.name}",
        title=f"What each mechanism contributes: {scenario.title}",
        question="What changes when one mechanism is switched off?",
        reference="model/mechanisms.toml",
        scenarios=(),
        policies=(),
        replicates=None,
        seed=None,
        settings={},
        method="one-at-a-time",
        options={},
        factors=factors,
        constraints=(),
        headline=(),
        file=None,
    )


def observables_of(scenario):
    """Return what an ablation looks at: the headline of the scenario, then harm."""
    return tuple(dict.fromkeys((*scenario.headline, *HARM)))


def contributions(result):
    """Return what having each mechanism changes: with it minus without it, last twelve months, paired by replicate.

    Returns
    -------
    DataFrame, a row for each observable and mechanism, ordered by the size of the effect on the first observable, with
    columns observable, mechanism, label, effect, low, high (95 % interval), simultaneous_low, simultaneous_high (for all
    mechanisms at once), with_mean, without_mean, n.
    """
    observables = result.manifest["loket"]["plan"]["headline"]
    table = joined(result, observables)
    table = table[table["status"] == "ok"]
    points, known = result.points, load_mechanisms()
    names = [name for name in points if name.startswith(f"{MECHANISMS}.")]
    numbers = {name: int(points.loc[~points[name].astype(bool), "point"].iloc[0]) for name in names}
    rows = []
    for observable in observables:
        wide = table.pivot(index="replicate", columns="point", values=observable)
        for name, number in numbers.items():
            if 0 in wide and number in wide:
                found = effect(wide[number], wide[0], len(numbers))
                mechanism = name.removeprefix(f"{MECHANISMS}.")
                rows.append({"observable": observable, "mechanism": mechanism, "label": known[mechanism].label, **found})
    frame = pandas.DataFrame(rows).rename(
        columns={"mean_difference": "effect", "baseline_mean": "without_mean", "policy_mean": "with_mean"}
    )
    return ordered(frame.drop(columns="variance_ratio"))


def ordered(frame):
    """Return the rows, observables in their order, mechanisms by the size of what they do to the first of them."""
    observables = list(dict.fromkeys(frame["observable"]))
    first = frame[frame["observable"] == observables[0]]
    order = first.iloc[(-first["effect"].abs()).argsort(kind="stable")]["mechanism"].tolist()
    places = [(observables.index(row.observable), order.index(row.mechanism)) for row in frame.itertuples()]
    return frame.iloc[sorted(range(len(frame)), key=places.__getitem__)].reset_index(drop=True)


def write_table(result):
    """Write tables/mechanisms.csv and return it."""
    table = contributions(result)
    with storage_errors(result.folder):
        (result.folder / "tables").mkdir(exist_ok=True)
    publish(result.folder / "tables" / TABLE, table.to_csv(index=False, lineterminator="\n"))
    return table
