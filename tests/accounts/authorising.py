"""What is asked of whoever exercises a role by a paper, and how a refusal is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from khuyencong.accounts.models import Authorisation, Membership, User


def fresh(user: User) -> User:
    """As the next request reads the person."""
    return User.objects.get(pk=user.pk)


def said(call: Any) -> str:
    """The field that a refusal stands beside; nothing was written."""
    before = Authorisation.objects.count(), Membership.objects.count()
    with pytest.raises((ValidationError, PermissionDenied)) as refused:
        call()
    assert (Authorisation.objects.count(), Membership.objects.count()) == before
    if isinstance(refused.value, PermissionDenied):
        return "not allowed"
    return next(iter(getattr(refused.value, "error_dict", {"": None})))
