"""What a delegate does is their own act in another's name, and the separation of duties holds for both of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.authorisations import Term, delegate, end_authorisation
from khuyencong.accounts.models import Authorisation, User
from programmes.models import AnnualPlan, PlanRound
from projects.models import PastLetter, Project, StatusChange
from projects.papers.notices import people_to_tell
from projects.refusals import NotAllowed, TransitionRefused
from projects.rules.permissions import why_approver, why_approvers
from projects.services.decisions import record_decision
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    forward_all,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    review,
    source,
    submit_all,
)
from tests.kept import kept
from tests.people import Tree, make_person
from tests.projects.attempts import code_of
from tests.projects.reviewing import project

pytestmark = pytest.mark.django_db
MARCH = dt.date(2006, 3, 1)


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """“Thêu ren”, of 60 triệu, before the Department."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    return plan


def hand_over(holder: User, to: User, role: str) -> tuple[User, Authorisation]:
    """To the delegate as the next request reads them."""
    today = timezone.localdate()
    scope = holder.memberships.get().scope
    row = delegate(actor=holder, role=role, scope=scope, to=to, term=Term(today, today, "Đi công tác"))
    return User.objects.get(pk=to.pk), row


def endorsed(reviewer: User) -> PlanRound:
    review(plan_round=PlanRound.objects.get(), project=project("Thêu ren"), by=reviewer)
    take_step(PlanRound.objects.get(), "endorse", actor=reviewer, on=MARCH)
    return PlanRound.objects.get()


def second_reviewer(tree: Tree) -> User:
    return make_person(role="reviewer", scope=tree.department, username="second", full_name="Lê Thị Hai")


def test_the_step_is_the_delegates_own_in_the_name_of_the_holder(
    client: Client, reviewer: User, department_head: User, observer: User, tree: Tree, plan: AnnualPlan
) -> None:
    found = endorsed(reviewer)
    second, _row = hand_over(department_head, second_reviewer(tree), "department_head")
    take_step(found, "forward", actor=second, on=MARCH)
    step = StatusChange.objects.get(transition="forward")
    assert (step.actor, step.on_behalf_of) == (second, department_head)
    assert StatusChange.objects.get(transition="endorse").on_behalf_of is None
    client.force_login(observer)
    journal = client.get(reverse("projects:journal")).content.decode()
    assert f"Lê Thị Hai theo ủy quyền của {department_head}" in " ".join(journal.split())


def test_what_stands_is_read_of_the_day_on_which_it_was_done(
    reviewer: User, department_head: User, tree: Tree, plan: AnnualPlan
) -> None:
    """Ended, the delegation gives no right any more; the step still says in whose name it was taken."""
    found = endorsed(reviewer)
    second, row = hand_over(department_head, second_reviewer(tree), "department_head")
    take_step(found, "forward", actor=second, on=MARCH)
    end_authorisation(authorisation=row, actor=department_head, reason="Về sớm")
    assert StatusChange.objects.get(transition="forward").on_behalf_of == department_head
    second = User.objects.get(pk=second.pk)
    with pytest.raises((NotAllowed, TransitionRefused)):
        take_step(PlanRound.objects.get(), "reopen", actor=second, on=MARCH, reason="Xem lại")


def test_who_judged_does_not_approve_in_anothers_name_either(
    reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    found = endorsed(reviewer)
    delegated, _row = hand_over(department_head, reviewer, "department_head")
    with pytest.raises(TransitionRefused, match="Bạn đã thực hiện bước “Thống nhất đợt”"):
        take_step(found, "forward", actor=delegated, on=MARCH)


def test_what_the_holder_may_not_do_nobody_does_for_them(
    centre_staff: User, reviewer: User, department_head: User, tree: Tree, plan: AnnualPlan
) -> None:
    """The head took a step that excludes from this one, before becoming head."""
    found = endorsed(reviewer)
    StatusChange.objects.create(
        round=found,
        transition="endorse",
        source_status="submitted",
        target_status="endorsed",
        actor=department_head,
        effective_on=MARCH,
    )
    second, _row = hand_over(department_head, second_reviewer(tree), "department_head")
    with pytest.raises(TransitionRefused, match="Người ủy quyền cho bạn đã thực hiện bước “Thống nhất đợt”"):
        take_step(found, "forward", actor=second, on=MARCH)


def test_what_the_holder_entered_nobody_approves_for_them(department_head: User, tree: Tree, plan: AnnualPlan) -> None:
    other = make_person(role="department_head", scope=tree.department, username="other")
    forward_all(plan=plan, head=other)
    Project.objects.update(created_by=department_head)
    second, _row = hand_over(department_head, second_reviewer(tree), "department_head")
    with pytest.raises(TransitionRefused, match="Người ủy quyền cho bạn đã lập đề án này"):
        decide(plan=plan, by=second, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))


