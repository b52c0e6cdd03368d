"""The door to all reports: one year and organisation for every link, what is submitted, what is saved, who may what."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, Role, User
from programmes.models import AnnualPlan, DeadlineRule
from reports.catalogue.definitions import REPORTS
from reports.catalogue.groups import GROUPS
from reports.index.due import due_reports
from reports.index.forms import YearChoice
from reports.models import SavedView
from tests.factories import make_plan, make_project
from tests.people import make_person
from tests.reports.submitting import submit
from tests.there import there

pytestmark = pytest.mark.django_db

INDEX = reverse("reports:index")


def page_of(client: Client, query: str = "", status: int = 200) -> lxml.html.HtmlElement:
    answer = client.get(INDEX + query)
    assert answer.status_code == status
    return lxml.html.fromstring(answer.content.decode()).xpath("//main")[0]


def words_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def links_of(element: lxml.html.HtmlElement) -> dict[str, str]:
    """Addresses by words; a word read out only counts."""
    return {words_of(link): link.get("href") for link in element.xpath(".//a")}


def state_of(page: lxml.html.HtmlElement, title: str) -> str:
    """What is said beside the title of a report that has to be handed in."""
    [place] = page.xpath(f"//*[self::h3 or self::span][normalize-space()='{title}']/following-sibling::*[1]")
    return words_of(place).removesuffix(f" {title}")


@pytest.fixture
def second_centre(pilot_plan: AnnualPlan) -> Organisation:
    """Another Centre of the same Department, with a plan of 2007 alone."""
    other = Organisation.objects.create(
        code="tt-2", kind="centre", name="Trung tâm thứ hai", parent=pilot_plan.organisation.parent
    )
    staff = make_person(role="centre_staff", scope=other, username="staff-2")
    make_project(plan=make_plan(organisation=other, year=2007), by=staff, name="Của trung tâm thứ hai")
    return other


def test_every_report_stands_in_exactly_one_group() -> None:
    grouped = [code for _title, codes in GROUPS for code in codes]
    assert sorted(grouped) == sorted(report.code for report in REPORTS)


def test_every_link_carries_the_year_and_organisation_asked_for(
    client: Client, second_centre: Organisation, department_head: User
) -> None:
    client.force_login(department_head)
    page = page_of(client, "?year=2007&organisation=tt-2")
    links = [*page.xpath(".//section[@aria-labelledby='lookups' or @aria-labelledby='glance']//a/@href")]
    links += page.xpath(".//span[@class='due-links']/a/@href")
    assert len(links) == len(REPORTS) + 1 + 4 + 6 * 3 + 1 + 1
    for link in links:
        asked = parse_qs(urlsplit(link).query)
        assert (asked["year"], asked["organisation"]) == (["2007"], ["tt-2"]), link
        assert client.get(link).status_code == 200, link
    assert page.xpath(".//select[@name='organisation']/option[@selected]/@value") == ["tt-2"]
    assert "Đơn vị báo cáo: Trung tâm thứ hai." in words_of(page)


def test_without_a_question_the_newest_year_is_shown_and_the_others_fold_away(
    client: Client, second_centre: Organisation, department_head: User, centre_head: User
) -> None:
    client.force_login(department_head)
    page = page_of(client)
    assert "Tổng quan năm 2007" in words_of(page) and "Đơn vị báo cáo: Trung tâm thứ hai." in words_of(page)
    [others] = page.xpath(".//details")
    assert others.get("open") is None and links_of(others)["Báo cáo của năm 2006"] == "?year=2006"
    client.force_login(centre_head)
    own = page_of(client)
    assert "Tổng quan năm 2006" in words_of(own) and not own.xpath(".//select[@name='organisation']")
    assert not own.xpath(".//details"), "the Centre has this plan alone"


@pytest.mark.parametrize(
    ("query", "status", "field", "said"),
    [
        ("?year=abc", 400, "year", "Năm phải là số từ 2000 đến 2100, ví dụ 2006."),
        ("?year=1999", 400, "year", "Năm phải là số từ 2000 đến 2100, ví dụ 2006."),
        (f"?year={'9' * 5000}", 400, "year", "Năm phải là số từ 2000 đến 2100, ví dụ 2006."),
        ("?year=2006&organisation=xx", 400, "organisation", "Không có đơn vị này trong phạm vi bạn được xem."),
        ("?year=2031", 404, "", "Chưa có kế hoạch khuyến công năm 2031 trong phạm vi bạn được xem"),
        ("?year=2006&organisation=tt-2", 404, "", "Trung tâm thứ hai chưa có kế hoạch khuyến công năm 2006"),
    ],
)
def test_what_cannot_be_shown_is_said_in_words_with_the_years_that_can(
    client: Client, second_centre: Organisation, reviewer: User, query: str, status: int, field: str, said: str
) -> None:
    client.force_login(reviewer)
    page = page_of(client, query, status)
    where = page.xpath(f".//*[@id='id_{field}_error']") if field else page.xpath(".//*[@role='status']")
    assert said in words_of(where[0])
    [others] = page.xpath(".//details[@open]")
    assert any(words.startswith("Báo cáo của năm 2007") for words in links_of(others))
    assert not page.xpath(".//span[@class='due-links']")
    if status == 404:
        assert page.xpath(".//select[@name='year']/option[@selected]/@value") == [query[6:10]]


def test_a_stranger_is_not_told_of_the_organisation(
    client: Client, second_centre: Organisation, stranger: User
) -> None:
    client.force_login(stranger)
    for query in ("", "?year=2006"):
        assert "Chưa có kế hoạch năm nào để báo cáo." in words_of(page_of(client, query))
    assert "Trung tâm thứ hai" not in words_of(page_of(client, "?year=2007&organisation=tt-2", 400))


def test_submitted_reports_are_told_from_those_still_to_hand_in(
    client: Client, pilot_plan: AnnualPlan, centre_head: User, department_head: User
) -> None:
    submit(centre_head, on=dt.date(2007, 1, 5), as_of="30/06/2006")
    annual = submit(centre_head, on=dt.date(2007, 2, 6))
    quarter = submit(centre_head, kind="period", on=dt.date(2006, 4, 3), period="q1")
    above = submit(department_head, on=dt.date(2007, 3, 1), organisation=there(pilot_plan.organisation.parent).code)
    client.force_login(centre_head)
    page = page_of(client)
    assert state_of(page, "Báo cáo năm 2006") == "đã chốt 06/02/2007", "the newest of two"
    assert state_of(page, "Quý I") == "đã chốt 03/04/2006"
    for title in ("Quý II", "6 tháng đầu năm", "Mẫu số 2 (KCQG) năm 2006", "Danh mục dự thảo năm 2006"):
        assert state_of(page, title) == "chưa chốt"
    addresses = set(page.xpath(".//a[contains(@class, 'status')]/@href"))
    assert addresses == {annual.get_absolute_url(), quarter.get_absolute_url()}
    client.force_login(department_head)
    own = page_of(client, f"?organisation={above.organisation.code}")
    assert state_of(own, "Báo cáo năm 2006") == "đã chốt 01/03/2007", "each organisation has its own"
    assert state_of(own, "Quý I") == "chưa chốt"


@pytest.mark.parametrize("role", Role.values)
def test_only_who_may_submit_is_offered_it_and_others_read_why_not(
    client: Client, pilot_plan: AnnualPlan, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    page = page_of(client)
    offered = {words: link for words, link in links_of(page).items() if words.startswith("Chốt")}
    if role == "centre_head":
        assert len(offered) == 9 and {client.get(link).status_code for link in offered.values()} == {200}
    elif role == "department_head":
        assert not offered and "Chọn đơn vị là Sở để chốt báo cáo của Sở." in words_of(page)
    else:
        assert not offered and "Chỉ lãnh đạo Trung tâm được chốt báo cáo của Trung tâm." in words_of(page)


def test_periods_that_have_not_begun_are_said_and_not_linked(
    client: Client, pilot_plan: AnnualPlan, centre_head: User
) -> None:
    choice = YearChoice(2006, None, [pilot_plan])
    due = due_reports(centre_head, choice, dt.date(2006, 7, 1))
    begun = [report.title for report in due.periods if report.excel]
    assert begun == ["6 tháng đầu năm", "6 tháng cuối năm", "Quý I", "Quý II", "Quý III"]
    make_plan(organisation=pilot_plan.organisation, year=2099)
    client.force_login(centre_head)
    page = page_of(client, "?year=2099")
    assert words_of(page).count("chưa bắt đầu") == 6 and not page.xpath(".//*[@class='panel due-periods']//a")
    assert "Excel Báo cáo năm 2099" in links_of(page)


def test_form_2_says_by_when_it_has_to_be_registered(client: Client, pilot_plan: AnnualPlan, centre_head: User) -> None:
    DeadlineRule.objects.create(subject="registration", month=6, day=20)
    client.force_login(centre_head)
    assert (
        "Thời hạn đăng ký Mẫu số 2 của năm 2006 với Bộ Công Thương: trước ngày 20/06/2005 (chưa xác nhận)."
        in words_of(page_of(client))
    )


def test_saved_reports_say_whose_they_are_and_how_to_save_one(
    client: Client, pilot_plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    client.force_login(centre_staff)
    assert "Chưa có mẫu nào. Mở một báo cáo" in words_of(page_of(client))
    department = pilot_plan.organisation.parent
    view = {"report": "areas", "query": "year=2006&period=q2"}
    SavedView.objects.create(owner=department_head, name="Quý II", shared_with=department, **view)
    SavedView.objects.create(owner=centre_staff, name="Của tôi", **view)
    [saved] = page_of(client).xpath(".//section[@aria-labelledby='saved']")
    assert "Chưa có mẫu nào" not in words_of(saved)
    assert f"Quý II Theo địa bàn · Đỗ Mạnh Hùng chia sẻ trong {department}" in words_of(saved)
    assert len(saved.xpath(".//form")) == 1 and "Bỏ Của tôi" in words_of(saved), "only one's own can be thrown away"


def test_queries_do_not_grow_with_years_submissions_and_saved_views(
    client: Client, pilot_plan: AnnualPlan, centre_head: User
) -> None:
    client.force_login(centre_head)
    counts = []
    for more in (1, 5):
        for number in range(more):
            make_plan(organisation=pilot_plan.organisation, year=2000 + 10 * more + number)
            submit(centre_head, on=dt.date(2007, more, 1 + number))
            name = f"Mẫu {more} {number}"
            SavedView.objects.create(owner=centre_head, report="areas", name=name, shared_with=pilot_plan.organisation)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, "?year=2006")
        counts.append(len(queries))
        assert not any('"reports_submittedreport"."book"' in query["sql"] for query in queries)
    assert counts[0] == counts[1] <= 13, counts
