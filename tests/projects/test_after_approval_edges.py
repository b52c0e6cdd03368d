"""After approval, at the edges: records that changed meanwhile, closed years, letters of which little is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.ledger.letter_amounts import amounts_around
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, Project
from projects.papers.letter_papers import appendix
from projects.refusals import PlanClosed
from projects.services.adjust import Adjusted, adjust_project
from projects.services.corrections import Correction, record_corrections
from projects.services.decision_checks import DecisionRefused
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import update_project
from projects.services.years import join_plan
from tests.factories import (
    MILLION,
    activity,
    approved_project,
    authority,
    decide,
    district,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
)
from tests.kept import kept
from tests.there import there

pytestmark = pytest.mark.django_db
LATER = dt.date(2006, 8, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Thêu ren approved with 60 triệu of city money."""
    return there(approved_project(staff=centre_staff, head=centre_head, department=department_head).latest_plan())


def post_letter(client: Client, plan: AnnualPlan, sheet: dict[str, str], **head: Any) -> Any:
    known = {
        "number": "9/QĐ",
        "issued_on": "01/08/2006",
        "authority": str(authority().pk),
        "summary": "Theo đề nghị của Trung tâm",
    }
    return client.post(reverse("projects:decision_create", args=[plan.pk]), known | head | sheet)


def adjust(
    project: Project, plan: AnnualPlan, decision: Decision, by: User, reason: str = "Đổi lịch", **changes: Any
) -> None:
    stands: dict[str, Any] = {
        "start_on": project.start_on,
        "end_on": project.end_on,
        "area_scope": project.area_scope,
        "places": list(project.places.all()),
        "supports": [SupportInput(group_description="Lao động nông thôn")],
    }
    wanted = Adjusted(**(stands | changes))
    adjust_project(
        project=project, plan=plan, decision=decision, wanted=wanted, reason=reason, actor=by, version=project.version
    )
    project.refresh_from_db()


def letter(plan: AnnualPlan, level: str = "city", number: str = "9/QĐ") -> Decision:
    return make_decision(organisation=plan.organisation.parent, number=number, on=LATER, level=level)


def test_tick_to_stop_a_project_that_was_accepted_meanwhile_is_refused(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    """It must not pass for an adjustment to nothing."""
    client.force_login(department_head)
    [(line, component, of)] = approved_cells(plan)
    prefix = f"line-{line}-{component}-{of}"
    Project.objects.update(status=Project.Status.ACCEPTED)
    response = post_letter(client, plan, {f"{prefix}-before": str(60 * MILLION), f"{prefix}-stop": "on"})
    assert response.status_code == 422
    assert "không thực hiện được bước “Ngừng thực hiện”" in response.content.decode()
    assert list(approved_cells(plan).values()) == [60 * MILLION]
    assert not Decision.objects.filter(number="9/QĐ").exists()


def test_stop_leaves_a_closed_year_as_it_was_settled(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    centre = centre_staff.memberships.get().scope
    first, second = make_plan(organisation=centre), make_plan(organisation=centre, year=2007)
    project = make_project(plan=first, by=centre_staff, name="Hai năm")
    data = ProjectInput(
        plan=second,
        contents=[ContentInput(activity(), {source("KCDP"): 30 * MILLION})],
        places=[district()],
        supports=[SupportInput(group_description="Lao động")],
    )
    update_project(project=project, data=data, version=project.version, actor=centre_staff)
    on = dt.date(2006, 12, 1)
    for plan in (first, second):
        submit_all(plan=plan, by=centre_head)
        cells, number = requested_cells(plan), f"{plan.year}/QĐ"
        decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=cells, number=number, on=on)
    AnnualPlan.objects.filter(pk=first.pk).update(is_closed=True)
    [key] = approved_cells(second)
    decide(plan=second, by=department_head, approved={key: 0}, number="9/QĐ", on=dt.date(2007, 3, 1), stopped=[key])
    assert [envelopes([plan])[1].approved_vnd for plan in (first, second)] == [60 * MILLION, 0]


@pytest.mark.usefixtures("deciders")
def test_start_in_the_next_year_is_an_extension_too(plan: AnnualPlan, department_head: User) -> None:
    project = Project.objects.get()
    with pytest.raises(DecisionRefused, match="kéo dài sang năm sau"):
        adjust(project, plan, letter(plan, "department"), department_head, start_on=dt.date(2007, 3, 1))
    adjust(Project.objects.get(), plan, letter(plan), department_head, start_on=dt.date(2007, 3, 1))
    assert Project.objects.get().start_on == dt.date(2007, 3, 1)


def test_correcting_a_correction_goes_to_the_slip(plan: AnnualPlan, department_head: User) -> None:
    slip = ApprovalEntry.objects.get()

    def correct(entry: ApprovalEntry, right_vnd: int) -> None:
        one = Correction(entry, amounts_around([entry])[entry][1], right_vnd)
        record_corrections(decision=slip.decision, corrections=[one], reason="Gõ nhầm", actor=department_head)

    correct(slip, 50 * MILLION)
    correct(slip.corrections.get(), 55 * MILLION)
    assert slip.corrections.count() == 2 and list(approved_cells(plan).values()) == [55 * MILLION]


def test_plan_closed_while_the_page_was_open_is_not_corrected(plan: AnnualPlan, department_head: User) -> None:
    slip = ApprovalEntry.objects.get()
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed, match="2006 đã khóa sổ"):
        one = Correction(slip, 60 * MILLION, 50 * MILLION)
        record_corrections(decision=slip.decision, corrections=[one], reason="Gõ nhầm", actor=department_head)