def test_a_letter_of_an_old_file_that_the_holder_prepared_nobody_confirms_for_them(
    centre_staff: User, department_head: User, tree: Tree
) -> None:
    old = make_plan(organisation=tree.centre, year=2005)
    paper = LetterHead(number="1/CV", issued_on=dt.date(2005, 6, 1))
    letter = prepare_past_letter(plan=old, head=paper, assigned={source("KCDP"): MILLION}, actor=centre_staff)
    send_past_letter(letter=letter, actor=centre_staff)
    second, _row = hand_over(department_head, second_reviewer(tree), "department_head")
    PastLetter.objects.update(prepared_by=department_head)
    version = PastLetter.objects.get().version
    assert code_of(lambda: confirm_past_letter(letter=letter, version=version, actor=second)) == "own"


def test_what_was_done_in_ones_name_is_ones_own_when_duties_are_kept_apart(
    centre_head: User, centre_staff: User, accountant: User, department_head: User, tree: Tree, plan: AnnualPlan
) -> None:
    """Approved in the name of the Department's head: neither the delegate nor the head keeps the accounts."""
    forward_all(plan=plan, head=department_head)
    second, _row = hand_over(department_head, second_reviewer(tree), "department_head")
    approved = requested_cells(plan)
    decide(plan=plan, by=second, assigned={"KCDP": 60 * MILLION}, approved=approved)
    step = StatusChange.objects.get(transition="approve", project__isnull=False)
    assert (step.actor, step.on_behalf_of) == (second, department_head)
    done = project("Thêu ren")
    assert why_approver(second, done) and why_approver(department_head, done) and not why_approver(accountant, done)
    assert why_approvers(department_head, [done]).keys() == {done.pk} == why_approvers(second, [done]).keys()
    assert not why_approvers(accountant, [done])


def test_a_delegate_of_the_accountant_who_approved_keeps_no_accounts(
    centre_staff: User, accountant: User, department_head: User, plan: AnnualPlan
) -> None:
    forward_all(plan=plan, head=department_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    done = project("Thêu ren")
    helper, _row = hand_over(accountant, centre_staff, "accountant")
    assert not why_approver(helper, done)
    approve = StatusChange.objects.get(transition="approve", project=done)
    again = {"actor": accountant, "effective_on": approve.effective_on}
    StatusChange.objects.create(
        project=done, transition="approve", source_status="appraised", target_status="approved", **again
    )
    done = project("Thêu ren")
    assert why_approver(helper, done) and why_approvers(helper, [done])


def test_a_letter_is_recorded_by_the_delegate(
    client: Client, department_head: User, observer: User, tree: Tree, plan: AnnualPlan
) -> None:
    forward_all(plan=plan, head=department_head)
    second, row = hand_over(department_head, second_reviewer(tree), "department_head")
    decision = decide(plan=plan, by=second, assigned={"KCDP": 60 * MILLION}, approved=requested_cells(plan))
    end_authorisation(authorisation=row, actor=second, reason="Xong")
    client.force_login(observer)
    page = " ".join(client.get(decision.get_absolute_url()).content.decode().split())
    assert f"Lê Thị Hai theo ủy quyền của {department_head}" in page
    own = decide(plan=plan, by=department_head, assigned={"KCDP": 70 * MILLION}, number="2/QĐ")
    assert "theo ủy quyền" not in client.get(own.get_absolute_url()).content.decode()
    assert code_of(lambda: record_decision(**late(plan, second))) == "not_allowed"


def late(plan: AnnualPlan, by: User) -> dict[str, Any]:
    letter = make_decision(organisation=plan.organisation.parent, number="9/QĐ", on=MARCH)
    return {
        "plan": plan,
        "decision": letter,
        "assigned": [],
        "approved": [],
        "nature": "initial",
        "actor": User.objects.get(pk=by.pk),
    }


def test_the_delegate_is_told_what_the_holder_is_told(
    department_head: User, tree: Tree, reviewer: User, plan: AnnualPlan
) -> None:
    second, row = hand_over(department_head, second_reviewer(tree), "department_head")
    User.objects.filter(pk__in=(second.pk, department_head.pk)).update(email="a@example.vn")

    def told() -> set[User]:
        return set(people_to_tell("endorsed", tree.centre.pk, ["department_head"], actor=reviewer))

    assert told() == {second, department_head}
    end_authorisation(authorisation=row, actor=department_head, reason="Về")
    assert told() == {department_head} and not mail.outbox
