"""Submitting a report: what would be frozen, freezing it, and what is different by now."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import right_to_submit, why_not_submit_report
from projects.services.storing import store_new
from reports.models import SubmittedReport
from reports.printing.book_json import LAYOUT
from reports.printing.workbook import render
from reports.submitted.kinds import Draft, NothingToSubmit, OutOfSight, build_again


class SubmissionRefused(Refused):
    """The report can't be frozen; the messages say why. ``existing`` says the same already."""

    def __init__(self, message: Any, existing: SubmittedReport | None = None) -> None:
        super().__init__(message, "submission")
        self.existing = existing


@transaction.atomic
def submit_report(
    *, kind: str, query: str, submitted_on: dt.date, number: str, note: str, seen: str, actor: User
) -> SubmittedReport:
    """Freezes the report that ``query`` asks for as it is now, with its file.

    ``seen`` is the digest of what the actor saw of it. Raises NotAllowed or SubmissionRefused; then nothing is written.
    """
    draft = _draft(kind, query, actor)
    if refusal := why_not_submit_report(actor, draft.organisation):
        raise NotAllowed(refusal)
    _refuse_day(submitted_on, draft)
    if seen != draft.digest:
        raise SubmissionRefused(
            _("Số liệu đã thay đổi từ khi bạn mở trang này. Hãy xem lại các số dưới đây rồi chốt lại.")
        )
    file = render(draft.book)
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
        on_behalf_of_id=actor.principal_for(draft.organisation.pk, *right_to_submit(draft.organisation).roles),
        layout=LAYOUT,
        book=draft.text,
        sha256=draft.digest,
        file=file,
        file_sha256=hashlib.sha256(file).hexdigest(),
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
