"""What was typed into a row that somebody else settled meanwhile is said, never dropped from what is “saved”."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.models import CellKey, CostLine, PaymentEntry, PlanLine, ProgressReport, Project
from projects.services.decisions import AssignedChange, record_decision
from projects.services.payments import RightAmount, correct_entries
from projects.services.progress import add_progress_report, change_progress_report
from projects.services.years import join_plan
from tests.factories import MILLION, authority, decide, make_plan, source
from tests.people import Tree
from tests.projects.accounting import pay, plan_of_another_centre, project_of, sign
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


def test_a_slip_that_was_put_right_in_another_tab(
    client: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    voucher = pay(plan, accountant, (cells[0], "payment", 1), (cells[1], "payment", 2))
    first, second = voucher.entries.order_by("pk")
    client.force_login(accountant)
    address = reverse("projects:voucher_correct", args=[voucher.pk])
    opened = fields_of(client.get(address))
    correct_entries(rights=[RightAmount(first, 900_000)], reason="Gõ nhầm", actor=accountant)
    typed = opened | {"reason": "Gõ nhầm", f"right-{first.pk}": "0,8 tr", f"right-{second.pk}": "1,5 tr"}
    count = PaymentEntry.objects.count()
    asked = client.post(address, typed)
    assert asked.status_code == 422 and "chưa được ghi: 0,8 tr" in asked.content.decode()
    assert fields_of(asked)[f"right-{second.pk}"] == "1,5 tr" and PaymentEntry.objects.count() == count
    assert client.post(address, fields_of(asked)).status_code == 302


def test_money_that_was_carried_over_in_another_tab(
    client: Client, plan: AnnualPlan, cells: list[CellKey], centre_staff: User, department_head: User, accountant: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    for key in cells:
        project = project_of(key)
        wanted = {(key[1], source("KCDP")): MILLION}
        join_plan(project=project, plan=following, asked=wanted, actor=centre_staff, version=project.version)
    client.force_login(department_head)
    address = reverse("projects:plan_carry_over", args=[plan.pk])
    opened = fields_of(client.get(address))
    head = {"number": "99/QĐ", "issued_on": "28/12/2006", "authority": str(authority().pk), "summary": "Kéo dài"}
    mine, other = (next(name for name in opened if name.startswith(f"line-{key[0]}-")) for key in cells)
    pay(plan, accountant, (cells[0], "advance", 60), issued_on=dt.date(2006, 12, 1))
    asked = client.post(address, opened | head | {mine: "50 tr", other: "10 tr"})
    code = project_of(cells[0]).code
    assert asked.status_code == 422 and f"chưa ghi: {code}: 50 tr" in asked.content.decode()
    assert not Decision.objects.filter(number="99/QĐ").exists()
    assert not AllocationEntry.objects.filter(nature="carry_over").exists()
    assert client.post(address, fields_of(asked)).status_code == 302


def test_amounts_wait_while_another_direction_is_looked_at(
    client: Client, cells: list[CellKey], accountant: User
) -> None:
    """Neither paid from the wrong accounts nor lost: chosen again, their direction has them."""
    client.force_login(accountant)
    address, project = reverse("projects:voucher_create"), project_of(cells[0])
    opened = fields_of(client.get(address, {"project": project.pk}))
    amount = "line-{}-{}-{}-amount".format(*cells[0])
    typed = opened | {"project": str(project.pk), amount: "10 tr"}
    own = client.post(address, typed | {"direction": "own"})
    shown = fields_of(own)
    assert own.status_code == 422 and shown[amount] == "10 tr" and not PaymentEntry.objects.exists()
    assert f'type="hidden" name="{amount}"' in own.content.decode()
    back = client.post(address, shown | {"project": str(project.pk), "direction": "out"})
    assert back.status_code == 422 and "Đã đổi thu, chi" in back.content.decode(), "what is hidden is not paid"
    assert not PaymentEntry.objects.exists()
    seen = fields_of(back) | {"project": str(project.pk)}
    assert seen[amount] == "10 tr" and client.post(address, seen).status_code == 302
    assert PaymentEntry.objects.get().amount_vnd == 10 * MILLION


def test_what_another_direction_held_is_told_when_it_is_not_recorded(
    client: Client, cells: list[CellKey], accountant: User
) -> None:
    project = project_of(cells[0])
    line = CostLine.objects.get(plan_line=cells[0][0])
    own = CostLine.objects.create(
        plan_line=line.plan_line, component=line.component, source=source("DOIUNG"), amount_vnd=5 * MILLION
    )
    client.force_login(accountant)
    address = reverse("projects:voucher_create")
    shown = fields_of(client.get(address, {"project": project.pk}))
    amount = "line-{}-{}-{}-amount"
    hidden = amount.format(own.plan_line_id, own.component_id, own.source_id)
    typed = shown | {"project": str(project.pk), amount.format(*cells[0]): "10 tr", hidden: "2 tr"}
    answer = client.post(address, typed, follow=True)
    assert "Chưa ghi số đã nhập cho phần thu, chi khác: 2 tr." in answer.content.decode()
    assert PaymentEntry.objects.get().amount_vnd == 10 * MILLION


def test_a_line_of_a_letter_that_was_withdrawn(
    client: Client, plan: AnnualPlan, cells: list[CellKey], department_head: User, tree: Tree
) -> None:
    client.force_login(department_head)
    address = reverse("projects:decision_create", args=[plan.pk])
    opened = fields_of(client.get(address))
    head = {"number": "9/QĐ", "issued_on": "01/08/2006", "authority": str(authority().pk), "summary": "Bổ sung"}
    name = "line-{}-{}-{}-after".format(*cells[0])
    assert name in opened
    Project.objects.filter(lines=cells[0][0]).update(status="stopped")
    asked = client.post(address, opened | head | {name: "70 tr"})
    assert asked.status_code == 422 and f"{project_of(cells[0]).code}: 70 tr" in asked.content.decode()
    stop = {name.replace("-after", "-stop"): "on", f"source-{cells[0][2]}-after": "120 tr"}
    asked = client.post(address, opened | head | stop)
    assert asked.status_code == 422 and f"{project_of(cells[0]).code}: ngừng thực hiện" in asked.content.decode()
    elsewhere = plan_of_another_centre(tree=tree, department=department_head)
    foreign = PlanLine.objects.for_plans([elsewhere]).latest("pk")
    asked = client.post(address, opened | head | {f"line-{foreign.pk}-1-1-after": "7"})
    assert asked.status_code == 422 and f"{foreign.project.code}: 7" not in asked.content.decode()


def test_a_slip_of_a_letter_whose_other_year_was_closed(
    client: Client, plan: AnnualPlan, department_head: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    letter = decide(plan=plan, by=department_head, assigned={"KCQG": 5 * MILLION}, number="9/QĐ")
    more = AssignedChange(source("KCQG"), None, 6 * MILLION)
    record_decision(
        plan=following, decision=letter, assigned=[more], approved=[], nature="supplement", actor=department_head
    )
    client.force_login(department_head)
    address = reverse("projects:decision_correct", args=[letter.pk])
    opened = fields_of(client.get(address))
    here, there = (AllocationEntry.objects.get(plan=one, decision=letter).pk for one in (plan, following))
    AnnualPlan.objects.filter(pk=following.pk).update(is_closed=True)
    typed = opened | {"reason": "Gõ nhầm", f"assigned-{here}": "4 tr", f"assigned-{there}": "7 tr"}
    asked = client.post(address, typed)
    assert asked.status_code == 422 and "chưa ghi: 7 tr." in asked.content.decode()
    assert AllocationEntry.objects.filter(decision=letter).count() == 2


def test_what_is_typed_for_a_year_stays_of_that_year(client: Client, centre_staff: User) -> None:
    """The address names it, also when a later year is opened or the year is closed before the form is sent."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    opened = client.get(f"{reverse('projects:project_create')}?copy=", follow=True)
    [(address, _status)] = opened.redirect_chain
    assert address.endswith(f"plan={plan.pk}")
    later = make_plan(organisation=plan.organisation, year=2007)
    AnnualPlan.objects.filter(pk=plan.pk).update(is_closed=True)
    typed = fields_of(opened) | {"name": "Dệt thảm cói", "notes": "Đã gõ một buổi sáng"}
    refused = client.post(address, typed)
    page = refused.content.decode()
    assert refused.status_code == 403 and "đã khóa sổ" in page and "Đã gõ một buổi sáng" in page
    AnnualPlan.objects.filter(pk=later.pk).update(is_closed=True)
    without = client.post(reverse("projects:project_create"), typed)
    assert without.status_code == 403 and "Đã gõ một buổi sáng" in without.content.decode()
    assert not Project.objects.exists()


