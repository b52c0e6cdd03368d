"""Many people who do something in the same moment, each with a connection of their own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connection

WRITERS = 20


def together(work: Callable[[int], str], count: int = WRITERS) -> Counter[str]:
    """Runs the work in so many threads that start at once; counts what each answered."""
    barrier, answers = threading.Barrier(count), []

    def run(index: int) -> None:
        try:
            barrier.wait(30)
            answers.append(work(index))
        except Exception as error:
            answers.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return Counter(answers)
