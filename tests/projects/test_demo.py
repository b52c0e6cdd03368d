"""The programme of 2006 as the demo loads it: the figures of the article, and nothing that it does not state."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import override_settings

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.figures.dimensions import AREA
from projects.figures.plan_grid import plan_grid
from projects.figures.rollups import roll_up
from projects.figures.totals import Money
from projects.ledger.remainders import envelopes
from projects.management.demo import give_addresses, load_case, make_people
from projects.models import ExecutedAmount, Project
from tests.factories import MILLION
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(numbers: None) -> AnnualPlan:
    call_command("load_reference", stdout=StringIO())
    with override_settings(DEBUG=True):
        call_command("load_demo", stdout=StringIO())
    return AnnualPlan.objects.get()


def test_totals_are_those_of_the_article(plan: AnnualPlan) -> None:
    found = {row.source.code: (row.assigned_vnd, row.approved_vnd, row.unallocated_vnd) for row in envelopes([plan])}
    assert found == {
        "KCDP": (250 * MILLION, 250 * MILLION, 0),
        "KCQG": (63 * MILLION, 63 * MILLION, 0),
    }
    grid = plan_grid([plan])
    assert grid.money == Money(313 * MILLION, 313 * MILLION, None)
    assert (grid.schedule.project_count, grid.schedule.on_schedule_count) == (6, 6)
    areas = {row.label: row.money.approved_vnd for row in roll_up([plan], AREA).rows}
    assert areas == {
        "Huyện Tiên Lãng": 110 * MILLION,
        "Huyện Vĩnh Bảo": 63 * MILLION,
        "Huyện Kiến Thụy, huyện Thủy Nguyên": 50 * MILLION,
        "Toàn thành phố": 90 * MILLION,
    }


def test_what_the_article_does_not_state_stays_unknown(plan: AnnualPlan) -> None:
    national = Decision.objects.get(is_number_unknown=True)
    assert (national.number, national.issued_on, national.authority) == ("", None, None)
    assert (national.kind, national.subject) == ("", "")
    city = Decision.objects.get(number="341/UBND-CN")
    assert (city.kind, city.subject) == ("official_letter", "phê duyệt kế hoạch khuyến công năm 2006")
    assert (city.issued_on, there(city.authority).name) == (dt.date(2006, 6, 16), "UBND thành phố Hải Phòng")
    assert not ExecutedAmount.objects.exists()
    assert not Project.objects.exclude(start_on=None, end_on=None).exists()
    assert [project.name for project in Project.objects.all() if project.kind == "task"] == [
        "Dự án xuất bản Bản tin khuyến công"
    ]


def test_second_run_keeps_everything(plan: AnnualPlan) -> None:
    before = list(Project.objects.order_by("pk").values())
    with override_settings(DEBUG=True):
        output = StringIO()
        call_command("load_demo", stdout=output)
    assert list(Project.objects.order_by("pk").values()) == before
    assert "mật khẩu: khuyen-cong-2006" in output.getvalue()
    for role in (
        "centre_staff",
        "centre_head",
        "accountant",
        "reviewer",
        "department_head",
        "observer",
        "administrator",
    ):
        assert role in output.getvalue() and User.objects.get(username=role).check_password("khuyen-cong-2006")


def test_demo_is_refused_where_debug_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_reference", stdout=StringIO())
    with pytest.raises(CommandError, match="DEBUG đang tắt"):
        call_command("load_demo")
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo", force=True)
    assert not User.objects.exists()
    monkeypatch.setenv("DEMO_PASSWORD", "mật khẩu riêng của máy này")
    call_command("load_demo", force=True, stdout=StringIO())
    assert AnnualPlan.objects.count() == 1


def test_demo_asks_for_reference_data_first() -> None:
    with override_settings(DEBUG=True), pytest.raises(CommandError, match="load_reference"):
        call_command("load_demo")


def test_loading_the_case_writes_to_nobody(django_capture_on_commit_callbacks: Any) -> None:
    """What happened in 2006 is no news; the people get their addresses afterwards."""
    call_command("load_reference", stdout=StringIO())
    people = make_people("mat-khau")
    with django_capture_on_commit_callbacks(execute=True):
        load_case(people)
    assert mail.outbox == []
    give_addresses(people)
    assert User.objects.get(username="reviewer").email == "reviewer@example.org"
