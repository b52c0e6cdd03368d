"""Pages of the subject."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest


@require_safe
def index(request: SiteRequest) -> HttpResponse:
    return render(request, "subject/index.html")
