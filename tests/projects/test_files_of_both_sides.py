"""Who attaches to what, withdraws whose file, erases it and reads it: every role, while the year is open and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Project, ProjectDocument, ProjectRevision
from projects.services.documents import attach_files, erase_document, withdraw_document
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.projects.attempts import code_of
from tests.there import there

pytestmark = pytest.mark.django_db

ROLES = (
    *("centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator"),
    "stranger",
)
CENTRE, DEPARTMENT = {"centre_staff", "centre_head"}, {"reviewer", "department_head"}
BOTH = CENTRE | DEPARTMENT
RECORDS = ("project", "round", "letter")
# By who attached the file: who withdraws it, and who erases it then.
TAKES_BACK: dict[str, tuple[set[str], set[str]]] = {
    "centre_staff": (CENTRE, {"centre_head", "administrator"}),
    "centre_head": ({"centre_head"}, {"centre_head", "administrator"}),
    "reviewer": (DEPARTMENT, {"department_head", "administrator"}),
    "department_head": ({"department_head"}, {"department_head", "administrator"}),
}


@dataclass
class Filed:
    plan: AnnualPlan
    project: Project
    round: PlanRound
    letter: Any


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    return {role: request.getfixturevalue(role) for role in ROLES}


@pytest.fixture
@kept
def filed(centre_staff: User, centre_head: User, department_head: User) -> Filed:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    letter = decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    return Filed(plan, project, there(plan.rounds.first()), letter)


def pdf(words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{words}.pdf", f"%PDF-1.4 {words}".encode())


def who(people: dict[str, User], write: Callable[[User], object]) -> set[str]:
    """The roles that may; each of the others is told that they may not, whatever else stands in the way."""
    codes = {role: code_of(partial(write, person)) for role, person in people.items()}
    assert set(codes.values()) <= {"done", "not_allowed"}, codes
    return {role for role, code in codes.items() if code == "done"}


@pytest.mark.parametrize("record", RECORDS)
def test_either_side_attaches_and_it_is_kept_who_they_were(people: dict[str, User], filed: Filed, record: str) -> None:
    home = getattr(filed, record)
    assert who(people, lambda person: attach_files(record=home, files=[pdf("a")], actor=person)) == BOTH
    for role in BOTH:
        [document] = attach_files(record=home, files=[pdf(role)], actor=people[role])
        assert (document.record, document.uploaded_by, document.uploader_role) == (home, people[role], role)


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("author", TAKES_BACK)
def test_the_author_and_the_head_of_the_side_take_back(
    people: dict[str, User], filed: Filed, record: str, author: str
) -> None:
    """Nobody of the other side, whatever their rank; the bytes go by a head of the side or an administrator."""
    files = [pdf("good"), pdf("wrong")]
    good, wrong = attach_files(record=getattr(filed, record), files=files, actor=people[author])
    withdraw_document(document=wrong, reason="Nhầm", actor=people[author])
    withdraw, erase = (
        who(people, lambda person: write(document=document, reason="Nhầm", actor=person))  # noqa: B023
        for write, document in ((withdraw_document, good), (erase_document, wrong))
    )
    assert (withdraw, erase) == TAKES_BACK[author]


@pytest.mark.parametrize("record", RECORDS)
def test_a_closed_year_takes_late_papers_and_gives_nothing_but_what_must_not_be_kept(
    people: dict[str, User], filed: Filed, record: str
) -> None:
    home = getattr(filed, record)
    good, wrong = attach_files(record=home, files=[pdf("good"), pdf("wrong")], actor=people["centre_staff"])
    withdraw_document(document=wrong, reason="Nhầm", actor=people["centre_staff"])
    AnnualPlan.objects.filter(pk=filed.plan.pk).update(is_closed=True)
    if record == "project":
        home = Project.objects.get(pk=home.pk)
    elif record == "round":
        home = PlanRound.objects.get(pk=home.pk)
    for role in BOTH:
        assert code_of(lambda: attach_files(record=home, files=[pdf(role)], actor=people[role])) == "done"  # noqa: B023
    assert code_of(lambda: withdraw_document(document=good, reason="Nhầm", actor=people["centre_staff"])) == "closed"
    assert code_of(lambda: erase_document(document=wrong, reason="Riêng tư", actor=people["centre_head"])) == "done"


@pytest.mark.parametrize("record", RECORDS)
def test_everybody_of_the_province_reads_and_nobody_of_another(
    client: Client, people: dict[str, User], filed: Filed, record: str
) -> None:
    home = getattr(filed, record)
    current, wrong = attach_files(record=home, files=[pdf("a"), pdf("b")], actor=people["reviewer"])
    withdraw_document(document=wrong, reason="Nhầm", actor=people["reviewer"])
    name = {"project": "project_document", "round": "round_document", "letter": "decision_document"}[record]
    for role, person in people.items():
        client.force_login(person)
        expected = 404 if role == "stranger" else 200
        assert client.get(reverse(f"projects:{name}", args=[current.pk])).status_code == expected, role
        address = reverse(f"projects:{name}", args=[wrong.pk])
        assert client.get(f"{address}?withdrawn").status_code == expected, role
        for step in ("withdraw", "erase"):
            kind = {"project": "projects", "round": "rounds", "letter": "decisions"}[record]
            page = client.get(reverse(f"projects:document_{step}", args=[wrong.pk, kind]))
            assert (page.status_code == 404) == (role == "stranger"), role


def test_a_letter_takes_files_of_the_centres_that_it_is_about(
    client: Client, filed: Filed, centre_staff: User, department_head: User
) -> None:
    """The Centre reads each letter of its Department; one that says nothing of its plans is none of its papers, and
    one that adjusts a project of it is."""
    about_nothing = type(filed.letter).objects.create(
        organisation=filed.letter.organisation, number="7/SCT", issued_on=filed.letter.issued_on,
        effective_on=filed.letter.effective_on, recorded_by=department_head,
    )  # fmt: skip
    assert code_of(lambda: attach_files(record=about_nothing, files=[pdf("a")], actor=centre_staff)) == "not_allowed"
    assert code_of(lambda: attach_files(record=about_nothing, files=[pdf("a")], actor=department_head)) == "done"
    ProjectRevision.objects.create(
        project=filed.project, number=9, occasion="adjustment", effective_on=filed.letter.effective_on,
        recorded_by=department_head, decision=about_nothing, snapshot={},
    )  # fmt: skip
    assert code_of(lambda: attach_files(record=about_nothing, files=[pdf("a")], actor=centre_staff)) == "done"


def test_a_file_of_nobody_knows_which_side_is_the_authors_and_the_administrators(
    people: dict[str, User], filed: Filed
) -> None:
    [document] = attach_files(record=filed.project, files=[pdf("a")], actor=people["reviewer"])
    ProjectDocument.objects.update(uploader_role="")
    withdraw = who(people, lambda person: withdraw_document(document=document, reason="Nhầm", actor=person))
    assert withdraw == {"reviewer", "administrator"}
    wrong = withdraw_document(document=document, reason="Nhầm", actor=people["reviewer"])
    assert who(people, lambda person: erase_document(document=wrong, reason="x", actor=person)) == {"administrator"}


def test_whoever_lost_the_role_takes_nothing_back(people: dict[str, User], filed: Filed) -> None:
    staff = people["centre_staff"]
    [document] = attach_files(record=filed.project, files=[pdf("a")], actor=staff)
    staff.memberships.all().delete()
    gone = User.objects.get(pk=staff.pk)
    assert code_of(lambda: withdraw_document(document=document, reason="Nhầm", actor=gone)) == "not_allowed"
    assert code_of(lambda: withdraw_document(document=document, reason="Nhầm", actor=people["centre_head"])) == "done"


def test_pages_offer_what_may_be_done(client: Client, people: dict[str, User], filed: Filed) -> None:
    attach_files(record=filed.round, files=[pdf("tờ trình")], actor=people["department_head"])
    page = reverse("projects:round_documents", args=[filed.round.pk])
    for role, attaches, withdraws in (
        ("centre_head", True, False), ("department_head", True, True), ("observer", False, False),
    ):  # fmt: skip
        client.force_login(people[role])
        text = client.get(page).content.decode()
        assert ("Đính kèm tài liệu" in text, "/withdraw/" in text) == (attaches, withdraws), role
    client.force_login(people["centre_head"])
    assert "1 tài liệu" in client.get(filed.plan.get_absolute_url()).content.decode()
    AnnualPlan.objects.filter(pk=filed.plan.pk).update(is_closed=True)
    text = client.get(page).content.decode()
    assert "Đính kèm tài liệu" in text and "/withdraw/" not in text


def test_a_wrong_scan_of_a_letter_is_named_on_its_page_and_counted_nowhere(
    client: Client, filed: Filed, department_head: User
) -> None:
    wrong, right = attach_files(record=filed.letter, files=[pdf("342"), pdf("341")], actor=department_head)
    client.force_login(department_head)
    plan = filed.plan.get_absolute_url()
    assert '<td data-label="Bản quét">2</td>' in client.get(plan).content.decode()
    address = reverse("projects:document_withdraw", args=[wrong.pk, "decisions"])
    text = client.post(address, {"reason": "Quét nhầm văn bản 342"}, follow=True).content.decode()
    assert "1 tài liệu đã rút" in text and "Quét nhầm văn bản 342" in text and "<del>" in text
    assert filed.letter.current_documents == [right]
    assert '<td data-label="Bản quét">1</td>' in client.get(plan).content.decode()
    assert client.post(reverse("projects:document_withdraw", args=[wrong.pk, "letters"])).status_code == 404
    again = client.post(address, {"reason": "Lần hai"})
    assert again.status_code == 422 and "đã được rút" in again.content.decode()
