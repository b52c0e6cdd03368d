"""System checks: what subjects provide, and what guards the database (``manage.py check --database default``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from khuyencong.providers import KINDS, declared
from khuyencong.triggers import missing_triggers


@register()
def check_providers(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every name in ``settings.PROVIDERS`` leads to a tuple of the kinds that pages show."""
    try:
        wrong = [one for one in declared() if not isinstance(one, KINDS)]
    except (ImportError, TypeError) as problem:
        return [Error(f"settings.PROVIDERS can't be read: {problem}", id="khuyencong.E002")]
    names = ", ".join(kind.__name__ for kind in KINDS)
    return [Error(f"{one!r} in settings.PROVIDERS is none of {names}.", id="khuyencong.E003") for one in wrong]


@register(Tags.database)
def check_append_only_triggers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every append-only table refuses UPDATE and DELETE by itself; an unmigrated database is not judged."""
    errors: list[CheckMessage] = []
    for using in databases or []:
        executor = MigrationExecutor(connections[using])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            continue
        errors += [
            Error(f"{table} lacks its trigger {name}.", hint="Run manage.py install_triggers.", id="khuyencong.E001")
            for table, name in sorted(missing_triggers(using))
        ]
    return errors
