"""People and their roles, each administrator within their own scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.admin.authorisations import authorisation_words
from khuyencong.accounts.admin.scopes import administered_by, may_grant
from khuyencong.accounts.kept_apart import why_not_both
from khuyencong.accounts.models import Authorisation, Membership, Organisation, Role, RoleChange, User
from khuyencong.accounts.role_changes import record_role_changes, roles_held, watchers_of
from khuyencong.admin_site import AdministratorOnly, user_of

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
            if scope and form.has_changed() and not may_grant(actor, scope.pk):
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


def _is_shared(actor: User, person: User | None) -> bool:
    """Whether the person also has roles beyond the actor's: whoever set their password would get those."""
    if person is None or actor.is_superuser:
        return False
    return person.memberships.exclude(scope__in=administered_by(actor)).exists()


class MembershipInline(AdministratorOnly, admin.TabularInline):
    model = Membership
    formset = MembershipFormSet
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Roles outside one's scope are not shown, so that they can't be taken away either."""
        rows = super().get_queryset(request).select_related("scope")
        return rows if request.user.is_superuser else rows.filter(scope__in=administered_by(user_of(request)))

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
        mine = Q(memberships__scope__in=administered_by(user_of(request))) | Q(memberships=None)
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
            shown = rows if actor.is_superuser else rows.filter(scope__in=administered_by(actor))
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
