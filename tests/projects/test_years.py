"""A project of several years: approved in 2006, it asks for more in 2007 and counts once in each plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.ledger.remainders import envelopes
from projects.models import FieldChange, PlanLine, Project
from tests.factories import MILLION, approved_project, decide, make_plan, requested_cells, source, submit_all
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def project(centre_staff: User, centre_head: User, department_head: User) -> Project:
    """Approved in 2006 with 60 triệu of city money; the plan of 2007 is open."""
    project = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    make_plan(organisation=project.organisation, year=2007)
    return project


def join(client: Client, project: Project, **changes: Any) -> Any:
    plan = AnnualPlan.objects.get(year=2007)
    amount = f"amount-{project.components.get().pk}-{source('KCDP').pk}"
    data = {"plan": str(plan.pk), "version": str(Project.objects.get().version), amount: "40 tr"} | changes
    data = {key.replace("AMOUNT", amount): value for key, value in data.items()}
    return client.post(reverse("projects:project_years", args=[project.pk]), data)


def test_running_project_joins_the_next_plan_and_is_decided_there(
    client: Client, centre_staff: User, centre_head: User, department_head: User, project: Project
) -> None:
    client.force_login(centre_staff)
    assert "Đưa vào kế hoạch năm khác" in client.get(project.get_absolute_url()).content.decode()
    assert join(client, project).status_code == 302
    second = AnnualPlan.objects.get(year=2007)
    assert PlanLine.objects.for_plans([second]).get().project == project
    assert Project.objects.get().status == Project.Status.APPROVED, "its work goes on"
    assert "2007 · KCĐP: 40.000.000 đồng" in FieldChange.objects.get().after
    submit_all(plan=second, by=centre_head)
    cells = requested_cells(second)
    decide(plan=second, by=department_head, assigned={"KCDP": 40 * MILLION}, approved=cells, number="2007/QĐ")
    assert PlanRound.objects.get(plan=second).status == PlanRound.Status.APPROVED
    assert [envelopes([plan])[1].approved_vnd for plan in AnnualPlan.objects.order_by("year")] == [
        60 * MILLION,
        40 * MILLION,
    ]
    assert join(client, project).status_code == 422, "it is in that plan already"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"AMOUNT": ""}, "Nhập kinh phí nhà nước đề nghị cho năm này."),
        ({"AMOUNT": "-1"}, "âm"),
        ({"version": ""}, "Trang chưa tải đầy đủ, nên chưa lưu được."),
        ({"version": "1"}, "Đề án vừa có thay đổi khác."),
        ({"plan": "0"}, "Kế hoạch"),
    ],
)
def test_wrong_request_is_refused_and_writes_nothing(
    client: Client, centre_staff: User, project: Project, changes: dict[str, str], message: str
) -> None:
    client.force_login(centre_staff)
    response = join(client, project, **changes)
    text = response.content.decode()
    assert response.status_code == 422 and message in text[text.index("error-summary") :]
    assert PlanLine.objects.count() == 1
