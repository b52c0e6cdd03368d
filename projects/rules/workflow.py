"""Who takes a step of a round or a project and when, and the only function that writes ``status``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from khuyencong.accounts.models import Role, User
from khuyencong.text import inside_sentence
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import PlanLine, Project, StatusChange
from projects.refusals import TransitionRefused
from projects.rules.transitions import (
    ANNUL,
    CANCEL,
    CREATE,
    PROJECT_TRANSITIONS,
    REVIEW_STEPS,
    WORK_STEPS,
    Record,
    Transition,
    transitions_of,
)

# A step of a line after which the project stands so, whatever the other lines do.
APPROVE_LINE = "approve"


def closed_text(plans: Iterable[AnnualPlan]) -> str:
    """“Kế hoạch năm 2006 đã khóa sổ.”"""
    years = ", ".join(str(year) for year in sorted({plan.year for plan in plans}))
    return gettext("Kế hoạch năm %(years)s đã khóa sổ.") % {"years": years}


def why_at_rest(record: Record) -> str:
    """Says that the books of the round's year, or of every year that the project is in, are closed."""
    if isinstance(record, PlanRound):
        return closed_text([record.plan]) if record.plan.is_closed else ""
    plans = record.plans
    return closed_text(plans) if plans and all(plan.is_closed for plan in plans) else ""


def organisation_id_of(record: Record) -> int:
    """The organisation whose people and superiors act on the record."""
    return record.plan.organisation_id if isinstance(record, PlanRound) else record.organisation_id


def why_not(user: User, record: Record, name: str, *, line: PlanLine | None = None) -> str:
    """Why this user can't take that step of the record now, in words; empty when they can.

    The one answer for pages, which show a button with its reason, and for :func:`apply_transition`. ``line``: of which
    line of a project, with its round and its status, for a step that is taken of one.
    """
    return _why_not(user, record, transitions_of(record)[name], line)


def _why_not(user: User, record: Record, step: Transition, line: PlanLine | None = None) -> str:
    assert (line is not None) == step.of_line
    if not user.holds(organisation_id_of(record), *step.roles):
        return gettext("Bước “%(step)s” do %(roles)s thực hiện.") % {
            "step": step.label,
            "roles": ", ".join(inside_sentence(Role(role).label) for role in step.roles),
        }
    if at_rest := why_at_rest(record):
        return at_rest
    if (status := line.status_then if line else record.status) not in step.sources:
        return gettext("Đang ở trạng thái “%(status)s”, không thực hiện được bước “%(step)s”.") % {
            "status": record.Status(status).label,
            "step": step.label,
        }
    if step.kinds and isinstance(record, Project) and record.kind not in step.kinds:
        return gettext("Bước “%(step)s” chỉ dành cho: %(kinds)s.") % {
            "step": step.label,
            "kinds": ", ".join(str(Project.Kind(kind).label) for kind in step.kinds),
        }
    if earlier := _own_step_before(user, record, step):
        return earlier
    return step.hindrance(line or record) if step.hindrance else ""


def acting_people(user: User, organisation_id: int, *roles: str) -> set[int]:
    """Ids of the user, and of whoever's role they exercise there: an act in another's name is an act of both."""
    principal = user.principal_for(organisation_id, *roles)
    return {user.pk, principal} if principal else {user.pk}


def _own_step_before(user: User, record: Record, step: Transition) -> str:
    """Separation of duties: who entered or sent it does not judge it, who judged it does not approve it; nor does
    anybody in their name, or in whose name it was done before."""
    if not step.not_by:
        return ""
    people = acting_people(user, organisation_id_of(record), *step.roles)
    names = {"step": step.label}
    if CREATE in step.not_by and isinstance(record, Project) and record.created_by_id in people:
        if record.created_by_id == user.pk:
            return gettext("Bạn đã lập đề án này, nên không được thực hiện bước “%(step)s”.") % names
        return (
            gettext("Người ủy quyền cho bạn đã lập đề án này, nên không được thực hiện thay bước “%(step)s”.") % names
        )
    own = [one for one in record.status_changes.all() if one.transition in step.not_by and one.people & people]
    if not own:
        return ""
    taken = max(own, key=lambda one: (user.pk in one.people, one.pk))
    names |= {"earlier": transitions_of(record)[taken.transition].label}
    if user.pk in taken.people:
        return gettext("Bạn đã thực hiện bước “%(earlier)s”, nên không được thực hiện bước “%(step)s”.") % names
    return (
        gettext(
            "Người ủy quyền cho bạn đã thực hiện bước “%(earlier)s”, nên không được thực hiện thay bước “%(step)s”."
        )
        % names
    )


