"""The inside of a worker process: it takes runs from its connection and answers each before it begins the next."""

import os
import queue
import signal
import sys
import threading
import time
from multiprocessing import parent_process
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

from experiments.running.attempt import attempt
from experiments.running.environment import prepare
from experiments.running.interruption import SIGNALS
from model.errors import StorageError

MEGABYTE = 1_000_000
SIZES = Path("/proc/self/statm")  # pages of this process; the first number is all of its address space


def work(connection, memory, scenario):
    """Compute runs until the connection closes.

    Parameters
    ----------
    connection : yields (run id, variant or None for the one before, replicate); takes "ready", then (Outcome, seconds).
    memory : megabytes that a run may add to a ready worker, or None.
    scenario : a Scenario to warm up with.
    """
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # interrupts are the parent's business
    prepare()
    threading.Thread(target=end_with_parent, daemon=True).start()
    warm(scenario)
    orders = queue.SimpleQueue()
    threading.Thread(target=listen, args=(connection, orders), daemon=True).start()
    if memory is not None:
        limit_memory(memory)  # last: the thread's stack is not the run's
    answer(connection, "ready")
    variant = None
    while (order := orders.get()) is not None:
        run_id, changed, replicate = ForkingPickler.loads(order)
        variant = changed if changed is not None else variant
        began = time.perf_counter()
        outcome = attempt(run_id, variant, replicate)
        answer(connection, (outcome, time.perf_counter() - began))


def answer(connection, words):
    """Tell the parent; if it has just gone, end quietly, as `end_with_parent` is about to do."""
    try:
        connection.send(words)
    except BrokenPipeError:
        os._exit(1)


def warm(scenario):
    """Load the compiled model and what hashes its numbers, so that no run is charged for their time or memory."""
    from experiments.storage.records import make_layout
    from model import warm_up

    warm_up(scenario)
    make_layout(1, (1,), (("kind", "name"),))  # the first loads Arrow, which takes ten times as long as a short run


def listen(connection, orders):
    """Move what arrives into a queue, unread: the parent must never wait for a worker that waits for the parent."""
    try:
        while True:
            orders.put(connection.recv_bytes())
    except (EOFError, OSError):
        orders.put(None)


def end_with_parent():
    """End this process when its parent is gone, even if the parent was killed."""
    parent_process().join()
    os._exit(1)


def need_memory_limits():
    """Raise StorageError unless this system can limit the memory of a process."""
    if sys.platform == "win32" or not SIZES.exists():
        raise StorageError("--memory needs Linux: this system cannot limit the memory of a process")


def limit_memory(megabytes):
    """Refuse this process more memory than it has now and some megabytes: what asks for more gets a MemoryError."""
    import resource

    now = int(SIZES.read_text().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = now + int(megabytes) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
