"""Sharing the lines of a round among reviewers, saying until when, and what the Department writes for itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Role, User
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.text import inside_sentence
from programmes.models import PlanRound
from projects.models import (
    NoteWithdrawal,
    PlanLine,
    Project,
    ReviewAssignment,
    ReviewDeadline,
    ReviewNote,
    StatusChange,
)
from projects.refusals import NotAllowed, Refused
from projects.rules.dossiers import can_withdraw_note, refusal_to_withdraw_note
from projects.rules.permissions import RIGHTS, has, hindrance_to_reviewing
from projects.rules.review_work import times_of_rounds
from projects.services.guards import lock_round, lock_row, refuse_closed, require, require_reason
from projects.services.storing import store_new


@transaction.atomic
def assign_lines(*, plan_round: PlanRound, projects: Collection[int], reviewer: User | None, actor: User) -> int:
    """From now on that reviewer reads these lines, all or none of them; without one they are put back. Returns of how
    many that is new: what stands so already is not recorded again.

    The Department's head gives any line to anybody with the reviewer's role. A reviewer takes what nobody has, and
    puts back or hands on what is their own. Raises NotAllowed, PlanClosed, or Refused with the line's name.
    """
    current = _hold_round_to_share(plan_round, actor)
    if not projects:
        raise Refused(_("Chưa chọn dòng nào."), code="nothing")
    reviewers = set(User.objects.holding(Role.REVIEWER, current.plan.organisation))
    if reviewer is not None and reviewer not in reviewers:
        text = _("%(person)s không có vai trò chuyên viên Sở đối với kế hoạch này.") % {"person": reviewer}
        raise Refused({"reviewer": text}, code="no_role")
    held = {pk: row.reviewer for pk, row in ReviewAssignment.objects.of_round(current).latest_by_project().items()}
    given = [line.project for line in _lines_to_be_judged(current, projects) if held.get(line.project_id) != reviewer]
    for project in given if not has(actor, "assign", current.plan.organisation_id) else ():
        holder = held.get(project.pk)
        _refuse_anothers(project, holder if holder in reviewers else None, reviewer, actor)
    if reviewer is not None:
        _refuse_own_work(given, reviewer)
    rows = [ReviewAssignment(project=one, round=current, reviewer=reviewer, recorded_by=actor) for one in given]
    ReviewAssignment.objects.bulk_create(rows)
    return len(rows)


def _hold_round_to_share(plan_round: PlanRound, actor: User) -> PlanRound:
    current = lock_round(plan_round)
    office = current.plan.organisation_id
    if not (has(actor, "assign", office) or has(actor, "review", office)):
        raise NotAllowed(RIGHTS["assign"].refusal())
    refuse_closed([current.plan])
    if hindrance := hindrance_to_reviewing(current):
        raise Refused(hindrance, code="not_submitted")
    return current


def _lines_to_be_judged(plan_round: PlanRound, projects: Collection[int]) -> list[PlanLine]:
    """In the order of their projects. Raises Refused for one of another round, or that is concluded."""
    rows = PlanLine.objects.filter(round=plan_round).of_projects(projects).with_status().order_by("project")
    lines = list(rows.select_related("project"))
    if len(lines) != len(set(projects)):
        raise Refused(_("Đề án không thuộc đợt này."), code="other_round")
    for line in lines:
        if line.status in Project.RESOLVED:
            said = {"project": line.project, "status": inside_sentence(line.status.label)}
            raise Refused(_("“%(project)s”: %(status)s, không còn chờ thẩm định.") % said, code="concluded")
    return lines


def _refuse_anothers(project: Project, holder: User | None, reviewer: User | None, actor: User) -> None:
    """A reviewer disposes of what is their own and takes what nobody has. What somebody has who can't review any more
    is nobody's."""
    if holder is None and reviewer != actor:
        text = _("“%(project)s” chưa giao ai: bạn tự nhận, hoặc lãnh đạo Sở giao.")
        raise Refused(text % {"project": project}, code="not_own")
    if holder is not None and holder != actor:
        text = _("“%(project)s” do %(holder)s thẩm định: lãnh đạo Sở giao lại, hoặc %(holder)s bỏ phân công trước.")
        raise Refused(text % {"project": project, "holder": holder}, code="not_own")


