"""Entering a project of a year that is over as its file states it, without steps that nobody recorded.

It stands in a round of its own and takes no ordinary step, before or after; its money comes by a letter that the
Department's head confirms (``services/past_letters.py``) or records (``services/decisions.py``), under all limits.
Until then it may be put right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import PastEvent, PastLetterApproved, PastRecord, PlanLine, Project
from projects.models.past_record import counted_at_the_end
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_opening, hindrance_to_past_change, hindrance_to_past_records
from projects.rules.workflow import apply_transition
from projects.services.guards import hold_plans, lock_row, refuse_future, refuse_hindered
from projects.services.past_events import (
    STATE_OF_EVENT,
    EventInput,
    file_in_words,
    furthest_state,
    prepare_events,
    refuse_lost_events,
)
from projects.services.past_letter_lines import LetterLine, place_in_letters
from projects.services.project_entry import ProjectInput, enter_project, rewrite_project, write_parts
from projects.services.project_parts import next_round
from projects.services.storing import refuse_invalid, store_new

STATED = ("outcome", "stated_on", "effective_on", "is_on_schedule", "words", "source")


@dataclass(frozen=True)
class StatedOutcome:
    """What the file says: how the project ended, on which day, if it kept to its schedule; None is not said.

    ``words`` are those of the file, ``source`` names it. ``goes_on``: the project is not over, or its accounts are
    taken over with it; then a state without a day counts from ``counted_on``.
    """

    outcome: str
    source: str
    on: dt.date | None = None
    is_on_schedule: bool | None = None
    words: str = ""
    goes_on: bool = False
    counted_on: dt.date | None = None


@transaction.atomic
def enter_past_record(
    *,
    project: Project,
    data: ProjectInput,
    stated: StatedOutcome,
    actor: User,
    lines: Sequence[LetterLine] = (),
    events: Sequence[EventInput] = (),
    is_another: bool = False,
) -> PastRecord:
    """Stores the project with its statement; it waits for the letter that confirms its money. ``lines`` say which
    prepared letter approves how much of it, ``events`` what was done after that, of a project that goes on.

    Raises NotAllowed, PlanClosed, FutureDate, TransitionRefused, SameName unless ``is_another``, or Refused: for a year
    that is not over or whose plan took the ordinary steps (unless the project goes on), without money, without a
    source; then nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    refuse_hindered(_hindrance(stated, plan))
    _refuse_statement(stated, plan, events)
    enter_project(project, plan, actor, is_another=is_another)
    first_day = dt.date(plan.year, 1, 1)
    _write_lines(project, plan, data, actor)
    write_parts(project, plan, data)
    place_in_letters(project, plan, lines)
    prepare_events(project, events)
    words = file_in_words(stated.source) if stated.goes_on else _by_its_file(stated.source)
    apply_transition(project, "record", actor=actor, effective_on=first_day, reason=words)
    return store_new(_record(project, plan, stated, actor))


def _by_its_file(source: str) -> str:
    with override("vi"):
        return _("Theo %(source)s") % {"source": source}


def _hindrance(stated: StatedOutcome, plan: AnnualPlan) -> str:
    today = timezone.localdate()
    return hindrance_to_opening(plan, today) if stated.goes_on else hindrance_to_past_records(plan, today)


@transaction.atomic
def change_past_record(
    *,
    project: Project,
    data: ProjectInput,
    stated: StatedOutcome,
    actor: User,
    version: int,
    lines: Sequence[LetterLine] = (),
    events: Sequence[EventInput] | None = None,
) -> Project:
    """Puts right what was entered, text, money and statement, until a letter confirms it; the statement by a row that
    corrects the last one, if it says something else. Without ``events`` those that were prepared stay.

    Raises NotAllowed, PlanClosed, FutureDate, StaleVersion, or Refused: once confirmed, while one of its letters is
    before the Department, and as :func:`enter_past_record`; then nothing is written.
    """
    plan = hold_plans(actor, "write", data.plan.pk)[data.plan.pk]
    stored = lock_row(project)
    if not PlanLine.objects.filter(project=stored, round__plan=plan).exists():
        raise Refused(_("Đề án không có trong kế hoạch này."), code="other_plan")
    refuse_hindered(hindrance_to_past_change(stored))
    last = PastRecord.objects.filter(project=stored).order_by("-pk")[0]
    stated = replace(stated, goes_on=last.goes_on, counted_on=stated.counted_on or last.effective_on)
    prepared = list(PastEvent.objects.filter(project=stored))
    _refuse_statement(stated, plan, prepared if events is None else events)
    rewrite_project(project, stored, version, actor, lambda: _rewrite(project, plan, data, lines, actor))
    if events is None:
        refuse_lost_events(project, len(prepared))
    else:
        prepare_events(project, events)
    record = _record(project, plan, stated, actor)
    refuse_invalid(record)
    if any(getattr(record, name) != getattr(last, name) for name in STATED):
        record.corrects = last
        store_new(record)
    return project


