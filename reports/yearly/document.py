"""The yearly report (field-rules §2) as a Word document: three blocks, tables filled, room for the office's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from khuyencong.money import NOT_RECORDED, format_million
from khuyencong.official import UNIT_LINE
from khuyencong.paper.word import OfficialDocument
from khuyencong.paper.word_columns import WordColumn, WordRow
from khuyencong.paper.word_styles import CENTRE, LISTED, RIGHT
from projects.ledger.optional_amounts import add
from reports.annual.rows import ProjectRow
from reports.printing.book import Section
from reports.wording.notes import bracketed
from reports.yearly.facts import Figures, OwnWords, Trouble, YearlyReport
from reports.yearly.sentences import (
    last_year_sentences,
    next_year_sentences,
    nobody_late,
    opening_sentence,
    rate_text,
    this_year_sentences,
    trouble_sentences,
)

RATE = "Tỷ lệ %"
UNPAID_NOTE = (
    "Dấu “–” là chưa có số liệu. Còn chưa chi: sau điều chỉnh trừ đã chi. "
    "Đề án có nhiều nguồn tính một lần ở dòng tổng cộng."
)


def yearly_docx(report: YearlyReport) -> bytes:
    """The file; the same report always gives the same words."""
    year = report.year
    title = f"Kết quả công tác khuyến công năm {year}, phương hướng nhiệm vụ năm {year + 1}"
    document = OfficialDocument(title=f"Báo cáo {title[0].lower()}{title[1:]}", author=report.head.issuer)
    document.letterhead(report.head)
    document.title("BÁO CÁO", title, bracketed(report.scope, report.as_of))
    document.paragraph(opening_sentence(report))
    _write_all(document, report.starts)
    _write_last_year(document, report)
    _write_this_year(document, report)
    _write_next_year(document, report)
    document.room("Kiến nghị, đề xuất của đơn vị với cấp trên")
    superior = report.head.superior
    receivers = [*([f"- {superior} (để báo cáo);"] if superior else []), "- ……………………;", "- Lưu: VT, ……"]
    document.signature(report.head, receivers)
    return document.bytes()


def _write_last_year(document: OfficialDocument, report: YearlyReport) -> None:
    block = report.last
    document.heading(f"I. KẾT QUẢ CÔNG TÁC KHUYẾN CÔNG NĂM {block.year}", 1)
    _write_all(document, last_year_sentences(report))
    if block.schedule.project_count:
        document.heading("1. Theo nguồn kinh phí", 2)
        _write_results(document, "Nguồn kinh phí", block.sources, block.total, has_assigned=True)
        document.heading("2. Theo nội dung hoạt động", 2)
        _write_results(document, "Nội dung hoạt động", block.contents, block.total, has_assigned=False)
    document.heading("3. Đánh giá chung" if block.schedule.project_count else "Đánh giá chung", 2)
    prompt = f"Đánh giá của đơn vị về kết quả năm {block.year}: kết quả đạt được, tồn tại, nguyên nhân"
    _write_own_words(document, report.last_words, prompt)


def _write_this_year(document: OfficialDocument, report: YearlyReport) -> None:
    block = report.this
    document.heading(f"II. TÌNH HÌNH THỰC HIỆN NĂM {block.year}", 1)
    _write_all(document, this_year_sentences(report))
    document.heading("1. Kinh phí theo nguồn", 2)
    names = ("assigned_vnd", "initial_vnd", "approved_vnd", "paid_vnd", "unpaid_vnd")
    titles = ("Được giao", "Được duyệt lần đầu", "Sau điều chỉnh", "Đã chi", "Còn chưa chi")
    columns = _figure_columns("Nguồn kinh phí", titles, first="Số đề án")
    rows = [[str(one.project_count), *_money(one, *names)] for one in (*block.sources, block.total)]
    _write_table(document, columns, [one.label for one in block.sources], rows, UNPAID_NOTE)
    document.heading("2. Theo địa bàn", 2)
    columns = _figure_columns("Địa bàn", ("Được duyệt", "Thực hiện", RATE), first="Số đề án")
    rows = [
        [str(one.project_count), *_money(one, "approved_vnd", "executed_vnd"), rate_text(one.executed_rate)]
        for one in (*block.areas, block.total)
    ]
    _write_table(document, columns, [one.label for one in block.areas], rows)
    _write_troubles(document, "3. Đề án chậm tiến độ và nguyên nhân", report.late, nobody_late(block.schedule))
    nothing = "[Khó khăn, kiến nghị của các đề án, nếu có: ……]"
    _write_troubles(document, "4. Khó khăn, kiến nghị theo báo cáo tiến độ", report.difficulties, nothing)
    document.heading("5. Đánh giá chung", 2)
    _write_own_words(
        document, report.this_words, f"Đánh giá của đơn vị về tình hình năm {block.year}, biện pháp đã làm"
    )
    if report.sections:
        document.turn(is_landscape=True)
        stage = "đề nghị" if report.is_draft else "được duyệt"
        document.heading(f"6. Danh mục và tình trạng đề án {stage} năm {block.year}", 2)
        _write_projects(document, report.sections, is_draft=report.is_draft)
        document.turn(is_landscape=False)


def _write_next_year(document: OfficialDocument, report: YearlyReport) -> None:
    block = report.next
    document.heading(f"III. PHƯƠNG HƯỚNG NHIỆM VỤ NĂM {block.year}", 1)
    _write_all(document, next_year_sentences(report))
    if block.schedule.project_count:
        columns = _figure_columns("Nguồn kinh phí", ("Đề nghị", "Được duyệt"), first="Số đề án")
        rows = [
            [str(one.project_count), *_money(one, "requested_vnd", "approved_vnd")]
            for one in (*block.sources, block.total)
        ]
        _write_table(document, columns, [one.label for one in block.sources], rows)
    prompt = f"Mục tiêu, nhiệm vụ trọng tâm và giải pháp năm {block.year} của đơn vị"
    _write_own_words(document, report.next_words, prompt, lines=5)


def _write_all(document: OfficialDocument, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        document.paragraph(sentence)


def _write_own_words(document: OfficialDocument, words: Sequence[OwnWords], prompt: str, lines: int = 3) -> None:
    """What the office wrote on its plan's page, line by line; room to write it where there is nothing."""
    if not words:
        document.room(prompt, lines)
    for one in words:
        if one.office:
            document.paragraph(f"{one.office}:")
        _write_all(document, filter(None, map(str.strip, one.text.splitlines())))


