"""A page that refuses says the reason that holds: of the right, of the step, of the year."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import Project
from projects.rules.permissions import RIGHTS
from tests.factories import make_plan, make_project, submit_all

pytestmark = pytest.mark.django_db
CLOSED = "Kế hoạch năm 2006 đã khóa sổ."


def refusal_at(client: Client, address: str, **data: str) -> str:
    """What the page says that answers 403; opened, or with ``data`` sent."""
    pk = {"project": Project.objects.earliest("pk").pk, "round": PlanRound.objects.get().pk}
    named = address.format(**pk, plan=AnnualPlan.objects.earliest("pk").pk, letter=Decision.objects.earliest("pk").pk)
    answer = client.post(named, data) if data else client.get(named)
    assert answer.status_code == 403, named
    return str(answer.context["refusal"])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/plans/new/", "plan"),
        ("/projects/new/", "write"),
        ("/projects/{project}/edit/", "write"),
        ("/projects/{project}/warnings/", "write"),
        ("/projects/{project}/documents/", "attach"),
        ("/projects/{project}/comments/", "comment"),
        ("/decisions/{letter}/documents/", "attach"),
        ("/decisions/{letter}/correct/", "correct"),
        ("/beneficiaries/new/", "registry"),
    ],
)
def test_whoever_lacks_the_right_reads_who_has_it(
    client: Client, observer: User, plan: AnnualPlan, address: str, code: str
) -> None:
    client.force_login(observer)
    assert refusal_at(client, address) == RIGHTS[code].refusal()


def test_whoever_does_not_review_reads_who_does(client: Client, observer: User, plan: AnnualPlan) -> None:
    client.force_login(observer)
    assert refusal_at(client, "/rounds/{round}/review/{project}/", note="x") == RIGHTS["review"].refusal()


@pytest.mark.parametrize("name", ["submit", "recall"])
def test_steps_of_a_round_say_who_takes_them_and_from_which_state(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan, name: str
) -> None:
    client.force_login(centre_staff)
    assert "do lãnh đạo Trung tâm thực hiện." in refusal_at(client, f"/rounds/{{round}}/{name}/", sent="1")
    client.force_login(centre_head)
    assert "Đang ở trạng thái “Đã phê duyệt”" in refusal_at(client, f"/rounds/{{round}}/{name}/", sent="1")


def test_a_line_is_not_reviewed_after_its_round(client: Client, reviewer: User, plan: AnnualPlan) -> None:
    client.force_login(reviewer)
    address = "/rounds/{round}/review/{project}/"
    assert refusal_at(client, address, note="x") == "Đợt này không ở bước Sở thẩm định."


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("centre_head", "/rounds/{round}/submit/"),
        ("centre_staff", "/projects/{project}/warnings/"),
        ("department_head", "/decisions/{letter}/correct/"),
    ],
)
def test_whoever_has_the_right_reads_that_the_year_is_closed(
    request: pytest.FixtureRequest, client: Client, plan: AnnualPlan, role: str, address: str
) -> None:
    AnnualPlan.objects.update(is_closed=True)
    client.force_login(request.getfixturevalue(role))
    assert refusal_at(client, address) == CLOSED


def test_a_line_of_a_year_closed_under_review_is_not_reviewed(
    client: Client, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    AnnualPlan.objects.update(is_closed=True)
    client.force_login(reviewer)
    answer = client.post(f"/rounds/{PlanRound.objects.get().pk}/review/{project.pk}/", {"note": "x"})
    assert (answer.status_code, str(answer.context["refusal"])) == (403, CLOSED)