def _rewrite(project: Project, plan: AnnualPlan, data: ProjectInput, lines: Sequence[LetterLine], actor: User) -> None:
    _write_lines(project, plan, data, actor)
    PastLetterApproved.objects.of_project(project).delete()
    write_parts(project, plan, data)
    place_in_letters(project, plan, lines)


def _write_lines(project: Project, plan: AnnualPlan, data: ProjectInput, actor: User) -> None:
    """A line in the plan's round of past records at each level of its money, which is not made elsewhere then."""
    first_day = dt.date(plan.year, 1, 1)
    for level in _levels(data):
        PlanLine.objects.get_or_create(round=_past_round(plan, level, actor, first_day), project=project)


def _refuse_statement(stated: StatedOutcome, plan: AnnualPlan, events: Sequence[EventInput | PastEvent]) -> None:
    refuse_future(stated.on, "stated_on")
    refuse_future(stated.counted_on, "stated_on")
    if events and not stated.goes_on:
        raise Refused(_("Chỉ ghi hợp đồng, chứng từ cho đề án còn thực hiện tiếp trên phần mềm."), code="ends")
    implied = [STATE_OF_EVENT[one.kind] for one in events if one.kind in STATE_OF_EVENT]
    is_ended = stated.outcome == PastRecord.Outcome.STOPPED and set(implied) <= {PastRecord.Outcome.CONTRACTED}
    if implied and not is_ended and furthest_state([*implied, stated.outcome]) != stated.outcome:
        text = _("Trạng thái theo hồ sơ không khớp với hợp đồng, nghiệm thu, quyết toán đã ghi.")
        raise Refused({"outcome": text}, code="other_state")
    if not stated.source.strip():
        raise Refused({"source": _("Ghi hồ sơ, báo cáo làm căn cứ.")}, code="no_source")
    if stated.on and stated.on.year < plan.year and not stated.goes_on:
        raise Refused({"stated_on": _("Ngày của trạng thái không được trước năm kế hoạch.")}, code="too_early")


def _levels(data: ProjectInput) -> list[str]:
    """Of the state money: each letter of that level confirms its own."""
    found = {
        source.level for content in data.contents for source, vnd in content.amounts.items() if source.is_state and vnd
    }
    if not found:
        raise Refused(_("Nhập kinh phí nhà nước của hồ sơ cũ."), code="no_money")
    return sorted(found)


def _past_round(plan: AnnualPlan, level: str, actor: User, on: dt.date) -> PlanRound:
    """The plan's round of past records at that level; made when there is none. The plan is held."""
    rounds = PlanRound.objects.filter(plan=plan, level=level).in_status(PlanRound.Status.PAST)
    if (existing := rounds.order_by("number").first()) is not None:
        return existing
    made = next_round(plan, level)
    apply_transition(made, "record", actor=actor, effective_on=on)
    return made


def _counted(stated: StatedOutcome, plan: AnnualPlan) -> dt.date:
    """A state of which nobody knows the day: of what is over the last of the plan's year, of what goes on the day that
    was said, which is not to come."""
    if not stated.goes_on or stated.on:
        return counted_at_the_end(stated.on, year=plan.year)
    return stated.counted_on or dt.date(plan.year, 1, 1)


def _record(project: Project, plan: AnnualPlan, stated: StatedOutcome, actor: User) -> PastRecord:
    return PastRecord(
        project=project,
        outcome=stated.outcome,
        stated_on=stated.on,
        effective_on=_counted(stated, plan),
        goes_on=stated.goes_on,
        is_on_schedule=stated.is_on_schedule,
        words=stated.words,
        source=stated.source,
        recorded_by=actor,
    )
