"""Quảng Bình 2023, national money, third additional round: one letter that stops, adjusts and supplements at once
(QĐ 2948/QĐ-BCT of 09/11/2023). What it says of the single projects was not published: the amounts are a story's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AnnualPlan
from projects.figures.plan_grid import plan_grid
from projects.models import ApprovalEntry, CellKey, Project
from projects.pages.letter_authority import unruled_changes
from projects.services.decision_checks import DecisionRefused
from tests.factories import MILLION, decide, make_plan, make_project, requested_cells, submit_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NOVEMBER = dt.date(2023, 11, 9)
STOPPED, LOWERED, ADDED = "Máy sấy", "Viên nén gỗ", "Dây chuyền dăm gỗ"


@pytest.fixture
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Two projects of 700 triệu, approved by the Ministry in April, and one that waits with 600."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2023)
    for name in (STOPPED, LOWERED):
        asked: dict[str, int | None] = {"KCQG": 700 * MILLION, "DOIUNG": 900 * MILLION}
        make_project(plan=plan, by=centre_staff, name=name, contents={"45-3": asked})
    submit_all(plan=plan, by=centre_head)
    words: dict[str, Any] = {"level": "central", "number": "1/QĐ-BCT", "on": dt.date(2023, 4, 10)}
    decide(plan=plan, by=department_head, assigned={"KCQG": 1_400 * MILLION}, approved=requested_cells(plan), **words)
    late: dict[str, int | None] = {"KCQG": 600 * MILLION, "DOIUNG": 900 * MILLION}
    make_project(plan=plan, by=centre_staff, name=ADDED, contents={"45-3": late})
    submit_all(plan=plan, by=centre_head, on=dt.date(2023, 10, 2))
    return plan


def cells_of(plan: AnnualPlan) -> dict[str, CellKey]:
    return {row.project.name: row.key for row in plan_grid([plan]).rows if row.key and row.source.code == "KCQG"}


def test_one_letter_stops_adjusts_and_supplements(plan: AnnualPlan, department_head: User) -> None:
    cells = cells_of(plan)
    after = {cells[STOPPED]: 0, cells[LOWERED]: 650 * MILLION, cells[ADDED]: 600 * MILLION}
    letter: dict[str, Any] = {
        "plan": plan,
        "by": department_head,
        "approved": after,
        "stopped": [cells[STOPPED]],
        "on": NOVEMBER,
    }
    with pytest.raises(DecisionRefused, match="TT 36/2013/TT-BCT, Điều 11 khoản 2 điểm a"):
        decide(**letter, level="agency", number="1168/CTĐP-QLKC")
    decision = decide(**letter, level="central", number="2948/QĐ-BCT")
    natures = {entry.plan_line.project.name: entry.nature for entry in ApprovalEntry.objects.filter(decision=decision)}
    assert natures == {STOPPED: Nature.STOP, LOWERED: Nature.ADJUSTMENT, ADDED: Nature.INITIAL}
    assert Project.objects.get(name=STOPPED).status == Project.Status.STOPPED
    assert Project.objects.get(name=ADDED).status == Project.Status.APPROVED
    assert plan_grid([plan]).money.approved_vnd == 1_250 * MILLION, "a revised amount replaces the first one"
    assert unruled_changes(decision) == [], "each change has its rule"
