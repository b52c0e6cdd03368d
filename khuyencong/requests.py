"""The request as the site's views get it: somebody is signed in, it may ask for a part of a page, and name records."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from khuyencong.accounts.models import FormDraft, User
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


def record_id(text: str) -> int | None:
    """The id of a record as an address or a form writes it: up to 18 digits, which every database can compare.

    None for any other text, which names no record.
    """
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def own_address(request: HttpRequest, text: str) -> str:
    """The text where it is an address of this site, as the way back that a form carries; empty otherwise."""
    is_ours = text.startswith("/") and url_has_allowed_host_and_scheme(text, {request.get_host()}, request.is_secure())
    return text if is_ours else ""
