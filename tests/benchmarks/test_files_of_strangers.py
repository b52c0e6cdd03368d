"""How long it takes to refuse a workbook that would keep a reader busy. ``make bench`` prints."""

from __future__ import annotations

import pytest

from projects.importing.reading.files import Unreadable, read_workbook
from tests.benchmarks.timing import milliseconds
from tests.importing.reading.builders import MAIN, by_openpyxl, cells, with_members, zipped

SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'
PLAIN = by_openpyxl(cells({"A1": "STT"}))


def sheet_of(inner: str) -> bytes:
    return with_members(PLAIN, {"xl/worksheets/sheet1.xml": SHEET % inner})


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("a small zip that unpacks to 240 MB", sheet_of("<row/>" * 40_000_000)),
        ("more members than a workbook has", zipped({f"xl/media/{number}": "" for number in range(5_000)})),
        ("a sheet cut in its middle", PLAIN[: len(PLAIN) // 2]),
        ("a cell in each of 200,000 rows", sheet_of("<row><c><v>1</v></c></row>" * 200_000)),
        ("a cell behind the last place", sheet_of('<row r="1048577"><c><v>1</v></c></row>')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_refused(words: str, content: bytes) -> None:
    def refuse() -> None:
        with pytest.raises(Unreadable):
            read_workbook("danh-muc.xlsx", content)

    print(f"\n{milliseconds(refuse, runs=3)} ms  {words}, {len(content) / 1024:.0f} kB")
