"""The norms that a content may be compared with, as a list to choose from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models import AnnualPlan, SupportNorm


class NormOffer:
    """Norms of a plan's province and those for all. ``listed`` has one row for each norm of the plan's year,
    ``stored`` are those that the project has chosen already.

    A norm is chosen by its code; which row of that code judges is found by level, province and day.
    """

    def __init__(self, plan: AnnualPlan, stored: Iterable[SupportNorm | None] = ()) -> None:
        self.stored = [norm for norm in stored if norm]
        rows = SupportNorm.objects.for_provinces([plan.organisation.province()]).for_page()
        today = timezone.localdate()
        first, last = dt.date(plan.year, 1, 1), dt.date(plan.year, 12, 31)
        # A plan of next year is written by the law of today.
        known = rows.in_force_between(min(first, today) if last >= today else first, last)
        by_age = sorted(known, key=lambda norm: (norm.effective_from, norm.province_id or 0))
        newest = {norm.code: norm for norm in by_age}
        self.listed = sorted(newest.values(), key=lambda norm: (norm.activity_type.code, norm.item))

    def counterpart_of(self, norm: SupportNorm | None) -> SupportNorm | None:
        """The row of this year for a norm that was chosen in another one."""
        return next((one for one in self.listed if norm and one.code == norm.code), None)


class NormField(forms.ModelChoiceField):
    """A norm by its item and figures, grouped by content. One chosen earlier stays, though it is not listed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SupportNorm.objects.none(), label=_("Mức hỗ trợ áp dụng"), required=False, **kwargs)
        self.widget.attrs["class"] = "form-select"

    def offer(self, offer: NormOffer, chosen: Any) -> None:
        """``chosen`` is what stands in the field: of the norms that are not listed only that one is shown."""
        self.known = {str(norm.pk): norm for norm in (*offer.stored, *offer.listed)}
        groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for norm in offer.listed:
            groups[str(norm.activity_type)].append((norm.pk, self.label_from_instance(norm)))
        norm = self.known.get(str(chosen))
        if norm and norm not in offer.listed:
            label = f"{self.label_from_instance(norm)}, {norm.dates}"
            groups[str(norm.activity_type)].append((norm.pk, label))
        self.choices = [("", _("Chưa chọn")), *groups.items()]

    def to_python(self, value: Any) -> SupportNorm | None:
        """The norm chosen, None when none was."""
        if value not in self.empty_values and str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return self.known.get(str(value))

    def label_from_instance(self, norm: Any) -> str:
        return f"{norm.item} ({norm.figures}; {norm.citation})"
