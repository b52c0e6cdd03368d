"""Signing in and out, one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from khuyencong.accounts.authorisations import delegable_by, delegate, end_authorisation, may_end
from khuyencong.accounts.forms import ChangePasswordForm, DelegationForm, EndForm, SignInForm
from khuyencong.accounts.models import Authorisation
from khuyencong.drafts import claim_unsent, keep_unsent, keeps_draft
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
    user, today = request.user, timezone.localdate()
    held = user.memberships.select_related("scope").order_by("pk")
    exercised = set(held.exercised(today).values_list("pk", flat=True))
    context = {
        "memberships": [(one, one.pk in exercised) for one in held],
        "can_delegate": bool(delegable_by(user)),
        "authorisations": [
            (one, may_end(user, one) and not one.is_over(today)) for one in Authorisation.objects.of(user).for_page()
        ],
    }
    return render(request, "accounts/profile.html", context)


@keeps_draft
@require_http_methods(["GET", "POST"])
def delegation_create(request: SiteRequest) -> HttpResponse:
    """Lets a colleague exercise one of one's roles for a time."""
    if not delegable_by(request.user):
        raise PermissionDenied(_("Bạn không giữ vai trò nào ủy quyền được."))
    form = request.desk.shown(DelegationForm(request.desk.typed, user=request.user))
    if request.method == "POST" and form.is_valid():
        held = form.membership
        try:
            delegate(actor=request.user, role=held.role, scope=held.scope, to=form.delegate, term=form.term)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã ghi ủy quyền."))
            return redirect("accounts:profile")
    return render(request, "accounts/delegation_form.html", {"form": form}, status=422 if form.errors else 200)


@keeps_draft
@require_http_methods(["GET", "POST"])
def delegation_end(request: SiteRequest, pk: int) -> HttpResponse:
    """Ends what was delegated before its day."""
    row = get_object_or_404(Authorisation.objects.visible_to(request.user).for_page(), pk=pk)
    if not may_end(request.user, row):
        raise PermissionDenied(_("Chỉ người ủy quyền, người được ủy quyền hoặc quản trị của đơn vị chấm dứt được."))
    form = request.desk.shown(EndForm(request.desk.typed))
    if request.method == "POST" and form.is_valid():
        try:
            end_authorisation(authorisation=row, actor=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã chấm dứt."))
            return redirect("accounts:profile")
    return render(
        request, "accounts/delegation_end.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: SiteRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Đã đổi mật khẩu."))
        return redirect("accounts:profile")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.errors else 200)
