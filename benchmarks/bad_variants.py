"""Five kinds of bad runs, to be planted among good ones."""

import ctypes
import os
import time
from dataclasses import dataclass, replace

from experiments.plans.variants import Variant


def loop():
    """Never end."""
    while True:
        time.sleep(0.01)


def complain():
    """Raise."""
    raise ZeroDivisionError("no offices")


HARMS = {
    "segfault": lambda: ctypes.string_at(0),
    "loop": loop,
    "memory": lambda: bytearray(100_000_000_000),
    "exception": complain,
    "exit": lambda: os._exit(7),
}
STATES = {"segfault": "killed", "loop": "timeout", "memory": "failed", "exception": "failed", "exit": "killed"}


@dataclass(frozen=True)
class Bad(Variant):
    """A variant that does harm when a worker builds it; `harm` is one of HARMS."""

    harm: str = ""

    def build(self):
        """Return a scenario in the parent; do harm elsewhere."""
        if os.getpid() == self.changes["parent"]:
            return replace(self.base, seed=self.changes["number"])
        HARMS[self.harm]()
        raise AssertionError("survived")


def bad_variants(base, first_seed):
    """Return a bad variant of every kind; in the parent their seeds begin with `first_seed`, so that they are different."""
    return [
        Bad(replace(base, policy=harm), {"parent": os.getpid(), "number": first_seed + number}, number, harm=harm)
        for number, harm in enumerate(HARMS)
    ]
