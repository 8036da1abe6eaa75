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
    """Counts runs and knows rate and time left.

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
        self.began = self.clock()

    def advance(self, failed=False):
        """Count one run."""
        self.done += not failed
        self.failed += failed

    @property
    def rate(self):
        """Runs per second in this session."""
        seconds = self.clock() - self.began
        return (self.done + self.failed) / seconds if seconds > 0 else 0.0

    def line(self):
        """Return the state in one line."""
        left = self.total - self.cached - self.done - self.failed
        remaining = f", {left / self.rate:.0f} s left" if left and self.rate else ""
        counts = f"{self.done} done, {self.failed} failed, {self.cached} cached of {self.total} runs"
        return f"{counts}, {self.rate:.1f} runs/s{remaining}"


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
