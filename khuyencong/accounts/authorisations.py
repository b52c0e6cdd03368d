"""A role exercised in another's name, or beside one that is kept apart from it: recorded with its days, and ended.

Each refusal is a ValidationError beside the field that it is about, or PermissionDenied for who may not; then nothing
is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.kept_apart import kept_apart, roles_of
from khuyencong.accounts.models import (
    DELEGABLE,
    WORKING,
    Authorisation,
    AuthorisationEnd,
    Membership,
    Organisation,
    Role,
    User,
)
from khuyencong.accounts.role_changes import record_role_changes, roles_held

Kind = Authorisation.Kind


@dataclass(frozen=True)
class Term:
    """By which document, from when to when (both days included), and why."""

    starts_on: dt.date
    ends_on: dt.date
    reason: str
    number: str = ""
    issued_on: dt.date | None = None


def delegable_by(user: User) -> list[Membership]:
    """The roles that the user holds and may hand to a colleague for a time."""
    held = user.memberships.filter(role__in=DELEGABLE).select_related("scope").order_by("pk")
    return [one for one in held if user.holds_oneself(one.scope_id, one.role)]


def delegates_for(user: User) -> list[User]:
    """Who works at an organisation over which the user holds a role that may be handed on."""
    scopes = [one.scope_id for one in delegable_by(user)]
    there = User.objects.filter(is_active=True, memberships__scope__in=scopes, memberships__role__in=WORKING)
    return list(there.exclude(pk=user.pk).distinct().order_by("full_name", "username"))


@transaction.atomic
def delegate(*, actor: User, role: str, scope: Organisation, to: User, term: Term) -> Authorisation:
    """The actor lets a colleague exercise a role in their name for a time; the actor keeps it, and answers for it.

    Only who holds the role oneself may: nobody hands on what was handed to them.
    """
    User.objects.select_for_update().get(pk=actor.pk)  # two delegations of one role don't come at once
    if role not in DELEGABLE:
        raise ValidationError({"what": _("Không ủy quyền vai trò này: %(role)s.") % {"role": Role(role).label}})
    held = actor.memberships.filter(role=role, scope=scope).exercised(timezone.localdate())
    if not actor.is_active or not held.exists():
        raise PermissionDenied(_("Chỉ người giữ vai trò mới ủy quyền được; người được ủy quyền không ủy quyền lại."))
    _refuse_term(term)
    _refuse_person(role, scope, to)
    _refuse_beyond_cover(actor, role, scope, term)
    others = Authorisation.objects.delegations().filter(principal=actor, role=role, scope=scope, ending=None)
    if standing := others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on).first():
        said = {"person": standing.user, "from": f"{standing.starts_on:%d/%m/%Y}", "to": f"{standing.ends_on:%d/%m/%Y}"}
        text = _(
            "Vai trò này đã ủy quyền cho %(person)s từ %(from)s đến hết %(to)s: chấm dứt trước, hoặc chọn ngày khác."
        )
        raise ValidationError({"starts_on": text % said})
    return _store(Authorisation(kind=Kind.DELEGATION, user=to, role=role, scope=scope, principal=actor), term, actor)


@transaction.atomic
def give_double_role(*, actor: User, person: User, role: str, scope: Organisation, term: Term) -> Authorisation:
    """Gives a second role that is kept apart from one that the person holds, by a decision and for its time: before and
    after it the person exercises the first one alone."""
    if not (actor.is_superuser or actor.holds(scope.pk, Role.ADMINISTRATOR)):
        raise PermissionDenied(_("Chỉ quản trị của đơn vị ghi quyết định kiêm nhiệm."))
    User.objects.select_for_update().get(pk=person.pk)
    _refuse_term(term)
    if not term.number.strip():
        raise ValidationError({"number": _("Kiêm nhiệm phải có số quyết định.")})
    if term.issued_on is None:
        raise ValidationError({"issued_on": _("Kiêm nhiệm phải có ngày quyết định.")})
    _refuse_recorded(person, role, scope, term)
    apart = set(kept_apart(roles_of(person), role, scope))
    if len(apart) != 1:
        raise ValidationError({"role": _not_one(person, role, apart)})
    row = Authorisation(kind=Kind.DOUBLE, user=person, role=role, scope=scope, beside=apart.pop())
    before = roles_held(person)
    found = _store(row, term, actor)
    Membership.objects.get_or_create(user=person, role=role, scope=scope)
    record_role_changes(person, before, actor=actor)
    return found


@transaction.atomic
def end_authorisation(*, authorisation: Authorisation, actor: User, reason: str) -> AuthorisationEnd:
    """Ends it before its day, from now on. Whoever delegated ends it, whoever exercises it, and an administrator there;
    a double role an administrator alone."""
    current = Authorisation.objects.select_related("scope").get(pk=authorisation.pk)
    User.objects.select_for_update().get(pk=current.user_id)
    if not may_end(actor, current):
        raise PermissionDenied(_("Chỉ người ủy quyền, người được ủy quyền hoặc quản trị của đơn vị chấm dứt được."))
    if current.is_over(timezone.localdate()):
        raise ValidationError(_("Đã hết hạn hoặc đã chấm dứt."))
    if not reason.strip():
        raise ValidationError({"reason": _("Hãy ghi lý do.")})
    return current.end(by=actor, reason=reason, on=timezone.localdate())


def may_end(user: User, authorisation: Authorisation) -> bool:
    if user.is_superuser or user.holds(authorisation.scope_id, Role.ADMINISTRATOR):
        return True
    is_party = user.pk in (authorisation.principal_id, authorisation.user_id)
    return authorisation.is_delegation and is_party and user.is_active


def _not_one(person: User, role: str, apart: Iterable[str]) -> str:
    held = sorted(apart)
    if not held:
        text = _("%(person)s không giữ vai trò nào phải tách khỏi vai trò “%(role)s”: giao thẳng ở trang người dùng.")
    else:
        text = _("%(person)s giữ nhiều vai trò phải tách khỏi vai trò “%(role)s” (%(others)s): thu hồi bớt rồi ghi.")
    others = ", ".join(str(Role(one).label) for one in held)
    return text % {"person": person, "role": Role(role).label, "others": others}


def _refuse_term(term: Term) -> None:
    """Nothing is recorded for days that are over: who exercised the role then is known, and stays as it was."""
    if term.starts_on < timezone.localdate():
        raise ValidationError({"starts_on": _("Không ghi lùi ngày: chọn từ hôm nay trở đi.")})
    if term.ends_on < term.starts_on:
        raise ValidationError({"ends_on": _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")})
    if term.issued_on is not None and term.issued_on > timezone.localdate():
        raise ValidationError({"issued_on": _("Ngày này không được sau hôm nay.")})
    if not term.reason.strip():
        raise ValidationError({"reason": _("Hãy ghi lý do.")})


def _refuse_recorded(person: User, role: str, scope: Organisation, term: Term) -> None:
    """A decision that was recorded already, as by a button pressed twice; once it was ended it may be recorded anew."""
    same = Authorisation.objects.doubles().filter(user=person, role=role, scope=scope, ending=None)
    if same.filter(number=term.number.strip(), issued_on=term.issued_on).exists():
        raise ValidationError({"number": _("Quyết định này đã được ghi.")})


def _refuse_person(role: str, scope: Organisation, to: User) -> None:
    """Whoever exercises the role already, as the actor does, needs nobody's."""
    exercised = to.memberships.filter(scope=scope).exercised(timezone.localdate())
    held = set(exercised.values_list("role", flat=True))
    if not to.is_active or not held & set(WORKING):
        text = _("Chỉ ủy quyền cho người đang làm việc ở cùng đơn vị (%(scope)s).")
        raise ValidationError({"to": text % {"scope": scope}})
    if role in held:
        raise ValidationError({"to": _("%(person)s đã giữ vai trò này.") % {"person": to}})


def _refuse_beyond_cover(actor: User, role: str, scope: Organisation, term: Term) -> None:
    """Who holds the role by a decision for a time hands it on for no longer."""
    covers = Authorisation.objects.doubles().filter(user=actor, role=role, scope=scope).in_force(timezone.localdate())
    cover = covers.order_by("-ends_on").first()
    if cover is not None and cover.ends_on < term.ends_on:
        text = _("Bạn giữ vai trò này theo quyết định kiêm nhiệm đến hết %(to)s, nên không ủy quyền quá ngày đó.")
        raise ValidationError({"ends_on": text % {"to": f"{cover.ends_on:%d/%m/%Y}"}})


def _store(row: Authorisation, term: Term, actor: User) -> Authorisation:
    row.starts_on, row.ends_on, row.reason = term.starts_on, term.ends_on, term.reason.strip()
    row.number, row.issued_on, row.recorded_by = term.number.strip(), term.issued_on, actor
    row.clean_fields()
    row.save()
    return row
