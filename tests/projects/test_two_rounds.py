"""A project that asks for money of both levels: each round has a reviewer, a form and a conclusion of its own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from programmes.models import AnnualPlan, PlanRound
from projects.desk.inbox import inbox
from projects.models import Appraisal, Comment, PlanLine, Project, StatusChange
from projects.pages.overview import plan_rounds
from projects.services.review import reconsider_line
from projects.services.steps import take_step
from tests.factories import MILLION, make_plan, make_project, review, submit_all
from tests.people import make_person
from tests.projects.attempts import words_of
from tests.projects.reviewing import answers

pytestmark = pytest.mark.django_db
ON = dt.date(2006, 3, 1)


@pytest.fixture
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren", amounts={"KCQG": 20 * MILLION, "KCDP": 60 * MILLION})
    submit_all(plan=plan, by=centre_head)
    return plan


@pytest.fixture
def project(plan: AnnualPlan) -> Project:
    return Project.objects.get()


@pytest.fixture
def national(plan: AnnualPlan) -> PlanRound:
    return PlanRound.objects.get(level="national")


@pytest.fixture
def city(plan: AnnualPlan) -> PlanRound:
    return PlanRound.objects.get(level="city")


@pytest.fixture
def other(reviewer: User) -> User:
    return make_person(role="reviewer", scope=reviewer.memberships.get().scope, username="reviewer_2")


def address(name: str, plan_round: PlanRound, project: Project) -> str:
    return reverse(f"projects:{name}", args=[plan_round.pk, project.pk])


def page(client: Client, plan_round: PlanRound, project: Project) -> str:
    answer = client.get(reverse("projects:round_review", args=[plan_round.pk]), {"line": project.pk})
    return answer.content.decode()


def stands(plan_round: PlanRound) -> str:
    return PlanLine.objects.line_of(plan_round, Project.objects.get()).status


def test_second_reviewer_has_a_form_and_a_paper_of_their_own(
    client: Client, national: PlanRound, city: PlanRound, project: Project, reviewer: User, other: User
) -> None:
    client.force_login(reviewer)
    client.post(address("line_review", national, project), answers(project, note="Đúng nội dung quốc gia"))
    assert (stands(national), stands(city)) == ("appraised", "submitted")
    assert Project.objects.get().status == "submitted", "appraised when every line is"
    client.force_login(other)
    shown = page(client, city, project)
    assert 'value="refuse"' in shown and "0 / 1" in shown and "đợt 1 (KCQG) năm 2006" in shown
    client.post(address("line_review", city, project), answers(project))
    assert (stands(city), Project.objects.get().status) == ("appraised", "appraised")
    assert [(one.round, one.appraiser) for one in Appraisal.objects.all()] == [(national, reviewer), (city, other)]
    history = client.get(project.get_absolute_url()).content.decode()
    assert "đợt 1 (KCQG): đã thẩm định" in history and ", đợt 1 (KCĐP)" in history


def test_what_is_done_is_counted_by_round(
    plan: AnnualPlan, national: PlanRound, city: PlanRound, project: Project, reviewer: User, other: User
) -> None:
    review(plan_round=national, project=project, by=reviewer)
    cards = {card.round.level: (card.resolved_count, card.line_count) for card in plan_rounds(plan, reviewer)}
    assert cards == {"national": (1, 1), "city": (0, 1)}
    assert {task.label for task in inbox(reviewer)} == {
        "Thống nhất đợt 1 (KCQG) năm 2006",
        "Thẩm định đợt 1 (KCĐP) năm 2006",
    }


def test_opened_again_in_one_round_it_stands_in_the_other(
    national: PlanRound, city: PlanRound, project: Project, reviewer: User, other: User, department_head: User
) -> None:
    """As it was found: one round endorsed, the project reconsidered through the other, the first forwarded."""
    for plan_round in (national, city):
        review(plan_round=plan_round, project=project, by=reviewer)
    take_step(national, "endorse", actor=reviewer, on=ON)
    reconsider_line(plan_round=city, project=project, actor=other, on=ON, reason="Có báo giá mới")
    assert (stands(national), stands(city)) == ("appraised", "submitted")
    refused = words_of(
        lambda: reconsider_line(plan_round=national, project=project, actor=reviewer, on=ON, reason="Có báo giá mới")
    )
    assert refused == "Đợt này không ở bước Sở thẩm định.", "past that only the round is opened again"
    assert "Còn 1 đề án" in words_of(lambda: take_step(city, "endorse", actor=other, on=ON))
    take_step(national, "forward", actor=department_head, on=ON)
    assert stands(national) == "appraised"


def test_not_returned_under_a_round_that_went_on(
    national: PlanRound, city: PlanRound, project: Project, reviewer: User, other: User, department_head: User
) -> None:
    review(plan_round=national, project=project, by=reviewer)
    take_step(national, "endorse", actor=reviewer, on=ON)
    said = words_of(lambda: review(plan_round=city, project=project, by=other, conclusion="return", note="Bổ sung"))
    assert "Đề án đã thẩm định xong ở đợt 1 (KCQG) (“Sở đã thống nhất”) nên không trả lại được" in said
    take_step(national, "reopen", actor=department_head, on=ON, reason="Rà lại")
    review(plan_round=city, project=project, by=other, conclusion="return", note="Bổ sung")
    assert Project.objects.get().status == "returned" and stands(national) == "returned"
    assert "Còn 1 đề án" in words_of(lambda: take_step(national, "endorse", actor=reviewer, on=ON))


def test_a_line_is_not_judged_before_its_round_was_sent(
    plan: AnnualPlan, national: PlanRound, city: PlanRound, project: Project, reviewer: User, department_head: User
) -> None:
    """Nor before it was opened again; what was concluded in the other round has a calendar of its own."""
    review(plan_round=national, project=project, by=reviewer)
    take_step(national, "endorse", actor=reviewer, on=dt.date(2006, 4, 1))
    take_step(national, "reopen", actor=department_head, on=dt.date(2006, 5, 2), reason="Rà lại")
    early = lambda on: words_of(  # noqa: E731
        lambda: reconsider_line(plan_round=national, project=project, actor=reviewer, on=on, reason="Rà lại")
    )
    assert "bước liền trước (02/05/2006)" in early(dt.date(2006, 5, 1)) and early(dt.date(2006, 5, 2)) == ""
    review(plan_round=city, project=project, by=reviewer)
    assert StatusChange.objects.get(in_round=city).effective_on == ON


def test_a_late_conclusion_says_who_concluded_what_and_keeps_the_note(
    client: Client, national: PlanRound, city: PlanRound, project: Project, reviewer: User, other: User
) -> None:
    typed = answers(project, conclusion="refuse", note="Chưa đủ báo giá")
    review(plan_round=city, project=project, by=other)
    client.force_login(reviewer)
    answer = client.post(address("line_review", city, project), typed)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Chưa đủ báo giá" in shown
    assert "Đề án đã thay đổi sau khi bạn mở trang" in shown and f"“Thống nhất”, {other}, lúc" in shown
    again = client.post(address("line_review", national, project), typed)
    assert again.status_code == 422 and "Chưa đủ báo giá" in again.content.decode()
    assert 'name="conclusion"' in again.content.decode(), "of the other round the line waits: the form is there"


def test_words_that_were_not_sent_stand_in_the_line_again(
    client: Client, national: PlanRound, city: PlanRound, project: Project, reviewer: User
) -> None:
    key = address("line_review", city, project)
    FormDraft.objects.create(user=reviewer, key=key, opening="a", data=[["note", ["Chưa đủ báo giá"]]])
    client.force_login(reviewer)
    shown = page(client, city, project)
    assert "Đang hiện bản nháp lúc" in shown and "Chưa đủ báo giá</textarea>" in shown
    assert "Chưa đủ báo giá" not in page(client, national, project)


def test_a_remark_is_of_the_round_in_which_it_was_written(
    client: Client, national: PlanRound, city: PlanRound, project: Project, reviewer: User
) -> None:
    client.force_login(reviewer)
    for plan_round, text in ((city, "Thiếu báo giá"), (national, "Thiếu địa bàn")):
        back = f"{reverse('projects:round_review', args=[plan_round.pk])}?line={project.pk}"
        client.post(reverse("projects:comment_add", args=[project.pk]), {"text": text, "next": back})
    assert {one.text: one.round for one in Comment.objects.all()} == {"Thiếu báo giá": city, "Thiếu địa bàn": national}
