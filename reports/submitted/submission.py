"""Submitting a report: what would be frozen, freezing it, and what is different by now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import why_not_submit_report
from projects.services.storing import store_new
from reports.models import SubmittedReport
from reports.printing.book import Book
from reports.printing.book_json import LAYOUT, UnknownLayout, frozen, load
from reports.submitted.differences import SheetDifference, book_differences, sums_of, text_of, titles_of
from reports.submitted.kinds import Draft, NothingToSubmit, OutOfSight, build_again


class SubmissionRefused(Refused):
    """The report can't be frozen; the messages say why. ``existing`` says the same already."""

    def __init__(self, message: Any, existing: SubmittedReport | None = None) -> None:
        super().__init__(message, "submission")
        self.existing = existing


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


@transaction.atomic
def submit_report(
    *, kind: str, query: str, submitted_on: dt.date, number: str, note: str, seen: str, actor: User
) -> SubmittedReport:
    """Freezes the report that ``query`` asks for as it is now. ``seen`` is the digest of what the actor saw of it.

    Raises NotAllowed or SubmissionRefused; then nothing is written.
    """
    draft = _draft(kind, query, actor)
    if refusal := why_not_submit_report(actor, draft.organisation):
        raise NotAllowed(refusal)
    _refuse_day(submitted_on, draft)
    if seen != draft.digest:
        raise SubmissionRefused(
            _("Số liệu đã thay đổi từ khi bạn mở trang này. Hãy xem lại các số dưới đây rồi chốt lại.")
        )
    report = SubmittedReport(
        kind=draft.kind,
        organisation=draft.organisation,
        year=draft.year,
        query=draft.query,
        effective_on=draft.as_of.effective_on,
        recorded_on=draft.as_of.recorded_on,
        title=draft.title,
        submitted_on=submitted_on,
        number=number,
        note=note,
        submitted_by=actor,
        layout=LAYOUT,
        book=draft.text,
        sha256=draft.digest,
    )
    try:
        return store_new(report)
    except Refused as problem:
        if problem.code != "taken":
            raise SubmissionRefused(problem) from problem
        text = _("Báo cáo này đã được chốt với cùng nội dung và cùng ngày báo cáo; không chốt lần thứ hai.")
        raise SubmissionRefused(text, SubmittedReport.objects.same_as(report).first()) from problem


def _draft(kind: str, query: str, actor: User) -> Draft:
    try:
        return build_again(kind, query, actor, timezone.localdate())
    except OutOfSight as reason:
        raise NotAllowed(str(reason)) from reason
    except NothingToSubmit as reason:
        raise SubmissionRefused(str(reason)) from reason


def _refuse_day(on: dt.date, draft: Draft) -> None:
    if on > timezone.localdate():
        raise SubmissionRefused({"submitted_on": _("Ngày báo cáo không được sau hôm nay.")})
    if on < draft.first_day:
        first = {"day": f"{draft.first_day:%d/%m/%Y}"}
        raise SubmissionRefused({"submitted_on": _("Ngày báo cáo không được trước ngày %(day)s.") % first})
    asked = [day for day in (draft.as_of.effective_on, draft.as_of.recorded_on) if day]
    if asked and on < max(asked):
        raise SubmissionRefused({"submitted_on": _("Ngày báo cáo không được trước ngày của số liệu.")})


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
