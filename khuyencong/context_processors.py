"""What the frame of every page needs: the part of the site that is open, and where the person works."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from khuyencong.providers import MenuEntry, provided


def site(request: HttpRequest) -> dict[str, Any]:
    """``section`` is the first part of the address: plans, projects, …; empty on the home page."""
    return {
        "section": request.path_info.strip("/").partition("/")[0],
        "provided_menu": provided(MenuEntry),
        "scope_name": SimpleLazyObject(lambda: scope_name(request)),
    }


def scope_name(request: HttpRequest) -> str:
    """The organisation over which the signed-in person holds the first role; asked for by pages with a frame."""
    user = getattr(request, "user", None)
    return user.scope_name() if user is not None and user.is_authenticated else ""