def _write_results(
    document: OfficialDocument, label: str, lines: Sequence[Figures], total: Figures, *, has_assigned: bool
) -> None:
    """Assigned, approved, done, settled, with the shares of what was approved; contents are assigned nothing."""
    names = ("assigned_vnd",) * has_assigned + ("approved_vnd", "executed_vnd", "settled_vnd")
    titles = ("Được giao",) * has_assigned + ("Được duyệt", "Thực hiện", "Quyết toán")
    columns = _figure_columns(label, (*titles, "Thực hiện / duyệt, %", "Quyết toán / duyệt, %"), first="Số đề án")
    rows = [
        [str(one.project_count), *_money(one, *names), rate_text(one.executed_rate), rate_text(one.settled_rate)]
        for one in (*lines, total)
    ]
    _write_table(document, columns, [one.label for one in lines], rows)


def _figure_columns(label: str, titles: Sequence[str], *, first: str) -> list[WordColumn]:
    figures = (first, *titles)
    width = 110 / len(figures) if len(figures) > 5 else 18
    return [
        WordColumn("STT", 13, CENTRE, "A"),
        WordColumn(label, 152 - width * len(figures), label="B"),
        *(WordColumn(title, width, RIGHT, str(number)) for number, title in enumerate(figures, start=1)),
    ]


def _write_table(
    document: OfficialDocument,
    columns: Sequence[WordColumn],
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    note: str = "",
) -> None:
    """One row for each label, and the total below, which is the last of the rows."""
    found = [
        WordRow([str(number), label, *row]) for number, (label, row) in enumerate(zip(labels, rows, strict=False), 1)
    ]
    total = WordRow(["", "Tổng cộng", *rows[-1]], is_sum=True)
    document.table(columns, [*found, total], UNIT_LINE, note)


def _money(figures: Figures, *names: str) -> list[str]:
    return [_million(getattr(figures, name)) for name in names]


def _million(vnd: int | None) -> str:
    return format_million(vnd).replace("-", "−")


def _write_troubles(document: OfficialDocument, title: str, troubles: Sequence[Trouble], nothing: str) -> None:
    document.heading(title, 2)
    if not troubles:
        document.paragraph(nothing)
    for sentence in trouble_sentences(troubles):
        document.paragraph(sentence, LISTED)


def _write_projects(document: OfficialDocument, sections: Sequence[Section], *, is_draft: bool) -> None:
    """The rows of the workbook's “Kết quả”; of a draft what it asks for."""
    columns = [
        WordColumn("STT", 13, CENTRE, "A"),
        WordColumn("Tên đề án", 50, label="B"),
        WordColumn("Đơn vị thụ hưởng", 41, label="1"),
        WordColumn("Địa bàn", 34, label="2"),
        WordColumn("Đề nghị" if is_draft else "Được duyệt", 20, RIGHT, "3"),
        WordColumn("Thực hiện", 20, RIGHT, "4"),
        WordColumn("Tình trạng", 26, CENTRE, "5"),
        WordColumn("Kết quả", 50, label="6"),
    ]
    rows: list[WordRow] = []
    for section in sections:
        rows.append(WordRow([f"{section.numeral}. {section.title}"], is_heading=True))
        rows += [_project_row(row) for row in section.rows]
        rows.append(_sum_row(section.sum_title, list(section.rows)))
    everything = [row for section in sections for row in section.rows]
    count = len({row.project_id for row in everything})
    document.table(columns, [*rows, _sum_row(f"Tổng cộng ({count} đề án)", everything)], UNIT_LINE)


def _state_vnd(row: ProjectRow) -> int | None:
    return add(row.national_vnd, row.city_vnd)


def _project_row(row: ProjectRow) -> WordRow:
    words = [row.name, row.beneficiaries or NOT_RECORDED, row.places or NOT_RECORDED]
    figures = [_million(_state_vnd(row)), _million(row.executed_vnd)]
    return WordRow([str(row.number), *words, *figures, row.status, row.results or NOT_RECORDED])


def _sum_row(title: str, rows: Sequence[ProjectRow]) -> WordRow:
    figures = [_million(add(*map(_state_vnd, rows))), _million(add(*(row.executed_vnd for row in rows)))]
    return WordRow(["", title, "", "", *figures, "", ""], is_sum=True)
