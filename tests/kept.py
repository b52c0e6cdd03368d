"""States of the database that many tests begin from: told by the services once, then put back row by row.

A fixture that is ``@kept`` runs when a worker first comes to it. The rows that it added are remembered together with
those that stood there before; a later test that comes to it with the same rows gets the same rows added, and a copy of
the same value. That takes milliseconds where a year told by the services takes hundreds, in a transaction or without
one, and no test sees anything of a state that it did not ask for.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import pytest
from django.apps import apps
from django.db import connection, models, transaction

APPS = ("accounts", "programmes", "projects", "importing", "reports")
Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")
Rows = dict[type[models.Model], dict[Any, list[Any]]]  # by model and key


def kept(make: Callable[Parameters, Value]) -> Callable[Parameters, Value]:
    """Decorates the function of a fixture, under ``@pytest.fixture``.

    It must begin from ``numbers``, as all people do, so that rows get the same keys each time, and delete nothing.
    """
    states: dict[str, tuple[bytes, Rows]] = {}

    @wraps(make)
    def put_back_or_make(*arguments: Parameters.args, **named: Parameters.kwargs) -> Value:
        before = stored_rows()
        state = states.get(description := described(before))
        if state:
            value, changes = state
            write(changes)
            return pickle.loads(value)
        made = make(*arguments, **named)
        states[description] = pickle.dumps(made), changed_rows(before, stored_rows())
        return made

    return put_back_or_make


@cache
def tables() -> list[type[models.Model]]:
    """The models of our own applications, with those behind many-to-many fields."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label in APPS]


def stored_rows() -> Rows:
    parts = [
        f"SELECT {index} WHERE EXISTS (SELECT 1 FROM {each._meta.db_table})" for index, each in enumerate(tables())
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        filled = [tables()[index] for (index,) in cursor.fetchall()]
        rows: Rows = {}
        for model in filled:
            names = ", ".join(field.column for field in model._meta.concrete_fields)
            cursor.execute(f"SELECT id, {names} FROM {model._meta.db_table} ORDER BY id")
            rows[model] = {key: [plain(value) for value in row] for key, *row in cursor.fetchall()}
    return rows


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def described(rows: Rows) -> str:
    """All of it but the moments at which it was written."""
    found = []
    for model, by_key in rows.items():
        fields = model._meta.concrete_fields
        lasting = [index for index, field in enumerate(fields) if not isinstance(field, models.DateTimeField)]
        found.append((model._meta.db_table, [[row[index] for index in lasting] for row in by_key.values()]))
    return repr(found)


def changed_rows(before: Rows, after: Rows) -> Rows:
    """Those that were not there, or not so."""
    for model, rows in before.items():
        assert rows.keys() <= after[model].keys(), f"a kept fixture deleted a {model.__name__}"
    return {
        model: changed
        for model, rows in after.items()
        if (changed := {key: row for key, row in rows.items() if before.get(model, {}).get(key) != row})
    }


def write(rows: Rows) -> None:
    """In any order: the database checks what refers to what at the end of the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model, changed in rows.items():
            names = [field.column for field in model._meta.concrete_fields]
            places = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(changed))
            replaced = ", ".join(f"{name} = excluded.{name}" for name in names)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES {places} "
                f"ON CONFLICT (id) DO UPDATE SET {replaced}",
                [value for row in changed.values() for value in row],
            )
        if rows and connection.vendor == "postgresql":  # SQLite looks itself at the keys that are there
            calls = [f"setval('{counter(model)}', (SELECT max(id) FROM {model._meta.db_table}))" for model in rows]
            cursor.execute(f"SELECT {', '.join(calls)}")


def counter(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_id_seq"


@pytest.fixture
def numbers(db: None) -> None:
    """Keys begin where they began in other tests: a transaction that is undone, and a table that is emptied, leave
    the counters where they are. On PostgreSQL each table has a thousand of its own. A fixture that writes by itself
    asks for this one, else its first key may come a second time."""
    first = [f"setval('{counter(model)}', {index * 1000 + 1}, false)" for index, model in enumerate(tables())]
    statement = "DELETE FROM sqlite_sequence" if connection.vendor == "sqlite" else f"SELECT {', '.join(first)}"
    with connection.cursor() as cursor:
        cursor.execute(statement)
