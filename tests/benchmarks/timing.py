"""Timing for the benchmarks: printed, never judged."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

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
