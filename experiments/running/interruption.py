"""Being asked to stop: the first request lets the runs at work finish, the second ends at once."""

import signal
import sys
import threading
from contextlib import contextmanager

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stop:
    """Whether no new run should be started.

    Attributes
    ----------
    requested : no new run. by_signal : because somebody interrupted.
    """

    def __init__(self):
        self.requested = self.by_signal = False

    def request(self):
        """Start no new run."""
        self.requested = True

    @contextmanager
    def listening(self):
        """Take interrupts as requests for the time being; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = {number: signal.signal(number, self._interrupted) for number in SIGNALS}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _interrupted(self, number, frame):
        if self.by_signal:
            raise KeyboardInterrupt
        self.requested = self.by_signal = True
        print("\nfinishing the runs at work; interrupt again to stop at once", file=sys.stderr, flush=True)
