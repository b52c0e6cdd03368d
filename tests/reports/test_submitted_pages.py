"""The pages of submitted reports: a head freezes one, everybody of the scope reads it, nobody else does."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import lxml.html
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import Role, User
from khuyencong.triggers import drop_triggers, install_triggers
from programmes.models import AnnualPlan
from projects.models import Project
from reports.models import SubmittedReport
from reports.printing.workbook import render
from reports.submitted.kinds import ANNUAL_KINDS, build_draft
from tests.reports.books import cells_of
from tests.reports.submitting import approve_one_more, submit
from tests.there import there

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("reports:submitted_list"), reverse("reports:submitted_create")
ASKED = f"{NEW}?kind=annual&year=2006"
TYPED = {"submitted_on": "05/01/2007", "number": "12/BC-TTKC", "note": "Hộ bà Hoa 031185001234"}


def seen_on(page: str) -> dict[str, str]:
    return {"seen": there(re.search(r'name="seen" value="([0-9a-f]{64})"', page))[1]}


def test_head_of_the_centre_submits_the_year(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    client.force_login(centre_head)
    annual = client.get(reverse("reports:annual"), {"year": "2006"}).content.decode()
    assert f'href="{NEW}?kind=annual&amp;year=2006"' in annual
    before = client.get(reverse("reports:annual_xlsx"), {"year": "2006"}).content
    form = client.get(ASKED).content.decode()
    assert "Báo cáo khuyến công năm 2006" in form and "<strong>167</strong>" in form
    answer = client.post(ASKED, TYPED | seen_on(form), follow=True)
    page = answer.content.decode()
    report = SubmittedReport.objects.get()
    assert answer.redirect_chain == [(report.get_absolute_url(), 302)]
    assert "Không có thay đổi" in page and "12/BC-TTKC" in page and "Trần Văn Bình" in page
    assert "031185001234" not in page and "031…234" in page
    file = client.get(reverse("reports:submitted_xlsx", args=[report.pk]))
    assert cells_of(file.content) == cells_of(before)
    assert f"bao-cao-da-chot-{report.pk}-nam-2006.xlsx" in file["Content-Disposition"]
    Project.objects.filter(name="Một nguồn").update(name="Tên mới")
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Không có thay đổi" not in page and "Một nguồn" in page and "Tên mới" in page


def test_sheets_are_marked_vietnamese_on_an_english_page(
    client: Client, pilot_plan: AnnualPlan, centre_head: User
) -> None:
    client.force_login(centre_head)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = lxml.html.fromstring(client.get(ASKED).content.decode())
    rows = page.xpath("//table[contains(@class, 'ledger')]//tbody/tr")
    assert rows and all(row.xpath("td[1]/@lang | td[3]/span/@lang") == ["vi", "vi"] for row in rows)


def test_what_would_be_frozen_can_be_read_first(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    """The button is final: the file, and the print where there is one, are at hand and show what will be kept."""
    client.force_login(centre_head)
    for kind, papers in (("annual", 0), ("annual_draft", 0), ("form_2", 0), ("source-content", 1), ("period", 0)):
        asked = "year=2006&period=q2" if kind == "period" else "year=2006"
        page = lxml.html.fromstring(client.get(f"{NEW}?kind={kind}&{asked}").content.decode())
        *paper, file = page.xpath("//p[@class='preview']/a/@href")
        assert len(paper) == papers and all(client.get(one).status_code == 200 for one in paper)
        draft = build_draft(kind, centre_head, dict(parse_qsl(asked)), timezone.localdate())
        assert cells_of(client.get(file).content) == cells_of(render(draft.book)), kind
        others = page.xpath("//ul[@class='others']/li")
        assert len(others) == (2 if kind in ANNUAL_KINDS else 0), "one to a line"


def test_differences_stand_in_columns_the_total_first(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, centre_staff: User, department_head: User
) -> None:
    report = submit(centre_head)
    approve_one_more(pilot_plan, centre_staff, centre_head, department_head)
    client.force_login(centre_head)
    page = lxml.html.fromstring(client.get(report.get_absolute_url()).content.decode())
    table = page.xpath("//table[contains(@class, 'changes')]")[0]
    heads = ["Mục", "Cột", "Khi chốt", "Hiện nay", "Chênh lệch"]
    assert [head.text for head in table.xpath(".//thead//th")] == heads
    first, *_others = table.xpath(".//tbody/tr")
    assert [cell.text_content() for cell in first] == ["Tổng cộng", "Tổng kinh phí", "167", "192,5", "+25,5"]
    assert [cell.get("class") for cell in first] == ["title", None, "num", "num", "num"]


def test_second_press_is_answered_in_words(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    client.force_login(centre_head)
    data = TYPED | seen_on(client.get(ASKED).content.decode())
    assert client.post(ASKED, data).status_code == 302
    again = client.post(ASKED, data)
    assert again.status_code == 422 and SubmittedReport.objects.count() == 1
    assert "không chốt lần thứ hai" in again.content.decode()
    assert f'href="{SubmittedReport.objects.get().get_absolute_url()}"' in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"submitted_on": ""}, "Hãy nhập ngày báo cáo"),
        ({"submitted_on": "31/31/2007"}, "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"submitted_on": "01/01/2099"}, "Ngày báo cáo không được sau hôm nay"),
        ({"number": "x" * 61}, "60"),
        ({"seen": "0" * 64}, "Số liệu đã thay đổi"),
    ],
)
def test_wrong_field_keeps_what_was_typed(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, typed: dict[str, str], said: str
) -> None:
    client.force_login(centre_head)
    data = TYPED | seen_on(client.get(ASKED).content.decode()) | typed
    answer = client.post(ASKED, data)
    assert answer.status_code == 422 and not SubmittedReport.objects.exists()
    assert said in answer.content.decode() and "Hộ bà Hoa" in answer.content.decode()


@pytest.mark.parametrize("asked", ["", "?kind=annual", "?kind=other&year=2006", "?kind=annual&year=2031"])
def test_wrong_question_is_answered_in_words(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, asked: str
) -> None:
    client.force_login(centre_head)
    answer = client.get(NEW + asked)
    assert answer.status_code == 404 and "Chưa chốt được báo cáo" in answer.content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_everybody_of_the_scope_reads_and_only_the_head_submits(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, role: str, request: pytest.FixtureRequest
) -> None:
    report = submit(centre_head)
    client.force_login(request.getfixturevalue(role))
    assert report.title in client.get(LIST).content.decode()
    assert client.get(report.get_absolute_url()).status_code == 200
    assert client.get(reverse("reports:submitted_xlsx", args=[report.pk])).status_code == 200
    may = role == "centre_head"
    assert client.get(ASKED).status_code == (200 if may else 403)
    annual = client.get(reverse("reports:annual"), {"year": "2006"}).content.decode()
    assert ("why-not-submit" in annual) is not may


def test_department_head_is_told_how_to_submit_the_own_report(
    client: Client, pilot_plan: AnnualPlan, department_head: User
) -> None:
    client.force_login(department_head)
    assert "Chọn đơn vị là Sở" in client.get(reverse("reports:annual"), {"year": "2006"}).content.decode()
    asked = f"{ASKED}&organisation={there(pilot_plan.organisation.parent).code}"
    assert client.post(asked, TYPED | seen_on(client.get(asked).content.decode())).status_code == 302
    assert SubmittedReport.objects.get().organisation == pilot_plan.organisation.parent


def test_report_of_the_department_is_not_the_centres_to_read(
    client: Client, pilot_plan: AnnualPlan, department_head: User, centre_head: User, stranger: User
) -> None:
    report = submit(department_head, organisation=there(pilot_plan.organisation.parent).code)
    for other in (centre_head, stranger):
        client.force_login(other)
        assert report.title not in client.get(LIST).content.decode()
        for name in ("submitted_detail", "submitted_xlsx"):
            assert client.get(reverse(f"reports:{name}", args=[report.pk])).status_code == 404


def test_list_is_narrowed_by_year_and_organisation(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head)
    client.force_login(centre_head)
    for asked, is_there in (
        ({"year": "2006"}, True),
        ({"organisation": report.organisation.code}, True),
        ({"year": "2031"}, False),
    ):
        assert (report.get_absolute_url() in client.get(LIST, asked).content.decode()) is is_there


def test_list_asks_no_more_of_many(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    client.force_login(centre_head)
    counts = []
    for days in ((5,), (6, 7, 8)):
        for day in days:
            submit(centre_head, as_of=f"0{day}/07/2006")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        counts.append(len(queries))
        assert not any('"reports_submittedreport"."book"' in query["sql"] for query in queries)
    assert page.content.decode().count("Như đã chốt") == 4
    assert counts[0] == counts[1] <= 9


def test_book_that_was_tampered_with_is_shouted_about(
    client: Client, pilot_plan: AnnualPlan, centre_head: User
) -> None:
    report = submit(centre_head)
    client.force_login(centre_head)
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_submittedreport SET book = '{}'")
    install_triggers()
    page = client.get(report.get_absolute_url())
    assert page.status_code == 200 and "không còn đúng như khi chốt" in page.content.decode()
    file = client.get(reverse("reports:submitted_xlsx", args=[report.pk]))
    assert file.status_code == 409 and "Mã kiểm tra không khớp" in file.content.decode()


def test_page_in_english_compares_vietnamese_books(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    report = submit(centre_head)
    client.force_login(centre_head)
    client.cookies["django_language"] = "en"
    page = client.get(report.get_absolute_url())
    assert page.context["comparison"].differences == []
