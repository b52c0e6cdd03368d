"""The yearly page and workbook as of a day, and as recorded by one: the same figures, said in titles and file name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.asof import NOW, AsOf
from khuyencong.money import format_million
from programmes.models import AnnualPlan
from projects.figures.plan_grid import plan_grid
from projects.models import Project
from reports.annual.roll_up_table import roll_up_table
from reports.asking.selection import select_plans
from tests.kept import kept
from tests.reports.books import SheetReader, annual_bytes, read_book
from tests.reports.opened import figures_that_open_to_their_rows
from tests.stories import BULLETIN, EMBROIDERY, WEAVING, day, tell_year

pytestmark = pytest.mark.django_db

PAGE, FILE, LIST = reverse("reports:annual"), reverse("reports:annual_xlsx"), reverse("projects:project_list")
DAYS = [
    NOW,
    AsOf(day(6, 15)),
    AsOf(day(6, 30)),
    AsOf(day(6, 30), day(6, 30)),
    AsOf(day(8, 31)),
    AsOf(day(9, 30), day(9, 30)),
    AsOf(day(11, 30)),
    AsOf(None, day(9, 5)),
]
COLUMNS = ("Kế hoạch", "Sau điều chỉnh", "Thực hiện")


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_year(people)


def figures(sheet: SheetReader, row: int) -> list[str]:
    return [str(sheet.value(row, title)).replace(".", ",").removesuffix(",0") for title in COLUMNS]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_page_and_workbook_show_the_figures_of_the_plan(
    client: Client, observer: User, plan: AnnualPlan, as_of: AsOf
) -> None:
    client.force_login(observer)
    grid = plan_grid([plan], as_of)
    wanted = [format_million(vnd) for vnd in (grid.initial_vnd, grid.money.approved_vnd, grid.money.executed_vnd)]
    page = client.get(PAGE, {"year": "2006"} | as_of.parameters)
    total = {str(figure.column.title): figure.text for figure in page.context["ledger"].total}
    assert [total[title] for title in ("Được duyệt lần đầu", "Sau điều chỉnh", "Thực hiện")] == wanted
    assert not as_of or f"<strong>{as_of}.</strong>" in page.content.decode()
    results = read_book(annual_bytes(observer, as_of=as_of))["Kết quả"]
    if grid.money.approved_vnd is None:
        assert "Chưa có đề án nào được phê duyệt." in results.texts()
        return
    assert figures(results, results.row_of("Tổng cộng (2 đề án)")) == wanted
    for row in grid.rows:
        printed = results.row_of(row.project.name)
        assert figures(results, printed) == [
            format_million(vnd) for vnd in (row.initial_vnd, row.money.approved_vnd, row.money.executed_vnd)
        ]
        assert results.value(printed, "Tình trạng").startswith(str(row.project.shown_status.label))
        assert results.value(printed, "Địa điểm") == row.project.places.all()[0].full_name


def test_projects_stand_in_the_area_and_state_of_the_day(observer: User, plan: AnnualPlan) -> None:
    def areas(as_of: AsOf) -> dict[str, Any]:
        sheet = read_book(annual_bytes(observer, as_of=as_of))["Theo địa bàn"]
        rows = [row for name in ("Huyện Kiến Thụy", "Huyện Tiên Lãng") for row in sheet.rows_of(name)]
        return {sheet.shown.cell(row, 2).value: sheet.value(row, "Được duyệt") for row in rows}

    assert areas(AsOf(day(7, 31))) == {"Huyện Kiến Thụy": 45, "Huyện Tiên Lãng": 60}
    assert areas(AsOf(day(7, 31), day(7, 31))) == {"Huyện Kiến Thụy": 40, "Huyện Tiên Lãng": 60}
    assert areas(AsOf(day(9, 30))) == {"Huyện Kiến Thụy": 95}
    sheets = read_book(annual_bytes(observer, as_of=AsOf(day(9, 30))))
    results, listed = sheets["Kết quả"], sheets["Danh mục"]
    assert results.value(results.row_of(EMBROIDERY), "Kết quả") == "Đã làm tháng 8"
    assert results.value(results.row_of(WEAVING), "Ghi chú") in (None, "")
    assert listed.value(listed.row_of(EMBROIDERY), "Đơn vị thụ hưởng") == "Phụ nữ Kiến Thụy (nhóm)"
    assert "Đã làm tháng 7" in read_book(annual_bytes(observer, as_of=AsOf(day(8, 30))))["Kết quả"].texts()
    now = read_book(annual_bytes(observer))["Kết quả"]
    assert now.value(now.row_of(WEAVING), "Ghi chú") == "Ngừng thực hiện"


def test_titles_notes_and_file_name_say_both_days(client: Client, observer: User, plan: AnnualPlan) -> None:
    client.force_login(observer)
    as_of = AsOf(day(6, 30), day(7, 15))
    answer = client.get(FILE, {"year": "2006"} | as_of.parameters)
    name = "khuyen-cong-2006-tinh-den-2006-06-30-ghi-nhan-den-2006-07-15.xlsx"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    for sheet in read_book(answer.content).values():
        said = "(Số liệu tính đến ngày 30/06/2006, theo những gì đã ghi nhận đến hết ngày 15/07/2006)"
        assert said in sheet.texts()
    for sheet in read_book(annual_bytes(observer, as_of=AsOf(None, day(7, 15)))).values():
        assert "(Số liệu theo những gì đã ghi nhận đến hết ngày 15/07/2006)" in sheet.texts()
    for sheet in read_book(annual_bytes(observer)).values():
        assert not [text for text in sheet.texts() if "Số liệu" in text or "không tính tại ngày" in text]
    page = client.get(PAGE, {"year": "2006"} | as_of.parameters).content.decode()
    days = "as_of=30%2F06%2F2006&amp;recorded=15%2F07%2F2006"
    assert page.count(f'href="{FILE}?year=2006&amp;{days}') == 3, "both files, and the one at hand on a phone"


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_every_figure_of_a_day_opens_to_just_its_rows(
    client: Client, observer: User, plan: AnnualPlan, as_of: AsOf
) -> None:
    client.force_login(observer)
    found = roll_up_table(select_plans(observer, 2006), as_of)
    assert figures_that_open_to_their_rows(client, found) > 15


def test_refused_project_counts_as_long_as_it_was_not_refused(observer: User, plan: AnnualPlan) -> None:
    def listed(as_of: AsOf) -> list[int]:
        return read_book(annual_bytes(observer, as_of=as_of, is_draft=True))["Danh mục"].rows_of(BULLETIN)

    assert listed(AsOf(day(2, 15))) and listed(AsOf(day(3, 1), day(3, 1)))
    assert not listed(AsOf(day(3, 1))) and not listed(NOW)
    assert Project.objects.get(name=BULLETIN).status == "refused"
