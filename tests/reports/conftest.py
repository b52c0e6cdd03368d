"""The programme of 2006 as it is loaded for a demo, and a plan in which money stands in several places."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.management.demo import load_case, make_people
from projects.models import Project
from tests.factories import MILLION, decide, district, make_plan, make_project, requested_cells, submit_all
from tests.kept import kept
from tests.law import load_law
from tests.people import PASSWORD


@pytest.fixture
@kept
def people_2006(numbers: None) -> dict[str, User]:
    """Everyone of the demo, with the six projects of 2006 entered, approved and reported."""
    load_law()
    people = make_people(PASSWORD)
    load_case(people)
    return people


@pytest.fixture
@kept
def pilot_plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """One project of two contents and two sources; beside it a plain one."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    contents = {
        "134-1": {"KCDP": 10 * MILLION, "KCQG": 20 * MILLION, "DOIUNG": 7 * MILLION},
        "134-3": {"KCDP": 30 * MILLION, "KCQG": 40 * MILLION},
    }
    make_project(plan=plan, by=centre_staff, name="Đề án điểm", kind=Project.Kind.PILOT, contents=contents)
    make_project(plan=plan, by=centre_staff, name="Một nguồn", places=[district("314", "Huyện Kiến Thụy")])
    submit_all(plan=plan, by=centre_head)
    needed = {"KCDP": 100 * MILLION, "KCQG": 60 * MILLION}
    decide(plan=plan, by=department_head, assigned=needed, approved=requested_cells(plan))
    return plan
