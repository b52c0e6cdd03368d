"""Carrying money into the next year: an amount for each project that goes on, and for what is assigned to none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import MoneyField
from programmes.models import AnnualPlan, FundingSource
from projects.forms.decision import Effect
from projects.forms.gone_rows import typed_for_gone_rows
from projects.ledger.line_accounts import LineAccount, accounts_of
from projects.ledger.optional_amounts import add
from projects.ledger.remainders import Envelope, envelopes
from projects.models import PlanLine, Project
from projects.services.carry_over import CarriedLine


@dataclass(frozen=True)
class CarryRow:
    """A project's account in the year that ends, and its line in the next."""

    account: LineAccount
    to_line: PlanLine

    @property
    def name(self) -> str:
        return f"{self.account.prefix}-{self.to_line.pk}"


class CarryOverForm(forms.Form):
    """What goes on; empty stays in its year."""

    def __init__(self, *args: Any, plan: AnnualPlan, to_plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = (plan, to_plan)
        self.carry_rows = carry_rows(plan, to_plan)
        self.standing = {one.pk: envelopes([one]) for one in self.plans}
        self.envelopes = [one for one in self.standing[plan.pk] if (one.unallocated_vnd or 0) > 0]
        for row in self.carry_rows:
            label = _("%(project)s, %(source)s") % {"project": row.account.line.project, "source": row.account.source}
            self._add(row.name, label)
        for envelope in self.envelopes:
            label = _("Còn chưa phân bổ, %(source)s") % {"source": envelope.source}
            self._add(f"free-{envelope.source.pk}", label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if went := typed_for_gone_rows(self.data, self.fields, "line-", "free-", plan=self.plans[0]):
            text = _("Có khoản vừa được chi hoặc chuyển trong lúc bạn nhập, nên chưa ghi: %(typed)s. Hãy xem lại bảng.")
            self.add_error(None, text % {"typed": went})
        return data

    def _add(self, name: str, label: str) -> None:
        self.fields[name] = MoneyField(label=label, required=False)
        self.fields[name].widget.attrs["class"] = "form-control money"

    @property
    def rows(self) -> list[tuple[CarryRow, forms.BoundField]]:
        return [(row, self[row.name]) for row in self.carry_rows]

    @property
    def free_rows(self) -> list[tuple[Envelope, forms.BoundField]]:
        return [(envelope, self[f"free-{envelope.source.pk}"]) for envelope in self.envelopes]

    def effects(self) -> list[tuple[AnnualPlan, list[Effect]]]:
        """Each envelope of both years before and after, from what is typed so far."""
        return [
            (plan, [self._effect(envelope, sign) for envelope in self.standing[plan.pk]])
            for plan, sign in zip(self.plans, (-1, 1), strict=True)
        ]

    def _effect(self, envelope: Envelope, sign: int) -> Effect:
        with_projects = sum(line.amount_vnd for line in self.lines() if line.key[2] == envelope.source.pk)
        moved = with_projects + self.free().get(envelope.source, 0)
        assigned, approved = envelope.assigned_vnd, envelope.approved_vnd
        return Effect(
            envelope.source,
            assigned,
            add(assigned, sign * moved) if moved else assigned,
            approved,
            add(approved, sign * with_projects) if with_projects else approved,
        )

    def lines(self) -> list[CarriedLine]:
        typed = [(row, self._typed(row.name)) for row in self.carry_rows]
        return [CarriedLine(row.account.key, row.to_line.pk, amount) for row, amount in typed if amount]

    def _typed(self, name: str) -> int | None:
        return getattr(self, "cleaned_data", {}).get(name)

    def free(self) -> dict[FundingSource, int]:
        typed = {one.source: self._typed(f"free-{one.source.pk}") for one in self.envelopes}
        return {source: amount for source, amount in typed.items() if amount}


def carry_rows(plan: AnnualPlan, to_plan: AnnualPlan) -> list[CarryRow]:
    """Accounts of the plan with money left whose project has a line of the same level in the next year's plan."""
    projects = Project.objects.in_plans([plan]).in_plans([to_plan]).counted()
    next_lines = {
        (line.project_id, line.round.level): line
        for line in PlanLine.objects.for_plans([to_plan]).select_related("round").order_by("-pk")
    }
    rows = [
        CarryRow(account, next_lines[account.line.project_id, account.line.round.level])
        for account in accounts_of(projects)
        if account.line.round.plan_id == plan.pk and (account.line.project_id, account.line.round.level) in next_lines
    ]
    return [row for row in rows if row.account.source.is_state and (row.account.movable_vnd or 0) > 0]
