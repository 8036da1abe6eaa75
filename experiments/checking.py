"""What `check` does with files that are no scenario and no policy: plans, calibrations and targets."""

from experiments.failures import counted
from experiments.plan_file import OPTIMISE, read_plan
from experiments.sweep_commands import load


def check_plan(file):
    """Check a plan, every one of its points included."""
    if read_plan(file).method == OPTIMISE:
        check_optimisation(file)
        return
    study = load(str(file))
    for variant in study.variants:
        variant.build()
    points, replicates = counted(len(study.points["point"]), "point"), counted(study.replicates, "replicate")
    policies = counted(1 + len(study.policies), "policy", "policies")
    print(f"{file}: {study.plan.title}: {points}, {policies}, {replicates}, no fault found")


def check_optimisation(file):
    """Check a plan with a table [optimise]: every lever is tried at every start and in every region."""
    from experiments.optimise.question import question_of

    question = question_of(read_plan(file))
    levers, goals = len(question.options["levers"]), len(question.options["goals"])
    print(f"{file}: {question.plan.title}: {levers} levers, {goals} goals, no fault found")


def check_calibration(file):
    """Check a calibration plan, its scenario and its targets."""
    from experiments.calibration.fit import scenario_of
    from experiments.calibration.plan import read_calibration

    found = read_calibration(file)
    scenario_of(found)
    targets, parameters = counted(len(found.targets), "target"), counted(len(found.factors), "parameter")
    print(f"{file}: {found.title}: {targets}, {parameters}, no fault found")


def check_target(file):
    """Check a target of calibrations and its data."""
    from experiments.calibration.targets import read_target

    found = read_target(file)
    print(f"{file}: {found.title}: {counted(len(found.years), 'point')}, no fault found")


CHECKS = {"plan": check_plan, "calibration": check_calibration, "target": check_target}
