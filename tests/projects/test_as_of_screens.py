"""The same day asked on every page: the same figures, said in words, in links that keep the days."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from programmes.models import AnnualPlan
from projects.ledger.remainders import approved_cells
from projects.models import Project
from tests.factories import MILLION, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.stories import BULLETIN, EMBROIDERY, WEAVING, day, move, recorded, tell_year

pytestmark = pytest.mark.django_db

LIST = reverse("projects:project_list")
DAYS = [
    NOW,
    AsOf(day(2, 15)),
    AsOf(day(6, 15)),
    AsOf(day(6, 30)),
    AsOf(day(6, 30), day(6, 30)),
    AsOf(day(8, 31)),
    AsOf(day(9, 30), day(9, 30)),
    AsOf(day(11, 30)),
    AsOf(None, day(9, 5)),
    AsOf(None, day(1, 31)),
]


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_year(people)


def open_page(client: Client, address: str, as_of: AsOf, **asked: Any) -> Any:
    answer = client.get(address, asked | as_of.parameters)
    assert answer.status_code == 200, address
    if as_of:
        assert f"<strong>{as_of}.</strong>" in unescape(answer.content.decode()), address
    return answer


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_every_page_shows_the_same_figures(client: Client, observer: User, plan: AnnualPlan, as_of: AsOf) -> None:
    client.force_login(observer)
    grid = open_page(client, plan.get_absolute_url(), as_of).context["grid"]
    found = open_page(client, LIST, as_of, year="2006")
    totals = found.context["totals"]
    assert (totals["count"], totals["approved"]) == (grid.schedule.project_count, grid.money.approved_vnd)
    rows = {row.project.pk: row for row in grid.rows}
    assert {project.pk for project in found.context["projects"]} == set(rows)
    for project in found.context["projects"]:
        row, page = rows[project.pk], open_page(client, project.get_absolute_url(), as_of)
        single = page.context["project"]
        money = page.context["money"].total
        assert money == row.money and project.approved_vnd == money.approved_vnd
        for other in (project, single):
            assert other.shown_status == row.project.shown_status
            assert [str(place) for place in other.places.all()] == [str(place) for place in row.project.places.all()]
            assert [str(one) for one in other.supports.all()] == [str(one) for one in row.project.supports.all()]
            assert (other.name, other.end_on) == (row.project.name, row.project.end_on)
        assert f'data-status="{row.project.shown_status}"' in page.content.decode()


def test_page_of_the_plan_says_the_day_and_keeps_it_in_its_links(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    as_of = AsOf(day(9, 30), day(10, 19))
    page = open_page(client, plan.get_absolute_url(), as_of).content.decode()
    said = "Số liệu tính đến ngày 30/09/2006, theo những gì đã ghi nhận đến hết ngày 19/10/2006"
    assert said in page and "Được duyệt lần đầu" in page and "Sau điều chỉnh" in page
    days = "as_of=30%2F09%2F2006&amp;recorded=19%2F10%2F2006"
    assert page.count(f"year=2006&amp;organisation={plan.organisation.code}&amp;{days}") >= 3
    assert f"{Project.objects.get(name=EMBROIDERY).get_absolute_url()}?{days}#money" in page
    assert "Ghi nhận quyết định" not in page, "nothing is written into the past"
    today = client.get(plan.get_absolute_url()).content.decode()
    assert "Ghi nhận quyết định" in today and "<strong>Số liệu" not in today and "<details" in today
    for name, text in (("as_of", "30/09/2006"), ("recorded", "19/10/2006")):
        assert f'name="{name}" value="{text}"' in page


def test_total_of_a_former_area_or_status_opens_to_its_rows(client: Client, observer: User, plan: AnnualPlan) -> None:
    client.force_login(observer)

    def names(as_of: AsOf, **asked: str) -> set[str]:
        return {project.name for project in open_page(client, LIST, as_of, **asked).context["projects"]}

    july, late_knowledge = AsOf(day(7, 31)), AsOf(day(8, 31), day(8, 11))
    assert names(july, area="315") == names(late_knowledge, area="315") == {EMBROIDERY}
    assert names(july, area="314") == {WEAVING}
    assert names(NOW, area="314") == names(AsOf(day(8, 31)), area="314") == {EMBROIDERY, WEAVING}
    assert names(july, status="stopped") == set() and names(NOW, status="stopped") == {WEAVING}
    assert names(AsOf(day(3, 1), day(3, 1)), status="submitted") == {EMBROIDERY, WEAVING, BULLETIN}
    assert names(AsOf(day(7, 31)), schedule="on") == {EMBROIDERY} and names(NOW, schedule="on") == set()
    page = open_page(client, LIST, july, area="315", sort="status").content.decode()
    assert "Tiên Lãng" in page and '<input type="hidden" name="area" value="315">' in page


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"as_of": "hôm qua"}, "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"as_of": "31/02/2006"}, "Không có ngày 31/02/2006 trong lịch."),
        ({"as_of": "30/06/2006", "recorded": "30/06/06"}, "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"as_of": "TOMORROW"}, "Ngày này chưa đến"),
        ({"recorded": "TOMORROW"}, "Ngày này chưa đến"),
    ],
)
def test_wrong_day_is_refused_beside_the_field_and_no_figure_is_shown(
    client: Client, observer: User, plan: AnnualPlan, asked: dict[str, str], message: str
) -> None:
    client.force_login(observer)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    asked = {name: text.replace("TOMORROW", f"{tomorrow:%d/%m/%Y}") for name, text in asked.items()}
    project = Project.objects.get(name=EMBROIDERY)
    reports = reverse("reports:annual"), reverse("reports:annual_xlsx")
    for address in (plan.get_absolute_url(), LIST, project.get_absolute_url(), *reports):
        answer = client.get(address, asked | ({"year": "2006"} if address in (LIST, *reports) else {}))
        page = answer.content.decode()
        assert answer.status_code == 400, address
        field = "recorded" if "recorded" in asked else "as_of"
        assert f'<p class="invalid-feedback d-block" id="id_{field}_error">{message}' in page, address
        assert f'value="{asked[field]}"' in page
        assert 'class="num"' not in page and "data-status" not in page, address


def test_project_entered_later_says_so(client: Client, observer: User, plan: AnnualPlan) -> None:
    client.force_login(observer)
    address = Project.objects.get(name=EMBROIDERY).get_absolute_url()
    words = "Đến hết ngày đó đề án chưa được nhập"
    assert words in open_page(client, address, AsOf(None, day(1, 31))).content.decode()
    assert words not in open_page(client, address, AsOf(None, day(2, 1))).content.decode()


def queries(client: Client, address: str, as_of: AsOf, **asked: str) -> int:
    with CaptureQueriesContext(connection) as found:
        open_page(client, address, as_of, **asked)
    return len(found)


def test_queries_do_not_grow_and_a_day_costs_a_fixed_few(client: Client, people: dict[str, User]) -> None:
    """One more for what was changed since, and two for the places and people of then."""
    plan = tell_year(people)
    client.force_login(people["centre_staff"])
    pages = {plan.get_absolute_url(): {}, LIST: {"year": "2006"}, reverse("reports:annual"): {"year": "2006"}}
    days = (NOW, AsOf(day(11, 30)), AsOf(day(7, 31)), AsOf(day(7, 31), day(7, 31)))

    def count() -> dict[str, list[int]]:
        return {page: [queries(client, page, as_of, **asked) for as_of in days] for page, asked in pages.items()}

    before = count()
    with recorded(day(7, 1)):
        second = make_plan(organisation=plan.organisation, year=2007)
        for number in range(12):
            places = [district("314", "Huyện Kiến Thụy")]
            make_project(plan=plan, by=people["centre_staff"], name=f"Thêm {number}", places=places)
            make_project(plan=second, by=people["centre_staff"], name=f"Năm sau {number}")
        submit_all(plan=plan, by=people["centre_head"], on=day(7, 1))
    head = people["department_head"]
    more = dict.fromkeys(requested_cells(plan).keys() - approved_cells(plan).keys(), 60 * MILLION)
    more = {key: vnd for key, vnd in more.items() if Project.objects.get(lines=key[0]).name.startswith("Thêm")}
    with recorded(day(7, 2)):
        wealth = {"KCDP": 1_000 * MILLION}
        decide(plan=plan, by=head, assigned=wealth, approved=more, number="7/QĐ", on=day(7, 2), nature="supplement")
    with recorded(day(8, 20)):
        for number in range(12):
            move(
                plan,
                head,
                on=day(8, 20),
                number=f"8/{number}",
                to=("315", "Huyện Tiên Lãng"),
                group=f"Người {number}",
                name=f"Thêm {number}",
            )
    assert count() == before
    for now, *then in before.values():
        assert max(then) <= now + 3, before
