"""Two reviewers at one line: who comes second reads why nothing was saved, and what they had typed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import FormDraft, User
from programmes.models import AnnualPlan, PlanRound
from projects.refusals import Refused
from tests.factories import make_plan, make_project, review, submit_all
from tests.people import make_person
from tests.projects.reviewing import answers, page, post, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    submit_all(plan=plan, by=centre_head)
    return plan


@pytest.fixture
def other(reviewer: User) -> User:
    return make_person(role="reviewer", scope=reviewer.memberships.get().scope, username="reviewer_2")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_conclusion_that_comes_second_is_shown_to_be_copied(
    client: Client, reviewer: User, other: User, plan: AnnualPlan, headers: dict[str, str]
) -> None:
    """The form is gone with the line, and the opinion was long."""
    data = answers(
        project("Thêu ren"), conclusion="return", note="Chưa đủ báo giá của ba đơn vị", note_effect="Thấp so với mức"
    )
    review(plan_round=PlanRound.objects.get(), project=project("Thêu ren"), by=other, conclusion="refuse", note="Trùng")
    client.force_login(reviewer)
    answer = post(client, project("Thêu ren"), data, headers=headers)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Đề án đã thay đổi sau khi bạn mở trang" in shown
    assert "Chưa đủ báo giá của ba đơn vị" in shown and "Thấp so với mức" in shown and "để chép lại" in shown


def test_a_draft_that_comes_second_is_offered_to_be_copied(
    client: Client, reviewer: User, other: User, plan: AnnualPlan
) -> None:
    plan_round, line = PlanRound.objects.get(), project("Thêu ren")
    address = reverse("projects:line_review", args=[plan_round.pk, line.pk])
    FormDraft.objects.create(user=reviewer, key=address, opening="a", data=[["note", ["Chưa đủ báo giá"]]])
    review(plan_round=plan_round, project=line, by=other, conclusion="refuse", note="Trùng")
    client.force_login(reviewer)
    assert "Chưa đủ báo giá" in page(client, line) and f"{address}?draft=a" in page(client, line)
    copied = client.get(f"{address}?draft=a")
    assert copied.status_code == 403 and "Chưa đủ báo giá" in copied.content.decode()
    assert "Đang ở trạng thái “Không đưa vào kế hoạch”" in copied.content.decode()
    client.force_login(other)
    assert "Chưa đủ báo giá" not in page(client, line)


def test_a_remark_that_is_refused_stays_in_its_form(
    client: Client, reviewer: User, plan: AnnualPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the line leaves its round between the look at the page and the writing."""

    def refuse(**words: object) -> None:
        raise Refused("Đề án không thuộc đợt này.", code="other_round")

    monkeypatch.setattr("projects.views.review.add_comment", refuse)
    client.force_login(reviewer)
    answer = client.post(reverse("projects:comment_add", args=[project("Thêu ren").pk]), {"text": "Thiếu báo giá"})
    assert answer.status_code == 422
    assert "Thiếu báo giá" in answer.content.decode() and "không thuộc đợt này" in answer.content.decode()
