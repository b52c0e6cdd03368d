"""Closing the books of a year and opening them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khuyencong.accounts.models import Authorisation, Role
from khuyencong.drafts import keeps_draft
from khuyencong.requests import SiteRequest
from programmes.models import AnnualPlan, BooksChange
from projects.forms.document import TakeBackForm
from projects.forms.fields import show_refusal
from projects.refusals import Refused
from projects.rules.permissions import has, hindrance_to_closing, hindrance_to_reopening
from projects.services.books import close_books, reopen_books
from projects.services.guards import require


@keeps_draft
@require_http_methods(["GET", "POST"])
def plan_books(request: SiteRequest, pk: int) -> HttpResponse:
    """When the books of the year were closed and opened again, and why; whoever may does it here."""
    plan = get_object_or_404(AnnualPlan.objects.visible_to(request.user).for_page(), pk=pk)
    form = request.desk.shown(TakeBackForm(request.desk.typed))
    if request.method == "POST":
        require(request.user, "books", plan.organisation_id)
        if form.is_valid() and _write(request, plan, form):
            return redirect(plan)
    changes = list(BooksChange.objects.of_plan(plan))
    Authorisation.objects.name_principals(changes, Role.DEPARTMENT_HEAD, plan.organisation)
    may = has(request.user, "books", plan.organisation_id)
    hindrance = "" if plan.is_closed else hindrance_to_closing(plan, timezone.localdate())
    context = {"plan": plan, "changes": changes, "form": form, "may": may and not hindrance, "hindrance": hindrance}
    return render(request, "projects/plan_books.html", context, status=422 if form.errors else 200)


def _write(request: SiteRequest, plan: AnnualPlan, form: TakeBackForm) -> bool:
    """Whether it is done now; the refusal stands on the form otherwise. The button says which of the two was meant."""
    is_closing = request.POST.get("step") == "close"
    if plan.is_closed == is_closing:
        # Pressed twice, or by a colleague too: a page with these words would offer the contrary.
        messages.info(request, hindrance_to_closing(plan, timezone.localdate()) or hindrance_to_reopening(plan))
        return True
    write = close_books if is_closing else reopen_books
    try:
        write(plan=plan, **form.cleaned_data, actor=request.user)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    said = _("Đã khóa sổ năm %(year)s.") if is_closing else _("Đã mở lại sổ năm %(year)s.")
    messages.success(request, said % {"year": plan.year})
    return True
