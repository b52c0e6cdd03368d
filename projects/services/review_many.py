"""Accepting several plain lines of a round at once, each as if it had been concluded alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.figures.prefetching import with_relations
from projects.models import Appraisal, Comment, CostLine, PlanLine, Project
from projects.refusals import Refused
from projects.rules.review_work import why_not_plain
from projects.rules.warnings import findings_of_projects
from projects.services.guards import hold_projects
from projects.services.review import CriterionAnswer, review_project


class NotPlain(Refused):
    """What has to be read by itself: each line with its reason."""

    def __init__(self, reasons: Mapping[Project, str]) -> None:
        text = _("“%(project)s” %(reason)s: mở dòng này để thẩm định riêng.")
        super().__init__([text % {"project": one, "reason": why} for one, why in reasons.items()], "not_plain")


@transaction.atomic
def accept_lines(
    *,
    plan_round: PlanRound,
    versions: Mapping[int, int],
    answers: Mapping[str, CriterionAnswer],
    note: str,
    actor: User,
    on: dt.date,
) -> list[Appraisal]:
    """Accepts these lines, by their projects' ids and the versions that were read, with the same answers and words in
    the appraisal of each: all or none.

    Raises NotAllowed and PlanClosed, NotPlain for lines that need to be read alone, and Refused, with the name of the
    line, for whatever :func:`review_project` refuses.
    """
    if not versions:
        raise Refused(_("Chưa chọn dòng nào."), code="nothing")
    hold_projects(versions, actor, "review")
    if PlanLine.objects.filter(round=plan_round).of_projects(versions).count() != len(versions):
        raise Refused(_("Đề án không thuộc đợt này."), code="other_round")
    _refuse_not_plain(plan_round, versions)
    found = []
    for project in Project.objects.filter(pk__in=versions).order_by("pk"):
        try:
            appraisal = review_project(
                plan_round=plan_round,
                project=project,
                conclusion=Appraisal.Conclusion.ACCEPT,
                answers=answers,
                note=note,
                actor=actor,
                on=on,
                version=versions[project.pk],
            )
        except Refused as refusal:
            raise Refused(f"“{project}”: {refusal}", code=refusal.code) from refusal
        found.append(appraisal)
    return found


def _refuse_not_plain(plan_round: PlanRound, ids: Mapping[int, int]) -> None:
    """In a fixed number of queries."""
    projects = with_relations(Project.objects.filter(pk__in=ids).for_grid().order_by("pk"))
    findings = findings_of_projects(projects, user=None)
    remarks = Comment.objects.open_counts(projects)
    asked = CostLine.objects.of_round(plan_round).state_money().amounts_by("plan_line__project")
    reasons = {
        project: why
        for project in projects
        if (why := why_not_plain(project, findings[project.pk], remarks.get(project.pk, 0), asked.get(project.pk)))
    }
    if reasons:
        raise NotPlain(reasons)
