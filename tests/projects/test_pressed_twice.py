"""A button pressed twice: the second press says that the first one did it, and sends nobody to an administrator."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Appraisal, StatusChange
from tests.factories import forward_all, review, submit_all
from tests.kept import kept
from tests.projects.reviewing import answers, plan_of_two, post, project

pytestmark = pytest.mark.django_db
BEFORE = "ở lần bấm trước"
CONTACT = "liên hệ người quản trị"


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    return plan_of_two(centre_staff)


def press(client: Client, name: str, *args: object, **data: str) -> str:
    """What stands on the page to which the button leads."""
    answer = client.post(reverse(f"projects:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_round_is_sent_and_recalled_once(client: Client, centre_head: User, plan: AnnualPlan) -> None:
    client.force_login(centre_head)
    only = PlanRound.objects.get().pk
    for name, said in (("round_submit", "đã gửi"), ("round_recall", "đang lập")):
        assert BEFORE not in press(client, name, only)
        second = press(client, name, only)
        assert BEFORE in second and said in second and CONTACT not in second
    assert StatusChange.objects.filter(round=only).count() == 2


def test_step_with_words_is_taken_once(client: Client, centre_head: User, plan: AnnualPlan) -> None:
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    client.force_login(centre_head)
    sheet = {"on": "02/02/2006", "reason": "Cơ sở không làm nữa"}
    assert BEFORE not in press(client, "project_step", project("Thêu ren").pk, "withdraw", **sheet)
    assert BEFORE in press(client, "project_step", project("Thêu ren").pk, "withdraw", **sheet)


def test_project_is_sent_again_and_discarded_once(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    pk = project("Chiếu cói").pk
    assert BEFORE not in press(client, "project_discard", pk) and BEFORE in press(client, "project_discard", pk)
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    one = project("Thêu ren")
    review(plan_round=PlanRound.objects.get(), project=one, by=reviewer, conclusion="return", note="Thiếu báo giá")
    client.force_login(centre_head)
    assert BEFORE not in press(client, "project_resubmit", one.pk) and BEFORE in press(
        client, "project_resubmit", one.pk
    )


def test_line_is_concluded_once_and_other_words_are_not_lost(
    client: Client, centre_head: User, reviewer: User, plan: AnnualPlan
) -> None:
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    client.force_login(reviewer)
    one = project("Thêu ren")
    data = answers(one, conclusion="return", note="Thiếu báo giá")
    post(client, one, data)
    again: Any = post(client, one, data, follow=True)
    assert again.status_code == 200 and BEFORE in again.content.decode()
    other = post(client, one, data | {"note": "Thiếu báo giá và hồ sơ năng lực"})
    assert other.status_code == 422 and "hồ sơ năng lực" in other.content.decode()
    assert Appraisal.objects.count() == 1


def test_what_somebody_else_did_is_said_by_the_rule(
    client: Client, centre_head: User, reviewer: User, department_head: User, plan: AnnualPlan
) -> None:
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    forward_all(plan=plan)
    client.force_login(reviewer)
    address = reverse("projects:round_step", args=[PlanRound.objects.get().pk, "endorse"])
    answer = client.post(address, {"on": "02/04/2006"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "không thực hiện được bước “Thống nhất đợt”" in text and CONTACT not in text
