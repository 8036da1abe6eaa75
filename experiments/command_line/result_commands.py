"""What `verify`, `replay`, `merge`, `export` and `slurm` do."""

import sys
from pathlib import Path

from model.errors import InputError, RunFailure, StorageError, shorten

PROBLEMS_SHOWN = 20


def verify(folder):
    """Check that a result is as it was written; raise StorageError naming every file that is not."""
    from experiments.storage.verify import verify as check

    folder = need_folder(folder)
    facts, problems = check(folder)
    if problems:
        lines = [f"  {name}: {words}" for name, words in problems[:PROBLEMS_SHOWN]]
        more = [f"  and {len(problems) - PROBLEMS_SHOWN} more"] if len(problems) > PROBLEMS_SHOWN else []
        allowed = "parts and tables are computed again by the command that made the folder; other files need a copy"
        raise StorageError("\n".join([f"{folder}: {len(problems)} problems", *lines, *more, f"  {allowed}"]))
    states = ", ".join(f"{count} {state}" for state, count in facts.items() if state not in ("files", "runs"))
    print(f"{folder}: {facts['files']} files and {facts['runs']} runs are as they were written; design: {states}")


def need_folder(folder):
    """Return a path that must be a folder."""
    if not Path(folder).is_dir():
        raise InputError("no such folder", file=folder, allowed="a folder made by simulate, compare, sweep or merge")
    return Path(folder)


def replay(folder, run_id, options):
    """Run one run of a result again and say whether it gives the same bits."""
    from experiments.replay import replay as again
    from experiments.storage.store import Result

    state, words = again(Result.open(need_folder(folder)), run_id, options)
    print(f"run {shorten(run_id)}: {state}: {words}")
    if state in ("differs", "fails"):
        raise RunFailure(f"run {shorten(run_id)} {state}")


def merge(out, folders):
    """Merge result folders."""
    from experiments.command_line.commands import conclude
    from experiments.command_line.sweep_commands import finish
    from experiments.merge import merge as merge_results

    result = merge_results(Path(out), [need_folder(folder) for folder in folders])
    if "points_sha256" in result.manifest["loket"]:
        finish(result)
    conclude(result)


def export(folder, out):
    """Write the tables of a result as CSV."""
    from experiments.command_line.commands import writing
    from experiments.export import export as write
    from experiments.storage.seal import write_seal

    with writing(need_folder(folder)) as result:
        target = Path(out) if out else result.folder / "csv"
        for path in write(result, target):
            print(path)
        if not out:
            write_seal(result)


def slurm(text, out, seed, replicates, shards, workers):
    """Print a SLURM array script for a plan."""
    from experiments.command_line.sweep_commands import folder_of, load
    from experiments.running.slurm import slurm_script
    from experiments.sweep import preview

    study = load(text, seed, replicates)
    folder = folder_of(study, out)
    found = preview(study, folder)
    given = {"--seed": seed, "--replicates": replicates}
    more = [word for key, value in given.items() if value is not None for word in (key, str(value))]
    program = [sys.executable, str(Path(sys.argv[0]).resolve())]  # a batch job has neither this folder nor this environment
    facts = (study.plan.name, folder, shards, workers, found.runs, found.seconds)
    print(slurm_script(program, text, more, *facts), end="")
