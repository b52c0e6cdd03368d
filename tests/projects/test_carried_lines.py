"""A project that goes on into the next year by a letter stands in a round there, and holds up nothing in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.desk.inbox import inbox
from projects.models import CellKey, Project
from projects.rules.workflow import why_not
from projects.services.carry_over import carry_over
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    forward_all,
    make_decision,
    make_project,
    requested_cells,
    review,
    submit_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]


@pytest.fixture
def cell(plan: AnnualPlan) -> CellKey:
    return min(requested_cells(plan))


@pytest.fixture
def following(plan: AnnualPlan, cell: CellKey, department_head: User) -> AnnualPlan:
    """2007, which a letter opened: “Thêu ren” goes on, nobody knows yet with how much."""
    letter = make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28))
    words: dict[str, Any] = {"decision": letter, "lines": [], "free": {}, "going": [cell[0]]}
    carry_over(plan=plan, to_plan=None, actor=department_head, **words)
    return AnnualPlan.objects.get(year=2007)


def with_new_project(following: AnnualPlan, by: User, head: User) -> PlanRound:
    make_project(plan=following, by=by, name="Đề án mới")
    submit_all(plan=following, by=head)
    return PlanRound.objects.get(plan=following)


def test_it_is_not_asked_for_sent_or_appraised_anew(
    following: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan_round = with_new_project(following, centre_staff, centre_head)
    review(plan_round=plan_round, project=Project.objects.get(name="Đề án mới"), by=reviewer)
    take_step(plan_round, "endorse", actor=reviewer, on=dt.date(2007, 3, 20))
    assert PlanRound.objects.get(pk=plan_round.pk).status == "endorsed"
    assert Project.objects.get(name="Thêu ren").status == "approved"


def test_it_keeps_no_round_from_its_letter(
    following: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    """What the letter of the next year decides is the new project alone."""
    with_new_project(following, centre_staff, centre_head)
    forward_all(plan=following, head=department_head)
    asked = requested_cells(following)
    words: dict[str, Any] = {"assigned": {"KCDP": 60 * MILLION}, "number": "5/QĐ", "on": dt.date(2007, 4, 2)}
    decide(plan=following, by=department_head, approved=asked, **words)
    assert PlanRound.objects.get(plan=following).status == "approved"


def test_nobody_is_asked_to_send_a_round_of_nothing_else(following: AnnualPlan, centre_head: User) -> None:
    assert not [task.label for task in inbox(centre_head) if "2007" in task.label]


def test_the_page_of_sending_lists_it_not_and_says_why_nothing_is_sent(
    client: Client, following: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    client.force_login(centre_head)
    address = reverse("projects:round_submit", args=[PlanRound.objects.get(plan=following).pk])
    page = client.get(address).content.decode()
    assert "được chuyển tiếp theo văn bản, không phải gửi Sở" in page and "Thêu ren" not in page
    make_project(plan=following, by=centre_staff, name="Đề án mới")
    page = client.get(address).content.decode()
    assert "Đề án mới" in page and "Thêu ren" not in page and "không phải gửi Sở" not in page


def test_a_round_of_which_nothing_else_is_left_goes_back(
    following: AnnualPlan, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan_round = with_new_project(following, centre_staff, centre_head)
    words = {"conclusion": "refuse", "note": "Không thuộc nội dung"}
    review(plan_round=plan_round, project=Project.objects.get(name="Đề án mới"), by=reviewer, **words)
    held = PlanRound.objects.get(pk=plan_round.pk)
    assert why_not(reviewer, held, "endorse") == "Đợt không có đề án nào được thống nhất."
    assert why_not(reviewer, held, "return") == ""


def test_whoever_has_the_project_open_meanwhile_is_told(plan: AnnualPlan, request: pytest.FixtureRequest) -> None:
    before = Project.objects.get(name="Thêu ren").version
    request.getfixturevalue("following")
    assert Project.objects.get(name="Thêu ren").version == before + 1
