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
from projects.models import Appraisal, AppraisalAnswer, Comment, Project
from projects.notices import commented, project_reviewed
from projects.services.steps import lock_project
from projects.workflow import TransitionRefused, apply_transition

STEPS = {
    Appraisal.Conclusion.ACCEPT: "appraise",
    Appraisal.Conclusion.RETURN: "return",
    Appraisal.Conclusion.REFUSE: "refuse",
}


@dataclass(frozen=True)
class Answer:
    """The answer to one criterion, with a remark."""

    verdict: str
    note: str = ""


@transaction.atomic
def review_project(
    *,
    plan_round: PlanRound,
    project: Project,
    conclusion: str,
    answers: Mapping[str, Answer],
    note: str,
    actor: User,
    on: dt.date,
    version: int,
) -> Appraisal:
    """Decides one line of the round, with its appraisal, in one piece; the other lines stay as they are.

    ``version`` is that of the project the reviewer read: a project that moved on meanwhile is read again first.
    Accepting needs all five criteria answered and none unmet. Raises TransitionRefused; then nothing is written.
    """
    current = lock_project(project)
    if current.version != version:
        raise TransitionRefused(_("Đề án đã thay đổi sau khi bạn mở trang. Hãy đọc lại rồi kết luận."))
    if conclusion == Appraisal.Conclusion.ACCEPT:
        _refuse_unmet(answers)
    apply_transition(current, STEPS[Appraisal.Conclusion(conclusion)], actor=actor, effective_on=on, reason=note)
    appraisal = Appraisal.objects.create(
        project=project, round=plan_round, conclusion=conclusion, note=note, appraiser=actor, appraised_on=on
    )
    AppraisalAnswer.objects.bulk_create(
        AppraisalAnswer(appraisal=appraisal, criterion=criterion, verdict=answer.verdict, note=answer.note)
        for criterion, answer in answers.items()
    )
    project_reviewed(appraisal)
    return appraisal


def _refuse_unmet(answers: Mapping[str, Answer]) -> None:
    """A project is accepted on five answers (TT 36/2013), of which none says “not met”."""
    if set(answers) != set(AppraisalAnswer.Criterion.values):
        raise TransitionRefused(_("Hãy đánh giá đủ năm tiêu chí rồi thống nhất."))
    if any(answer.verdict == AppraisalAnswer.Verdict.NOT_MET for answer in answers.values()):
        raise TransitionRefused(_("Còn tiêu chí chưa đạt: hãy trả lại bổ sung, hoặc không đồng ý."))


def add_comment(
    *, project: Project, author: User, text: str, field: str = "", plan_round: PlanRound | None = None
) -> Comment:
    """A remark on the project, or on one field of it."""
    comment = Comment.objects.create(
        project=project, round=plan_round, field=field, text=mask_personal_numbers(text), author=author
    )
    commented(comment)
    return comment
