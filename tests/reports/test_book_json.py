"""A book as JSON and back: equal for whatever texts and figures stand in it, and equal when printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from khuyencong.official import DocumentHead
from reports.printing.book import Book, CellKind, Column, Group, Section, Sheet
from reports.printing.book_json import FrozenRow, UnknownLayout, digest, dump, frozen, load
from reports.printing.workbook import clean_text, render
from tests.reports.books import cells_of

HOSTILE = ["=1+1", "+A1", "@x", "\x00\x07", "a\u200bb", "Thu\u0309y", "🏭" * 40, "</x>&\"'", "\ud800", " \n ", "\ufffe"]
# A text of which nothing is printed is stored as an empty one already.
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)).filter(lambda text: not text or clean_text(text))
amounts = st.none() | st.integers(-(10**15), 10**15)


@dataclass(frozen=True)
class Row:
    project_id: int
    name: str
    first_vnd: int | None
    second_vnd: int | None
    count: int


COLUMNS = (
    Column("name", "Tên đề án", 20),
    Column("count", "Số", 5, CellKind.COUNT),
    Column("all_vnd", "Tổng", 9, CellKind.MONEY, sum_of=("first_vnd", "second_vnd")),
    Column("first_vnd", "A", 9, CellKind.MONEY, "Trong đó"),
    Column("second_vnd", "B", 9, CellKind.MONEY, "Trong đó", unrecorded=""),
    Column("rate", "Tỷ lệ %", 9, CellKind.PERCENT, ratio_of=("first_vnd", "second_vnd")),
)
rows = st.lists(st.builds(Row, st.integers(1, 9), texts, amounts, amounts, st.integers(0, 99)), max_size=3)
groups = st.lists(st.builds(Group, texts, rows), max_size=2)
sections = st.lists(st.builds(Section, st.just("I"), texts, groups, texts), max_size=2)
sheets = st.builds(
    Sheet,
    st.just("Biểu"),
    texts,
    st.just(COLUMNS),
    sections,
    texts,
    st.lists(texts, max_size=2),
    st.lists(texts),
    texts,
)
books = st.builds(
    Book, texts, st.builds(DocumentHead, texts, texts, texts, texts), st.lists(sheets, min_size=1, max_size=1)
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(books)
def test_book_comes_back_equal_and_prints_the_same(book: Book) -> None:
    kept = frozen(book)
    text = dump(kept)
    assert load(text) == kept and dump(load(text)) == text
    assert frozen(kept) == kept
    assert cells_of(render(load(text))) == cells_of(render(book))


def one_row_book(row: Any, *columns: Column) -> Book:
    sheet = Sheet("Biểu", "Tên", columns, [Section("", "", [Group("", [row])])], "Tổng cộng")
    return Book("Sách", DocumentHead("Sở", "Trung tâm", "Hải Phòng, ngày 05 tháng 02 năm 2007", "GIÁM ĐỐC"), [sheet])


def test_personal_number_is_never_kept_whole() -> None:
    row = Row(5, "Hộ bà Hoa, 031185001234", 1, None, 1)
    text = dump(frozen(one_row_book(row, *COLUMNS)))
    assert "031185001234" not in text and "031…234" in text


def test_values_are_plain_and_ids_stay() -> None:
    column = Column("name", "Tên", 9)
    book = frozen(one_row_book(FrozenRow(name=Decimal("2.5"), project_id=7, other=object()), column))
    [row] = book.sheets[0].rows
    assert row == FrozenRow(name=2.5, project_id=7, row_key="project:7")


def test_other_layout_is_named_and_a_changed_letter_changes_the_sum() -> None:
    text = dump(frozen(one_row_book(Row(1, "Thêu", 1, 2, 3), *COLUMNS)))
    assert digest(text) != digest(text.replace("Thêu", "Theu"))
    for other in ('{"layout":99}', "[]"):
        with pytest.raises(UnknownLayout):
            load(other)
