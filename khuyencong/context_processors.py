"""What the frame of every page needs: the part of the site that is open, and where the person works."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, Any]:
    """``section`` is the first part of the address: plans, projects, …; empty on the home page."""
    return {
        "section": request.path_info.strip("/").partition("/")[0],
        "scope_name": SimpleLazyObject(lambda: scope_name(request)),
    }


def scope_name(request: HttpRequest) -> str:
    """The organisation over which the signed-in person holds their first role."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    membership = user.memberships.select_related("scope").order_by("pk").first()
    return str(membership.scope) if membership else ""
