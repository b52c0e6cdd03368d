"""The appraisal as it was signed: everything that its document names, read when the reviewer concluded.

Later changes of the project, its warnings, its organisation or the people are not the paper's (TT 36/2013).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from khuyencong.accounts.models import Organisation
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.official import document_head
from programmes.models import PlanRound
from projects.models import Appraisal, AppraisalAnswer, Project
from projects.rules.warnings import ProjectWarning, findings_of


def appraisal_sheet(plan_round: PlanRound, project: Project, *, on: dt.date) -> dict[str, Any]:
    """Of the project as it stands now, as JSON: texts for a reader in Vietnamese, the amount asked for in đồng.

    Warnings are told in the words that everybody may read: whoever reads the project reads the paper.
    """
    read = Project.objects.for_detail().get(pk=project.pk)
    issuer = read.organisation.parent or read.organisation
    with override("vi"):
        return {
            "head": _head(issuer, on),
            "code": read.code,
            "name": mask_personal_numbers(read.name),
            "plan": f"năm {plan_round.plan.year}, {plan_round.in_sentence}",
            "organisation": read.organisation.name_on(on),
            "supports": [mask_personal_numbers(str(support)) for support in read.supports.all()],
            "places": places_of(read),
            "contents": [str(component) for component in read.components.all()],
            "requested_vnd": read.requested_vnd,
            "warnings": [_warning(warning) for warning in findings_of(read, user=None, on=on).warnings],
        }


def _head(issuer: Organisation, on: dt.date) -> dict[str, str]:
    """Who leads the office signs beside the reviewer where the office named who signs; sheets of before know nobody."""
    head = document_head(issuer, named_on=on, dated_on=on)
    named = {"superior": head.superior, "issuer": head.issuer, "place_and_date": head.place_and_date}
    return named | ({"signer": head.signer, "signer_name": head.signer_name} if issuer.signer_on(on) else {})


def conclusion_texts(appraisal: Appraisal, answers: list[AppraisalAnswer]) -> dict[str, Any]:
    """What the reviewer concluded, in the words that the form used on that day, and the name that signs."""
    with override("vi"):
        return {
            "answers": [
                {
                    "criterion": str(answer.get_criterion_display()),
                    "verdict": str(answer.get_verdict_display()),
                    "note": answer.note,
                }
                for answer in answers
            ],
            "note": appraisal.note,
            "conclusion": str(appraisal.get_conclusion_display()),
            "appraiser": str(appraisal.appraiser),
        }


def places_of(project: Project) -> str:
    """“Huyện Kiến Thụy, huyện Tiên Lãng (chung)”, as pages say it; empty while none is chosen."""
    if project.area_scope != Project.AreaScope.UNITS:
        return str(project.get_area_scope_display())
    return f"{project.places_text} (chung)" if project.is_shared_area else project.places_text


def _warning(warning: ProjectWarning) -> dict[str, Any]:
    return {
        "name": warning.name,
        "text": warning.text,
        "citation": warning.citation if warning.citation not in warning.text else "",
        "needs_reason": warning.needs_reason,
        "reasons": [
            {"reason": one.reason, "actor": str(one.actor), "on": f"{timezone.localtime(one.recorded_at):%d/%m/%Y}"}
            for one in warning.reasons
        ],
    }
