"""What is prepared of projects that go on: by whom, what it may be, how it is put right, and what pages show of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import Membership, User
from programmes.models import AnnualPlan, Decision
from projects.models import PastEvent, PastRecord, Project, StatusChange
from projects.refusals import FutureDate, NotAllowed, Refused, TransitionRefused
from projects.rules.permissions import why_not_pay
from projects.rules.workflow import apply_stated_step
from projects.services.past_letters import send_past_letter
from projects.services.past_records import StatedOutcome, change_past_record
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.steps import take_step
from tests.factories import MILLION, activity, approved_project, make_plan, place_of, source
from tests.people import Tree
from tests.projects.opening import (
    ADVANCE,
    ADVANCED,
    APPROVED,
    CONTRACT,
    FILE,
    SETTLED,
    SIGNED,
    confirmed,
    days_ago,
    entered,
    event,
    letter_of,
    running_plan,
    stated,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    return running_plan(tree.centre)


def test_who_entered_it_or_keeps_its_accounts_is_somebody_else(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, tree: Tree
) -> None:
    Membership.objects.create(user=centre_staff, scope=tree.department, role="department_head")
    Membership.objects.create(user=department_head, scope=tree.centre, role="accountant")
    letter = letter_of(plan, centre_head, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("approved", APPROVED))
    with pytest.raises(Refused, match="Bạn đã lập đề án này"):
        confirmed(letter, User.objects.get(pk=centre_staff.pk), sent_by=centre_head)
    confirmed(letter, User.objects.get(pk=department_head.pk))
    project = Project.objects.get(pk=project.pk)
    assert "không được ghi chứng từ" in why_not_pay(User.objects.get(pk=department_head.pk), project)


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head"])
def test_only_the_centre_prepares(plan: AnnualPlan, people: dict[str, User], role: str) -> None:
    with pytest.raises(NotAllowed):
        entered(plan, people[role], state=stated("approved", APPROVED))
    letter = letter_of(plan, people["centre_staff"], 100)
    send_past_letter(letter=letter, actor=people["centre_staff"])
    if role != "department_head":
        with pytest.raises(NotAllowed):
            confirmed(letter, people[role])


def test_text_that_is_put_right_leaves_what_was_prepared(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT, ADVANCE])
    project.name = "Hỗ trợ máy tiện"
    change_past_record(
        project=project, stated=stated("contracted", SIGNED), version=project.version, actor=centre_staff,
        **written(plan, (letter, 100)),
    )  # fmt: skip
    assert PastEvent.objects.filter(project=project).count() == 2
    assert PastRecord.objects.get().goes_on


def test_what_was_prepared_does_not_lose_its_content_or_its_state(plan: AnnualPlan, centre_staff: User) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    common: Any = {"project": project, "version": project.version, "actor": centre_staff}
    with pytest.raises(Refused, match="không khớp với hợp đồng"):
        change_past_record(stated=stated("approved"), **common, **written(plan, (letter, 100)))
    other = activity("134-3", "Mô hình trình diễn")
    for content, code in ((other, "KCDP"), (activity(), "KCQG")):
        data = ProjectInput(plan, [ContentInput(content, {source(code): 100 * MILLION})], [place_of(plan)])
        with pytest.raises(Refused, match="sửa tệp rồi nhập lại"):
            change_past_record(stated=stated("contracted", SIGNED), data=data, **common)
    assert PastEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "events", "message"),
    [
        (stated("carried_out"), [], "không phù hợp với cách nhập hồ sơ cũ"),
        (stated("contracted"), [CONTRACT, ("settlement", SETTLED, 10)], "không khớp với hợp đồng"),
        (stated("approved"), [("advance", ADVANCED, 0)], "lớn hơn 0"),
        (stated("approved"), [("advance", ADVANCED)], "nội dung thuộc đề án"),
        (stated("approved"), [("lost", ADVANCED, 1)], "lost"),
    ],
)
def test_what_can_not_be_prepared(plan: AnnualPlan, centre_staff: User, state: Any, events: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        entered(plan, centre_staff, state=state, events=events)
    assert not Project.objects.exists()


def test_days_to_come_and_years_to_come(plan: AnnualPlan, tree: Tree, centre_staff: User) -> None:
    for events in ([("advance", -1, 10)], [event("advance", 1, 10, counted=-1)]):
        with pytest.raises(FutureDate):
            entered(plan, centre_staff, state=stated("approved"), events=events)
    with pytest.raises(FutureDate):
        entered(plan, centre_staff, state=stated("approved", counted=-1))
    coming = make_plan(organisation=tree.centre, year=plan.year + 1)
    with pytest.raises(Refused, match="Chưa đến năm kế hoạch"):
        entered(coming, centre_staff, state=stated("approved"))
    with pytest.raises(Refused, match="Chưa đến năm kế hoạch"):
        letter_of(coming, centre_staff, 100)


def test_what_is_over_has_no_accounts(tree: Tree, centre_staff: User) -> None:
    old = make_plan(organisation=tree.centre, year=2006)
    with pytest.raises(Refused, match="còn thực hiện tiếp"):
        entered(old, centre_staff, state=StatedOutcome("accepted", FILE), events=[ADVANCE])


def test_stated_step_is_taken_with_the_letter_only(
    plan: AnnualPlan, centre_staff: User, centre_head: User, department_head: User, accountant: User
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    words: Any = {"effective_on": days_ago(30), "reason": "x"}
    some = Decision(pk=0)
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(project, "settle", actor=department_head, decision=some, **words)
    decision = confirmed(letter, department_head, sent_by=centre_staff)
    project.refresh_from_db()
    for back in ("take_over", "contract", "withdraw"):
        with pytest.raises(TransitionRefused, match="không thực hiện được bước"):
            apply_stated_step(project, back, actor=department_head, decision=decision, **words)
    with pytest.raises(TransitionRefused, match="không được trước ngày của bước liền trước"):
        apply_stated_step(
            project, "settle", actor=department_head, decision=decision, effective_on=days_ago(300), reason="x"
        )
    take_step(project, "start", actor=centre_head, on=days_ago(30))
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(project, "settle", actor=department_head, decision=decision, **words)


def test_pages_show_what_was_prepared_and_what_came_of_it(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    events = [CONTRACT, event("advance", None, 70, counted=ADVANCED)]
    project = entered(plan, centre_staff, (letter, 100), state=stated("in_progress", SIGNED), events=events)
    send_past_letter(letter=letter, actor=centre_staff)
    client.force_login(department_head)
    shown = client.get(project.get_absolute_url()).content.decode()
    assert "Số liệu đầu kỳ" in shown and "Chưa ghi vào sổ" in shown and "Chưa rõ ngày, tính từ ngày" in shown
    letter.refresh_from_db()
    read = client.get(f"/past-letters/{letter.pk}/confirm/").content.decode()
    assert "Hợp đồng 03/HĐ-KC ngày" in read and "70.000.000" in read and FILE in read
    decided = client.get(f"/plans/{plan.pk}/decisions/new/").content.decode()
    assert "Hỗ trợ máy cơ khí" not in decided, "its money comes by the prepared letter"
    sent = client.post(f"/past-letters/{letter.pk}/confirm/", {"version": letter.version}, follow=True).content.decode()
    assert "Đã xác nhận Quyết định số 45/QĐ-UBND" in sent and "Đã tiếp nhận: Đang thực hiện" in sent
    shown = client.get(project.get_absolute_url()).content.decode()
    assert "Đã ghi vào sổ" in shown and "trạng thái theo hồ sơ" not in shown
    assert "Hỗ trợ máy cơ khí" in client.get(f"/plans/{plan.pk}/decisions/new/").content.decode()
    assert f"/plans/{plan.pk}/past/" in client.get(plan.get_absolute_url()).content.decode()
    assert "Hợp đồng 03/HĐ-KC" in client.get(letter.get_absolute_url()).content.decode()


def test_running_year_takes_letters_by_hand_and_no_records(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    shown = client.get(f"/plans/{plan.pk}/past/").content.decode()
    assert f"/plans/{plan.pk}/past/letters/new/" in shown and f"/plans/{plan.pk}/past/new/" not in shown
    assert client.get(f"/plans/{plan.pk}/past/letters/new/").status_code == 200
    assert client.get(f"/plans/{plan.pk}/past/new/").status_code == 403


def test_text_of_a_record_that_goes_on_is_put_right_on_its_page(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    letter = letter_of(plan, centre_staff, 100)
    project = entered(plan, centre_staff, (letter, 100), state=stated("contracted", SIGNED), events=[CONTRACT])
    client.force_login(centre_staff)
    shown = client.get(f"/projects/{project.pk}/past/").content.decode()
    assert '<option value="in_progress">' in shown and '<option value="carried_out">' not in shown


def test_project_that_was_judged_here_takes_no_stated_step(
    centre_staff: User, centre_head: User, department_head: User
) -> None:
    ordinary = approved_project(staff=centre_staff, head=centre_head, department=department_head)
    approval = StatusChange.objects.get(project=ordinary, transition="approve").decision
    assert approval is not None
    with pytest.raises(TransitionRefused, match="cùng lúc Sở tiếp nhận"):
        apply_stated_step(
            ordinary, "contract", actor=department_head, decision=approval, effective_on=days_ago(1), reason="x"
        )
