"""The reviewer's work on a round: each line is appraised, returned or refused; the answers and words are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from khuyencong.identifiers import mask_personal_numbers
from programmes.models import PlanRound
from projects.models import Appraisal, AppraisalAnswer, Comment, CommentWithdrawal, PlanLine, Project
from projects.papers.appraisal_sheet import appraisal_sheet, conclusion_texts
from projects.papers.notices import commented, project_reviewed
from projects.refusals import NotAllowed, Refused, TransitionRefused
from projects.rules.dossiers import can_withdraw_comment, refusal_to_withdraw_comment, role_for
from projects.rules.permissions import hindrance_to_reviewing
from projects.rules.workflow import apply_transition
from projects.services.guards import hold_project, lock_row, refuse_future, require
from projects.services.paper_rows import keep_appraisal
from projects.services.storing import refuse_invalid, store_new

STEPS: dict[str, str] = {
    Appraisal.Conclusion.ACCEPT: "appraise",
    Appraisal.Conclusion.RETURN: "return",
    Appraisal.Conclusion.REFUSE: "refuse",
}


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
) -> Appraisal:
    """Decides one line of the round, with its appraisal, in one piece; the other lines stay as they are.

    ``version`` is that of the project the reviewer read: a project that moved on meanwhile is read again first.
    Accepting needs all five criteria answered and none unmet. Raises NotAllowed, PlanClosed, FutureDate,
    TransitionRefused or Refused; then nothing is written.
    """
    current = hold_project(project, actor, "review")
    refuse_future(on)
    standing = _round_under_review(plan_round, current)
    if current.version != version:
        raise TransitionRefused(_("Đề án đã thay đổi sau khi bạn mở trang. Hãy đọc lại rồi kết luận."))
    _refuse_unmet(conclusion, answers)
    note, given = mask_personal_numbers(note), _rows(answers)
    apply_transition(current, STEPS[Appraisal.Conclusion(conclusion)], actor=actor, effective_on=on, reason=note)
    appraisal = Appraisal(
        project=current, round=standing, conclusion=conclusion, note=note, appraiser=actor, appraised_on=on
    )
    appraisal.sheet = appraisal_sheet(standing, current, on=on) | conclusion_texts(appraisal, given)
    appraisal.save()
    for answer in given:
        answer.appraisal = appraisal
    AppraisalAnswer.objects.bulk_create(given)
    keep_appraisal(appraisal)
    project_reviewed(appraisal)
    return appraisal


def _round_under_review(plan_round: PlanRound, project: Project) -> PlanRound:
    """The round as it stands, in which the project is before the Department."""
    standing = PlanRound.objects.of_project(project).select_related("plan").filter(pk=plan_round.pk).first()
    if standing is None:
        raise TransitionRefused(_("Đề án không thuộc đợt này."), code="other_round")
    if hindrance := hindrance_to_reviewing(standing):
        raise TransitionRefused(hindrance, code="not_submitted")
    return standing


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
            author_role=role_for(actor, "comment", frozenset({project.organisation_id})),
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
    if not reason.strip():
        raise Refused({"reason": _("Hãy ghi lý do.")}, code="no_reason")
    return store_new(CommentWithdrawal(comment=current, reason=reason, recorded_by=actor))