def taken_already(user: User, record: Record, name: str, in_round: PlanRound | None = None) -> StatusChange | None:
    """That very step, where this user took it and it is the record's last, or that of its line in the round: a button
    that was pressed twice."""
    steps = record.status_changes.order_by("-pk")
    last = (steps.of_line(in_round) if in_round else steps).first()
    is_own = last is not None and (last.transition, last.actor_id) == (name, user.pk)
    return last if is_own and (in_round or record.status == transitions_of(record)[name].target) else None


def apply_transition(
    record: Record,
    name: str,
    *,
    actor: User,
    effective_on: dt.date,
    reason: str = "",
    decision: Decision | None = None,
    line: PlanLine | None = None,
) -> StatusChange:
    """Takes one step of a round or a project, once, with its history row in the same transaction; of one line of a
    project where the step is of a line (:func:`why_not`).

    The update is conditional on the status it starts from, so of two people at the same button one wins and the
    other is told. Raises TransitionRefused; then nothing is written.
    """
    step = transitions_of(record)[name]
    missing = _what_is_missing(record, step, effective_on, reason, decision, line)
    if refusal := why_not(actor, record, name, line=line) or missing:
        raise TransitionRefused(refusal)
    words = {"actor": actor, "effective_on": effective_on, "reason": reason, "decision": decision}
    if line is None or not isinstance(record, Project):
        return _write_step(record, step, words)
    return _write_step(
        record, replace(step, target=_stands_after(record, step, line)), words | {"in_round": line.round}
    )


def _stands_after(project: Project, step: Transition, line: PlanLine) -> str:
    """Where the project stands once that line took the step: appraised when every line is, but for those that are
    refused, returned when any is, refused when all are. What a letter approved stays so, whatever is said of another
    line, until that letter is cancelled."""
    if step.name == APPROVE_LINE:
        return step.target
    if project.status in Project.GRANTED and line.status_then not in Project.GRANTED:
        return project.status
    others = PlanLine.objects.filter(project=project).exclude(pk=line.pk).exclude(round__status=PlanRound.Status.PAST)
    stand = {step.target, *others.with_conclusion().values_list("conclusion", flat=True)}
    return next(status for status in Project.BY_LINES if status in stand)


def apply_stated_step(
    project: Project,
    name: str,
    *,
    actor: User,
    effective_on: dt.date,
    reason: str,
    decision: Decision,
    is_day_unknown: bool = False,
) -> StatusChange:
    """A step of the work that an old file states, taken with the letter by which the project was just taken over.

    Whoever confirms the letter answers for it, so no role of the step is asked; what the file leaves out between two
    states is not made up. Raises TransitionRefused for a project that was not taken over so, for a step back, and for
    a day that can't be.
    """
    step = PROJECT_TRANSITIONS[name]
    if not _is_just_taken_over(project, actor, decision):
        raise TransitionRefused(gettext("Bước này chỉ ghi cùng lúc Sở tiếp nhận hồ sơ cũ."))
    is_back = project.status not in step.sources  # a stop
    if step.target in Project.WORK:
        is_back = Project.WORK.index(step.target) <= Project.WORK.index(project.status)
    if is_back or (refusal := _what_is_missing(project, step, effective_on, reason, decision)):
        text = gettext("Đang ở trạng thái “%(status)s”, không thực hiện được bước “%(step)s”.")
        said = {"status": project.get_status_display(), "step": step.label}
        raise TransitionRefused(text % said if is_back else refusal)
    words = {"actor": actor, "effective_on": effective_on, "reason": reason, "decision": decision}
    return _write_step(project, step, words | {"is_day_unknown": is_day_unknown})


def _is_just_taken_over(project: Project, actor: User, decision: Decision) -> bool:
    """By this person under this letter, and nobody took another step since."""
    steps = project.status_changes.order_by("-pk")
    last, own = steps.first(), (actor.pk, decision.pk)
    taken_over = steps.named("take_over").filter(actor=actor, decision=decision).exists()
    return taken_over and last is not None and (last.actor_id, last.decision_id) == own


def _principal(actor: User, record: Record, step: Transition) -> int | None:
    return actor.principal_for(organisation_id_of(record), *step.roles)


