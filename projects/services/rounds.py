"""Opening, submitting and taking back a round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.funding import STATE_LEVELS
from programmes.models import AnnualPlan, PlanRound
from projects.models import ApprovalEntry, CostLine, PlanLine, Project, ProjectRevision
from projects.papers.notices import project_submitted_again, round_moved
from projects.papers.snapshots import take_snapshot
from projects.refusals import Refused, TransitionRefused
from projects.rules.review_work import what_is_missing
from projects.rules.warning_facts import SUPPORTS
from projects.rules.warnings import findings_of_projects
from projects.rules.workflow import apply_transition, why_not
from projects.services.guards import hold_plans, lock_project, lock_round
from projects.services.project_parts import next_round


class RoundNotReady(Refused):
    """What keeps a round from being submitted: (project or None, what is missing) pairs."""

    def __init__(self, problems: list[tuple[Project | None, str]]) -> None:
        super().__init__([f"{project}: {text}" if project else text for project, text in problems], "not_ready")
        self.problems = problems


@transaction.atomic
def open_round(*, plan: AnnualPlan, level: str, actor: User) -> PlanRound:
    """The next round of the plan at that level. The plan is locked, so two people can't open the same number.

    Raises NotAllowed, PlanClosed, or Refused while a round of that level is still empty: pressed twice, a button
    opens one.
    """
    hold_plans(actor, "plan", plan.pk)
    if level not in STATE_LEVELS:
        raise Refused(_("Đợt phải thuộc nguồn khuyến công quốc gia hoặc địa phương."), code="level")
    if empty := PlanRound.objects.filter(plan=plan).of_level(level).empty_drafts().first():
        raise Refused(
            _("%(round)s chưa có đề án nào: hãy dùng đợt này, chưa cần mở đợt mới.") % {"round": empty},
            code="empty_round",
        )
    return next_round(plan, level)


def missing_for_submission(plan_round: PlanRound, only: Project | None = None) -> list[tuple[Project | None, str]]:
    """What the Department would send back at once: nothing asked for, no place, nobody helped. Of one project, or of
    all of the round; what a letter carried into it is not sent."""
    of_round = PlanLine.objects.filter(round=plan_round)
    lines = list(
        (of_round if only is None else of_round.of_projects([only.pk]))
        .counted()
        .not_carried()
        .select_related("project")
        .prefetch_related("project__places", Prefetch("project__supports", SUPPORTS))
    )
    if not lines and only is None:
        if of_round.counted().exists():
            return [(None, _("Các đề án của đợt được chuyển tiếp theo văn bản, không phải gửi Sở."))]
        return [(None, _("Đợt chưa có đề án nào."))]
    asked = CostLine.objects.state_money().filter(plan_line__in=lines).amounts_by("plan_line")
    problems: list[tuple[Project | None, str]] = [
        (line.project, missing) for line in lines for missing in what_is_missing(line.project, asked.get(line.pk))
    ]
    return [*problems, *_unanswered_warnings([line.project for line in lines])]


def _unanswered_warnings(projects: Iterable[Project]) -> Iterator[tuple[Project, str]]:
    """Of what is about to be sent: warnings with which nobody may go on without saying why."""
    sent = [one for one in projects if one.status in Project.EDITABLE]
    found = findings_of_projects(sent, user=None)
    for project in sent:
        for name in dict.fromkeys(warning.name for warning in found[project.pk].unanswered):
            yield project, _("%(warning)s: cần ghi lý do (trang đề án, mục Cảnh báo)") % {"warning": name}


@transaction.atomic
def submit_round(*, plan_round: PlanRound, actor: User, on: dt.date, note: str = "") -> None:
    """Sends the round, its drafts and what was returned to the Department, keeping each text as it was sent.

    Raises RoundNotReady or TransitionRefused; then nothing is sent.
    """
    current = lock_round(plan_round)
    if refusal := why_not(actor, current, "submit"):
        raise TransitionRefused(refusal)
    projects = _projects(current, *Project.EDITABLE)  # held before they are read: one may be edited in another plan
    if problems := missing_for_submission(current):
        raise RoundNotReady(problems)
    change = apply_transition(current, "submit", actor=actor, effective_on=on, reason=note)
    for project in projects:
        _submit_project(project, actor=actor, on=on, note=note)
    round_moved(change, current)


@transaction.atomic
def resubmit_project(*, project: Project, actor: User, on: dt.date, note: str = "") -> None:
    """Sends one returned project again while its round is still before the Department; the others stay as they are.
    What was concluded of it in each of its rounds was said of its former text, so all its lines wait anew.

    Raises RoundNotReady or TransitionRefused; then nothing is sent.
    """
    current = lock_project(project)
    if refusal := why_not(actor, current, "submit"):
        raise TransitionRefused(refusal)
    rounds = list(PlanRound.objects.of_project(project).in_status(PlanRound.Status.SUBMITTED))
    if not rounds:
        raise TransitionRefused(_("Đợt của đề án đang ở Trung tâm: gửi cả đợt."))
    if problems := [problem for one in rounds for problem in missing_for_submission(one, project)]:
        raise RoundNotReady(problems)
    _submit_project(current, actor=actor, on=on, note=note)
    project_submitted_again(current, actor=actor, note=note)


def _submit_project(project: Project, *, actor: User, on: dt.date, note: str) -> None:
    apply_transition(project, "submit", actor=actor, effective_on=on, reason=note)
    ProjectRevision.objects.create(
        project=project,
        number=project.revisions.count() + 1,
        occasion=ProjectRevision.Occasion.SUBMISSION,
        effective_on=on,
        recorded_by=actor,
        reason=note,
        snapshot=take_snapshot(project),
    )


@transaction.atomic
def recall_round(*, plan_round: PlanRound, actor: User, on: dt.date) -> None:
    """Undoes a submission that nobody has touched: no decision on its lines, no step taken by anyone since.

    Raises TransitionRefused with what has happened meanwhile.
    """
    current = lock_round(plan_round)
    if refusal := why_not(actor, current, "recall"):
        raise TransitionRefused(refusal)
    projects = _projects(current, Project.Status.SUBMITTED)
    if ApprovalEntry.objects.filter(plan_line__round=current).exists():
        raise TransitionRefused(_("Đợt đã có quyết định, không rút lại được."))
    lines = PlanLine.objects.filter(round=current).with_status()
    if lines.exclude(status_then__in=(Project.Status.SUBMITTED, *Project.TAKEN_BACK)).exists():
        raise TransitionRefused(_("Có đề án của đợt đã được xử lý, không rút lại được."))
    change = apply_transition(current, "recall", actor=actor, effective_on=on)
    for project in projects:
        elsewhere = PlanRound.objects.of_project(project).exclude(pk=current.pk)
        if not elsewhere.exclude(status__in=(*PlanRound.EDITABLE, PlanRound.Status.PAST)).exists():
            apply_transition(project, "recall", actor=actor, effective_on=on)
    round_moved(change, current)


def _projects(plan_round: PlanRound, *statuses: str) -> Iterable[Project]:
    """The round's projects of these statuses, locked in the order of their ids."""
    rows = Project.objects.filter(lines__round=plan_round, status__in=statuses)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
