"""Jobs in forked processes, as many at once as there are processors; what a job changes ends with it."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

BROKEN = 70  # the job itself failed
ASLEEP = 3600  # seconds by the clock, on however busy a machine


@dataclass(frozen=True)
class Job:
    """``work`` returns the exit code; ``seconds`` of the processor are what it may take."""

    subject: Any
    work: Callable[[], int]
    seconds: float


@dataclass(frozen=True)
class Done:
    """How a job ended. ``code`` is None when its time was over or it was killed; ``said`` is what it printed."""

    subject: Any
    code: int | None
    timed_out: bool
    said: str


def run_jobs(jobs: Iterable[Job], workers: int) -> Iterator[Done]:
    """Runs them all; they come back in the order in which they end."""
    running: dict[int, tuple[Job, IO[bytes]]] = {}
    try:
        for job in jobs:
            if len(running) >= workers:
                yield wait(running)
            said = tempfile.TemporaryFile()  # noqa: SIM115  closed when the job has ended
            running[fork(job, said)] = (job, said)
        while running:
            yield wait(running)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def fork(job: Job, said: IO[bytes]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        # Each signal ends the process: that of its own time on the processor, and one for what sleeps for ever.
        signal.setitimer(signal.ITIMER_PROF, job.seconds)
        signal.alarm(ASLEEP)
        code = job.work()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def wait(running: dict[int, tuple[Job, IO[bytes]]]) -> Done:
    pid, status = os.wait()
    job, said = running.pop(pid)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
    timed_out = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
    said.seek(0)
    with said:
        return Done(job.subject, code, timed_out, said.read().decode(errors="replace"))
