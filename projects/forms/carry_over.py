"""Carrying money into the next year: the projects that go on, with an amount where it is known, and what is assigned to
none."""

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
class CarryLine:
    """A project's line in the year that ends, its accounts with money left, and its line in the next year if any."""

    line: PlanLine
    to_line: PlanLine | None
    accounts: list[LineAccount]

    @property
    def tick(self) -> str:
        return f"goes-{self.line.pk}"

    @property
    def letter(self) -> str:
        """The one by which it goes on already."""
        decision = self.to_line.carried_by if self.to_line else None
        return decision.label if decision and not decision.is_cancelled else ""

    def name_of(self, account: LineAccount) -> str:
        return f"{account.prefix}-{self.to_line.pk}" if self.to_line else account.prefix


# With its tick, an account and the field of its amount.
Row = tuple[CarryLine, forms.BoundField | None, LineAccount | None, forms.BoundField | None]


class CarryOverForm(forms.Form):
    """What goes on; a line that is neither ticked nor has an amount stays in its year."""

    def __init__(self, *args: Any, plan: AnnualPlan, to_plan: AnnualPlan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = [one for one in (plan, to_plan) if one]
        self.carry_lines = carry_lines(plan, to_plan)
        self.standing = {one.pk: envelopes([one]) for one in self.plans}
        self.envelopes = [one for one in self.standing[plan.pk] if (one.unallocated_vnd or 0) > 0]
        for row in self.carry_lines:
            if not row.letter:
                label = _("Chuyển tiếp %(project)s") % {"project": row.line.project}
                self.fields[row.tick] = forms.BooleanField(label=label, required=False)
                self.fields[row.tick].widget.attrs |= {"class": "form-check-input", "aria-label": label}
            for account in row.accounts:
                label = _("%(project)s, %(source)s") % {"project": row.line.project, "source": account.source}
                self._add(row.name_of(account), label)
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
    def rows(self) -> list[Row]:
        """Each line with its tick, then its accounts with theirs; the tick stands in the first row of the line."""
        found: list[Row] = []
        for row in self.carry_lines:
            tick = None if row.letter else self[row.tick]
            if not row.accounts:
                found.append((row, tick, None, None))
            for index, account in enumerate(row.accounts):
                found.append((row, None if index else tick, account, self[row.name_of(account)]))
        return found

    @property
    def free_rows(self) -> list[tuple[Envelope, forms.BoundField]]:
        return [(envelope, self[f"free-{envelope.source.pk}"]) for envelope in self.envelopes]

    def effects(self) -> list[tuple[AnnualPlan, list[Effect]]]:
        """Each envelope of both years before and after, from what is typed so far."""
        return [
            (plan, [self._effect(envelope, sign) for envelope in self.standing[plan.pk]])
            for plan, sign in zip(self.plans, (-1, 1), strict=False)
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
        return [
            CarriedLine(account.key, row.to_line.pk if row.to_line else None, amount)
            for row in self.carry_lines
            for account in row.accounts
            if (amount := self._typed(row.name_of(account)))
        ]

    def going(self) -> list[int]:
        """Lines, by their ids, that are ticked and of which no amount is typed."""
        with_money = {line.key[0] for line in self.lines()}
        ticked = [row.line.pk for row in self.carry_lines if self._typed(row.tick)]
        return [pk for pk in ticked if pk not in with_money]

    def _typed(self, name: str) -> int | None:
        return getattr(self, "cleaned_data", {}).get(name)

    def free(self) -> dict[FundingSource, int]:
        typed = {one.source: self._typed(f"free-{one.source.pk}") for one in self.envelopes}
        return {source: amount for source, amount in typed.items() if amount}


def carry_lines(plan: AnnualPlan, to_plan: AnnualPlan | None) -> list[CarryLine]:
    """Lines of the plan whose projects are running or have a line of the same level in the next year's plan already;
    of the latter only those with money left."""
    next_lines = {
        (line.project_id, line.round.level): line
        for line in PlanLine.objects.for_plans([to_plan] if to_plan else [])
        .select_related("round", "carried_by")
        .order_by("-pk")
    }
    lines = PlanLine.objects.for_plans([plan]).select_related("project", "round").order_by("project__code", "pk")
    accounts: dict[int, list[LineAccount]] = {}
    for account in accounts_of(Project.objects.in_plans([plan]).counted()):
        if account.source.is_state and (account.movable_vnd or 0) > 0:
            accounts.setdefault(account.line.pk, []).append(account)
    found = [
        CarryLine(line, next_lines.get((line.project_id, line.round.level)), accounts.get(line.pk, []))
        for line in lines
    ]
    return [row for row in found if row.line.project.status in Project.REPORTABLE or (row.to_line and row.accounts)]
