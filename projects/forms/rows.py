"""Rows of a project's form: contents with their money, and those who are helped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation
from khuyencong.firm_names import Likeness, compare_names, marked_name
from khuyencong.forms import MoneyField, TextLineField, field_of
from khuyencong.text import fold
from programmes.content_choices import ContentChoiceField
from programmes.models import ActivityType, AnnualPlan, EligibilityRule, FundingSource
from projects.forms.conflicts import as_text, as_typed, form_values, shown
from projects.forms.merging import Values
from projects.forms.money_of_plan import MoneyOfPlan
from projects.forms.norm_choices import NormField, NormOffer
from projects.models import Beneficiary, Support
from projects.rules.eligibility import type_text
from projects.services.project_entry import ContentInput
from projects.services.project_parts import SupportInput

GROUP = "group"
AMOUNT_NAMES = re.compile(r"content-[0-9]{1,3}-(?:amount_\w+|eligible_cost_vnd)")  # of fields of money


class ContentRowForm(forms.Form):
    """One content: its activity type, what is asked for it from each source, and what its norm is compared with."""

    NORM_FIELDS = ("norm", "units", "eligible_cost_vnd")

    activity_type = ContentChoiceField(ActivityType.objects.none(), label=_("Nội dung hoạt động"))
    norm = NormField()
    units = forms.IntegerField(
        label=_("Số lượng"), required=False, min_value=1, max_value=1_000_000, widget=forms.TextInput
    )
    eligible_cost_vnd = MoneyField(label=_("Chi phí hợp lệ"), required=False)

    def __init__(
        self,
        *args: Any,
        activities: QuerySet[ActivityType],
        held: Sequence[ActivityType],
        sources: list[FundingSource],
        norms: NormOffer,
        money: MoneyOfPlan,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "norm", NormField).offer(norms, self["norm"].value())
        self.fields["units"].widget.attrs.update({"inputmode": "numeric", "class": "form-control money"})
        cost = self.fields["eligible_cost_vnd"]
        cost.label = _("%(what)s (%(unit)s)") % {"what": cost.label, "unit": money.unit.label}
        self.sources = sources
        field = field_of(self, "activity_type", ContentChoiceField)
        field.queryset = activities
        field.keep(*held)
        field.empty_label = _("Chọn nội dung")
        field.widget.attrs["class"] = "form-select"
        for source in sources:
            self.fields[f"amount_{source.code}"] = MoneyField(label=str(source), required=False)
        content = str(getattr(self["activity_type"].value(), "pk", self["activity_type"].value()))
        for name in ("eligible_cost_vnd", *(f"amount_{source.code}" for source in sources)):
            amount = field_of(self, name, MoneyField)
            amount.unit, amount.nearby = money.unit, money.nearby(content, name)
            amount.widget.attrs["class"] = "form-control money"

    @property
    def former_text(self) -> str:
        """Of a copied row whose content is still to be chosen: what it was, and which contents took its place."""
        if self.is_bound or not (former := self.initial.get("former")):
            return ""
        names = ", ".join(f"“{one}”" for one in self.initial["counterparts"])
        text = _("Nội dung cũ: “%(former)s” (%(decree)s).") % {"former": former, "decree": former.regulation.cited}
        return f"{text} {_('Chọn một trong: %s.') % names if names else _('Chọn nội dung của năm kế hoạch này.')}"

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        return [self[f"amount_{source.code}"] for source in self.sources]

    @property
    def norm_fields(self) -> list[forms.BoundField]:
        """What stays folded: it is not needed to enter a project."""
        return [self[name] for name in self.NORM_FIELDS]

    @property
    def has_norm_data(self) -> bool:
        return any(field.errors or field.value() not in (None, "") for field in self.norm_fields)

    def clean(self) -> dict[str, Any]:
        """A norm belongs to one content."""
        data = super().clean() or {}
        norm, activity = data.get("norm"), data.get("activity_type")
        if norm and activity and norm.activity_type_id != activity.pk:
            message = _("Mức hỗ trợ này thuộc nội dung “%(content)s”, không phải nội dung đã chọn.")
            self.add_error("norm", ValidationError(message, params={"content": norm.activity_type}))
        return data

    def content(self) -> ContentInput | None:
        """The row as the service wants it; None for an empty or deleted row."""
        data = self.cleaned_data
        if not data or data.get("DELETE"):
            return None
        amounts = {source: data[f"amount_{source.code}"] for source in self.sources}
        return ContentInput(data["activity_type"], amounts, data["eligible_cost_vnd"], data["units"], data["norm"])


class RowFormSet(BaseFormSet):
    """Rows of which the first ones are shown and the spare ones stay folded until they are wanted."""

    HIDDEN = ("beneficiary",)  # what a row carries and nobody types

    @property
    def shown_count(self) -> int:
        """The filled rows, and at least one."""
        return max(1, self.initial_form_count())

    def row_values(self) -> dict[str, Values]:
        """The filled rows by what they are about, as they would be stored; a row to be removed is not there."""
        rows: dict[str, Values] = {}
        for index, form in enumerate(self.forms):
            row = form_values(form)
            if form["DELETE"].value() or not any(text for name, text in row.items() if name not in self.HIDDEN):
                continue
            key = self.row_key(row) or f"?{index}"
            rows[f"{key}?{index}" if key in rows else key] = row
        return rows

    def row_key(self, row: Values) -> str:
        """What the row is about; empty when it does not say."""
        raise NotImplementedError

    def row_text(self, row: Mapping[str, Any]) -> str:
        """A row on one line, as a reader compares it."""
        fields = self.empty_form.fields
        texts = [(fields[name].label, shown(fields[name], row.get(name))) for name in fields if name in row]
        (_label, title), *others = [(label, text) for label, text in texts if label] or [("", "")]
        return "; ".join([title, *(f"{label}: {text}" for label, text in others if text)])

    def write_rows(self, data: QueryDict, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Puts these rows in the place of those that were sent, where they differ."""
        if rows == self.row_values():
            return
        for name in [name for name in data if name.startswith(f"{self.prefix}-")]:
            del data[name]
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(rows))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(min(len(rows) + self.extra, self.absolute_max))
        fields = self.empty_form.fields
        for index, row in enumerate(rows.values()):
            for name, text in row.items():
                data[f"{self.prefix}-{index}-{name}"] = as_typed(fields[name], text)

    @property
    def has_later_data(self) -> bool:
        """Whether a folded row was filled, so that it must be shown."""
        return self.is_bound and any(form.has_changed() for form in self.forms[self.shown_count :])


