"""What only many rows show: queries for each of them, and statements that a database takes no more."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.models import Beneficiary, Support, Voucher
from projects.rules.warnings import findings_of_projects
from reports.catalogue.definitions import REPORTS
from tests.benchmarks.decade import build
from tests.factories import MILLION, make_plan, make_project
from tests.people import Tree

pytestmark = pytest.mark.django_db

REPORT_PAGES = [f"/reports/catalogue/{report.code}/" for report in REPORTS]
FILES = ["/reports/annual.xlsx", "/reports/annual.docx", "/reports/form-2.xlsx"]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.getvalue()
    return len(queries)


def test_queries_do_not_grow_with_establishments_and_projects(client: Client) -> None:
    # Both years that are asked have one before them and one after them.
    client.force_login(build({2017: 3, 2018: 30, 2019: 300, 2020: 3}))
    assert Beneficiary.objects.count() == 200
    pages = [*REPORT_PAGES, "/reports/annual/", *FILES]
    few, many = ({page: queries_of(client, f"{page}?year={year}") for page in pages} for year in (2018, 2019))
    assert many == few


def test_queries_of_submitting_a_round_do_not_grow_with_who_is_helped(
    client: Client, tree: Tree, centre_staff: User, centre_head: User
) -> None:
    plan = make_plan(organisation=tree.centre, year=2006)
    client.force_login(centre_head)
    counts = []
    for number in range(2, 23):
        project = make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": MILLION})
        name = f"Cơ sở {number}"
        helped = Beneficiary.objects.create(province=tree.province, name=name, type=Beneficiary.Type.ENTERPRISE)
        Support.objects.filter(project=project).update(beneficiary=helped, group_description="")
        if number in (2, 22):
            counts.append(queries_of(client, f"/rounds/{plan.rounds.get().pk}/submit/"))
    assert counts[0] == counts[1]


def test_report_of_what_is_over_the_norm_judges_each_project_once(client: Client) -> None:
    client.force_login(build({2019: 5}))
    with mock.patch("projects.figures.projects_then.findings_of_projects", wraps=findings_of_projects) as judged:
        assert client.get("/reports/catalogue/over-norm/?year=2019").status_code == 200
    assert judged.call_count == 1


@pytest.mark.once
def test_establishment_helped_a_thousand_times_opens_on_sqlite(client: Client) -> None:
    client.force_login(build({2019: 1_010}))
    helped = Beneficiary.objects.earliest("pk")
    Support.objects.update(beneficiary=helped, group_description="")
    assert queries_of(client, f"/beneficiaries/{helped.pk}/") < 25


@pytest.mark.once
def test_year_with_more_establishments_than_sqlite_takes_in_one_condition_opens_everywhere(client: Client) -> None:
    client.force_login(build({2019: 1_600}))
    assert Beneficiary.objects.count() > 1_000
    plan = AnnualPlan.objects.get()
    plan_round = plan.rounds.get()
    for page in (
        *(f"{page}?year=2019" for page in (*REPORT_PAGES, "/reports/annual/", "/reports/dashboard/", *FILES)),
        "/reports/period/?year=2019&period=h1",
        f"/plans/{plan.pk}/",
        f"/rounds/{plan_round.pk}/review/",
        f"/decisions/{Decision.objects.latest('pk').pk}/",
        f"/vouchers/{Voucher.objects.latest('pk').pk}/",
        "/reports/take-out.xlsx",
        "/reports/take-out.zip",
        "/projects/?year=2019",
        "/beneficiaries/",
        "/",
    ):
        assert queries_of(client, page) < 120, page
