"""A year whose money moves in every quarter: three projects, two sources, contracts, payments, an adjustment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey, ProgressReport, Project
from projects.services.contracts import settle_project
from projects.services.progress import add_progress_report
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all
from tests.projects.accounting import pay, sign

EMBROIDERY, SEDGE, CARPET = "Thêu ren", "Máy dệt cói", "Dệt thảm"


def cell_of(plan: AnnualPlan, name: str) -> CellKey:
    """The one account of state money of the project of that name."""
    [key] = [key for key in requested_cells(plan) if Project.objects.get(lines=key[0]).name == name]
    return key


def tell_quarters(people: Mapping[str, User], year: int = 2006) -> AnnualPlan:
    """Q1: 60 + 50 of the city approved, a contract, 30 advanced. Q2: 63 of the nation approved, 20 paid, 60 lowered to
    55. Q3: 35 advanced and 5 taken back, 60 paid. Q4: 50 raised to 58, 50 settled."""
    staff, department = people["centre_staff"], people["department_head"]
    plan = make_plan(organisation=staff.memberships.get().scope, year=year)
    own = {"KCDP": 60 * MILLION, "DOIUNG": 7 * MILLION}
    make_project(plan=plan, by=staff, name=EMBROIDERY, amounts=own)
    make_project(plan=plan, by=staff, name=SEDGE, contents={"134-3": {"KCDP": 50 * MILLION}})
    make_project(plan=plan, by=staff, name=CARPET, amounts={"KCQG": 63 * MILLION, "DOIUNG": 12 * MILLION})
    submit_all(plan=plan, by=people["centre_head"])
    first, second, third = (cell_of(plan, name) for name in (EMBROIDERY, SEDGE, CARPET))
    city = {first: 60 * MILLION, second: 50 * MILLION}
    march, april, june = dt.date(year, 3, 16), dt.date(year, 4, 10), dt.date(year, 6, 20)
    decide(plan=plan, by=department, assigned={"KCDP": 130 * MILLION}, approved=city, on=march, number="3/QĐ")
    decide(
        plan=plan,
        by=department,
        on=april,
        number="4/QĐ-BCT",
        assigned={"KCQG": 63 * MILLION},
        approved={third: 63 * MILLION},
        level="central",
    )
    _first_half(plan, people, first)
    decide(plan=plan, by=department, approved={first: 55 * MILLION}, on=june, number="6/QĐ")
    _second_half(plan, people, first, second, third)
    return plan


def _first_half(plan: AnnualPlan, people: Mapping[str, User], cell: CellKey) -> None:
    year, accountant = plan.year, people["accountant"]
    sign(cell, accountant, 55, on=dt.date(year, 3, 18))
    pay(plan, accountant, (cell, "advance", 30), issued_on=dt.date(year, 3, 20))
    pay(plan, accountant, (cell, "payment", 20), issued_on=dt.date(year, 5, 10))
    report(plan, people, EMBROIDERY, 3, executed=10, percent=20)
    words = {"difficulties": "Thiếu nguyên liệu", "next_steps": "Mua nguyên liệu"}
    report(plan, people, EMBROIDERY, 5, executed=35, percent=60, is_on_schedule=False, **words)


def _second_half(plan: AnnualPlan, people: Mapping[str, User], *cells: CellKey) -> None:
    year, accountant, head = plan.year, people["accountant"], people["centre_head"]
    first, second, third = cells
    pay(plan, accountant, (second, "advance", 35), issued_on=dt.date(year, 7, 5))
    pay(plan, accountant, (second, "recovery", 5), issued_on=dt.date(year, 8, 20))
    pay(plan, accountant, (third, "payment", 60), issued_on=dt.date(year, 9, 30))
    report(plan, people, EMBROIDERY, 8, executed=50, percent=100)
    report(plan, people, SEDGE, 8, executed=20, percent=40, is_on_schedule=False, difficulties="Máy về muộn")
    more = {second: 58 * MILLION}
    decide(plan=plan, by=people["department_head"], approved=more, on=dt.date(year, 10, 2), number="10/QĐ")
    take_step(_project(first), "accept", actor=head, on=dt.date(year, 11, 1), reason="BB nghiệm thu")
    amounts = {first: 50 * MILLION}
    settle_project(project=_project(first), paper="QT-1", on=dt.date(year, 11, 20), amounts=amounts, actor=accountant)


def _project(cell: CellKey) -> Project:
    return Project.objects.get(lines=cell[0])


def report(
    plan: AnnualPlan,
    people: Mapping[str, User],
    name: str,
    month: int,
    *,
    executed: int,
    percent: int,
    is_on_schedule: bool = True,
    **words: str,
) -> None:
    """What the project had reached by that month, in triệu and %."""
    cell = cell_of(plan, name)
    project = _project(cell)
    told = {"done": f"Đã làm đến tháng {month}"} | words
    made = ProgressReport(month=dt.date(plan.year, month, 1), percent=percent, is_on_schedule=is_on_schedule, **told)
    add_progress_report(
        project=project,
        report=made,
        amounts={cell: executed * MILLION},
        actor=people["centre_staff"],
        version=project.version,
    )
