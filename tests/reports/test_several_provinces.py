"""Whoever sees plans of several provinces chooses one: a document has one issuer and holds what is under it alone."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import Membership, User
from reports.models import SubmittedReport
from tests.factories import make_plan, make_project
from tests.kept import kept
from tests.people import Tree, make_person, make_tree
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db

CHOOSE = "Bạn xem được kế hoạch của nhiều tỉnh, thành phố. Hãy chọn một đơn vị."
PAGES = (
    "/reports/catalogue/areas/",
    "/reports/catalogue/areas/print/",
    "/reports/catalogue/areas.xlsx",
    "/reports/dashboard/",
    "/reports/annual/",
    "/reports/annual/print/",
    "/reports/annual.xlsx",
    "/reports/annual.docx",
    "/reports/form-2.xlsx",
    "/reports/period/",
    "/reports/period/print/",
    "/reports/period.xlsx",
)
KINDS = ("annual", "annual_draft", "form_2", "areas", "period")
SECRET = "Dệt thảm của Quảng Ninh"


@pytest.fixture
@kept
def neighbour(tree: Tree, centre_staff: User, centre_head: User) -> Tree:
    """The head of the Centre of Hải Phòng may read Quảng Ninh too."""
    other = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    there = make_person(role="centre_staff", scope=other.centre, username="there")
    make_project(plan=make_plan(organisation=other.centre), by=there, name=SECRET)
    make_project(plan=make_plan(organisation=tree.centre), by=centre_staff, name="Dệt chiếu của Hải Phòng")
    Membership.objects.create(user=centre_head, scope=other.province, role="observer")
    return other


def query_of(address: str) -> str:
    return "?year=2006&period=q4" if "period" in address else "?year=2006"


@pytest.mark.parametrize("address", PAGES)
def test_each_page_and_file_asks_to_choose(neighbour: Tree, centre_head: User, client: Client, address: str) -> None:
    client.force_login(centre_head)
    answer = client.get(address + query_of(address))
    assert answer.status_code in (400, 404)
    page = answer.content.decode()
    assert CHOOSE in page and "Trung tâm Khuyến công Hải Phòng" in page and SECRET not in page


def test_the_list_of_reports_begins_with_one_of_them(neighbour: Tree, centre_head: User, client: Client) -> None:
    client.force_login(centre_head)
    page = client.get("/reports/")
    assert page.status_code == 200
    assert page.context["choice"].chosen == neighbour.province, "in the order of their names: Thành phố Quảng Ninh"
    assert {plan.organisation for plan in page.context["choice"].plans} == {neighbour.centre}


@pytest.mark.parametrize("address", PAGES)
def test_what_is_chosen_stands_alone(neighbour: Tree, centre_head: User, client: Client, address: str) -> None:
    client.force_login(centre_head)
    answer = client.get(f"{address}{query_of(address)}&organisation=trung-tam-hai-phong")
    assert answer.status_code == 200 and SECRET.encode() not in answer.content


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_neighbour_is_submitted(neighbour: Tree, centre_head: User, client: Client, kind: str) -> None:
    client.force_login(centre_head)
    address = f"/reports/submitted/new/{query_of(kind)}&kind={kind}"
    assert CHOOSE in text_of(client, address, 404)
    chosen = f"{address}&organisation=trung-tam-hai-phong"
    form = client.get(chosen)
    data = {"submitted_on": "01/02/2026", "seen": form.context["draft"].digest}
    assert client.post(chosen, data).status_code == 302
    report = SubmittedReport.objects.get()
    assert SECRET not in report.book and "Hải Phòng" in report.book


def test_who_sees_a_part_of_a_department_reads_which_part(tree: Tree, centre_staff: User, client: Client) -> None:
    """Two Centres of three: the total is not that of the Department whose name stands above it."""
    for number in (1, 2, 3):
        centre = type(tree.centre).objects.create(
            code=f"trung-tam-{number}", kind="centre", name=f"Trung tâm số {number}", parent=tree.department
        )
        writer = make_person(role="centre_staff", scope=centre, username=f"writer_{number}")
        make_project(plan=make_plan(organisation=centre), by=writer, name=f"Đề án {number}")
        if number < 3:
            Membership.objects.create(user=centre_staff, scope=centre, role="observer")
    client.force_login(centre_staff)
    for address in (
        "catalogue/areas/",
        "catalogue/areas/print/",
        "annual/",
        "annual/print/",
        "period/",
        "period/print/",
    ):
        said = text_of(client, f"/reports/{address}{query_of(address)}")
        assert "Phạm vi: Trung tâm số 1, Trung tâm số 2" in said, address
    chosen = text_of(client, "/reports/catalogue/areas/?year=2006&organisation=trung-tam-1")
    assert "Phạm vi:" not in chosen
