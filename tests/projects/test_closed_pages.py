"""A year whose books are closed says so on its pages; what can't be done says why before anything is typed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Project
from tests.factories import make_project
from tests.projects.accounting import approved_plan
from tests.there import there

pytestmark = pytest.mark.django_db
CLOSED = "Kế hoạch năm 2006 đã khóa sổ."


@pytest.fixture
def project(centre_staff: User, centre_head: User, department_head: User) -> Project:
    plan = approved_plan(staff=centre_staff, head=centre_head, department=department_head)
    AnnualPlan.objects.filter(pk=plan.pk).update(is_closed=True)
    return Project.objects.get(name="Thêu ren")


# The changes that a plan's page offers, by who may make them.
OFFERS = {"centre_head": {"plan_amounts", "round_open"}, "department_head": {"decision_create"}}


def test_plan_says_that_its_books_are_closed_and_offers_no_change(
    client: Client, project: Project, centre_staff: User, people: dict[str, User]
) -> None:
    plan = there(project.latest_plan())
    AnnualPlan.objects.update(is_closed=False)
    make_project(plan=AnnualPlan.objects.get(), by=centre_staff, name="Còn sửa được")
    for is_closed in (False, True):
        AnnualPlan.objects.update(is_closed=is_closed)
        for role, names in OFFERS.items():
            client.force_login(people[role])
            page = client.get(plan.get_absolute_url()).content.decode()
            for name in names:
                assert (reverse(f"projects:{name}", args=[plan.pk]) in page) != is_closed, name
            assert ("đã khóa sổ" in page) == is_closed
            assert ("đã khóa sổ" in client.get(reverse("projects:plan_list")).content.decode()) == is_closed


def test_buttons_of_a_project_say_why_they_are_shut(client: Client, project: Project, accountant: User) -> None:
    client.force_login(accountant)
    page = client.get(project.get_absolute_url()).content.decode()
    assert page.count(f">{CLOSED}<") == 2, "contract and voucher"


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("accountant", "/vouchers/new/?project={project}"),
        ("accountant", "/projects/{project}/contracts/new/"),
        ("centre_staff", "/projects/{project}/progress/new/"),
        ("centre_staff", "/plans/{plan}/amounts/"),
        ("department_head", "/plans/{plan}/decisions/new/"),
        ("department_head", "/plans/{plan}/carry-over/"),
        ("department_head", "/projects/{project}/adjust/"),
    ],
)
def test_page_that_can_save_nothing_says_so_instead_of_a_form(
    request: pytest.FixtureRequest, client: Client, project: Project, role: str, address: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    answer = client.get(address.format(project=project.pk, plan=there(project.latest_plan()).pk))
    assert answer.status_code == 403 and CLOSED in answer.content.decode()
