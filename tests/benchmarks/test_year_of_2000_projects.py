"""How long the pages and the workbook of a year of 2,000 projects take. ``make bench`` prints, never judges."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from khuyencong.accounts.models import Membership, Organisation, User
from khuyencong.ledger import Nature
from programmes.models import ActivityType, AdminUnit, AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from projects.models import ApprovalEntry, CostLine, PlanLine, Project, ProjectComponent, Support

pytestmark = pytest.mark.django_db

PROJECTS = 2_000
RUNS = 5
PAGES = (
    "/",
    "/plans/",
    "/plans/{plan}/",
    "/projects/",
    "/projects/?year=2019&q=may moc&sort=-approved",
    "/reports/annual/?year=2019",
    "/reports/annual.xlsx?year=2019",
)


@pytest.fixture
def plan() -> AnnualPlan:
    """A plan of 2019 with approved projects over all contents and twelve places."""
    call_command("load_reference", stdout=StringIO())
    centre = Organisation.objects.get(kind="centre")
    user = User.objects.create(username="centre_staff", full_name="Cán bộ")
    Membership.objects.create(user=user, scope=centre, role="centre_staff")
    plan = AnnualPlan.objects.create(organisation=centre, year=2019)
    plan_round = PlanRound.objects.create(plan=plan, level="city", number=1)
    source = FundingSource.objects.get(code="KCDP")
    activities = list(ActivityType.objects.in_use(2019))
    units = list(AdminUnit.objects.of_plan(plan)[:12])
    projects = Project.objects.bulk_create(
        Project(code=f"KC2019-{n:04d}", name=f"Hỗ trợ máy móc số {n}", organisation=centre, created_by=user)
        for n in range(PROJECTS)
    )
    components = ProjectComponent.objects.bulk_create(
        ProjectComponent(project=project, activity_type=activities[n % len(activities)])
        for n, project in enumerate(projects)
    )
    lines = PlanLine.objects.bulk_create(PlanLine(round=plan_round, project=project) for project in projects)
    through = Project.places.through
    through.objects.bulk_create(
        through(project=project, adminunit=units[n % len(units)]) for n, project in enumerate(projects)
    )
    Support.objects.bulk_create(Support(project=project, group_description="Cơ sở sản xuất") for project in projects)
    decision = Decision.objects.create(
        organisation=centre, number="1/QĐ", issued_on=dt.date(2019, 3, 1), effective_on=dt.date(2019, 3, 1),
        recorded_by=user,
    )  # fmt: skip
    entry = {"decision": decision, "source": source, "nature": Nature.INITIAL, "recorded_by": user}
    entry["effective_on"] = decision.effective_on
    AllocationEntry.objects.create(plan=plan, amount_vnd=100_000_000 * PROJECTS, **entry)
    keys = [
        {"plan_line": line, "component": component, "source": source}
        for line, component in zip(lines, components, strict=True)
    ]
    CostLine.objects.bulk_create(CostLine(amount_vnd=100_000_000, **key) for key in keys)
    ApprovalEntry.objects.bulk_create(ApprovalEntry(amount_vnd=90_000_000, **(key | entry)) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a database that has run for a while knows its tables
    return plan


def milliseconds(work: Callable[[], object]) -> str:
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return f"{min(times):7.0f} {statistics.median(times):7.0f} {max(times):7.0f}"


def test_pages_of_a_year_of_2000_projects(plan: AnnualPlan, client: Client) -> None:
    client.force_login(User.objects.get())
    print(f"\n{PROJECTS} projects on {connection.vendor}; ms: min, median, max of {RUNS}")
    for pattern in PAGES:
        address = pattern.format(plan=plan.pk)
        assert client.get(address).status_code == 200, address
        print(f"{milliseconds(lambda address=address: client.get(address).content)}  {address}")
