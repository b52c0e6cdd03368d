"""The request as the site's views get it: somebody is signed in, and htmx says what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from khuyencong.accounts.models import FormDraft, User

if TYPE_CHECKING:
    from khuyencong.drafts import Desk


class SiteRequest(HttpRequest):
    """For annotations only: LoginRequiredMiddleware, HtmxMiddleware and khuyencong.drafts make it true."""

    user: User
    htmx: HtmxDetails
    desk: Desk
    drafts: list[FormDraft]