def _refuse_own_work(projects: Collection[Project], reviewer: User) -> None:
    """Who entered or sent a project, or in whose name it was sent, does not judge it (``rules.transitions``), so nobody
    gives it to them."""
    steps = StatusChange.objects.named("submit").filter(project__in=projects).taken_by([reviewer.pk])
    sent = set(steps.values_list("project", flat=True))
    for project in projects:
        if project.created_by_id == reviewer.pk or project.pk in sent:
            text = _("%(person)s đã lập hoặc gửi “%(project)s”, nên không thẩm định đề án này.")
            raise Refused({"reviewer": text % {"person": reviewer, "project": project}}, code="own_work")


@transaction.atomic
def set_deadline(*, plan_round: PlanRound, due_on: dt.date | None, reason: str = "", actor: User) -> ReviewDeadline:
    """Until when the round is to be reviewed; another day, or none any more, for a reason.

    Raises NotAllowed, PlanClosed, or Refused: of a round that is not under review, for a day before it was sent, for
    the day that stands, without a reason for a change.
    """
    current = lock_round(plan_round)
    require(actor, "assign", current.plan.organisation_id)
    refuse_closed([current.plan])
    if hindrance := hindrance_to_reviewing(current):
        raise Refused(hindrance, code="not_submitted")
    times = times_of_rounds([current])[current.pk]
    if due_on == times.due_on:
        text = _("Đợt đang có đúng hạn này.") if due_on else _("Nhập hạn thẩm định.")
        raise Refused({"due_on": text}, code="twice")
    if due_on and times.sent_on and due_on < times.sent_on:
        text = _("Hạn thẩm định không được trước ngày gửi đợt (%(on)s).") % {"on": f"{times.sent_on:%d/%m/%Y}"}
        raise Refused({"due_on": text}, code="too_early")
    if times.due_on and not reason.strip():
        raise Refused({"reason": _("Ghi lý do đổi hạn.")}, code="no_reason")
    return store_new(ReviewDeadline(round=current, due_on=due_on, reason=reason, recorded_by=actor))


@transaction.atomic
def add_review_note(*, plan_round: PlanRound, project: Project, text: str, actor: User) -> ReviewNote:
    """A word among those who review and decide at the Department; nobody is told, and the Centre reads it nowhere. Also
    after the year, since it changes no figure.

    Raises NotAllowed, or Refused for an empty text, another round, or what the same person has just written.
    """
    current = lock_row(project)
    require(actor, "note", current.organisation_id)
    said = mask_personal_numbers(text).strip()
    if not said:
        raise Refused({"text": _("Hãy nhập ghi chú.")}, code="nothing")
    if not PlanLine.objects.filter(round=plan_round, project=current).exists():
        raise Refused(_("Đề án không thuộc đợt này."), code="other_round")
    last = ReviewNote.objects.of_project(current).standing().filter(author=actor).last()
    if last and (last.round_id, last.text) == (plan_round.pk, said):
        raise Refused({"text": _("Ghi chú này đã được ghi.")}, code="twice")
    return store_new(ReviewNote(project=current, round=plan_round, text=said, author=actor))


@transaction.atomic
def withdraw_review_note(*, note: ReviewNote, reason: str, actor: User) -> NoteWithdrawal:
    """Takes back a note that is wrong or stands at the wrong line: the Department reads it on with who, when and why.
    As notes are written, after the year too.

    Raises NotAllowed, or Refused without a reason, and the second time.
    """
    project = lock_row(note.project)
    current = ReviewNote.objects.get(pk=note.pk)
    if not can_withdraw_note(actor, current, project):
        raise NotAllowed(refusal_to_withdraw_note())
    if not ReviewNote.objects.standing().contains(current):
        raise Refused(_("Ghi chú này đã được rút."), code="twice")
    require_reason(reason)
    return store_new(NoteWithdrawal(note=current, reason=reason, recorded_by=actor))
