"""Django's admin with the site's own name, its rule of entry, and rights that come from roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, display
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import User
from khuyencong.forms import StoredChoiceField
from khuyencong.money import NOT_RECORDED, format_vnd
from khuyencong.requests import record_id
from khuyencong.text import folded_query

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin as Options
    from django.utils.functional import _StrOrPromise
else:
    Options = object  # what is mixed in knows the options of whatever it is mixed into


class SiteAdmin(AdminSite):
    site_header = site_title = _("Khuyến công: quản trị")
    index_title = _("Danh mục và người dùng")
    empty_value_display = NOT_RECORDED

    def has_permission(self, request: HttpRequest) -> bool:
        """For administrators of some scope, and for a superuser who rescues an installation."""
        return is_administrator(request.user)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The site's own sign-in page; Django's form here would ask for ``is_staff``, which nobody has."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))


def user_of(request: HttpRequest) -> User:
    """Only people who are signed in get here."""
    assert isinstance(request.user, User)
    return request.user


def is_administrator(user: Any) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or (isinstance(user, User) and user.is_administrator())


class RowList(ChangeList):
    """A list whose address anybody may have typed: what the database can't compare is said, as other wrong filters."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(request, *args, **kwargs)
        except (ValueError, OverflowError) as unreadable:
            if not set(request.GET) - {ERROR_FLAG}:
                raise
            raise IncorrectLookupParameters from unreadable


class RowSelect(AutocompleteSelect):
    """A row found while it is typed. Of what is no id Django would ask the database."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if record_id(str(one))], attr)


class AdministratorOnly(Options):
    """Rights from the role, never from Django's permission table, which nobody fills."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RowList

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site)
        kwargs.setdefault("form_class", StoredChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """What the row holds stays a choice, also where it is beyond those that the administrator may give."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        for name, field in form.base_fields.items():
            if obj is not None and isinstance(field, StoredChoiceField):
                field.keep(getattr(obj, name), ended=_("ngoài phạm vi của bạn"))
        return form

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Reference rows are ended by a date, not deleted; what is protected says so by itself."""
        return is_administrator(request.user)


class ReadOnly(AdministratorOnly):
    """What has a life cycle is changed on its own screens, where the rules are; here it is only looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Scoped(Options):
    """Rows of one's own scope; a superuser sees all of them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.visible_to(request.user)


class FoldedSearch(Options):
    """Search without marks in the folded column of the model."""

    search_fields: list[str] | tuple[str, ...] = ("search",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(folded_query(search_term, "search")), False


Column = Callable[[Model], Any]


def column(path: str, label: _StrOrPromise) -> Column:
    """A column with what stands at that path, under a label that the field at its end does not have."""

    @display(description=label, ordering=path)
    def show(row: Model) -> Any:
        found: Any = row
        return reduce(lambda one, name: getattr(one, name, None), path.split("__"), found)

    show.__name__ = path
    return show


def amount(name: str, label: _StrOrPromise) -> Column:
    """A column of đồng with its thousands apart."""

    @display(description=label, ordering=name)
    def show(row: Model) -> str:
        return format_vnd(getattr(row, name))

    show.__name__ = f"{name}_shown"
    return show
