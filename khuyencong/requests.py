"""The request as the site's views get it: somebody is signed in, and it says whether it asks for a part of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from khuyencong.accounts.models import FormDraft, User

if TYPE_CHECKING:
    from khuyencong.drafts import Desk


class SiteRequest(HttpRequest):
    """For annotations only: SignInRequired, ``parts_of_pages`` and khuyencong.drafts make it true."""

    user: User
    wants_part: bool
    desk: Desk
    drafts: list[FormDraft]


def page_or_part(request: SiteRequest, page: str, part: str) -> str:
    """The template to render: the page, or the named part of it where only that is asked for."""
    return f"{page}#{part}" if request.wants_part else page
