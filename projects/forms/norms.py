"""Norms: which of them the list shows, a province's new norm with its document, and the end of one."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.forms import DateField, MoneyField, TextLineField, field_of
from khuyencong.funding import STATE_LEVELS
from khuyencong.money import MoneyUnit
from khuyencong.text import fold
from programmes.models import ActivityType, Regulation, SupportNorm
from projects.forms.fields import SeenForm
from projects.services.norms import CORRECTABLE

LEVELS = [(level.value, level.label) for level in STATE_LEVELS]


def _dress(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        is_list = isinstance(field, forms.ChoiceField)
        if not isinstance(field, forms.BooleanField):
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"


class NormFilter(forms.Form):
    """All optional; what can't be read is an error beside its field."""

    on = DateField(label=_("Có hiệu lực vào ngày"), required=False)
    level = forms.ChoiceField(label=_("Nguồn kinh phí"), required=False, choices=[("", _("Tất cả")), *LEVELS])
    province = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Mức riêng của"), required=False, empty_label=_("Mức chung và mức riêng")
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"on": today})
        self.today, self.user = today, user
        field_of(self, "province", forms.ModelChoiceField).queryset = Organisation.objects.provinces_of(user)
        _dress(self)

    @property
    def on_text(self) -> str:
        """What stands in the field of the date: as typed, or today."""
        return str(self.data.get("on") or f"{self.today:%d/%m/%Y}")

    def clean_on(self) -> Any:
        return self.cleaned_data["on"] or self.today

    def rows(self) -> list[SupportNorm]:
        """The norms asked for, of the day asked for; the form is valid."""
        asked = self.cleaned_data
        rows = SupportNorm.objects.visible_to(self.user).in_force(asked["on"]).for_page()
        if asked["level"]:
            rows = rows.of_level(asked["level"])
        if asked["province"]:
            rows = rows.of_province(asked["province"])
        return list(rows.order_by("activity_type__code", "item", "funding_level", "province__name_key"))


