"""What `discover` does: run, check, search, say, write. All printing of discoveries is here."""

import sys

from model.errors import InputError

FOLDER = "discovery"


def discover(text, options, run_options):
    """Run a plan with a table [discover] and write what it shows.

    Parameters
    ----------
    text : file or name of the plan. options : dictionary of out, seed, replicates, on_missing; the first three may be None.
    run_options : Options of the runner.
    """
    from experiments.command_line.sweep_commands import check_options, folder_of
    from experiments.discovery.study import discover as search
    from experiments.running.progress import progress_for
    from experiments.sensitivity.commands import need_finished
    from experiments.sweep import sweep as run_sweep

    check_options(run_options)
    study = load(text, options["seed"], options["replicates"])
    folder = folder_of(study, options["out"])
    say_size(study)
    result = run_sweep(study, folder, run_options, progress_for())
    need_finished(result)
    found = search(result, options["on_missing"], lambda name: print(f"searching where {name} fails", file=sys.stderr))
    conclude_discovery(result, found)


def load(text, seed, replicates):
    """Return the Study of a plan with a table [discover]."""
    from experiments.command_line.sweep_commands import load as load_study
    from experiments.methods import DISCOVERY

    study = load_study(text, seed, replicates)
    if study.plan.method != DISCOVERY:
        raise InputError("not a plan of a discovery", file=study.plan.file, key="discover", given="missing",
                         allowed="a table [discover] with futures, uncertainties and goals")  # fmt: skip
    return study


def say_size(study):
    """Say how many futures, uncertainties and policies a plan has."""
    futures, policies = len(study.points["point"]), 1 + len(study.policies)
    uncertain = f"{len(study.plan.factors)} uncertain parameters"
    words = f"{futures} futures over {uncertain}, {policies} policies, {study.replicates} replicates"
    print(f"{study.plan.name}: {words}", file=sys.stderr)


def conclude_discovery(result, found):
    """Write everything that a discovery shows, seal the folder, and say what it says."""
    from experiments.command_line.commands import conclude
    from experiments.discovery import verdict
    from experiments.discovery.pages import write_pages
    from experiments.storage.publish import locked
    from experiments.storage.seal import write_seal
    from experiments.summary import caution

    folder = result.folder / FOLDER
    with locked(result.folder):
        write_pages(result, found, folder)
        write_seal(result)
    for policy in range(len(found.futures.policies)):
        print("\n".join(verdict.policy_words(found, policy, brief=True)) + "\n")
    print("\n".join([*verdict.robust_words(found), "", verdict.basis(found.futures), *found.futures.notes, caution()]))
    print(f"{found.futures.runs} runs; report: {folder / 'report.html'}")
    conclude(result)


def figures(folder, names, list_names):
    """Draw or list the figures of a discovery; the search is done anew, nothing is run."""
    from experiments.command_line.commands import need_figure, writing
    from experiments.discovery.study import discover as search
    from experiments.figures.discovery import catalogue
    from experiments.figures.named import draw_named
    from experiments.storage.seal import write_seal

    with writing(folder) as result:
        known = catalogue(search(result))
        if list_names:
            print("\n".join(known))
            return
        for name in names or ():
            need_figure(name, known)
        for name in names or known:
            draw_named(known, result, result.folder / FOLDER / "figures", name)
        write_seal(result)
        print(f"figures: {result.folder / FOLDER / 'figures'}")
