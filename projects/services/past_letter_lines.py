"""What prepared letters of old files give to a project. Who acts, and whether the plan is open, was asked before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from programmes.models import ActivityType, AnnualPlan, FundingSource
from projects.models import PastLetter, PastLetterApproved, PlanLine, Project, ProjectComponent
from projects.refusals import Refused
from projects.services.storing import refuse_amounts, store_change, store_new


@dataclass(frozen=True)
class LetterLine:
    """What one letter approves for one content of a project from one state source, in đồng; less than nothing where it
    takes back what another approved."""

    letter: PastLetter
    activity_type: ActivityType
    source: FundingSource
    amount_vnd: int


def place_in_letters(project: Project, plan: AnnualPlan, lines: Sequence[LetterLine]) -> None:
    """Makes the project's money under prepared letters be ``lines``. The plan is held, the project's parts are written.

    Raises Refused for a letter that the Centre does not have, for money or a content that is not of the project.
    """
    PastLetterApproved.objects.of_project(project).delete()
    refuse_amounts(abs(line.amount_vnd) for line in lines)
    _refuse_strange_letters({line.letter.pk for line in lines}, plan)
    components = {one.activity_type_id: one for one in ProjectComponent.objects.filter(project=project)}
    places = {one.round.level: one for one in PlanLine.objects.filter(project=project, round__plan=plan)}
    for line in lines:
        component, place = components.get(line.activity_type.pk), places.get(line.source.level)
        if component is None or place is None or not line.amount_vnd:
            raise Refused(_("Văn bản chỉ duyệt kinh phí nhà nước của các nội dung thuộc đề án."), code="other_money")
        row = PastLetterApproved(letter=line.letter, plan_line=place, component=component, source=line.source)
        row.amount_vnd = line.amount_vnd
        store_new(row)
    for letter in PastLetter.objects.filter(pk__in={line.letter.pk for line in lines}):
        store_past_letter(letter)


def _refuse_strange_letters(ids: Collection[int], plan: AnnualPlan) -> None:
    if PastLetter.objects.open().filter(pk__in=ids, plan=plan).count() < len(ids):
        text = _("Chọn văn bản của kế hoạch này, chưa gửi Sở xác nhận.")
        raise Refused(text, code="letter")


def store_past_letter(letter: PastLetter, *fields: str) -> None:
    """With its next version: what somebody looks at is not what stands any more."""
    letter.version += 1
    store_change(letter, *fields, "version")
