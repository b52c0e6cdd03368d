"""The buttons of a record: each step that the user's role would take, with the reason where it can't be taken now."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import Role, User
from khuyencong.text import inside_sentence
from programmes.models import PlanRound
from projects.models import Project
from projects.rules.permissions import (
    has,
    why_not_adjust,
    why_not_change_past,
    why_not_edit,
    why_not_join,
    why_not_pay,
    why_not_report,
    why_not_review,
)
from projects.rules.review_work import why_not_set_deadline
from projects.rules.transitions import Record, Transition, transitions_of
from projects.rules.workflow import organisation_id_of, why_not
from projects.services.steps import PROJECT_STEPS, ROUND_STEPS


@dataclass(frozen=True)
class Action:
    """A button: where it leads, and why it is shut, if it is."""

    name: str
    label: str | Promise
    address: str
    refusal: str = ""


def round_actions(user: User, plan_round: PlanRound) -> list[Action]:
    """What the user's role does with a round in its present state."""
    found = []
    for step in _expected(user, plan_round):
        if step.name == "submit":
            address = reverse("projects:round_submit", args=[plan_round.pk])
        elif step.name == "recall":
            address = reverse("projects:round_recall", args=[plan_round.pk])
        elif step.name in ROUND_STEPS:
            address = reverse("projects:round_step", args=[plan_round.pk, step.name])
        else:
            continue  # approved by a decision, on its own page
        found.append(Action(step.name, step.label, address, why_not(user, plan_round, step.name)))
    if not why_not_review(user, plan_round):
        found.insert(0, Action("review", _("Thẩm định"), reverse("projects:round_review", args=[plan_round.pk])))
    elif not why_not_set_deadline(user, plan_round):
        label = _("Giao, theo dõi thẩm định")
        found.insert(0, Action("review", label, reverse("projects:round_review", args=[plan_round.pk])))
    return found


def project_actions(user: User, project: Project) -> list[Action]:
    """What the user's role does with a project in its present state: what is open first, then what is shut."""
    found = []
    if has(user, "write", project.organisation_id) and project.status != Project.Status.DISCARDED:
        found.append(_edit_action(user, project))
    if has(user, "report", project.organisation_id) and not why_not_report(user, project):
        found.append(Action("report", _("Báo cáo tiến độ"), reverse("projects:progress_create", args=[project.pk])))
    if has(user, "write", project.organisation_id) and not why_not_join(user, project):
        found.append(
            Action("join", _("Đưa vào kế hoạch năm khác"), reverse("projects:project_years", args=[project.pk]))
        )
    if has(user, "adjust", project.organisation_id) and not why_not_adjust(user, project):
        found.append(Action("adjust", _("Điều chỉnh"), reverse("projects:project_adjust", args=[project.pk])))
    found += _money_actions(user, project)
    for step in _expected(user, project):
        if step.name == "submit" and project.status == Project.Status.RETURNED:
            address = reverse("projects:project_resubmit", args=[project.pk])
        elif step.name == "discard":
            address = reverse("projects:project_discard", args=[project.pk])
        elif step.name in PROJECT_STEPS:
            address = reverse("projects:project_step", args=[project.pk, step.name])
        elif step.name == "reconsider":
            found += _lines_to_reconsider(project)
            continue
        else:
            continue  # taken with its round, by a reviewer or in a decision, on their own pages
        found.append(Action(step.name, step.label, address, why_not(user, project, step.name)))
    return sorted(found, key=lambda action: bool(action.refusal))


def _lines_to_reconsider(project: Project) -> list[Action]:
    """Where a concluded line is opened again: in its round, while that is before the Department."""
    rounds = [line.round for line in project.lines.all() if line.round.status == PlanRound.Status.SUBMITTED]
    label = transitions_of(project)["reconsider"].label
    return [
        Action("reconsider", label, f"{reverse('projects:round_review', args=[one.pk])}?line={project.pk}")
        for one in rounds
    ]


def _edit_action(user: User, project: Project) -> Action:
    """A past record has a page of its own, on which it is put right until a letter confirms it."""
    if project.status == Project.Status.STATED:
        address = reverse("projects:past_record_edit", args=[project.pk])
        return Action("edit", _("Sửa hồ sơ cũ"), address, why_not_change_past(user, project))
    return Action("edit", _("Sửa"), reverse("projects:project_edit", args=[project.pk]), why_not_edit(user, project))


def _money_actions(user: User, project: Project) -> list[Action]:
    """What an accountant writes of the project: contracts, vouchers, the settlement; the next step first."""
    if not has(user, "pay", project.organisation_id) or project.status not in Project.ACCOUNTED:
        return []
    refusal = why_not_pay(user, project)
    found = []
    if project.status in Project.REPORTABLE:
        found.append(
            Action("contract", _("Ghi hợp đồng"), reverse("projects:contract_create", args=[project.pk]), refusal)
        )
    if project.status == Project.Status.ACCEPTED:
        address = reverse("projects:project_settle", args=[project.pk])
        found.append(Action("settle", _("Quyết toán"), address, refusal or why_not(user, project, "settle")))
    address = f"{reverse('projects:voucher_create')}?project={project.pk}"
    pay = Action("pay", _("Lập chứng từ"), address, refusal)
    is_next = NEXT_OF_PROJECT.get(Project.Status(project.status)) in [action.name for action in found]
    return [*found, pay] if is_next else [pay, *found]


# The step that moves a record on from each status, for “who is it waiting for?”.
NEXT_OF_ROUND = {
    PlanRound.Status.DRAFT: "submit",
    PlanRound.Status.SUBMITTED: "endorse",
    PlanRound.Status.RETURNED: "submit",
    PlanRound.Status.ENDORSED: "forward",
    PlanRound.Status.FORWARDED: "approve",
}
NEXT_OF_PROJECT = {
    Project.Status.DRAFT: "submit",
    Project.Status.SUBMITTED: "appraise",
    Project.Status.RETURNED: "submit",
    Project.Status.APPRAISED: "approve",
    Project.Status.APPROVED: "contract",
    Project.Status.CONTRACTED: "start",
    Project.Status.IN_PROGRESS: "accept",
    Project.Status.ACCEPTED: "settle",
    Project.Status.SETTLED: "liquidate",
    Project.Status.STATED: "confirm",
}


def next_step(record: Record) -> str:
    """“Ghi hợp đồng: kế toán”: what comes next and who does it; empty at the end of a life."""
    if isinstance(record, PlanRound):
        name = NEXT_OF_ROUND.get(PlanRound.Status(record.status))
    else:
        name = NEXT_OF_PROJECT.get(Project.Status(record.status))
        if name == "contract" and record.kind == Project.Kind.TASK:
            name = "start_task"
    if name is None:
        return ""
    step = transitions_of(record)[name]
    return f"{step.label}: {', '.join(inside_sentence(Role(role).label) for role in step.roles)}"


def _expected(user: User, record: Record) -> list[Transition]:
    """The steps from the record's present state that one of the user's roles takes."""
    organisation_id = organisation_id_of(record)
    return [
        step
        for step in transitions_of(record).values()
        if record.status in step.sources
        and user.holds(organisation_id, *step.roles)
        and (not step.kinds or (isinstance(record, Project) and record.kind in step.kinds))
    ]
