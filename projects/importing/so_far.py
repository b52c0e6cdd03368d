"""How far the writing of a list is, for whoever waits for it: figures beside the database, in which nobody sees a list
before it is written whole. A file, since on SQLite a second writer must wait, and processes share no memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Self

from django.conf import settings

from projects.importing.models import ImportBatch


class SoFar:
    """The figures of one list while it is written; ``total`` stays known to who wrote it. A disk that takes no file
    stops no list."""

    def __init__(self, batch: ImportBatch) -> None:
        self.total = 0
        self._place = Path(settings.MEDIA_ROOT) / "imports" / f"so-far-{batch.pk}"

    def __enter__(self) -> Self:
        self._forget()  # what a process left that was killed
        return self

    def __exit__(self, *problem: object) -> None:
        self._forget()

    def _forget(self) -> None:
        with suppress(OSError):
            self._place.unlink(missing_ok=True)

    def tell(self, done: int, total: int) -> None:
        self.total = total
        with suppress(OSError):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            self._place.write_text(f"{done} {total}")

    def read(self) -> tuple[int, int] | None:
        """How many rows of how many are written now; None while nobody writes the list."""
        with suppress(OSError, ValueError):
            done, total = self._place.read_text().split()
            return int(done), int(total)
        return None