class BaseContentFormSet(RowFormSet):
    default_error_messages: ClassVar = {
        **RowFormSet.default_error_messages,
        "too_few_forms": _("Đề án phải có ít nhất một nội dung hoạt động."),
    }

    @property
    def has_norm_data(self) -> bool:
        """Whether something folded was filled or is wrong, so that it must be shown."""
        return any(form.has_norm_data for form in self.forms)

    def row_key(self, row: Values) -> str:
        return as_text(row["activity_type"])

    def clean(self) -> None:
        """Each content once."""
        seen: set[ActivityType] = set()
        for form in self.forms:
            activity = form.cleaned_data.get("activity_type") if hasattr(form, "cleaned_data") else None
            if activity is None or form.cleaned_data.get("DELETE"):
                continue
            if activity in seen:
                form.add_error("activity_type", _("Nội dung này đã chọn ở dòng trên."))
            seen.add(activity)


def _is_unmarked(name: str) -> bool:
    """Whether the name was typed without any mark, as people in a hurry do."""
    return not any(ord(letter) > 127 for letter in name)


@dataclass(frozen=True)
class TypeOffer:
    """The types of establishments as the law of a plan's year knows them (``rules``, by type: what it says).

    ``held``: by the id of an establishment that the project names already, of which type it is.
    """

    rules: Mapping[str, EligibilityRule]
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """A type of which the law of the year says nothing, or “yes”."""
        known = [(code, label) for code, label in Beneficiary.Type.choices if not self.mark(code)]
        return [("", _("Đã có trong danh bạ")), (GROUP, _("Nhóm (mô tả bằng lời)")), *known]

    def mark(self, code: str) -> str:
        """What is to be said of a type that is not offered; empty of one that is."""
        rule = self.rules.get(code)
        return "" if rule is None or rule.is_yes else f"{type_text(rule)} {rule.citation}"


class TypeField(forms.ChoiceField):
    """A type of establishment. One that is not of the plan's year is refused with what its law says."""

    offer = TypeOffer({})

    def validate(self, value: Any) -> None:
        if mark := self.offer.mark(value):
            raise ValidationError(mark, code="type_of_another_time")
        super().validate(value)


