"""What a reader meets in many places is written in one way: the first column of a table, the line of the unit."""

from __future__ import annotations

import re

import polib

from khuyencong.translations import catalogue_path
from tests.sources import FILES, ROOT, TEMPLATES, name_of

DJANGO = catalogue_path("vi")  # what pages of administration say in Django's own words
TEXTS = {path: path.read_text() for path in (*FILES, *TEMPLATES)}
TEXTS[DJANGO] = "\n".join(
    said for entry in polib.pofile(str(DJANGO)) for said in (entry.msgstr, *entry.msgstr_plural.values())
)


def test_first_column_is_called_stt_everywhere() -> None:
    """“TT” is the other heading in use; one workbook may not have both (field-rules §7)."""
    short = re.compile(r">TT<|(?<! or )[\"']TT[\"']")  # initials of a Centre fall back to “TT”
    assert not [name_of(path) for path, text in TEXTS.items() if short.search(text)]


def test_unit_of_a_table_is_spelt_in_one_way() -> None:
    """“Đơn vị tính: Triệu đồng”, as the forms of TT 36/2013 have it."""
    units = {unit for text in TEXTS.values() for unit in re.findall(r"Đơn vị tính: (\w+ ?đồng|\w+)", text)}
    assert units == {"Triệu đồng", "Đồng"}
    english = (ROOT / "khuyencong/locale/en/LC_MESSAGES/django.po").read_text()
    assert not re.search(r'msgid "Đơn vị tính: [tđ]', english)


def test_words_of_the_list_are_written_as_it_says() -> None:
    """docs/words.md: what stands in its first column is in no text that anybody reads."""
    rows = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs/words.md").read_text(), re.M)
    unwanted = [row.lower() for row in rows if row != "Không viết"]
    assert len(unwanted) > 10
    found = [(name_of(path), word) for path, text in TEXTS.items() for word in unwanted if word in text.lower()]
    assert found == []


def test_software_has_one_name() -> None:
    """It is “phần mềm”; “quản trị hệ thống” is a role, and a factory has systems of its own."""
    other = re.compile(r"(?<!quản trị )hệ thống(?! xử lý)", re.IGNORECASE)
    assert not [name_of(path) for path, text in TEXTS.items() if other.search(text)]


def test_words_of_django_are_those_of_the_list() -> None:
    """Nothing of the field stands among them, so a programme would be the software, and one “nhập” what is typed."""
    assert not re.search(r"chương trình|\bgõ\b", TEXTS[DJANGO], re.IGNORECASE)


def test_copying_has_one_name() -> None:
    """It is “sao chép”; what a person writes down again by hand is “chép lại”."""
    other = re.compile(r"(?<!sao )\bchép (?!lại)", re.IGNORECASE)
    assert not [name_of(path) for path, text in TEXTS.items() if other.search(text)]


def test_roles_are_in_small_letters_within_a_sentence() -> None:
    """“khi lãnh đạo Sở xác nhận” (NĐ 30/2020, phụ lục II)."""
    capital = re.compile(r"[a-zà-ỹ,;:] (?:Lãnh đạo|Chuyên viên|Cán bộ|Kế toán) (?:Sở|Trung tâm)")
    assert not [name_of(path) for path, text in TEXTS.items() if capital.search(text)]


def test_days_are_asked_for_in_vietnamese() -> None:
    hint = re.compile(r"placeholder[\"']?[=:] ?[\"'](?:dd|mm)/")
    assert not [name_of(path) for path, text in TEXTS.items() if hint.search(text)]


def test_money_has_one_unit_in_english() -> None:
    entries = polib.pofile(str(ROOT / "khuyencong/locale/en/LC_MESSAGES/django.po"))
    said = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert not [text for text in said if "đồng" in text]
