"""Papers by which somebody exercises a role for a time: in another's name, or beside one that is kept apart from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models.organisation import Organisation
from khuyencong.accounts.models.roles import Role
from khuyencong.append_only import AppendOnly, AppendOnlyQuerySet
from khuyencong.fields import KeptLine, TextLine

UPWARDS = ("", "__parent", "__parent__parent", "__parent__parent__parent")  # from an office to the root of its tree


class AuthorisationQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Over the organisations that the user reads, and their own."""
        seen = Q(scope__in=user.visible_organisation_ids())
        return self.filter(seen | Q(user=user) | Q(principal=user))

    def of(self, user: Any) -> Self:
        """Handed to this person, or by them."""
        return self.filter(Q(user=user) | Q(principal=user))

    def delegations(self) -> Self:
        return self.filter(kind=Authorisation.Kind.DELEGATION)

    def doubles(self) -> Self:
        return self.filter(kind=Authorisation.Kind.DOUBLE)

    def in_force(self, on: dt.date) -> Self:
        """By its own days; from the day on which it was ended it is no more."""
        return self.filter(Q(ending=None) | Q(ending__ended_on__gt=on), starts_on__lte=on, ends_on__gte=on)

    def not_over(self, on: dt.date) -> Self:
        """In force on that day or to come."""
        return self.filter(ending=None, ends_on__gte=on)

    def standing(self, on: dt.date) -> Self:
        """Delegations in force on that day of people who exercise the role themselves; what one holds no more, or by a
        decision that is over, nobody exercises for them."""
        held = (
            self.delegations()
            .in_force(on)
            .filter(
                principal__is_active=True,
                principal__memberships__role=F("role"),
                principal__memberships__scope=F("scope"),
            )
        )
        return held.filter(is_exercised("principal", on))

    def exercised(self, on: dt.date) -> Self:
        """Second roles and delegations by which somebody exercises a role that day."""
        standing = Authorisation.objects.standing(on).order_by().values("pk")
        return self.in_force(on).filter(Q(kind=Authorisation.Kind.DOUBLE) | Q(pk__in=standing))

    def unanswered(self) -> Self:
        """Of two roles, while both are held over the same office, or above or below it: with one of them gone nothing
        has to be kept apart."""
        held = "user__memberships__scope"
        above = reduce(or_, (Q(**{held: F(f"scope{path}")}) for path in UPWARDS))
        below = reduce(or_, (Q(**{f"{held}{path}": F("scope")}) for path in UPWARDS))
        return self.doubles().filter(above | below, user__memberships__role=F("beside"))

    def covering(self, role: str, beside: str, office: Organisation) -> Self:
        """Decisions by which these two roles are in one pair of hands there, whichever was there first."""
        pair = Q(role=role, beside=beside) | Q(role=beside, beside=role)
        above, below = [one.pk for one in office.lineage()], Organisation.objects.in_province(office.pk).values("pk")
        return self.doubles().filter(pair, Q(scope__in=above) | Q(scope__in=below))

    def name_principals(self, rows: Iterable[Any], role: str, office: Organisation) -> None:
        """Gives each record of that organisation ``acted_for``: in whose name it was made by who exercised that role
        over it for them, or None where it was their own. For what no other role may record; one query."""
        listed = list(rows)
        if not listed:
            return
        there = self.delegations().filter(scope__in=[one.pk for one in office.lineage()])
        by_them = there.filter(role=role, user__in={row.recorded_by_id for row in listed})
        found = list(by_them.select_related("principal", "ending").order_by("-pk"))
        for row in listed:
            told = (one for one in found if one.user_id == row.recorded_by_id and one.stood_at(row.recorded_at))
            row.acted_for = next((one.principal for one in told), None)

    def told_to(self, user: Any, roles: tuple[str, ...]) -> Self:
        """Their own; and who holds two roles over what they hold one of these roles over."""
        watched = Q(kind=Authorisation.Kind.DOUBLE, scope__in=user.organisation_ids_with(*roles))
        return self.filter(Q(user=user) | Q(principal=user) | watched)

    def for_page(self) -> Self:
        return self.select_related("user", "scope", "principal", "recorded_by", "ending__recorded_by").order_by("-pk")


