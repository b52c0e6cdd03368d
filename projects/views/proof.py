"""When the totals were last proved, for the administrator; and proving them now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khuyencong.requests import SiteRequest
from projects.ledger.proof import prove
from projects.models import ProofRun
from projects.refusals import NotAllowed
from projects.rules.permissions import RIGHTS

SHOWN = 20


@require_http_methods(["GET", "POST"])
def proof(request: SiteRequest) -> HttpResponse:
    """The last runs with what they said; POST proves all totals once more."""
    if not request.user.is_administrator():
        raise NotAllowed(RIGHTS["administer"].refusal())
    if request.method == "POST":
        run = prove()
        if run.is_clean:
            messages.success(request, _("Đã kiểm tra: mọi tổng số khớp với bút toán."))
        else:
            said = ngettext(
                "Có %(count)d chỗ sai. Xem bên dưới.", "Có %(count)d chỗ sai. Xem bên dưới.", run.finding_count
            )
            messages.error(request, said % {"count": run.finding_count})
        return redirect("projects:proof")
    return render(request, "projects/proof.html", {"runs": ProofRun.objects.newest_first()[:SHOWN]})
