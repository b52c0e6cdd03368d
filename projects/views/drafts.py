"""Keeping what is typed into a form, and throwing it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khuyencong.accounts.models import FormDraft
from khuyencong.drafts import FIELD, DraftTooLong, Ticket, keep_draft, storable
from khuyencong.requests import SiteRequest, own_address


@require_POST
def draft_save(request: SiteRequest) -> HttpResponse:
    """Keeps the fields sent as the draft of the opening that their ticket names; sent by the page itself, unasked.

    Another person than the one who opened the page may have signed in since, in the same browser.
    """
    ticket = Ticket.read(request.POST.get(FIELD, ""))
    if ticket is None:
        return HttpResponse(_("Trang này không có bản nháp."), status=422)
    if ticket.owner != request.user.pk:
        return HttpResponse(_("Người khác đã đăng nhập trên trình duyệt này."), status=409)
    try:
        keep_draft(ticket, request.POST.lists())
    except DraftTooLong:
        return HttpResponse(_("Nội dung quá dài nên không giữ lại được trong bản nháp."), status=413)
    return HttpResponse(status=204)


@require_POST
def draft_discard(request: SiteRequest) -> HttpResponse:
    """Throws one draft of a form away and returns to ``next``, an address of this site."""
    key, opening = (storable(request.POST.get(name, "")) for name in ("key", "opening"))
    FormDraft.objects.of(request.user.pk).at(key).opened(opening).delete()
    messages.info(request, _("Đã bỏ bản nháp."))
    return redirect(own_address(request, request.POST.get("next", "")) or "projects:home")
