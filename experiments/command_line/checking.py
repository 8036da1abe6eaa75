"""What `check` does: read a file of any kind and say that no fault was found."""

from experiments.command_line.commands import NAME, POLICIES, SCENARIOS, find
from experiments.running.failures import counted


def check(text, explain):
    """Check a file of any kind; with `explain` print every resolved value and where it came from."""
    from experiments.plans.plan_file import EVERY_KIND
    from model.checks import Place, need_choice
    from model.toml import read_toml

    folders = [POLICIES, SCENARIOS, *(SCENARIOS / name for name in ("plans", "shocks", "calibrations", "targets"))]
    bundled = (folder for folder in folders if (folder / f"{text}.toml").is_file())
    file = find(text, next(bundled, SCENARIOS) if NAME.fullmatch(text) else SCENARIOS, "scenario")
    kind = read_toml(file).get("kind", "case")
    need_choice(Place(file, "kind"), kind, EVERY_KIND)
    if kind in CHECKS:
        CHECKS[kind](file)
    elif explain:
        explain_scenario(file)
    else:
        check_scenario(file)


def check_scenario(file):
    """Check a scenario."""
    from model import load_scenario

    found = load_scenario(file)
    size = f"{found.offices} offices, {found.servants} civil servants, {found.citizens} citizens"
    print(f"{file}: {found.title}: {size}, {found.months} months, no fault found")


def explain_scenario(file):
    """Print every resolved value of a scenario and where it came from."""
    from model import load_scenario
    from model.scenario import explain

    for key, value, unit, origin in explain(load_scenario(file)):
        print(f"{key} = {value}{' ' + unit if unit else ''}  [{origin}]")


def check_policy(file):
    """Check a policy or a shock."""
    from model import load_policy

    policy = load_policy(file)
    print(f"{file}: {policy.title}: {counted(len(policy.overlays), 'overlay')}, no fault found")


def check_plan(file):
    """Check a plan, every one of its points included."""
    from experiments.command_line.sweep_commands import load
    from experiments.methods import OPTIMISE
    from experiments.plans.plan_file import read_plan

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
    from experiments.plans.plan_file import read_plan

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


CHECKS = {
    "policy": check_policy, "shock": check_policy, "plan": check_plan, "calibration": check_calibration,
    "target": check_target,
}  # fmt: skip
