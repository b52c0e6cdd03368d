"""How much of a workbook is read; of its zip ``khuyencong.packed`` says. No Django: the process that reads takes it."""

from __future__ import annotations

from khuyencong.packed import MEGABYTE

MAX_BYTES = 10 * MEGABYTE  # of the file as it comes
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
