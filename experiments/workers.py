"""Where batches of runs are computed: in this process, or in workers that may die without harm to others.

`outcomes(batches, workers)` is the whole interface; another executor only has to yield the same Outcomes.
"""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NamedTuple

from experiments.environment import prepare

WINDOW = 2  # batches handed out for each worker


class Outcome(NamedTuple):
    """What became of a run: its columns, or the record of its failure."""

    run_id: str
    columns: dict | None
    failure: dict | None


def outcomes(batches, workers):
    """Yield the Outcome of every run of every batch, in any order.

    Parameters
    ----------
    batches : list of lists of (run id, scenario, replicate).
    workers : number of processes; 1 computes here.
    """
    if workers == 1:
        for batch in batches:
            for item in batch:
                yield from run_batch([item])
        return
    waiting = list(reversed(batches))
    while waiting:
        suspects = yield from use_pool(waiting, workers)
        for batch in suspects:
            yield from alone(batch)


def run_batch(batch):
    """Return the Outcomes of a batch."""
    from experiments.runner import simulate_one

    return [simulate_one(*item) for item in batch]


def use_pool(waiting, workers):
    """Yield outcomes from a fresh pool until all is done or a worker dies; return the batches then at work.

    Parameters
    ----------
    waiting : batches, last first; those handed out are removed.
    """
    suspects, running = [], {}
    with pool_of(workers) as pool:
        healthy = True
        while running or (waiting and healthy):
            healthy = healthy and hand_out(waiting, running, pool, WINDOW * workers)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                batch = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    suspects.append(batch)
                    healthy = False  # every batch still running is found broken too, or has just been finished
                else:
                    yield from future.result()
    return suspects


def hand_out(waiting, running, pool, window):
    """Submit batches until the window is full; return False if the pool is broken."""
    while waiting and len(running) < window:
        try:
            future = pool.submit(run_batch, waiting[-1])
        except BrokenProcessPool:
            return False
        running[future] = waiting.pop()
    return True


def alone(batch):
    """Yield the outcomes of a batch, run by run in its own process; a run that kills it again has failed."""
    from experiments.runner import failure_of

    left = list(batch)
    while left:
        with pool_of(1) as pool:
            while left:
                item = left.pop(0)
                try:
                    yield from pool.submit(run_batch, [item]).result()
                except BrokenProcessPool:
                    yield Outcome(item[0], None, failure_of(*item, "WorkerDied", "the worker process died twice"))
                    break


@contextmanager
def pool_of(workers):
    """A pool of worker processes; leaving it by an exception stops the workers at once."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker)
    try:
        yield pool
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def start_worker():
    """Prepare a worker: interrupts are the parent's business, and without a parent there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent():
    """End this process when its parent is gone, even if the parent was killed."""
    multiprocessing.parent_process().join()
    os._exit(1)
