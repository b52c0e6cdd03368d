"""Database triggers that refuse to change or delete an append-only row.

They are put back after every migration: a later migration on SQLite rebuilds a table and silently drops its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connections

from khuyencong.append_only import AppendOnly

FUNCTION = "khuyencong_refuse_change"
PREFIX = "append_only"


def append_only_tables() -> list[str]:
    """Tables of the concrete append-only models, in a fixed order."""
    return sorted(locked_columns())


def locked_columns() -> dict[str, list[str]]:
    """By the tables of the concrete append-only models the columns that nobody writes over; all, where none is named.

    A trigger may name columns, so that those which a service puts right are left out of it.
    """
    models = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return {
        model._meta.db_table: [field.column for field in model._meta.concrete_fields if field.name not in amendable]
        if (amendable := model.amendable)
        else []
        for model in models
    }


def install_triggers(using: str = "default") -> None:
    """Puts the triggers on every append-only table that exists; calling it again changes nothing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        tables = [table for table in append_only_tables() if table in present]
        if connection.vendor == "postgresql" and tables:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
            )
        for statement in _statements(connection.vendor, tables):
            cursor.execute(statement)


def drop_triggers(using: str = "default") -> None:
    """Takes the triggers off. Only the test suite does this, to empty its own database."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table, name in sorted(installed_triggers(using)):
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def installed_triggers(using: str = "default") -> set[tuple[str, str]]:
    """(table, trigger) pairs of ours that the database has; one that is switched off is none."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        "postgresql": (
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgname LIKE %s"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{PREFIX}_%"])
        return {(table, name) for table, name in cursor.fetchall()}


def missing_triggers(using: str = "default") -> set[tuple[str, str]]:
    """Triggers that should be there and are not."""
    operations = _operations(connections[using].vendor)
    wanted = {(table, _name(table, operation)) for table in append_only_tables() for operation in operations}
    return wanted - installed_triggers(using)


def _operations(vendor: str) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")


def _name(table: str, operation: str) -> str:
    return f"{PREFIX}_{operation}_{table}"


def _statements(vendor: str, tables: list[str]) -> Iterator[str]:
    locked = locked_columns()
    for table in tables:
        for operation in _operations(vendor):
            name = _name(table, operation)
            columns = f" OF {', '.join(locked[table])}" if operation == "update" and locked[table] else ""
            if vendor == "postgresql":
                each = "STATEMENT" if operation == "truncate" else "ROW"
                yield (
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {operation.upper()}{columns} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()"
                )
            else:
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation.upper()}{columns} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
