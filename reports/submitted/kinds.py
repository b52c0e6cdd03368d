"""The kinds of report that can be submitted: each knows how to build its workbook from a question in an address.

Another kind is one more entry of :data:`KINDS`; rows that are no projects should have a ``row_key`` that stays the
same when words change, so that later differences are told by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import AsOf
from reports.annual.book import annual_book
from reports.annual.form_2 import form_2_book
from reports.asking.forms import AnnualForm
from reports.asking.selection import SEVERAL_PROVINCES, Selection, select_plans
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import REPORTS, Report
from reports.catalogue.sheets import book_of, title_of
from reports.catalogue.table import work_out
from reports.models import SubmittedReport
from reports.period.book import period_book
from reports.period.forms import PeriodForm
from reports.printing.book import Book
from reports.printing.book_json import digest, dump, frozen


class NothingToSubmit(Exception):
    """The question can't be read, or has no answer for this user; the message says why."""


class OutOfSight(NothingToSubmit):
    """No plan of the year and organisation stands among those that the user may see."""


@dataclass(frozen=True)
class Draft:
    """A report as it would be frozen now. ``query`` asks for it again and names the organisation always, so that the
    answer does not depend on how much more the next reader may see. ``start`` is the first day of a part of a year."""

    kind: str
    organisation: Organisation
    year: int
    as_of: AsOf
    query: str
    book: Book
    words: str = ""
    start: dt.date | None = None

    @property
    def first_day(self) -> dt.date:
        """Before it nobody can have signed the report: the first day of a part of a year, and of a whole year, whose
        plan is decided before it begins, 1 January of the year before."""
        return self.start or dt.date(self.year - 1, 1, 1)

    @property
    def title(self) -> str:
        """What it is and of when, in Vietnamese: it is stored."""
        with override("vi"):
            words = self.words or KINDS[self.kind].title % {"year": self.year}
            return f"{words} ({self.as_of})" if self.as_of else words

    @property
    def page(self) -> str:
        """Where the same is shown on screen."""
        return f"{KINDS[self.kind].page()}?{self.query}"

    @property
    def file(self) -> str:
        """Where the same can be read as a workbook before it is frozen."""
        return KINDS[self.kind].file() + self.query

    @property
    def paper(self) -> str:
        """Where the same can be read as it prints; empty for a kind that prints from its page or its workbook."""
        paper = KINDS[self.kind].paper
        return f"{paper()}?{self.query}" if paper else ""

    @cached_property
    def text(self) -> str:
        return dump(self.book)

    @cached_property
    def digest(self) -> str:
        return digest(self.text)


Builder = Callable[[User, Mapping[str, str], dt.date], Draft]


@dataclass(frozen=True)
class ReportKind:
    """``file_stem`` stands in its files' names. ``title`` has a place for the year, ``page`` says where the report
    is shown, ``file`` where its workbook is, up to the question, ``paper`` where it is shown as it prints. ``build``
    makes the book in Vietnamese whatever the language of the page, and raises NothingToSubmit."""

    code: str
    file_stem: str
    label: str | Promise
    title: str
    build: Builder
    page: Callable[[], str]
    file: Callable[[], str]
    paper: Callable[[], str] | None = None


def _file(name: str, stage: str = "") -> Callable[[], str]:
    return lambda: f"{reverse(f'reports:{name}')}?{f'stage={stage}&' if stage else ''}"


def build_draft(kind: str, user: User, asked: Mapping[str, str], today: dt.date) -> Draft:
    """The report that this user would submit."""
    if kind not in KINDS:
        raise NothingToSubmit(_("Không có loại báo cáo này."))
    return KINDS[kind].build(user, asked, today)


def build_again(kind: str, query: str, user: User, today: dt.date) -> Draft:
    """The same question as of a submitted report, answered today."""
    return build_draft(kind, user, QueryDict(query).dict(), today)


def _annual(user: User, asked: Mapping[str, str], today: dt.date, *, kind: str, stage: str) -> Draft:
    form = AnnualForm({**asked, "stage": stage})
    if not form.is_valid():
        raise NothingToSubmit("; ".join(str(error) for errors in form.errors.values() for error in errors))
    year, code = form.cleaned_data["year"], form.cleaned_data["organisation"]
    selection = _selection(user, year, code)
    issuer = selection.issuer
    with override("vi"):
        book = frozen(annual_book(selection, as_of=form.asked, is_draft=form.is_draft, today=today))
    return Draft(
        kind=kind,
        organisation=issuer,
        year=year,
        as_of=form.asked,
        query=urlencode({"year": year, "organisation": issuer.code} | form.asked.parameters),
        book=book,
    )


