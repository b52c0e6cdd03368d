"""A month's progress of one project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import MoneyField, TextBlockField, TextLineField
from khuyencong.money import MoneyUnit, in_unit
from khuyencong.money_questions import APPROVED, REPORTED, Nearby
from projects.forms.fields import MonthField
from projects.models import CellKey, ProgressReport, Project
from projects.pages.project_detail import MoneyRow, project_money

REPORT_FIELDS = ("month", "percent", "is_on_schedule", "done", "difficulties", "next_steps")
AMOUNT_NAMES = re.compile(r"amount-[0-9]+-[0-9]+-[0-9]+")  # of fields of money
ON_SCHEDULE = [("True", _("Đúng tiến độ")), ("False", _("Chậm tiến độ"))]


class ProgressForm(forms.Form):
    """On schedule or not has no default: whoever reports has to say."""

    month = MonthField(label=_("Tháng báo cáo"))
    percent = forms.IntegerField(
        label=_("Khối lượng hoàn thành (%)"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_on_schedule = forms.TypedChoiceField(
        label=_("Tiến độ"), choices=ON_SCHEDULE, coerce=lambda text: text == "True", widget=forms.RadioSelect
    )
    done = TextBlockField(label=_("Nội dung đã thực hiện"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    difficulties = TextBlockField(
        label=_("Khó khăn, kiến nghị"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_steps = TextBlockField(label=_("Việc làm tiếp theo"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        project: Project,
        rows: list[MoneyRow],
        unit: MoneyUnit,
        stored: ProgressReport | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.project, self.rows, self.stored = project, rows, stored
        for row in rows:
            name = self.amount_name(row)
            reported = Nearby(row.money.executed_vnd, REPORTED).or_else(Nearby(row.money.approved_vnd, APPROVED))
            nearby = Nearby(self.initial.get(name)).or_else(reported)
            label, hint = self.amount_label(row, unit), self.amount_hint(row, unit)
            self.fields[name] = MoneyField(label=label, help_text=hint, required=False, unit=unit, nearby=nearby)
        if stored:
            self.fields["reason"] = TextLineField(label=_("Lý do sửa báo cáo"), max_length=300)
        self.fields["version"].error_messages["required"] = _(
            "Trang chưa tải đầy đủ, nên chưa lưu được. Hãy tải lại trang rồi nhập lại."
        )

    @staticmethod
    def amount_name(row: MoneyRow) -> str:
        return f"amount-{row.line.pk}-{row.component.pk}-{row.source.pk}"

    @staticmethod
    def amount_label(row: MoneyRow, unit: MoneyUnit) -> str:
        return str(_("Đã thực hiện từ đầu (%(unit)s) · %(source)s %(year)s · %(content)s")) % {
            "unit": unit.label,
            "source": row.source,
            "year": row.line.round.plan.year,
            "content": row.component,
        }

    @staticmethod
    def amount_hint(row: MoneyRow, unit: MoneyUnit) -> str:
        """What is approved, and what was last reported as spent."""
        return str(_("Được duyệt %(approved)s; lần trước %(executed)s")) % {
            "approved": in_unit(row.money.approved_vnd, unit),
            "executed": in_unit(row.money.executed_vnd, unit),
        }

    @property
    def amount_fields(self) -> Iterator[forms.BoundField]:
        return (self[self.amount_name(row)] for row in self.rows)

    def clean_month(self) -> Any:
        month = self.cleaned_data["month"]
        others = ProgressReport.objects.of_project(self.project).exclude(pk=self.stored.pk if self.stored else None)
        if month in others.values_list("month", flat=True):
            raise forms.ValidationError(_("Tháng này đã có báo cáo tiến độ."))
        first_year = min(line.round.plan.year for line in self.project.lines.all())
        if month.year < first_year:
            raise forms.ValidationError(
                _("Kế hoạch đầu tiên của đề án là năm %(year)s.") % {"year": first_year}, code="before_plan"
            )
        return month

    def report(self) -> ProgressReport:
        """The report typed: a new one, or the stored one with what was changed in it."""
        report = self.stored or ProgressReport()
        for name in REPORT_FIELDS:
            setattr(report, name, self.cleaned_data[name])
        return report

    @property
    def reason(self) -> dict[str, str]:
        """Of a report that is put right."""
        return {"reason": self.cleaned_data["reason"]} if self.stored else {}

    def amounts(self) -> dict[CellKey, int | None]:
        return {
            (row.line.pk, row.component.pk, row.source.pk): self.cleaned_data[self.amount_name(row)]
            for row in self.rows
        }

    def excesses(self) -> list[Overspending]:
        """Where more is said to be spent than is approved: unwise, so it is said, and not refused."""
        found = []
        for row in self.rows:
            spent, approved = self.cleaned_data[self.amount_name(row)], row.money.approved_vnd or 0
            if spent is not None and spent > approved:
                found.append(Overspending(row, spent - approved))
        return found


@dataclass(frozen=True)
class Overspending:
    """More spent than approved, by so many đồng."""

    row: MoneyRow
    amount_vnd: int


def progress_form(
    project: Project, data: QueryDict | None = None, *, unit: MoneyUnit, stored: ProgressReport | None = None
) -> ProgressForm:
    """A new report, or a change to a stored one; its amounts are of ``unit``."""
    rows = [row for row in project_money(project).rows if row.money.approved_vnd is not None]
    initial: dict[str, Any] = {"version": project.version}
    if stored:
        initial |= {name: getattr(stored, name) for name in REPORT_FIELDS} | {"month": f"{stored.month:%m/%Y}"}
        amounts = {one.key: one.amount_vnd for one in stored.amounts.all()}
        initial |= {
            ProgressForm.amount_name(row): amounts.get((row.line.pk, row.component.pk, row.source.pk)) for row in rows
        }
    return ProgressForm(data, project=project, rows=rows, unit=unit, stored=stored, initial=initial)
