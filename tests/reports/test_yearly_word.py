"""The yearly report as a Word document: figures of the roll-ups, three blocks, looks of an official document."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx.enum.section import WD_ORIENT

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.money import format_million
from khuyencong.paper.word import OfficialDocument
from khuyencong.paper.word_columns import WordColumn, WordRow
from projects.figures.dimensions import AREA, SOURCE
from projects.figures.rollups import roll_ups
from reports.asking.selection import select_plans
from reports.printing.book import Group, Section
from reports.yearly.document import yearly_docx
from reports.yearly.facts import Trouble
from reports.yearly.sentences import rate_text
from tests.factories import MILLION, make_plan, make_project
from tests.projects.accounting import write_accounts
from tests.reports.documents import DocumentReader, head_rows, read_yearly, yearly
from tests.stories import EMBROIDERY, WEAVING, cell_of, tell_year
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_2006_in_words_and_tables(people_2006: dict[str, User]) -> None:
    page = read_yearly(yearly(people_2006["reviewer"]))
    assert (
        "Năm 2006, kế hoạch khuyến công gồm 6 đề án, tổng kinh phí được duyệt 313 triệu đồng, trong đó "
        "kinh phí khuyến công quốc gia 63 triệu đồng, kinh phí khuyến công địa phương 250 triệu đồng."
    ) in page.texts
    assert "Cả 6 đề án được phê duyệt đều đúng tiến độ." in page.texts
    assert (
        "Thực hiện …… số …… ngày …… tháng …… năm …… của …… về việc …… và Công văn số 341/UBND-CN ngày 16 tháng 6 năm "
        "2006 của Ủy ban nhân dân thành phố Hải Phòng về việc phê duyệt kế hoạch khuyến công năm 2006, "
        "Trung tâm Khuyến công Hải Phòng báo cáo kết quả công tác khuyến công năm 2006, phương hướng nhiệm vụ năm "
        "2007 như sau:"
    ) in page.texts
    assert "Kèm theo" not in page.text
    assert "Tình trạng: 6 đề án đã thực hiện." in page.texts, "as the file says, not that a file says it"
    before = read_yearly(yearly(people_2006["reviewer"], as_of=AsOf(dt.date(2006, 12, 30))))
    assert "Tình trạng: 6 đề án đã phê duyệt." in before.texts, "a letter alone says so within the year"
    [sources] = page.rows("Nguồn kinh phí", "Đã chi")
    assert sources == {
        "Kinh phí khuyến công quốc gia": ["1", "63", "63", "63", "–", "–"],
        "Kinh phí khuyến công địa phương": ["5", "250", "250", "250", "–", "–"],
        "Tổng cộng": ["6", "313", "313", "313", "–", "–"],
    }
    [projects] = page.rows("Tên đề án")
    assert projects["Tổng cộng (6 đề án)"][2:4] == ["313", "–"]
    assert projects["Cộng (5 đề án)"][2] == "250"
    assert projects["Dự án đào tạo nghề thêu ren móc chỉ"][:3] == [
        "Công ty TNHH Thương mại Dũng Hồng",
        "Huyện Tiên Lãng",
        "60",
    ]
    assert (
        "Năm 2005, kế hoạch khuyến công gồm [……] đề án, tổng kinh phí được duyệt [……] triệu đồng; "
        "kinh phí thực hiện: [……] triệu đồng; quyết toán: [……] triệu đồng."
    ) in page.texts
    assert "Không có đề án nào đang thực hiện mà báo cáo tiến độ mới nhất ghi là chậm." in page.texts
    assert any(text.startswith("Kế hoạch, dự thảo kế hoạch năm 2007 gồm [……] đề án") for text in page.texts)


@pytest.mark.parametrize("as_of", [AsOf(), AsOf(dt.date(2006, 9, 30))])
def test_figures_are_those_of_the_roll_ups(people: dict[str, User], as_of: AsOf) -> None:
    tell_year(people)
    reader = people["reviewer"]
    found = roll_ups(select_plans(reader, 2006).plans, as_of)
    page = read_yearly(yearly(reader, as_of=as_of))
    [by_area] = page.rows("Địa bàn", "Số đề án")
    for row in found[AREA].rows:
        money = [format_million(row.money.approved_vnd), format_million(row.money.executed_vnd)]
        assert by_area[row.label][:3] == [str(row.schedule.project_count), *money]
    [by_source] = page.rows("Nguồn kinh phí", "Đã chi")
    whole = found[SOURCE]
    assert by_source["Tổng cộng"][:4] == [
        str(whole.schedule.project_count),
        *map(format_million, (whole.assigned_vnd, whole.initial_vnd, whole.money.approved_vnd)),
    ]


def test_last_year_with_its_settlement_and_next_year_with_its_draft(
    people: dict[str, User], centre_staff: User
) -> None:
    plan = tell_year(people)
    write_accounts(cell_of(plan, EMBROIDERY), people["accountant"], dt.date(2006, 12, 20))
    [sources] = read_yearly(yearly(people["reviewer"])).rows("Nguồn kinh phí", "Đã chi")
    assert sources["Tổng cộng"][2:] == ["105", "50", "60", "−10"]
    make_project(plan=make_plan(organisation=plan.organisation, year=2007), by=centre_staff, name="Gốm sứ")
    reader = people["department_head"]
    this = read_yearly(yearly(reader, 2006))
    [asked] = this.rows("Nguồn kinh phí", "Đề nghị")
    assert asked["Tổng cộng"] == ["1", "60", "–"]
    assert "Kế hoạch, dự thảo kế hoạch năm 2007 gồm 1 đề án, tổng kinh phí đề nghị: 60 triệu đồng" in this.text
    later = yearly(reader, 2007)
    assert later.is_draft and later.last.total.approved_vnd == 50 * MILLION
    page = read_yearly(later)
    [results] = page.rows("Nội dung hoạt động", "Quyết toán")
    total = later.last.total
    assert total.settled_vnd and total.executed_vnd == 30 * MILLION
    money = [format_million(one) for one in (total.approved_vnd, total.executed_vnd, total.settled_vnd)]
    assert results["Tổng cộng"][1:] == [*money, "60,0", rate_text(total.settled_rate)]
    assert (
        "Kinh phí được giao: 120 triệu đồng; kinh phí thực hiện theo báo cáo của các đề án: 30 triệu đồng, "
        in page.text
    )
    assert "kinh phí được duyệt: [……] triệu đồng." in page.text
    assert "[Đề án chậm tiến độ và nguyên nhân, nếu có: ……]" in page.texts
    [listed] = page.rows("Tên đề án", "Đề nghị")
    assert listed["Tổng cộng (1 đề án)"][2] == "60"


def test_late_projects_are_named_with_what_was_reported(people: dict[str, User]) -> None:
    tell_year(people)
    report = yearly(people["reviewer"])
    assert [(one.name, one.month) for one in report.late] == [(EMBROIDERY, dt.date(2006, 8, 1))]
    page = read_yearly(report)
    assert f"{EMBROIDERY} (báo cáo tháng 08/2006): [nguyên nhân: ……]." in page.texts
    said = "Trong 2 đề án được phê duyệt, có 1 đề án chậm tiến độ, 1 đề án chưa có báo cáo tiến độ."
    assert said in page.texts
    [projects] = page.rows("Tên đề án")
    assert projects[WEAVING][4].startswith("Ngừng thực hiện")


def test_document_has_three_blocks_and_the_looks_of_an_official_one(people_2006: dict[str, User]) -> None:
    page = read_yearly(yearly(people_2006["centre_head"], as_of=AsOf(dt.date(2006, 12, 31))))
    assert [text for text in page.headings if text[0] == "I"] == [
        "I. KẾT QUẢ CÔNG TÁC KHUYẾN CÔNG NĂM 2005",
        "II. TÌNH HÌNH THỰC HIỆN NĂM 2006",
        "III. PHƯƠNG HƯỚNG NHIỆM VỤ NĂM 2007",
    ]
    assert len([text for text in page.texts if text.startswith("[") and text.endswith("]")]) == 3, "room to write"
    assert "(Số liệu tính đến ngày 31/12/2006)" in page.texts
    orientations = [section.orientation for section in page.file.sections]
    assert orientations == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    for section in page.file.sections:
        assert round(there(section.left_margin).mm) == 30 and round(there(section.top_margin).mm) == 20
        assert sorted(round(there(side).mm) for side in (section.page_width, section.page_height)) == [210, 297]
    firsts = [section.different_first_page_header_footer for section in page.file.sections]
    assert firsts == [True, False, False]
    assert "PAGE" in page.file.sections[0].header._element.xml
    for table in page.tables:
        assert head_rows(table) == 2
        assert len(table._tbl.xpath("./w:tr[w:trPr/w:cantSplit]")) == len(table.rows)
        assert table.rows[-2]._tr.xpath(".//w:keepNext"), "the sum is not alone on its page"
    head, below = ([cell.text for cell in row.cells] for row in page.file.tables[0].rows)
    assert "SỞ CÔNG NGHIỆP HẢI PHÒNG\nTRUNG TÂM KHUYẾN CÔNG\nHẢI PHÒNG" in head[0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in head[1]
    assert below == ["Số: ……/BC-……", "Hải Phòng, ngày …… tháng …… năm ……"], "on one line"
    foot = [cell.text for cell in page.file.tables[-1].rows[0].cells]
    assert foot[0].startswith("Nơi nhận:") and foot[1].startswith("GIÁM ĐỐC")
    assert page.file.core_properties.language == "vi-VN"
    assert 'w:lang w:val="vi-VN"' in page.file.styles.element.xml
    assert {
        style.font.name for style in page.file.styles if style.name in ("Normal", "Title", "Heading 1", "Bảng")
    } == {"Times New Roman"}


HOSTILE = "\x00\x07=1+1 </w:t> & 🏭👩\u200d🏭 Thu\u0309y Nguye\u0302n \ufffe\ud800"


def hostile_document(reader: User) -> bytes:
    """Names of 500 letters, without a space to break at, and characters that XML can't hold."""
    report = yearly(reader)
    [section, *_others] = report.sections
    row = next(section.rows)
    rows = [replace(row, name="W" * 500, results=HOSTILE), replace(row, name="Đề án " * 83, beneficiaries=HOSTILE)]
    trouble = Trouble(HOSTILE, dt.date(2006, 8, 1), HOSTILE)
    return yearly_docx(
        replace(report, sections=[Section("I", HOSTILE, [Group("", rows)], "Cộng")], late=[trouble], basis=HOSTILE)
    )


