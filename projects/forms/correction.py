"""Putting slips of typing right: one row for each amount that a letter recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from khuyencong.forms import MoneyField, TextBlockField
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.forms.gone_rows import typed_for_gone_rows
from projects.forms.letter_head import LetterHeadForm
from projects.ledger.letter_amounts import amounts_around
from projects.services.corrections import Correction, Entry, entries_of_letter
from projects.services.past_letters import HEAD, LetterHead


class CancelForm(forms.Form):
    """Why a letter that was recorded by mistake is cancelled as a whole."""

    reason = TextBlockField(label=_("Lý do hủy"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))


class HeadCorrectionForm(LetterHeadForm):
    """What the paper really says of itself, with why it is put right."""

    reason = TextBlockField(label=_("Lý do đính chính"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ("reason",)

    class Meta:
        model = Decision
        fields = (
            *("kind", "authority", "number", "is_number_unknown", "issued_on", "is_date_unknown"),
            *("signer", "subject", "summary"),
        )

    def head(self) -> LetterHead:
        return LetterHead(**{name: self.cleaned_data[name] for name in HEAD})


@dataclass
class CorrectionRow:
    """An amount of the letter: what stood before it, what it leaves as recorded, and the field for the right one."""

    entry: Entry
    name: str
    before_vnd: int
    after_vnd: int

    @property
    def is_allocation(self) -> bool:
        return isinstance(self.entry, AllocationEntry)

    @property
    def label(self) -> str:
        if isinstance(self.entry, AllocationEntry):
            return f"{self.entry.plan} · {self.entry.source}"
        return f"{self.entry.plan_line.project} · {self.entry.source}"


class CorrectionForm(forms.Form):
    """Each amount may get the one that the letter really leaves; empty is right as it is."""

    reason = TextBlockField(label=_("Lý do đính chính"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, data: QueryDict | dict[str, Any] | None, *, decision: Decision, plans: Sequence[AnnualPlan]
    ) -> None:
        super().__init__(data)
        self.rows: list[CorrectionRow] = []
        for entry, (before, after) in amounts_around(entries_of_letter(decision, plans)).items():
            name = f"{'assigned' if isinstance(entry, AllocationEntry) else 'approved'}-{entry.pk}"
            row = CorrectionRow(entry, name, before, after)
            self.rows.append(row)
            self.fields[name] = MoneyField(label=row.label, required=False)
            self.fields[f"{name}-standing"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=row.after_vnd
            )

    @property
    def cells(self) -> list[tuple[CorrectionRow, forms.BoundField, forms.BoundField]]:
        return [(row, self[row.name], self[f"{row.name}-standing"]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = {name: text for name, text in self.data.items() if not name.endswith("-standing")}
        if went := typed_for_gone_rows(typed, self.fields, "approved-", "assigned-"):
            text = _(
                "Có số vừa được người khác thay đổi, không còn đính chính được ở đây, nên chưa ghi: %(typed)s. "
                "Hãy xem lại."
            )
            self.add_error(None, text % {"typed": went})
        elif not self.errors and not any(data.get(row.name) is not None for row in self.rows):
            self.add_error(None, _("Chưa nhập số đúng cho dòng nào."))
        return data

    def corrections(self) -> list[Correction]:
        data = self.cleaned_data
        return [
            Correction(row.entry, data.get(f"{row.name}-standing") or 0, data[row.name])
            for row in self.rows
            if data[row.name] is not None
        ]

    def with_standing_amounts(self) -> dict[str, Any]:
        """What was typed, with what stands now brought up to date."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        standing = amounts_around(row.entry for row in self.rows)
        return typed | {f"{row.name}-standing": str(standing[row.entry][1]) for row in self.rows}
