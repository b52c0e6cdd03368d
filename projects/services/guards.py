"""What each write asks before it touches anything: who acts, is the plan open, which day; and the locks for it.

Who may is asked of the rows as they stand, never of the objects that were handed in: those may be old, or meddled with.
Locks are taken in one order everywhere: plans by their ids, then projects by theirs (architecture §4).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, NormChange, PlanRound, SupportNorm
from projects.models import HeadChange, PlanLine, Project
from projects.refusals import FutureDate, NotAllowed, PlanClosed, Refused
from projects.rules.permissions import RIGHTS, has
from projects.rules.transitions import Record
from projects.rules.workflow import closed_text, why_at_rest


def require(actor: User, code: str, organisation_id: int) -> None:
    """Raises NotAllowed unless the actor holds that right of ``permissions.RIGHTS`` over the organisation."""
    if not has(actor, code, organisation_id):
        raise NotAllowed(RIGHTS[code].refusal())


def refuse_hindered(hindrance: str) -> None:
    """Raises Refused with what a page would have said before, where something stands in the way."""
    if hindrance:
        raise Refused(hindrance, code="hindered")


def require_reason(reason: str, text: str = "") -> None:
    """Raises Refused, beside the field ``reason`` and in these words, where nobody says why."""
    if not reason.strip():
        raise Refused({"reason": text or _("Hãy ghi lý do.")}, code="no_reason")


def refuse_unseen(changes: Sequence[HeadChange | NormChange]) -> None:
    """Raises Refused with what somebody else put right while the actor typed, who would write over it unread."""
    if not changes:
        return
    told = "; ".join(f"{one.field_label}: {one.before or '–'} → {one.after or '–'}" for one in changes)
    text = _("Trong lúc bạn nhập, %(person)s đã đính chính: %(changes)s. Hãy xem lại rồi ghi.")
    raise Refused(text % {"person": changes[-1].recorded_by, "changes": told}, code="changed_meanwhile")


def refuse_future(on: dt.date | None, field: str = "") -> None:
    """Raises FutureDate, beside the field of that name, for a day after today."""
    if on is not None and on > timezone.localdate():
        text = _("Ngày này không được sau hôm nay.")
        raise FutureDate({field: text} if field else text, code="future")


def refuse_closed(plans: Iterable[AnnualPlan]) -> None:
    """Raises PlanClosed when the books of one of the years are closed; to be asked of plans that are locked."""
    if closed := [plan for plan in plans if plan.is_closed]:
        raise PlanClosed(closed_text(closed), code="closed")


def hold_plans(actor: User, code: str, *ids: int) -> dict[int, AnnualPlan]:
    """The plans by their ids as they stand now, held until the transaction ends.

    Raises NotAllowed unless the actor has that right over each of them, PlanClosed when one of them is not open.
    """
    held = AnnualPlan.objects.filter(pk__in=ids).for_page().locked().in_bulk()
    for plan in held.values():
        require(actor, code, plan.organisation_id)
    refuse_closed(held.values())
    return held


def hold_project(project: Project, actor: User, code: str) -> Project:
    """The project as it stands now, held with all plans that it is in.

    Raises NotAllowed unless the actor has that right over it, PlanClosed when the books of all those years are closed.
    """
    current = lock_project(project)
    require(actor, code, current.organisation_id)
    if at_rest := why_at_rest(current):
        raise PlanClosed(at_rest, code="closed")
    return current


def hold_projects(ids: Iterable[int], actor: User, code: str) -> list[Project]:
    """Many at once, as :func:`hold_project` holds one."""
    ids = set(ids)
    of_them = AnnualPlan.objects.filter(rounds__lines__project__in=ids).order_by().values("pk")
    plans = {plan.pk: plan for plan in AnnualPlan.objects.filter(pk__in=of_them).for_page().locked()}
    held = list(Project.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))
    # In the plans that are held: what joins another one meanwhile is judged by those, as one alone is.
    lines = PlanLine.objects.filter(project__in=ids, round__plan__in=plans).order_by()
    in_plans: dict[int, list[AnnualPlan]] = defaultdict(list)
    for project, plan in lines.values_list("project", "round__plan").distinct():
        in_plans[project].append(plans[plan])
    for one in held:
        one.plans = in_plans[one.pk]
        require(actor, code, one.organisation_id)
        if at_rest := why_at_rest(one):
            raise PlanClosed(at_rest, code="closed")
    return held


def lock_record(record: Record) -> Record:
    """Holds the record's plans, then the record; returns it as it stands now."""
    return lock_round(record) if isinstance(record, PlanRound) else lock_project(record)


def lock_round(plan_round: PlanRound) -> PlanRound:
    """Holds the plan, then the round; returns it as it stands now."""
    list(AnnualPlan.objects.filter(rounds=plan_round.pk).locked())
    return PlanRound.objects.select_related("plan").select_for_update(of=("self",)).get(pk=plan_round.pk)


def lock_project(project: Project) -> Project:
    """Holds all plans that the project is in, then the project; returns it as it stands now."""
    plans = list(AnnualPlan.objects.of_project(project).for_page().locked())
    current = lock_row(project)
    current.plans = plans
    return current


def lock_row(project: Project) -> Project:
    """Holds the project alone, of which the plans concerned are held already; returns it as it stands now."""
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)


def require_norm_keeper(actor: User, norm: SupportNorm) -> None:
    """A province's norms are kept by its administrators; the State's by nobody here."""
    kept = Organisation.objects.administered_by(actor)
    if norm.province_id is None or not kept.filter(pk=norm.province_id).exists():
        raise NotAllowed(RIGHTS["norms"].refusal())


def hold_norms(norm: SupportNorm) -> None:
    """Two people can't give one day to two norms, nor attach one file twice."""
    assert norm.province_id is not None  # see require_norm_keeper
    Organisation.objects.select_for_update(of=("self",)).get(pk=norm.province_id)
