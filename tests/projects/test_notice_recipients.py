"""Who gets which e-mail: the next to act, the other side; not whoever did it, and not whoever may no longer read it."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import override

from khuyencong.accounts.models import Membership, User
from programmes.models import AllocationEntry, AnnualPlan, PlanRound
from projects.models import Project
from projects.rules.workflow import apply_transition
from projects.services.corrections import Correction, record_corrections
from projects.services.review import add_comment, reconsider_line
from projects.services.rounds import recall_round, resubmit_project
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_plan, make_project, review, submit_all
from tests.people import Tree

pytestmark = pytest.mark.django_db
ON = dt.date(2006, 3, 1)


@pytest.fixture
def plan(
    centre_staff: User, centre_head: User, accountant: User, reviewer: User, department_head: User, observer: User
) -> AnnualPlan:
    """Two drafts that the staff entered; everybody has an address."""
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for number in range(2):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 10 * MILLION})
    return plan


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    def start() -> AbstractContextManager[Any]:
        mail.outbox.clear()
        return django_capture_on_commit_callbacks(execute=True)

    return start


def told() -> list[str]:
    """Each person once for each mail."""
    return sorted(message.to[0].removesuffix("@example.org") for message in mail.outbox)


def again(user: User) -> User:
    """As signed in anew, with the roles of now."""
    return User.objects.get(pk=user.pk)


def reread(plan_round: PlanRound) -> PlanRound:
    return PlanRound.objects.get(pk=plan_round.pk)


def test_whoever_did_it_is_not_told_though_the_role_would_be(
    plan: AnnualPlan, tree: Tree, centre_head: User, committed: Any
) -> None:
    Membership.objects.create(user=centre_head, scope=tree.department, role="reviewer")
    with committed():
        submit_all(plan=plan, by=again(centre_head))
    assert told() == ["reviewer"]


def test_two_roles_and_the_project_of_ones_own_make_one_mail(
    plan: AnnualPlan, tree: Tree, centre_staff: User, centre_head: User, reviewer: User, committed: Any
) -> None:
    """The staff entered the project and lead the Centre from two scopes: three grounds, one message."""
    for scope in (tree.centre, tree.department):
        Membership.objects.create(user=centre_staff, scope=scope, role="centre_head")
    submit_all(plan=plan, by=centre_head)
    project = Project.objects.order_by("pk")[0]
    with committed():
        review(plan_round=PlanRound.objects.get(), project=project, by=reviewer, conclusion="refuse", note="Trùng")
    assert told() == ["centre_head", "centre_staff"]


def test_whoever_lost_the_role_learns_nothing_more_of_the_project(
    plan: AnnualPlan, tree: Tree, centre_staff: User, centre_head: User, reviewer: User, stranger: User, committed: Any
) -> None:
    submit_all(plan=plan, by=centre_head)
    elsewhere = stranger.memberships.get().scope
    Membership.objects.filter(user=centre_staff).update(scope=elsewhere)
    first, second = Project.objects.order_by("pk")
    with committed():
        review(plan_round=PlanRound.objects.get(), project=first, by=reviewer, conclusion="return", note="Thiếu")
    assert told() == ["centre_head"]
    with committed():
        add_comment(project=second, actor=reviewer, text="Giải trình thêm")
    assert told() == ["centre_head"]


def test_remark_of_the_department_reaches_the_officer_and_who_entered_it(
    plan: AnnualPlan, accountant: User, reviewer: User, committed: Any
) -> None:
    project = Project.objects.order_by("pk")[0]
    project.officer = accountant
    project.save(update_fields=["officer"])
    with committed():
        add_comment(project=project, actor=reviewer, text="Giải trình thêm")
    assert told() == ["accountant", "centre_head", "centre_staff"]


def test_project_sent_again_is_told_to_the_reviewer(
    plan: AnnualPlan, centre_head: User, reviewer: User, committed: Any
) -> None:
    submit_all(plan=plan, by=centre_head)
    project = Project.objects.order_by("pk")[0]
    review(plan_round=PlanRound.objects.get(), project=project, by=reviewer, conclusion="return", note="Thiếu báo giá")
    with committed():
        resubmit_project(project=project, actor=centre_head, on=ON, note="Đã bổ sung báo giá")
    assert told() == ["reviewer"] and "Đã bổ sung báo giá" in mail.outbox[0].body


def test_round_returned_forwarded_and_reopened(
    plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User, committed: Any
) -> None:
    submit_all(plan=plan, by=centre_head)
    plan_round = PlanRound.objects.get()
    first, second = Project.objects.order_by("pk")
    review(plan_round=plan_round, project=first, by=reviewer, conclusion="return", note="Thiếu")
    with committed():
        take_step(plan_round, "return", actor=reviewer, on=ON, reason="Làm lại phần chung")
    assert told() == ["centre_head", "centre_staff"] and "Làm lại phần chung" in mail.outbox[0].body
    apply_transition(reread(plan_round), "submit", actor=centre_head, effective_on=ON)
    for project in (first, second):
        Project.objects.filter(pk=project.pk).update(status="appraised")
    take_step(reread(plan_round), "endorse", actor=reviewer, on=ON)
    with committed():
        take_step(reread(plan_round), "forward", actor=department_head, on=ON, reason="Tờ trình số 12")
    assert told() == ["centre_head"]
    with committed():
        take_step(reread(plan_round), "reopen", actor=department_head, on=ON, reason="Xem lại định mức")
    assert told() == ["centre_head", "centre_staff", "reviewer"]


def test_correction_says_that_it_is_one_and_why(plan: AnnualPlan, department_head: User, committed: Any) -> None:
    letter = decide(plan=plan, by=department_head, assigned={"KCDP": 40 * MILLION})
    slip = Correction(AllocationEntry.objects.get(), 40 * MILLION, 41 * MILLION)
    with committed(), override("en"):
        record_corrections(
            decision=letter, corrections=[slip], reason="Gõ nhầm, xem số 031085001234", actor=department_head
        )
    message = mail.outbox[0]
    assert message.subject == "[Khuyến công] Đính chính văn bản 341/UBND-CN ngày 16/06/2006: kế hoạch năm 2006"
    assert "Gõ nhầm" in message.body and "031085001234" not in message.body


def subjects() -> set[str]:
    return {message.subject.removeprefix("[Khuyến công] ") for message in mail.outbox}


def test_each_step_of_a_round_is_told_in_its_own_words(
    plan: AnnualPlan, centre_head: User, reviewer: User, department_head: User, committed: Any
) -> None:
    """Who is told, and that no step is called by the state that it leads back to."""
    only, words = PlanRound.objects.get(), "đợt 1 (KCĐP) năm 2006"
    with committed():
        submit_all(plan=plan, by=centre_head, on=ON)
    assert (told(), subjects()) == (["reviewer"], {f"Trung tâm đã gửi Sở: {words}"})
    with committed():
        recall_round(plan_round=only, actor=centre_head, on=ON)
    assert (told(), subjects()) == (["reviewer"], {f"Trung tâm rút lại để sửa: {words}"})
    submit_all(plan=plan, by=centre_head, on=ON)
    for project in Project.objects.all():
        review(plan_round=only, project=project, by=reviewer)
    with committed():
        take_step(only, "endorse", actor=reviewer, on=ON)
    assert (told(), subjects()) == (["centre_head", "department_head"], {f"Sở đã thống nhất: {words}"})
    with committed():
        take_step(only, "reopen", actor=department_head, on=ON, reason="Rà lại dự toán")
    assert subjects() == {f"Sở thẩm định lại: {words}"} and "Rà lại dự toán" in mail.outbox[0].body
    assert told() == ["centre_head", "centre_staff", "reviewer"], "the Centre learns it too"


def test_project_taken_back_or_appraised_again_is_told_to_the_other_side(
    plan: AnnualPlan, centre_head: User, reviewer: User, committed: Any
) -> None:
    submit_all(plan=plan, by=centre_head, on=ON)
    first, second = Project.objects.order_by("pk")
    review(plan_round=PlanRound.objects.get(), project=first, by=reviewer)
    with committed():
        reconsider_line(
            plan_round=PlanRound.objects.get(), project=first, actor=reviewer, on=ON, reason="Có báo giá mới"
        )
    assert (told(), subjects()) == (
        ["centre_head", "centre_staff"],
        {"Sở thẩm định lại: Đề án 0, đợt 1 (KCĐP) năm 2006"},
    )
    with committed():
        take_step(second, "withdraw", actor=centre_head, on=ON, reason="Cơ sở không làm nữa")
    assert (told(), subjects()) == (["reviewer"], {"Trung tâm rút đề án: Đề án 1"})


def test_draft_that_is_withdrawn_is_told_to_nobody(plan: AnnualPlan, centre_head: User, committed: Any) -> None:
    with committed():
        take_step(Project.objects.order_by("pk")[0], "withdraw", actor=centre_head, on=ON, reason="Trùng")
    assert told() == []
