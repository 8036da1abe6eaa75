"""What `paper` and `figures` do."""

from pathlib import Path

from experiments.command_line.commands import need_figure
from model.checks import Place, need_choice
from model.errors import InputError

KINDS = {
    "drivers-OUTCOME": "bars of the ranking index with intervals",
    "convergence-OUTCOME": "the index at a quarter, half and all of the rows",
    "effects-OUTCOME": "mean size and spread of elementary effects (Morris)",
    "pairs-OUTCOME": "matrix of second-order indices (Sobol)",
    "tornado-OUTCOME": "ends of each factor's range (one at a time)",
    "curves-OUTCOME": "the outcome along the range of the strongest factors (one at a time)",
    "scatter-OUTCOME": "points and running mean of the strongest factors",
    "distributions-OUTCOME": "distributions in slices of a factor (PAWN)",
    "years-OBSERVABLE": "stacked indices over time",
    "heat-OBSERVABLE": "heat map of indices over time",
}


def paper(plans, journal, out, runs, run_options):
    """Run plans, or take their finished runs, and build the pack."""
    from experiments.figures.style import JOURNALS
    from experiments.paper.build import build
    from experiments.storage.publish import locked

    need_choice(Place(None, "--journal"), journal, JOURNALS)
    studies = [load(text) for text in plans]
    names = [study.plan.name for study in studies]
    if len(set(names)) < len(names):
        raise InputError("two plans of one name", given=", ".join(names), allowed="different names")
    out = Path(out) if out else Path("results") / f"paper-{names[0]}"
    results = [run(study, Path(runs), run_options) for study in studies]
    claim(out)
    with locked(out):
        refused = build(results, out, journal)
    for name, reason in refused:
        print(f"refused: {name}: {reason}")
    print(f"paper: {out} ({journal}): captions.md, methods.md, references.bib, paper.json")


def load(text):
    """Return the Study of a plan; raises InputError if its figures would show no uncertainty."""
    from experiments.command_line.sweep_commands import load as load_study
    from experiments.methods import DISCOVERY, SENSITIVITY

    study = load_study(text)
    if study.plan.method == DISCOVERY:
        raise InputError("a discovery is no part of a pack", file=study.plan.file, key=DISCOVERY,
                         allowed="run.py discover, which draws its figures; figures RESULT draws them again")  # fmt: skip
    if study.plan.method != SENSITIVITY and study.replicates < 2:
        raise InputError("a figure needs a band", file=study.plan.file, key="replicates", given=study.replicates,
                         allowed="at least 2")  # fmt: skip
    return study


def run(study, runs, run_options):
    """Return (name, Result, Analysis or None) of a plan, computing what is missing."""
    from experiments.command_line.sweep_commands import folder_of
    from experiments.methods import SENSITIVITY
    from experiments.running.progress import progress_for
    from experiments.sensitivity.commands import need_finished
    from experiments.sensitivity.study import analyse
    from experiments.sweep import sweep

    plan = study.plan
    result = sweep(study, runs / folder_of(study, None).name, run_options, progress_for())
    need_finished(result)
    return plan.name, result, analyse(result, plan.options) if plan.method == SENSITIVITY else None


def claim(out):
    """Make sure that a folder is new, empty or an earlier pack; nothing else is touched."""
    from experiments.paper.build import CONTENTS
    from experiments.storage.publish import storage_errors

    with storage_errors(out):
        if out.exists() and not out.is_dir():
            raise InputError("not a folder", key="--out", given=str(out), allowed="a new folder or an earlier pack")
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not (out / CONTENTS).is_file():
            raise InputError("the folder is not empty and not a pack of this program; nothing was changed", key="--out",
                             given=str(out), allowed="a new or empty folder")  # fmt: skip


def figures(words, source, list_names):
    """Draw some or all figures of a result, or list them; of no result, list the kinds of figures."""
    from experiments.command_line.commands import figures as of_result
    from experiments.storage.store import Result

    if source is None and not words:
        if not list_names:
            raise InputError("which result?", allowed="figures RESULT, figures NAME --from RESULT, or figures --list")
        print_kinds()
        return
    folder, names = (source, words) if source is not None else (Path(words[0]), words[1:])
    plan = Result.open(folder).manifest["loket"].get("plan")
    if plan and plan["method"] == "optimise":
        raise InputError("drawn by the command that made it: nothing is run again", file=folder, given="figures",
                         allowed="run.py optimise with this plan and folder")  # fmt: skip
    if plan and plan["method"] == "discover":
        from experiments.discovery.commands import figures as of_discovery

        of_discovery(folder, names, list_names)
        return
    if plan is None or plan["method"] != "sensitivity":
        of_result(folder, names, list_names)
        return
    of_sensitivity(folder, names, list_names, plan["options"])


def print_kinds():
    """Print every kind of figure."""
    from experiments.figures import FIGURES

    for name, draw in FIGURES.items():
        print(f"{name}: {draw.__doc__.splitlines()[0]}")
    for name, words in KINDS.items():
        print(f"{name}: {words}")


def of_sensitivity(folder, names, list_names, options):
    """Draw or list the figures of a sensitivity result."""
    from experiments.command_line.commands import writing
    from experiments.figures.analysis import catalogue, draw, usual
    from experiments.sensitivity.study import analyse
    from experiments.storage.seal import write_seal

    with writing(folder) as result:
        analysis = analyse(result, options)
        known = catalogue(analysis)
        if list_names:
            print("\n".join(known))
            return
        for name in names or ():
            need_figure(name, known)
        target = result.folder / "sensitivity" / "figures"
        for name in names or usual(analysis):
            draw(analysis, result, target, name)
        write_seal(result)
        print(f"figures: {target}")
