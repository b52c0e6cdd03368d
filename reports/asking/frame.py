"""The frame of every report of a year's plans: what is asked is read, refused in one way, then answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest
from reports.asking.selection import select_plans

View = Callable[..., HttpResponse]


def answers(form_class: Any, wrong: str = "reports/wrong_request.html") -> Callable[[View], View]:
    """For a view that gets the form by which it was asked, and the plans that its user may see.

    A question that can't be read gets the page ``wrong``. One without plans gets a page that says no more than that
    there is none, whether there is none or the user may not see it.
    """

    def framed(view: View) -> View:
        @require_safe
        @wraps(view)
        def answer(request: SiteRequest) -> HttpResponse:
            form = form_class(request.GET)
            if not form.is_valid():
                return render(request, wrong, {"form": form}, status=400)
            selection = select_plans(request.user, form.asked_year, form.cleaned_data["organisation"])
            if not selection.plans:
                return render(request, "reports/no_plan.html", {"form": form, "selection": selection}, status=404)
            return view(request, form, selection)

        return answer

    return framed


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The file under its name, which nobody between here and the reader keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