def test_appendix_tells_only_what_its_letter_changed(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    """The project joined next year's plan before; that money was asked for without this letter."""
    project = Project.objects.get()
    other = make_plan(organisation=plan.organisation, year=2007)
    asked = {(project.components.get().pk, source("KCDP")): 5 * MILLION}
    join_plan(project=project, plan=other, asked=asked, actor=centre_staff, version=project.version)
    project.refresh_from_db()
    decision = letter(plan)
    adjust(project, other, decision, department_head, "Đổi nơi", places=[district("314", "Huyện Kiến Thụy")])
    adjust(project, other, decision, department_head, "Đổi lịch", end_on=dt.date(2006, 11, 30))
    rows = appendix(decision, department_head).texts
    assert [(row.difference.field, row.difference.after, row.reason) for row in rows] == [
        ("places", "Huyện Kiến Thụy", "Đổi nơi"),
        ("end_on", "30/11/2006", "Đổi lịch"),
    ]


def test_appendix_asks_the_same_number_of_questions_for_more_projects(
    plan: AnnualPlan,
    centre_staff: User,
    centre_head: User,
    department_head: User,
) -> None:
    decision = letter(plan)
    adjust(Project.objects.get(), plan, decision, department_head, end_on=dt.date(2006, 11, 30))
    reader = User.objects.get(pk=department_head.pk)
    with CaptureQueriesContext(connection) as few:
        assert len(appendix(decision, reader).texts) == 1
    for number in range(5):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": MILLION})
    submit_all(plan=plan, by=centre_head)
    fresh = {key: vnd for key, vnd in requested_cells(plan).items() if key not in approved_cells(plan)}
    decide(plan=plan, by=department_head, assigned={"KCDP": 65 * MILLION}, approved=fresh, number="2/QĐ")
    for project in Project.objects.exclude(name="Thêu ren"):
        adjust(project, plan, decision, department_head, end_on=dt.date(2006, 11, 30))
    reader = User.objects.get(pk=department_head.pk)
    with CaptureQueriesContext(connection) as many:
        assert len(appendix(decision, reader).texts) == 6
    assert len(many) == len(few)
