"""One moment of the database for all rows of a file, without holding up anybody who writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Reads inside see the database as it is at the first of them; inside another transaction, as that one does.

    PostgreSQL: REPEATABLE READ, read only. SQLite: a deferred transaction, which in WAL mode reads one moment and
    takes no lock; the site's usual IMMEDIATE would keep every writer waiting until the file is made.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with ExitStack() as stack:
            _begin_deferred(stack)
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _begin_deferred(stack: ExitStack) -> None:
    connection.ensure_connection()
    sqlite: Any = connection  # whose mode no stub names
    usual = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        stack.enter_context(transaction.atomic())
    finally:
        sqlite.transaction_mode = usual
