"""A copy of the file in which each faulty cell is coloured and says what is wrong with it, or what is asked of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.worksheet import Worksheet

from khuyencong.text import nfc
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal
from projects.importing.reading.sheets import Sheet, place_named
from projects.importing.reading.whole import may_be_opened_whole
from projects.importing.understanding import UnderstoodList

WRONG, NOTED = PatternFill("solid", fgColor="F4C7C3"), PatternFill("solid", fgColor="FCE8B2")
AUTHOR = "Khuyến công"
FORMULA_MARKS = ("=", "+", "-", "@")


def annotated_copy(batch: ImportBatch, understood: UnderstoodList) -> bytes:
    """The office's own file with comments where it is an .xlsx of ordinary size; else its values in a new one."""
    book = _own_book(batch, understood) or _new_book(understood.sheets)
    for table in understood.tables:
        name = table.sheet.name
        if understood.proposal is not None:
            _mark(_page_of(book, understood.sheets, name), understood.proposal, name)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _own_book(batch: ImportBatch, understood: UnderstoodList) -> Workbook | None:
    """None for what can't be opened as a whole without harm: a cell far away makes a sheet as large as all before."""
    has_strays = any(sheet.strays for sheet in understood.sheets)
    if batch.format != "xlsx" or not batch.file or has_strays:
        return None
    with batch.file.open("rb") as file:
        content = file.read()
    return load_workbook(BytesIO(content), keep_links=False) if may_be_opened_whole(content) else None


def _page_of(book: Workbook, sheets: Iterable[Sheet], name: str) -> Worksheet:
    """A sheet of the list: by its name as it was read, without outer blanks; in a new book by its place."""
    own = next((page for page in book.worksheets if nfc(page.title) == name), None)
    return own or book.worksheets[[one.name for one in sheets].index(name)]


def _new_book(sheets: Iterable[Sheet]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(INVALID_TITLE_REGEX.sub("_", sheet.name)[:31])
        for at, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row, 1):
                if cell is not None:
                    written = page.cell(at, place, cell)
                    if isinstance(cell, str) and cell.startswith(FORMULA_MARKS):
                        written.data_type = "s"  # a text of the file, never a formula of ours
    return book


def _mark(page: Worksheet, proposal: Proposal, name: str) -> None:
    """What there is to say of the list on the sheet of that name."""
    remarks: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)  # each text once, in order
    wrong = set()
    for row in (one for one in proposal.rows if one.row.table.sheet.name == name):
        for one in row.wrong:
            remarks[one.row, one.column][one.text] = None
            wrong.add((one.row, one.column))
        for one in row.notes:
            remarks[one.row, one.column][one.text] = None
    for question in proposal.open_questions:
        for cell in question.cells:
            sheet, at, place = place_named(cell)
            if sheet == name:
                remarks[at, place][question.text] = None
    for (at, place), texts in remarks.items():
        cell = _first_of_merged(page, at, place)
        cell.fill = WRONG if (at, place) in wrong else NOTED
        cell.comment = Comment("\n".join(texts), AUTHOR, width=320, height=90)


def _first_of_merged(page: Worksheet, at: int, place: int) -> Cell:
    """The cell; of a merged one the first, which alone takes a comment."""
    cell = page.cell(at, place)
    if isinstance(cell, MergedCell):
        area = next(one for one in page.merged_cells.ranges if cell.coordinate in one)
        cell = page.cell(area.min_row, area.min_col)
    return cell
