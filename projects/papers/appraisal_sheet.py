"""The appraisal as it was signed: everything that its document names, read when the reviewer concluded.

Later changes of the project, its warnings, its organisation or the people are not the paper's (TT 36/2013).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from khuyencong.accounts.models import Organisation
from khuyencong.identifiers import mask_personal_numbers
from khuyencong.money import NOT_RECORDED, format_vnd
from khuyencong.official import DocumentHead, document_head
from khuyencong.paper.official_paper import (
    Facts,
    OfficialPaper,
    PaperColumn,
    PaperList,
    PaperRow,
    Part,
    PartTitle,
    Signature,
    Words,
)
from khuyencong.text import at_start
from programmes.models import PlanRound
from projects.models import Appraisal, AppraisalAnswer, Project, RecommendedAmount
from projects.rules.double_acts import double_act_words
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
            "places": read.area_text,
            "contents": [str(component) for component in read.components.all()],
            "requested_vnd": read.requested_vnd,
            "warnings": [_warning(warning) for warning in findings_of(read, user=None, on=on).warnings],
        }


def _head(issuer: Organisation, on: dt.date) -> dict[str, str]:
    """Who leads the office signs beside the reviewer where the office named who signs; sheets of before know nobody."""
    head = document_head(issuer, named_on=on, dated_on=on)
    named = {"superior": head.superior, "issuer": head.issuer, "place_and_date": head.place_and_date}
    return named | ({"signer": head.signer, "signer_name": head.signer_name} if issuer.signer_on(on) else {})


def conclusion_texts(
    appraisal: Appraisal, answers: list[AppraisalAnswer], recommended: Sequence[RecommendedAmount] = ()
) -> dict[str, Any]:
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
            "recommended": [
                {
                    "of": f"{one.activity_type}, {one.source}",
                    "requested_vnd": one.requested_vnd,
                    "amount_vnd": one.amount_vnd,
                }
                for one in recommended
            ],
            "note": appraisal.note,
            "conclusion": str(appraisal.get_conclusion_display()),
            "appraiser": str(appraisal.appraiser),
            "double_acts": double_act_words([appraisal.project]),
        }


def appraisal_paper(sheet: dict[str, Any]) -> OfficialPaper:
    """The paper of a sheet as it was kept."""
    head = DocumentHead(**{"signer": ""} | sheet["head"])
    facts = [
        ("Mã đề án", sheet["code"]),
        ("Kế hoạch", sheet["plan"]),
        ("Đơn vị thực hiện", sheet["organisation"]),
        ("Đơn vị thụ hưởng", "; ".join(sheet["supports"]) or NOT_RECORDED),
        ("Địa bàn", sheet["places"] or "Chưa chọn"),
        ("Nội dung", "; ".join(sheet["contents"]) or NOT_RECORDED),
        ("Kinh phí đề nghị", f"{format_vnd(sheet['requested_vnd'])} đồng"),
    ]
    if recommended := sheet.get("recommended"):  # sheets of before know none
        facts.append(("Thẩm định đề nghị", "\n".join(map(_recommended_words, recommended))))
    signatures = [Signature.by_hand("NGƯỜI THẨM ĐỊNH", sheet["appraiser"])]
    if head.signer:
        signatures.append(Signature.sealed(head))
    return OfficialPaper(
        title="Phiếu thẩm định đề án khuyến công",
        about=sheet["name"],
        head=head,
        parts=[
            Facts(facts),
            PartTitle("I. Đánh giá theo tiêu chí"),
            _criteria(sheet["answers"]),
            PartTitle("II. Cảnh báo và lý do"),
            *(list(map(_warning_words, sheet["warnings"])) or [Words("Không có.")]),
            PartTitle("III. Ý kiến thẩm định"),
            Words(sheet["note"] or NOT_RECORDED),
            PartTitle("IV. Kết luận"),
            Words(f"{sheet['conclusion']}.", is_bold=True),
            *map(Words, sheet.get("double_acts", ())),  # sheets of before know none
        ],
        signatures=signatures,
    )


def _recommended_words(one: dict[str, Any]) -> str:
    """“Mô hình trình diễn, KCĐP: 50.000.000 đồng (đề nghị 60.000.000 đồng)”."""
    return f"{one['of']}: {format_vnd(one['amount_vnd'])} đồng (đề nghị {format_vnd(one['requested_vnd'])} đồng)"


def _criteria(answers: list[dict[str, str]]) -> Part:
    if not answers:
        return Words("Không đánh giá theo tiêu chí.")
    columns = [
        PaperColumn("STT", 9, "centre"),
        PaperColumn("Tiêu chí", 45),
        PaperColumn("Đánh giá", 16, "centre"),
        PaperColumn("Nhận xét", 32),
    ]
    rows = [
        PaperRow([str(number), one["criterion"], one["verdict"], one["note"]]) for number, one in enumerate(answers, 1)
    ]
    return PaperList(columns, rows)


def _warning_words(warning: dict[str, Any]) -> Words:
    """What is warned of, by which rule, and the reasons that were given."""
    rule = f" ({warning['citation']})" if warning["citation"] else ""
    said = [f"{at_start(warning['name'])}. {warning['text']}{rule}"]
    said += [f"Lý do: {one['reason']} ({one['actor']}, {one['on']})" for one in warning["reasons"]]
    if warning["needs_reason"] and not warning["reasons"]:
        said.append("Chưa ghi lý do.")
    return Words("\n".join(said))


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
