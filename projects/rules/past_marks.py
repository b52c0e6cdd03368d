"""What is worth a word about a day that an old file states, or does not."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from projects.models import PastEvent


def _day(on: dt.date) -> str:
    return f"{on:%d/%m/%Y}"


def event_marks(event: PastEvent, approved_on: dt.date | None, contracted_on: dt.date | None) -> list[str]:
    """An unknown day, one that the books count otherwise, and what stands before its letter or contract."""
    found = []
    if event.stated_on is None:
        found.append(_("chưa rõ ngày, tính từ ngày %(on)s") % {"on": _day(event.counted_on)})
    elif event.stated_on != event.counted_on:
        said = {"stated": _day(event.stated_on), "on": _day(event.counted_on)}
        found.append(_("tệp ghi ngày %(stated)s, tính từ ngày %(on)s") % said)
    on = event.stated_on or event.counted_on
    if approved_on and on < approved_on:
        found.append(_("trước ngày văn bản duyệt (%(on)s)") % {"on": _day(approved_on)})
    if contracted_on and event.kind != PastEvent.Kind.CONTRACT and on < contracted_on:
        found.append(_("trước ngày ký hợp đồng (%(on)s)") % {"on": _day(contracted_on)})
    return found


def first_contract_day(events: list[PastEvent]) -> dt.date | None:
    return min((one.counted_on for one in events if one.kind == PastEvent.Kind.CONTRACT), default=None)
