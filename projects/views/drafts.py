"""Keeping what is typed into a long form, and throwing it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khuyencong.requests import SiteRequest
from projects.drafts import DraftTooLong, discard_draft, is_form_address, keep_draft


@require_POST
def draft_save(request: SiteRequest) -> HttpResponse:
    """Keeps the fields sent as this person's draft of the form at ``key``; sent by the page itself, unasked.

    ``owner`` is who opened the page: another person may have signed in since, in the same browser.
    """
    key = request.POST.get("key", "")
    if not is_form_address(key):
        return HttpResponse(_("Trang này không có bản nhập dở."), status=422)
    if request.POST.get("owner", str(request.user.pk)) != str(request.user.pk):
        return HttpResponse(_("Người khác đã đăng nhập trên trình duyệt này."), status=409)
    try:
        keep_draft(user=request.user, key=key, fields=request.POST.lists())
    except DraftTooLong:
        return HttpResponse(_("Nội dung quá dài để giữ lại bản nhập dở."), status=413)
    return HttpResponse(status=204)


@require_POST
def draft_discard(request: SiteRequest) -> HttpResponse:
    """Throws the draft away and returns to ``next``, an address of this site."""
    discard_draft(user=request.user, key=request.POST.get("key", ""))
    messages.info(request, _("Đã bỏ bản nhập dở."))
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if is_ours else resolve_url("projects:home"))
