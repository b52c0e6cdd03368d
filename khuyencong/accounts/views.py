"""Signing in and out, one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from khuyencong.accounts.forms import ChangePasswordForm, SignInForm
from khuyencong.drafts import claim_unsent, keep_unsent
from khuyencong.requests import SiteRequest

_sign_in = auth_views.LoginView.as_view(
    template_name="accounts/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
_sign_out = auth_views.LogoutView.as_view()


@login_not_required
def login(request: SiteRequest) -> HttpResponseBase:
    """Django's own sign-in; django-axes counts the failures and locks after ten."""
    response = _sign_in(request)
    if request.method == "POST" and request.user.is_authenticated:
        claim_unsent(request)
    return response


def csrf_failure(request: SiteRequest, reason: str = "") -> HttpResponse:
    """A form opened before the last sign-in saves nothing, but its person finds it filled in again."""
    filled = keep_unsent(request)
    if not filled:
        return csrf.csrf_failure(request, reason)
    if request.user.is_authenticated:
        messages.warning(request, _("Trang này mở từ trước khi bạn đăng nhập lại, nên chưa lưu được gì."))
    else:
        filled = redirect_to_login(filled).url
    return HttpResponseClientRedirect(filled) if request.wants_part else redirect(filled)


@require_POST
def logout(request: SiteRequest) -> HttpResponseBase:
    return _sign_out(request)


@require_safe
def profile(request: SiteRequest) -> HttpResponse:
    """Who I am here and which roles I hold where."""
    memberships = request.user.memberships.select_related("scope").order_by("pk")
    return render(request, "accounts/profile.html", {"memberships": memberships})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: SiteRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("accounts:profile")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.errors else 200)
