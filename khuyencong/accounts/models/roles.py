"""The roles, and which of them one pair of hands does not hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The seven role codes; what each may do is written in ``projects/rules/permissions.py``."""

    CENTRE_STAFF = "centre_staff", _("Cán bộ Trung tâm")
    CENTRE_HEAD = "centre_head", _("Lãnh đạo Trung tâm")
    ACCOUNTANT = "accountant", _("Kế toán")
    REVIEWER = "reviewer", _("Chuyên viên Sở")
    DEPARTMENT_HEAD = "department_head", _("Lãnh đạo Sở")
    OBSERVER = "observer", _("Theo dõi, giám sát")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")


# Those that decide or answer for money, whose exercise its holder may hand to a colleague for a time.
DELEGABLE = (Role.CENTRE_HEAD, Role.ACCOUNTANT, Role.DEPARTMENT_HEAD)
# Those of people who work there; an observer may be an auditor, an administrator keeps rights and uses none.
WORKING = (Role.CENTRE_STAFF, Role.CENTRE_HEAD, Role.ACCOUNTANT, Role.REVIEWER, Role.DEPARTMENT_HEAD)
# Roles of which one judges, approves or pays what the other did: the pairs that the steps of rounds and projects
# exclude (``not_by`` in ``projects/rules/transitions.py``; a test compares them).
SEPARATE = frozenset(
    frozenset(pair)
    for pair in (
        (Role.CENTRE_STAFF, Role.REVIEWER),
        (Role.CENTRE_STAFF, Role.DEPARTMENT_HEAD),
        (Role.CENTRE_HEAD, Role.REVIEWER),
        (Role.CENTRE_HEAD, Role.DEPARTMENT_HEAD),
        (Role.REVIEWER, Role.DEPARTMENT_HEAD),
        (Role.DEPARTMENT_HEAD, Role.ACCOUNTANT),
    )
)


def are_separate(role: str, other: str) -> bool:
    return frozenset((Role(role), Role(other))) in SEPARATE
