"""Monthly progress: what is said of schedule and money, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from projects.models import ExecutedAmount, FieldChange, ProgressReport, Project
from projects.rules.workflow import apply_transition
from tests.factories import MILLION, approved_project, make_plan, make_project, requested_cells
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def project(centre_staff: User, centre_head: User, department_head: User) -> Project:
    """Approved with 60 triệu of city money."""
    return approved_project(staff=centre_staff, head=centre_head, department=department_head)


def typed(project: Project, **changes: Any) -> dict[str, Any]:
    [(line, component, source)] = requested_cells(there(project.latest_plan()))
    data = {
        "month": "07/2006",
        "percent": "40",
        "is_on_schedule": "True",
        "done": "Đã mở lớp",
        "version": str(project.version),
        f"amount-{line}-{component}-{source}": "25 tr",
    }
    return {
        key.replace("AMOUNT", f"amount-{line}-{component}-{source}"): value for key, value in (data | changes).items()
    }


def post(client: Client, project: Project, data: dict[str, Any], **extra: Any) -> Any:
    return client.post(reverse("projects:progress_create", args=[project.pk]), data, **extra)


def test_first_report_starts_the_work_and_shows_on_the_project(
    client: Client, centre_staff: User, accountant: User, project: Project
) -> None:
    apply_transition(
        project, "contract", actor=accountant, effective_on=dt.date(2006, 6, 20), reason="05/HĐ ngày 20/06/2006"
    )
    project.refresh_from_db()
    client.force_login(centre_staff)
    page = post(client, project, typed(project), follow=True).content.decode()
    project.refresh_from_db()
    assert project.status == Project.Status.IN_PROGRESS
    assert project.status_changes.get(transition="start").effective_on == dt.date(2006, 7, 1)
    assert "Tháng 07/2006" in page and "40%" in page and ">25<" in page and "đúng tiến độ" in page
    assert ExecutedAmount.objects.get().amount_vnd == 25 * MILLION


def test_report_without_a_contract_is_kept_and_starts_nothing_but_a_task(
    client: Client, centre_staff: User, project: Project
) -> None:
    """Only a task may go from approved to in progress without a contract (architecture §3)."""
    client.force_login(centre_staff)
    post(client, project, typed(project))
    project.refresh_from_db()
    assert (project.status, ProgressReport.objects.count()) == (Project.Status.APPROVED, 1)
    Project.objects.update(kind=Project.Kind.TASK)
    post(client, project, typed(project, month="08/2006"))
    project.refresh_from_db()
    assert project.status == Project.Status.IN_PROGRESS


def test_amount_left_empty_is_not_recorded_and_prints_a_dash(
    client: Client, centre_staff: User, project: Project
) -> None:
    client.force_login(centre_staff)
    page = post(client, project, typed(project, AMOUNT="", percent=""), follow=True).content.decode()
    assert not ExecutedAmount.objects.exists()
    assert "<dd>–</dd>" in page and "<dd>0" not in page


def test_zero_is_recorded_as_zero(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    post(client, project, typed(project, AMOUNT="0"))
    assert ExecutedAmount.objects.get().amount_vnd == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"month": ""}, "Tháng báo cáo"),
        ({"month": "13/2006"}, "tháng/năm"),
        ({"month": "01/2090"}, "Chưa đến tháng này."),
        ({"month": "12/2005"}, "Kế hoạch đầu tiên của đề án là năm 2006."),
        ({"percent": "101"}, "100"),
        ({"is_on_schedule": ""}, "Tiến độ"),
        ({"AMOUNT": "-1"}, "âm"),
        ({"version": ""}, "Trang chưa tải đầy đủ, nên chưa lưu được."),
        ({"version": "1"}, "Đề án vừa có thay đổi khác"),
    ],
)
def test_wrong_report_is_refused_and_keeps_the_text(
    client: Client, centre_staff: User, project: Project, changes: dict[str, str], message: str
) -> None:
    client.force_login(centre_staff)
    response = post(client, project, typed(project, **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page[page.index("error-summary") :]
    assert "Đã mở lớp" in page
    assert not ProgressReport.objects.exists() and not ExecutedAmount.objects.exists()


def test_second_report_of_a_month_is_refused(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    post(client, project, typed(project))
    project.refresh_from_db()
    page = post(client, project, typed(project)).content.decode()
    assert "Tháng này đã có báo cáo tiến độ." in page
    assert ProgressReport.objects.count() == 1


def test_more_spent_than_approved_is_said_by_how_much(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    page = post(client, project, typed(project, AMOUNT="61 tr"), follow=True).content.decode()
    assert "vượt số được duyệt 1.000.000 đồng" in page


def test_report_typed_wrongly_is_put_right_and_the_history_keeps_both(
    client: Client, centre_staff: User, reviewer: User, project: Project
) -> None:
    client.force_login(centre_staff)
    post(client, project, typed(project))
    report = ProgressReport.objects.get()
    address = reverse("projects:progress_edit", args=[project.pk, report.pk])
    assert 'value="25"' in client.get(address).content.decode()
    project.refresh_from_db()
    silent = client.post(address, typed(project, AMOUNT="35 tr"))
    assert silent.status_code == 422 and ExecutedAmount.objects.get().amount_vnd == 25 * MILLION
    sent = typed(project, AMOUNT="35 tr") | {"reason": "Gõ nhầm"}
    page = client.post(address, sent, follow=True).content.decode()
    assert "Đã lưu báo cáo tiến độ tháng 07/2006." in page
    assert (ProgressReport.objects.count(), ExecutedAmount.objects.get().amount_vnd) == (1, 35 * MILLION)
    change = FieldChange.objects.get()
    assert (change.field_label, change.actor, change.reason) == ("báo cáo tiến độ 07/2006", centre_staff, "Gõ nhầm")
    assert "25.000.000 đồng" in change.before and "35.000.000 đồng" in change.after
    assert client.post(address, sent).status_code == 422, "the same page sent once more is stale"
    assert ExecutedAmount.objects.get().amount_vnd == 35 * MILLION
    client.force_login(reviewer)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("centre_staff", 200),
        ("centre_head", 200),
        ("accountant", 403),
        ("reviewer", 403),
        ("department_head", 403),
        ("observer", 403),
        ("administrator", 403),
        ("stranger", 404),
    ],
)
def test_who_reports(request: pytest.FixtureRequest, client: Client, project: Project, role: str, status: int) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("projects:progress_create", args=[project.pk])).status_code == status


def test_draft_has_nothing_to_report(client: Client, centre_staff: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    draft = make_project(plan=plan, by=centre_staff)
    client.force_login(centre_staff)
    assert client.get(reverse("projects:progress_create", args=[draft.pk])).status_code == 403


def test_last_amount_of_each_row_stands_beside_the_field(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:progress_create", args=[project.pk])
    assert "Được duyệt 60; lần trước –" in client.get(address).content.decode()
    page = post(client, project, typed(project, month="7.2006"), follow=True).content.decode()
    assert "Đã lưu báo cáo tiến độ tháng 07/2006." in page
    assert "Được duyệt 60; lần trước 25" in client.get(address).content.decode()


def test_report_refused_as_stale_is_stored_when_sent_once_more(
    client: Client, centre_staff: User, project: Project
) -> None:
    client.force_login(centre_staff)
    page = post(client, project, typed(project, version="1")).content.decode()
    assert f'name="version" value="{project.version}"' in page
    assert post(client, project, typed(project)).status_code == 302