def is_exercised(holder: str, on: dt.date) -> Q:
    """Of rows with a role over a scope: whether who the field ``holder`` names exercises it that day. One that was
    given beside another that is kept apart from it rests while no decision lets both stand."""
    doubles = Authorisation.objects.filter(user=OuterRef(holder), role=OuterRef("role"), scope=OuterRef("scope"))
    return Q(~Exists(doubles.unanswered())) | Q(Exists(doubles.doubles().in_force(on)))


class Authorisation(AppendOnly):
    """``user`` exercises ``role`` over ``scope`` from one day to another, both included, by a document.

    A delegation (*ủy quyền*): in the name of ``principal``, who holds the role and answers for it on. A double role
    (*kiêm nhiệm*): the person's own, beside another that is normally kept apart from it. Ended early by
    :class:`AuthorisationEnd`; never changed.
    """

    class Kind(models.TextChoices):
        DELEGATION = "delegation", _("Ủy quyền")
        DOUBLE = "double", _("Kiêm nhiệm")

    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="authorisations", verbose_name=_("người được giao")
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    scope = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("phạm vi"))
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegated",
        verbose_name=_("người ủy quyền"),
    )
    beside = models.CharField(_("kiêm nhiệm cùng vai trò"), max_length=20, choices=Role, blank=True)
    number = TextLine(_("số văn bản"), max_length=60, blank=True)
    issued_on = models.DateField(_("ngày văn bản"), null=True, blank=True)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))
    reason = KeptLine(_("lý do"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    objects: ClassVar = AuthorisationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ủy quyền, kiêm nhiệm")
        verbose_name_plural = _("ủy quyền, kiêm nhiệm")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="authorisation_days",
                violation_error_message=_("Ngày kết thúc phải từ ngày bắt đầu trở đi."),
            ),
            models.CheckConstraint(
                condition=Q(kind="delegation", principal__isnull=False, beside="")
                | (Q(kind="double", principal=None, issued_on__isnull=False) & ~Q(beside="") & ~Q(number="")),
                name="authorisation_of_its_kind",
                violation_error_message=_("Ủy quyền có người ủy quyền; kiêm nhiệm có số, ngày quyết định."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.scope}"

    @property
    def is_delegation(self) -> bool:
        return self.kind == self.Kind.DELEGATION

    def is_over(self, on: dt.date) -> bool:
        return self.ends_on < on or hasattr(self, "ending")

    def stood_at(self, moment: dt.datetime) -> bool:
        """Whether it was in force when something was recorded, to the minute where it was ended."""
        ending = getattr(self, "ending", None)
        is_of_day = self.starts_on <= timezone.localtime(moment).date() <= self.ends_on
        return is_of_day and self.recorded_at <= moment and (ending is None or ending.recorded_at > moment)

    def end(self, *, by: Any, reason: str, on: dt.date) -> AuthorisationEnd:
        """Ends it before its day. Who may, and whether there is a reason, the caller has asked."""
        row = AuthorisationEnd(authorisation=self, ended_on=on, reason=reason.strip(), recorded_by=by)
        row.clean_fields()
        row.save()
        return row


class AuthorisationEnd(AppendOnly):
    """A delegation, or a double role, that ended before its day: from ``ended_on`` on it is no more."""

    authorisation = models.OneToOneField(
        Authorisation, models.PROTECT, related_name="ending", verbose_name=_("ủy quyền, kiêm nhiệm")
    )
    ended_on = models.DateField(_("chấm dứt từ ngày"))
    reason = KeptLine(_("lý do"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi nhận")
    )
    recorded_at = models.DateTimeField(_("ghi nhận lúc"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("chấm dứt ủy quyền, kiêm nhiệm")
        verbose_name_plural = _("chấm dứt ủy quyền, kiêm nhiệm")

    def __str__(self) -> str:
        return self.reason
