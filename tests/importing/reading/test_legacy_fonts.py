"""Files typed for .VnTime or VNI-Times are read as their fonts showed them; Unicode is never taken for either."""

from __future__ import annotations

import csv
import struct
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl.styles import Font

from projects.importing.reading.files import read_workbook
from projects.importing.reading.legacy_fonts import (
    TCVN3,
    TCVN3_CAPITALS,
    UNICODE,
    VNI,
    guess_font,
    is_syllable,
    named_font,
    text_reading,
    to_unicode,
)
from projects.importing.reading.pasted import read_pasted
from projects.importing.reading.sheets import Sheet
from tests.importing.old_fonts import as_tcvn3, as_vni
from tests.importing.reading.builders import first_sheet, old_text, old_workbook, record, saved

ROOT = Path(__file__).resolve().parents[3]
TONED = [
    unicodedata.normalize("NFC", base + tone)
    for base in "aăâeêioôơuưy"
    for tone in ("", *"\u0301\u0300\u0309\u0303\u0323")
]
SMALL = "".join(TONED) + "đ"
PLAIN = "bcdghklmnpqrstvx 0123456789.,;-/()"
ROWS = [
    ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Kinh phí KCĐP"),
    ("1", "Đào tạo nghề thêu ren xuất khẩu", "HTX Lật Dương", "Huyện Tiên Lãng", "60"),
    ("2", "Hỗ trợ mua sắm máy móc ở làng nghề", "Cơ sở Hòa Phát", "Quận Lê Chân", "40,5"),
]


@given(some.text(some.sampled_from(SMALL + "ĂÂĐÊÔƠƯ" + PLAIN + "BCDGHKL"), max_size=60))
def test_what_tcvn3_can_write_comes_back(text: str) -> None:
    assert to_unicode(as_tcvn3(text), TCVN3).casefold() == text.casefold()


@given(some.lists(some.sampled_from(SMALL + "bcdghklmnpqrstvx"), min_size=1, max_size=12).map("".join))
def test_small_letters_of_tcvn3_stay_small(word: str) -> None:
    assert to_unicode(as_tcvn3(word), TCVN3) == word


@given(some.text(some.sampled_from(SMALL + PLAIN).map(str.upper), max_size=60))
def test_capitals_come_back_from_the_font_of_capitals(text: str) -> None:
    assert to_unicode(as_tcvn3(text), TCVN3_CAPITALS) == text


@given(some.text(some.sampled_from(SMALL + SMALL.upper() + PLAIN + PLAIN.upper()), max_size=60))
def test_any_vietnamese_comes_back_from_vni(text: str) -> None:
    assert to_unicode(as_vni(text), VNI) == text


@pytest.mark.parametrize(
    ("typed", "font", "shown"),
    [
        ("§Ò ¸n khuyÕn c«ng quèc gia n¨m 2006", TCVN3, "Đề án khuyến công quốc gia năm 2006"),
        ("DANH MôC §Ò ¸N KHUYÕN C¤NG", TCVN3, "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG"),
        ("Së C«ng th­¬ng", TCVN3, "Sở Công thương"),
        ("Tæng céng", TCVN3_CAPITALS, "TỔNG CỘNG"),
        ("Ñeà aùn khuyeán coâng; ñôn vò thöïc hieän", VNI, "Đề án khuyến công; đơn vị thực hiện"),
        ("TOÅNG COÄNG ÑÔN VÒ", VNI, "TỔNG CỘNG ĐƠN VỊ"),
    ],
)
def test_texts_as_offices_typed_them(typed: str, font: str, shown: str) -> None:
    assert to_unicode(typed, font) == shown
    if font != TCVN3_CAPITALS:
        assert text_reading(typed) == font


@pytest.mark.parametrize(
    ("name", "font"),
    [
        (".VnTime", TCVN3),
        (".VnTimeH", TCVN3_CAPITALS),
        (".VnArial NarrowH", TCVN3_CAPITALS),
        ("VNI-Times", VNI),
        ("Times New Roman", ""),
        ("Vntime", ""),
    ],
)
def test_fonts_by_their_names(name: str, font: str) -> None:
    assert named_font(name) == font


