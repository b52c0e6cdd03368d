"""Double support: the same establishment and content in two projects, found at every place where somebody is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, PlanRound
from projects.models import Beneficiary, PlanLine, Project, StatusChange, Support
from projects.pages.round_review import review_sheet
from projects.rules.warnings import NEED_REASON, findings_of_projects, warnings_of
from projects.services.letter_reasons import unanswered_warnings
from projects.services.rounds import missing_for_submission
from projects.services.warning_reasons import give_reason
from tests.factories import MILLION, requested_cells
from tests.law import project_of
from tests.people import Tree, make_person
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NAME, CODE, OTHER_CODE = "Công ty Cổ phần Dũng Hồng", "0201234567", "0207654321"
ONE, TWO = {"KCQG": 350 * MILLION, "DOIUNG": 350 * MILLION}, {"KCQG": 200 * MILLION, "KCDP": 150 * MILLION}
# How the other one may be written, and how the warning begins.
TWINS: dict[str, tuple[dict[str, str], str]] = {
    "id": ({}, NAME),
    "branch": ({"name": "Chi nhánh Kiến An", "tax_code": f"{CODE}-001"}, NAME),
    "same name": ({"name": "CTCP Dũng Hồng"}, f"Một đơn vị cùng tên với {NAME}"),
    "near name": ({"name": "Cty TNHH SX Dũng Hồng"}, f"Một đơn vị có tên gần giống {NAME}"),
}
ASKED = ("draft", "submitted", "returned", "appraised", "stated")


def firm(tree: Tree, **values: Any) -> Beneficiary:
    return Beneficiary.objects.create(**{"province": tree.province, "type": "enterprise", "name": NAME} | values)


def helping(beneficiary: Beneficiary, *, by: User, status: str = "draft", **words: Any) -> Project:
    project = project_of(by=by, **words)
    Support.objects.create(project=project, beneficiary=beneficiary)
    return moved(project, status)


def moved(project: Project, status: str) -> Project:
    Project.objects.filter(pk=project.pk).update(status=status)
    return Project.objects.get(pk=project.pk)


def said(project: Project, user: User | None = None, **words: Any) -> list[str]:
    found = warnings_of(Project.objects.get(pk=project.pk), user=user, **words)
    return [one.text for one in found if one.code == "already_supported"]


@pytest.mark.parametrize("amounts", [ONE, TWO], ids=["one source", "two sources"])
@pytest.mark.parametrize("when", ["same round", "same year", "earlier year"])
@pytest.mark.parametrize("twin", TWINS)
def test_every_pair_is_found_at_every_place(
    client: Client,
    centre_staff: User,
    reviewer: User,
    department_head: User,
    tree: Tree,
    twin: str,
    when: str,
    amounts: dict[str, int],
) -> None:
    values, begins = TWINS[twin]
    mine = firm(tree, tax_code=CODE if "tax_code" in values else "")
    year = 2018 if when == "earlier year" else 2019
    other = helping(firm(tree, **values) if values else mine, by=centre_staff, year=year, name="Kia")
    project = helping(mine, by=centre_staff, year=2019, amounts=amounts, name="Này")
    if when == "same year":
        apart = PlanRound.objects.create(
            plan=project.lines.get(round__level="national").round.plan, level="national", number=9
        )
        PlanLine.objects.filter(project=project, round__level="national").update(round=apart)
    plan_round = project.lines.get(round__level="national").round
    client.force_login(centre_staff)
    for status in (*ASKED, "approved"):
        moved(other, status)
        project = moved(project, "draft")
        # On its page, with a reason that is needed.
        [text] = said(project, centre_staff)
        verb = "đã được hỗ trợ" if status == "approved" else "cũng đề nghị hỗ trợ"
        assert text.startswith(f"{begins} {verb} cùng nội dung") and f"năm {year}: đề án {other.code} “Kia”" in text
        shown = client.get(project.get_absolute_url()).context["findings"].unanswered
        assert text in [one.text for one in shown]
        # Before it is sent.
        assert any("cùng nội dung" in one for found, one in missing_for_submission(plan_round) if found == project)
        # Before the reviewer.
        project = moved(project, "submitted")
        line = review_sheet(plan_round, reviewer).find(project.pk)
        assert line is not None and text in [one.text for one in line.findings.unanswered]
        # In the letter, which may approve both at once.
        project = moved(project, "appraised")
        after = {key: amount for key, amount in requested_cells(plan_round.plan).items() if amount}
        asked = unanswered_warnings(after, on=dt.date(2019, 12, 1), user=department_head)
        assert text in [one.text for one in asked[project]], status


@pytest.mark.parametrize("status", ["refused", "withdrawn", "discarded"])
def test_what_came_to_nothing_is_no_support(centre_staff: User, tree: Tree, status: str) -> None:
    mine = firm(tree)
    helping(mine, by=centre_staff, year=2019, status=status, name="Kia")
    assert said(helping(mine, by=centre_staff, year=2019)) == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": "CTCP Dũng Hồng", "tax_code": OTHER_CODE},
        {"name": "CTCP Dũng Hồng", "unit": "316"},
        {"name": "Công ty TNHH Dũng Hồng Phát"},
        {"name": "Công ty Cổ phần Hồng"},
    ],
)
def test_two_codes_two_places_and_other_words_are_two(centre_staff: User, tree: Tree, values: dict[str, Any]) -> None:
    units = {one.code: one for one in AdminUnit.objects.filter(kind="district", code__in=("315", "316"))}
    mine = firm(tree, tax_code=CODE, unit=units["315"])
    if "unit" in values:
        values = values | {"unit": units["316"]}
    helping(firm(tree, **values), by=centre_staff, year=2019, status="submitted", name="Kia")
    assert said(helping(mine, by=centre_staff, year=2019)) == []


def test_a_name_is_known_in_its_own_registry_only(centre_staff: User, tree: Tree) -> None:
    """Two provinces may have a firm of one name; its tax code is one in the country."""
    abroad = Organisation.objects.create(code="quang-ninh", kind="province", name="Tỉnh Quảng Ninh")
    there = firm(tree, province=abroad)
    helping(there, by=centre_staff, year=2019, status="submitted", name="Kia")
    mine = firm(tree)
    now = helping(mine, by=centre_staff, year=2019)
    assert said(now) == []
    Beneficiary.objects.filter(pk__in=(mine.pk, there.pk)).update(tax_code=CODE)
    assert len(said(now)) == 1


def test_a_content_of_the_other_decree_is_the_same(centre_staff: User, tree: Tree) -> None:
    """Machines were content 3 of 2004 and are content 3 of 2012; fairs are another."""
    mine = firm(tree)
    helping(mine, by=centre_staff, year=2011, status="liquidated", name="Cũ", content="134-3")
    now = helping(mine, by=centre_staff, year=2019)
    assert "năm 2011" in said(now, centre_staff)[0]
    assert said(helping(mine, by=centre_staff, year=2019, content="45-4", name="Hội chợ")) == []


@pytest.mark.parametrize(("status", "is_told"), [("draft", False), ("stated", False)] + [(s, True) for s in ASKED[1:4]])
def test_of_another_centre_only_what_was_sent_is_told(
    centre_staff: User, reviewer: User, tree: Tree, status: str, is_told: bool
) -> None:
    """By year and office; whoever may see that project sees which it is."""
    second = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm hai", parent=tree.department)
    colleague = make_person(role="centre_staff", scope=second, username="colleague")
    mine = firm(tree)
    other = helping(mine, by=colleague, year=2019, status=status, name="Đề án kín")
    now = helping(mine, by=centre_staff, year=2019)
    for user in (centre_staff, None):
        texts = said(now, user)
        assert len(texts) == is_told and "Đề án kín" not in "".join(texts)
        assert all("đã đề nghị hỗ trợ cùng nội dung" in one and "năm 2019 (Trung tâm hai)" in one for one in texts)
    assert len(said(now, reviewer)) == is_told
    assert all(f"đề án {other.code} “Đề án kín”" in one for one in said(now, reviewer))


def test_what_waits_is_no_matter_of_what_is_approved(centre_staff: User, tree: Tree) -> None:
    mine = firm(tree)
    first = helping(mine, by=centre_staff, year=2019, status="approved", name="Đã duyệt")
    later = helping(mine, by=centre_staff, year=2019, status="submitted", name="Sau")
    assert said(first) == [] and len(said(later)) == 1


def test_a_reason_answers_the_pair_also_after_the_letter(centre_staff: User, tree: Tree) -> None:
    mine = firm(tree)
    other = helping(mine, by=centre_staff, year=2019, status="submitted", name="Kia")
    now = helping(mine, by=centre_staff, year=2019)
    [warning] = [one for one in warnings_of(now, user=None) if one.code == "already_supported"]
    assert warning.code in NEED_REASON and warning.name == "đơn vị có đề án khác đề nghị cùng nội dung"
    give_reason(project=now, fingerprint=warning.fingerprint, reason="Hai máy khác nhau", actor=centre_staff)
    for status in ("submitted", "approved"):
        moved(other, status)
        [again] = [one for one in warnings_of(now, user=None) if one.code == "already_supported"]
        assert not again.is_unanswered


def test_a_past_day_sees_what_stood_then(centre_staff: User, tree: Tree) -> None:
    """The other one was sent on 1 March and withdrawn in April."""
    mine = firm(tree)
    other = helping(mine, by=centre_staff, year=2019, name="Kia")
    now = helping(mine, by=centre_staff, year=2019)
    for project, name, before, after, on in (
        (now, "submit", "draft", "submitted", dt.date(2019, 3, 1)),
        (other, "submit", "draft", "submitted", dt.date(2019, 3, 1)),
        (other, "withdraw", "submitted", "withdrawn", dt.date(2019, 4, 1)),
    ):
        StatusChange.objects.create(
            project=project, transition=name, source_status=before, target_status=after, actor=centre_staff,
            effective_on=on,
        )  # fmt: skip
        moved(project, after)
    assert len(said(now, on=dt.date(2019, 3, 15))) == 1
    assert said(now, on=dt.date(2019, 4, 2)) == said(now) == []


def test_whoever_enters_the_second_is_told_at_once(client: Client, centre_staff: User, tree: Tree) -> None:
    mine = firm(tree)
    helping(mine, by=centre_staff, year=2019, name="Kia")
    project = helping(mine, by=centre_staff, year=2019, name="Này")
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    sent = fields_of(client.get(address)) | {"name": "Này sửa"}
    shown = client.post(address, sent, follow=True).content.decode()
    assert "cũng đề nghị hỗ trợ cùng nội dung" in shown and f"mục Cảnh báo của đề án {project.code}" in shown


def test_number_of_queries_does_not_grow(centre_staff: User, tree: Tree) -> None:
    mine, counts = firm(tree), []
    for number in range(4):
        helping(mine, by=centre_staff, year=2019, status="submitted", name=f"Đề án {number}")
        with CaptureQueriesContext(connection) as asked:
            findings = findings_of_projects(list(Project.objects.all()), user=None)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert all(sum(one.code == "already_supported" for one in f.warnings) == 3 for f in findings.values())
