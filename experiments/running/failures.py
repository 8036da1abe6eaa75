"""What failed, in words: a failed run is named, never a missing row, a zero or an empty number."""

SHOWN = 20  # failures that a message lists


def counted(number, word, several=None):
    """Return a number and its noun: 1 run, 2 runs."""
    return f"{number} {word if number == 1 else several or word + 's'}"


def failures(result):
    """Return the records of the failed runs of a result's design."""
    wanted = set(result.design["run_id"])
    return [facts for run_id, facts in sorted(result.journal.failures.items()) if run_id in wanted]


def describe_failures(result):
    """Return a message that names the failed runs, two lines each, or None if all went well."""
    failed = failures(result)
    if not failed:
        return None
    lines = []
    for run in failed[:SHOWN]:
        lines += [f"  {name_of(run)}: {run['type']}: {run['message']}", f"    {replay_of(run, result.folder)}"]
    more = [f"  and {len(failed) - SHOWN} more, in journal.jsonl"] if len(failed) > SHOWN else []
    left = int((result.design["status"] == "missing").sum())
    unstarted = [f"{counted(left, 'run')} not started: the same command continues"] if left else []
    return "\n".join([f"{counted(len(failed), 'run')} failed; the others are kept:", *lines, *more, *unstarted])


def name_of(run):
    """Return which run it is, in words."""
    point = f"point {run['point']}, " if run.get("changes") else ""
    return f"{run['scenario']}, {point}policy {run['policy']}, replicate {run['replicate']}, seed {run['seed']}"


def replay_of(run, folder):
    """Return the command that repeats a failed run."""
    return run["replay"].replace("RESULT", str(folder))


def stale_sources(result):
    """Return how many runs were computed by other model sources of the same MODEL_VERSION."""
    from experiments.storage.provenance import model_hash

    wanted = set(result.design["run_id"])
    return sum(
        len(wanted & set(entry["runs"])) for entry in result.journal.parts.values() if entry["model_sha256"] != model_hash()
    )
