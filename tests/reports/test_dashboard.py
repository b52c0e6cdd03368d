"""The year at a glance: bars that say what the reports say, for each role, readable without colour."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from reports.asking.periods import period_of
from reports.catalogue import dashboard
from reports.catalogue.asked import Asked, AskForm
from reports.catalogue.dashboard import balanced, charts_for
from tests.factories import MILLION, district, make_plan, make_project, place_of
from tests.kept import kept
from tests.people import Tree
from tests.reports.pages import WRONG, words_of
from tests.reports.random_years import Years
from tests.there import there

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/dashboard/"


def page_of(client: Client, query: str = "year=2007") -> lxml.html.HtmlElement:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def of_class(element: lxml.html.HtmlElement, name: str) -> list[lxml.html.HtmlElement]:
    return element.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def drawn_in(element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """The rectangles of bars, without those that explain a word."""
    return element.xpath(".//*[@class='bar']/svg/rect")


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def order_of(page: lxml.html.HtmlElement) -> list[str]:
    return [section.get("id").removeprefix("chart-") for section in of_class(page, "chart")]


@pytest.fixture
@kept
def years(tree: Tree, people: dict[str, User]) -> Years:
    return Years(random.Random(11), tree.centre, people["centre_staff"])


def test_the_year_2006_at_a_glance(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["department_head"])
    page = page_of(client, "year=2006")
    [totals] = of_class(page, "totals")
    assert words(totals).startswith(
        "Số đề án 6 Được giao 313 Được duyệt (sau điều chỉnh) 313 Còn chưa phân bổ 0 Đã chi –"
    )
    [city] = [
        one for one in of_class(page.get_element_by_id("chart-sources"), "bar-group") if "địa phương" in words(one)
    ]
    assert words(city).endswith("Được giao 250 Được duyệt (sau điều chỉnh) 250 Đã chi – Còn chưa chi –")
    assert len(drawn_in(city)) == 2, "nothing is drawn of what is not recorded"
    areas = words(page.get_element_by_id("chart-areas"))
    assert "Huyện Tiên Lãng Sau điều chỉnh 110" in areas
    assert "Huyện Kiến Thụy, huyện Thủy Nguyên (chung) Sau điều chỉnh 50" in areas
    assert "Hồ sơ cũ Đúng tiến độ 6" in words(page.get_element_by_id("chart-status"))
    assert "Không có đề án nào đang thực hiện mà chậm tiến độ theo báo cáo mới nhất." in words(
        page.get_element_by_id("chart-late")
    )


@pytest.mark.parametrize("role", ["centre_staff", "accountant", "department_head"])
@pytest.mark.parametrize("query", ["year=2007", "year=2007&as_of=15/09/2007", "year=2007&period=q3&source=KCDP"])
def test_every_number_is_that_of_the_report_behind_it(
    years: Years, people: dict[str, User], client: Client, role: str, query: str
) -> None:
    """Beside each bar stands the figure of the full report, and its link opens to that very figure."""
    client.force_login(people[role])
    page = page_of(client, query)
    seen = 0
    for section, code in zip(of_class(page, "chart"), order_of(page), strict=True):
        report = client.get(f"{reverse('reports:report_detail', args=[code])}?{query}").content.decode()
        figures = {
            named(link.get("href")): link.text for link in lxml.html.fromstring(report).xpath("//td[@class='num']/a")
        }
        links = section.xpath(".//*[@class='bar']/p//a")
        behind = {named(link.get("href")): link.text for link in section.xpath(".//details//td[@class='num']/a")}
        for link in links:
            name = named(link.get("href"))
            assert link.text == figures[name] == behind[name], (code, name)
        seen += len(links)
        if links:
            assert f": {links[0].text} " in words_of(client.get(links[0].get("href")).content) + " "
    assert seen > 10


def named(address: str) -> tuple[str, ...]:
    """Which figure a link opens."""
    query = parse_qs(urlsplit(address).query)
    return tuple(query.get(name, [""])[0] for name in ("section", "row", "figure"))


def asked_of(user: User, **words: str) -> Asked:
    form = AskForm({"year": "2007"} | words, user=user, today=dt.date(2008, 6, 1))
    assert form.is_valid()
    return form.asked_for()


def test_bars_are_as_long_as_their_numbers(years: Years, people: dict[str, User]) -> None:
    for chart in charts_for("department_head", asked_of(people["department_head"])):
        bars = [bar for group in chart.groups for bar in group.bars]
        assert chart.groups and all(0 <= part.start + part.share <= 100.1 for bar in bars for part in bar)
        lengths = [sum(part.share for part in bar) for bar in bars]
        assert max(lengths) == pytest.approx(100, abs=0.1), chart.code
        for bar in bars:
            assert all(left.start + left.share == pytest.approx(right.start, abs=0.02) for left, right in pairwise(bar))
            assert all(part.share == 0 for part in bar if part.text == "–")
    sources = next(one for one in charts_for("", asked_of(people["department_head"])) if one.code == "sources")
    key = {fill: key for key, fill in sources.drawing.fills.items()}
    longest = max(row.values[name] or 0 for row in sources.table.rows for name in sources.drawing.fills)
    for row, group in zip(sources.table.rows, sources.groups, strict=True):
        for [part] in group.bars:
            assert part.share == pytest.approx(100 * (row.values[key[part.fill]] or 0) / longest, abs=0.01)


def test_no_bar_needs_its_colour(years: Years, people: dict[str, User], client: Client) -> None:
    """In a group each bar is filled in another way, has its name and its number in words, and is drawn in its place."""
    client.force_login(people["department_head"])
    for group in of_class(page_of(client), "bar-group"):
        drawn = [rect.get("class") for rect in drawn_in(group)]
        assert len(drawn) == len(set(drawn))
        for said in group.xpath(".//p/span"):
            assert len(words(said).split()) >= 2
        for rect in group.xpath(".//rect"):
            assert "," not in rect.get("x") + rect.get("width"), "a number of SVG has a point whatever the language"


def test_what_matters_most_to_a_role_comes_first(years: Years, people: dict[str, User], client: Client) -> None:
    found = {}
    for role, person in people.items():
        client.force_login(person)
        found[role] = order_of(page_of(client))
    assert {role: order[:2] for role, order in found.items()} == {
        "centre_staff": ["late", "status"],
        "centre_head": ["sources", "status"],
        "accountant": ["sources", "months"],
        "reviewer": ["status", "late"],
        "department_head": ["sources", "status"],
    }
    assert all(sorted(order) == ["areas", "late", "months", "sources", "status"] for order in found.values())


def test_a_centre_sees_its_own_year_and_a_stranger_nothing(
    years: Years, people: dict[str, User], stranger: User, client: Client
) -> None:
    client.force_login(people["centre_staff"])
    assert "trung-tam-hai " not in words(page_of(client)) and "Đề án" in words(page_of(client))
    client.force_login(people["department_head"])
    both = words(page_of(client))
    assert "trung-tam-hai năm 2007" in both and "Sở Công Thương Hải Phòng" in both
    client.force_login(stranger)
    answer = client.get(f"{ADDRESS}?year=2007")
    assert answer.status_code == 404 and "(không có nghĩa là bằng 0)" in words_of(answer.content)
    assert b"<rect" not in answer.content


def test_what_cannot_be_drawn_is_said_in_words(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    for query, status, said in WRONG:
        answer = client.get(f"{ADDRESS}?{query}")
        text = words_of(answer.content)
        said = "(không có nghĩa là bằng 0)" if status == 404 else said
        assert answer.status_code == status and said in text and "chart" not in answer.content.decode(), query


def test_a_year_planned_but_not_begun_draws_no_money(tree: Tree, centre_staff: User, client: Client) -> None:
    plan = make_plan(organisation=tree.centre, year=2030)
    make_project(plan=plan, by=centre_staff, name="Đề án đầu tiên", places=[place_of(plan)])
    client.force_login(centre_staff)
    page = page_of(client, "year=2030")
    assert "Đang lập Chưa báo cáo 1" in words(page.get_element_by_id("chart-status"))
    assert "Chưa có chứng từ nào trong phạm vi này." in words(page.get_element_by_id("chart-months"))
    assert not drawn_in(page.get_element_by_id("chart-areas"))


def test_of_many_rows_the_largest_are_drawn_and_the_rest_is_counted(
    years: Years, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "MAX_GROUPS", 3)
    charts = {one.code: one for one in charts_for("", asked_of(people["department_head"]))}
    areas, months = charts["areas"], charts["months"]
    amounts = [row.values["approved_vnd"] for row in areas.table.rows]
    values = sorted((one for one in amounts if one is not None), reverse=True)  # nothing is drawn of the others
    assert [group.bars[0][0].share for group in areas.groups] == [
        pytest.approx(100 * value / values[0], abs=0.01) for value in values[:3]
    ]
    assert areas.left_out == len(values) - 3 > 0
    assert [group.label for group in months.groups] == [row.label for row in months.table.rows[-3:]]
    assert len(areas.page.sections[0].rows) == len(areas.table.rows) > len(values), "the table has them all"


def test_queries_do_not_grow_with_projects(years: Years, tree: Tree, people: dict[str, User], client: Client) -> None:
    client.force_login(people["department_head"])
    counts = []
    for more in (0, 12):
        plan = tree.centre.plans.get(year=2007)
        for number in range(more):
            places = [district(f"32{number}", f"Huyện {number}")]
            make_project(
                plan=plan, by=people["centre_staff"], name=f"Thêm {number}", places=places, amounts={"KCDP": MILLION}
            )
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 60, counts


def test_of_one_day_the_charts_speak_of_that_day(years: Years, people: dict[str, User]) -> None:
    asked = asked_of(people["department_head"], as_of="15/09/2007")
    assert asked.as_of == AsOf(dt.date(2007, 9, 15)) and asked.period == period_of(2007)
    now, then = (
        {one.code: one for one in charts_for("", question)}["months"].table.total.values["paid_vnd"]
        for question in (asked_of(people["department_head"]), asked)
    )
    assert there(now) > there(then)


def test_the_columns_of_the_page_end_as_evenly_as_they_can() -> None:
    """A long list of areas stands alone beside the four others; without room to choose all stays as it was."""

    def chart(name: str, lines: int) -> Any:
        return SimpleNamespace(name=name, lines=lines)

    before = [chart("late", 4), chart("status", 10), chart("sources", 8), chart("areas", 36), chart("months", 17)]
    after: list[Any] = list(balanced(before))
    assert [one.name for one in after] == ["late", "status", "sources", "months", "areas"]
    even = [chart("late", 5), chart("status", 5), chart("sources", 5), chart("areas", 5)]
    assert balanced(even) == even
