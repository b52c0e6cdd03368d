"""Signing in and out, one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.accounts.forms import ChangePasswordForm, SignInForm
from khuyencong.requests import SiteRequest

_sign_in = auth_views.LoginView.as_view(
    template_name="accounts/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
_sign_out = auth_views.LogoutView.as_view()


@login_not_required
def login(request: SiteRequest) -> HttpResponseBase:
    """Django's own sign-in; django-axes counts the failures and locks after ten."""
    return _sign_in(request)


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
