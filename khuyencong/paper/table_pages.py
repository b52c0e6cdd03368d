"""How many pages a table takes that begins on a page of its own: so that none is left for its last row alone."""

from __future__ import annotations

from collections.abc import Sequence

from khuyencong.paper.fitting import EM_MM
from khuyencong.paper.type_widths import PADDING, line_count

SPACING = 1.15  # of its size, a line of Times New Roman
ABOVE_POINTS = 60  # of the first page, for a heading and the line of the unit
HEAD_POINTS = 20  # the row of column labels
FEW = 1 / 3  # of a page: less on the last one is worth a smaller type


def row_points(cells: Sequence[tuple[str, float]], size: float, *, is_bold: bool = False) -> float:
    """The height of a row of (text, room in mm), with the space above and below it."""
    em_mm = size * EM_MM
    lines = max(line_count(text, 2 * (room / em_mm + PADDING), is_bold=is_bold) for text, room in cells)
    return lines * size * SPACING + 5


def pages_taken(heights: Sequence[float], head: float, page: float) -> float:
    """Whole pages and the share of the last one, in points of rows; ``head`` is repeated on each page."""
    count, free, used = 1, page - ABOVE_POINTS - head, 0.0
    for height in heights:
        if used and used + height > free:
            count, free, used = count + 1, page - head, 0.0
        used += height
    return count - 1 + min(used / free, 1)
