"""Runs on Dask distributed: many machines, one result. Optional: pip install 'loket[cluster]'.

A task is a few runs of one variant. A task that loses its worker is tried again by the scheduler; one that keeps taking
workers down is taken apart, so that only the run that does it is recorded as failed.
"""

import ipaddress
from urllib.parse import urlsplit

from experiments.running.attempt import attempt, failed
from model.errors import InputError, StorageError

LARGEST_TASK = 10  # runs
TASKS_PER_THREAD = 2  # handed out at a time
SECONDS = 30  # to wait for a scheduler


def on_cluster(jobs, options, stop):
    """Yield the Outcome of every run, computed by the workers of a scheduler; parameters as of `workers.outcomes`.

    Raises StorageError if the scheduler cannot be reached or is lost; what was finished before is kept.
    """
    import distributed

    check_address(options.dask, options.insecure)
    mine = sources()
    try:
        client = distributed.Client(options.dask, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise StorageError(f"no scheduler at {options.dask}: {error}; nothing was run") from error
    try:
        need_workers(client, mine)
        yield from compute(client, jobs, stop)
    except (distributed.CancelledError, OSError) as error:
        raise StorageError(f"the scheduler at {options.dask} was lost: {error}; the same command continues") from error
    finally:
        client.close(timeout=SECONDS)


def check_address(address, insecure):
    """Raise InputError unless an address is a scheduler's, and encrypted or on this machine or explicitly insecure."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or port is None:
        raise InputError("not the address of a scheduler", key="--dask", given=address,
                         allowed="tls://HOST:PORT, or tcp://127.0.0.1:PORT on this machine")  # fmt: skip
    if parts.scheme == "tcp" and not is_loopback(parts.hostname) and not insecure:
        raise InputError(
            "anyone in the network could run code on this cluster: the connection is not encrypted",
            key="--dask",
            given=address,
            allowed="tls://HOST:PORT (certificates as in Dask's configuration), or --insecure-cluster",
        )


def is_loopback(host):
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def need_library():
    """Raise StorageError unless Dask distributed is installed."""
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise StorageError("--dask needs Dask distributed: pip install 'loket[cluster]'")


def sources():
    """Return what must be the same on every machine: model sources, version, and Python."""
    import platform

    from experiments.storage.provenance import installed, model_hash

    return model_hash(), platform.python_version_tuple()[:2], installed("numpy"), installed("numba")


def need_workers(client, mine):
    """Require at least one worker, and the same model on all of them."""
    from distributed import TimeoutError as Late

    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except (Late, TimeoutError):
        raise StorageError(f"the scheduler has no workers after {SECONDS} s; nothing was run") from None
    try:
        found = client.run(sources)
    except ModuleNotFoundError as error:
        raise StorageError(f"a worker cannot import this program ({error}): start workers in its folder") from error
    for address, theirs in found.items():
        if tuple(theirs) != mine:
            raise StorageError(f"worker {address} has other sources or packages: {theirs}, here {mine}; nothing was run")


def compute(client, jobs, stop):
    """Yield outcomes, with a bounded number of tasks under way."""
    from distributed import as_completed

    waiting = list(reversed(tasks_of(jobs)))
    window = TASKS_PER_THREAD * max(1, sum(client.nthreads().values()))
    under_way, finished = {}, as_completed(loop=client.loop)

    def hand_out():
        while waiting and len(under_way) < window and not stop.requested:
            task = waiting.pop()
            future = client.submit(run_task, task, pure=False)
            under_way[future.key] = task
            finished.add(future)

    hand_out()
    while under_way:
        future = next(finished)
        task = under_way.pop(future.key)
        yield from judge(future, task, waiting)
        hand_out()


def tasks_of(jobs):
    """Return the jobs in tasks: replicates of one variant together, so that it is rarely sent twice."""
    tasks = []
    for job in jobs:
        if not tasks or len(tasks[-1]) == LARGEST_TASK or tasks[-1][-1][1] is not job[1]:
            tasks.append([])
        tasks[-1].append(job)
    return tasks


def run_task(task):
    """Return the Outcomes of some runs; called on a worker."""
    from experiments.running.environment import prepare

    prepare()
    return [attempt(*job) for job in task]


def judge(future, task, waiting):
    """Yield the outcomes of a finished task; a task that was given up is taken apart, or recorded if it is one run."""
    if future.status == "finished":
        yield from future.result()
    elif future.status == "cancelled":
        raise OSError("tasks were cancelled")
    elif len(task) > 1:
        waiting.extend([job] for job in reversed(task))
    else:
        yield failed(*task[0], "killed", "WorkerDied", f"given up by the scheduler: {future.exception()}")