def filled(rows: Sequence[Sequence[str]], fonts: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place, name in (fonts or {}).items():
        sheet[place].font = Font(name=name)
    return saved(book)


def typed_as(write: object, rows: Sequence[Sequence[str]] = ROWS) -> list[list[str]]:
    assert callable(write)
    return [[write(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(("write", "font"), [(as_tcvn3, TCVN3), (as_vni, VNI)])
def test_a_workbook_is_known_by_its_words(write: object, font: str) -> None:
    typed = typed_as(write)
    sheet = first_sheet(filled(typed))
    assert (sheet.font, sheet.doubtful_font) == (font, "")
    assert [list(row) for row in sheet.rows] == [list(row) for row in ROWS]
    assert sheet.typed[1, 2] == typed[0][1] and (2, 1) not in sheet.typed


@pytest.mark.parametrize(("write", "font"), [(as_tcvn3, TCVN3), (as_vni, VNI)])
def test_so_is_a_pasted_block(write: object, font: str) -> None:
    """“ư” is a soft hyphen there, which all other reading drops."""
    [sheet] = read_pasted("\n".join("\t".join(row) for row in typed_as(write))).sheets
    assert (sheet.font, [list(row) for row in sheet.rows]) == (font, [list(row) for row in ROWS])


def test_the_name_of_a_font_decides_for_its_cell() -> None:
    texts = ["Tæng sè", "xã", "xã", "Hà Đông", "Đề án", "Cơ sở"]
    sheet = first_sheet(filled([texts], {"A1": ".VnTimeH", "B1": ".VnTime", "D1": ".VnTime"}))
    assert list(sheet.rows[0]) == ["TỔNG SỐ", "xó", *texts[2:]]


def test_a_workbook_of_that_time_tells_its_fonts() -> None:
    def font(name: str) -> bytes:
        return record(0x0031, b"\0" * 14 + struct.pack("<BB", len(name), 0) + name.encode("latin-1"))

    def in_style(text: bytes, style: int) -> bytes:
        return text[:8] + struct.pack("<H", style) + text[10:]

    fonts = b"".join(map(font, ["Arial", "Arial", "Arial", "Arial", ".VnTime", ".VnTimeH"]))
    styles = b"".join(record(0x00E0, struct.pack("<H", number) + b"\0" * 18) for number in (0, 5, 6))
    cells = [in_style(old_text(1, at, "Tæng sè"), at - 1) for at in (1, 2, 3)]
    [sheet] = read_workbook("cũ.xls", old_workbook({"A": cells}, globals_more=fonts + styles)).sheets
    assert list(sheet.rows[0])[1:] == ["Tổng số", "TỔNG SỐ"] and sheet.font == TCVN3


def test_cells_of_unicode_in_such_a_file_stay() -> None:
    typed = [*typed_as(as_tcvn3), ["3", "Đề án nhập sau", "xã Đại Hà", "", ""]]
    assert list(first_sheet(filled(typed)).rows[3])[:3] == ["3", "Đề án nhập sau", "xã Đại Hà"]


def test_what_makes_sense_both_ways_is_asked() -> None:
    sheet = first_sheet(filled([["STT", "Ten co so"], ["1", "Hòa Phát"], ["2", "Phú Xá"]]))
    assert (sheet.font, sheet.doubtful_font) == ("", TCVN3)
    assert sheet.rows[1][1] == "Hòa Phát"


def vietnamese_texts(documents: str = "*.md") -> list[str]:
    """Every text with marks of the reference data, the demo and these documents."""
    found: set[str] = set()
    for path in [*ROOT.glob("programmes/data/*.csv"), *ROOT.glob("projects/data/*.csv")]:
        with path.open(encoding="utf-8-sig") as file:
            found |= {cell for row in csv.reader(file) for cell in row if not cell.isascii()}
    for path in ROOT.glob(f"docs/{documents}"):
        found |= {line for line in path.read_text(encoding="utf-8").splitlines() if not line.isascii()}
    return sorted(found)


def test_no_unicode_text_of_ours_is_taken_for_legacy() -> None:
    texts = vietnamese_texts()
    assert len(texts) > 500
    taken = [text for text in texts if text_reading(text) not in {UNICODE, "either", "neither", ""}]
    assert taken == []


@given(some.lists(some.sampled_from(vietnamese_texts()), min_size=1, max_size=30))
def test_no_list_of_unicode_is_touched(texts: list[str]) -> None:
    guess = guess_font((text, "") for text in texts)
    assert guess.font == "" and all(guess.read(text) == text for text in texts if not guess.doubtful)


def mostly_marked(text: str) -> bool:
    """A sentence, and no address of a picture and no list of numbers of documents."""
    words = text.split()
    return len(words) > 3 and 2 * sum(not word.isascii() for word in words) > len(words)


SENTENCES = [text for text in vietnamese_texts("user-guide.md") if mostly_marked(text)]


@given(some.lists(some.sampled_from(SENTENCES), min_size=12, max_size=30, unique=True))
def test_the_same_texts_typed_for_an_old_font_are_known(texts: list[str]) -> None:
    """Sentences alone: a dozen of numbers, addresses and English sentences rightly speaks against the font."""
    assert len(SENTENCES) > 100
    assert guess_font((as_vni(text), "") for text in texts if not text.isascii()).font == VNI


def test_words_of_ours_are_syllables_and_foreign_ones_are_not() -> None:
    for word in ("khuyến", "nghiệp", "thuở", "quyết", "giếng", "Đắk", "ý"):
        assert is_syllable(word)
    for word in ("Müller", "Société", "lêch", "cât", "xéá"):
        assert not is_syllable(word)


def test_a_sheet_without_marks_is_nothing_to_judge() -> None:
    assert first_sheet(filled([["STT", "Ten"], ["1", "Cong ty ABC®"]])).typed == {}
    assert isinstance(first_sheet(filled([["m²", "×"]])), Sheet)
