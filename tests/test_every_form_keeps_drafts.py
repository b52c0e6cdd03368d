"""Every form with a line of text: typed, the sign-in ended, sent, signed in again – the text stands in the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from projects.ledger.remainders import approved_cells
from projects.models import Contract, Voucher
from projects.rules.warnings import findings_of
from tests.addresses import QUERY, TABLE
from tests.factories import MILLION, make_plan
from tests.people import make_person
from tests.projects.accounting import write_accounts
from tests.sent import fields_in, form_at, sign_in
from tests.sources import TEMPLATES, name_of

pytestmark = pytest.mark.django_db

# Addresses that take a POST and keep no draft, each with its reason.
NO_DRAFT = {
    "accounts:login": "the sign-in itself, and a secret",
    "accounts:password_change": "secrets",
    "accounts:logout": "a button",
    "set_language": "a button",
    "projects:round_open": "a button",
    "projects:round_submit": "a button",
    "projects:round_recall": "a button",
    "projects:round_share": "boxes to tick",
    "projects:proof": "a button",
    "projects:draft_save": "sent by the page of a form, as its draft",
    "projects:draft_discard": "a button",
    "projects:notice_settings": "boxes to tick",
    "projects:plan_copy": "boxes to tick",
    "projects:past_letter_move/send": "a button",
    "projects:past_letter_move/recall": "a button",
    "projects:past_letter_move/drop": "a button",
    "reports:view_delete": "a button",
    "reports:parallel": "a file to be compared, of which nothing is kept",
    "reports:parallel_paper": "a button",
    "importing:batch": "choices of what was read already, kept by each sending",
    "importing:columns": "choices of what was read already",
    "importing:drop": "a button",
    "importing:take_back": "a button",
}
# Templates whose forms are those of the addresses above, or the admin's.
PLAIN_TEMPLATES = {
    *("projects/proof.html", "projects/round_submit.html", "projects/includes/actions.html"),
    "projects/past_letter_detail.html",
    *("projects/includes/rounds.html", "projects/notice_settings.html", "reports/includes/saved_views.html"),
    *("includes/draft_discard.html", "includes/account.html", "includes/language.html"),
    *("importing/batch.html", "importing/columns.html", "importing/take_back.html"),
    *("reports/parallel.html", "reports/parallel_form.html"),
    *("projects/plan_copy.html", "projects/includes/review_share.html", "projects/includes/review_whose.html"),
    *("accounts/login.html", "accounts/password_change.html", "accounts/admin_password.html"),
}
FORMS = [name for name, rule in TABLE.items() if rule.post is not None and name not in NO_DRAFT]
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def world(rows: dict[str, Any], centre_staff: User) -> dict[str, Any]:
    """What an address can name; money to put right, a next year, and a draft over its norm that waits for a reason."""
    rows["draft"].components.update(norm=rows["norm"], eligible_cost_vnd=MILLION, units=1)
    make_plan(organisation=rows["plan"].organisation, year=2007)
    write_accounts(next(iter(approved_cells(rows["plan"]))), centre_staff, dt.date(2006, 7, 1))
    accounts = {"contract": Contract.objects.get(number="9/HĐ"), "voucher": Voucher.objects.get(number="PC-9")}
    [warning] = findings_of(rows["draft"], user=centre_staff).unanswered
    return rows | accounts | {"warning": SimpleNamespace(fingerprint=warning.fingerprint)}


def address_of(name: str, world: dict[str, Any]) -> str:
    rule = TABLE[name]
    more = [world[key].pk if key in world else key for key in rule.more]
    more = [world["submitted"].pk] if name == "projects:line_review" else more
    query = {
        "projects:voucher_create": f"?project={world['approved'].pk}",
        "projects:lines_accept": f"?pick={world['submitted'].pk}",
        "projects:warning_reason": f"?{urlencode({'fingerprint': world['warning'].fingerprint})}",
    } | QUERY
    return reverse(name.partition("/")[0], args=[world[rule.row].pk, *more] if rule.row else []) + query.get(name, "")


def typed_into(form: Any) -> dict[str, str]:
    """Something in each line and each block of text; no two the same."""
    fields = [field for field in form.iter("input", "textarea") if field.tag == "textarea" or field.type == "text"]
    return {field.name: f"Gõ {number}" for number, field in enumerate(fields) if field.name}


def send_signed_out(client: Client, address: str, user: User) -> tuple[dict[str, str], str]:
    """What was typed, and where its sender is sent to sign in."""
    client.force_login(user)
    form = form_at(client, address)
    typed = typed_into(form)
    Session.objects.all().delete()
    answer = client.post(form.action or address, fields_in(form) | typed)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), address
    return typed, answer["Location"]


def problems_of(name: str, user: User, other: User, world: dict[str, Any]) -> Iterator[str]:
    client, address = Client(), address_of(name, world)
    typed, asked = send_signed_out(client, address, user)
    if not typed:
        yield f"{name}: nothing to type; name it among those that keep no draft"
    filled = sign_in(client, asked, user.username)
    with CaptureQueriesContext(connection) as queries:
        shown = fields_in(form_at(client, filled))
    if lost := [field for field, text in typed.items() if shown.get(field) != text]:
        yield f"{name}: lost {lost}"
    if written := [query["sql"] for query in queries if query["sql"].startswith(WRITES)]:
        yield f"{name}: {written}"
    typed, asked = send_signed_out(client, address, user)
    shown = fields_in(form_at(client, sign_in(client, asked, other.username)))
    if set(typed.values()) & set(shown.values()):
        yield f"{name}: shown to another person"


def test_what_keeps_no_draft_takes_a_post() -> None:
    assert set(NO_DRAFT) < {name for name, rule in TABLE.items() if rule.post is not None}


def test_every_form_in_the_templates_carries_its_ticket() -> None:
    """Also where it stands on the page of another record. A notice alone shows the words of a form that is over."""
    for path in TEMPLATES:
        source, name = path.read_text(), name_of(path).removeprefix("templates/")
        source = source.replace('{% include "includes/draft_notice.html" with is_over=True %}', "")
        forms = 0 if name in PLAIN_TEMPLATES else source.count('method="post"')
        tickets, notices = (source.count(f'"includes/draft_{part}.html"') for part in ("field", "notice"))
        assert tickets == notices == forms, name
        typed = "<textarea" in source or 'type="text"' in source or "{{ form" in source
        assert not (name in PLAIN_TEMPLATES and typed) or name.startswith("accounts/"), name


@pytest.mark.parametrize("role", sorted({min(TABLE[name].post or ()) for name in FORMS}))
def test_text_is_there_when_the_sign_in_ended_before_it_was_sent(
    request: pytest.FixtureRequest, world: dict[str, Any], role: str
) -> None:
    """Without JavaScript: what is sent signed out waits in the session until its sender, and nobody else, signs in."""
    user = request.getfixturevalue(role)
    other = make_person(role=role, scope=user.memberships.get().scope, username="other")
    mine = [name for name in FORMS if role == min(TABLE[name].post or ())]
    assert [problem for name in mine for problem in problems_of(name, user, other, world)] == []
    assert not FormDraft.objects.of(other.pk).exists()
    assert FormDraft.objects.of(user.pk).count() == len(mine), "what another person's sign-in met is thrown away"
