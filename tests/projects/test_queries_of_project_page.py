"""How many queries the page of one project asks: each thing is read once, whoever looks and however much there is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan, PlanRound
from projects.models import (
    Appraisal,
    Beneficiary,
    CellKey,
    Comment,
    Contract,
    CostLine,
    ExecutedAmount,
    FieldChange,
    PaymentEntry,
    PersonalNumber,
    PlanLine,
    ProgressReport,
    Project,
    ProjectComponent,
    StatusChange,
    Support,
    Voucher,
    WarningReason,
)
from tests.factories import MILLION, activity, district, source
from tests.projects.accounting import project_of, write_accounts

pytestmark = pytest.mark.django_db

# One of them by the importer: from which row the project came; one each for the items of its estimate, commitments,
# entries of settlement and who acted for another, two for the order of priority.
MOST = 32
ROLES = ("centre_staff", "accountant", "reviewer", "department_head", "observer")
DAY = dt.date(2006, 7, 1)


@pytest.fixture
def told(plan: AnnualPlan, cells: list[CellKey], accountant: User, centre_staff: User) -> Project:
    """The approved project with a contract, a voucher, a settlement, and one of everything that the page lists."""
    write_accounts(cells[0], accountant, DAY)
    project = project_of(cells[0])
    grow(project, cells, centre_staff, 1)
    return project


def grow(project: Project, cells: list[CellKey], by: User, number: int) -> None:
    """One more of each: content, round, line, cost, one who was helped before, voucher, report, remark, step."""
    line, component, fund = cells[0]
    named = {"name": f"Cơ sở {number}", "type": "household", "province": project.organisation.province()}
    helped = Beneficiary.objects.create(**named)
    PersonalNumber.objects.create(beneficiary=helped, number=f"{31085001234 + number:012}")
    place = district(f"32{number}", f"Huyện {number}")
    for supported in (project, project_of(cells[1])):
        Support.objects.create(project=supported, beneficiary=helped, place=place)
        supported.places.add(place)
    content = activity(f"134-{number + 1}", f"Nội dung {number}")
    plan_round = PlanRound.objects.create(plan=project.plans[0], level="national", number=number)
    later = {
        "component": ProjectComponent.objects.create(project=project, activity_type=content, position=number),
        "plan_line": PlanLine.objects.create(project=project, round=plan_round),
    }
    for code in ("KCQG", "DOIUNG"):
        CostLine.objects.create(source=source(code), amount_vnd=number * MILLION, **later)
    signed = {"signed_on": DAY, "partner": "HTX", "recorded_by": by, "number": f"1{number}/HĐ"}
    Contract.objects.create(project=project, **signed)
    head = {"organisation": project.organisation, "year": 2006, "number": f"PC-1{number}", "issued_on": DAY}
    key = {"plan_line_id": line, "component_id": component, "source_id": fund}
    voucher = Voucher.objects.create(recorded_by=by, **head)
    paid = {"effective_on": DAY, "amount_vnd": MILLION, "recorded_by": by, "beneficiary": helped}
    PaymentEntry.objects.create(voucher=voucher, kind="advance", **key, **paid)
    month = {"month": dt.date(2006, 6 + number, 1), "is_on_schedule": True, "reported_by": by}
    report = ProgressReport.objects.create(project=project, **month)
    ExecutedAmount.objects.create(report=report, amount_vnd=MILLION, **key)
    Comment.objects.create(project=project, round=plan_round, text="Cần rõ hơn", author=by)
    concluded = {"conclusion": "accept", "appraiser": by, "appraised_on": DAY, "sheet": {}}
    Appraisal.objects.create(project=project, round=plan_round, **concluded)
    FieldChange.objects.create(project=project, field="name", before="Thêu", after="Thêu ren", actor=by)
    given = {"code": "norm_missing", "text": "Chưa có mức", "reason": "Đặc thù", "fingerprint": f"f{number}"}
    WarningReason.objects.create(project=project, actor=by, **given)
    for step in ("contract", "start", "accept"):
        told = {"transition": step, "source_status": "approved", "target_status": "accepted", "effective_on": DAY}
        StatusChange.objects.create(project=project, actor=by, **told)


def page_of(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    return client.get(address).content.decode()


def queries_of(client: Client, user: User, address: str) -> int:
    client.force_login(user)
    client.get(address)  # what a server's worker keeps is read by the first request
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("status", ["draft", "appraised", "approved", "in_progress", "accepted", "settled"])
def test_each_thing_is_read_once(
    request: pytest.FixtureRequest, client: Client, told: Project, cells: list[CellKey], status: str
) -> None:
    Project.objects.filter(pk=told.pk).update(status=status)
    people = {role: request.getfixturevalue(role) for role in ROLES}
    address = told.get_absolute_url()
    page = page_of(client, people["centre_staff"], address)
    assert "9/HĐ" in page and "PC-9" in page and "đơn vị đã được hỗ trợ cùng nội dung" in page.lower()
    few = {role: queries_of(client, person, address) for role, person in people.items()}
    for number in range(2, 5):
        grow(told, cells, people["centre_staff"], number)
    many = {role: queries_of(client, person, address) for role, person in people.items()}
    assert many == few
    assert max(many.values()) <= MOST, many


@pytest.mark.parametrize("days", [(dt.date(2006, 12, 31), None), (None, "today"), (dt.date(2006, 12, 31), "today")])
def test_a_day_of_the_past_costs_no_more(
    client: Client, told: Project, cells: list[CellKey], centre_staff: User, days: tuple[dt.date | None, str | None]
) -> None:
    Project.objects.filter(pk=told.pk).update(status="accepted")
    on, recorded = days
    address = f"{told.get_absolute_url()}{AsOf(on, timezone.localdate() if recorded else None).query}"
    few = queries_of(client, centre_staff, address)
    grow(told, cells, centre_staff, 2)
    assert queries_of(client, centre_staff, address) == few <= MOST + 1, "what the office was called then"
