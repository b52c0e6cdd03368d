"""E-mails: to whom it concerns, after commit, once, in Vietnamese, and never in the way of the work."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khuyencong.accounts.models import NoticeOptOut, User
from programmes.models import AllocationEntry, AnnualPlan, PlanRound
from projects.models import Project
from projects.services.adjust import Adjusted, adjust_project
from projects.services.corrections import Correction, record_corrections
from projects.services.decisions import AssignedChange, record_decision
from projects.services.review import add_comment
from projects.services.rounds import submit_round
from projects.services.steps import take_step
from tests.factories import (
    MILLION,
    decide,
    make_decision,
    make_plan,
    make_project,
    requested_cells,
    review,
    source,
    submit_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(
    centre_staff: User, centre_head: User, accountant: User, reviewer: User, department_head: User, observer: User
) -> AnnualPlan:
    """Three drafts; everybody has an address."""
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for number in range(3):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": 10 * MILLION})
    return plan


def told() -> list[tuple[str, str]]:
    """(who, about what) of the mails since last asked."""
    found = sorted((message.to[0].removesuffix("@example.org"), str(message.subject)) for message in mail.outbox)
    mail.outbox.clear()
    return found


def test_each_step_tells_those_it_concerns_once(
    plan: AnnualPlan,
    centre_staff: User,
    centre_head: User,
    reviewer: User,
    department_head: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def committed() -> Any:
        return django_capture_on_commit_callbacks(execute=True)

    on = dt.date(2006, 3, 1)
    sent = "[Khuyến công] Trung tâm đã gửi Sở: đợt 1 (KCĐP) năm 2006"
    with committed():
        submit_all(plan=plan, by=centre_head)
    assert told() == [("reviewer", sent)], "one mail, not one for each project"
    plan_round = PlanRound.objects.get()
    first, *others = Project.objects.order_by("pk")
    with committed(), override("en"):
        review(plan_round=plan_round, project=first, by=reviewer, conclusion="return", note="Thiếu báo giá")
    body = mail.outbox[0].body
    assert "Thiếu báo giá" in body and "http://127.0.0.1:8000/projects/" in body and "Phạm Quang Đức" in body
    subject = "[Khuyến công] Yêu cầu bổ sung, hoàn thiện: Đề án 0, đợt 1 (KCĐP) năm 2006"
    assert told() == [("centre_head", subject), ("centre_staff", subject)]
    with committed():
        review(plan_round=plan_round, project=others[0], by=reviewer)
    assert told() == [], "an accepted line asks nothing of anybody"
    with committed():
        add_comment(project=first, actor=centre_staff, text="Đã gửi báo giá, số 031085001234")
    [message] = mail.outbox
    assert message.to == ["reviewer@example.org"] and "031085001234" not in message.body
    mail.outbox.clear()
    review(plan_round=plan_round, project=others[1], by=reviewer)
    take_step(first, "withdraw", actor=centre_head, on=on, reason="Thôi")
    with committed():
        take_step(plan_round, "endorse", actor=reviewer, on=on)
    assert [who for who, _subject in told()] == ["centre_head", "department_head"]
    take_step(plan_round, "forward", actor=department_head, on=on)
    cells = {key: 10 * MILLION for key in requested_cells(plan) if key[0] != first.lines.get().pk}
    with committed():
        decide(plan=plan, by=department_head, assigned={"KCDP": 20 * MILLION}, approved=cells)
    assert [who for who, _subject in told()] == ["accountant", "centre_head", "centre_staff"]


def test_step_that_is_rolled_back_tells_nobody(
    plan: AnnualPlan, centre_head: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        submit_round(plan_round=PlanRound.objects.get(), actor=centre_head, on=dt.date(2006, 3, 1))
        raise RuntimeError
    assert told() == [] and PlanRound.objects.get().status == PlanRound.Status.DRAFT


def test_mail_server_that_is_down_does_not_stop_the_work(
    plan: AnnualPlan, centre_head: User, settings: Any, caplog: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        submit_all(plan=plan, by=centre_head)
    assert PlanRound.objects.get().status == PlanRound.Status.SUBMITTED
    assert "Notices could not be sent." in caplog.text


class FirstMailboxIsGone(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        [message] = messages
        if message.to == ["centre_staff@example.org"]:
            raise SMTPRecipientsRefused({message.to[0]: (550, b"No such mailbox")})
        return super().send_messages(messages)


def test_mailbox_that_is_gone_costs_nobody_else_their_mail(
    plan: AnnualPlan,
    centre_head: User,
    department_head: User,
    settings: Any,
    caplog: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    submit_all(plan=plan, by=centre_head)
    settings.EMAIL_BACKEND = f"{__name__}.FirstMailboxIsGone"
    with django_capture_on_commit_callbacks(execute=True):
        decide(plan=plan, by=department_head, assigned={"KCDP": 40 * MILLION}, approved=requested_cells(plan))
    letters = [who for who, subject in told() if "Văn bản" in subject]
    assert letters == ["accountant", "centre_head"] and "A notice was refused" in caplog.text


def test_adjusted_dates_are_told_to_the_centre(
    plan: AnnualPlan, centre_head: User, department_head: User, django_capture_on_commit_callbacks: Any
) -> None:
    submit_all(plan=plan, by=centre_head)
    decide(plan=plan, by=department_head, assigned={"KCDP": 40 * MILLION}, approved=requested_cells(plan))
    project = Project.objects.order_by("pk")[0]
    dates = dt.date(2006, 8, 1), dt.date(2006, 9, 1)
    letter = make_decision(organisation=plan.organisation, number="9/SCT", on=dt.date(2006, 7, 1), level="department")
    with django_capture_on_commit_callbacks(execute=True):
        adjust_project(
            project=project,
            plan=plan,
            decision=letter,
            wanted=Adjusted(*dates, project.area_scope, list(project.places.all()), []),
            reason="Lùi thời gian",
            actor=department_head,
            version=project.version,
        )
    assert [who for who, _subject in told()] == ["accountant", "centre_head", "centre_staff"]


def test_correction_of_two_years_is_one_mail(
    plan: AnnualPlan, department_head: User, django_capture_on_commit_callbacks: Any
) -> None:
    letter = make_decision(organisation=plan.organisation)
    for one in (plan, make_plan(organisation=plan.organisation, year=2007)):
        assigned = [AssignedChange(source("KCDP"), None, 40 * MILLION)]
        record_decision(
            plan=one, decision=letter, assigned=assigned, approved=[], nature="adjustment", actor=department_head
        )
    slips = [Correction(entry, 40 * MILLION, 41 * MILLION) for entry in AllocationEntry.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        record_corrections(decision=letter, corrections=slips, reason="Nhầm", actor=department_head)
    sent = told()
    assert [who for who, _subject in sent] == ["accountant", "centre_head", "centre_staff"]
    assert all(subject.endswith("kế hoạch năm 2006, 2007") for _who, subject in sent)


def test_person_turns_a_kind_off_and_on(
    client: Client, plan: AnnualPlan, centre_head: User, reviewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(reviewer)
    address = reverse("projects:notice_settings")
    assert client.get(address).content.decode().count("checked") == 6
    client.post(address, {"notice": ["returned", "digest"]})
    assert NoticeOptOut.objects.of(reviewer) == {"submitted", "endorsed", "decided", "commented"}
    with django_capture_on_commit_callbacks(execute=True):
        submit_all(plan=plan, by=centre_head)
    assert told() == []
    client.post(address, {"notice": ["submitted", "nonsense"]})
    assert "submitted" not in NoticeOptOut.objects.of(reviewer) and "digest" in NoticeOptOut.objects.of(reviewer)


def test_people_who_left_or_have_no_address_get_nothing(
    plan: AnnualPlan, centre_head: User, reviewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        submit_all(plan=plan, by=centre_head)
    assert told() == []


def test_digest_comes_once_a_day_to_those_for_whom_something_waits(plan: AnnualPlan, centre_head: User) -> None:
    out = StringIO()
    call_command("send_digest", stdout=out)
    [message] = mail.outbox
    assert message.to == ["centre_head@example.org"] and message.subject == "[Khuyến công] 1 việc đang chờ"
    assert "Gửi đợt 1 (KCĐP) năm 2006 lên Sở (3 đề án" in message.body
    call_command("send_digest", stdout=out)
    assert len(mail.outbox) == 1 and out.getvalue() == "1 digests sent.\n0 digests sent.\n"
    User.objects.update(digest_sent_on=dt.date(2020, 1, 1))
    NoticeOptOut.objects.create(user=centre_head, notice="digest")
    call_command("send_digest", stdout=out)
    assert len(mail.outbox) == 1
