"""Database triggers that refuse to change or delete an append-only row, and to amend one without a trace.

They are put back after every migration: a later migration on SQLite rebuilds a table and silently drops its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections

from khuyencong.append_only import AppendOnly

FUNCTION = "khuyencong_refuse_change"
TOLD = "khuyencong_refuse_untold"
PREFIX = "append_only"


def append_only_tables() -> dict[str, type[AppendOnly]]:
    """The concrete append-only models by their tables, in a fixed order."""
    models = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return {model._meta.db_table: model for model in sorted(models, key=lambda model: model._meta.db_table)}


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
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {TOLD}() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ DECLARE told bigint; BEGIN "
                "EXECUTE format('SELECT count(*) FROM %I WHERE %I = $1', TG_ARGV[0], TG_ARGV[1]) "
                "INTO told USING NEW.id; "
                "IF NEW.amendments > OLD.amendments AND NEW.amendments = told THEN RETURN NEW; END IF; "
                "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
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
    vendor = connections[using].vendor
    tables = append_only_tables().items()
    wanted = {(table, _name(table, one)) for table, model in tables for one in _operations(vendor, model)}
    return wanted - installed_triggers(using)


def _operations(vendor: str, model: type[AppendOnly]) -> list[str]:
    truncate = ["truncate"] if vendor == "postgresql" else []
    return ["update", "delete", *truncate, *(["amend"] if model.amendable else [])]


def _name(table: str, operation: str) -> str:
    return f"{PREFIX}_{operation}_{table}"


def _statements(vendor: str, tables: list[str]) -> Iterator[str]:
    models = append_only_tables()
    for table in tables:
        model = models[table]
        for operation in _operations(vendor, model):
            event, condition, act = _event(operation, model), "", f"{FUNCTION}()"
            if operation == "amend":
                changes, key = _changes(model)
                act = f"{TOLD}('{changes}', '{key}')"
                told = f"(SELECT COUNT(*) FROM {changes} WHERE {key} = NEW.id)"
                condition = f"WHEN NEW.amendments <= OLD.amendments OR NEW.amendments <> {told} "
            if vendor == "postgresql":
                each = "STATEMENT" if operation == "truncate" else "ROW"
                yield (
                    f"CREATE OR REPLACE TRIGGER {_name(table, operation)} BEFORE {event} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION {act}"
                )
            else:
                yield (
                    f"CREATE TRIGGER IF NOT EXISTS {_name(table, operation)} BEFORE {event} ON {table} "
                    f"{condition}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )


def _event(operation: str, model: type[AppendOnly]) -> str:
    """What the trigger waits for: one that names columns leaves the others out."""
    if operation not in ("update", "amend") or not model.amendable:
        return operation.upper()
    wanted = operation == "amend"
    fields = [field.column for field in model._meta.concrete_fields if (field.name in model.amendable) is wanted]
    return f"UPDATE OF {', '.join(fields)}"


def _changes(model: Any) -> tuple[str, str]:
    """The table that tells what stood in an amended row, and its column that names the row."""
    relation = model._meta.get_field("changes")
    return relation.related_model._meta.db_table, relation.field.column
