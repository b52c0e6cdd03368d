"""A project or a round that was sent back, refused or ended says why where its reader looks first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Project
from projects.services.steps import take_step
from tests.factories import review, submit_all
from tests.kept import kept
from tests.projects.reviewing import plan_of_two, project

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    plan = plan_of_two(centre_staff)
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


def head_of(text: str) -> str:
    """What stands before the parts of the page."""
    return text[text.index("<h1") : text.index('class="tabs"')]


def page_of(client: Client, one: Project, **asked: str) -> str:
    return head_of(client.get(one.get_absolute_url(), asked).content.decode())


@pytest.mark.parametrize("conclusion", ["return", "refuse"])
def test_centre_reads_at_the_head_of_the_page_what_the_department_said(
    client: Client, centre_staff: User, reviewer: User, plan: AnnualPlan, conclusion: str
) -> None:
    review(
        plan_round=PlanRound.objects.get(),
        project=project("Thêu ren"),
        by=reviewer,
        conclusion=conclusion,
        note="Thiếu báo giá máy",
    )
    client.force_login(centre_staff)
    text = page_of(client, project("Thêu ren"))
    assert "Thiếu báo giá máy" in text and str(reviewer) in text
    assert "Thiếu báo giá máy" not in page_of(client, project("Chiếu cói"))


def test_project_that_went_on_says_no_more_why_it_once_came_back(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    only = PlanRound.objects.get()
    review(plan_round=only, project=project("Thêu ren"), by=reviewer, conclusion="return", note="Thiếu báo giá máy")
    client.force_login(centre_head)
    client.post(reverse("projects:project_resubmit", args=[project("Thêu ren").pk]), {"reason": "Đã bổ sung"})
    assert project("Thêu ren").status == Project.Status.SUBMITTED
    assert "Thiếu báo giá máy" not in page_of(client, project("Thêu ren"))


def test_project_that_was_withdrawn_says_why(client: Client, centre_head: User, plan: AnnualPlan) -> None:
    take_step(project("Thêu ren"), "withdraw", actor=centre_head, on=dt.date(2006, 2, 2), reason="Cơ sở không làm nữa")
    client.force_login(centre_head)
    assert "Cơ sở không làm nữa" in page_of(client, project("Thêu ren"))
    assert "Cơ sở không làm nữa" not in page_of(client, project("Thêu ren"), as_of="2006-02-01")


def test_plan_says_beside_a_returned_round_why_it_came_back(
    client: Client, centre_staff: User, reviewer: User, plan: AnnualPlan
) -> None:
    only = PlanRound.objects.get()
    review(plan_round=only, project=project("Thêu ren"), by=reviewer, conclusion="return", note="Thiếu báo giá máy")
    client.force_login(centre_staff)
    assert "Đợt thiếu tờ trình" not in client.get(plan.get_absolute_url()).content.decode()
    take_step(only, "return", actor=reviewer, on=dt.date(2006, 3, 1), reason="Đợt thiếu tờ trình")
    text = client.get(plan.get_absolute_url()).content.decode()
    chips = text[text.index(f'id="round-{only.pk}"') :]
    assert "Đợt thiếu tờ trình" in chips[: chips.index("</li>")]
