"""Who changed what, and who may do what."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from khuyencong.requests import SiteRequest, record_id
from projects.forms.journal import JournalFilter
from projects.models import Beneficiary, Project
from projects.pages.journal import entries_of, journal_rows, name_of
from projects.pages.rights import rights_groups, role_columns

PAGE_SIZE = 50


@require_safe
def journal(request: SiteRequest) -> HttpResponse:
    """All history that the user may read; ``?project=`` or ``?beneficiary=`` names one record."""
    project = _named(request, "project", Project.objects.visible_to(request.user))
    beneficiary = _named(request, "beneficiary", Beneficiary.objects.visible_to(request.user))
    filters = JournalFilter(request.GET, user=request.user)
    record = project or beneficiary
    page, entries = None, []
    if filters.is_valid():
        rows = journal_rows(request.user, filters.search(project=project, beneficiary=beneficiary))
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        entries = entries_of(list(page))
    return render(
        request,
        "projects/journal.html",
        {
            "filters": filters,
            "record": record,
            "record_name": name_of(record) if record else "",
            "page_obj": page,
            "entries": entries,
            "is_filtered": any(request.GET.get(name) for name in (*filters.fields, "project", "beneficiary")),
        },
        status=422 if page is None else 200,
    )


def _named(request: SiteRequest, name: str, rows: QuerySet[Any]) -> Any:
    """The visible record whose id stands in the address, None without one; 404 for any other text."""
    text = request.GET.get(name, "")
    if not text:
        return None
    return get_object_or_404(rows, pk=record_id(text))


@require_safe
def rights(request: SiteRequest) -> HttpResponse:
    """The rights of the seven roles, the user's own marked; anybody who is signed in may read it."""
    roles = role_columns(request.user)
    return render(
        request,
        "projects/rights.html",
        {"roles": roles, "groups": rights_groups(roles), "has_role": any(role.is_own for role in roles)},
    )
