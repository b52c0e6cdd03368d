"""Taking back drafts and past records entered by mistake: they stay with their history, and count nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import ApprovalEntry, EstimateItem, PastLetter, PastLetterApproved, PlanLine, Project
from projects.refusals import TransitionRefused
from projects.rules.hindrances import was_sent
from projects.rules.workflow import apply_to_many
from projects.services.guards import hold_plans, require
from projects.services.history import record_gone_costs


@transaction.atomic
def discard_draft(*, project: Project, actor: User, reason: str = "") -> None:
    """Takes one project out of its plans, as :func:`discard_drafts`."""
    discard_drafts(projects=[project], actor=actor, reason=reason)


@transaction.atomic
def discard_drafts(*, projects: Iterable[Project], actor: User, reason: str = "") -> None:
    """Takes drafts that were never sent, and past records of which no letter was, out of their plans, all or none, in a
    fixed number of statements.

    Lines, what was asked for with its estimate and what prepared letters give go; what was asked for stays readable in
    the history, and no code is used again. Raises NotAllowed, PlanClosed when the books of one of their years are
    closed, and TransitionRefused when one of them is in another state or was sent before; then nothing is written.
    """
    ids = {project.pk for project in projects}
    if not ids:
        return
    hold_plans(actor, "write", *AnnualPlan.objects.filter(rounds__lines__project__in=ids).values_list("pk", flat=True))
    held = list(Project.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
    for organisation in {project.organisation_id for project in held}:
        require(actor, "write", organisation)
    _refuse_touched(held)
    record_gone_costs(held, actor=actor)
    EstimateItem.objects.filter(component__project__in=ids).delete()
    letters = PastLetter.objects.filter(approved__plan_line__project__in=ids).values("pk")
    PastLetter.objects.filter(pk__in=letters).update(version=F("version") + 1)
    # A line of which something stood in the books stays below it, counted nowhere.
    in_books = set(ApprovalEntry.objects.of_projects(ids).values_list("plan_line", flat=True))
    PastLetterApproved.objects.filter(plan_line__in=in_books).delete()
    PlanLine.objects.filter(project__in=ids).exclude(pk__in=in_books).delete()
    for project in held:
        project.plans = []
    apply_to_many(held, "discard", actor=actor, effective_on=timezone.localdate(), reason=reason)


def _refuse_touched(held: list[Project]) -> None:
    """Asked of all at once, and of the first that was touched what stands in its way."""
    untouched = set(
        Project.objects.in_no_other_hand().filter(pk__in=[one.pk for one in held]).values_list("pk", flat=True)
    )
    touched = next((one for one in held if one.pk not in untouched), None)
    if touched is None:
        return
    if touched.status in Project.OWN:
        raise TransitionRefused(was_sent(touched))
    text = _("Đề án %(code)s không còn là bản đang lập (%(status)s), không bỏ được.")
    raise TransitionRefused(text % {"code": touched.code, "status": touched.get_status_display()})
