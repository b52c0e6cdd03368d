"""A copy of the file in which each faulty cell is coloured and says what is wrong with it."""

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
from projects.importing.proposals import ProposedRow
from projects.importing.reading.sheets import Sheet
from projects.importing.understanding import UnderstoodList

MOST_CELLS = 400_000  # of a file that is opened as a whole; a larger one is written anew
WRONG, NOTED = PatternFill("solid", fgColor="F4C7C3"), PatternFill("solid", fgColor="FCE8B2")
AUTHOR = "Khuyến công"
FORMULA_MARKS = ("=", "+", "-", "@")


def annotated_copy(batch: ImportBatch, understood: UnderstoodList) -> bytes:
    """The office's own file with comments where it is an .xlsx of ordinary size; else its values in a new one."""
    book = _own_book(batch, understood) or _new_book(understood.sheets)
    by_sheet: dict[str, list[ProposedRow]] = defaultdict(list)
    for one in understood.proposal.rows if understood.proposal else ():
        by_sheet[one.row.table.sheet.name].append(one)
    for name, rows in by_sheet.items():
        _mark(_page_of(book, understood.sheets, name), rows)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _own_book(batch: ImportBatch, understood: UnderstoodList) -> Workbook | None:
    """None for what can't be opened as a whole without harm: a cell far away makes a sheet as large as all before."""
    cells = sum(len(row) for sheet in understood.sheets for row in sheet.rows)
    has_strays = any(sheet.strays for sheet in understood.sheets)
    if batch.format != "xlsx" or not batch.file or has_strays or cells > MOST_CELLS:
        return None
    with batch.file.open("rb") as file:
        return load_workbook(file, keep_links=False)


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


def _mark(page: Worksheet, rows: Iterable[ProposedRow]) -> None:
    remarks: dict[tuple[int, int], list[str]] = defaultdict(list)
    wrong = set()
    for row in rows:
        for one in row.wrong:
            remarks[one.row, one.column].append(one.text)
            wrong.add((one.row, one.column))
        for one in row.notes:
            remarks[one.row, one.column].append(one.text)
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
