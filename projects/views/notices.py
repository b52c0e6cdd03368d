"""Which e-mails a person gets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.models import Notice, NoticeOptOut
from khuyencong.requests import SiteRequest


@require_http_methods(["GET", "POST"])
def notice_settings(request: SiteRequest) -> HttpResponse:
    """A ticked kind is sent; each person decides for themselves."""
    if request.method == "POST":
        NoticeOptOut.objects.turn_off(request.user, set(Notice.values) - set(request.POST.getlist("notice")))
        messages.success(request, _("Đã lưu lựa chọn thư thông báo."))
        return redirect("accounts:profile")
    off = NoticeOptOut.objects.of(request.user)
    choices = [(notice.value, notice.label, notice.value not in off) for notice in Notice]
    return render(request, "projects/notice_settings.html", {"choices": choices})
