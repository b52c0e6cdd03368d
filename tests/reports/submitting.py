"""A report that the head submits, and what is approved after it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from reports.models import SubmittedReport
from reports.submitted.kinds import build_draft
from reports.submitted.submission import submit_report
from tests.factories import MILLION, decide, make_project, requested_cells, submit_all

DAY = dt.date(2007, 1, 5)


def submit(by: User, *, kind: str = "annual", on: dt.date = DAY, seen: str = "", **asked: str) -> SubmittedReport:
    draft = build_draft(kind, by, {"year": "2006", **asked}, timezone.localdate())
    return submit_report(
        kind=kind,
        query=draft.query,
        seen=seen or draft.digest,
        actor=by,
        submitted_on=on,
        number="12/BC-TTKC",
        note="Gửi Sở",
    )


def approve_one_more(plan: AnnualPlan, staff: User, centre_head: User, head: User) -> None:
    """A third project of 45,5 triệu is approved, and the plain one cut from 60 to 40."""
    make_project(plan=plan, by=staff, name="Mây tre đan", amounts={"KCDP": 45_500_000})
    submit_all(plan=plan, by=centre_head)
    cells = requested_cells(plan)
    plain = next(key for key, amount in cells.items() if amount == 60 * MILLION)
    new = next(key for key, amount in cells.items() if amount == 45_500_000)
    after = {plain: 40 * MILLION, new: 45_500_000}
    decide(plan=plan, by=head, assigned={"KCDP": 200 * MILLION}, approved=after, number="2/QĐ")
