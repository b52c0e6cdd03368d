"""Roles that one person does not hold at once, unless a recorded decision says so (``models/roles.py``)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Authorisation, Organisation, Role, User, are_separate

Held = tuple[str, Organisation]


def roles_of(person: User) -> list[Held]:
    rows = person.memberships.select_related("scope__parent__parent__parent").order_by("pk") if person.pk else ()
    return [(one.role, one.scope) for one in rows]


def kept_apart(held: Iterable[Held], role: str, scope: Organisation) -> list[str]:
    """Of the roles held those that are kept apart from this one, over the same organisations."""
    line = scope.lineage()
    return [other for other, over in held if are_separate(other, role) and (over in line or scope in over.lineage())]


def why_not_both(person: User, role: str, scope: Organisation, held: Iterable[Held] | None = None) -> str:
    """Why the person may not be given that role beside those ``held``, by default those that they have; empty where
    nothing is against it, or a recorded decision lets both stand."""
    for other in kept_apart(roles_of(person) if held is None else held, role, scope):
        doubles = Authorisation.objects.filter(user=person.pk).not_over(timezone.localdate())
        if not doubles.covering(role, other, scope).exists():
            return _not_both(person, role, other)
    return ""


def _not_both(person: User, role: str, other: str) -> str:
    text = _(
        "%(person)s giữ vai trò “%(other)s” nên vai trò “%(role)s” do người khác giữ: người lập, gửi không thẩm định; "
        "người thẩm định không phê duyệt; người phê duyệt không ghi chứng từ. Đơn vị ít người thì ghi quyết định kiêm "
        "nhiệm ở mục “Ủy quyền, kiêm nhiệm”."
    )
    return text % {"person": person, "role": Role(role).label, "other": Role(other).label}
