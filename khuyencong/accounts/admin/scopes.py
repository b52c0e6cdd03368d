"""Over what an administrator gives roles."""

from __future__ import annotations

from khuyencong.accounts.models import Role, User


def administered_by(user: User) -> frozenset[int]:
    return user.organisation_ids_with(Role.ADMINISTRATOR)


def may_grant(actor: User, organisation_id: int) -> bool:
    return actor.is_superuser or actor.holds(organisation_id, Role.ADMINISTRATOR)
