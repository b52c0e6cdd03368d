"""People, their roles and the scope tree, each administrator within their own scope."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import FormerName, Membership, Organisation, Role, User
from khuyencong.admin_site import AdministratorOnly, Scoped

for model in (Group,):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class NewPersonForm(AdminUserCreationForm):
    usable_password = None

    class Meta:
        model = User
        fields = ("username", "full_name", "email", "employer")


class MembershipFormSet(BaseInlineFormSet):
    """Refuses to give or take a role outside one's own scope, and to take one's own administration."""

    request: HttpRequest

    def clean(self) -> None:
        super().clean()
        actor = self.request.user
        for form in self.forms:
            data = getattr(form, "cleaned_data", None) or {}
            scope = data.get("scope")
            if scope and form.has_changed() and not _may_grant(actor, scope.pk):
                form.add_error("scope", _("Đơn vị này ngoài phạm vi quản trị của bạn."))
            is_own = self.instance.pk == actor.pk and form.instance.pk
            if is_own and form.initial.get("role") == Role.ADMINISTRATOR and (data.get("DELETE") or form.has_changed()):
                raise ValidationError(_("Bạn không tự bỏ quyền quản trị của chính mình."))


def _may_grant(actor: User, organisation_id: int) -> bool:
    return actor.is_superuser or actor.holds(organisation_id, Role.ADMINISTRATOR)


class MembershipInline(AdministratorOnly, admin.TabularInline):
    model = Membership
    formset = MembershipFormSet
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Roles outside one's scope are not shown, so that they can't be taken away either."""
        rows = super().get_queryset(request).select_related("scope")
        return rows if request.user.is_superuser else rows.filter(scope__in=_administered(request.user))

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type("ScopedMembershipFormSet", (formset,), {"request": request})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "scope" and not request.user.is_superuser:
            kwargs["queryset"] = Organisation.objects.filter(pk__in=_administered(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _administered(user: User) -> frozenset[int]:
    return user.organisation_ids_with(Role.ADMINISTRATOR)


@admin.register(User)
class PersonAdmin(AdministratorOnly, UserAdmin):
    """No superuser, staff or group switches: what a person may do are their roles."""

    form = UserChangeForm
    add_form = NewPersonForm
    inlines = [MembershipInline]
    list_display = ("username", "full_name", "email", "employer", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (_("Người dùng"), {"fields": ("full_name", "email", "employer")}),
        (_("Thời điểm"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "email", "employer", "password1", "password2")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People of one's scope, and those who have no role yet; never a superuser."""
        people = super().get_queryset(request)
        if request.user.is_superuser:
            return people
        mine = Q(memberships__scope__in=_administered(request.user)) | Q(memberships=None)
        return people.filter(mine, is_superuser=False).distinct()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out."""
        own = ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People stay in the history: an account is ended by making it inactive."""
        return False


class FormerNameInline(AdministratorOnly, admin.TabularInline):
    model = FormerName
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(Scoped, AdministratorOnly, admin.ModelAdmin):
    inlines = [FormerNameInline]
    list_display = ("name", "code", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not request.user.is_superuser:
            kwargs["queryset"] = Organisation.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """A code is identity; where a node hangs decides who sees what, so both stay as they were made."""
        return ("code", "kind", "parent") if obj and not request.user.is_superuser else ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
