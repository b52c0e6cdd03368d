"""Addresses of the admin by model name, and what its lists show."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse


def registered(name: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == name)


def address(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{registered(model)._meta.app_label}_{model}_{page}", args=args)


def shown(client: Client, name: str, **query: str) -> set[str]:
    """The rows of the list, as they call themselves."""
    return {str(row) for row in client.get(address(name, "changelist"), query).context["cl"].queryset}
