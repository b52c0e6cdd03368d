"""Days of another year than the plan's are stored as they were typed, and told: on saving, on the page, in the list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Project
from projects.rules.warnings import warnings_of
from tests.factories import make_plan, make_project, submit_all
from tests.sent import fields_of

pytestmark = pytest.mark.django_db
TOLD = "Thời gian thực hiện (01/03/2002 – 30/11/2002) nằm ngoài năm kế hoạch 2006."


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def project(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff)


def codes(project: Project, start: dt.date | None, end: dt.date | None) -> list[str]:
    Project.objects.filter(pk=project.pk).update(start_on=start, end_on=end)
    found = warnings_of(Project.objects.for_detail().get(pk=project.pk), user=None)
    return [one.code for one in found if one.code == "time_outside" and not one.needs_reason]


def test_days_typed_for_another_year_are_told_and_stored(client: Client, centre_staff: User, project: Project) -> None:
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    days = {"start_on": "01/03/2002", "end_on": "30/11/2002"}
    page = client.post(address, fields_of(client.get(address)) | days, follow=True).content.decode()
    assert page.count(TOLD) == 2, "as a word about the save, and among the warnings"
    project.refresh_from_db()
    assert project.start_on == dt.date(2002, 3, 1)
    assert "thời gian ngoài năm kế hoạch" in client.get(reverse("projects:project_list")).content.decode()
    new = f"{reverse('projects:project_create')}?plan={project.plans[0].pk}&copy={project.pk}"
    sent = fields_of(client.get(new)) | {"name": "Chiếu cói"} | days
    assert TOLD in client.post(new, sent, follow=True).content.decode()


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [
        (None, None, False),
        ((2005, 12, 31), None, True),
        ((2006, 1, 1), None, False),
        (None, (2006, 12, 31), False),
        (None, (2007, 1, 1), True),
        ((2005, 6, 1), (2006, 1, 1), False),
        ((2005, 6, 1), (2007, 6, 1), False),
        ((2005, 6, 1), (2005, 12, 31), True),
        ((2006, 12, 31), (2007, 6, 1), False),
        ((2007, 1, 1), (2007, 6, 1), True),
    ],
)
def test_one_day_in_the_year_is_enough(
    project: Project, start: tuple[int, int, int] | None, end: tuple[int, int, int] | None, is_told: bool
) -> None:
    days = [dt.date(*day) if day else None for day in (start, end)]
    assert codes(project, *days) == ["time_outside"] * is_told


def test_project_of_several_years_has_the_days_of_each(project: Project, centre_staff: User) -> None:
    following = make_plan(organisation=project.organisation, year=2008)
    project.lines.create(round=following.rounds.create(level="city", number=1))
    assert codes(project, dt.date(2007, 3, 1), dt.date(2007, 9, 1)) == [], "between its years"
    assert codes(project, dt.date(2009, 3, 1), None) == ["time_outside"]


def test_it_only_informs(plan: AnnualPlan, project: Project, centre_head: User) -> None:
    assert codes(project, dt.date(2002, 3, 1), None) == ["time_outside"]
    submit_all(plan=plan, by=centre_head)
    project.refresh_from_db()
    assert project.status == "submitted"
