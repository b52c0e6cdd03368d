"""A personal number that somebody typed into a text stands in full in no report and no file."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from projects.models import Beneficiary, ProgressReport, Support
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.people import Tree

pytestmark = pytest.mark.django_db

NUMBER, MASKED = "031085012345", "031…345"
ADDRESSES = (
    "/reports/annual.xlsx?year=2006",
    "/reports/annual.docx?year=2006",
    "/reports/period.xlsx?year=2006&period=q4",
    "/reports/period/?year=2006&period=q4",
    "/reports/period/print/?year=2006&period=q4",
    "/reports/form-2.xlsx?year=2006",
    "/reports/dashboard/?year=2006",
    *(
        f"/reports/catalogue/{code}{end}?year=2006"
        for code in ("late", "beneficiaries", "disbursement")
        for end in ("/", "/print/", ".xlsx")
    ),
    "/reports/catalogue/sources/cell/?year=2006&row=KCDP&figure=approved_vnd",
)


@pytest.fixture
@kept
def plan(tree: Tree, people: dict[str, User]) -> None:
    staff = people["centre_staff"]
    plan = make_plan(organisation=tree.centre)
    money = {"KCDP": 60 * MILLION, "KCQG": 10 * MILLION}
    project = make_project(plan=plan, by=staff, name=f"Hỗ trợ ông Tư {NUMBER}", group=f"Hộ {NUMBER}", amounts=money)
    helped = Beneficiary.objects.create(province=tree.province, name=f"Hộ ông Tư {NUMBER}", type="household")
    Support.objects.create(project=project, beneficiary=helped)
    submit_all(plan=plan, by=people["centre_head"])
    assigned = dict.fromkeys(money, 100 * MILLION)
    decide(plan=plan, by=people["department_head"], assigned=assigned, approved=requested_cells(plan))
    ProgressReport.objects.create(
        project=project,
        month=dt.date(2006, 10, 1),
        is_on_schedule=False,
        done=f"Đã giao máy cho {NUMBER}",
        difficulties=f"Chờ giấy tờ của {NUMBER}",
        reported_by=staff,
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_typed_number_is_masked(plan: None, people: dict[str, User], client: Client, address: str) -> None:
    client.force_login(people["centre_head"])
    answer = client.get(address)
    assert answer.status_code == 200
    content = answer.content
    if address.split("?")[0].endswith((".xlsx", ".docx")):
        file = ZipFile(BytesIO(content))
        content = b"".join(file.read(name) for name in file.namelist())
    assert NUMBER.encode() not in content
    assert MASKED.encode() in content, "the text around it is there"
