"""The environment that calculations run in: settled before any library with threads of its own is imported.

Where compiled code is kept is decided by `model.compiled`, so that every door to the model shares one cache.
"""

import os

MEMORY_POOL = "ARROW_DEFAULT_MEMORY_POOL"
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
WORKERS_PER_CORE = 4


def prepare():
    """Keep libraries from starting threads: the unit of parallel work is a run. What is set stays."""
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    os.environ.setdefault(MEMORY_POOL, "system")  # Arrow's own keeps what a large design needed only once


def cores():
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def most_workers():
    """Return the largest number of worker processes that is accepted."""
    return WORKERS_PER_CORE * cores()
