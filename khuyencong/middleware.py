"""Parts of pages, the language of a request, the way to the sign-in, and the site's own page for what is not there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.defaults import page_not_found
from django_htmx.http import HttpResponseClientRedirect

from khuyencong.drafts import keep_unsent
from khuyencong.requests import SiteRequest


def parts_of_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[SiteRequest], HttpResponse]:
    """``request.wants_part``: htmx asks for what it will put into the page that it shows.

    Where somebody goes back to, htmx needs all of the page. The part has the address of its page, so every answer says
    on what it depends: a browser that goes back would else show the part that it kept, bare.
    """

    def middleware(request: SiteRequest) -> HttpResponse:
        is_restored = request.headers.get("HX-History-Restore-Request") == "true"
        request.wants_part = request.headers.get("HX-Request") == "true" and not is_restored
        response = get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        return response

    return middleware


def chosen_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Vietnamese until the person chooses otherwise; what the browser would prefer is not asked.

    Many computers in Vietnam run an English browser whose user wants the Vietnamese forms.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Whoever is signed out no longer finds a page for a part of one: htmx would put it in the place of the part.

    A form that was sent is filled in again after the sign-in, for whoever had opened it.
    """

    def handle_no_permission(  # type: ignore[override]  # what htmx is led by is no redirect of HTTP
        self, request: SiteRequest, view_func: Any
    ) -> HttpResponse:
        filled = keep_unsent(request)
        if request.wants_part:
            return HttpResponseClientRedirect(redirect_to_login(filled or _shown_address(request)).url)
        return redirect_to_login(filled) if filled else super().handle_no_permission(request, view_func)


def _shown_address(request: HttpRequest) -> str:
    """The address of the page of which htmx asks a part."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return (shown.path + (f"?{shown.query}" if shown.query else "")) or "/"


class SitePages:
    """The site's own page for an unknown record, even where DEBUG shows Django's technical one, and for the address of
    a button that somebody opens: after signing in again, say, what the button sent is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = render(request, "405.html", status=response.status_code)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if settings.DEBUG and isinstance(exception, Http404):
            return page_not_found(request, exception)
        return None
