"""Trying a write that may be refused: what came of it. Whatever it wrote is taken back, so one world does for many."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from khuyencong.append_only import AppendOnly
from programmes.models import AnnualPlan, PlanRound, SupportNorm
from projects.refusals import NotAllowed, Refused

Refusal = NotAllowed | Refused


def refusal_of(call: Callable[[], Any]) -> Refusal | None:
    """Why the write was refused, None when it was done. A refusal says so in Vietnamese and has written nothing."""
    before = rows_of_all_tables()
    start = transaction.savepoint()
    try:
        call()
    except (NotAllowed, Refused) as refusal:
        assert any(ord(letter) > 127 for letter in str(refusal)), "said in Vietnamese"
        assert rows_of_all_tables() == before
        return refusal
    finally:
        transaction.savepoint_rollback(start)
    return None


def code_of(call: Callable[[], Any]) -> str:
    """“done”, or the code of the refusal; “not_allowed” has none."""
    refusal = refusal_of(call)
    if refusal is None:
        return "done"
    return refusal.code if isinstance(refusal, Refused) else "not_allowed"


def words_of(call: Callable[[], Any]) -> str:
    """What the refusal says; empty when the write was done."""
    refusal = refusal_of(call)
    return "" if refusal is None else str(refusal)


def rows_of_all_tables() -> tuple[list[Any], list[Any]]:
    """How many rows each table has, and what stands in those that can be written over."""
    with connection.cursor() as cursor:
        counts = " UNION ALL ".join(f"SELECT '{table}' AS name, count(*) FROM {table}" for table in all_tables())
        cursor.execute(f"{counts} ORDER BY name")  # PostgreSQL may count them at once, in no order
        return cursor.fetchall(), [rows_of(cursor, table) for table in changeable_tables()]


def rows_of(cursor: CursorWrapper, table: str) -> list[Any]:
    cursor.execute(f"SELECT * FROM {table} ORDER BY id")
    return cursor.fetchall()


@cache
def all_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if model._meta.managed)


@cache
def changeable_tables() -> list[str]:
    """Those whose rows a service changes: to an append-only one rows are added, and then there are more."""
    ours: list[type[Model]] = [AnnualPlan, PlanRound, SupportNorm]
    ours += apps.get_app_config("projects").get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in ours if not issubclass(model, AppendOnly))
