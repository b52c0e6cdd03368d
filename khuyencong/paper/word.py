"""An official document as a Word file (NĐ 30/2020): its page, styles, head, tables, room to write, signature.

Real Word styles and repeated heading rows, so that officials can go on writing in it. Nothing here reads the database.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, Twips
from docx.table import Table
from docx.text.paragraph import Paragraph

from khuyencong.official import DocumentHead
from khuyencong.paper.fitting import EM_MM
from khuyencong.paper.letterhead import HEAD_SIZE, MOTTO, RULE_OF_NAME, bold_width, offices, widest
from khuyencong.paper.official_paper import Signature
from khuyencong.paper.page import LANDSCAPE_MM, LEFT_MM, PORTRAIT_MM, RIGHT_MM, TOP_MM
from khuyencong.paper.word_columns import (
    CELL_PADDING_MM,
    SIZES,
    WordColumn,
    WordRow,
    fitted_columns,
    printable,
    squeezed_columns,
)
from khuyencong.paper.word_styles import (
    BODY,
    BOTH,
    CELL,
    CELL_SIZE,
    CENTRE,
    DOTS,
    HEAD_CELL,
    LABEL_CELL,
    LANGUAGE,
    LEFT,
    PLAIN,
    RIGHT,
    ROOM,
    SUM_CELL,
    TITLE_SIZE,
    UNIT,
    template,
)

TWIPS = 56.6929  # in a millimetre
HEAD_EM_MM = HEAD_SIZE * EM_MM
LAST_ROWS = 3  # of a table, that go with the signatures below it
JUSTIFIED = {LEFT: "left", CENTRE: "center", RIGHT: "right", BOTH: "both"}


class OfficialDocument:
    """Written from top to bottom."""

    def __init__(self, *, title: str, author: str, is_landscape: bool = False) -> None:
        self.file = Document(io.BytesIO(template()))
        self.width_mm = LANDSCAPE_MM if is_landscape else PORTRAIT_MM
        self.is_new_page = False  # of a table that gets a page of its own
        properties = self.file.core_properties
        properties.title, properties.author, properties.language = (
            printable(title)[:255],
            printable(author)[:255],
            LANGUAGE,
        )
        properties.comments, properties.last_modified_by = "", printable(author)[:255]
        properties.created = properties.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        first = self.file.sections[0]
        _set_page(first, is_landscape=is_landscape)
        first.different_first_page_header_footer = True
        _number_pages(first.header.paragraphs[0])

    def bytes(self) -> bytes:
        buffer = io.BytesIO()
        self.file.save(buffer)
        return buffer.getvalue()

    # Words

    def paragraph(self, text: str, style: str = BODY, align: Any = None, **looks: Any) -> Paragraph:
        """``looks``: bold, italic, size in points."""
        found = self.file.add_paragraph(style=style)
        _write(found, text, align, **looks)
        return found

    def heading(self, text: str, level: int) -> None:
        self.file.add_heading(printable(text), level)

    def title(self, kind: str, words: str, lines: Iterable[str]) -> None:
        """“BÁO CÁO” over what it is about, if that is said, with a line a third to a half as long; then the rest."""
        self.paragraph(kind, "Title")
        if words:
            self.paragraph(words, "Subtitle")
        longest_mm = min(bold_width(printable(words or kind)) * TITLE_SIZE * EM_MM, self.width_mm)
        _rule(self.file.add_paragraph(style=PLAIN), self.width_mm, RULE_OF_NAME * longest_mm)
        for line in lines:
            self.paragraph(line, PLAIN, CENTRE, italic=True)

    def room(self, prompt: str, lines: int = 3) -> None:
        """Where officials write their own words: what belongs here, in brackets, and dotted lines."""
        self.paragraph(f"[{prompt}]", ROOM)
        for _line in range(lines):
            dotted = self.file.add_paragraph("\t", style=DOTS)
            dotted.paragraph_format.tab_stops.add_tab_stop(
                Mm(self.width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )

    # Pages

    def turn(self, *, is_landscape: bool) -> None:
        """A new page of that orientation, for wide tables and back; page numbers run on."""
        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        _set_page(section, is_landscape=is_landscape)
        self.width_mm = LANDSCAPE_MM if is_landscape else PORTRAIT_MM
        self.is_new_page = is_landscape

    # Tables

    def table(self, columns: Sequence[WordColumn], rows: Sequence[WordRow], unit: str = "", note: str = "") -> None:
        """Its heading rows are repeated on each page; no row is split between two, no sum or note begins a page, and no
        last page is there for a row alone where a smaller type holds it."""
        if unit:
            self.paragraph(unit, UNIT)
        size, widths_mm = fitted_columns(columns, rows, self.width_mm, SIZES)
        if self.is_new_page:
            size, widths_mm = squeezed_columns(columns, rows, self.width_mm)
        self.is_new_page = False
        widths = [round(width * TWIPS) for width in widths_mm]
        table = self._grid(widths, "Table Grid")
        centred = [CENTRE] * len(widths)
        _add_row(table, [column.title for column in columns], widths, centred, HEAD_CELL, is_head=True, size=size)
        if any(column.label for column in columns):
            labels = [column.label for column in columns]
            _add_row(table, labels, widths, centred, LABEL_CELL, is_head=True)
        aligns = [column.align for column in columns]
        for row, below in zip_longest(rows, rows[1:]):
            style = SUM_CELL if row.is_sum or row.is_group or row.is_heading else CELL
            is_kept = row.is_heading or row.is_group or (below.is_sum if below else bool(note))
            here = [sum(widths)] if row.is_heading else widths
            _add_row(table, row.cells, here, aligns, style, is_kept=is_kept, size=size)
        if note:
            self.paragraph(note, PLAIN, BOTH, italic=True, size=12)
        self.file.add_paragraph(style=PLAIN)

    def _grid(self, widths: Sequence[int], style: str) -> Any:
        """A table without rows, of fixed widths: a long word may not push the others off the page."""
        table = self.file.add_table(rows=0, cols=len(widths), style=style)
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
        return self.file.element.body.tbl_lst[-1]

    def _cells(self, shares: Sequence[float], count: int) -> list[list[Any]]:
        """Rows of cells side by side without lines, each kept together on a page, and with the next."""
        widths = [round(share * self.width_mm * TWIPS) for share in shares]
        grid = self._grid(widths, "Normal Table")
        for _row in range(count):
            _add_row(grid, [""] * len(widths), widths, [CENTRE] * len(widths), PLAIN, is_kept=True)
        return [list(row.cells) for row in self.file.tables[-1].rows]

    # Head and foot of the document

    def letterhead(self, head: DocumentHead, number: str = "Số: ……/BC-……") -> None:
        """Number, if the paper bears one, and date stand on one line, below whichever of the two names takes more."""
        shares = (0.44, 0.56)
        widths = [share * self.width_mm for share in shares]
        (left, right), (numbered, dated) = self._cells(shares, 2)
        room = (widths[0] - CELL_PADDING_MM) / HEAD_EM_MM
        superior, issuer = offices(head, room)
        _fill(left, [(line, {"size": HEAD_SIZE}) for line in superior])
        _fill(left, [(line, {"bold": True, "size": HEAD_SIZE}) for line in issuer], is_more=bool(superior))
        _rule(left.add_paragraph(style=PLAIN), widths[0], RULE_OF_NAME * widest(issuer) * HEAD_EM_MM)
        _fill(right, [(MOTTO[0], {"bold": True, "size": 12}), (MOTTO[1], {"bold": True, "size": HEAD_SIZE})])
        _rule(right.add_paragraph(style=PLAIN), widths[1], bold_width(MOTTO[1]) * HEAD_EM_MM)
        _fill(numbered, [(number, {"size": HEAD_SIZE})])
        _fill(dated, [(head.place_and_date, {"italic": True, "size": HEAD_SIZE})])
        self.file.add_paragraph(style=PLAIN)

    def _keep_end(self) -> None:
        """The last rows or words so far go with what follows them."""
        for block in reversed(list(self.file.iter_inner_content())):
            if isinstance(block, Table):
                for row in block.rows[-LAST_ROWS:]:
                    for cell in row.cells:
                        for paragraph in cell.paragraphs:
                            paragraph.paragraph_format.keep_with_next = True
                return
            block.paragraph_format.keep_with_next = True
            if block.text:
                return

    def signature(self, head: DocumentHead, receivers: Sequence[str]) -> None:
        """Who gets it bottom left, who signs bottom right."""
        name = head.signer_name or "……………………"
        self.signatures([Signature(head.signer, name=name)], receivers)

    def signatures(self, signatures: Sequence[Signature], receivers: Sequence[str]) -> None:
        """Side by side, the highest on the right; left of them who gets the paper, where it is said. All names stand on
        one line, and no page is there for them alone."""
        self.file.add_paragraph(style=PLAIN)
        self._keep_end()
        count = max(len(signatures) + bool(receivers), 2)
        titles, names = self._cells([1 / count] * count, 2)
        if receivers:
            _fill(titles[0], [("Nơi nhận:", {"bold": True, "italic": True, "size": 12})], align=LEFT)
            _fill(titles[0], [(receiver, {"size": 11}) for receiver in receivers], align=LEFT, is_more=True)
        for one, above, below in zip(reversed(signatures), reversed(titles), reversed(names), strict=False):
            _fill(above, [(line, {"bold": True, "size": 14}) for line in one.title.split("\n")])
            _fill(above, [(one.hint, {"italic": True, "size": 12})] if one.hint else [], is_more=True)
            _fill(below, [*[("", {"size": 14})] * 4, (one.name, {"bold": True, "size": 14})])


def _set_page(section: Any, *, is_landscape: bool) -> None:
    """A4 and the margins of NĐ 30/2020, Phụ lục I."""
    width, height = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if is_landscape else (width, height)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(TOP_MM)
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(paragraph: Paragraph) -> None:
    """Centred at the top; the first page has a header of its own without it."""
    paragraph.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run.font.element.append(element)


def _write(paragraph: Paragraph, text: str, align: Any, *, size: float = 0, **looks: Any) -> None:
    run = paragraph.add_run(printable(text))
    run.bold, run.italic = looks.get("bold"), looks.get("italic")
    if size:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align


def _fill(
    cell: Any, lines: Sequence[tuple[str, dict[str, Any]]], *, align: Any = CENTRE, is_more: bool = False
) -> None:
    """Paragraphs of a cell; its first, empty one is used unless it holds more already."""
    for index, (text, looks) in enumerate(lines):
        paragraph = cell.add_paragraph(style=PLAIN) if is_more or index else cell.paragraphs[0]
        _write(paragraph, text, align, **looks)


def _rule(paragraph: Paragraph, whole_mm: float, length_mm: float) -> None:
    """A thin line of that length in the middle of the width."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm((whole_mm - 4 - length_mm) / 2)
    shape.space_before, shape.space_after, shape.line_spacing = Pt(4), Pt(6), Pt(2)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    shape.element.get_or_add_pPr().append(borders)


def _add_row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[int],
    aligns: Sequence[Any],
    style: str,
    *,
    is_head: bool = False,
    is_kept: bool = False,
    size: float = CELL_SIZE,
) -> None:
    """Parsed from XML in one go: cell by cell, 2,000 rows take python-docx half a minute."""
    head = "<w:tblHeader/>" if is_head else ""
    middle = '<w:vAlign w:val="center"/>' if is_head else ""
    kept = "<w:keepNext/>" if is_kept else ""
    span = f'<w:gridSpan w:val="{len(aligns)}"/>' if len(widths) < len(aligns) else ""
    sides = ["left"] if span else [JUSTIFIED[align] for align in aligns]
    style_id = style.replace(" ", "")  # as python-docx makes the id of a style
    looks = "" if size == CELL_SIZE else f'<w:rPr><w:sz w:val="{round(2 * size)}"/></w:rPr>'
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{middle}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{kept}<w:jc w:val="{side}"/></w:pPr>'
        f"<w:r>{looks}{_run_xml(text)}</w:r></w:p></w:tc>"
        for text, width, side in zip(texts, widths, sides, strict=False)
    )
    table.append(parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>"))


def _run_xml(text: str) -> str:
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(text).split("\n"))
    return "<w:br/>".join(lines)
