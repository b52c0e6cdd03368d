"""The programme of 2006 as the demo loads it: the figures of the article, and nothing that it does not state."""

from __future__ import annotations

import datetime as dt
import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.figures.dimensions import AREA
from projects.figures.flows import flows
from projects.figures.plan_grid import plan_grid
from projects.figures.rollups import roll_up
from projects.figures.totals import Money
from projects.ledger.remainders import envelopes
from projects.management.demo import CASE, give_addresses, load_case, make_people
from projects.models import (
    Appraisal,
    Beneficiary,
    ExecutedAmount,
    PastRecord,
    ProgressReport,
    Project,
    ProjectRevision,
    StatusChange,
    Support,
    YearAssessment,
)
from tests.factories import MILLION
from tests.kept import kept
from tests.living_2006 import live_2006
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


def test_no_step_is_shown_that_nobody_told(plan: AnnualPlan) -> None:
    """No appraisal, no start, no month of a report: entered by staff, confirmed by the head, letter by letter."""
    assert (
        not Appraisal.objects.exists() and not ProgressReport.objects.exists() and not ProjectRevision.objects.exists()
    )
    steps = StatusChange.objects.filter(project__isnull=False)
    assert {(step.transition, step.actor.username) for step in steps} == {
        ("record", "centre_staff"),
        ("confirm", "department_head"),
    }
    known = {step.known_on for step in steps if step.transition == "confirm"}
    assert known == {dt.date(2006, 6, 16), None}, "of the nation's letter nobody knows the day"
    assert {one.status for one in Project.objects.all()} == {"past"}
    assert {one.status for one in PlanRound.objects.all()} == {"past"}
    for record in PastRecord.objects.all():
        assert str(record) == "Đã thực hiện, chưa rõ ngày" and record.is_on_schedule
        assert record.words == "Đã thực hiện đúng tiến độ và có hiệu quả." and "bài viết" in record.source


def test_who_is_helped_and_where_stands_as_the_article_says(plan: AnnualPlan) -> None:
    helped = {one.name: str(there(one.unit).name) for one in Beneficiary.objects.all()}
    assert helped == {
        "Công ty TNHH Thương mại Dũng Hồng": "Huyện Tiên Lãng",
        "HTX làng nghề chiếu cói Lật Dương": "Huyện Tiên Lãng",
    }
    groups = set(Support.objects.exclude(group_description="").values_list("group_description", flat=True))
    assert groups == {"Cá nhân muốn thành lập mới doanh nghiệp vừa và nhỏ", "Các cơ sở công nghiệp tư nhân"}
    carpet = Project.objects.get(name__contains="dệt thảm")
    assert not carpet.supports.exists() and "3 xã tại huyện Vĩnh Bảo" in carpet.parties


def test_centre_works_since_the_month_that_the_article_names(plan: AnnualPlan, client: Client) -> None:
    assert plan.organisation.works_since == "10/2005"
    client.force_login(User.objects.get(username="observer"))
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Trung tâm Khuyến công Hải Phòng đi vào hoạt động từ tháng 10/2005." in page


def test_assessment_and_directions_are_the_sentences_of_the_article(plan: AnnualPlan, client: Client) -> None:
    written = YearAssessment.objects.get()
    assert written.assessment.startswith("Tuy năm đầu tiên triển khai") and "bám sát Nghị định" in written.assessment
    assert written.directions.count("\n- ") == 4 and "tránh trùng lắp, lãng phí." in written.directions
    assert "bài viết" in written.source and written.effective_on == dt.date(2006, 12, 31)
    client.force_login(User.objects.get(username="observer"))
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Nhìn chung, công tác khuyến công đã bám sát" in page and "Lấy từ: bài viết" in page


def test_money_of_the_nation_is_in_the_year_and_in_no_quarter(plan: AnnualPlan) -> None:
    def moved(start: dt.date | None, end: dt.date) -> tuple[int, int]:
        found = flows([plan], start, AsOf(end)).values()
        return sum(one.first_in_vnd or 0 for one in found), sum(one.undated_vnd or 0 for one in found)

    quarters = [(dt.date(2006, 3 * n - 2, 1), dt.date(2006 + n // 4, 3 * n % 12 + 1, 1)) for n in (1, 2, 3, 4)]
    inside = [moved(start, end - dt.timedelta(days=1)) for start, end in quarters]
    assert inside == [(0, 63 * MILLION), (250 * MILLION, 63 * MILLION), (0, 63 * MILLION), (0, 63 * MILLION)]
    assert moved(None, dt.date(2006, 12, 31))[0] == (250 + 63) * MILLION


def test_every_row_of_the_table_of_sentences_names_a_sentence_of_the_article() -> None:
    """docs/demo-2006.md: what the product shows of each sentence, and what it has no place for."""
    text = (Path(__file__).parents[2] / "docs" / "demo-2006.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| “")]
    assert len(rows) >= 14 and all(len(row) == 3 and all(cell.strip() for cell in row) for row in rows)
    case = json.loads(CASE.read_text(encoding="utf-8"))
    told = " ".join(row[0] for row in rows)
    for project in case["projects"]:
        assert f"{project['amount_vnd'] // MILLION} triệu" in told
        assert project["name"].removeprefix("Dự án ").partition(" tham gia")[0] in told
    for test in set(re.findall(r"`(test_\w+)`", text)):
        assert f"def {test}(" in Path(__file__).read_text(encoding="utf-8"), test


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


def test_a_year_that_lives_can_be_told_of_the_same_projects(numbers: None) -> None:
    """What browsers try (contracts, appraisals, reports) needs more than the article tells."""
    call_command("load_reference", stdout=StringIO())
    plan = live_2006(make_people("mat-khau"))
    grid = plan_grid([plan])
    assert (grid.money.approved_vnd, grid.schedule.on_schedule_count) == (313 * MILLION, 6)
    assert Appraisal.objects.count() == 6 and not PastRecord.objects.exists()
