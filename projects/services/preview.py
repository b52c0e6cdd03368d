"""What would happen: the write itself is tried, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

R = TypeVar("R")


def what_if(write: Callable[[], object], look: Callable[[], R]) -> R:
    """What ``look`` sees after ``write``, of which nothing stays and nobody is told.

    Raises whatever the write raises, so that a preview says what saving would say.
    """
    with transaction.atomic():
        write()
        seen = look()
        transaction.set_rollback(True)
    return seen
