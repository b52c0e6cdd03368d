"""System checks that look at the database: ``manage.py check --database default``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from khuyencong.triggers import missing_triggers


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
