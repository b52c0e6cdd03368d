"""What stands in an address or comes with a form is anybody's text: it may be refused, it never breaks the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import User
from tests.addresses import QUERY, TABLE, address_of
from tests.sent import Answer

pytestmark = pytest.mark.django_db

TWENTY, THOUSANDS, NUL = "9" * 20, "9" * 5000, "\x00"
# More digits than a database takes, more than Python takes, no text for PostgreSQL.
HARD = [TWENTY, THOUSANDS, NUL]
ODD = ["abc", "１２", "", "0", "-1", "1e9", "NaN", "x" * 3000]
# By these a page knows what it was opened with; without them nothing else of it is read.
KEPT = ("_FORMS", "version", "base", "project")
# The search of the header stands on every page, which only writes it there again.
SEARCHED = ("project_list", "voucher_list", "beneficiary_list", "beneficiary_suggest", "journal")
# These ask by the form of a page that is tried.
SAME_FORM = ("_print", "_xlsx", "_docx", "_zip", "view_save")

Try = tuple[str, str, Mapping[str, str]]  # the method, the address, what is sent


@pytest.fixture
def desk(client: Client, everybody: User) -> Client:
    client.force_login(everybody)
    return client


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that were looked up in an address or in what a form sent."""
    names: set[str] = set()

    def record(read: Callable[..., Any], data: QueryDict, name: str, *args: Any) -> Any:
        names.add(name)
        return read(data, name, *args)

    for reader in ("get", "getlist", "__getitem__", "__contains__"):
        read = getattr(QueryDict, reader)
        monkeypatch.setattr(QueryDict, reader, lambda data, *args, read=read: record(read, data, *args))
    return names


