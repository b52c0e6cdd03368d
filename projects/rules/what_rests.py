"""What rests on a letter, in words: why it can't be cancelled, nor moved to another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from khuyencong.text import inside_sentence
from programmes.models import AllocationEntry, Decision
from projects.models import (
    ApprovalEntry,
    ContractEntry,
    PastLetter,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    SettlementEntry,
    StatusChange,
)
from projects.rules.adjustments import adjustments_of
from projects.rules.transitions import PROJECT_TRANSITIONS

Entry = AllocationEntry | ApprovalEntry
# The steps that are taken back with the letter under which they were taken.
DECIDED = ("approve", "reject", "confirm")


def decided_projects(decision: Decision) -> list[tuple[Project, StatusChange]]:
    """Each project that the letter moved, in the order of their ids, with the last step that it took under it; of one
    that has several lines, the last of each line that it decided."""
    steps = StatusChange.objects.filter(decision=decision, project__isnull=False).select_related("project", "in_round")
    last = {(step.project_id, step.in_round_id): step for step in steps.order_by("pk")}
    return [(step.project, step) for _key, step in sorted(last.items(), key=lambda one: (one[0][0], one[1].pk))]


def dropped_lines(decision: Decision) -> list[tuple[PlanLine, StatusChange]]:
    """Each line that the letter dropped, with the step; not where something was decided of it since. Two queries."""
    later = StatusChange.objects.filter(
        project=OuterRef("project"), in_round=OuterRef("in_round"), pk__gt=OuterRef("pk")
    )
    dropped = StatusChange.objects.filter(~Exists(later), decision=decision, transition="reject")
    steps = list(dropped.select_related("decision").order_by("project", "pk"))
    lines = PlanLine.objects.filter(project__in=[step.project_id for step in steps]).with_status()
    by_place = {(one.project_id, one.round_id): one for one in lines.select_related("round__plan", "project")}
    return [(by_place[step.project_id, step.in_round_id], step) for step in steps]


def what_rests_on(decision: Decision) -> list[str]:
    """Everything that would fall with the letter: adjustments, stops and steps, other letters, accounts, reports."""
    return list(
        dict.fromkeys(
            [
                *_old_files(decision),
                *_work_under(decision),
                *_money_of_others(decision),
                *_later_letters(decision),
                *_accounts(decision),
            ]
        )
    )


def what_holds_the_day(decision: Decision, on: dt.date) -> list[str]:
    """What stands between the letter's day and that one, or was done under the letter since."""
    first, last = sorted((decision.effective_on, on))
    letters = _letters_on_same_amounts(decision, lambda entry, _own: first <= entry.effective_on <= last)
    return list(dict.fromkeys([*_old_files(decision), *_work_under(decision), *map(_says_same_amounts, letters)]))


def _old_files(decision: Decision) -> Iterator[str]:
    if PastLetter.objects.filter(decision=decision).exists():
        yield gettext("Văn bản này được xác nhận từ hồ sơ cũ: dùng nút “Hủy xác nhận” ở trang văn bản của hồ sơ cũ.")


def _work_under(decision: Decision) -> Iterator[str]:
    """Adjustments and stops by the letter, and what its projects did since."""
    for adjustment in adjustments_of(decision):
        if adjustment.changed:
            text = gettext("Đề án %(project)s được điều chỉnh địa bàn, thời gian hoặc thụ hưởng theo văn bản này.")
            yield text % {"project": _named(adjustment.revision.project)}
    moved = decided_projects(decision)
    for project, own in moved:
        # What was concluded of another line of it since does not rest on the letter.
        of_others = Q(in_round__isnull=False) & ~Q(in_round=own.in_round_id)
        last = project.status_changes.exclude(of_others).order_by("-pk").first()
        assert last is not None  # its own step at least
        if own.transition == "stop":
            yield gettext("Đề án %(project)s ngừng thực hiện theo văn bản này.") % {"project": _named(project)}
        elif last.pk != own.pk:
            yield gettext("Đề án %(project)s đã thực hiện bước “%(step)s” ngày %(on)s.") % {
                "project": _named(project),
                "step": PROJECT_TRANSITIONS[last.transition].label,
                "on": f"{last.effective_on:%d/%m/%Y}",
            }
    reports = ProgressReport.objects.filter(project__in=[project for project, _step in moved])
    for report in reports.select_related("project").order_by("project", "month"):
        yield gettext("Đề án %(project)s đã có báo cáo tiến độ tháng %(month)s.") % {
            "project": _named(report.project),
            "month": f"{report.month:%m/%Y}",
        }


