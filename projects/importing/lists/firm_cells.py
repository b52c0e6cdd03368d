"""What the cells of an establishment say, in a list of its own and in the sheet beside another list."""

from __future__ import annotations

import re

from khuyencong.text import fold
from projects.importing.layout.listed import ListRow

_EMPTY = {"", "bo trong", "khong", "khong co", "chua co", "khong ro", "chua ro"}
_YES, _NO = {"x", "co", "v", "1", "dung", "true", "nu"}, {"khong", "0", "k", "false", "nam"}
WORKERS = "Số lao động"  # as it stands in the notes, for which the registry has no field of its own


def cell_words(row: ListRow, key: str) -> str:
    """What a cell says in words; “(bỏ trống)” says nothing. A telephone kept as a number lost its zero."""
    cell = row.cells.get(key)
    if key == "phone" and isinstance(cell, int) and len(str(cell)) in (9, 10):
        return f"0{cell}"
    text = row.text(key)
    return "" if fold(text) in _EMPTY else text


def mark_in(text: str) -> bool | None:
    """Whether it is so; None for a text that says neither."""
    folded = fold(text)
    if folded in _YES or text.casefold() in ("x", "✓", "✔", "true"):
        return True
    return False if folded in _NO else None


def workers_in(text: str) -> int | None:
    """“25 lao động” as a number; None for what is none."""
    digits = re.sub(r"(?i)\s*(lao động|lđ|người)$", "", text).replace(".", "")
    return int(digits) if digits.isdecimal() and len(digits) <= 6 else None


def notes_with(before: str, said: str, workers: int | None) -> str:
    """The list's own note, else what stands; with the number of workers on a line of its own, the list's if it says."""
    line = re.compile(rf"{WORKERS}: [0-9.]+")
    kept = [one for one in (said or before).splitlines() if not line.fullmatch(one)]
    stood = next((one for one in before.splitlines() if line.fullmatch(one)), "")
    return "\n".join(filter(None, [*kept, stood if workers is None else f"{WORKERS}: {workers}"]))