def _write_step(record: Record, step: Transition, words: Mapping[str, Any]) -> StatusChange:
    is_round = isinstance(record, PlanRound)
    source = record.status
    with transaction.atomic():
        rows = type(record)._default_manager.filter(pk=record.pk, status=source)
        changes = {"status": step.target} if is_round else {"status": step.target, "version": F("version") + 1}
        if not rows.update(**changes):
            raise TransitionRefused(gettext("Trạng thái đã thay đổi, không thực hiện được bước “%s”.") % step.label)
        change = StatusChange.objects.create(
            on_behalf_of_id=_principal(words["actor"], record, step),
            round=record if isinstance(record, PlanRound) else None,
            project=record if isinstance(record, Project) else None,
            transition=step.name,
            source_status=source,
            target_status=step.target,
            **words,
        )
    record.refresh_from_db(fields=list(changes))
    return change


def apply_to_many(
    projects: Collection[Project], name: str, *, actor: User, effective_on: dt.date, reason: str = ""
) -> None:
    """The same step of many projects, all or none, in few statements. The caller holds their plans and rows, which are
    open, and has asked the hindrance of all of them at once: so it is for steps that ask for no letter, kind or order.

    Raises TransitionRefused for the first that can't take it; then nothing is written.
    """
    step = PROJECT_TRANSITIONS[name]
    assert not (step.needs_decision or step.not_by or step.kinds)
    alone = replace(step, hindrance=None)
    for project in projects:
        if refusal := _why_not(actor, project, alone) or _missing_words(alone, effective_on, reason):
            raise TransitionRefused(f"{project.code}: {refusal}" if len(projects) > 1 else refusal)
    ids = [project.pk for project in projects]
    with transaction.atomic():
        rows = Project.objects.filter(pk__in=ids, status__in=step.sources)
        if rows.update(status=step.target, version=F("version") + 1) != len(ids):
            raise TransitionRefused(gettext("Trạng thái đã thay đổi, không thực hiện được bước “%s”.") % step.label)
        StatusChange.objects.bulk_create(
            StatusChange(
                project=project,
                transition=name,
                source_status=project.status,
                target_status=step.target,
                actor=actor,
                on_behalf_of_id=_principal(actor, project, step),
                effective_on=effective_on,
                reason=reason,
            )
            for project in projects
        )


def _what_is_missing(
    record: Record,
    step: Transition,
    effective_on: dt.date,
    reason: str,
    decision: Decision | None,
    line: PlanLine | None = None,
) -> str:
    """What the step must come with and does not: the letter, the reason, a date that can be."""
    if step.needs_decision and decision is None:
        return gettext("Bước “%s” cần có văn bản.") % step.label
    if missing := _missing_words(step, effective_on, reason):
        return missing
    course = next((steps for steps in (REVIEW_STEPS, WORK_STEPS) if step.name in steps), ())
    last = _last_step_of_line(line, course) if line and course == REVIEW_STEPS else _last_step(record, course)
    if last and effective_on < last.effective_on:
        return gettext("Ngày thực hiện không được trước ngày của bước liền trước (%(on)s).") % {
            "on": f"{last.effective_on:%d/%m/%Y}"
        }
    return ""


def _missing_words(step: Transition, effective_on: dt.date, reason: str) -> str:
    """The reason, and a day that has come."""
    if step.needs_reason and not reason.strip():
        return gettext("Bước “%(step)s” cần ghi: %(note)s.") % {
            "step": step.label,
            "note": inside_sentence(step.note_label),
        }
    if effective_on > timezone.localdate():
        return gettext("Ngày thực hiện không được sau hôm nay.")
    return ""


def _last_step(record: Record, course: tuple[str, ...]) -> StatusChange | None:
    """Of the record; a round rests on what was concluded of its projects too.

    None after what lets the course begin anew; a letter that is cancelled leaves the review as it was.
    """
    anew = (ANNUL, CANCEL) if course == WORK_STEPS else (ANNUL,)
    own = record.status_changes.named(*course, *anew).order_by("-pk").first()
    if own is not None and own.transition in anew:
        return None
    if not isinstance(record, PlanRound) or own is None:
        return own
    judged = StatusChange.objects.named("appraise", "return", "refuse").filter(pk__gt=own.pk)
    return max([own, *judged.filter(in_round=record)], key=lambda change: change.effective_on)


def _last_step_of_line(line: PlanLine, course: tuple[str, ...]) -> StatusChange | None:
    """A line is judged after its round was sent or opened again, and after what was concluded of it before; what was
    concluded of the project in another round has a calendar of its own."""
    own = StatusChange.objects.filter(project=line.project_id).of_line(line.round_id).named(*course)
    of_round = line.round.status_changes.named(*course)
    steps = [step for rows in (own, of_round) if (step := rows.order_by("-pk").first())]
    return max(steps, key=lambda change: change.effective_on, default=None)
