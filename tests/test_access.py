"""Every address × every role, GET and POST, own and foreign rows, against one written table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from projects.models import Project
from projects.services.steps import PROJECT_STEPS, ROUND_STEPS
from tests.addresses import QUERY, ROLES, TABLE, address_of

pytestmark = pytest.mark.django_db

PUBLIC = {"healthz", "readyz", "set_language", "accounts:login"}
DATA = {"projects:round_open": {"level": "city"}}


def addresses() -> Iterator[str]:
    """The names of all addresses of the site but the admin's, which asks at its own door."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}"
            elif pattern.namespace != "admin":
                yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)

    yield from walk(get_resolver().url_patterns, "")


def test_no_address_is_outside_the_table() -> None:
    assert set(addresses()) == {name.partition("/")[0] for name in TABLE}
    steps = {name for name in TABLE if "_step/" in name}
    assert steps == {f"projects:round_step/{name}" for name in ROUND_STEPS} | {
        f"projects:project_step/{name}" for name in PROJECT_STEPS
    }


def answer(client: Client, name: str, rows: dict[str, Any], method: str) -> int:
    address = address_of(name, rows) + QUERY.get(name, "")
    return (client.get(address) if method == "get" else client.post(address, DATA.get(name, {}))).status_code


def check(name: str, method: str, status: int, expected: str) -> str | None:
    """What is wrong with the answer, if anything. A POST that lacks its fields is still an allowed POST."""
    right = {
        "allowed": status in (200, 204, 302, 422),
        "forbidden": status == 403,
        "unknown": status == 404,
        "no method": status == 405,
        "sign in": status == 302,
    }[expected]
    return None if right else f"{method} {name}: {status}, expected {expected}"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_address(request: pytest.FixtureRequest, rows: dict[str, Any], role: str) -> None:
    user = request.getfixturevalue(role)
    client = Client()
    client.force_login(user)
    signed_in = client.cookies.output(header="")
    problems = []
    for name, rule in TABLE.items():
        for method, allowed in (("get", rule.get), ("post", rule.post)):
            client.cookies = SimpleCookie(signed_in)
            refused = "forbidden" if role in rule.readers else "unknown"
            expected = "no method" if allowed is None else "allowed" if role in allowed else refused
            with undone():
                problems.append(check(name, method, answer(client, name, rows, method), expected))
    assert not list(filter(None, problems))


@contextmanager
def undone() -> Iterator[None]:
    """What an address writes, signing out among it, is gone before the next one is asked."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_foreign_rows_do_not_exist_for_a_stranger(rows: dict[str, Any], stranger: User) -> None:
    client = Client()
    client.force_login(stranger)
    problems = []
    for name, rule in TABLE.items():
        for method, allowed in (("get", rule.get), ("post", rule.post)):
            if rule.row:
                expected = "no method" if allowed is None else "unknown"
                problems.append(check(name, method, answer(client, name, rows, method), expected))
    assert not list(filter(None, problems))
    for name in ("projects:plan_list", "projects:project_list", "projects:beneficiary_list", "projects:home"):
        page = client.get(reverse(name)).content.decode()
        assert "Đã duyệt</a>" not in page and "Dũng Hồng" not in page, name


def test_nobody_signed_in_is_sent_to_the_sign_in_page(rows: dict[str, Any]) -> None:
    problems = []
    for name in TABLE:
        for method in ("get", "post"):
            if name not in PUBLIC:
                problems.append(check(name, method, answer(Client(), name, rows, method), "sign in"))
    assert not list(filter(None, problems))


def test_person_without_a_role_reads_nothing(rows: dict[str, Any]) -> None:
    client = Client()
    client.force_login(User.objects.create(username="newcomer", full_name="Người mới"))
    for name, rule in TABLE.items():
        if rule.row and rule.get is not None:
            assert answer(client, name, rows, "get") == 404, name


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_page_fragment_search_count_and_export_show_the_same_rows(
    request: pytest.FixtureRequest, rows: dict[str, Any], role: str
) -> None:
    """All of the Centre's projects for each role of the tree, none for somebody from elsewhere."""
    client = Client()
    client.force_login(request.getfixturevalue(role))
    names = set(Project.objects.counted().values_list("name", flat=True))
    expected = set() if role == "stranger" else names
    address = reverse("projects:project_list")

    def shown(text: str) -> set[str]:
        return {name for name in names if f">{name}</a>" in text}

    page = client.get(address).content.decode()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert shown(page) == shown(fragment) == expected
    if expected:
        assert f"Tổng cộng · {len(names)} đề án" in page
    found = client.get(address, {"q": "DA DUYET"}).content.decode()
    assert shown(found) == ({"Đã duyệt"} & expected)
    history = client.get(reverse("projects:journal"), {"q": "da duyet"}).content.decode()
    assert ("Đã duyệt</a>" in history) == bool(expected)
    export = client.get(reverse("reports:annual_xlsx") + "?year=2006&stage=draft")
    if not expected:
        assert export.status_code in (404, 422)
        return
    book = load_workbook(BytesIO(export.content), data_only=True)
    cells = {str(cell) for row in book["Danh mục"].iter_rows(values_only=True) for cell in row if cell}
    assert names - {rows["old"].name} <= cells, "those of 2006"
