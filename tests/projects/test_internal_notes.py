"""What the Department writes for itself: the Centre reads it on no page, paper, export, notice and in no history."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import partial

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, User
from programmes.models import AnnualPlan, PlanRound
from projects.models import RecordedPaper, ReviewNote
from projects.services.review_work import add_review_note, withdraw_review_note
from tests.factories import make_plan, make_project, review, submit_all
from tests.kept import kept
from tests.people import Tree, make_person
from tests.projects.attempts import code_of
from tests.projects.reviewing import page, project
from tests.there import there

pytestmark = pytest.mark.django_db
SECRET = "Giá máy cao hơn đề án trước"


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Chiếu cói"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head)
    return plan


def write(by: User, text: str = SECRET) -> ReviewNote:
    return add_review_note(plan_round=PlanRound.objects.get(), project=project("Thêu ren"), text=text, actor=by)


def test_the_department_reads_them_and_who_wrote_each(
    client: Client, plan: AnnualPlan, reviewer: User, department_head: User
) -> None:
    address = reverse("projects:note_add", args=[PlanRound.objects.get().pk, project("Thêu ren").pk])
    client.force_login(reviewer)
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": SECRET}).status_code == 302
    client.force_login(department_head)
    text = page(client, project("Thêu ren"))
    assert SECRET in text and "Ghi chú nội bộ của Sở" in text and str(reviewer) in text
    assert SECRET not in page(client, project("Chiếu cói"))


def test_the_centre_meets_them_nowhere(
    client: Client,
    plan: AnnualPlan,
    reviewer: User,
    everybody_of_the_centre: list[User],
    django_capture_on_commit_callbacks: Iterable[object],
) -> None:
    """All that whoever is of the Centre may open of it, every table of its take-out, and its mail."""
    User.objects.update(email="ai@example.vn")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        write(reviewer)
    assert mail.outbox == []
    review(plan_round=PlanRound.objects.get(), project=project("Thêu ren"), by=reviewer, note="Đạt")
    here, line = PlanRound.objects.get(), project("Thêu ren")
    addresses = [
        reverse("projects:home"),
        plan.get_absolute_url(),
        f"{reverse('projects:round_review', args=[here.pk])}?line={line.pk}",
        line.get_absolute_url(),
        reverse("projects:appraisal", args=[line.pk]),
        reverse("projects:round_documents", args=[here.pk]),
        f"{reverse('projects:journal')}?project={line.pk}",
        f"{reverse('projects:journal')}?q=giá+máy",
        reverse("projects:paper_word", args=[there(RecordedPaper.objects.first()).pk]),
        f"{reverse('reports:take_out_csv')}?table=ghi-chu-noi-bo",
        reverse("reports:take_out_xlsx"),
        reverse("reports:take_out_zip"),
        f"{reverse('reports:annual_xlsx')}?year=2006",
    ]
    for person in everybody_of_the_centre:
        client.force_login(person)
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in (200, 404), address
            assert SECRET not in text_in(answer.getvalue()), (str(person), address)
        note = reverse("projects:note_add", args=[here.pk, line.pk])
        assert client.post(note, {"text": "Của Trung tâm"}).status_code == 403
    client.force_login(reviewer)
    for address in (f"{reverse('reports:take_out_csv')}?table=ghi-chu-noi-bo", reverse("reports:take_out_xlsx")):
        assert SECRET in text_in(client.get(address).getvalue()), "the Department takes out what is its own"


def text_in(content: bytes) -> str:
    """What a page or a file says, also in the files inside it."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(text_in(archive.read(name)) for name in archive.namelist())


@pytest.fixture
def everybody_of_the_centre(tree: Tree, centre_staff: User, centre_head: User, accountant: User) -> list[User]:
    observer = make_person(role="observer", scope=tree.province, username="auditor")
    administrator = make_person(role="administrator", scope=tree.centre, username="keeper")
    return [centre_staff, centre_head, accountant, observer, administrator]


def test_what_can_not_be_noted(plan: AnnualPlan, centre_staff: User, reviewer: User, department_head: User) -> None:
    assert code_of(partial(write, centre_staff)) == "not_allowed"
    assert code_of(partial(write, reviewer, "  ")) == "nothing"
    write(reviewer)
    assert code_of(partial(write, reviewer)) == "twice" and code_of(partial(write, department_head)) == "done"
    later = make_project(plan=plan, by=centre_staff, name="Đợt sau")
    sent = PlanRound.objects.get(status="submitted")
    other = partial(add_review_note, plan_round=sent, project=later, text="Ghi", actor=reviewer)
    assert code_of(other) == "other_round"


def test_a_note_at_the_wrong_line_is_taken_back_and_read_on_by_the_department_alone(
    client: Client, plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User
) -> None:
    note = write(reviewer)
    address = reverse("projects:note_withdraw", args=[note.pk])
    client.force_login(centre_head)
    assert client.get(address).status_code == 404
    client.force_login(reviewer)
    line = f"{reverse('projects:round_review', args=[note.round_id])}?line={note.project_id}"
    assert address in client.get(line).content.decode()
    unsaid = client.post(address, {"reason": " "})
    assert unsaid.status_code == 422 and "Hãy ghi lý do." in unsaid.content.decode()
    done = client.post(address, {"reason": "Của đề án khác"}, follow=True)
    assert done.redirect_chain == [(f"{line}#notes", 302)]
    for person in (reviewer, department_head):
        client.force_login(person)
        text = client.get(line).content.decode()
        assert "<del>" in text and SECRET in text and "Của đề án khác" in text and address not in text
        csv = client.get(f"{reverse('reports:take_out_csv')}?table=ghi-chu-noi-bo-da-rut").getvalue().decode()
        assert "Của đề án khác" in csv and str(reviewer) in csv
    client.force_login(centre_head)
    assert "Của đề án khác" not in client.get(line).content.decode()
    csv = client.get(f"{reverse('reports:take_out_csv')}?table=ghi-chu-noi-bo-da-rut").getvalue().decode()
    assert "Của đề án khác" not in csv


def test_who_takes_a_note_back(plan: AnnualPlan, tree: Tree, reviewer: User, department_head: User) -> None:
    colleague = make_person(role="reviewer", scope=tree.department, username="colleague")

    def take_back(note: ReviewNote, by: User, reason: str = "Nhầm") -> str:
        return code_of(partial(withdraw_review_note, note=note, reason=reason, actor=by))

    note = write(reviewer)
    assert take_back(note, colleague) == "not_allowed"
    assert take_back(note, reviewer, " ") == "no_reason"
    withdraw_review_note(note=note, reason="Nhầm", actor=department_head)
    assert take_back(note, department_head) == "twice"
    again = write(reviewer)  # what was taken back may be said again
    Membership.objects.filter(user=reviewer).delete()
    assert take_back(again, User.objects.get(pk=reviewer.pk)) == "not_allowed", (
        "who works there no more takes none back"
    )


def test_personal_numbers_are_masked(plan: AnnualPlan, reviewer: User) -> None:
    assert "031099001234" not in write(reviewer, "Chủ hộ 031099001234").text


def test_somebody_of_both_sides_reads_them_as_the_department(
    plan: AnnualPlan, centre_staff: User, reviewer: User
) -> None:
    write(reviewer)
    assert not ReviewNote.objects.visible_to(centre_staff).exists()
    Membership.objects.create(user=centre_staff, scope=there(plan.organisation.parent), role="reviewer")
    assert ReviewNote.objects.visible_to(User.objects.get(pk=centre_staff.pk)).count() == 1
