"""Django's admin with the site's own name and rule of entry."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role


class SiteAdmin(AdminSite):
    site_header = site_title = _("Khuyến công: quản trị")
    index_title = _("Danh mục và người dùng")

    def has_permission(self, request: HttpRequest) -> bool:
        """For administrators of some scope, and for a superuser who rescues an installation."""
        user = request.user
        if not user.is_active or not user.is_authenticated:
            return False
        return user.is_superuser or Role.ADMINISTRATOR in user.grants()
