"""The programme of Hải Phòng in 2006 as an article tells it: past records, entered and confirmed by services.

docs/demo-2006.md says of each sentence of the article where the product shows it.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from khuyencong.accounts.models import Membership, Organisation, Role, User
from khuyencong.funding import Nature
from programmes.models import ActivityType, AdminUnit, AnnualPlan, Authority, Decision, FundingSource
from programmes.models.decision import counted_from
from projects.models import Beneficiary, CostLine, Project
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.past_records import StatedOutcome, enter_past_record
from projects.services.plans import create_plan
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.year_assessments import assess_year

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
    """Enters the six projects of 2006 as past records and confirms their money, letter by letter; returns their plan.

    The article tells no appraisal, no start and no monthly report, so none is entered.
    """
    case = json.loads(CASE.read_text(encoding="utf-8"))
    centre = Organisation.objects.get(code=CENTRE)
    if not centre.works_since:
        centre.works_since = case["centre_operating_since"]
        centre.full_clean()
        centre.save()
    plan = create_plan(organisation=centre, year=case["year"], actor=people["centre_head"])
    for row in case["projects"]:
        _enter(plan, row, case["stated_result"], people["centre_staff"])
    for letter in case["decisions"]:
        _confirm(plan, letter, people["department_head"])
    assess_year(plan=plan, **case["assessment"], seen=None, actor=people["centre_staff"])
    return plan


def _enter(plan: AnnualPlan, row: dict[str, Any], result: dict[str, Any], staff: User) -> None:
    project, data = read_row(plan, row)
    stated = StatedOutcome(
        outcome=result["outcome"],
        source=result["source"],
        is_on_schedule=result["is_on_schedule"],
        words=result["words"],
    )
    enter_past_record(project=project, data=data, stated=stated, actor=staff)


def read_row(plan: AnnualPlan, row: dict[str, Any]) -> tuple[Project, ProjectInput]:
    """A project as the article tells it, not stored yet."""
    kinds = {"group": Project.Kind.GROUP, None: Project.Kind.TASK}
    project = Project(
        name=row["name"],
        kind=kinds.get(row["beneficiary_type"], Project.Kind.SINGLE),
        area_scope=row["area_scope"],
        parties=row.get("place_words", ""),
    )
    source = FundingSource.objects.get(code=SOURCE_CODES[row["source"]])
    content = ContentInput(ActivityType.objects.get(code=row["activity_code"]), {source: row["amount_vnd"]})
    places = list(AdminUnit.objects.valid_on(dt.date(plan.year, 12, 31)).filter(code__in=row["area_codes"]))
    return project, ProjectInput(plan=plan, contents=[content], places=places, supports=_supports(row, places))


def _supports(row: dict[str, Any], places: list[AdminUnit]) -> list[SupportInput]:
    """An establishment stands in the district that the article names with it."""
    if row["beneficiary"]:
        province = Organisation.objects.get(code=PROVINCE)
        unit = places[0] if len(places) == 1 else None
        beneficiary = Beneficiary(province=province, name=row["beneficiary"], type=row["beneficiary_type"], unit=unit)
        return [SupportInput(new_beneficiary=beneficiary)]
    if row.get("group_description"):
        return [SupportInput(group_description=row["group_description"])]
    return []


def _confirm(plan: AnnualPlan, letter: dict[str, Any], head: User) -> None:
    """Records the letter of one level; what it does not say stays unknown."""
    issued_on = dt.date.fromisoformat(letter["issued_on"]) if letter["issued_on"] else None
    decision = Decision(
        organisation=Organisation.objects.get(code=DEPARTMENT),
        authority=Authority.objects.filter(name=letter["issuer"]).first(),
        number=letter["number"] or "",
        is_number_unknown=not letter["number"],
        issued_on=issued_on,
        is_date_unknown=issued_on is None,
        kind=letter["kind"],
        subject=letter["subject"],
        effective_on=counted_from(issued_on, year=plan.year, today=timezone.localdate()),
        summary=letter["summary"],
    )
    source = FundingSource.objects.get(code=SOURCE_CODES[letter["level"]])
    costs = CostLine.objects.for_plans([plan]).filter(source=source)
    record_decision(
        plan=plan,
        decision=decision,
        assigned=[AssignedChange(source, None, letter["assigns_vnd"])],
        approved=[ApprovedChange(cost.key, None, cost.amount_vnd) for cost in costs],
        nature=Nature.ADJUSTMENT,
        actor=head,
    )
