"""A block pasted from a workbook: what Excel, LibreOffice and Google Sheets put on the clipboard comes out as cells."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from projects.importing.reading.limits import MAX_PASTED
from projects.importing.reading.pasted import Unreadable, read_pasted


def rows(text: str) -> list[list[object]]:
    [sheet] = read_pasted(text).sheets
    return [list(row) for row in sheet.rows]


def test_a_block_is_one_sheet_of_texts() -> None:
    """Numbers and days stay as they were shown: what “1.275” means is asked later."""
    text = "STT\tTên đề án\tKP\r\n1\tMây tre\t1.275,5\r\n2\tThêu ren\t05/02/2026\r\n"
    found = read_pasted(text)
    assert (found.name, found.format, found.size) == ("bảng dán", "pasted", len(text.encode()))
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert [sheet.name for sheet in found.sheets] == ["bảng dán"]
    assert rows(text) == [["STT", "Tên đề án", "KP"], ["1", "Mây tre", "1.275,5"], ["2", "Thêu ren", "05/02/2026"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"dòng 1\ndòng 2"\tb', [["dòng 1\ndòng 2", "b"]]),
        ('"dòng 1\r\ndòng 2"\r\nb', [["dòng 1\ndòng 2"], ["b"]]),
        ('a\t"nói ""có""\nrồi"', [["a", 'nói "có"\nrồi']]),
        ('"nói ""có"""\tb', [['nói "có"', "b"]]),
        ('"có\ttab"\tb', [["có tab", "b"]]),
        ('Công ty "Sen Vàng"\tb', [['Công ty "Sen Vàng"', "b"]]),
        ('"Sen Vàng"\tb', [['"Sen Vàng"', "b"]]),
        ('"Sen Vàng" An Lão\tb', [['"Sen Vàng" An Lão', "b"]]),
        ('ống 15"\tb\n"lạ\tc', [['ống 15"', "b"], ['"lạ', "c"]]),
        ('"lạ\tb\nc\t5" d', [['"lạ', "b"], ["c", '5" d']]),
        ("a\n\n\tb\n\n", [["a", None], [None, None], [None, "b"]]),
        ("a\t \u00a0\t\n\t\t", [["a"]]),
        ("a\rb", [["a"], ["b"]]),
        ("một ô", [["một ô"]]),
        ("De\u0302\u0300 a\u0301n\u00a0 1", [["Đề án 1".replace("Đ", "D").replace("án 1", "án  1")]]),
    ],
)
def test_quotes_line_ends_and_blanks(text: str, expected: list[list[object]]) -> None:
    assert rows(text) == expected


def as_excel_copies(block: list[list[str]]) -> str:
    """Excel puts a cell into quotes only where a line end or a tab stands in it, and then doubles its quotes."""

    def one(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if "\n" in text or "\t" in text else text

    return "".join("\t".join(map(one, row)) + "\r\n" for row in block)


WORDS = some.text(some.sampled_from('ab"ế '), min_size=1, max_size=6).map(lambda text: f"x{text}y")
CELLS = some.lists(WORDS, min_size=1, max_size=3).map("\n".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.lists(some.tuples(CELLS, CELLS, CELLS).map(list), min_size=1, max_size=5))
def test_what_excel_copies_comes_back(block: list[list[str]]) -> None:
    assert rows(as_excel_copies(block)) == block


def test_errors_and_columns_too_narrow_for_their_numbers_are_told() -> None:
    """“########” is a number that the screen could not show: it was not copied."""
    [sheet] = read_pasted("#REF!\t########\t#N/A\tErr:502\t# 5\t#VNM").sheets
    assert sheet.errors == {(1, 1): "#REF!", (1, 2): "########", (1, 3): "#N/A", (1, 4): "Err:502"}
    assert list(sheet.rows[0]) == [None, None, None, None, "# 5", "#VNM"]


@pytest.mark.parametrize("text", ["", " \t\r\n", "\u00a0\t\u200b\n"])
def test_nothing_pasted(text: str) -> None:
    with pytest.raises(Unreadable, match=r"Chưa có ô nào được dán\. Hãy chọn các ô") as problem:
        read_pasted(text)
    assert problem.value.code == "nothing_pasted"


def test_too_much_pasted() -> None:
    for text, code in (
        ("x" * (MAX_PASTED + 1), "too_much_pasted"),
        ("x\n" * 20_001, "too_many_rows"),
        ("x\t" * 200 + "x", "too_many_columns"),
    ):
        with pytest.raises(Unreadable) as problem:
            read_pasted(text)
        assert problem.value.code == code


def test_quotes_never_make_it_slow() -> None:
    for text in ('"' * 200_000, '""\t' * 100_000 + "x", '"a\n' * 15_000, '"a""\n' * 15_000):
        try:
            read_pasted("a\n" + text)
        except Unreadable as problem:
            assert problem.code in {"too_many_rows", "too_many_columns"}
