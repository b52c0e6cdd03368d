"""What a running project asks for in one more year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import MoneyField, field_of
from khuyencong.money import MoneyUnit
from khuyencong.money_questions import OF_ANOTHER_YEAR, Nearby
from khuyencong.requests import record_id
from programmes.models import AnnualPlan, FundingSource
from projects.models import CostLine, Project, ProjectComponent

AMOUNT_NAMES = re.compile(r"amount-[0-9]+-[0-9]+")  # of fields of money


class YearForm(forms.Form):
    """The plan, and an amount for each content from each source."""

    plan = forms.ModelChoiceField(
        AnnualPlan.objects.none(),
        label=_("Kế hoạch"),
        empty_label=None,
        error_messages={"invalid_choice": _("Kế hoạch đã chọn không còn mở, hoặc đã có đề án này. Hãy chọn lại.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, plans: Any, unit: MoneyUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = field_of(self, "plan", forms.ModelChoiceField)
        plan.queryset = plans
        if self.is_bound and not plans.filter(pk=record_id(self.data.get("plan", ""))).exists():
            plan.empty_label = ""  # no browser chooses another year by itself
        self.fields["version"].error_messages["required"] = _(
            "Trang chưa tải đầy đủ, nên chưa lưu được. Hãy tải lại trang."
        )
        self.components = list(project.components.all())
        self.sources = list(FundingSource.objects.all())
        earlier = earlier_amounts(project) if self.is_bound else {}
        for component in self.components:
            for source in self.sources:
                label = _("%(source)s, %(content)s") % {"source": source, "content": component}
                nearby = Nearby(earlier.get((component.pk, source.pk)), OF_ANOTHER_YEAR)
                field = MoneyField(label=label, required=False, unit=unit, nearby=nearby)
                field.widget.attrs["class"] = "form-control money"
                self.fields[self.name_of(component, source)] = field

    @staticmethod
    def name_of(component: ProjectComponent, source: FundingSource) -> str:
        return f"amount-{component.pk}-{source.pk}"

    @property
    def rows(self) -> Iterator[tuple[ProjectComponent, list[forms.BoundField]]]:
        for component in self.components:
            yield component, [self[self.name_of(component, source)] for source in self.sources]

    def asked(self) -> dict[tuple[int, FundingSource], int]:
        """Đồng by the id of the content and the source, where something was typed."""
        typed = {
            (component.pk, source): self.cleaned_data[self.name_of(component, source)]
            for component in self.components
            for source in self.sources
        }
        return {key: amount for key, amount in typed.items() if amount is not None}


def earlier_amounts(project: Project) -> dict[tuple[int, int], int]:
    """The most that was asked for in a year, by the ids of the content and the source, in đồng."""
    found: dict[tuple[int, int], int] = {}
    asked = CostLine.objects.of_project(project).amounts_by("component", "source", "plan_line__round__plan")
    for (component, source, _plan), amount in asked.items():
        found[component, source] = max(amount, found.get((component, source), 0))
    return found
