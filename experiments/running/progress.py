"""How far the runs are: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time

INTERVAL = 5.0  # seconds between plain lines


class Silent:
    """Progress that nobody watches."""

    def start(self, total, cached=0):
        """Begin; `cached` of the `total` runs were finished before."""

    def advance(self, failed=False):
        """One more run is finished or has failed."""

    def stop(self):
        """End, whether or not everything is done."""


class Counter(Silent):
    """Counts runs and knows pace and time left.

    Attributes
    ----------
    done, failed, cached, total : numbers of runs; `done` counts finished runs of this session only.
    """

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.total = self.cached = self.done = self.failed = 0

    def start(self, total, cached=0):
        """Begin counting."""
        self.total, self.cached, self.done, self.failed = total, cached, 0, 0
        self.began, self.first = self.clock(), None

    def advance(self, failed=False):
        """Count one run."""
        self.first = self.clock() if self.first is None else self.first
        self.done += not failed
        self.failed += failed

    def line(self):
        """Return the state in one line; the time left follows from the pace since the first run, without preparations."""
        now, finished = self.clock(), self.done + self.failed
        left = self.total - self.cached - finished
        rate = finished / (now - self.began) if now > self.began else 0.0
        pace = (finished - 1) / (now - self.first) if finished > 1 and now > self.first else 0.0
        remaining = f", {left / pace:.0f} s left" if left and pace else ""
        counts = f"{self.done} done, {self.failed} failed, {self.cached} cached of {self.total} runs"
        return f"{counts}, {rate:.1f} runs/s{remaining}"


class Lines(Counter):
    """Plain lines, at most one every five seconds, and one at the end."""

    def __init__(self, stream=None, clock=time.monotonic):
        super().__init__(clock)
        self.stream = stream or sys.stderr

    def start(self, total, cached=0):
        """Begin; the first line says what was found."""
        super().start(total, cached)
        self.last = self.clock()
        if cached < total:
            print(f"{total - cached} runs to do, {cached} cached; preparing", file=self.stream, flush=True)

    def advance(self, failed=False):
        """Count one run and print if it is time."""
        super().advance(failed)
        if self.clock() - self.last >= INTERVAL:
            self.last = self.clock()
            print(self.line(), file=self.stream, flush=True)

    def stop(self):
        """Print the last line."""
        print(self.line(), file=self.stream, flush=True)


class Bar(Counter):
    """A bar that is redrawn in place."""

    def start(self, total, cached=0):
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        super().start(total, cached)
        columns = (BarColumn(), TextColumn("{task.fields[state]}"))
        self.progress = Progress(*columns, console=Console(stderr=True))
        self.task = self.progress.add_task("runs", total=total, completed=cached, state=self.line())
        self.progress.start()

    def advance(self, failed=False):
        """Count one run and redraw."""
        super().advance(failed)
        self.progress.update(self.task, advance=1, state=self.line())

    def stop(self):
        """Leave the last state on the screen."""
        self.progress.update(self.task, state=self.line())
        self.progress.stop()


def progress_for(stream=None):
    """Return the progress that suits the stream, standard error by default."""
    stream = stream or sys.stderr
    return Bar() if stream.isatty() else Lines(stream)
