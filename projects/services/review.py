"""The reviewer's work on a round: each line is appraised, returned or refused; the answers and words are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from programmes.models import PlanRound
from projects.models import Appraisal, AppraisalAnswer, Comment, CommentWithdrawal, PlanLine, Project, StatusChange
from projects.papers.appraisal_sheet import appraisal_sheet, conclusion_texts
from projects.papers.notices import commented, project_moved, project_reviewed
from projects.refusals import NotAllowed, Refused, TransitionRefused
from projects.rules.dossiers import can_withdraw_comment, refusal_to_withdraw_comment, role_of_words
from projects.rules.permissions import hindrance_to_reviewing
from projects.rules.transitions import PROJECT_TRANSITIONS
from projects.rules.workflow import apply_transition
from projects.services.guards import hold_project, lock_row, refuse_future, require, require_reason
from projects.services.paper_rows import keep_appraisal
from projects.services.recommending import Amounts, keep_recommended, recommended_rows
from projects.services.storing import refuse_invalid, store_new

STEPS: dict[str, str] = {
    Appraisal.Conclusion.ACCEPT: "appraise",
    Appraisal.Conclusion.RETURN: "return",
    Appraisal.Conclusion.REFUSE: "refuse",
}
NO_AMOUNTS: Amounts = {}


@dataclass(frozen=True)
class CriterionAnswer:
    """The answer to one criterion, with a remark."""

    verdict: str
    note: str = ""


@transaction.atomic
def review_project(
    *,
    plan_round: PlanRound,
    project: Project,
    conclusion: str,
    answers: Mapping[str, CriterionAnswer],
    note: str,
    actor: User,
    on: dt.date,
    version: int,
    recommended: Amounts = NO_AMOUNTS,
) -> Appraisal:
    """Decides one line of the round, with its appraisal, in one piece; the other lines stay as they are, also those
    that the same project has in other rounds.

    ``version`` is that of the project the reviewer read: a project that moved on meanwhile is read again first.
    Accepting needs all five criteria answered and none unmet; it may recommend amounts, by content and state source, of
    which none is over the request. Raises NotAllowed, PlanClosed, FutureDate,
    TransitionRefused or Refused; then nothing is written.
    """
    current = hold_project(project, actor, "review")
    refuse_future(on)
    line = _line_under_review(plan_round, current)
    if current.version != version:
        raise TransitionRefused(_what_happened(line))
    _refuse_unmet(conclusion, answers)
    note, given = mask_personal_numbers(note), _rows(answers)
    amounts = recommended_rows(line, conclusion, recommended)
    step = STEPS[Appraisal.Conclusion(conclusion)]
    apply_transition(current, step, actor=actor, effective_on=on, reason=note, line=line)
    appraisal = Appraisal(
        project=current, round=line.round, conclusion=conclusion, note=note, appraiser=actor, appraised_on=on
    )
    appraisal.sheet = appraisal_sheet(line.round, current, on=on) | conclusion_texts(appraisal, given, amounts)
    appraisal.save()
    for answer in given:
        answer.appraisal = appraisal
    AppraisalAnswer.objects.bulk_create(given)
    keep_recommended(appraisal, amounts)
    keep_appraisal(appraisal)
    project_reviewed(appraisal)
    return appraisal


@transaction.atomic
def reconsider_line(
    *, plan_round: PlanRound, project: Project, actor: User, on: dt.date, reason: str = ""
) -> StatusChange:
    """Opens a concluded line of the round for another conclusion; what was concluded of the project in other rounds
    stands.

    Raises NotAllowed, PlanClosed or TransitionRefused; then nothing is written.
    """
    current = hold_project(project, actor, "review")
    line = _line_under_review(plan_round, current)
    change = apply_transition(current, "reconsider", actor=actor, effective_on=on, reason=reason, line=line)
    project_moved(change, current)
    return change


def _line_under_review(plan_round: PlanRound, project: Project) -> PlanLine:
    """As it stands, in a round that is before the Department."""
    line = PlanLine.objects.line_of(plan_round, project)
    if line is None:
        raise TransitionRefused(_("Đề án không thuộc đợt này."), code="other_round")
    if hindrance := hindrance_to_reviewing(line.round):
        raise TransitionRefused(hindrance, code="not_submitted")
    return line


def _what_happened(line: PlanLine) -> str:
    """Why a conclusion does not fit any more what the reviewer read: the last step of the line says who did what."""
    text = _("Đề án đã thay đổi sau khi bạn mở trang. Hãy đọc lại rồi kết luận.")
    last = line.project.status_changes.of_line(line.round_id).newest_first().first()
    if last is None:
        return text
    return _("%(changed)s Bước gần nhất: “%(step)s”, %(actor)s, lúc %(at)s.") % {
        "changed": text,
        "step": PROJECT_TRANSITIONS[last.transition].label,
        "actor": last.actor,
        "at": f"{timezone.localtime(last.recorded_at):%H:%M %d/%m/%Y}",
    }


def _refuse_unmet(conclusion: str, answers: Mapping[str, CriterionAnswer]) -> None:
    """A project is accepted on five answers (TT 36/2013), of which none says “not met”."""
    if conclusion not in STEPS:
        raise Refused(_("Chưa chọn kết luận."), code="conclusion")
    if conclusion != Appraisal.Conclusion.ACCEPT:
        return
    if set(answers) != set(AppraisalAnswer.Criterion.values):
        raise TransitionRefused(_("Hãy đánh giá đủ năm tiêu chí rồi thống nhất."))
    if any(answer.verdict == AppraisalAnswer.Verdict.NOT_MET for answer in answers.values()):
        raise TransitionRefused(_("Còn tiêu chí chưa đạt: hãy trả lại bổ sung, hoặc không đồng ý."))


def _rows(answers: Mapping[str, CriterionAnswer]) -> list[AppraisalAnswer]:
    """In the order of the form, as they are stored: the frozen sheet is made of them."""
    rows = [
        AppraisalAnswer(criterion=criterion, verdict=one.verdict, note=one.note)
        for criterion in AppraisalAnswer.Criterion.values
        if (one := answers.get(criterion))
    ]
    for row in rows:
        refuse_invalid(row)
    return rows


@transaction.atomic
def add_comment(
    *,
    project: Project,
    actor: User,
    text: str,
    field: str = "",
    plan_round: PlanRound | None = None,
    answers: Comment | None = None,
) -> Comment:
    """A remark on the project, or on one field of it, or the answer to one; also after its year, since it changes no
    figure.

    Raises NotAllowed, or Refused for an empty text, another round or project, or what the same person has just said: a
    button pressed twice says it once.
    """
    project = lock_row(project)
    require(actor, "comment", project.organisation_id)
    said = mask_personal_numbers(text).strip()
    if not said:
        raise Refused({"text": _("Hãy nhập ý kiến.")}, code="nothing")
    if plan_round is not None and not PlanLine.objects.filter(round=plan_round, project=project).exists():
        raise Refused(_("Đề án không thuộc đợt này."), code="other_round")
    if answers is not None and (answers.project_id, answers.answers_id) != (project.pk, None):
        raise Refused(_("Chỉ trả lời được một ý kiến đã nêu về đề án này."), code="other_comment")
    if answers is not None and not Comment.objects.standing().contains(answers):
        raise Refused(_("Ý kiến này đã được rút, không cần trả lời."), code="withdrawn")
    last = Comment.objects.of_project(project).standing().filter(author=actor).last()
    if last and (last.field, last.text, last.answers_id) == (field, said, answers.pk if answers else None):
        raise Refused({"text": _("Ý kiến này đã được ghi.")}, code="twice")
    comment = store_new(
        Comment(
            project=project,
            round=plan_round,
            field=field,
            text=said,
            author=actor,
            author_role=role_of_words(actor, project, is_under_review=plan_round is not None, answers=answers),
            answers=answers,
        )
    )
    commented(comment)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, reason: str, actor: User) -> CommentWithdrawal:
    """Takes back a remark, or an answer, that is wrong or stands at the wrong place: it is read on with who, when and
    why, and waits for nobody; what a withdrawn answer answered waits again. As remarks are made, after the year too.

    Raises NotAllowed, or Refused without a reason, and the second time.
    """
    project = lock_row(comment.project)
    current = Comment.objects.get(pk=comment.pk)
    if not can_withdraw_comment(actor, current, project):
        raise NotAllowed(refusal_to_withdraw_comment(current.author_role))
    if not Comment.objects.standing().contains(current):
        raise Refused(_("Ý kiến này đã được rút."), code="twice")
    require_reason(reason)
    return store_new(CommentWithdrawal(comment=current, reason=reason, recorded_by=actor))
