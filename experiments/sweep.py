"""Sweeps: a plan becomes points, points and policies become variants, variants become a result that can grow."""

import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from experiments.discovery.levers import with_fixed_levers
from experiments.methods import DISCOVERY, IN_PLACE_OF_DESIGN
from experiments.plans.designs import points_of
from experiments.plans.plan_file import observables_of
from experiments.plans.variants import FIRST, Variant, value_in
from experiments.storage.provenance import overlay_facts, scenario_facts
from model import load_policy, load_scenario
from model.checks import Place, fail
from model.registry import load_registry

PROBES = 4  # runs that a preview measures
RESERVED = ("point", "scenario")


@dataclass(frozen=True)
class Study:
    """A plan made ready to run.

    Attributes
    ----------
    plan : Plan. variants : list of Variant, points in order, under each point the baseline and then the policies.
    policies : Policy objects. replicates : how many the plan asks for.
    points : column -> values: point, scenario, and every factor. left_out : points that constraints excluded.
    headline : observables that summaries open with. target : Target that decides the number of replicates, or None.
    """

    plan: object
    variants: list
    policies: list
    replicates: int
    points: dict
    left_out: int
    headline: tuple
    target: object = None

    @property
    def facts(self):
        """What the manifest says about the plan."""
        plan = self.plan
        kept = ("name", "type", "low", "high", "mode")
        factors = [{**{key: getattr(factor, key) for key in kept}, "values": list(factor.values)} for factor in plan.factors]
        described = {key: getattr(plan, key) for key in ("name", "title", "question", "reference", "method", "options")}
        constraints = [constraint.words for constraint in plan.constraints]
        more = {
            "settings": plan.settings,
            "left_out": self.left_out,
            "headline": list(self.headline),
            "figures": list(plan.figures),
        }
        facts = {"plan": {**described, **more, "factors": factors, "constraints": constraints}}
        facts["plan"]["target"] = asdict(self.target) if self.target else None
        return {**facts, "other_scenarios": other_scenarios(self.variants)}


def other_scenarios(variants):
    """Return the scenarios after the first, each with its policies, as plain data."""
    bases = list({(variant.scenario, variant.policy): variant.base for variant in variants}.values())
    names = list(dict.fromkeys(base.name for base in bases))[1:]
    described = []
    for name in names:
        mine = [base for base in bases if base.name == name]
        policies = [{"name": base.policy, "overlays": overlay_facts(base)} for base in mine]
        described.append({"scenario": scenario_facts(mine[0]), "policies": policies})
    return described


def study_of(plan, seed=None, replicates=None):
    """Return the Study of a Plan; `seed` and `replicates` replace the plan's. Raises InputError."""
    policies = load_distinct_policies(plan)
    variants, points, left_out = [], [], 0
    scenarios = load_distinct_scenarios(plan, plan.seed if seed is None else seed)
    for scenario in scenarios:
        bases = [scenario, *(scenario.with_policy(policy) for policy in policies)]
        if plan.method == DISCOVERY:
            bases = [with_fixed_levers(plan, base) for base in bases]
        made, excluded = points_of(plan, lambda name, scenario=scenario: value_in(scenario, name))
        left_out += excluded
        for point in made:
            changes, first = {name: value for name, value in point.items() if name != FIRST}, point.get(FIRST, 0)
            variants += [Variant(base, changes, len(points), first=first) for base in bases]
            points.append({"point": len(points), "scenario": scenario.name, **changes})
    names = list(dict.fromkeys(name for point in points for name in point))
    columns = {name: [point[name] for point in points] for name in names}
    # In these analyses the seed varies from point to point, so that one replicate is enough.
    wanted = replicates or plan.replicates or (1 if plan.method in IN_PLACE_OF_DESIGN else scenarios[0].replicates)
    return Study(plan, variants, policies, wanted, columns, left_out, tuple(observables_of(plan, scenarios[0])))


def load_distinct_scenarios(plan, seed):
    """Return the scenarios of a plan with its settings; their names must differ."""
    scenarios = [load_scenario(file, **plan.settings) for file in plan.scenarios]
    if seed is not None:
        scenarios = [replace(scenario, seed=seed) for scenario in scenarios]
    need_distinct(plan, "scenarios", [scenario.name for scenario in scenarios])
    return scenarios


def load_distinct_policies(plan):
    """Return the policies of a plan; their names must differ."""
    policies = [load_policy(file) for file in plan.policies]
    need_distinct(plan, "policies", ["baseline", *(policy.name for policy in policies)])
    return policies


def need_distinct(plan, key, names):
    """Require different names."""
    for position, name in enumerate(names):
        if name in names[:position]:
            fail(Place(plan.file, key), "two of one name", given=name, allowed="different names")


def sweep(study, out, options, progress=None, command=None, replicates=None):
    """Run a Study into a result folder and return the Result; errors as of `runner.run`."""
    from experiments.running import runner

    wanted = replicates or study.replicates
    return runner.run_variants(study.variants, wanted, out, options, progress, study.policies, command, study)


@dataclass(frozen=True)
class Preview:
    """What a sweep will take.

    Attributes
    ----------
    runs, finished : number of runs of the design (equal ones once), and of those that are there already.
    seconds : mean time of a run on one processor. size : bytes on disk for a run. probes : runs measured.
    """

    runs: int
    finished: int
    seconds: float
    size: float
    probes: int


def preview(study, out, probes=PROBES):
    """Measure a few runs spread over the design and return the Preview; nothing is kept."""
    from experiments.storage.rows import design, missing
    from experiments.storage.store import finished_in

    rows = design(study.variants, study.replicates)
    finished = finished_in(out)
    todo = missing(study.variants, rows, finished)
    runs = len({row.run_id for row in rows})
    jobs = [todo[place * len(todo) // probes] for place in range(min(probes, len(todo)))] if todo else []
    seconds, size = measure(jobs) if jobs else (0.0, 0.0)
    return Preview(runs, runs - len(todo), seconds, size, len(jobs))


def measure(jobs):
    """Return (seconds, bytes) of a run, measured on some in this process; what a file takes anyway is shared by its runs."""
    from experiments.running.runner import PART_RUNS
    from experiments.running.worker import warm
    from model import simulate

    warm(jobs[0][1].base)
    began, runs = time.perf_counter(), {}
    for run_id, variant, replicate in jobs:
        runs[run_id] = simulate(variant.build(), replicate)
    seconds = (time.perf_counter() - began) / len(jobs)
    one, all_of_them = written_size(dict(list(runs.items())[:1])), written_size(runs)
    more = (all_of_them - one) / (len(runs) - 1) if len(runs) > 1 else one
    return seconds, more + max(0.0, one - more) / PART_RUNS


def written_size(runs):
    """Return the bytes of some runs (run id -> RunRecord) as one part."""
    from experiments.storage.records import part_tables
    from experiments.storage.tables import write_parquet

    with tempfile.TemporaryDirectory() as folder:
        for name, table in part_tables(runs, {}).items():
            write_parquet(table, Path(folder) / name)
        return sum(path.stat().st_size for path in Path(folder).iterdir())


def unit_of(name):
    """Return the unit of a factor, or an empty text."""
    registry = load_registry()
    return registry[name].unit if name in registry else ""
