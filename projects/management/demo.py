"""The programme of Hải Phòng in 2006 as an article tells it: past records, entered and confirmed by services.

docs/demo-2006.md says of each sentence of the article where the product shows it.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from khuyencong.accounts.models import Membership, Organisation, Role, User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, Authority, FundingSource
from projects.models import Beneficiary, PastLetter, Project
from projects.services.past_letter_lines import LetterLine
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
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
    letters = {one["level"]: _prepare(plan, one, people["centre_staff"]) for one in case["decisions"]}
    for row in case["projects"]:
        _enter(plan, row, case["stated_result"], letters[row["source"]], people["centre_staff"])
    for letter in letters.values():
        send_past_letter(letter=letter, actor=people["centre_staff"])
        letter.refresh_from_db()
        confirm_past_letter(letter=letter, version=letter.version, actor=people["department_head"])
    assess_year(plan=plan, **case["assessment"], seen=None, actor=people["centre_staff"])
    return plan


def _enter(plan: AnnualPlan, row: dict[str, Any], result: dict[str, Any], letter: PastLetter, staff: User) -> None:
    project, data = read_row(plan, row)
    [content] = data.contents
    lines = [LetterLine(letter, content.activity_type, source, vnd or 0) for source, vnd in content.amounts.items()]
    stated = StatedOutcome(
        outcome=result["outcome"],
        source=result["source"],
        is_on_schedule=result["is_on_schedule"],
        words=result["words"],
    )
    enter_past_record(project=project, data=data, stated=stated, lines=lines, actor=staff)


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


def _prepare(plan: AnnualPlan, letter: dict[str, Any], staff: User) -> PastLetter:
    """The letter of one level; what the article does not say of it stays unknown."""
    head = LetterHead(
        kind=letter["kind"],
        authority=Authority.objects.filter(name=letter["issuer"]).first(),
        number=letter["number"] or "",
        issued_on=dt.date.fromisoformat(letter["issued_on"]) if letter["issued_on"] else None,
        subject=letter["subject"],
        summary=letter["summary"],
    )
    assigned = {FundingSource.objects.get(code=SOURCE_CODES[letter["level"]]): letter["assigns_vnd"]}
    return prepare_past_letter(plan=plan, head=head, assigned=assigned, actor=staff)
