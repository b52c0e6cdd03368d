"""People, and what each may do where."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models.authorisation import is_exercised
from khuyencong.accounts.models.drafts_and_notices import Notice, NoticeOptOut
from khuyencong.accounts.models.organisation import MAX_DEPTH, Organisation
from khuyencong.accounts.models.roles import Role
from khuyencong.fields import TextLine
from khuyencong.money import MoneyUnit

LEVELS = range(1, MAX_DEPTH)  # above a scope, and below it
# Of a membership or a delegation: the scope, and the ids of what stands above and under it.
REACH = (
    "pk",
    "principal",
    "role",
    "scope__name",
    *("__".join(["scope", *["parent"] * levels]) for levels in LEVELS),
    "scope_id",
    *("__".join(["scope", *["children"] * levels]) for levels in LEVELS),
)


class PeopleManager(UserManager["User"]):
    def working_for(self, organisation_id: int) -> models.QuerySet[User]:
        """Active people with a role over that very organisation, as a project's officer is chosen from."""
        return self.filter(is_active=True, memberships__scope=organisation_id).distinct().order_by("full_name")

    def holding(self, role: str, organisation: Organisation) -> models.QuerySet[User]:
        """Active people who exercise a role of their own over that organisation today (those above it fetched)."""
        scopes = [office.pk for office in organisation.lineage()]
        held = Membership.objects.filter(role=role, scope__in=scopes).exercised(timezone.localdate())
        return self.filter(is_active=True, pk__in=held.values("user")).order_by("full_name", "pk")

    def scopes_of(self, role: str) -> set[tuple[int, int]]:
        """Whoever is active and exercises the role today, with each organisation over which they were given it."""
        held = Membership.objects.filter(role=role, user__is_active=True).exercised(timezone.localdate())
        return set(held.order_by().values_list("user", "scope"))

    def administrators(self) -> models.QuerySet[User]:
        """Active people who keep people and roles of some scope."""
        held = self.filter(is_active=True, memberships__role=Role.ADMINISTRATOR)
        return held.distinct().order_by("full_name", "username")

    def wanting_digest(self, today: dt.date) -> models.QuerySet[User]:
        """Active people with an address who want the daily summary and have not got today's."""
        off = NoticeOptOut.objects.filter(user=models.OuterRef("pk"), notice=Notice.DIGEST)
        rows = self.filter(~models.Exists(off), is_active=True).exclude(email="").exclude(digest_sent_on=today)
        return rows.order_by("pk")


class User(AbstractUser):
    """A person who signs in. The employer is a text: an auditor works elsewhere than where they may read."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = TextLine(_("họ và tên"), max_length=150)
    employer = TextLine(_("nơi công tác"), max_length=200, blank=True)
    digest_sent_on = models.DateField(_("gửi bản tóm tắt lần cuối"), null=True, blank=True, editable=False)
    money_unit = models.PositiveIntegerField(
        _("đơn vị tính khi nhập kinh phí kế hoạch"), choices=MoneyUnit, default=MoneyUnit.MILLION, editable=False
    )

    objects: ClassVar = PeopleManager()

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def remember_unit(self, unit: MoneyUnit) -> None:
        """The unit in which this person types plan money from now on, at whichever computer."""
        self.money_unit = unit
        self.save(update_fields=["money_unit"])

    def grants(self) -> dict[str, frozenset[int]]:
        """Role → ids of the organisations under it, in the order in which the roles were given; then those that are
        exercised in another's name."""
        self._read_reach()
        return self._grants

    def _read_reach(self) -> None:
        """What stands under and above the roles that are exercised today, in one query for this instance."""
        if hasattr(self, "_grants"):
            return
        today = timezone.localdate()
        own = self.memberships.order_by().exercised(today)
        own = own.annotate(principal=models.Value(None, output_field=models.BigIntegerField()))
        delegated = self.authorisations.order_by().standing(today)
        rows = own.values_list(*REACH).union(delegated.values_list(*REACH), all=True)
        reach: dict[str, set[int]] = defaultdict(set)
        behind: dict[int | None, dict[str, set[int]]] = {None: {}}
        above: set[int | None] = set()
        self._scope_name = ""
        # Sorted here: Django hashes every column of a query that is ordered, which takes as long as the query.
        for _pk, principal, role, name, *ids in sorted(rows, key=lambda row: (row[1] is not None, row[0])):
            under = {pk for pk in ids[len(LEVELS) :] if pk}
            above.update(ids[: len(LEVELS)])
            reach[role] |= under
            behind.setdefault(principal, {}).setdefault(role, set()).update(under)
            self._scope_name = self._scope_name or name
        self._own = behind.pop(None)
        self._behind = behind
        self._above = frozenset(pk for pk in above if pk)
        self._grants = {role: frozenset(ids) for role, ids in reach.items()}  # last: it says that all is read

    def principal_for(self, organisation_id: int, *roles: str) -> int | None:
        """In whose name the user acts by one of these roles over that organisation; None where they hold it, or do not
        act so at all."""
        self._read_reach()
        if any(organisation_id in self._own.get(role, ()) for role in roles):
            return None
        found = (
            principal
            for principal, held in self._behind.items()
            if any(organisation_id in held.get(role, ()) for role in roles)
        )
        return next(found, None)

    def people(self) -> set[int]:
        """Ids of the user and of everybody in whose name they act today."""
        self._read_reach()
        return {self.pk, *(pk for pk in self._behind if pk)}

    def holds_oneself(self, organisation_id: int, role: str) -> bool:
        """Whether the role is the user's own there, and not another's that they exercise."""
        self._read_reach()
        return self.is_active and organisation_id in self._own.get(role, ())

    def holds(self, organisation_id: int, *roles: str) -> bool:
        """Whether the user holds one of the roles over that organisation."""
        return self.is_active and organisation_id in self.organisation_ids_with(*roles)

    def organisation_ids_with(self, *roles: str) -> frozenset[int]:
        grants = self.grants()
        return frozenset().union(*(grants.get(role, frozenset()) for role in roles))

    def visible_organisation_ids(self) -> frozenset[int]:
        """Every role reads all rows of its scope; a signed-in person without a role reads nothing."""
        return frozenset().union(*self.grants().values()) if self.is_active else frozenset()

    def lineage_ids(self) -> frozenset[int]:
        """The visible organisations and those above them: what one's own superiors issue is readable."""
        self._read_reach()
        return self._above | self.visible_organisation_ids()

    def scope_name(self) -> str:
        """Where the user holds the first role: the name that heads their pages."""
        self._read_reach()
        return self._scope_name

    def first_role(self) -> str:
        """The role given first; empty for a person without one."""
        return next(iter(self.grants()), "")

    def is_administrator(self) -> bool:
        """Whether the user keeps people and reference data of some scope."""
        return self.is_superuser or Role.ADMINISTRATOR in self.grants()

    def role_labels(self) -> list[str | Promise]:
        return [Role(role).label for role in Role.values if role in self.grants()]


class MembershipQuerySet(models.QuerySet[Any]):
    def exercised(self, on: dt.date) -> Self:
        """Without a role that was given beside one that is kept apart from it, while no decision lets both stand."""
        return self.filter(is_exercised("user", on))


class Membership(models.Model):
    """A role over a scope, independent of the person's employer."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("người dùng"))
    scope = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("phạm vi"))
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("vai trò được giao")
        verbose_name_plural = _("vai trò được giao")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "scope", "role"],
                name="membership_once",
                violation_error_message=_("Người này đã có vai trò đó ở đơn vị này."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.scope}"
