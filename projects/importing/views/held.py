"""The batch that an address names."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from khuyencong.requests import SiteRequest
from projects.importing.models import ImportBatch
from projects.importing.pages import why_not_write_list
from projects.refusals import NotAllowed


def batch_of(request: SiteRequest, pk: int, *, to_write: bool = False) -> ImportBatch:
    """One that the user sees; ``to_write``: raises NotAllowed unless the user may write such a list."""
    batches = ImportBatch.objects.visible_to(request.user).select_related(
        "plan__organisation__parent__parent__parent",
        "organisation__parent__parent__parent",
        "created_by",
        "erased_by",
    )
    one = get_object_or_404(batches, pk=pk)
    if to_write and (refusal := why_not_write_list(request.user, one)):
        raise NotAllowed(refusal)
    return one