def _money_of_others(decision: Decision) -> Iterator[str]:
    """A project that other letters give money too stays approved, on the day of this one; a line that this one only
    dropped waits for a letter again, whatever another line got."""
    for project, step in decided_projects(decision):
        if step.transition == "reject":
            continue
        others = ApprovalEntry.objects.of_project(project).of_standing_letters().exclude(decision=decision)
        for entry in others.filter(corrects=None).select_related("decision").order_by("pk"):
            yield gettext("Đề án %(project)s được duyệt kinh phí cả theo %(letter)s.") % {
                "project": _named(project),
                "letter": inside_sentence(entry.decision.label),
            }


def _later_letters(decision: Decision) -> Iterator[str]:
    """What a later letter leaves is said over what this one left."""
    letters = _letters_on_same_amounts(
        decision, lambda entry, own: (entry.effective_on, entry.pk) > (own.effective_on, own.pk)
    )
    yield from map(_says_same_amounts, letters)


def _letters_on_same_amounts(decision: Decision, is_near: Callable[[Entry, Entry], bool]) -> list[Decision]:
    """Letters that stand with an entry on an amount that the letter changes, where ``is_near`` says so of the two.

    Letters of old files each say what they themselves give, so they are none.
    """
    old = PastLetter.objects.filter(decision__isnull=False).values("decision")
    found: dict[int, Decision] = {}
    for own, rows in _entries_beside(decision):
        others = rows.of_standing_letters().exclude(decision=decision).exclude(decision__in=old).filter(corrects=None)
        for entry in others.select_related("decision").order_by("pk"):
            if is_near(entry, own):
                found[entry.decision_id] = entry.decision
    return [found[pk] for pk in sorted(found)]


def _entries_beside(decision: Decision) -> Iterator[tuple[Entry, Any]]:
    """Each entry of the letter, with all entries on the same amount."""
    for entry in AllocationEntry.objects.of_decision(decision).filter(corrects=None):
        yield entry, AllocationEntry.objects.for_plans([entry.plan]).filter(source=entry.source)
    for entry in ApprovalEntry.objects.of_decision(decision).filter(corrects=None):
        line, component, source = entry.key
        yield entry, ApprovalEntry.objects.filter(plan_line=line, component=component, source=source)


def _says_same_amounts(letter: Decision) -> str:
    text = gettext("Có %(letter)s, tính từ ngày %(on)s, ghi trên chính các số này.")
    return text % {"letter": inside_sentence(letter.label), "on": f"{letter.effective_on:%d/%m/%Y}"}


def _accounts(decision: Decision) -> Iterator[str]:
    """Contracts, payments and settlements on its lines that were recorded since and stand."""
    own = list(ApprovalEntry.objects.of_decision(decision).filter(corrects=None))
    if not own:
        return
    lines, since = {entry.plan_line_id for entry in own}, min(entry.recorded_at for entry in own)
    yield from _standing_contracts(lines, since)
    payments = PaymentEntry.objects.on_lines(lines).standing().filter(recorded_at__gte=since)
    for payment in payments.select_related("voucher", "plan_line__project").order_by("pk"):
        text = gettext("Đề án %(project)s đã có chứng từ %(voucher)s.")
        yield text % {"project": _named(payment.plan_line.project), "voucher": payment.voucher.label}
    settlements = SettlementEntry.objects.on_lines(lines).standing().filter(recorded_at__gte=since)
    for settled in settlements.select_related("plan_line__project").order_by("pk"):
        text = gettext("Đề án %(project)s đã quyết toán theo %(paper)s.")
        yield text % {"project": _named(settled.plan_line.project), "paper": settled.paper}


def _standing_contracts(lines: Collection[int], since: dt.datetime) -> Iterator[str]:
    entries = ContractEntry.objects.on_lines(lines).standing().filter(recorded_at__gte=since)
    for entry in entries.select_related("contract", "plan_line__project").order_by("pk"):
        text = gettext("Đề án %(project)s đã có hợp đồng %(contract)s.")
        yield text % {"project": _named(entry.plan_line.project), "contract": entry.contract.label}


def _named(project: Project) -> str:
    return f"{project.code} “{project}”" if project.code else f"“{project}”"
