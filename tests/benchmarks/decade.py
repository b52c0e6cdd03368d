"""Years full of projects, written in bulk, with six entries of the ledger for each project: for the benchmarks, and
for tests of what only many rows show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection

from khuyencong.accounts.models import Membership, Organisation, User
from khuyencong.funding import Nature
from programmes.models import ActivityType, AdminUnit, AllocationEntry, AnnualPlan, Decision, FundingSource, PlanRound
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    ContractEntry,
    CostLine,
    ExecutedAmount,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ProjectComponent,
    SettlementEntry,
    StatusChange,
    Support,
    Voucher,
)

MILLION = 1_000_000
PLACES = 12


def build_years(years: Iterable[int], per_year: int) -> User:
    """Plans of these years with so many approved projects each; the user reads and writes them all."""
    return build(dict.fromkeys(years, per_year))


def build(sizes: Mapping[int, int]) -> User:
    """The same with so many projects in each year as ``sizes`` says."""
    call_command("load_reference", stdout=StringIO())
    centre = Organisation.objects.get(kind="centre")
    user = User.objects.create(username="centre_staff", full_name="Cán bộ")
    Membership.objects.create(user=user, scope=centre, role="centre_staff")
    for year, count in sizes.items():
        _build_year(year, count, centre, user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a database that has run for a while knows its tables
    return user


def _build_year(year: int, count: int, centre: Organisation, user: User) -> None:
    plan = AnnualPlan.objects.create(organisation=centre, year=year)
    plan_round = PlanRound.objects.create(plan=plan, level="city", number=1, status=PlanRound.Status.APPROVED)
    activities = list(ActivityType.objects.in_use(year))
    units = list(AdminUnit.objects.of_plan(plan)[:PLACES])
    projects = Project.objects.bulk_create(
        Project(
            code=f"KC{year}-{n:04d}",
            name=f"Hỗ trợ máy móc số {n}",
            organisation=centre,
            created_by=user,
            status=Project.Status.SETTLED,
        )
        for n in range(count)
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
    helped = _establishments(centre.province(), count * 2 // 3)
    Support.objects.bulk_create(
        Support(project=project, beneficiary=helped[n])
        if n < len(helped)
        else Support(project=project, group_description="Cơ sở sản xuất")
        for n, project in enumerate(projects)
    )
    source = FundingSource.objects.get(code="KCDP")
    keys = [
        {"plan_line": line, "component": component, "source": source}
        for line, component in zip(lines, components, strict=True)
    ]
    CostLine.objects.bulk_create(CostLine(amount_vnd=100 * MILLION, **key) for key in keys)
    StatusChange.objects.bulk_create(
        StatusChange(
            project=project,
            transition="settle",
            source_status=Project.Status.ACCEPTED,
            target_status=Project.Status.SETTLED,
            actor=user,
            effective_on=dt.date(year, 12, 20),
        )
        for project in projects
    )
    _build_ledger(plan, keys, projects, user)
    _build_reports(year, keys, projects, user)


def _establishments(province: Organisation, count: int) -> list[Beneficiary]:
    """Two of three projects help one of them by name; the same ones come again each year."""
    known = list(Beneficiary.objects.order_by("pk")[:count])
    kinds = Beneficiary.Type.values
    return known + Beneficiary.objects.bulk_create(
        Beneficiary(province=province, name=f"Cơ sở số {n}", type=kinds[n % len(kinds)])
        for n in range(len(known), count)
    )


def _build_reports(year: int, keys: list[dict[str, Any]], projects: list[Project], user: User) -> None:
    """Two reports of progress for each project, one in seven late at first."""
    for month, amount in ((8, 40 * MILLION), (11, 80 * MILLION)):
        reports = ProgressReport.objects.bulk_create(
            ProgressReport(
                project=project,
                month=dt.date(year, month, 1),
                is_on_schedule=month == 11 or n % 7 > 0,
                reported_by=user,
            )
            for n, project in enumerate(projects)
        )
        ExecutedAmount.objects.bulk_create(
            ExecutedAmount(report=report, amount_vnd=amount, **key) for report, key in zip(reports, keys, strict=True)
        )


def _build_ledger(plan: AnnualPlan, keys: list[dict[str, Any]], projects: list[Project], user: User) -> None:
    """90 triệu approved, lowered to 80, contracted, received, paid and settled: six entries a project."""
    letter, later = (
        Decision.objects.create(
            organisation=plan.organisation, number=number, issued_on=on, effective_on=on, recorded_by=user
        )
        for number, on in (
            (f"1/QĐ-{plan.year}", dt.date(plan.year, 3, 1)),
            (f"2/QĐ-{plan.year}", dt.date(plan.year, 9, 1)),
        )
    )
    first = {"decision": letter, "nature": Nature.INITIAL, "effective_on": letter.effective_on, "recorded_by": user}
    second = first | {"decision": later, "nature": Nature.ADJUSTMENT, "effective_on": later.effective_on}
    AllocationEntry.objects.create(plan=plan, source=keys[0]["source"], amount_vnd=100 * MILLION * len(keys), **first)
    ApprovalEntry.objects.bulk_create(ApprovalEntry(amount_vnd=90 * MILLION, **key, **first) for key in keys)
    ApprovalEntry.objects.bulk_create(ApprovalEntry(amount_vnd=-10 * MILLION, **key, **second) for key in keys)
    signed = dt.date(plan.year, 4, 1)
    contracts = Contract.objects.bulk_create(
        Contract(project=project, number="1/HĐ", signed_on=signed, partner="HTX", recorded_by=user)
        for project in projects
    )
    common = {"amount_vnd": 80 * MILLION, "recorded_by": user}
    ContractEntry.objects.bulk_create(
        ContractEntry(contract=contract, effective_on=signed, **key, **common)
        for contract, key in zip(contracts, keys, strict=True)
    )
    for direction, on in (("in", dt.date(plan.year, 5, 1)), ("out", dt.date(plan.year, 10, 1))):
        voucher = Voucher.objects.create(
            organisation=plan.organisation,
            year=plan.year,
            number=direction,
            issued_on=on,
            direction=direction,
            recorded_by=user,
        )
        PaymentEntry.objects.bulk_create(
            PaymentEntry(voucher=voucher, kind="payment", effective_on=on, **key, **common) for key in keys
        )
    SettlementEntry.objects.bulk_create(
        SettlementEntry(paper="QT", effective_on=dt.date(plan.year, 12, 20), **key, **common) for key in keys
    )
