"""What a Centre writes of its year: each writing is kept, the latest stands."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import YearAssessment
from projects.models.year_assessment import told_from
from projects.refusals import Refused
from projects.rules.permissions import hindrance_to_assessing
from projects.services.guards import hold_plans, refuse_hindered
from projects.services.storing import refuse_invalid, store_new


@transaction.atomic
def assess_year(
    *, plan: AnnualPlan, assessment: str, directions: str, source: str = "", seen: int | None, actor: User
) -> YearAssessment:
    """Keeps both texts; empty ones take back what was written. ``seen`` is the id of what stood when it was typed.

    Raises NotAllowed, PlanClosed, or Refused: before the year, for what stands already, or over what somebody else
    wrote meanwhile; then nothing is written.
    """
    plan = hold_plans(actor, "assess", plan.pk)[plan.pk]
    today = timezone.localdate()
    refuse_hindered(hindrance_to_assessing(plan, today))
    standing = YearAssessment.objects.standing([plan]).get(plan.pk)
    written = YearAssessment(plan=plan, assessment=assessment, directions=directions, source=source)
    written.effective_on, written.recorded_by = told_from(plan, today), actor
    refuse_invalid(written)
    if written.texts == (standing.texts if standing else ("", "", "")):
        raise Refused(_("Nội dung không có gì thay đổi."), code="unchanged")
    if (standing.pk if standing else None) != seen:
        text = _("Trong lúc bạn nhập, người khác đã ghi nội dung khác. Hãy xem nội dung đó bên dưới rồi lưu lại.")
        raise Refused(text, code="changed_meanwhile")
    return store_new(written)
