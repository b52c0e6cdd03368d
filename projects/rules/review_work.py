"""The work of a review: since when something waits for the Department and until when, and which lines are plain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import Project, ReviewDeadline, StatusChange
from projects.models.status_change import CONCLUDED
from projects.rules.permissions import RIGHTS, has, hindrance_to_reviewing
from projects.rules.warnings import Findings
from projects.rules.workflow import why_at_rest


@dataclass(frozen=True)
class Waiting:
    """Since when something waits (None where nobody knows), until when it may, and the day on which that is asked."""

    since: dt.date | None
    due_on: dt.date | None
    today: dt.date

    @property
    def days(self) -> int | None:
        return None if self.since is None else max(0, (self.today - self.since).days)

    @property
    def late_days(self) -> int:
        """What came after the day that was set is late from the day on which it came."""
        if self.due_on is None:
            return 0
        return max(0, (self.today - max(self.due_on, self.since or self.due_on)).days)

    @property
    def words(self) -> str:
        """“chờ 5 ngày, quá hạn 2 ngày”; empty where nothing is known."""
        return ", ".join([*self._waited(), *self._due()])

    def _waited(self) -> Iterator[str]:
        if self.days is not None:
            said = ngettext("chờ %(count)d ngày", "chờ %(count)d ngày", self.days)
            yield said % {"count": self.days} if self.days else _("nhận hôm nay")

    def _due(self) -> Iterator[str]:
        if self.due_on is None:
            return
        left = (self.due_on - self.today).days
        if self.late_days:
            said = ngettext("quá hạn %(count)d ngày", "quá hạn %(count)d ngày", self.late_days)
            yield said % {"count": self.late_days}
        elif left > 0:
            yield ngettext("còn %(count)d ngày", "còn %(count)d ngày", left) % {"count": left}
        else:
            yield _("đến hạn")


@dataclass(frozen=True)
class RoundTimes:
    """When a round came to the Department last, and until when that is to be reviewed."""

    since: dt.date | None = None
    sent_on: dt.date | None = None
    deadline: ReviewDeadline | None = None

    @property
    def due_on(self) -> dt.date | None:
        return self.deadline.due_on if self.deadline else None

    def waiting(self, today: dt.date) -> Waiting:
        return Waiting(self.since, self.due_on, today)


def times_of_rounds(rounds: Iterable[PlanRound]) -> dict[int, RoundTimes]:
    """By round, in two queries. A day that was set before the round was sent last is of that other review."""
    ids = [plan_round.pk for plan_round in rounds]
    came: dict[int, StatusChange] = {}
    sent: dict[int, StatusChange] = {}
    for step in StatusChange.objects.filter(round__in=ids).named("submit", "reopen").order_by("pk"):
        assert step.round_id is not None
        came[step.round_id] = step
        if step.transition == "submit":
            sent[step.round_id] = step
    set_for = {
        row.round_id: row
        for row in ReviewDeadline.objects.of_rounds(ids)
        if row.round_id not in sent or row.recorded_at >= sent[row.round_id].recorded_at
    }
    return {
        pk: RoundTimes(
            came[pk].effective_on if pk in came else None,
            sent[pk].effective_on if pk in sent else None,
            set_for.get(pk),
        )
        for pk in ids
    }


def line_waits_since(project: Project, round_id: int) -> dt.date | None:
    """The day of the last step by which the line came to stand as it does, of the project's steps at hand, the newest
    first; None of one that took none."""
    steps = (step for step in project.status_changes.all() if step.in_round_id in (None, round_id))
    return next((step.effective_on for step in steps if step.transition in CONCLUDED), None)


def why_not_share(user: User, plan_round: PlanRound) -> str:
    """Why the user can neither give lines of the round to reviewers nor take any now."""
    office = plan_round.plan.organisation_id
    if not (has(user, "assign", office) or has(user, "review", office)):
        return RIGHTS["assign"].refusal()
    return hindrance_to_reviewing(plan_round) or why_at_rest(plan_round)


def why_not_set_deadline(user: User, plan_round: PlanRound) -> str:
    """Why the user can't say until when the round is to be reviewed."""
    if not has(user, "assign", plan_round.plan.organisation_id):
        return RIGHTS["assign"].refusal()
    return hindrance_to_reviewing(plan_round) or why_at_rest(plan_round)


def what_is_missing(project: Project, asked_vnd: int | None) -> Iterator[str]:
    """What the Department would send back at once: nothing asked for, no place, nobody helped (places and supports at
    hand)."""
    if not asked_vnd:
        yield _("chưa có kinh phí đề nghị")
    if project.area_scope == Project.AreaScope.UNITS and not project.places.all():
        yield _("chưa chọn địa bàn")
    if project.kind in (Project.Kind.SINGLE, Project.Kind.PILOT) and not project.supports.all():
        yield _("chưa có đơn vị hoặc nhóm thụ hưởng")


def why_not_plain(project: Project, findings: Findings, open_remarks: int, asked_vnd: int | None) -> str:
    """What a reviewer has to read the line for by itself; empty of one that may be accepted among others.

    Of a warning that asks for a reason the reason is what is judged, so it is no plain line once one was given; what
    only informs is no hindrance.
    """
    if missing := next(what_is_missing(project, asked_vnd), ""):
        return missing
    if warning := next((one for one in findings.warnings if one.needs_reason), None):
        return _("có cảnh báo: %(warning)s") % {"warning": warning.name}
    if open_remarks:
        said = ngettext("còn %(count)d ý kiến chưa trả lời", "còn %(count)d ý kiến chưa trả lời", open_remarks)
        return said % {"count": open_remarks}
    return ""
