"""The life of rounds and projects: one table of transitions each, with what every step must come with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khuyencong.accounts.models import Role
from programmes.models import PlanRound
from projects.models import Project
from projects.rules.hindrances import (
    does_not_end,
    ends_with_its_record,
    has_no_returned_line,
    has_nothing_appraised,
    has_ordinary_lines,
    has_undecided_lines,
    has_unresolved_lines,
    is_not_before_decision,
    is_not_of_the_past,
    is_not_to_be_returned,
    is_not_under_review,
    is_partly_confirmed,
    was_sent,
)

ROUND = PlanRound.Status
PROJECT = Project.Status
Record = PlanRound | Project

# Steps of one course happen one after the other, so their dates do too. A letter may be older than the appraisal that
# is written down after it, where a past year is entered.
REVIEW_STEPS = (
    *("submit", "recall", "appraise", "return", "refuse", "reconsider", "withdraw"),
    *("endorse", "reopen", "forward"),
)
WORK_STEPS = ("approve", "take_over", "contract", "start", "start_task", "accept", "settle", "liquidate", "stop")
# After it the course begins anew, on the day from which the work counted that is no more.
ANNUL = "annul"
# A letter that was recorded by mistake is cancelled, and what it decided waits for a letter again.
CANCEL = "cancel"
# The steps by which a project comes to be approved; whoever took one keeps no accounts of the project.
APPROVALS = ("approve", "take_over")
REASON = _("Lý do")
CREATE = "create"  # stands in ``not_by`` for entering the record


@dataclass(frozen=True)
class Transition:
    """One step: from which statuses, to which, by which roles, and what must come with it.

    ``not_by``: whoever took one of these steps of the record may not take this one (separation of duties).
    ``kinds``: only projects of these kinds. ``hindrance``: asked of the record, says what stands in the way.
    ``note_label``: what the accompanying words are, where they are more than a reason.
    ``of_line``: it is taken of one line of a project (with its round, and with its status: ``PlanLine.objects
    .with_status``), which then stands as ``target``; the project's own status follows from all its lines.
    """

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    needs_reason: bool = False
    needs_decision: bool = False
    not_by: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hindrance: Callable[[Any], str] | None = None
    note_label: str | Promise = REASON
    of_line: bool = False

    @property
    def asks_why(self) -> bool:
        """It goes back or ends what was under way, so whoever reads the record next asks why."""
        return self.needs_reason and self.note_label is REASON


def _table(*steps: Transition) -> dict[str, Transition]:
    return {step.name: step for step in steps}


APPROVE = pgettext_lazy("of a plan", "Phê duyệt")
RECORD = _("Nhập hồ sơ cũ")
CANCEL_LETTER = _("Hủy văn bản ghi nhầm")


ROUND_TRANSITIONS = _table(
    Transition("submit", _("Gửi Sở"), (ROUND.DRAFT, ROUND.RETURNED), ROUND.SUBMITTED, (Role.CENTRE_HEAD,)),
    Transition("recall", _("Rút lại để sửa"), (ROUND.SUBMITTED,), ROUND.DRAFT, (Role.CENTRE_HEAD,)),
    Transition(
        "return",
        _("Trả lại đợt"),
        (ROUND.SUBMITTED,),
        ROUND.RETURNED,
        (Role.REVIEWER,),
        needs_reason=True,
        not_by=("submit",),
        hindrance=has_no_returned_line,
    ),
    Transition(
        "endorse",
        _("Thống nhất đợt"),
        (ROUND.SUBMITTED,),
        ROUND.ENDORSED,
        (Role.REVIEWER,),
        not_by=("submit",),
        hindrance=has_nothing_appraised,
    ),
    Transition(
        "reopen",
        _("Thẩm định lại đợt"),
        (ROUND.ENDORSED, ROUND.FORWARDED),
        ROUND.SUBMITTED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
    ),
    Transition(
        "forward",
        _("Trình phê duyệt"),
        (ROUND.ENDORSED,),
        ROUND.FORWARDED,
        (Role.DEPARTMENT_HEAD,),
        not_by=("submit", "endorse"),
        hindrance=has_unresolved_lines,
        note_label=_("Số tờ trình, nơi nhận"),
    ),
    Transition(
        "approve",
        APPROVE,
        (ROUND.FORWARDED,),
        ROUND.APPROVED,
        (Role.DEPARTMENT_HEAD,),
        needs_decision=True,
        not_by=("submit", "endorse"),
        hindrance=has_undecided_lines,
    ),
    Transition(
        CANCEL,
        CANCEL_LETTER,
        (ROUND.APPROVED,),
        ROUND.FORWARDED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
        needs_decision=True,
    ),
    Transition(
        "record",
        RECORD,
        (ROUND.DRAFT,),
        ROUND.PAST,
        (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
        hindrance=has_ordinary_lines,
    ),
)


PROJECT_TRANSITIONS = _table(
    Transition("submit", _("Gửi Sở"), (PROJECT.DRAFT, PROJECT.RETURNED), PROJECT.SUBMITTED, (Role.CENTRE_HEAD,)),
    Transition("recall", _("Rút lại để sửa"), (PROJECT.SUBMITTED,), PROJECT.DRAFT, (Role.CENTRE_HEAD,)),
    Transition(
        "withdraw",
        _("Rút đề án"),
        (PROJECT.DRAFT, PROJECT.SUBMITTED, PROJECT.RETURNED, PROJECT.APPRAISED, PROJECT.STATED),
        PROJECT.WITHDRAWN,
        (Role.CENTRE_HEAD,),
        needs_reason=True,
        hindrance=is_partly_confirmed,
    ),
    Transition(
        "discard",
        _("Bỏ bản nhập nhầm"),
        (PROJECT.DRAFT, PROJECT.STATED),
        PROJECT.DISCARDED,
        (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
        hindrance=was_sent,
    ),
    Transition(
        "appraise",
        pgettext_lazy("of an appraisal", "Thống nhất"),
        (PROJECT.SUBMITTED,),
        PROJECT.APPRAISED,
        (Role.REVIEWER,),
        not_by=(CREATE, "submit"),
        hindrance=is_not_under_review,
        of_line=True,
    ),
    Transition(
        "return",
        _("Trả lại bổ sung"),
        (PROJECT.SUBMITTED,),
        PROJECT.RETURNED,
        (Role.REVIEWER,),
        needs_reason=True,
        not_by=(CREATE, "submit"),
        hindrance=is_not_to_be_returned,
        of_line=True,
    ),
    Transition(
        "refuse",
        _("Không đồng ý"),
        (PROJECT.SUBMITTED,),
        PROJECT.REFUSED,
        (Role.REVIEWER,),
        needs_reason=True,
        not_by=(CREATE, "submit"),
        hindrance=is_not_under_review,
        of_line=True,
    ),
    Transition(
        "reconsider",
        _("Thẩm định lại"),
        (PROJECT.APPRAISED, PROJECT.REFUSED),
        PROJECT.SUBMITTED,
        (Role.REVIEWER,),
        needs_reason=True,
        not_by=(CREATE, "submit"),
        hindrance=is_not_under_review,
        of_line=True,
    ),
    Transition(
        "approve",
        APPROVE,
        (PROJECT.APPRAISED,),
        PROJECT.APPROVED,
        (Role.DEPARTMENT_HEAD,),
        needs_decision=True,
        not_by=(CREATE, "submit", "appraise"),
        hindrance=is_not_before_decision,
        of_line=True,
    ),
    Transition(
        "reject",
        _("Không phê duyệt"),
        (PROJECT.APPRAISED,),
        PROJECT.REFUSED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
        needs_decision=True,
        not_by=(CREATE, "submit", "appraise"),
        hindrance=is_not_before_decision,
        of_line=True,
    ),
    Transition(
        CANCEL,
        CANCEL_LETTER,
        (PROJECT.APPROVED, PROJECT.REFUSED),
        PROJECT.APPRAISED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
        needs_decision=True,
        of_line=True,
    ),
    Transition(
        "contract",
        _("Ghi hợp đồng"),
        (PROJECT.APPROVED,),
        PROJECT.CONTRACTED,
        (Role.ACCOUNTANT,),
        needs_reason=True,
        not_by=APPROVALS,
        note_label=_("Số, ngày hợp đồng"),
    ),
    Transition(
        "start",
        _("Bắt đầu thực hiện"),
        (PROJECT.CONTRACTED,),
        PROJECT.IN_PROGRESS,
        (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
    ),
    Transition(
        "start_task",
        _("Bắt đầu thực hiện nhiệm vụ"),
        (PROJECT.APPROVED,),
        PROJECT.IN_PROGRESS,
        (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
        kinds=(Project.Kind.TASK,),
    ),
    Transition(
        "accept",
        _("Nghiệm thu"),
        (PROJECT.IN_PROGRESS,),
        PROJECT.ACCEPTED,
        (Role.CENTRE_HEAD,),
        needs_reason=True,
        note_label=_("Số, ngày biên bản nghiệm thu"),
    ),
    Transition(
        "settle",
        _("Quyết toán"),
        (PROJECT.ACCEPTED,),
        PROJECT.SETTLED,
        (Role.ACCOUNTANT,),
        needs_reason=True,
        not_by=APPROVALS,
        note_label=_("Số, ngày hồ sơ quyết toán"),
    ),
    Transition(
        "liquidate",
        _("Thanh lý"),
        (PROJECT.SETTLED,),
        PROJECT.LIQUIDATED,
        (Role.ACCOUNTANT,),
        needs_reason=True,
        not_by=APPROVALS,
        note_label=_("Số, ngày biên bản thanh lý"),
    ),
    Transition(
        "stop",
        _("Ngừng thực hiện"),
        (PROJECT.APPROVED, PROJECT.CONTRACTED, PROJECT.IN_PROGRESS),
        PROJECT.STOPPED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
        needs_decision=True,
    ),
    Transition(
        "record",
        RECORD,
        (PROJECT.DRAFT,),
        PROJECT.STATED,
        (Role.CENTRE_STAFF, Role.CENTRE_HEAD),
        needs_reason=True,
        hindrance=is_not_of_the_past,
        note_label=_("Hồ sơ, báo cáo làm căn cứ"),
    ),
    Transition(
        "confirm",
        _("Xác nhận hồ sơ cũ"),
        (PROJECT.STATED,),
        PROJECT.PAST,
        (Role.DEPARTMENT_HEAD,),
        needs_decision=True,
        not_by=(CREATE, "record"),
        hindrance=does_not_end,
    ),
    Transition(
        "take_over",
        _("Tiếp nhận hồ sơ cũ"),
        (PROJECT.STATED,),
        PROJECT.APPROVED,
        (Role.DEPARTMENT_HEAD,),
        needs_decision=True,
        not_by=(CREATE, "record"),
        hindrance=ends_with_its_record,
    ),
    Transition(
        ANNUL,
        _("Hủy xác nhận hồ sơ cũ"),
        (PROJECT.PAST, *Project.WORK, PROJECT.STOPPED),
        PROJECT.STATED,
        (Role.DEPARTMENT_HEAD,),
        needs_reason=True,
        needs_decision=True,
    ),
)


def transitions_of(record: Record) -> dict[str, Transition]:
    """The table for that kind of record."""
    return ROUND_TRANSITIONS if isinstance(record, PlanRound) else PROJECT_TRANSITIONS
