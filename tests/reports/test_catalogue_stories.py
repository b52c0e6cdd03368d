"""Reports of the catalogue on years that somebody could have: groups, beneficiaries that change, lateness, norms."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import PlanRound, SupportNorm
from projects.models import Beneficiary, PlanLine, ProgressReport, Project, ProjectComponent, Support
from projects.services.adjust import Adjusted, adjust_project
from projects.services.project_parts import SupportInput
from reports.asking.periods import period_of
from reports.asking.selection import select_plans
from reports.catalogue.asked import AskForm
from reports.catalogue.definitions import BY_CODE
from reports.catalogue.sources import Sources
from reports.catalogue.table import ReportTable, work_out
from reports.period.book import period_book
from tests.factories import MILLION, decide, make_decision, make_plan, make_project, requested_cells, submit_all
from tests.law import load_law
from tests.people import Tree
from tests.reports.random_years import Years

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 9, 5)


def ask(user: User, code: str, query: str = "year=2006") -> ReportTable:
    form = AskForm(QueryDict(query), user=user, today=TODAY)
    assert form.is_valid(), form.errors
    return work_out(BY_CODE[code], form.asked_for())


def approve(people: dict[str, User], project: Project, **words: object) -> None:
    """Sent and approved as it was asked for."""
    plan = project.lines.get().round.plan
    submit_all(plan=plan, by=people["centre_head"])
    money: dict[str, Any] = {"assigned": {"KCDP": 1000 * MILLION}, "approved": requested_cells(plan)}
    decide(plan=plan, by=people["department_head"], **(money | words))


@pytest.fixture
def project(tree: Tree, people: dict[str, User]) -> Project:
    plan = make_plan(organisation=tree.centre)
    amounts = {"KCDP": 60 * MILLION, "DOIUNG": 7 * MILLION}
    return make_project(plan=plan, by=people["centre_staff"], name="Dệt chiếu", amounts=amounts)


def test_a_project_with_two_groups_counts_once_among_beneficiaries(project: Project, people: dict[str, User]) -> None:
    Support.objects.create(project=project, group_description="Hộ nghèo làng nghề")
    approve(people, project)
    table = ask(people["centre_staff"], "beneficiaries")
    [row] = table.rows
    assert (row.values["approved_vnd"], row.values["counterpart_vnd"]) == (60 * MILLION, 7 * MILLION)
    assert table.total.values["approved_vnd"] == 60 * MILLION
    assert len(Sources(table).behind(row, table.figures[0])) == 1


def test_each_of_several_beneficiaries_has_the_whole_and_the_total_has_it_once(
    project: Project, people: dict[str, User], tree: Tree
) -> None:
    for name in ("HTX An Thái", "HTX Mỹ Đức"):
        helped = Beneficiary.objects.create(province=tree.province, name=name, type="cooperative")
        Support.objects.create(project=project, beneficiary=helped)
    approve(people, project)
    table = ask(people["centre_staff"], "beneficiaries")
    assert [section.label for section in table.sections][:2] == ["HTX An Thái", "HTX Mỹ Đức"]
    assert [row.values["approved_vnd"] for row in table.rows] == [60 * MILLION] * 3, "the group is the third"
    assert table.total.values["approved_vnd"] == 60 * MILLION


def test_beneficiaries_are_those_of_the_day(project: Project, people: dict[str, User], tree: Tree) -> None:
    """On 1 September a letter gives the place of an enterprise to a cooperative."""
    first = Beneficiary.objects.create(province=tree.province, name="Công ty Minh An", type="enterprise")
    second = Beneficiary.objects.create(province=tree.province, name="HTX Lật Dương", type="cooperative")
    project.supports.all().delete()
    Support.objects.create(project=project, beneficiary=first)
    approve(people, project)
    project.refresh_from_db()
    adjust_project(
        project=project,
        plan=project.lines.get().round.plan,
        decision=make_decision(organisation=tree.department, number="500", on=dt.date(2006, 9, 1)),
        wanted=Adjusted(None, None, project.area_scope, list(project.places.all()), [SupportInput(second)]),
        reason="Công ty xin rút",
        actor=people["department_head"],
        version=project.version,
    )
    staff = people["centre_staff"]
    for query, name, kind in (
        ("year=2006&as_of=31/08/2006", "Công ty Minh An", "Doanh nghiệp nhỏ và vừa"),
        ("year=2006&as_of=01/09/2006", "HTX Lật Dương", "Hợp tác xã"),
        ("year=2006", "HTX Lật Dương", "Hợp tác xã"),
    ):
        assert [section.label for section in ask(staff, "beneficiaries", query).sections] == [name], query
        assert [row.label for row in ask(staff, "beneficiary-types", query).rows] == [kind], query


def test_a_late_project_without_money_of_the_year_is_listed(project: Project, people: dict[str, User]) -> None:
    """It goes on in a second year whose money has not been approved."""
    approve(people, project)
    next_year = PlanRound.objects.create(
        plan=make_plan(organisation=project.organisation, year=2007), level="city", number=1
    )
    PlanLine.objects.create(round=next_year, project=project)
    staff = people["centre_staff"]
    ProgressReport.objects.create(
        project=project, month=dt.date(2007, 3, 1), is_on_schedule=False, difficulties="Mưa bão", reported_by=staff
    )
    for columns in ("", "&columns=paid_vnd", "&columns=executed_percent"):
        [row] = ask(staff, "late", f"year=2007{columns}").rows
        assert row.project_id == project.pk and set(row.values.values()) == {None}
    assert not ask(staff, "late", "year=2007&source=KCQG").rows, "it neither asked for nor got national money"


@pytest.mark.parametrize("status", ["accepted", "settled", "stopped"])
def test_what_is_over_is_late_no_more(project: Project, people: dict[str, User], status: str) -> None:
    approve(people, project)
    staff = people["centre_staff"]
    ProgressReport.objects.create(project=project, month=dt.date(2006, 8, 1), is_on_schedule=False, reported_by=staff)
    assert len(ask(staff, "late").rows) == 1
    Project.objects.filter(pk=project.pk).update(status=status)
    assert not ask(staff, "late").rows
    whole = ask(staff, "areas").total.values
    assert (whole["late_count"], whole["was_late_count"]) == (0, 1), "what it reported is counted apart"


def test_norms_are_judged_by_what_was_approved_on_the_day(tree: Tree, people: dict[str, User]) -> None:
    """900 triệu in March is within the ceiling of 1 tỷ; 300 more in September are not."""
    load_law()
    plan, staff = make_plan(organisation=tree.centre, year=2019), people["centre_staff"]
    money = {"45-3": {"KCQG": 900 * MILLION, "DOIUNG": 9000 * MILLION}}
    project = make_project(plan=plan, by=staff, contents=money)
    norm = SupportNorm.objects.filter(code="demo_model_new").order_by("-effective_from").first()
    ProjectComponent.objects.update(norm=norm, eligible_cost_vnd=90_000 * MILLION, units=1)
    national = {"KCQG": 5000 * MILLION}
    approve(people, project, assigned=national, on=dt.date(2019, 3, 1), level="central")
    decide(
        plan=plan,
        by=people["department_head"],
        approved=dict.fromkeys(requested_cells(plan), 1200 * MILLION),
        number="2",
        on=dt.date(2019, 9, 1),
        level="central",
        reason="Mô hình đầu tiên của vùng",
    )
    assert not ask(staff, "over-norm", "year=2019&as_of=30/06/2019").rows
    assert not ask(staff, "over-norm", "year=2019&period=q1").rows
    [row] = ask(staff, "over-norm", "year=2019").rows
    assert "1.200.000.000" in row.texts["excess"] and "Lý do: Mô hình đầu tiên của vùng" in row.texts["excess"]


def test_what_has_no_norm_is_said_beside_those_over_it(
    project: Project, people: dict[str, User], client: Client
) -> None:
    approve(people, project)
    table = ask(people["centre_staff"], "over-norm")
    assert not table.rows
    client.force_login(people["reviewer"])
    for address in ("/reports/catalogue/over-norm/", "/reports/catalogue/over-norm/print/"):
        page = client.get(f"{address}?year=2006").content.decode()
        assert "Không có đề án nào vượt mức hỗ trợ đã biết." in page and table.remarks[0] in page
    assert table.remarks == ("Số đề án chưa có mức hỗ trợ để đối chiếu, nên chưa biết có vượt mức hay không: 1.",)


def test_last_year_is_cut_at_the_same_day_as_in_the_report_of_the_quarter(tree: Tree, centre_staff: User) -> None:
    """On 15 August 2007 the third quarter is compared with that of 2006 until 15 August 2006."""
    Years(random.Random(33), tree.centre, centre_staff)
    table = ask(centre_staff, "comparison", "year=2007&period=q3&as_of=15/08/2007")
    last = table.asked.reader(1).question
    assert (last.as_of.effective_on, {plan.year for plan in last.plans}) == (dt.date(2006, 8, 15), {2006})
    with_day = table.asked.days
    book = period_book(select_plans(centre_staff, 2007), period_of(2007, "q3"), as_of=with_day, today=TODAY)
    [summary] = [sheet for sheet in book.sheets if sheet.name == "Tổng hợp"]
    of_last = sum(row.last_paid_vnd or 0 for row in summary.rows)
    assert of_last == (table.total.values["paid_vnd_1"] or 0) > 0
