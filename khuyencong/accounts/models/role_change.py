"""Roles given and taken away: who, when, by whom; a membership itself says only what holds today."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models.organisation import Organisation
from khuyencong.accounts.models.roles import Role
from khuyencong.accounts.models.user import User
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet

WATCHERS = (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD, Role.CENTRE_HEAD)  # who must know what somebody gave themselves


class RoleChangeQuerySet(AppendOnlyQuerySet):
    def of_person(self, user: User) -> Self:
        return self.filter(user=user).select_related("actor", "scope").order_by("-pk")

    def self_given(self, *, since: dt.date) -> Self:
        """Roles that people gave themselves from that day on."""
        rows = self.filter(is_given=True, actor=F("user"), recorded_at__date__gte=since)
        return rows.select_related("user", "scope").order_by("-pk")

    def watched_by(self, user: User) -> Self:
        """Over what this person heads or administers, but for their own."""
        return self.filter(scope__in=user.organisation_ids_with(*WATCHERS)).exclude(actor=user)


class RoleChange(AppendOnly):
    """One role over one scope, given to a person or taken from them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_changes", verbose_name=_("người dùng")
    )
    scope = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("phạm vi"))
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    is_given = models.BooleanField(_("giao (không: thu hồi)"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người thực hiện")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    objects: ClassVar = RoleChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần giao, thu hồi vai trò")
        verbose_name_plural = _("lịch sử giao, thu hồi vai trò")

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.scope}"
