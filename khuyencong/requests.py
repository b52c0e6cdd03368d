"""The request as the site's views get it: somebody is signed in, and htmx says what it asks for."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from khuyencong.accounts.models import User


class SiteRequest(HttpRequest):
    """For annotations only: LoginRequiredMiddleware and HtmxMiddleware make it true."""

    user: User
    htmx: HtmxDetails
