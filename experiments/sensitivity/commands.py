"""What `sensitivity` does: run, check, compute, say, write. All printing of sensitivity analyses is here."""

import sys
from dataclasses import replace
from pathlib import Path

from model.errors import InputError

FOLDER = "sensitivity"
MOST_DOUBLINGS = 8


def sensitivity(plan, source, options, run_options):
    """Run a plan and analyse it, or analyse a finished result with a method for given data.

    Parameters
    ----------
    plan : file or name, or None. source : result folder, or None.
    options : dictionary of method, outcomes, out, seed, replicates, width, on_missing; each may be None.
    run_options : Options of the runner.
    """
    if (plan is None) == (source is None):
        given = "neither" if plan is None else "both"
        raise InputError("what to analyse?", given=given, allowed="either PLAN or --from RESULT")
    if source is not None:
        analyse_given(source, options)
        return
    for key in ("method", "outcomes"):
        if options[key]:
            option = f"--{key.removesuffix('s')}"
            raise InputError("the plan says this", key=option, given=str(options[key]), allowed="only with --from")
    run_plan(plan, options, run_options)


def run_plan(text, options, run_options):
    """Run a plan, enlarging it until its intervals are narrow enough, and write the analysis."""
    from experiments.command_line.sweep_commands import check_options, folder_of
    from experiments.running.progress import progress_for
    from experiments.sensitivity.study import analyse
    from experiments.sweep import sweep as run_sweep

    check_options(run_options)
    study = load(text, options)
    folder = folder_of(study, options["out"])
    for doubling in range(MOST_DOUBLINGS + 1):
        say_size(study)
        result = run_sweep(study, folder, run_options, progress_for())
        need_finished(result)
        analysis = analyse(result, study.plan.options, options["on_missing"])
        if narrow(analysis, study.headline, options["width"]):
            break
        if doubling == MOST_DOUBLINGS:
            print(f"the width asked for is not reached after {MOST_DOUBLINGS} doublings", file=sys.stderr)
            break
        study = larger(study, options)
    conclude_analysis(result, analysis, result.folder / FOLDER)


def load(text, options):
    """Return the Study of a plan with a table [sensitivity]."""
    from experiments.command_line.sweep_commands import load as load_study
    from experiments.methods import SENSITIVITY

    study = load_study(text, options["seed"], options["replicates"])
    if study.plan.method != SENSITIVITY:
        raise InputError("not a plan of a sensitivity analysis", file=study.plan.file, key="sensitivity", given="missing",
                         allowed="a table [sensitivity]; or sweep, then sensitivity --from RESULT")  # fmt: skip
    return study


def say_size(study):
    """Say how many runs a plan needs, and what was rounded."""
    options = study.plan.options
    if options["note"]:
        print(f"note: {options['note']}", file=sys.stderr)
    runs = f"{len(study.variants)} points x {study.replicates} replicates"
    print(f"{study.plan.name}: {options['method']}, size {options['size']}, {runs}", file=sys.stderr)


def need_finished(result):
    """Require that the runner came through the design: failures are for the gates, a shard or an early end is not."""
    left = int((result.design["status"] == "missing").sum())
    if left:
        given = f"{left} of {len(result.design)} runs were not started"
        raise InputError("the design is not finished", file=result.folder, given=given, allowed="the same command continues")


def narrow(analysis, headline, width):
    """Return whether the intervals of the headline outcomes are as narrow as asked for; say how wide they are."""
    from experiments.sensitivity.verdict import extent, label, widest

    if width is None:
        return True
    places = [place for place, name in enumerate(analysis.outcomes) if name in headline] or [0]
    found = [(*widest(analysis, place), analysis.outcomes[place]) for place in places]
    worst, factor, outcome = max(found)
    done = worst <= width
    words = f"asked for {extent(analysis, width)}: {'narrow enough' if done else 'too wide'}"
    print(f"widest interval {extent(analysis, worst)} ({label(factor)}, {outcome}); {words}", file=sys.stderr)
    return done


def larger(study, options):
    """Return the Study of twice the size."""
    from experiments.sensitivity.settings import rounded
    from experiments.sweep import study_of

    plan = study.plan
    size, note = rounded(plan.options["method"], 2 * plan.options["size"])
    grown = {**plan.options, "size": size, "asked": size, "note": note}
    return study_of(replace(plan, options=grown), options["seed"], options["replicates"])


def conclude_analysis(result, analysis, folder):
    """Write everything that an analysis shows and say what it says."""
    from experiments.sensitivity.pages import write_pages
    from experiments.sensitivity.verdict import sentences
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal

    with locked(result.folder):
        write_pages(result, analysis, folder)
        if folder.is_relative_to(result.folder):
            write_seal(result)
    for place in range(len(analysis.outcomes[:3])):
        print("\n".join(sentences(analysis, place)) + "\n")
    for note in analysis.notes:
        print(f"note: {note}")
    print(f"{analysis.runs} runs; report: {folder / 'report.html'}")
    print(f"result hash: {result.hash}")


def analyse_given(source, options):
    """Analyse a finished sweep and write the analysis beside it."""
    from experiments.run_outcomes import default_outcomes, read_outcome_names
    from experiments.sensitivity.finished import analyse_finished
    from experiments.storage.store import Result
    from model.checks import Place

    for key in ("seed", "replicates", "width"):
        if options[key] is not None:
            raise InputError(
                "nothing is run with --from", key=f"--{key}".replace("width", "until-width"), given=options[key]
            )
    outcomes = options["outcomes"]
    names = read_outcome_names(Place(None, "--outcome"), outcomes) if outcomes else default_outcomes()
    result, method = Result.open(source), options["method"] or "pawn"
    chosen = {"outcomes": names, "over_time": ["use_share", "wait_days"], "every": "year"}
    analysis = analyse_finished(result, method, chosen, options["on_missing"])
    folder = Path(options["out"]) if options["out"] else result.folder / f"{FOLDER}-{method}"
    conclude_analysis(result, analysis, folder)
