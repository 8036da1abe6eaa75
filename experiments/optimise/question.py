"""A plan with a table [optimise] made ready to run: which points, under which seeds, into which folder."""

from dataclasses import dataclass, replace

from experiments.methods import OPTIMISE
from experiments.optimise.levers import need_regions, parts_of
from experiments.optimise.search import first_points, point_of
from experiments.optimise.settings import DEFAULT_REPLICATES, FEWEST_REPLICATES
from experiments.plans.plan_file import observables_of
from experiments.plans.variants import Variant
from experiments.sweep import Study
from model import load_scenario
from model.checks import Place, fail
from model.errors import InputError
from model.scenario import Scenario


@dataclass(frozen=True)
class Question:
    """What to optimise.

    Attributes
    ----------
    plan : Plan. scenario : Scenario without the policies sought. replicates : seeds of each point during the search.
    """

    plan: object
    scenario: Scenario
    replicates: int

    @property
    def options(self):
        """The table [optimise] as plain data."""
        return self.plan.options

    @property
    def seeds(self):
        """Numbers of the replicates of the search."""
        return range(self.replicates)

    @property
    def blocks(self):
        """Numbers of the blocks of `replicates` seeds that judge the front; none of them was seen by the search."""
        return range(1, 1 + -(-self.options["fresh"] // self.replicates))

    @property
    def fresh_seeds(self):
        """Numbers of the replicates that judge the front, rounded up to whole blocks."""
        return range(self.replicates, self.replicates * (1 + len(self.blocks)))


def question_of(plan, seed=None, replicates=None):
    """Return the Question of a Plan, all of its levers tried on the scenario; raises InputError."""
    if plan.method != OPTIMISE:
        raise InputError("not a plan of an optimisation", file=plan.file, key=OPTIMISE, given="missing",
                         allowed="a table [optimise]; other plans: run.py sweep")  # fmt: skip
    wanted = replicates or plan.replicates or DEFAULT_REPLICATES
    if wanted < FEWEST_REPLICATES:
        key = "--replicates" if replicates else "replicates"
        fail(Place(plan.file, key), "a point seen under one seed may just have been lucky", given=wanted,
             allowed=f"at least {FEWEST_REPLICATES}")  # fmt: skip
    scenario = load_scenario(plan.scenarios[0], **plan.settings)
    seed = plan.seed if seed is None else seed
    scenario = scenario if seed is None else replace(scenario, seed=seed)
    need_regions(Place(plan.file, OPTIMISE) / "levers", scenario, plan.options["levers"])
    question = Question(plan, scenario, wanted)
    for decisions in corners(plan.options["levers"]):
        point_of(question, 0, 0, decisions)
    return question


def corners(levers):
    """Return decisions that try each lever at every start and in every region, and the points the search begins with."""
    found = first_points(levers)
    for lever in levers:
        shares = {f"{other['name']}.share": lever["most"] * (other is lever) for other in levers}
        for start in range(len(lever["start"])):
            found += [
                {**shares, f"{lever['name']}.start": start, f"{lever['name']}.where": where} for where in lever["where"]
            ]
    return found


def study_of(question, points, judged=()):
    """Return the Study of some points under the seeds of the search, and of some of them under fresh seeds.

    Parameters
    ----------
    points, judged : lists of Point.
    """
    variants = [Variant(point.base, {}, point.number) for point in points]
    variants += [Variant(point.base, {}, point.number, first=block) for point in judged for block in question.blocks]
    policies = [point.policy for point in points if point.policy]
    headline = tuple(observables_of(question.plan, question.scenario))
    return Study(question.plan, variants, policies, question.replicates, table_of(question, points), 0, headline)


def table_of(question, points):
    """Return column -> values: point, scenario, generation, and percent, spend (million rupiah), start, where of a lever."""
    levers = question.options["levers"]
    columns = {"point": [point.number for point in points], "scenario": [question.scenario.name] * len(points)}
    columns["generation"] = [point.generation for point in points]
    none = parts_of(levers, {f"{lever['name']}.share": 0 for lever in levers})
    for place, lever in enumerate(levers):
        parts = [(point.parts or none)[place] for point in points]
        for key in ("percent", "spend", "start", "where"):
            columns[f"{lever['name']}.{key}"] = [getattr(part, key) for part in parts]
    return columns
