"""A letter's kind and subject: typed on each form that records one, shown on pages, searched, and taken out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from tests.factories import authority, forward_all, make_plan, make_project, requested_cells, source, submit_all
from tests.kept import kept
from tests.reports.taken import download, read_workbook

pytestmark = pytest.mark.django_db

SUBJECT = "phê duyệt kế hoạch khuyến công năm 2006"


@pytest.fixture
@kept
def forwarded(centre_staff: User, centre_head: User) -> AnnualPlan:
    """One project of 60 triệu of city money that waits for its letter."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    forward_all(plan=plan)
    return plan


def record(client: Client, plan: AnnualPlan, **words: str) -> Any:
    [(line, component, of_source)] = requested_cells(plan)
    typed = {
        "number": "341/UBND-CN",
        "issued_on": "16/06/2006",
        "authority": str(authority().pk),
        f"source-{source('KCDP').pk}-after": "60 tr",
        f"line-{line}-{component}-{of_source}-after": "60 tr",
    }
    return client.post(reverse("projects:decision_create", args=[plan.pk]), typed | words, follow=True)


def test_kind_and_subject_are_typed_shown_and_taken_out(
    client: Client, department_head: User, forwarded: AnnualPlan
) -> None:
    client.force_login(department_head)
    page = record(client, forwarded, kind="official_letter", subject=SUBJECT).content.decode()
    letter = Decision.objects.get()
    assert (letter.kind, letter.subject, letter.summary) == ("official_letter", SUBJECT, "")
    assert "Đã ghi nhận Công văn 341/UBND-CN ngày 16/06/2006" in page and SUBJECT in page
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "<h1>Công văn 341/UBND-CN ngày 16/06/2006</h1>" in page and f"<dd>{SUBJECT}</dd>" in page
    [row] = read_workbook(download(client, reverse("reports:take_out_xlsx")))["Quyết định, văn bản"]
    assert (row["Loại văn bản"], row["Trích yếu"]) == ("Công văn", SUBJECT)
    journal = client.get(reverse("projects:journal")).content.decode()
    assert "Công văn 341/UBND-CN ngày 16/06/2006" in journal, "the history names it by its kind"


def test_old_letter_of_unknown_kind_and_subject_is_recorded_as_such(
    client: Client, department_head: User, forwarded: AnnualPlan
) -> None:
    client.force_login(department_head)
    record(client, forwarded)
    letter = Decision.objects.get()
    assert (letter.kind, letter.subject, letter.label) == ("", "", "341/UBND-CN ngày 16/06/2006")
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "<h1>Văn bản 341/UBND-CN ngày 16/06/2006</h1>" in page
    assert "<dt>Loại văn bản</dt><dd>Chưa rõ</dd>" in page and "<dt>Trích yếu</dt><dd>Chưa rõ</dd>" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"kind": "chỉ thị"}, "chỉ thị"), ({"subject": "x" * 501}, "501")],
)
def test_kind_outside_the_list_and_overlong_subject_are_refused(
    client: Client, department_head: User, forwarded: AnnualPlan, wrong: dict[str, str], said: str
) -> None:
    client.force_login(department_head)
    answer = record(client, forwarded, **wrong)
    assert answer.status_code == 422 and said in answer.content.decode() and not Decision.objects.exists()


def test_english_page_says_the_kind_in_english(client: Client, department_head: User, forwarded: AnnualPlan) -> None:
    client.force_login(department_head)
    record(client, forwarded, kind="notice", subject=SUBJECT)
    client.cookies["django_language"] = "en"
    page = client.get(Decision.objects.get().get_absolute_url()).content.decode()
    assert "Notice 341/UBND-CN" in page and "Kind of document" in page and "Subject" in page


@pytest.mark.parametrize(
    ("number", "day", "kind", "label"),
    [
        ("", None, "resolution", "Nghị quyết chưa rõ số, chưa rõ ngày"),
        ("", None, "other", "Văn bản chưa rõ số, chưa rõ ngày"),
        ("1/KH", dt.date(2006, 2, 1), "other", "1/KH ngày 01/02/2006"),
    ],
)
def test_label_names_a_kind_that_has_a_name(number: str, day: dt.date | None, kind: str, label: str) -> None:
    assert Decision(number=number, issued_on=day, kind=kind).label == label
