"""Organisations below a province, many at once: what a list of them adds and changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User, give_marks
from khuyencong.accounts.models.organisation import MAX_DEPTH
from khuyencong.partial_dates import read_partial_date
from khuyencong.text import fold
from projects.refusals import NotAllowed, Refused
from projects.rules.permissions import RIGHTS
from projects.services.history import record_in_admin
from projects.services.storing import store_changes, store_many

# Of an organisation that is there; its code is identity, and where it hangs decides who sees what.
FIELDS = ("name", "works_since", "project_mark")


@dataclass(frozen=True)
class OrganisationEntry:
    """One that is to be founded, or one as it becomes; ``told``: what its history says, with where it came from."""

    organisation: Organisation
    told: str = ""


@transaction.atomic
def save_organisations(*, entries: Sequence[OrganisationEntry], actor: User) -> None:
    """Founds the new ones below what the actor administers and changes the others, all or none, each with a line in the
    administration's history. A new one may stand under another new one; Centres get their marks.

    Raises NotAllowed beyond the actor's own administration; Refused for several provinces at once, another code, kind
    or superior of one that is there, a tree too deep, a name twice under one superior, a code or a mark
    twice, and what can't be stored.
    """
    written = [one.organisation for one in entries]
    if not written:
        return
    _hold_province(written, actor)
    stored = Organisation.objects.linked()
    new = [one for one in written if one.pk is None]
    changed = [one for one in written if one.pk is not None]
    _refuse_identity(changed, stored)
    for one in new:
        _refuse_place(one)
    for one in written:
        one.works_since = _start(one.works_since)
    beside = _beside(written, stored)
    give_marks(new, [one for one in beside if one.pk is not None])
    _refuse_twins(beside, stored)
    for level in range(1, MAX_DEPTH):
        store_many([one for one in new if len(_above(one)) == level])
    store_changes(changed, *FIELDS)
    record_in_admin({one.organisation: one.told for one in entries}, added=set(new), actor=actor)


def _hold_province(written: Sequence[Organisation], actor: User) -> None:
    """Holds the province that all of them are of; asked of the rows as they are stored, not of what was handed in."""
    kept = actor.organisation_ids_with(*RIGHTS["administer"].roles) if actor.is_active else frozenset()
    roots = {_anchor(one) for one in written}
    if not roots <= kept:
        raise NotAllowed(RIGHTS["administer"].refusal())
    stored = Organisation.objects.linked()
    provinces = {stored[pk].province().pk for pk in roots if pk is not None}
    if len(provinces) > 1:
        raise Refused(_("Các đơn vị không cùng một tỉnh, thành phố."), code="other_province")
    list(Organisation.objects.select_for_update(of=("self",)).filter(pk__in=provinces))


def _anchor(one: Organisation) -> int | None:
    """The id of one that is there, of a new one that of the first above it that is there, if it hangs on one."""
    return next((node.pk for node in (one, *_above(one)) if node.pk is not None), None)


def _above(one: Organisation) -> list[Organisation]:
    """Those above it, the nearest first, as they were handed in; of a circle each once."""
    found: list[Organisation] = []
    node = one.parent
    while node is not None and node is not one and not any(node is other for other in found):
        found.append(node)
        node = node.parent
    return found


def _refuse_identity(changed: Sequence[Organisation], stored: Mapping[int, Organisation]) -> None:
    for one in changed:
        now = stored[one.pk]
        if (one.code, one.kind, one.parent_id) != (now.code, now.kind, now.parent_id):
            text = _("Mã, loại và đơn vị cấp trên của “%(name)s” không đổi được.")
            raise Refused(text % {"name": now}, code="identity")


def _refuse_place(new: Organisation) -> None:
    """What hangs nowhere, or round, nobody administers: see :func:`_hold_province`."""
    if new.kind == Organisation.Kind.PROVINCE:
        raise Refused(_("Tỉnh, thành phố không thêm dưới đơn vị khác."), code="place")
    if len(_above(new)) >= MAX_DEPTH:
        raise Refused(_("Đơn vị chỉ được xếp tối đa 4 cấp."), code="place")


def _start(text: str) -> str:
    try:
        return read_partial_date(text) if text else ""
    except ValidationError as problem:
        raise Refused({"works_since": problem.messages}, code="invalid") from problem


def _beside(written: Sequence[Organisation], stored: Mapping[int, Organisation]) -> list[Organisation]:
    """All of the province as they would be, those that are there first."""
    as_written = {one.pk: one for one in written if one.pk is not None}
    root = next(stored[pk].province().pk for pk in map(_anchor, written) if pk is not None)
    kept = [as_written.get(one.pk, one) for one in stored.values() if one.province().pk == root]
    return [*kept, *(one for one in written if one.pk is None)]


def _refuse_twins(beside: Sequence[Organisation], stored: Mapping[int, Organisation]) -> None:
    """A name is once under one superior, a mark once in the province, a code once of all."""
    names = Counter((id(one.parent) if _is_new(one.parent) else one.parent_id, fold(one.name)) for one in beside)
    marks = Counter(one.project_mark for one in beside if one.project_mark)
    new_codes = [one.code for one in beside if one.pk is None]
    codes = Counter([*new_codes, *(one.code for one in stored.values())])
    for one in beside:
        shown = {"name": one.name, "mark": one.project_mark, "code": one.code}
        where = id(one.parent) if _is_new(one.parent) else one.parent_id
        if names[where, fold(one.name)] > 1:
            text = _("“%(name)s” đã có dưới cùng đơn vị cấp trên.")
            raise Refused(text % shown, code="twice")
        if one.project_mark and marks[one.project_mark] > 1:
            raise Refused(_("Ký hiệu “%(mark)s” đã dùng cho đơn vị khác.") % shown, code="twice")
        if one.pk is None and codes[one.code] > 1:
            raise Refused(_("Mã “%(code)s” đã dùng cho đơn vị khác.") % shown, code="twice")


def _is_new(parent: Organisation | None) -> bool:
    return parent is not None and parent.pk is None
