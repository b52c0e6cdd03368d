"""The projects of 2006 as if the system had been there that year: sent, appraised, approved and reported.

The demo tells what an article tells, as past records; what needs a year that lives is tried on this one.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from khuyencong.accounts.models import Organisation, User
from khuyencong.funding import Nature
from programmes.models import AnnualPlan, Authority, Decision, FundingSource, PlanRound
from projects.management.demo import CASE, CENTRE, DEPARTMENT, SOURCE_CODES, read_row
from projects.models import CostLine, ProgressReport, Project
from projects.services.decisions import ApprovedChange, AssignedChange, record_decision
from projects.services.progress import add_progress_report
from projects.services.projects import create_project
from projects.services.rounds import submit_round
from projects.services.steps import take_step
from tests.factories import review


def live_2006(people: dict[str, User]) -> AnnualPlan:
    """Enters, submits, decides and reports the six projects; returns their plan."""
    case = json.loads(CASE.read_text(encoding="utf-8"))
    plan = AnnualPlan.objects.create(organisation=Organisation.objects.get(code=CENTRE), year=case["year"])
    for row in case["projects"]:
        project, data = read_row(plan, row)
        create_project(project=project, data=data, actor=people["centre_staff"])
    for letter in case["decisions"]:
        _decide(plan, letter, people)
    for project in Project.objects.in_plans([plan]).order_by("pk"):
        words = case["stated_result"]["words"]
        report = ProgressReport(month=dt.date(case["year"], 12, 1), is_on_schedule=True, done=words)
        add_progress_report(
            project=project, report=report, amounts={}, actor=people["centre_staff"], version=project.version
        )
    return plan


def _decide(plan: AnnualPlan, letter: dict[str, Any], people: dict[str, User]) -> None:
    """Takes the round of the letter's level through the Department and records the letter."""
    plan_round = PlanRound.objects.get(plan=plan, level=letter["level"])
    issued_on = dt.date.fromisoformat(letter["issued_on"]) if letter["issued_on"] else None
    on = issued_on or dt.date(plan.year, 3, 1)
    submit_round(plan_round=plan_round, actor=people["centre_head"], on=on)
    for project in Project.objects.in_round(plan_round).order_by("pk"):
        review(plan_round=plan_round, project=project, by=people["reviewer"])
    for step, role in (("endorse", "reviewer"), ("forward", "department_head")):
        take_step(plan_round, step, actor=people[role], on=on)
    source = FundingSource.objects.get(code=SOURCE_CODES[letter["level"]])
    costs = CostLine.objects.of_round(plan_round).filter(source=source)
    decision = Decision(
        organisation=Organisation.objects.get(code=DEPARTMENT),
        authority=Authority.objects.filter(name=letter["issuer"]).first(),
        number=letter["number"] or "",
        is_number_unknown=not letter["number"],
        issued_on=issued_on,
        is_date_unknown=issued_on is None,
        effective_on=on,
        summary=letter["summary"],
    )
    record_decision(
        plan=plan,
        decision=decision,
        assigned=[AssignedChange(source, None, letter["assigns_vnd"])],
        approved=[ApprovedChange(cost.key, None, cost.amount_vnd) for cost in costs],
        nature=Nature.ADJUSTMENT,
        actor=people["department_head"],
    )
