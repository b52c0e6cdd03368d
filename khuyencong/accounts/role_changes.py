"""What follows when an administrator gives and takes roles: dated rows, and word to others of what one gave oneself."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.accounts.kept_apart import kept_apart, roles_of, why_not_both
from khuyencong.accounts.models import WATCHERS, WORKING, Authorisation, Role, RoleChange, User

logger = logging.getLogger(__name__)
Held = set[tuple[int, str]]  # scope, role


def roles_held(person: User) -> Held:
    return set(person.memberships.values_list("scope", "role"))


def record_role_changes(person: User, before: Held, *, actor: User) -> list[RoleChange]:
    """A row for each role given or taken since ``before`` was read; what one gave oneself is told to others. What rests
    on a role that was taken ends with it.

    Raises ValidationError for a role that is kept apart from another one of the person, without a decision.
    """
    after = roles_held(person)
    changes = [
        RoleChange(user=person, scope_id=scope, role=role, is_given=(scope, role) in after, actor=actor)
        for scope, role in sorted(before ^ after)
    ]
    for change in changes:
        if change.is_given and (refusal := why_not_both(person, change.role, change.scope)):
            raise ValidationError(refusal)
        change.save()
    for change in changes:
        if not change.is_given:
            _end_what_rested(change, actor)
    if person.pk == actor.pk and (given := [change for change in changes if change.is_given]):
        transaction.on_commit(lambda: _tell(given, actor))
    return changes


def _end_what_rested(taken: RoleChange, actor: User) -> None:
    """Delegations of the role and double roles of which it is one half; and what colleagues delegated to somebody who
    works there no more."""
    today, of_person = timezone.localdate(), Q(user=taken.user_id)
    rested = Q(principal=taken.user_id, role=taken.role, scope=taken.scope_id)
    rested |= of_person & Q(kind=Authorisation.Kind.DOUBLE, role=taken.role, scope=taken.scope_id)
    held, doubles = roles_of(taken.user), Authorisation.objects.doubles().filter(of_person, beside=taken.role)
    rested |= Q(pk__in=[row.pk for row in doubles if taken.role not in kept_apart(held, row.role, row.scope)])
    if not taken.user.memberships.filter(scope=taken.scope_id, role__in=WORKING).exists():
        rested |= of_person & Q(kind=Authorisation.Kind.DELEGATION, scope=taken.scope_id)
    for row in Authorisation.objects.filter(rested).not_over(today):
        with override("vi"):
            reason = _("Thu hồi vai trò “%(role)s” của %(person)s") % {
                "role": Role(taken.role).label,
                "person": taken.user,
            }
        row.end(by=actor, reason=reason, on=today)


def watchers_of(changes: Iterable[RoleChange], actor: User) -> list[User]:
    """Other administrators and the heads over these scopes, or above them, who have an address."""
    scopes = {office.pk for change in changes for office in change.scope.lineage()}
    found = User.objects.filter(Q(memberships__role__in=WATCHERS), memberships__scope__in=scopes, is_active=True)
    return list(found.exclude(email="").exclude(pk=actor.pk).distinct().order_by("pk"))


def _tell(changes: list[RoleChange], actor: User) -> None:
    """In Vietnamese, as all mail is. A mail server that fails stops nobody: home pages say it too."""
    with override("vi"):
        roles = "; ".join(f"{Role(change.role).label}, {change.scope}" for change in changes)
        subject = _("[Khuyến công] %(person)s tự giao cho mình vai trò: %(roles)s") % {"person": actor, "roles": roles}
        body = _("Nếu việc này không đúng, đề nghị quản trị khác thu hồi vai trò. Xem tại: %(site)s") % {
            "site": settings.SITE_URL
        }
    for person in watchers_of(changes, actor):
        try:
            EmailMessage(subject, body, to=[person.email]).send()
        except Exception:
            logger.exception("A notice of a role was not sent to person %s.", person.pk)