def broken(desk: Client, tries: Iterator[Try]) -> list[str]:
    """Which of them broke a page, and by what; nothing stays of what was written."""
    found = []
    for method, address, sent in tries:
        said = f"{method} {address:.80} {dict(sent)!s:.80}"
        try:
            with transaction.atomic():
                answer = getattr(desk, method)(address, sent)
                transaction.set_rollback(True)
        except Exception as error:
            found.append(f"{said}: {type(error).__name__} {error!s:.80}")
        else:
            found += [f"{said}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert desk.get("/").status_code == 200  # nothing of all that has signed the person out
    return found


def test_addresses_withstand_any_parameter(desk: Client, rows: dict[str, Any], asked_for: set[str]) -> None:
    def tries() -> Iterator[Try]:
        for name, rule in TABLE.items():
            if rule.get is None or name.endswith(SAME_FORM):
                continue
            address, query = address_of(name, rows), QueryDict(QUERY.get(name, "")[1:]).dict()
            asked_for.clear()
            desk.get(address, query)
            parameters = sorted(asked_for - ({"q"} if not name.endswith(SEARCHED) else set()))
            yield from (("get", address, query | {one: value}) for one in parameters for value in HARD)
            yield from (("get", address, query | dict.fromkeys(parameters, value)) for value in ODD if parameters)

    assert not broken(desk, tries())


def test_text_that_names_no_record_is_an_unknown_address(desk: Client, rows: dict[str, Any]) -> None:
    asked = {
        "voucher_create": "project",
        "project_create": "copy",
        "project_edit": "plan",
        "round_review": "line",
        "journal": "beneficiary",
        "appraisal": "number",
    }
    for name, parameter in asked.items():
        for text in (TWENTY, THOUSANDS, NUL, "１２", "abc", "-1", "0"):
            assert desk.get(address_of(f"projects:{name}", rows), {parameter: text}).status_code == 404, name


def test_addresses_withstand_any_id(desk: Client, rows: dict[str, Any]) -> None:
    def tries() -> Iterator[Try]:
        for name, rule in TABLE.items():
            for value in (TWENTY, THOUSANDS, "0") if rule.row and rule.row != "catalogue" else ():
                address = address_of(name, rows).replace(f"/{rows[rule.row].pk}/", f"/{value}/", 1)
                yield from (("get", address, {}), ("post", address, {}))

    assert not broken(desk, tries())


def forms_on(page: Answer) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Of each form that is sent: where to, what stands in it, and its fields that nobody types into."""
    for form in html.fromstring(page.content).xpath("//main//form[@method='post'] | //form[@enctype]"):
        standing = dict.fromkeys((one.get("name") for one in form.xpath(".//*[@name]")), "")
        standing |= {name: value or "" for name, value in form.form_values()}
        standing.pop("csrfmiddlewaretoken", None)
        given = form.xpath(".//input[@type='hidden' or @type='radio']/@name | .//select/@name | .//button/@name")
        yield form.get("action") or "", standing, sorted(set(given) & set(standing))


def test_forms_withstand_anything(desk: Client, rows: dict[str, Any]) -> None:
    """All fields at once, those that nobody types into, and each by which the page knows what it was opened with."""
    query = QUERY | {"projects:voucher_create": f"?project={rows['approved'].pk}"}

    def tries() -> Iterator[Try]:
        for name, rule in TABLE.items():
            if not (rule.get and rule.post):
                continue
            address = address_of(name, rows) + query.get(name, "")
            page = desk.get(address)
            for action, standing, given in forms_on(page) if page.status_code == 200 else ():
                send = partial(lambda to, sent: ("post", to, sent), action or address)
                yield from (send(dict.fromkeys(standing, value)) for value in (NUL, "abc"))
                chosen = [one for one in given if not one.endswith(KEPT)]
                yield from (send(standing | dict.fromkeys(chosen, value)) for value in (TWENTY, THOUSANDS))
                yield from (send(standing | {one: TWENTY}) for one in given if one.endswith(KEPT))

    assert not broken(desk, tries())


def test_buttons_withstand_anything(desk: Client, rows: dict[str, Any], asked_for: set[str]) -> None:
    """Addresses to which something is only sent."""

    def tries() -> Iterator[Try]:
        for name, rule in TABLE.items():
            if rule.get is None and name != "accounts:logout":
                address = address_of(name, rows)
                asked_for.clear()
                yield "post", address, {}
                yield from [
                    ("post", address, dict.fromkeys(asked_for, value)) for value in (*HARD, "abc", "/projects/new/")
                ]

    assert not broken(desk, tries())


def admin_address(model: Any, page: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def test_lists_of_the_admin_withstand_any_parameter(desk: Client, rows: dict[str, Any]) -> None:
    def tries() -> Iterator[Try]:
        for model, rows_of in admin.site._registry.items():
            address = admin_address(model, "changelist")
            yield from (("get", address, sent) for sent in ({"id__in": TWENTY}, {"q": NUL}, {"p": TWENTY}))
            yield from (("get", address, {f"{one}__exact": NUL}) for one in rows_of.list_filter)
            if year := rows_of.date_hierarchy:
                yield from (("get", address, {f"{year}__year": value}) for value in (TWENTY, "9999"))
            yield from (("get", f"{address}{value}/change/", {}) for value in (TWENTY, "abc"))

    assert not broken(desk, tries())


def test_forms_of_the_admin_withstand_anything(desk: Client, rows: dict[str, Any]) -> None:
    """In the address, in the form, and in a first row of those below it."""

    def tries() -> Iterator[Try]:
        for model in admin.site._registry:
            address = admin_address(model, "add")
            page = desk.get(address)
            for _action, standing, _given in forms_on(page) if page.status_code == 200 else ():
                counts = {name: "1" for name in standing if name.endswith("TOTAL_FORMS")}
                counts |= {name: value for name, value in standing.items() if name.endswith("INITIAL_FORMS")}
                names = [name.replace("__prefix__", "0") for name in standing]
                yield from (("get", address, dict.fromkeys(names, value)) for value in (*HARD, "abc"))
                yield from (("post", address, dict.fromkeys(names, value) | counts) for value in (*HARD, "abc"))

    assert not broken(desk, tries())
