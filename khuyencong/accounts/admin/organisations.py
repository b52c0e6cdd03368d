"""The scope tree, with the names that its organisations bore and who signs for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.admin.scopes import may_grant
from khuyencong.accounts.models import FormerName, Organisation, Role, Signer
from khuyencong.admin_site import AdministratorOnly, Scoped, user_of
from khuyencong.forms import DateField


class FormerNameInline(AdministratorOnly, admin.TabularInline):
    model = FormerName
    extra = 0


class SignerInline(AdministratorOnly, admin.StackedInline):
    """Newest first; side by side its fields are wider than a screen."""

    model = Signer
    extra = 0
    ordering = ("-valid_from",)
    fields = (
        "valid_from",
        ("on_behalf_of", "in_place_of"),
        ("by_order_of", "by_authority_of"),
        ("position", "name"),
        "has_preparer",
        "preparer",
    )


class OrganisationForm(forms.ModelForm):
    """Whoever changes a name says from which day it is borne, so that papers and pages of days before keep the old one;
    or that only a slip is put right."""

    renamed_on = DateField(
        label=_("Mang tên mới từ ngày"),
        required=False,
        help_text=_("Chỉ khi đổi tên: tên cũ được giữ cho các ngày trước đó."),
    )
    is_slip = forms.BooleanField(label=_("Chỉ sửa lỗi chữ trong tên"), required=False)

    class Meta:
        model = Organisation
        fields = "__all__"  # noqa: DJ007  # the admin lists what is shown

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        on, is_renamed = data.get("renamed_on"), self.instance.pk is not None and "name" in self.changed_data
        if is_renamed and not on and not data.get("is_slip"):
            self.add_error("renamed_on", _("Ghi ngày mang tên mới, hoặc đánh dấu chỉ sửa lỗi chữ."))
        if on and (not is_renamed or data.get("is_slip")):
            self.add_error("renamed_on", _("Chỉ ghi ngày khi tên được đổi."))
        if on and is_renamed and self.instance.former_names.filter(valid_to__gte=on - dt.timedelta(days=1)).exists():
            self.add_error("renamed_on", _("Ngày này không sau tên gọi trước đây gần nhất."))
        return data

    def former_name(self) -> FormerName | None:
        """The name that is given up, up to the day before."""
        on = self.cleaned_data.get("renamed_on")
        valid_to = on - dt.timedelta(days=1) if on else None
        return (
            FormerName(organisation=self.instance, name=self.initial["name"], valid_to=valid_to) if valid_to else None
        )


@admin.register(Organisation)
class OrganisationAdmin(Scoped, AdministratorOnly, admin.ModelAdmin):
    form = OrganisationForm
    inlines = [FormerNameInline, SignerInline]
    list_display = ("name", "code", "kind", "parent", "works_since")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only a superuser plants a new tree; an administrator adds below what is theirs."""
        if not request.user.is_superuser:
            kwargs["queryset"] = Organisation.objects.where_user_holds(user_of(request), Role.ADMINISTRATOR)
            kwargs["required"] = db_field.name == "parent"
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """A code is identity; where a node hangs decides who sees what, so both stay as they were made."""
        return ("code", "kind", "parent") if obj and not request.user.is_superuser else ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if former := form.former_name():
            last = obj.former_names.order_by("-valid_to").first()
            former.valid_from = last.valid_to + dt.timedelta(days=1) if last else None
            former.save()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What one only reads, under another role, one does not rename."""
        return super().has_change_permission(request) and (obj is None or may_grant(user_of(request), obj.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