class SupportRowForm(forms.Form):
    """One beneficiary by name, or a group in words.

    A name that the registry knows is taken from it. Another name needs a type, and the establishment is then
    created together with the project.
    """

    name = TextLineField(label=_("Đơn vị hoặc nhóm thụ hưởng"), max_length=255)
    type = TypeField(label=_("Loại hình"), required=False)
    beneficiary = forms.IntegerField(widget=forms.HiddenInput, required=False)
    planned_count = forms.IntegerField(
        label=_("Số lượng dự kiến"), required=False, min_value=1, max_value=1_000_000, widget=forms.TextInput
    )

    def __init__(self, *args: Any, province: Organisation | None, types: TypeOffer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.province, self.types = province, types
        field = field_of(self, "type", TypeField)
        field.offer, field.choices = types, types.choices
        self.fields["planned_count"].widget.attrs.update({"inputmode": "numeric", "class": "form-control money"})
        self.fields["type"].widget.attrs["class"] = "form-select"
        self.fields["name"].widget.attrs.update(
            {
                "class": "form-control",
                "list": "beneficiary-names",
                "autocomplete": "off",
                "hx-get": reverse("projects:beneficiary_suggest"),
                "hx-trigger": "input changed delay:200ms",
                "hx-target": "#beneficiary-names",
            }
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name = data.get("name")
        if not name or data.get("DELETE"):
            return data
        if data.get("type") == GROUP:
            data["support"] = SupportInput(group_description=name, planned_count=data.get("planned_count"))
        elif "type" in data:
            data["support"] = self._support(name, data["type"], data.get("planned_count"))
        return data

    @property
    def type_mark(self) -> str:
        """Of an establishment that the project names already: that its type is not one of the plan's year."""
        return self.types.mark(self.types.held.get(str(self["beneficiary"].value()), ""))

    def _support(self, name: str, kind: str, planned_count: int | None) -> SupportInput:
        known = self._kept(name) or self._known(name, is_new=bool(kind))
        if known is None and not kind:
            raise ValidationError({"type": self._unknown_message(name)})
        if known is None:
            new = Beneficiary(province=self.province, name=name, type=kind)
            return SupportInput(new_beneficiary=new, planned_count=planned_count)
        return SupportInput(beneficiary=known, planned_count=planned_count)

    def _kept(self, name: str) -> Beneficiary | None:
        """The establishment that stood in this row already, as long as its name was left."""
        kept = Beneficiary.objects.filter(province=self.province, pk=self.cleaned_data.get("beneficiary") or 0)
        return next((one for one in kept if one.name == name), None)

    def _known(self, name: str, *, is_new: bool) -> Beneficiary | None:
        """The establishment of that name. Marks count where they were typed; a type asks for a new one."""
        candidates = list(Beneficiary.objects.filter(province=self.province).matching(name)[:50])
        same = [one for one in candidates if one.name.lower() == name.lower()]
        same = same or [one for one in candidates if marked_name(one.name) == marked_name(name)]
        if not same and (not is_new or _is_unmarked(name)):
            same = [one for one in candidates if compare_names(one.name, name) == Likeness.SAME]
        if len(same) > 1:
            raise ValidationError(
                {"name": _("Danh bạ có nhiều đơn vị cùng tên này. Bổ sung mã số thuế ở danh bạ, rồi ghi mã sau tên.")}
            )
        by_code = [one for one in candidates if one.tax_code and name.endswith(one.tax_code)]
        return (same or by_code or [None])[0]

    def _unknown_message(self, name: str) -> str:
        words = fold(name).split()
        near = Beneficiary.objects.filter(province=self.province).matching(" ".join(words[-2:]))[:3]
        hint = _("Danh bạ chưa có tên này: chọn loại hình để thêm đơn vị mới.")
        if not near:
            return str(hint)
        return f"{hint} {_('Gần giống: %s.') % '; '.join(one.name for one in near)}"

    def has_changed(self) -> bool:
        """The id of a row that was emptied is not something typed."""
        return any(name != "beneficiary" for name in self.changed_data)

    def support(self) -> SupportInput | None:
        data = self.cleaned_data
        return None if not data or data.get("DELETE") else data.get("support")


class BaseSupportFormSet(RowFormSet):
    def row_key(self, row: Values) -> str:
        kind = GROUP if row["type"] == GROUP else ""
        return f"{kind}:{as_text(row['name']).lower()}" if row["name"] else ""

    def clean(self) -> None:
        """Each beneficiary once; two rows of one new name are one establishment."""
        seen: set[str] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", None) or {}
            if not data.get("support") or data.get("DELETE"):
                continue
            known = data["support"].beneficiary
            key = f"#{known.pk}" if known else data["name"].lower()
            if key in seen:
                form.add_error("name", _("Đơn vị hoặc nhóm này đã có ở dòng trên."))
            seen.add(key)


def content_formset(
    plan: AnnualPlan,
    data: Any,
    initial: list[dict[str, Any]],
    norms: NormOffer,
    money: MoneyOfPlan,
    held: Sequence[ActivityType] = (),
) -> RowFormSet:
    """Rows of contents with the lists of the plan's year; one is required, two more may be filled.

    ``held`` are those that the project has already.
    """
    factory = formset_factory(
        ContentRowForm,
        BaseContentFormSet,
        extra=2,
        min_num=0 if initial else 1,
        validate_min=True,
        can_delete=True,
        max_num=9,
        absolute_max=9,
    )
    kwargs = {
        "activities": ActivityType.objects.in_use(plan.year),
        "held": held,
        "sources": list(FundingSource.objects.all()),
        "norms": norms,
        "money": money,
    }
    return cast("RowFormSet", factory(data, initial=initial, prefix="content", form_kwargs=kwargs))


def support_formset(
    plan: AnnualPlan, data: Any, initial: list[dict[str, Any]], held: Iterable[Support] = ()
) -> RowFormSet:
    """Rows of those who are helped; all may stay empty in a draft. ``held`` are those of the project by now."""
    factory = formset_factory(
        SupportRowForm, BaseSupportFormSet, extra=4, can_delete=True, max_num=500, absolute_max=500
    )
    named = {str(one.beneficiary.pk): one.beneficiary.type for one in held if one.beneficiary}
    types = TypeOffer(EligibilityRule.objects.of_types(plan.year), named)
    kwargs = {"province": plan.organisation.province(), "types": types}
    return cast("RowFormSet", factory(data, initial=initial, prefix="support", form_kwargs=kwargs))
