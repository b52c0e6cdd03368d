"""A file that can't be made is a page that says so; one that is made holds one moment, and nobody waits for it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from reports.takeout.all_tables import table_named
from reports.takeout.columns import RecordTable
from reports.takeout.one_moment import snapshot
from tests.factories import make_plan, make_project
from tests.people import make_tree
from tests.reports.taken import CSV, PAGE, XLSX, ZIP, download

QUERIES = {XLSX: {}, ZIP: {}, CSV: {"table": "de-an"}}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The table of projects gives its first rows, then the database goes away."""
    whole = RecordTable.cells

    def cells(self: RecordTable, user: User, writing: Any) -> Iterator[Any]:
        yield from whole(self, user, writing)
        if self.slug == "de-an":
            raise OSError("the disk is full")

    monkeypatch.setattr(RecordTable, "cells", cells)
    return monkeypatch


@pytest.mark.django_db
@pytest.mark.parametrize("address", QUERIES)
def test_failure_in_the_middle_is_a_page_in_words(
    client: Client, centre_staff: User, broken: pytest.MonkeyPatch, address: str, tmp_path: Path
) -> None:
    broken.setattr(tempfile, "tempdir", str(tmp_path))
    make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)
    client.force_login(centre_staff)
    answer = client.get(address, {**QUERIES[address], "token": "ab12"})
    text = answer.content.decode()
    assert answer.status_code == 500 and "Content-Disposition" not in answer
    assert "Chưa lập được tệp" in text and "không có tệp nào được gửi đi" in text
    assert f'href="{address}' in text and PAGE in text and "take_out" not in answer.cookies
    assert list(tmp_path.iterdir()) == []
    broken.undo()
    assert download(client, address, **QUERIES[address])


@pytest.mark.django_db
def test_nothing_stays_on_the_disk_and_the_page_learns_that_the_file_comes(
    client: Client, centre_staff: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client.force_login(centre_staff)
    for address, query in QUERIES.items():
        answer = client.get(address, {**query, "token": "ab12"})
        assert answer.cookies["take_out"].value == "ab12" and answer["Cache-Control"] == "private, no-store"
        assert "attachment" in answer["Content-Disposition"] and list(tmp_path.iterdir()) == []
        assert "take_out" not in client.get(address, {**query, "token": "<script>"}).cookies


@pytest.mark.django_db(transaction=True)
def test_writers_go_on_and_the_file_holds_one_moment() -> None:
    """Somebody opens a plan while the tables are read: neither waits, and the file does not see it."""
    from tests.people import make_person

    centre = make_tree().centre
    user = make_person(role="centre_staff", scope=centre)
    table = table_named("ke-hoach")
    assert table is not None and isinstance(user, User)
    make_plan(organisation=centre)
    answers: list[str] = []

    def write() -> None:
        try:
            AnnualPlan.objects.create(organisation=centre, year=2031)
            answers.append("written")
        except Exception as error:
            answers.append(str(error))
        finally:
            connection.close()

    usual = getattr(connection, "transaction_mode", None)
    with snapshot():
        assert table.count(user) == 1
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(10)
        assert answers == ["written"]
        assert table.count(user) == 1
    assert table.count(user) == 2
    assert getattr(connection, "transaction_mode", None) == usual
