"""The year and the period as official documents: the rows of their pages, in Vietnamese, with a place to sign."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.paper.fitting import EM_MM, PAGE_MM, longest, padding_mm, sizes_for, type_class
from khuyencong.translations import ROOT
from programmes.models import AnnualPlan
from reports.printing.book import CellKind, Column, Group, Section, Sheet
from reports.printing.page_breaks import LEFT_MM, RIGHT_MM, TOP_MM
from reports.printing.paper import paper_table
from tests.kept import kept
from tests.reports.pages import address, words_of
from tests.reports.quarters import tell_quarters

pytestmark = pytest.mark.django_db

YEAR, PERIOD = {"year": "2006"}, {"year": "2006", "period": "q2"}
PRINTS = {"annual": YEAR, "period": PERIOD}


@pytest.fixture
@kept
def plan(people: dict[str, User]) -> AnnualPlan:
    return tell_quarters(people)


def rows_of(client: Client, url: str, asked: dict[str, str]) -> list[list[str]]:
    """The texts of each row with figures, without those that are empty."""
    page = lxml.html.fromstring(client.get(url, asked).content.decode())
    rows = [row for row in page.xpath("//tbody/tr | //tfoot/tr") if any("num" in cell.classes for cell in row)]
    return [[text for cell in row if (text := " ".join(cell.text_content().split()))] for row in rows]


@pytest.mark.parametrize(("name", "asked"), PRINTS.items())
def test_print_has_the_rows_of_the_page(
    client: Client, plan: AnnualPlan, reviewer: User, name: str, asked: dict[str, str]
) -> None:
    client.force_login(reviewer)
    shown = rows_of(client, reverse(f"reports:{name}"), asked)
    printed = rows_of(client, reverse(f"reports:{name}_print"), asked)
    if name == "annual":  # paper numbers the rows
        printed = [row[1:] if row[0] != "Tổng cộng" else row for row in printed]
    assert len(shown) > 5 and printed == shown


@pytest.mark.parametrize(("name", "asked"), PRINTS.items())
def test_page_leads_to_its_print_and_is_no_document_itself(
    client: Client, plan: AnnualPlan, reviewer: User, name: str, asked: dict[str, str]
) -> None:
    client.force_login(reviewer)
    client.cookies["django_language"] = "en"
    page = client.get(reverse(f"reports:{name}"), asked).content.decode()
    query = "&amp;".join(f"{key}={value}" for key, value in asked.items())
    assert f'href="{reverse(f"reports:{name}_print")}?{query}"' in page and "CỘNG HÒA" not in page
    paper = words_of(client.get(reverse(f"reports:{name}_print"), asked).content)
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Đơn vị tính: Triệu đồng", "GIÁM ĐỐC", "năm ……", "A B 1 2"):
        assert said in paper
    assert paper.count("GIÁM ĐỐC") == 1
    assert "Total" not in paper and "Click" not in paper


@pytest.mark.parametrize(("name", "asked"), PRINTS.items())
def test_print_answers_as_its_page_when_there_is_nothing(
    client: Client, plan: AnnualPlan, stranger: User, name: str, asked: dict[str, str]
) -> None:
    client.force_login(stranger)
    assert client.get(reverse(f"reports:{name}_print"), asked).status_code == 404
    assert client.get(reverse(f"reports:{name}_print"), {"year": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["report_detail", "report_print"])
def test_a_column_without_a_group_takes_both_rows_of_the_header(
    client: Client, plan: AnnualPlan, reviewer: User, name: str
) -> None:
    client.force_login(reviewer)
    page = lxml.html.fromstring(client.get(address("disbursement", "year=2006&period=q2", name=name)).content.decode())
    top, below = page.xpath("//thead/tr[not(@class)]")
    assert [cell.text_content() for cell in top if cell.get("colspan")] == ["Trong kỳ"]
    assert all(cell.text_content() for cell in [*top, *below]), "no empty box"
    assert {cell.get("rowspan") for cell in top if not cell.get("colspan")} == {"2"}
    assert len(below) == int(top.xpath("./th[@colspan]")[0].get("colspan"))


@dataclass(frozen=True)
class Line:
    number: int
    name: str
    paid_vnd: int


def sheet_of(*counts: int) -> Sheet:
    """Sections of so many rows."""
    columns = (
        Column("number", "STT", 5, CellKind.CENTRED),
        Column("name", "Tên", 30),
        Column("paid_vnd", "Chi", 15, CellKind.MONEY),
    )
    sections = [
        Section("I", f"Nguồn {place}", [Group("", [Line(n, f"Đề án {n}", 1) for n in range(count)])], "Cộng")
        for place, count in enumerate(counts)
    ]
    return Sheet("Biểu", "BIỂU", columns, sections, "Tổng cộng")


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ((5,), ["Đề án 3", "Đề án 4", "Cộng", "Tổng cộng"]),
        ((3, 2), ["Nguồn 1", "Đề án 0", "Đề án 1", "Cộng", "Tổng cộng"]),
        ((1,), ["Nguồn 0", "Đề án 0", "Cộng", "Tổng cộng"]),
        ((), []),
    ],
)
def test_last_rows_stay_with_their_sums_and_headings(counts: tuple[int, ...], kept: list[str]) -> None:
    table = paper_table(sheet_of(*counts))
    assert [row.cells[1].text for row in table.end] == kept
    assert [width for width, _label in table.columns] == ["10.0%", "60.0%", "30.0%"]


def test_a_day_in_a_narrow_column_is_neither_broken_nor_over_its_edge() -> None:
    """Centred words have the room they need, at the cost of texts; more than one line is fine, half a date is not."""
    columns = (
        Column("number", "STT", 5, CellKind.CENTRED),
        Column("name", "Tên đề án", 60),
        Column("done", "Khối lượng đã thực hiện", 60),
        Column("due", "Dự kiến hoàn thành", 5, CellKind.CENTRED),
    )
    rows = [{"number": 1, "name": "Đào tạo nghề", "done": "Đã mở lớp", "due": "30/11/2024"}]
    sheet = Sheet("Biểu", "BIỂU", columns, [Section("", "", [Group("", rows)])], "")
    table = paper_table(sheet)
    [size] = [size for size in sizes_for(len(columns)) if type_class(size) == table.type_class]
    due_mm = float(table.columns[-1][0].rstrip("%")) / 100 * PAGE_MM
    assert due_mm >= padding_mm(size) + longest(["30/11/2024"]) * size * EM_MM


def test_wide_prints_keep_the_margins_of_the_decree() -> None:
    """20 mm above and below, 30 left, 15 right, upright or not; columns are measured by what is left."""
    style = (ROOT / "static/css/document.css").read_text(encoding="utf-8")
    assert style.count("margin: 20mm 15mm 20mm 30mm;") == 2 == style.count("{ size: A4")
    assert (TOP_MM, RIGHT_MM, LEFT_MM) == (20, 15, 30) and PAGE_MM == 297 - LEFT_MM - RIGHT_MM
