"""Letters that bring in projects which go on: each its own, all of them before the project, beside ordinary rounds."""

from __future__ import annotations

import pytest
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.figures.plan_grid import plan_grid
from projects.ledger.proof import prove
from projects.models import ApprovalEntry, PastRecord, Project, StatusChange, Voucher
from projects.refusals import PlanClosed, Refused, TransitionRefused
from projects.services.past_events import EventInput
from projects.services.past_letters import return_past_letter, send_past_letter
from projects.services.past_records import change_past_record
from projects.services.steps import take_step
from tests.factories import MILLION, activity, decide, make_plan, make_project, requested_cells, source, submit_all
from tests.people import Tree
from tests.projects.opening import (
    ADVANCE,
    ADVANCED,
    APPROVED,
    CONTRACT,
    SIGNED,
    confirmed,
    days_ago,
    entered,
    event,
    letter_of,
    running_plan,
    stated,
    totals,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return running_plan(tree.centre)


def test_more_approved_than_assigned_is_refused_and_leaves_the_other_letter(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    good, bad = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 50, number="112/QĐ-UBND", on=100)
    entered(plan, centre_staff, (good, 100), state=stated("approved", APPROVED), name="Một")
    entered(plan, centre_staff, (bad, 100), state=stated("approved", 100), name="Hai")
    confirmed(good, department_head, sent_by=centre_staff)
    with pytest.raises(Refused, match=r"được giao 150.000.000 đồng, duyệt 200.000.000 đồng"):
        confirmed(bad, department_head, sent_by=centre_staff)
    assert totals() == {"assigned": 100, "approved": 100, "paid": 0, "settled": 0}
    assert [one.status for one in Project.objects.order_by("code")] == ["approved", "stated"]


def test_each_letter_takes_its_own_projects(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    """The second assigns to what the first assigned, as a supplement whose reason is the file."""
    first, second = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 60, number="112/QĐ-UBND", on=100)
    entered(plan, centre_staff, (first, 100), state=stated("approved", APPROVED), name="Một")
    entered(plan, centre_staff, (second, 60), state=stated("approved", 100), name="Hai", asked=60)
    confirmed(first, department_head, sent_by=centre_staff)
    assert [one.status for one in Project.objects.order_by("code")] == ["approved", "stated"]
    confirmed(second, department_head, sent_by=centre_staff)
    assert totals() == {"assigned": 160, "approved": 160, "paid": 0, "settled": 0}
    with pytest.raises(Refused, match="Sở đã xác nhận"):
        confirmed(second, department_head)


def test_project_of_two_letters_goes_on_with_the_last_of_them(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    first, second = letter_of(plan, centre_staff, 60), letter_of(plan, centre_staff, 40, number="112/QĐ-UBND", on=194)
    events = [CONTRACT, ("advance", 150, 90)]
    project = entered(plan, centre_staff, (first, 60), (second, 40), state=stated("contracted", SIGNED), events=events)
    confirmed(first, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "stated" and totals()["paid"] == 0
    with pytest.raises(Refused, match="chưa có văn bản nào được xác nhận"):
        data = written(plan, (second, 40))
        change_past_record(
            project=project, stated=stated("approved"), version=project.version, actor=centre_staff, **data
        )
    with pytest.raises(TransitionRefused, match="được Sở xác nhận"):
        take_step(project, "withdraw", actor=centre_head, on=days_ago(1), reason="Nhầm")
    confirmed(second, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert (project.status, totals()["approved"], totals()["paid"]) == ("contracted", 100, 90)
    assert StatusChange.objects.get(transition="take_over").effective_on == days_ago(APPROVED)


def test_voucher_that_pays_projects_of_two_letters_is_one(
    plan: AnnualPlan, centre_staff: User, department_head: User, accountant: User
) -> None:
    first, second = letter_of(plan, centre_staff, 100), letter_of(plan, centre_staff, 100, number="112/QĐ-UBND", on=194)
    for letter, name in ((first, "Một"), (second, "Hai")):
        paid = [("advance", ADVANCED, 10, "UNC 5")]
        entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED), events=paid, name=name)
        confirmed(letter, department_head, sent_by=centre_staff)
    assert [(one.number, one.entries.count()) for one in Voucher.objects.all()] == [("UNC 5", 2)]
    third = letter_of(plan, centre_staff, 100, number="113/QĐ-UBND", on=193)
    entered(
        plan,
        centre_staff,
        (third, 100),
        state=stated("approved", 193),
        name="Ba",
        events=[("payment", 20, 10, "unc 5")],
    )
    with pytest.raises(Refused, match="đã dùng trong năm"):
        confirmed(third, department_head, sent_by=centre_staff)


def test_year_that_has_ordinary_rounds_takes_older_letters_only(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    make_project(plan=plan, by=centre_staff, name="Của năm nay")
    submit_all(plan=plan, by=centre_head, on=days_ago(150))
    with pytest.raises(Refused, match="phải qua các bước này"):
        letter_of(plan, centre_staff, 100, on=149)
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    assert sorted(Project.objects.values_list("status", flat=True)) == ["contracted", "submitted"]
    assert sorted(plan.rounds.values_list("status", flat=True)) == ["past", "submitted"]


def test_ordinary_rounds_work_beside_what_was_taken_over(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 300)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    later = make_project(plan=plan, by=centre_staff, name="Đợt 2")
    submit_all(plan=plan, by=centre_head, on=days_ago(40))
    cells = {key: vnd for key, vnd in requested_cells(plan).items() if key[0] == later.lines.get().pk}
    decide(plan=plan, by=department_head, approved=cells, on=days_ago(20))
    later.refresh_from_db()
    assert later.status == "approved" and totals()["approved"] == 160
    assert plan_grid([plan]).money.approved_vnd == 160 * MILLION


def test_letter_of_later_days_changes_what_was_taken_over(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    confirmed(letter, department_head, sent_by=centre_staff)
    [entry] = ApprovalEntry.objects.all()
    decide(
        plan=plan,
        by=department_head,
        approved={entry.key: 80 * MILLION},
        on=days_ago(10),
        reason="Điều chỉnh giảm",
    )
    assert totals()["approved"] == 80


def test_money_comes_by_no_other_letter(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    with pytest.raises(Refused, match="văn bản mà Trung tâm đã chuẩn bị"):
        decide(
            plan=plan, by=department_head, assigned={"KCDP": 100 * MILLION}, approved=requested_cells(plan),
            on=days_ago(9),
        )  # fmt: skip


def test_returned_letter_is_put_right_and_sent_again(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    send_past_letter(letter=letter, actor=centre_staff)
    letter.refresh_from_db()
    return_past_letter(letter=letter, reason="Tạm ứng sai", version=letter.version, actor=department_head)
    data = written(plan, (letter, 100))
    right = [event(*CONTRACT), event("advance", ADVANCED, 50)]
    change_past_record(
        project=project, stated=stated("contracted", SIGNED), events=right, version=project.version,
        actor=centre_staff, **data,
    )  # fmt: skip
    confirmed(letter, department_head, sent_by=centre_staff)
    assert totals()["paid"] == 50 and PastRecord.objects.count() == 1


def test_closed_year(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    send_past_letter(letter=letter, actor=centre_staff)
    AnnualPlan.objects.update(is_closed=True)
    with pytest.raises(PlanClosed):
        confirmed(letter, department_head)


def test_project_of_last_year_that_still_runs(tree: Tree, centre_staff: User, department_head: User) -> None:
    last = make_plan(organisation=tree.centre, year=timezone.localdate().year - 1)
    letter = letter_of(last, centre_staff, 100, on=400)
    events = [("contract", 390, 100, "3/HĐ"), ("advance", 380, 50)]
    project = entered(last, centre_staff, (letter, 100), state=stated("in_progress", 390), events=events)
    confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    assert project.status == "in_progress" and not prove().findings


def test_letter_is_of_the_project_s_own_money(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    for other in (source("KCQG"), source("DOIUNG")):
        one = EventInput("advance", days_ago(ADVANCED), None, "", activity(), other, MILLION)
        with pytest.raises(Refused, match="của các nội dung thuộc đề án"):
            entered(plan, centre_staff, (letter, 100), state=stated("approved"), events=[one])
