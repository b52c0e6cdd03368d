"""The amounts that an appraisal recommends: judged against what the line asks for, then kept with it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from khuyencong.money import format_vnd
from projects.models import Appraisal, CostLine, PlanLine, RecommendedAmount
from projects.refusals import Refused
from projects.services.storing import refuse_amounts, store_many

Cell = tuple[int, int]  # ids of a content and a source
Amounts = Mapping[Cell, int]


def field_of_cell(cell: Cell) -> str:
    """How forms and refusals name the amount of a cell."""
    return f"recommended_{cell[0]}_{cell[1]}"


def requested_of_line(line: PlanLine) -> dict[Cell, CostLine]:
    """What the line asks for of state money of its round's level, in the order of the project's contents."""
    costs = CostLine.objects.filter(plan_line=line).state_money().select_related("component__activity_type", "source")
    ordered = costs.order_by("component__position", "component", "source__position", "source")
    return {(cost.component_id, cost.source_id): cost for cost in ordered}


def amount_problems(conclusion: str, amounts: Amounts, asked: Mapping[Cell, CostLine]) -> dict[Cell, str]:
    """What is wrong with each amount: without acceptance, of what is not asked for, over the request, or nothing for
    the whole line, which is refused and not accepted."""
    wrong = {cell: _why_not(cell, amount, conclusion, asked) for cell, amount in amounts.items()}
    found = {cell: text for cell, text in wrong.items() if text}
    left = {cell: amounts.get(cell, cost.amount_vnd) for cell, cost in asked.items()}
    if amounts and not found and not any(left.values()) and any(cost.amount_vnd for cost in asked.values()):
        text = _("Đề nghị 0 đồng cho cả dòng là không đưa vào kế hoạch: chọn “Không đồng ý” và ghi lý do.")
        found = {next(iter(amounts)): text}
    return found


def recommended_rows(line: PlanLine, conclusion: str, amounts: Amounts) -> list[RecommendedAmount]:
    """The amounts as rows for an appraisal of that line, of which nothing is stored yet.

    Raises Refused beside their fields (:func:`amount_problems`).
    """
    refuse_amounts(amounts.values())
    asked = requested_of_line(line) if amounts else {}
    if wrong := amount_problems(conclusion, amounts, asked):
        raise Refused({field_of_cell(cell): text for cell, text in wrong.items()}, code="recommended")
    return [
        RecommendedAmount(
            activity_type=asked[cell].component.activity_type,
            source=asked[cell].source,
            requested_vnd=asked[cell].amount_vnd,
            amount_vnd=amount,
        )
        for cell, amount in amounts.items()
    ]


def _why_not(cell: Cell, amount: int, conclusion: str, asked: Mapping[Cell, CostLine]) -> str:
    if conclusion != Appraisal.Conclusion.ACCEPT:
        return _("Chỉ ghi số thẩm định đề nghị khi thống nhất; nếu không, xóa ô này và nêu trong ý kiến.")
    if cell not in asked:
        return _("Đề án không đề nghị kinh phí này.")
    if amount > asked[cell].amount_vnd:
        said = {"amount": format_vnd(amount), "asked": format_vnd(asked[cell].amount_vnd)}
        return _("Số thẩm định đề nghị %(amount)s đồng vượt số đã đề nghị %(asked)s đồng.") % said
    return ""


def keep_recommended(appraisal: Appraisal, rows: list[RecommendedAmount]) -> None:
    """Stores the rows of :func:`recommended_rows` with the appraisal that was just stored."""
    for row in rows:
        row.appraisal = appraisal
    store_many(rows)
