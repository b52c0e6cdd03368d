"""The programme of Hải Phòng in 2006, entered through the same services as any other, by the people of the demo."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from khuyencong.accounts.models import Membership, Organisation, Role, User
from khuyencong.funding import Nature
from programmes.models import ActivityType, AdminUnit, AnnualPlan, Authority, Decision, FundingSource, PlanRound
from programmes.models.decision import counted_from
from projects.models import (
    Appraisal,
    AppraisalAnswer,
    Beneficiary,
    CostLine,
    PlanLine,
    ProgressReport,
    Project,
)
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.progress import add_progress_report
from projects.services.project_parts import SupportInput
from projects.services.projects import ContentInput, ProjectInput, create_project
from projects.services.review import CriterionAnswer, review_project
from projects.services.rounds import submit_round
from projects.services.steps import take_step

CASE = Path(__file__).parent.parent / "data" / "hai-phong-2006.json"
CENTRE, DEPARTMENT, PROVINCE = "trung-tam-hai-phong", "so-cong-thuong-hai-phong", "hai-phong"
# Role → the unit over which the person of that name holds it.
SCOPES = {
    Role.CENTRE_STAFF: CENTRE,
    Role.CENTRE_HEAD: CENTRE,
    Role.ACCOUNTANT: CENTRE,
    Role.REVIEWER: DEPARTMENT,
    Role.DEPARTMENT_HEAD: DEPARTMENT,
    Role.OBSERVER: PROVINCE,
    Role.ADMINISTRATOR: PROVINCE,
}
SOURCE_CODES = {"city": "KCDP", "national": "KCQG"}
UNDATED = gettext_noop("Ngày không rõ: lấy ngày có hiệu lực của quyết định.")
DONE = "Đã thực hiện đúng tiến độ và có hiệu quả (theo bài viết về hoạt động khuyến công Hải Phòng năm 2006)."


def make_people(password: str) -> dict[str, User]:
    """One person per role, named by its code; who is there already is left as they are."""
    people = {}
    for role, code in SCOPES.items():
        user, is_new = User.objects.get_or_create(username=role.value, defaults={"full_name": role.value})
        if is_new:
            user.set_password(password)
            user.save()
            Membership.objects.create(user=user, scope=Organisation.objects.get(code=code), role=role)
        people[role.value] = user
    return people


def give_addresses(people: dict[str, User]) -> None:
    """E-mail addresses, once the case is loaded: nobody is told of what happened in 2006."""
    for user in people.values():
        User.objects.filter(pk=user.pk, email="").update(email=f"{user.username}@example.org")


@transaction.atomic
def load_case(people: dict[str, User]) -> AnnualPlan:
    """Enters, submits, decides and reports the six projects of 2006; returns their plan."""
    case = json.loads(CASE.read_text(encoding="utf-8"))
    plan = AnnualPlan.objects.create(organisation=Organisation.objects.get(code=CENTRE), year=case["year"])
    for row in case["projects"]:
        _enter(plan, row, people["centre_staff"])
    for letter in case["decisions"]:
        _decide(plan, letter, people)
    for project in Project.objects.in_plans([plan]).order_by("pk"):
        report = ProgressReport(month=dt.date(case["year"], 12, 1), is_on_schedule=True, done=DONE)
        add_progress_report(
            project=project, report=report, amounts={}, actor=people["centre_staff"], version=project.version
        )
    return plan


def _enter(plan: AnnualPlan, row: dict[str, Any], staff: User) -> Project:
    kinds = {"group": Project.Kind.GROUP, None: Project.Kind.TASK}
    project = Project(
        name=row["name"], kind=kinds.get(row["beneficiary_type"], Project.Kind.SINGLE), area_scope=row["area_scope"]
    )
    source = FundingSource.objects.get(code=SOURCE_CODES[row["source"]])
    content = ContentInput(ActivityType.objects.get(code=row["activity_code"]), {source: row["amount_vnd"]})
    places = AdminUnit.objects.valid_on(dt.date(plan.year, 12, 31)).filter(code__in=row["area_codes"])
    data = ProjectInput(plan=plan, contents=[content], places=list(places), supports=_supports(plan, row))
    return create_project(project=project, data=data, actor=staff)


def _supports(plan: AnnualPlan, row: dict[str, Any]) -> list[SupportInput]:
    if row["beneficiary"]:
        province = Organisation.objects.get(code=PROVINCE)
        beneficiary = Beneficiary(province=province, name=row["beneficiary"], type=row["beneficiary_type"])
        return [SupportInput(new_beneficiary=beneficiary)]
    if row["beneficiary_type"] == "group":
        return [SupportInput(group_description=row["group_description"])]
    return []


def _review(plan_round: PlanRound, people: dict[str, User], on: dt.date) -> None:
    """Takes the round through the Department: every line appraised, the round endorsed and forwarded."""
    met = {criterion: CriterionAnswer(AppraisalAnswer.Verdict.MET) for criterion in AppraisalAnswer.Criterion.values}
    for project in Project.objects.filter(lines__round=plan_round).order_by("pk"):
        review_project(
            plan_round=plan_round,
            project=project,
            conclusion=Appraisal.Conclusion.ACCEPT,
            answers=met,
            note=UNDATED,
            actor=people["reviewer"],
            on=on,
            version=project.version,
        )
    take_step(plan_round, "endorse", actor=people["reviewer"], on=on, reason=UNDATED)
    take_step(plan_round, "forward", actor=people["department_head"], on=on, reason=UNDATED)


def _decide(plan: AnnualPlan, letter: dict[str, Any], people: dict[str, User]) -> None:
    """Submits the round of the letter's level and records the letter; what it does not say stays unknown."""
    plan_round = PlanRound.objects.get(plan=plan, level=letter["level"])
    issued_on = dt.date.fromisoformat(letter["issued_on"]) if letter["issued_on"] else None
    effective_on = counted_from(issued_on, year=plan.year, today=timezone.localdate())
    submit_round(plan_round=plan_round, actor=people["centre_head"], on=effective_on, note=UNDATED)
    decision = Decision(
        organisation=Organisation.objects.get(code=DEPARTMENT),
        authority=Authority.objects.filter(name=letter["issuer"]).first(),
        number=letter["number"] or "",
        is_number_unknown=not letter["number"],
        issued_on=issued_on,
        is_date_unknown=issued_on is None,
        kind=letter["kind"],
        subject=letter["subject"],
        effective_on=effective_on,
        summary="" if issued_on else "Giao qua Sở Công nghiệp; chưa rõ số, ngày",
    )
    _review(plan_round, people, on=effective_on)
    source = FundingSource.objects.get(code=SOURCE_CODES[letter["level"]])
    costs = CostLine.objects.filter(plan_line__in=PlanLine.objects.filter(round=plan_round), source=source)
    record_decision(
        plan=plan,
        decision=decision,
        assigned=[AssignedChange(source, None, letter["assigns_vnd"])],
        approved=[
            ApprovedChange((cost.plan_line_id, cost.component_id, source.pk), None, cost.amount_vnd) for cost in costs
        ],
        nature=Nature.ADJUSTMENT,
        actor=people["department_head"],
    )
