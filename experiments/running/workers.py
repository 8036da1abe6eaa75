"""Where runs are computed: in this process, or in workers that may die without harm to others.

`outcomes` is the whole interface; another executor only has to yield the same Outcomes. A worker computes one run after
the other and answers after each, so that when it dies the run that was at work is known. Such a run is tried again; a run
that kills three workers has failed. Runs that take too long are ended with their worker.
"""

import multiprocessing
import signal
import time
from collections import Counter, deque
from multiprocessing.connection import wait

from experiments.running.attempt import attempt, failed
from experiments.running.worker import work
from model.errors import StorageError

TRIES = 3  # workers that a run may take down before it counts as failed
START_TRIES = 10  # workers in a row that may die by themselves before they can begin
KILLED_TRIES = 1000  # the same for workers that somebody else killed: that says nothing about the next
DEEPEST = 16  # runs handed to one worker at a time
AHEAD_SECONDS = 0.25  # work that a worker holds besides the run at hand
KILL = getattr(signal, "SIGKILL", 9)
PATIENCE = 1.0  # seconds to wait for workers to end by themselves


def outcomes(jobs, options, stop):
    """Yield the Outcome of every run, in any order; fewer if `stop` is requested on the way.

    Parameters
    ----------
    jobs : list of (run id, variant, replicate).
    options : Options: workers, timeout, memory, dask.
    stop : Stop.
    """
    if options.dask:
        from experiments.running.cluster import on_cluster

        return on_cluster(jobs, options, stop)
    if options.workers == 1 and options.timeout is None and options.memory is None:
        return here(jobs, stop)
    return Crew(jobs, options, stop).outcomes()


def here(jobs, stop):
    """Yield outcomes computed in this process."""
    for job in jobs:
        if stop.requested:
            return
        yield attempt(*job)


class Worker:
    """A process and the runs it was given; the first of `queue` is at work."""

    def __init__(self, context, memory, scenario):
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, memory, scenario), daemon=True)
        self.process.start()
        theirs.close()
        self.queue, self.variant, self.ready, self.since = deque(), None, False, time.monotonic()

    def give(self, job):
        """Hand over a run; a variant that it has is not sent again."""
        run_id, variant, replicate = job
        if not self.queue:
            self.since = time.monotonic()
        self.queue.append(job)
        try:
            self.connection.send((run_id, None if variant is self.variant else variant, replicate))
        except OSError:
            return  # it has just died, which is noticed below
        self.variant = variant

    def collect(self):
        """Return what it has answered: (Outcome, seconds) of finished runs."""
        answers = []
        try:
            while self.connection.poll():
                answer = self.connection.recv()
                self.since = time.monotonic()
                if self.ready:
                    self.queue.popleft()
                    answers.append(answer)
                self.ready = True
        except (EOFError, OSError):
            pass  # it died while answering: that run is still in the queue
        return answers

    def cause_of_death(self):
        """Return how the process ended, in words."""
        self.process.join()
        code = self.process.exitcode
        if code >= 0:
            return f"the worker process ended with exit code {code}"
        names = {number.value: number.name for number in signal.Signals}
        return f"the worker process was killed by {names.get(-code, f'signal {-code}')}"

    def end(self, at_once):
        """End the process: by itself when nothing is at work, by force otherwise."""
        self.connection.close()
        if not at_once:
            self.process.join(PATIENCE)
        self.process.kill()
        self.process.join()


class Crew:
    """All workers, and what is still to do."""

    def __init__(self, jobs, options, stop):
        self.options, self.stop = options, stop
        self.pending, self.workers = deque(jobs), []
        self.deaths, self.early_deaths = Counter(), 0.0  # the second as a share of what is borne
        self.seconds, self.finished = 0.0, 0
        self.scenario = jobs[0][1].base
        self.context = multiprocessing.get_context("spawn")

    def outcomes(self):
        """Yield outcomes until all is done, or until what is at work is done if a stop is requested."""
        calm = False
        try:
            while self.wanted() or any(worker.queue for worker in self.workers):
                self.hand_out()
                self.sleep()
                for worker in list(self.workers):
                    yield from self.take(worker)
            calm = True
        finally:
            for worker in self.workers:
                worker.end(at_once=not calm)

    def wanted(self):
        """Say whether there are runs to hand out."""
        return bool(self.pending) and not self.stop.requested

    def hand_out(self):
        """Start workers that are missing and fill their queues, each run to the worker that has least to do."""
        if not self.wanted():
            return
        needed = min(self.options.workers, len(self.pending) + sum(len(worker.queue) > 0 for worker in self.workers))
        while len(self.workers) < needed:
            self.workers.append(Worker(self.context, self.options.memory, self.scenario))
        for depth in range(1, self.depth() + 1):
            for worker in self.workers:
                while worker.ready and self.pending and len(worker.queue) < depth:
                    worker.give(self.pending.popleft())

    def depth(self):
        """Return how many runs a worker may hold: more if they are short, so that it never waits."""
        if not self.finished:
            return 1
        return int(min(DEEPEST, max(1, 1 + AHEAD_SECONDS * self.finished / max(self.seconds, 1e-6))))

    def sleep(self):
        """Wait until a worker answers or ends, or a run has taken too long."""
        things = [thing for worker in self.workers for thing in (worker.connection, worker.process.sentinel)]
        limit = self.options.timeout
        if limit is None:
            wait(things)
            return
        ends = [worker.since + limit for worker in self.workers if worker.queue]
        wait(things, max(0.0, min(ends) - time.monotonic()) + 0.01 if ends else None)

    def take(self, worker):
        """Yield what a worker has finished; if it has died or is overdue, deal with that."""
        overdue = False
        if self.options.timeout is not None and worker.queue:
            overdue = time.monotonic() - worker.since > self.options.timeout
        alive = worker.process.is_alive()  # asked first: what it answered before it died is still there to be read
        answers = worker.collect()
        for outcome, seconds in answers:
            self.finished, self.seconds = self.finished + 1, self.seconds + seconds
            self.early_deaths = 0.0
            yield outcome
        if not alive:
            yield from self.bury(worker, None)
        elif overdue and not answers and worker.queue:
            yield from self.bury(worker, f"took longer than {self.options.timeout:g} s")

    def bury(self, worker, verdict):
        """Yield the failure of the run that ended its worker, if it must be given up; the others go back."""
        self.workers.remove(worker)
        if verdict:
            worker.end(at_once=True)
        cause = verdict or worker.cause_of_death()
        worker.connection.close()
        if not worker.ready:
            self.early_deaths += 1 / KILLED_TRIES if worker.process.exitcode == -KILL else 1 / START_TRIES
            if self.early_deaths >= 1.0:
                raise StorageError(f"worker processes cannot start: {cause}; earlier results are intact")
            return
        if not worker.queue:
            return
        job = worker.queue.popleft()
        self.pending.extendleft(reversed(worker.queue))
        self.deaths[job[0]] += 1
        if verdict:
            yield failed(*job, "timeout", "Timeout", verdict)
        elif self.deaths[job[0]] >= TRIES:
            yield failed(*job, "killed", "WorkerDied", f"{cause}, {TRIES} times")
        else:
            self.pending.appendleft(job)
