"""Delegations and second roles: read here whoever recorded them, a second role recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.authorisations import Term, give_double_role
from khuyencong.accounts.models import Authorisation, Organisation, Role, User
from khuyencong.admin_site import AdministratorOnly, Scoped, user_of
from khuyencong.forms import DateField, TextLineField
from khuyencong.text import inside_sentence


def authorisation_words(row: Authorisation) -> str:
    """“Lãnh đạo Sở, Sở Công Thương: Lê Hai, kiêm nhiệm cùng …, từ … đến hết …, số … (ai ghi)”."""
    if row.is_delegation:
        how = _("theo ủy quyền của %(person)s") % {"person": row.principal}
    else:
        how = _("kiêm nhiệm cùng %(role)s") % {"role": inside_sentence(row.get_beside_display())}
    days = _("từ %(from)s đến hết %(to)s") % {"from": f"{row.starts_on:%d/%m/%Y}", "to": f"{row.ends_on:%d/%m/%Y}"}
    said = [f"{row}: {row.user} {how}", days, row.number, row.reason]
    if hasattr(row, "ending"):
        said.append(_("chấm dứt từ %(on)s") % {"on": f"{row.ending.ended_on:%d/%m/%Y}"})
    return f"{'; '.join(str(one) for one in said if one)} ({row.recorded_by})"


class DoubleRoleForm(forms.ModelForm):
    """A second role by a decision: what the service refuses stands beside its field."""

    reason = TextLineField(label=_("Lý do"), max_length=300)
    starts_on = DateField(label=_("Từ ngày"))
    ends_on = DateField(label=_("Đến hết ngày"))
    issued_on = DateField(label=_("Ngày quyết định"))
    number = TextLineField(label=_("Số quyết định"), max_length=60)

    class Meta:
        model = Authorisation
        fields = ("user", "role", "scope", "number", "issued_on", "starts_on", "ends_on", "reason")
        help_texts = {
            "role": _("Vai trò thứ hai, phần mềm giao luôn; người này đang giữ một vai trò phải tách khỏi vai trò đó."),
            "scope": _("Đơn vị của vai trò thứ hai."),
        }

    actor: User

    def clean(self) -> dict[str, Any]:
        """Tried as it would be recorded, and taken back."""
        data = super().clean() or {}
        if not self.errors:
            try:
                with transaction.atomic():
                    self.record()
                    transaction.set_rollback(True)
            except (ValidationError, PermissionDenied) as refused:
                problem = refused if isinstance(refused, ValidationError) else ValidationError({"scope": str(refused)})
                self.add_error(None, problem)
        return data

    def record(self) -> Authorisation:
        data = self.cleaned_data
        words = {name: data[name] for name in ("number", "issued_on", "starts_on", "ends_on", "reason")}
        return give_double_role(
            actor=self.actor, person=data["user"], role=data["role"], scope=data["scope"], term=Term(**words)
        )

    def save_m2m(self) -> None:
        """The admin asks for it; there is nothing."""


@admin.register(Authorisation)
class AuthorisationAdmin(Scoped, AdministratorOnly, admin.ModelAdmin):
    """Read here whoever recorded them; an administrator records a second role, and the people themselves delegate."""

    form = DoubleRoleForm
    list_display = ("user", "kind", "role", "beside", "scope", "principal", "number", "starts_on", "ends_on", "ended")
    list_filter = ("kind", "role")
    list_select_related = ("user", "scope", "principal", "ending")
    search_fields = ("user__full_name", "number")
    TERM = ("number", "issued_on", "starts_on", "ends_on", "reason", "ended", "recorded_by", "recorded_at")
    READ = ("kind", "user", "role", "scope", "principal", "beside", *TERM)

    @admin.display(description=_("chấm dứt từ ngày"))
    def ended(self, row: Authorisation) -> dt.date | None:
        return row.ending.ended_on if hasattr(row, "ending") else None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.form.Meta.fields if obj is None else self.READ

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.READ

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, **kwargs)
        return type("OwnDoubleRoleForm", (form,), {"actor": user_of(request)})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not request.user.is_superuser and db_field.name in ("scope", "user"):
            kept = Organisation.objects.where_user_holds(user_of(request), Role.ADMINISTRATOR)
            people = User.objects.filter(is_active=True, memberships__scope__in=kept).distinct()
            kwargs["queryset"] = kept if db_field.name == "scope" else people.order_by("full_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Authorisation:
        return form.record()

    def save_model(self, request: HttpRequest, obj: Authorisation, form: Any, change: bool) -> None:
        """Recorded by the service already."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
