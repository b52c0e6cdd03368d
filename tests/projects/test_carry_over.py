"""Money that goes on into the next year: out of one plan and into the other on the same day, never twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from khuyencong.funding import Nature
from programmes.models import AllocationEntry, AnnualPlan
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import ApprovalEntry, CellKey, PlanLine, Project
from projects.services.carry_over import CarriedLine, carry_over
from projects.services.decision_checks import DecisionRefused
from projects.services.years import join_plan
from tests.factories import MILLION, authority, make_decision, make_plan, requested_cells, source
from tests.projects.accounting import pay
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deciders")]


@pytest.fixture
def next_plan(plan: AnnualPlan, centre_staff: User) -> AnnualPlan:
    """2007, with a line for “Thêu ren”."""
    following = make_plan(organisation=plan.organisation, year=2007)
    project = Project.objects.get(name="Thêu ren")
    asked = {(project.components.get().pk, source("KCDP")): 10 * MILLION}
    join_plan(project=project, plan=following, asked=asked, actor=centre_staff, version=project.version)
    return following


@pytest.fixture
def cell(plan: AnnualPlan) -> CellKey:
    return min(requested_cells(plan))


def carry(plan: AnnualPlan, following: AnnualPlan, by: User, cell: CellKey, millions: int, **extra: Any) -> Any:
    words: dict[str, Any] = {
        "decision": make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28)),
        "free": {},
    }
    to_lines = PlanLine.objects.filter(round__plan=following)[: 1 if millions else 0]
    lines = [CarriedLine(cell, to_line.pk, millions * MILLION) for to_line in to_lines]
    return carry_over(plan=plan, to_plan=following, lines=lines, actor=by, **words | extra)


def money(plan: AnnualPlan, on: dt.date | None = None) -> tuple[int | None, int | None]:
    found = next(one for one in envelopes([plan], AsOf(on)) if one.source.code == "KCDP")
    return found.assigned_vnd, found.approved_vnd


def test_carried_money_leaves_one_year_and_enters_the_other(
    plan: AnnualPlan, next_plan: AnnualPlan, cell: CellKey, department_head: User, accountant: User
) -> None:
    pay(plan, accountant, (cell, "advance", 40))
    carry(plan, next_plan, department_head, cell, 20)
    assert money(plan) == (90 * MILLION, 90 * MILLION)
    assert money(next_plan) == (20 * MILLION, 20 * MILLION)
    assert approved_cells(plan)[cell] == 40 * MILLION
    pairs = [(entry.amount_vnd, entry.effective_on) for entry in AllocationEntry.objects.filter(nature="carry_over")]
    assert pairs == [(-20 * MILLION, dt.date(2006, 12, 28)), (20 * MILLION, dt.date(2006, 12, 28))]
    assert sum(ApprovalEntry.objects.filter(nature=Nature.CARRY_OVER).values_list("amount_vnd", flat=True)) == 0


def test_what_is_paid_stays_in_its_year(
    plan: AnnualPlan, next_plan: AnnualPlan, cell: CellKey, department_head: User, accountant: User
) -> None:
    pay(plan, accountant, (cell, "advance", 50))
    with pytest.raises(DecisionRefused, match=r"vượt 10.000.000 đồng"):
        carry(plan, next_plan, department_head, cell, 20)
    assert not AllocationEntry.objects.filter(nature="carry_over").exists()


def test_free_money_goes_on_without_a_project_and_not_more_than_is_free(
    plan: AnnualPlan, next_plan: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    with pytest.raises(DecisionRefused, match=r"được giao 109.000.000 đồng, duyệt 110.000.000 đồng"):
        carry(plan, next_plan, department_head, cell, 0, free={source("KCDP"): MILLION})


def test_carrying_needs_a_reason_the_approving_authority_and_the_year_after(
    plan: AnnualPlan, next_plan: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    silent = make_decision(organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28), summary="")
    with pytest.raises(DecisionRefused, match="phải ghi lý do"):
        carry(plan, next_plan, department_head, cell, 20, decision=silent)
    low = make_decision(
        organisation=plan.organisation.parent, number="99/QĐ", on=dt.date(2006, 12, 28), level="department"
    )
    with pytest.raises(DecisionRefused, match="không đủ thẩm quyền để kéo dài sang năm sau"):
        carry(plan, next_plan, department_head, cell, 20, decision=low)
    with pytest.raises(DecisionRefused, match="Chỉ chuyển sang kế hoạch năm sau"):
        carry(next_plan, plan, department_head, cell, 0, free={source("KCDP"): MILLION})


def test_department_head_carries_over_on_the_page(
    client: Client, plan: AnnualPlan, next_plan: AnnualPlan, cell: CellKey, department_head: User, accountant: User
) -> None:
    pay(plan, accountant, (cell, "advance", 40))
    client.force_login(department_head)
    address = reverse("projects:plan_carry_over", args=[plan.pk])
    page = client.get(address).content.decode()
    assert "20.000.000" in page and "Thêu ren" in page
    to_line = PlanLine.objects.get(round__plan=next_plan)
    name = "line-" + "-".join(str(part) for part in cell) + f"-{to_line.pk}"
    typed = {
        "number": "99/QĐ-UBND",
        "issued_on": "28/12/2006",
        "authority": str(authority("city").pk),
        "summary": "Kéo dài sang năm 2007",
    }
    seen = client.post(address, {"preview": "1", name: "20 tr"}).content.decode()
    assert "Sau văn bản này" in seen and not AllocationEntry.objects.filter(nature="carry_over").exists()
    assert ">90<" in seen and ">20<" in seen, "what is left assigned in each year"
    refused = client.post(address, typed | {name: "21 tr"})
    assert refused.status_code == 422 and "vượt 1.000.000 đồng" in refused.content.decode()
    assert "21 tr" in refused.content.decode()
    assert client.post(address, typed | {name: "20 tr"}).status_code == 302
    assert money(next_plan) == (20 * MILLION, 20 * MILLION)
    assert "chuyển nguồn" in client.get(Project.objects.get(name="Thêu ren").get_absolute_url()).content.decode()


def head(**words: str) -> dict[str, str]:
    typed = {"number": "99/QĐ-UBND", "issued_on": "28/12/2006", "authority": str(authority("city").pk)}
    return typed | {"summary": "Kéo dài sang năm 2007"} | words


def test_one_press_opens_the_next_year_and_takes_the_project_with_its_money(
    client: Client, plan: AnnualPlan, cell: CellKey, department_head: User, accountant: User
) -> None:
    pay(plan, accountant, (cell, "advance", 40))
    client.force_login(department_head)
    address = reverse("projects:plan_carry_over", args=[plan.pk])
    page = client.get(address).content.decode()
    assert "chưa có kế hoạch, phần mềm lập cùng lúc" in page
    name = "line-" + "-".join(str(part) for part in cell)
    refused = client.post(address, head() | {name: "21 tr"})
    assert refused.status_code == 422 and "vượt 1.000.000 đồng" in refused.content.decode()
    assert "21 tr" in refused.content.decode() and not AnnualPlan.objects.filter(year=2007).exists()
    assert client.post(address, head() | {name: "20 tr"}).status_code == 302
    following = AnnualPlan.objects.get(year=2007)
    assert (following.organisation_id, money(following)) == (plan.organisation_id, (20 * MILLION, 20 * MILLION))
    line = PlanLine.objects.get(round__plan=following)
    assert line.carried_by and (line.project.name, line.carried_by.number, line.round.level) == (
        "Thêu ren",
        "99/QĐ-UBND",
        "city",
    )


def test_a_project_goes_on_before_anybody_knows_with_how_much(
    client: Client, plan: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    client.force_login(department_head)
    address = reverse("projects:plan_carry_over", args=[plan.pk])
    assert client.post(address, head() | {f"goes-{cell[0]}": "on"}).status_code == 302
    following = AnnualPlan.objects.get(year=2007)
    line = PlanLine.objects.get(round__plan=following)
    assert money(following) == (None, None), "unknown is no nought"
    assert not AllocationEntry.objects.filter(nature="carry_over").exists()
    assert line.carried_by
    for shown in (line.project, line.carried_by):
        assert "số tiền chưa rõ" in client.get(shown.get_absolute_url()).content.decode()
    opened = client.get(address).content.decode()
    assert f"goes-{cell[0]}" not in opened and "đã chuyển tiếp theo" in opened
    name = "line-" + "-".join(str(part) for part in cell) + f"-{line.pk}"
    asked = client.post(address, head() | {name: "20 tr"})
    assert asked.status_code == 422 and 'name="adds"' in asked.content.decode(), "the same letter, or another?"
    assert client.post(address, fields_of(asked) | {"adds": "on"}).status_code == 302
    assert money(following) == (20 * MILLION, 20 * MILLION)
    assert "số tiền chưa rõ" not in client.get(line.project.get_absolute_url()).content.decode()


def test_what_is_wrong_on_the_page_loses_no_tick(
    client: Client, plan: AnnualPlan, cell: CellKey, department_head: User
) -> None:
    client.force_login(department_head)
    address = reverse("projects:plan_carry_over", args=[plan.pk])
    refused = client.post(address, head(summary="") | {f"goes-{cell[0]}": "on"})
    assert refused.status_code == 422 and "Chuyển nguồn thì phải ghi lý do." in refused.content.decode()
    assert f'name="goes-{cell[0]}" class="form-check-input"' in refused.content.decode()
    assert "checked" in refused.content.decode().split(f'name="goes-{cell[0]}"')[1].split(">")[0]
    nothing = client.post(address, head())
    assert nothing.status_code == 422 and "Hãy chọn đề án chuyển tiếp" in nothing.content.decode()
    assert not AnnualPlan.objects.filter(year=2007).exists()


def test_where_everything_has_ended_the_page_says_so(client: Client, plan: AnnualPlan, department_head: User) -> None:
    Project.objects.update(status="liquidated")
    client.force_login(department_head)
    page = client.get(reverse("projects:plan_carry_over", args=[plan.pk])).content.decode()
    assert "Không còn gì để chuyển" in page and "Ghi chuyển nguồn" not in page and "Trích yếu" not in page
