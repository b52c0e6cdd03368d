"""Who may do what: pure predicates of (user, record). Pages ask them, tests enumerate them."""

from __future__ import annotations

from khuyencong.accounts.models import Organisation, Role, User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import Beneficiary, Project

CENTRE_WRITERS = (Role.CENTRE_STAFF, Role.CENTRE_HEAD)

# A project may be rewritten as long as nobody above is looking at it.
EDITABLE = (Project.Status.DRAFT, Project.Status.RETURNED)
# Work is going on, or was done: progress may be reported.
REPORTABLE = (
    Project.Status.APPROVED,
    Project.Status.CONTRACTED,
    Project.Status.IN_PROGRESS,
    Project.Status.ACCEPTED,
)
# A decision may name lines of these rounds: the Department has them before it.
DECIDABLE = (
    PlanRound.Status.SUBMITTED,
    PlanRound.Status.ENDORSED,
    PlanRound.Status.FORWARDED,
    PlanRound.Status.APPROVED,
)


def can_open_round(user: User, plan: AnnualPlan) -> bool:
    return not plan.is_closed and user.holds(plan.organisation_id, *CENTRE_WRITERS)


def can_create_project(user: User, plan: AnnualPlan) -> bool:
    return not plan.is_closed and user.holds(plan.organisation_id, *CENTRE_WRITERS)


def can_write_projects(user: User) -> bool:
    """Whether the user writes projects anywhere; decides if “Thêm đề án” is offered."""
    return bool(user.organisation_ids_with(*CENTRE_WRITERS))


def can_edit_project(user: User, project: Project) -> bool:
    return project.status in EDITABLE and user.holds(project.organisation_id, *CENTRE_WRITERS)


def can_attach_to_project(user: User, project: Project) -> bool:
    return user.holds(project.organisation_id, *CENTRE_WRITERS)


def can_report_progress(user: User, project: Project) -> bool:
    return project.status in REPORTABLE and user.holds(project.organisation_id, *CENTRE_WRITERS)


def can_submit_round(user: User, plan_round: PlanRound) -> bool:
    plan = plan_round.plan
    may = plan_round.status == PlanRound.Status.DRAFT and not plan.is_closed
    return may and user.holds(plan.organisation_id, Role.CENTRE_HEAD)


def can_recall_round(user: User, plan_round: PlanRound) -> bool:
    """The role and the state; whether somebody has touched it since is asked of the database when it is done."""
    may = plan_round.status == PlanRound.Status.SUBMITTED
    return may and user.holds(plan_round.plan.organisation_id, Role.CENTRE_HEAD)


def can_decide(user: User, plan: AnnualPlan) -> bool:
    return not plan.is_closed and user.holds(plan.organisation_id, Role.DEPARTMENT_HEAD)


def kept_provinces(user: User) -> list[Organisation]:
    """Those whose registry of beneficiaries the user keeps: the provinces of the Centres that they write for."""
    offices = Organisation.objects.where_user_holds(user, *CENTRE_WRITERS).select_related("parent__parent__parent")
    return list(dict.fromkeys(office.province() for office in offices))


def can_edit_beneficiaries(user: User) -> bool:
    """The registry is the province's; Centre staff and heads keep it."""
    return bool(user.organisation_ids_with(*CENTRE_WRITERS))


def can_edit_beneficiary(user: User, beneficiary: Beneficiary) -> bool:
    """Whoever only reads a province, and writes in another, changes nothing in the first."""
    return any(province.pk == beneficiary.province_id for province in kept_provinces(user))


def can_attach_to_decision(user: User, decision: Decision) -> bool:
    """Scans are added by who records letters."""
    return user.holds(decision.organisation_id, Role.DEPARTMENT_HEAD)
