"""The life of rounds and projects: one table of transitions each, with what every step must come with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role
from programmes.models import PlanRound
from projects.models import PastLetter, PastRecord, PlanLine, Project

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


def _has_unresolved_lines(plan_round: PlanRound) -> str:
    count = PlanLine.objects.filter(round=plan_round).unresolved().count()
    said = ngettext(
        "Còn %(count)d đề án của đợt chưa thẩm định xong.", "Còn %(count)d đề án của đợt chưa thẩm định xong.", count
    )
    return said % {"count": count} if count else ""


def _has_nothing_appraised(plan_round: PlanRound) -> str:
    if unresolved := _has_unresolved_lines(plan_round):
        return unresolved
    if not _is_left(PlanLine.objects.filter(round=plan_round).with_status()):
        return gettext("Đợt không có đề án nào được thống nhất.")
    return ""


def _is_left(lines: Any) -> bool:
    """Whether any of them was neither refused nor withdrawn."""
    return bool(lines.exclude(status_then__in=Project.UNCOUNTED).exists())


def _has_no_returned_line(plan_round: PlanRound) -> str:
    """A round of which nothing is left goes back too: the Centre may send other projects in it."""
    lines = PlanLine.objects.filter(round=plan_round).with_status()
    if lines.filter(status_then=PROJECT.RETURNED).exists() or not _is_left(lines):
        return ""
    return gettext("Chưa có đề án nào của đợt bị trả lại bổ sung; trả lại từng đề án trước.")


def _has_undecided_lines(plan_round: PlanRound) -> str:
    if unresolved := _has_unresolved_lines(plan_round):
        return unresolved
    if PlanLine.objects.filter(round=plan_round).standing(*Project.DECIDABLE).undecided().exists():
        return gettext("Còn đề án của đợt chưa được quyết định.")
    return ""


def _is_not_under_review(line: PlanLine) -> str:
    return "" if line.round.status == ROUND.SUBMITTED else gettext("Đợt của đề án không ở bước Sở thẩm định.")


def _is_not_to_be_returned(line: PlanLine) -> str:
    """What goes back to the Centre is written anew, so no other round may stand on the text as it is, nor a letter."""
    if hindrance := _is_not_under_review(line):
        return hindrance
    others = PlanRound.objects.of_project(line.project_id).exclude(pk=line.round_id)
    beyond = others.in_status(ROUND.ENDORSED, *PlanRound.DECIDABLE).order_by("pk").first()
    if beyond is None and line.project.status not in Project.REPORTABLE:
        return ""
    if beyond is None or beyond.status == ROUND.APPROVED:
        return gettext("Đề án đã được quyết định ở đợt khác nên không trả lại được: thống nhất, hoặc không đồng ý.")
    return gettext(
        "Đề án đã thẩm định xong ở %(round)s (“%(status)s”) nên không trả lại được: lãnh đạo Sở thẩm định lại đợt đó "
        "trước, hoặc kết luận ngay ở đợt này."
    ) % {"round": beyond.in_sentence, "status": beyond.get_status_display()}


def _is_not_before_decision(line: PlanLine) -> str:
    return "" if line.round.status in PlanRound.DECIDABLE else gettext("Đợt của đề án chưa được trình.")


def _has_ordinary_lines(plan_round: PlanRound) -> str:
    lines = PlanLine.objects.filter(round=plan_round).exclude(project__status__in=Project.HISTORIC)
    return gettext("Đợt có đề án đang theo các bước gửi, thẩm định thông thường.") if lines.exists() else ""


def _is_not_of_the_past(project: Project) -> str:
    """In no round but those of past records: what stands in another goes through the Department's hands."""
    rounds = PlanRound.objects.filter(lines__project=project)
    if rounds.exists() and not rounds.exclude(status=ROUND.PAST).exists():
        return ""
    return gettext("Đề án không nằm trong đợt hồ sơ cũ.")


def was_sent(project: Project) -> str:
    """What was sent once has a history with the Department: it is withdrawn, with a reason."""
    if Project.objects.in_no_other_hand().filter(pk=project.pk).exists():
        return ""
    if project.status == PROJECT.STATED:
        return gettext("Văn bản của đề án %(code)s đã gửi Sở: không bỏ được.") % {"code": project.code}
    return gettext("Đề án %(code)s đã từng gửi Sở: chỉ rút được đề án, không bỏ được.") % {"code": project.code}


def _is_partly_confirmed(project: Project) -> str:
    """Money that a letter gave stands in the books, so the project can't go any more as if it had never been."""
    letters = PastLetter.objects.of_project(project).in_state(PastLetter.State.CONFIRMED)
    is_waiting = project.status == PROJECT.STATED and letters.exists()
    return gettext("Hồ sơ cũ này đã có văn bản được Sở xác nhận.") if is_waiting else ""


def _ends_with_its_record(project: Project) -> str:
    records = PastRecord.objects.filter(project=project)
    if records.exists() and not records.going_on().exists():
        return gettext("Hồ sơ cũ này chỉ ghi nhận kết quả, không thực hiện tiếp trên phần mềm.")
    return _is_not_of_the_past(project)


def _does_not_end(project: Project) -> str:
    if not PastRecord.objects.going_on().filter(project=project).exists():
        return _is_not_of_the_past(project)
    return gettext("Đề án còn thực hiện tiếp: Sở tiếp nhận cùng văn bản đã chuẩn bị.")


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
        hindrance=_has_no_returned_line,
    ),
    Transition(
        "endorse",
        _("Thống nhất đợt"),
        (ROUND.SUBMITTED,),
        ROUND.ENDORSED,
        (Role.REVIEWER,),
        not_by=("submit",),
        hindrance=_has_nothing_appraised,
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
        hindrance=_has_unresolved_lines,
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
        hindrance=_has_undecided_lines,
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
        hindrance=_has_ordinary_lines,
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
        hindrance=_is_partly_confirmed,
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
        hindrance=_is_not_under_review,
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
        hindrance=_is_not_to_be_returned,
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
        hindrance=_is_not_under_review,
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
        hindrance=_is_not_under_review,
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
        hindrance=_is_not_before_decision,
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
        hindrance=_is_not_before_decision,
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
        hindrance=_is_not_of_the_past,
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
        hindrance=_does_not_end,
    ),
    Transition(
        "take_over",
        _("Tiếp nhận hồ sơ cũ"),
        (PROJECT.STATED,),
        PROJECT.APPROVED,
        (Role.DEPARTMENT_HEAD,),
        needs_decision=True,
        not_by=(CREATE, "record"),
        hindrance=_ends_with_its_record,
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
