"""People, their roles and the scope tree, each administrator within their own scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.authorisations import Term, give_double_role
from khuyencong.accounts.kept_apart import why_not_both
from khuyencong.accounts.models import (
    Authorisation,
    FormerName,
    Membership,
    Organisation,
    Role,
    RoleChange,
    Signer,
    User,
)
from khuyencong.accounts.role_changes import record_role_changes, roles_held, watchers_of
from khuyencong.admin_site import AdministratorOnly, Scoped, user_of
from khuyencong.forms import DateField, TextLineField
from khuyencong.text import inside_sentence

if admin.site.is_registered(Group):
    admin.site.unregister(Group)


class NewPersonForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("username", "full_name", "email", "employer")
        field_classes = {"username": UsernameField}


class NewPasswordForm(AdminPasswordChangeForm):
    """Sets a password. To switch passwords off would lock the person out: there is no other way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].required = self.fields["password2"].required = True


class MembershipFormSet(BaseInlineFormSet):
    """Refuses to give or take a role outside one's own scope, to take one's own administration, and to give a role
    beside one that is kept apart from it."""

    request: HttpRequest

    def clean(self) -> None:
        super().clean()
        actor = user_of(self.request)
        for form in self.forms:
            data = getattr(form, "cleaned_data", None) or {}
            scope = data.get("scope")
            if scope and form.has_changed() and not _may_grant(actor, scope.pk):
                form.add_error("scope", _("Đơn vị này ngoài phạm vi quản trị của bạn."))
            is_own = self.instance.pk == actor.pk and form.instance.pk
            if is_own and form.initial.get("role") == Role.ADMINISTRATOR and (data.get("DELETE") or form.has_changed()):
                raise ValidationError(_("Bạn không thể tự bỏ quyền quản trị của chính mình."))
        self._refuse_both()

    def _refuse_both(self) -> None:
        """Of the roles as they would stand: those of the page, and those of other scopes."""
        rows = [form for form in self.forms if form.cleaned_data.get("scope") and not form.cleaned_data.get("DELETE")]
        shown = {form.instance.pk for form in self.forms}
        held = {form: (form.cleaned_data["role"], form.cleaned_data["scope"]) for form in rows if not form.errors}
        elsewhere = self.instance.memberships.exclude(pk__in=shown).select_related("scope") if self.instance.pk else ()
        beyond = [(one.role, one.scope) for one in elsewhere]
        for form, (role, scope) in held.items():
            others = [*beyond, *(one for other, one in held.items() if other is not form)]
            if form.has_changed() and (refusal := why_not_both(self.instance, role, scope, others)):
                form.add_error("role", refusal)


def _administered(user: User) -> frozenset[int]:
    return user.organisation_ids_with(Role.ADMINISTRATOR)


def _may_grant(actor: User, organisation_id: int) -> bool:
    return actor.is_superuser or actor.holds(organisation_id, Role.ADMINISTRATOR)


def _is_shared(actor: User, person: User | None) -> bool:
    """Whether the person also has roles beyond the actor's: whoever set their password would get those."""
    if person is None or actor.is_superuser:
        return False
    return person.memberships.exclude(scope__in=_administered(actor)).exists()


class MembershipInline(AdministratorOnly, admin.TabularInline):
    model = Membership
    formset = MembershipFormSet
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Roles outside one's scope are not shown, so that they can't be taken away either."""
        rows = super().get_queryset(request).select_related("scope")
        return rows if request.user.is_superuser else rows.filter(scope__in=_administered(user_of(request)))

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type("ScopedMembershipFormSet", (formset,), {"request": request})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "scope" and not request.user.is_superuser:
            kwargs["queryset"] = Organisation.objects.where_user_holds(user_of(request), Role.ADMINISTRATOR)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only a choice: the tree is changed on its own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "scope":
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field


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


@admin.register(User)
class PersonAdmin(AdministratorOnly, UserAdmin):
    """No superuser, staff or group switches: what a person may do are their roles."""

    form = UserChangeForm
    add_form = NewPersonForm
    change_password_form = NewPasswordForm
    change_user_password_template = "accounts/admin_password.html"
    inlines = [MembershipInline]
    list_display = ("username", "full_name", "email", "employer", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role")
    search_fields = ("username", "full_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "role_history", "authorisation_history")
    ACCOUNT = ("username", "is_active")
    PERSON = ("full_name", "email", "employer")
    add_fieldsets = ((None, {"fields": ("username", "full_name", "email", "employer", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People of one's scope, and those who have no role yet; never a superuser."""
        people = super().get_queryset(request)
        if request.user.is_superuser:
            return people
        mine = Q(memberships__scope__in=_administered(user_of(request))) | Q(memberships=None)
        return people.filter(mine, is_superuser=False).distinct()

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        account = self.ACCOUNT if _is_shared(user_of(request), obj) else ("username", "password", "is_active")
        return (
            (None, {"fields": account}),
            (_("Người dùng"), {"fields": self.PERSON}),
            (_("Thời điểm"), {"fields": ("last_login", "date_joined", "role_history", "authorisation_history")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out; of a person shared with another scope only the roles here are kept here."""
        if _is_shared(user_of(request), obj):
            return (*self.readonly_fields, *self.ACCOUNT, *self.PERSON)
        own = ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        """With the changes of roles that may be read: a display has no request to ask."""
        person = super().get_object(request, object_id, from_field)
        if person is not None:
            rows, actor = RoleChange.objects.of_person(person), user_of(request)
            shown = rows if actor.is_superuser else rows.filter(scope__in=_administered(actor))
            vars(person)["shown_role_changes"] = list(shown)
            papers = Authorisation.objects.of(person).for_page()
            vars(person)["shown_authorisations"] = list(papers if actor.is_superuser else papers.visible_to(actor))
        return person

    @admin.display(description=_("ủy quyền, kiêm nhiệm"))
    def authorisation_history(self, person: User) -> str:
        """Each with its days, its document and what became of it, the newest first."""
        rows: Iterable[Authorisation] = getattr(person, "shown_authorisations", ())
        return format_html_join(mark_safe("<br>"), "{}", ((authorisation_words(one),) for one in rows))

    @admin.display(description=_("lịch sử giao, thu hồi vai trò"))
    def role_history(self, person: User) -> str:
        """Each role given or taken within the administrator's scope, the newest first."""
        rows: Iterable[RoleChange] = getattr(person, "shown_role_changes", ())
        return format_html_join(
            mark_safe("<br>"),
            "{} {}: {} ({})",
            (
                (
                    f"{timezone.localtime(one.recorded_at):%H:%M %d/%m/%Y}",
                    _("giao") if one.is_given else _("thu hồi"),
                    one,
                    one.actor,
                )
                for one in rows
            ),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles are kept as they were given and taken; what one gave oneself is said to others and to oneself."""
        person, actor = form.instance, user_of(request)
        before = roles_held(person)
        super().save_related(request, form, formsets, change)
        changes = record_role_changes(person, before, actor=actor)
        if person.pk == actor.pk and any(one.is_given for one in changes):
            told = ", ".join(str(one) for one in watchers_of(changes, actor))
            text = _("Bạn vừa tự giao vai trò cho mình. Đã gửi thư thông báo: %(told)s.")
            messages.warning(request, text % {"told": told or _("không ai có địa chỉ thư")})

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if _is_shared(user_of(request), self.get_object(request, unquote(id))):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People stay in the history: an account is ended by making it inactive."""
        return False


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
        return super().has_change_permission(request) and (obj is None or _may_grant(user_of(request), obj.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
