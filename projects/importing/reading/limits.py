"""How much of a workbook is read, and what stops its reading. No Django: the process that reads takes them too."""

from __future__ import annotations

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE  # of the file as it comes
MAX_UNPACKED = 200 * MEGABYTE  # of all members of the zip together; 20,000 × 20 cells are 25 MB as .xlsx, 63 as .ods
MAX_RATIO = 250  # unpacked to packed, of members that are not small; workbooks of offices stay below 40
RATIO_FROM = 8 * MEGABYTE  # what unpacks to less is harmless at any ratio
MAX_MEMBERS = 2_000
MAX_SHEETS = 50
MAX_ROWS = 20_000  # of a sheet, up to the last that holds something
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000  # of the workbook, that hold something
MAX_GRID = 5_000_000  # places in rows that hold something, of the workbook
MAX_FORMULA = 500  # characters of a formula that are kept
MAX_PASTED = 2_000_000  # characters of a pasted block
CHILD_MEMORY = 1024 * MEGABYTE  # address space of the process that reads
CHILD_SECONDS = 30
MAX_ANSWER = 96 * MEGABYTE  # what that process may hand back


class ReadingStopped(Exception):
    """The file is not read on. ``code`` says why (its words stand in ``unreadable.py``), ``sheet`` where."""

    def __init__(self, code: str, sheet: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sheet = sheet
