"""Where the pages of a printed sheet end: never before a sum, a note or the signature alone, never after a heading.

Programs that print do not agree to the point on what fits a page, so a page is taken as a little shorter than it is,
and from the first break on each page begins where it is told to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from xlsxwriter.worksheet import Worksheet

from khuyencong.paper.page import HEIGHT_POINTS, INCH, LEFT_MM, RIGHT_MM, TOP_MM, WIDTH_POINTS

DIGIT, CELL_PADDING, PIXEL = 8, 5.7, 0.75  # pixels of Times New Roman 12; points
COLUMN_PIXELS = 72  # of a column without a width: by it XlsxWriter knows how wide a digit of the font is
SAFE = 0.96
# A sheet that nearly fits one page is printed on one, a little smaller.
NEARLY, SQUEEZED = 0.9, 1.1


def set_page(sheet: Worksheet) -> None:
    """A4 landscape, one page wide, margins and numbering of NĐ 30/2020."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=LEFT_MM / INCH, right=RIGHT_MM / INCH, top=TOP_MM / INCH, bottom=TOP_MM / INCH)
    sheet.set_header('&C&"Times New Roman,Regular"&13&P', {"margin": 10 / INCH})
    sheet.set_start_page(1)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)


def room_of(widths: Iterable[float]) -> float:
    """The points of rows that a page takes when columns of these widths are shrunk to its own."""
    whole = pixels_of(widths) * PIXEL
    return HEIGHT_POINTS * max(whole / WIDTH_POINTS, 1)


def pixels_of(widths: Iterable[float]) -> int:
    """Across columns of these widths, on the screen."""
    return sum(int(width * DIGIT + CELL_PADDING) for width in widths)


def page_starts(points: Sequence[float], kept: Collection[int], first: float, other: float) -> list[int]:
    """The rows with which pages begin, but for the first page; a row of ``kept`` stays with the next one if it can.

    ``first`` and ``other`` are what the first page and each other one have room for.
    """
    starts: list[int] = []
    start, used, room = 0, 0.0, first
    for row, height in enumerate(points):
        while used + height > room and row > start:
            start = _start_of_kept(row, start, kept)
            starts.append(start)
            used, room = sum(points[start:row]), other
        used += height
    return starts


def _start_of_kept(row: int, start: int, kept: Collection[int]) -> int:
    """Where the rows begin that stay with this one; itself when that would be the whole page."""
    first = row
    while first > start and first - 1 in kept:
        first -= 1
    return first if first > start else row


class NumberedPages(Worksheet):
    """Page numbers from the second page on: XlsxWriter has no option for another first page.

    It also searches each formula for the functions of newer versions of Excel, of which there are none here.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_header_footer(self) -> None:
        self._xml_start_tag("headerFooter", [("differentFirst", 1), ("scaleWithDoc", 0)])
        self._write_odd_header()
        self._xml_end_tag("headerFooter")