class NormChoiceField(forms.ModelChoiceField):
    """Norms with their source: one item stands in the list once for the nation's money and once for the province's."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.get_funding_level_display()}"


class NormForm(forms.ModelForm):
    """A province's own norm. It judges what ``like`` judges elsewhere, or an item of its own."""

    like = NormChoiceField(
        SupportNorm.objects.none(),
        label=_("Thay cho mức"),
        required=False,
        empty_label=_("Khoản hỗ trợ khác"),
        help_text=_(
            "Chọn mức chung mà tỉnh, thành phố quy định riêng; nội dung, khoản, đơn vị tính lấy theo mức đó "
            "nếu để trống."
        ),
    )
    max_amount_vnd = MoneyField(unit=MoneyUnit.DONG, label=_("Mức tối đa (đồng)"), required=False)
    effective_from = DateField(label=_("Hiệu lực từ"))
    effective_to = DateField(label=_("Hiệu lực đến"), required=False)
    document_number = TextLineField(label=_("Số, ký hiệu văn bản mới"), max_length=60, required=False)
    document_title = TextLineField(label=_("Trích yếu văn bản mới"), max_length=300, required=False)
    document_issued_on = DateField(label=_("Ngày ban hành văn bản mới"), required=False)

    class Meta:
        model = SupportNorm
        fields = [
            *("province", "funding_level", "like", "activity_type", "item", "unit", "max_percent", "max_amount_vnd"),
            *("effective_from", "effective_to", "regulation", "clause", "is_confirmed"),
        ]

    field_order = [*Meta.fields[:11], "document_number", "document_title", "document_issued_on", *Meta.fields[11:]]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = field_of(self, "province", forms.ModelChoiceField)
        province.queryset, province.required = Organisation.objects.administered_by(user), True
        province.empty_label = None
        level = field_of(self, "funding_level", forms.TypedChoiceField)
        level.choices = [
            ("", _("Chọn nguồn")),
            *SupportNorm._meta.get_field("funding_level").get_choices(include_blank=False),
        ]
        general = SupportNorm.objects.in_force(timezone.localdate()).for_provinces([]).for_page()
        field_of(self, "like", forms.ModelChoiceField).queryset = general
        field_of(self, "regulation", forms.ModelChoiceField).empty_label = _("Văn bản mới (ghi ở dưới)")
        for name in ("activity_type", "item", "unit", "regulation"):
            self.fields[name].required = False
        activities = ActivityType.objects.in_use(timezone.localdate().year)
        activity = field_of(self, "activity_type", forms.ModelChoiceField)
        activity.queryset, activity.empty_label = activities, _("Chọn nội dung")
        self.fields["max_percent"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.document: Regulation | None = None
        _dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._take_over(data)
        self._read_document(data)
        start, end = data.get("effective_from"), data.get("effective_to")
        if start and end and end < start:
            self.add_error("effective_to", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        return data

    def _take_over(self, data: dict[str, Any]) -> None:
        """What is left empty comes from the norm that this one stands for."""
        like = data.get("like")
        for name in ("activity_type", "item", "unit"):
            if like and not data.get(name):
                data[name] = getattr(like, name)
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Ghi mục này, hoặc chọn mức chung mà tỉnh, thành phố quy định riêng."))
        if like and data.get("activity_type") not in (None, like.activity_type):
            self.add_error("activity_type", _("Mức được chọn thuộc nội dung khác."))
        self.instance.code = like.code if like else slugify(fold(data.get("item") or ""))[:60]

    def _read_document(self, data: dict[str, Any]) -> None:
        number = data.get("document_number")
        if data.get("regulation") and number:
            self.add_error("document_number", _("Đã chọn văn bản ở danh sách thì để trống mục này."))
        elif not data.get("regulation") and not number and "document_number" not in self.errors:
            self.add_error("regulation", _("Chọn văn bản, hoặc ghi số văn bản mới."))
        elif number and Regulation.objects.filter(number=number).exists():
            self.add_error("document_number", _("Văn bản số này đã có: chọn ở danh sách."))
        elif number:
            self.document = Regulation(
                code=slugify(fold(number))[:30].upper(),
                number=number,
                title=data.get("document_title") or number,
                issued_on=data.get("document_issued_on"),
                effective_from=data.get("effective_from"),
            )

    def _get_validation_exclusions(self) -> set[str]:
        """The code is ours, so that the same norm twice is refused here."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private: not in the stubs
        return excluded - ({"code"} if self.instance.code else set())

    def digest(self) -> str:
        """What was previewed, so that something else is not saved unseen."""
        return hashlib.sha256(
            repr(sorted((name, str(one)) for name, one in self.cleaned_data.items())).encode()
        ).hexdigest()


class NormEndForm(forms.Form):
    """The last day of a norm."""

    effective_to = DateField(label=_("Ngày cuối cùng có hiệu lực"))
    reason = TextLineField(label=_("Lý do"), max_length=300)

    def __init__(self, data: QueryDict | None, *, norm: SupportNorm) -> None:
        super().__init__(data, initial={"effective_to": norm.effective_to})
        self.norm = norm
        _dress(self)

    def clean_effective_to(self) -> Any:
        last = self.cleaned_data["effective_to"]
        if last < self.norm.effective_from:
            message = _("Mức này có hiệu lực từ %(first)s, không thể kết thúc trước ngày đó.")
            raise ValidationError(message, params={"first": f"{self.norm.effective_from:%d/%m/%Y}"})
        self.norm.effective_to = last
        try:
            self.norm.full_clean()
        except ValidationError as problem:
            raise ValidationError(problem.messages) from problem
        return last

    def digest(self) -> str:
        return f"{self.cleaned_data['effective_to']:%Y-%m-%d}"


class NormCorrectForm(SeenForm, forms.ModelForm):
    """What the document really says of a norm that was typed wrongly."""

    max_amount_vnd = MoneyField(unit=MoneyUnit.DONG, label=_("Mức tối đa (đồng)"), required=False)
    effective_from = DateField(label=_("Hiệu lực từ"))
    effective_to = DateField(label=_("Hiệu lực đến"), required=False)
    reason = TextLineField(label=_("Lý do đính chính"), max_length=300)

    class Meta:
        model = SupportNorm
        fields = [*CORRECTABLE]
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["max_percent"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        _dress(self)
