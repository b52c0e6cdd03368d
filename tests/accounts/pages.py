"""Addresses of the admin by model name, and what its lists show."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User


def registered(name: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == name)


def address(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{registered(model)._meta.app_label}_{model}_{page}", args=args)


def shown(client: Client, name: str, **query: str) -> set[str]:
    """The rows of the list, as they call themselves."""
    return {str(row) for row in client.get(address(name, "changelist"), query).context["cl"].queryset}


def form_of(user: User, *added: tuple[str, int], takes: bool = False) -> dict[str, Any]:
    """The person's page as an administrator sends it: with more roles, or with the first one taken away."""
    held = list(user.memberships.order_by("pk"))
    data = {"username": user.username, "full_name": user.full_name, "email": user.email, "is_active": "on"}
    data |= {"memberships-TOTAL_FORMS": str(len(held) + len(added)), "memberships-INITIAL_FORMS": str(len(held))}
    rows = [(one.role, one.scope_id, str(one.pk)) for one in held] + [(role, scope, "") for role, scope in added]
    for number, (role, scope, pk) in enumerate(rows):
        head = f"memberships-{number}"
        data |= {f"{head}-user": str(user.pk), f"{head}-id": pk, f"{head}-role": role, f"{head}-scope": str(scope)}
    return data | ({"memberships-0-DELETE": "on"} if takes else {})