def test_a_report_that_a_colleague_put_right_meanwhile_is_shown_beside_what_is_typed(
    client: Client, cells: list[CellKey], centre_staff: User, accountant: User
) -> None:
    sign(cells[0], accountant, 40)
    project = project_of(cells[0])
    report = ProgressReport(month=dt.date(2006, 8, 1), is_on_schedule=True)
    words: dict[str, Any] = {"project": project, "actor": centre_staff}
    stored = add_progress_report(report=report, amounts={}, version=project.version, **words)
    client.force_login(centre_staff)
    address = reverse("projects:progress_edit", args=[project.pk, stored.pk])
    opened = fields_of(client.get(address))
    stored.percent, stored.difficulties = 55, "Thiếu điện"
    version = project_of(cells[0]).version
    change_progress_report(report=stored, amounts={}, reason="Gõ nhầm", version=version, **words)
    asked = client.post(address, opened | {"done": "Xong nhà xưởng", "reason": "Thiếu"})
    page = asked.content.decode()
    assert asked.status_code == 422 and "Nội dung hiện có khác với bạn nhập" in page
    assert "Thiếu điện" in page and "Xong nhà xưởng" in page and ">55<" in page
    assert client.post(address, fields_of(asked) | {"difficulties": "Thiếu điện"}).status_code == 302
    stands = ProgressReport.objects.get()
    assert (stands.done, stands.difficulties) == ("Xong nhà xưởng", "Thiếu điện")


def test_amounts_for_another_year_stay_on_the_page_when_it_is_closed(
    client: Client, plan: AnnualPlan, cells: list[CellKey], centre_staff: User
) -> None:
    following = make_plan(organisation=plan.organisation, year=2007)
    project = project_of(cells[0])
    client.force_login(centre_staff)
    address = reverse("projects:project_years", args=[project.pk])
    opened = fields_of(client.get(address))
    name = "amount-{}-{}".format(*cells[0][1:])
    AnnualPlan.objects.filter(pk=following.pk).update(is_closed=True)
    asked = client.post(address, opened | {"plan": str(following.pk), name: "12 tr"})
    assert asked.status_code == 422 and fields_of(asked)[name] == "12 tr"
    assert "không còn mở" in asked.content.decode() and not fields_of(asked)["plan"]
    make_plan(organisation=plan.organisation, year=2008)
    asked = client.post(address, opened | {"plan": str(following.pk), name: "12 tr"})
    assert fields_of(asked)["plan"] == "", "no other year is chosen by itself"
