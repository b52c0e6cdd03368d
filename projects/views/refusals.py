"""The page for whoever may not: with the words of the refusal where they are the site's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.refusals import NotAllowed


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django or a library says of a refusal is for nobody's eyes; NotAllowed is written for the user.

    Who may not save any more reads what they typed, to copy it.
    """
    refusal = str(exception) if isinstance(exception, NotAllowed) else ""
    desk = getattr(request, "desk", None)
    return render(request, "403.html", {"refusal": refusal, "texts": desk.texts if desk else []}, status=403)
