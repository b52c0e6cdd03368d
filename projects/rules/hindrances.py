"""What stands in the way of a step, asked of the round, the project or its line; empty where nothing does."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext

from programmes.models import PlanRound
from projects.models import PastLetter, PastRecord, PlanLine, Project

ROUND = PlanRound.Status
PROJECT = Project.Status


def has_unresolved_lines(plan_round: PlanRound) -> str:
    count = PlanLine.objects.filter(round=plan_round).unresolved().count()
    said = ngettext(
        "Còn %(count)d đề án của đợt chưa thẩm định xong.", "Còn %(count)d đề án của đợt chưa thẩm định xong.", count
    )
    return said % {"count": count} if count else ""


def has_nothing_appraised(plan_round: PlanRound) -> str:
    if unresolved := has_unresolved_lines(plan_round):
        return unresolved
    if not _is_left(PlanLine.objects.filter(round=plan_round).with_status()):
        return gettext("Đợt không có đề án nào được thống nhất.")
    return ""


def _is_left(lines: Any) -> bool:
    """Whether any of them was neither refused nor withdrawn; what a letter carried into the round nobody judges."""
    return bool(lines.not_carried().exclude(status_then__in=Project.UNCOUNTED).exists())


def has_no_returned_line(plan_round: PlanRound) -> str:
    """A round of which nothing is left goes back too: the Centre may send other projects in it."""
    lines = PlanLine.objects.filter(round=plan_round).with_status()
    if lines.filter(status_then=PROJECT.RETURNED).exists() or not _is_left(lines):
        return ""
    return gettext("Chưa có đề án nào của đợt bị trả lại bổ sung; trả lại từng đề án trước.")


def has_undecided_lines(plan_round: PlanRound) -> str:
    if unresolved := has_unresolved_lines(plan_round):
        return unresolved
    if PlanLine.objects.filter(round=plan_round).standing(*Project.DECIDABLE).undecided().exists():
        return gettext("Còn đề án của đợt chưa được quyết định.")
    return ""


def is_not_under_review(line: PlanLine) -> str:
    return "" if line.round.status == ROUND.SUBMITTED else gettext("Đợt của đề án không ở bước Sở thẩm định.")


def is_not_to_be_returned(line: PlanLine) -> str:
    """What goes back to the Centre is written anew, so no other round may stand on the text as it is, nor a letter."""
    if hindrance := is_not_under_review(line):
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


def is_not_before_decision(line: PlanLine) -> str:
    return "" if line.round.status in PlanRound.DECIDABLE else gettext("Đợt của đề án chưa được trình.")


def has_ordinary_lines(plan_round: PlanRound) -> str:
    lines = PlanLine.objects.filter(round=plan_round).exclude(project__status__in=Project.HISTORIC)
    return gettext("Đợt có đề án đang theo các bước gửi, thẩm định thông thường.") if lines.exists() else ""


def is_not_of_the_past(project: Project) -> str:
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


def is_partly_confirmed(project: Project) -> str:
    """Money that a letter gave stands in the books, so the project can't go any more as if it had never been."""
    letters = PastLetter.objects.of_project(project).in_state(PastLetter.State.CONFIRMED)
    is_waiting = project.status == PROJECT.STATED and letters.exists()
    return gettext("Hồ sơ cũ này đã có văn bản được Sở xác nhận.") if is_waiting else ""


def ends_with_its_record(project: Project) -> str:
    records = PastRecord.objects.filter(project=project)
    if records.exists() and not records.going_on().exists():
        return gettext("Hồ sơ cũ này chỉ ghi nhận kết quả, không thực hiện tiếp trên phần mềm.")
    return is_not_of_the_past(project)


def does_not_end(project: Project) -> str:
    if not PastRecord.objects.going_on().filter(project=project).exists():
        return is_not_of_the_past(project)
    return gettext("Đề án còn thực hiện tiếp: Sở tiếp nhận cùng văn bản đã chuẩn bị.")
