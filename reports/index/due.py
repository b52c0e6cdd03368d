"""The reports that have to be handed in for a year: where each is read, its files, and whether it was submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.accounts.models import User
from reports.annual.form_2 import deadline_note
from reports.asking.periods import choices, period_of
from reports.index.forms import YearChoice
from reports.models import SubmittedReport

PERIODS = ("h1", "h2", "q1", "q2", "q3", "q4")
ANNUAL_ABOUT = gettext_lazy("Danh mục, kết quả, theo nội dung, chỉ tiêu, theo địa bàn; bản Word có phần lời văn.")
FORM_2_ABOUT = gettext_lazy("Danh mục đăng ký kinh phí khuyến công quốc gia với Bộ Công Thương.")
DRAFT_ABOUT = gettext_lazy("Kinh phí đề nghị của mọi đề án, để gửi lấy ý kiến trước khi kế hoạch được duyệt.")


@dataclass(frozen=True)
class DueReport:
    """Addresses that do not exist are empty; ``note`` is what the sender has to know, like a deadline."""

    title: str
    page: str = ""
    excel: str = ""
    word: str = ""
    print: str = ""
    submit: str = ""
    submitted: SubmittedReport | None = None
    about: str | Promise = ""
    note: str = ""


@dataclass(frozen=True)
class DueReports:
    annual: DueReport
    periods: list[DueReport]
    form_2: DueReport
    draft: DueReport


Submitted = dict[tuple[str, str], SubmittedReport]


def due_reports(user: User, choice: YearChoice, today: dt.date) -> DueReports:
    """In two queries; the year has a plan."""
    rows = SubmittedReport.objects.visible_to(user).for_year(choice.year).of_organisation(choice.issuer.code)
    submitted = _latest(rows.for_list())
    names = dict(choices())
    return DueReports(
        annual=_annual(choice, submitted),
        periods=[_period(choice, kind, names[kind], submitted, today) for kind in PERIODS],
        form_2=_form_2(choice, submitted),
        draft=_draft(choice, submitted),
    )


def _latest(rows: Iterable[SubmittedReport]) -> Submitted:
    """The newest of each kind and period; the rows come newest first."""
    found: Submitted = {}
    for row in rows:
        found.setdefault((row.kind, QueryDict(row.query).get("period", "")), row)
    return found


def _address(name: str, query: str) -> str:
    return f"{reverse(f'reports:{name}')}?{query}"


def _submit(kind: str, query: str) -> str:
    return _address("submitted_create", f"kind={kind}&{query}")


def _annual(choice: YearChoice, submitted: Submitted) -> DueReport:
    return DueReport(
        title=_("Báo cáo năm %(year)s") % {"year": choice.year},
        page=_address("annual", choice.query),
        excel=_address("annual_xlsx", choice.query),
        word=_address("annual_docx", choice.query),
        print=_address("annual_print", choice.query),
        submit=_submit("annual", choice.query),
        submitted=submitted.get(("annual", "")),
        about=ANNUAL_ABOUT,
    )


def _form_2(choice: YearChoice, submitted: Submitted) -> DueReport:
    return DueReport(
        title=_("Mẫu số 2 (KCQG) năm %(year)s") % {"year": choice.year},
        excel=_address("form_2_xlsx", choice.query),
        submit=_submit("form_2", choice.query),
        submitted=submitted.get(("form_2", "")),
        about=FORM_2_ABOUT,
        note=deadline_note(choice.year),
    )


def _draft(choice: YearChoice, submitted: Submitted) -> DueReport:
    return DueReport(
        title=_("Danh mục dự thảo năm %(year)s") % {"year": choice.year},
        excel=_address("annual_xlsx", f"{choice.query}&stage=draft"),
        submit=_submit("annual_draft", choice.query),
        submitted=submitted.get(("annual_draft", "")),
        about=DRAFT_ABOUT,
    )


def _period(choice: YearChoice, kind: str, name: str, submitted: Submitted, today: dt.date) -> DueReport:
    """Without any address before it has begun: nothing can be said of it yet."""
    if period_of(choice.year, kind).start > today:
        return DueReport(name)
    query = f"{choice.query}&period={kind}"
    return DueReport(
        title=name,
        page=_address("period", query),
        excel=_address("period_xlsx", query),
        print=_address("period_print", query),
        submit=_submit("period", query),
        submitted=submitted.get(("period", kind)),
    )