def test_hostile_texts_are_plain_text(people_2006: dict[str, User]) -> None:
    page = DocumentReader(hostile_document(people_2006["reviewer"]))
    assert "Thực hiện =1+1 </w:t> & 🏭👩🏭 Thủy Nguyên" in page.text
    assert "W" * 500 in page.rows("Tên đề án")[0]


@pytest.mark.office
def test_libreoffice_prints_it(people_2006: dict[str, User], libreoffice: str, tmp_path: Path) -> None:
    source = tmp_path / "report.docx"
    source.write_bytes(hostile_document(people_2006["reviewer"]))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF") and 4 <= content.count(b"/Type/Page/") <= 8


def listed(count: int, words: int) -> tuple[list[WordColumn], list[WordRow]]:
    columns = [WordColumn("STT", 13), WordColumn("Tên đề án", 120), WordColumn("Kết quả", 120)]
    rows = [WordRow([str(number), "Đề án", "kết quả " * words]) for number in range(count)]
    return columns, [*rows, WordRow(["", "Tổng cộng", ""], is_sum=True)]


def size_of_type(is_new_page: bool, columns: list[WordColumn], rows: list[WordRow]) -> float:
    document = OfficialDocument(title="Báo cáo", author="Trung tâm")
    if is_new_page:
        document.turn(is_landscape=True)
    document.table(columns, rows)
    [size] = {run.font.size for run in document.file.tables[0].rows[-2].cells[1].paragraphs[0].runs}
    return size.pt if size else 12


def test_no_page_is_there_for_the_last_row_alone() -> None:
    """A list that nearly fits its page is set in smaller type; one that fills pages, or stands in the text, is not."""
    assert size_of_type(True, *listed(10, 8)) == 12
    assert size_of_type(True, *listed(21, 8)) < 12
    assert size_of_type(False, *listed(21, 8)) == 12
    assert size_of_type(True, *listed(30, 8)) == 12, "half a page is worth a page"


def test_short_table_fills_the_page_on_which_it_begins(people_2006: dict[str, User]) -> None:
    """A chain of rows kept together left half of the first page empty."""
    page = read_yearly(yearly(people_2006["reviewer"]))
    sources = page.tables[0]
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in sources.rows[head_rows(sources) :]]
    assert kept == [False, True, True], "the sum goes with the row before it, and the note with the sum"
