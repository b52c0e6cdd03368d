"""A ledger without its triggers is not fit for use, and there is one command that puts them back."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from khuyencong.triggers import drop_triggers, installed_triggers, missing_triggers
from programmes.models import Decision

pytestmark = pytest.mark.django_db
TABLE = "projects_approvalentry"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def lose_a_trigger() -> str:
    """As somebody with the database in hand could, or a table that was copied."""
    [name] = [name for table, name in installed_triggers() if table == TABLE and "update" in name]
    run(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if connection.vendor == "postgresql" else ""))
    return name


def switch_off_a_trigger() -> str:
    """PostgreSQL keeps it and does not ask it."""
    [name] = [name for table, name in installed_triggers() if table == TABLE and "delete" in name]
    run(f"ALTER TABLE {TABLE} DISABLE TRIGGER {name}")
    return name


# SQLite has no switch: there a trigger is lost in one way only.
WAYS = [lose_a_trigger, switch_off_a_trigger] if connection.vendor == "postgresql" else [lose_a_trigger]


def refusals() -> list[str]:
    """What the check of the database says, and the one before each migration."""
    with pytest.raises(SystemCheckError) as checked:
        call_command("check", databases=["default"])
    with pytest.raises(SystemCheckError) as migrated:
        call_command("migrate", skip_checks=False, verbosity=0)
    return [str(checked.value), str(migrated.value)]


def installed() -> str:
    said = StringIO()
    call_command("install_triggers", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("lose", WAYS)
def test_lost_trigger_is_named_and_put_back_by_the_command_that_the_check_names(
    client: Client, lose: Callable[[], str]
) -> None:
    name = lose()
    assert all(name in said and "manage.py install_triggers" in said for said in refusals())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "triggers"})
    assert TABLE in installed()
    assert not missing_triggers() and client.get("/readyz").json() == {"status": "ok"}
    call_command("check", databases=["default"])
    call_command("migrate", skip_checks=False, verbosity=0)


def test_command_says_that_rows_may_have_been_changed_meanwhile() -> None:
    """Putting the lock back says nothing of what happened while it was off."""
    lose_a_trigger()
    assert "manage.py prove_totals" in installed()
    assert "prove_totals" not in installed()  # nothing was missing the second time


def test_all_lost_triggers_come_back(client: Client) -> None:
    before = installed_triggers()
    drop_triggers()
    assert not installed_triggers()
    installed()
    assert installed_triggers() == before


def test_command_on_a_database_without_its_tables_says_what_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khuyencong.triggers.append_only_tables", lambda: {"projects_not_migrated_yet": Decision})
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        installed()