def _period(user: User, asked: Mapping[str, str], today: dt.date) -> Draft:
    form = PeriodForm(asked)
    if not form.is_valid() or form.asked_period is None:
        raise NothingToSubmit("; ".join(str(error) for errors in form.errors.values() for error in errors))
    period = form.asked_period
    selection = _selection(user, period.year, form.cleaned_data["organisation"])
    book = frozen(period_book(selection, period, as_of=form.asked, today=today))
    query = period.parameters | {"organisation": selection.issuer.code} | form.asked.parameters
    with override("vi"):
        words = _("Báo cáo khuyến công %(period)s") % {"period": period}
    return Draft("period", selection.issuer, period.year, form.asked, urlencode(query), book, words, period.start)


def _form_2(user: User, asked: Mapping[str, str], today: dt.date) -> Draft:
    form = AnnualForm(asked)
    if not form.is_valid():
        raise NothingToSubmit("; ".join(str(error) for errors in form.errors.values() for error in errors))
    selection = _selection(user, form.cleaned_data["year"], form.cleaned_data["organisation"])
    book = frozen(form_2_book(selection, as_of=form.asked, today=today))
    query = {"year": selection.year, "organisation": selection.issuer.code} | form.asked.parameters
    return Draft("form_2", selection.issuer, selection.year, form.asked, urlencode(query), book)


def _selection(user: User, year: int, code: str) -> Selection:
    selection = select_plans(user, year, code)
    if selection.tops:
        raise NothingToSubmit(SEVERAL_PROVINCES)
    if not selection.plans:
        raise OutOfSight(_("Chưa có kế hoạch của năm này và đơn vị này trong phạm vi bạn được xem."))
    return selection


def _catalogue(user: User, asked: Mapping[str, str], today: dt.date, *, report: Report) -> Draft:
    form = AskForm(QueryDict(urlencode(asked)), user=user, today=today, report=report)
    if not form.is_valid():
        raise NothingToSubmit("; ".join(str(error) for errors in form.errors.values() for error in errors))
    question = form.asked_for()
    if not question.plans:
        raise OutOfSight(_("Chưa có kế hoạch của kỳ này và đơn vị này trong phạm vi bạn được xem."))
    with override("vi"):
        table = work_out(report, question)
        book, words = frozen(book_of(table, today=today)), title_of(table)
    return Draft(
        kind=report.code,
        organisation=question.issuer,
        year=question.period.year,
        as_of=question.days,
        query=urlencode(question.parameters | {"organisation": question.issuer.code}),
        book=book,
        words=words,
        start=None if question.period.is_year else question.period.start,
    )


def _catalogue_kind(report: Report) -> ReportKind:
    page, paper, file = (
        partial(reverse, f"reports:{name}", args=[report.code])
        for name in ("report_detail", "report_print", "report_xlsx")
    )
    build = partial(_catalogue, report=report)
    return ReportKind(report.code, report.file_stem, report.title, "", build, page, lambda: f"{file()}?", paper)


KINDS = {
    kind.code: kind
    for kind in (
        ReportKind(
            "annual",
            "nam",
            gettext_lazy("Báo cáo năm"),
            "Báo cáo khuyến công năm %(year)s",
            partial(_annual, kind="annual", stage=""),
            partial(reverse, "reports:annual"),
            _file("annual_xlsx"),
        ),
        ReportKind(
            "annual_draft",
            "danh-muc-du-thao",
            gettext_lazy("Danh mục dự thảo"),
            "Danh mục dự thảo đề án khuyến công năm %(year)s",
            partial(_annual, kind="annual_draft", stage="draft"),
            partial(reverse, "reports:annual"),
            _file("annual_xlsx", "draft"),
        ),
        ReportKind(
            "period",
            "ky",
            gettext_lazy("Báo cáo quý, 6 tháng"),
            "",
            _period,
            partial(reverse, "reports:period"),
            _file("period_xlsx"),
        ),
        ReportKind(
            "form_2",
            "mau-so-2",
            gettext_lazy("Danh mục đăng ký kinh phí quốc gia (Mẫu số 2)"),
            "Danh mục đăng ký kinh phí khuyến công quốc gia năm %(year)s",
            _form_2,
            partial(reverse, "reports:annual"),
            _file("form_2_xlsx"),
        ),
        *map(_catalogue_kind, REPORTS),
    )
}
ANNUAL_KINDS = ("annual", "annual_draft", "form_2")  # of one year: where one is asked, the others are offered


def file_name_of(report: SubmittedReport) -> str:
    """Of its workbook; the kind's code where this program no longer knows the kind."""
    kind = KINDS.get(report.kind)
    return f"bao-cao-da-chot-{report.pk}-{kind.file_stem if kind else report.kind}-{report.year}.xlsx"


def other_forms(draft: Draft) -> list[ReportKind]:
    """What may be submitted in its place."""
    return [KINDS[code] for code in ANNUAL_KINDS if code != draft.kind] if draft.kind in ANNUAL_KINDS else []
