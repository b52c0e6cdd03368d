"""A submitted report beside what the same question would be answered today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from khuyencong.accounts.models import User
from reports.models import SubmittedReport
from reports.printing.book import Book
from reports.printing.book_json import UnknownLayout, frozen, load
from reports.submitted.book_differences import SheetDifference, book_differences, sums_of, text_of, titles_of
from reports.submitted.kinds import NothingToSubmit, build_again


@dataclass(frozen=True)
class SheetTotals:
    """A sheet at a glance: how many rows, and the figures of its last line, money in triệu đồng."""

    name: str
    row_count: int
    figures: list[tuple[str, str]]


@dataclass(frozen=True)
class Comparison:
    """``problem`` says why nothing could be compared."""

    differences: list[SheetDifference] = field(default_factory=list)
    problem: str = ""


def sheet_totals(book: Book) -> list[SheetTotals]:
    """Of each sheet of a frozen book."""
    found = []
    for sheet in book.sheets:
        titles = titles_of(sheet)
        sums = ((column, amount) for title, column, amount in sums_of(sheet) if not title)
        figures = [(titles[column.key], text_of(column, amount)) for column, amount in sums]
        found.append(SheetTotals(sheet.name, len(list(sheet.rows)), figures))
    return found


def stored_book(report: SubmittedReport) -> Book | None:
    """As it was printed; None when it is no longer what was stored, or of a layout that nobody here can read."""
    if not report.is_intact:
        return None
    try:
        return load(report.book)
    except UnknownLayout:
        return None


def compare_with_today(report: SubmittedReport, book: Book, user: User, today: dt.date) -> Comparison:
    """What the same question would be answered today, beside what was submitted."""
    try:
        draft = build_again(report.kind, report.query, user, today)
    except NothingToSubmit as reason:
        return Comparison(problem=str(reason))
    return Comparison(book_differences(frozen(book), draft.book))
