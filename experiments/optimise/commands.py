"""What `optimise` does: search, judge on fresh seeds, say, write. All printing of optimisations is here."""

import sys
from pathlib import Path

from experiments.command_line.commands import conclude, find
from experiments.plans.plan_file import PLANS, read_plan

TABLES = "tables"


def optimise(text, out, seed, replicates, run_options):
    """Search the policies of a plan and write the front; the same command continues after a stop.

    Parameters
    ----------
    text : file or name of a plan. out : result folder or None. seed, replicates : as given, or None.
    run_options : Options of the runner.
    """
    from experiments.command_line.sweep_commands import check_options
    from experiments.optimise.question import question_of

    check_options(run_options)
    question = question_of(read_plan(find(text, PLANS, "plan")), seed, replicates)
    folder = Path(out) if out else folder_of(question.plan.name)
    say_size(question)
    result, found, judged = answer(question, folder, run_options)
    conclude_optimisation(question, result, found, judged)


def folder_of(name):
    """Return the result folder of a plan unless another is asked for: results/optimise-NAME, the word not said twice."""
    return Path("results") / f"optimise-{name.removeprefix('optimise-')}"


def answer(question, folder, run_options):
    """Return (Result, Search, Judgement) of a Question, computing what the folder does not hold."""
    from experiments.optimise.goals import signs, values_of
    from experiments.optimise.judgement import judge
    from experiments.optimise.question import study_of
    from experiments.optimise.search import search, shown_of
    from experiments.running.progress import progress_for
    from experiments.sweep import sweep

    def run(points, judged=()):
        return sweep(study_of(question, points, judged), folder, run_options, progress_for())

    options, goals = question.options, question.options["goals"]
    found = search(question, run, say_generation)
    numbers = shown_of(found, options["front"])
    shown = [found.points[number] for number in numbers]
    result = run(found.points, shown)
    fresh = values_of(result, numbers, question.fresh_seeds, goals)
    searched = (found.losses[numbers] - found.losses[0]) * signs(goals)
    return result, found, judge(shown, goals, fresh, searched, options["seed"])


def say_size(question):
    """Say how large the search is."""
    options, fresh = question.options, len(question.fresh_seeds)
    tried = 1 + options["population"] * options["generations"]
    runs = f"{tried} policies x {question.replicates} seeds, then at most {options['front'] + 1} x {fresh} fresh seeds"
    print(f"{question.plan.name}: {options['algorithm']}, {runs}", file=sys.stderr)


def say_generation(row):
    """Say how far the search is."""
    words = f"{row['points']} policies, {row['front']} unbeaten, hypervolume {row['hypervolume']:.4g}"
    print(f"generation {row['generation']}: {words}", file=sys.stderr, flush=True)


def conclude_optimisation(question, result, found, judged):
    """Write everything that the search shows and say what it says."""
    from experiments.optimise.report import write_pages
    from experiments.optimise.words import sentences
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal
    from experiments.summary import caution

    with locked(result.folder):
        write_pages(question, result, found, judged)
        write_seal(result)
    print("\n".join(f"- {sentence}" for sentence in sentences(question, found, judged)))
    print(f"{caution()}\nfront: {result.folder / TABLES / 'front.csv'}")
    conclude(result)
