"""Timing for the benchmarks: printed, never judged."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DEFAULT_DB_ALIAS, connections

RUNS = 5


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> str:
    """Min, median and max of some runs after one that warms up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return f"{min(times):7.0f} {statistics.median(times):7.0f} {max(times):7.0f}"


def on_own_stack(work: Callable[[], object]) -> None:
    """Runs it as a server's worker runs a request: in a thread with little on its stack.

    Python 3.11 keeps frames in pieces of 16 KB and maps a piece anew whenever a call crosses the end of one, so that
    under the frames of a test runner the same page takes up to a third longer.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.inc_thread_sharing()

    def run() -> None:
        connections[DEFAULT_DB_ALIAS] = connection
        work()

    try:
        with ThreadPoolExecutor(max_workers=1) as worker:
            worker.submit(run).result()
    finally:
        connection.dec_thread_sharing()
