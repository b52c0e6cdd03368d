"""The estimate on a page of the past: what had been sent by that day, whatever was typed since."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from khuyencong.asof import AsOf
from projects.models import EstimateItem, Project
from projects.services.estimates import ItemInput, write_estimate
from projects.services.rounds import resubmit_project
from tests.factories import MILLION, make_plan, make_project, review, submit_all
from tests.there import there

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = dt.date(2006, 1, 10), dt.date(2006, 2, 1), dt.date(2006, 3, 1)


def estimate(project: Project, by: User, name: str, price: int) -> None:
    project.refresh_from_db()
    items = [ItemInput(project.components.get().pk, name, "buổi", Decimal("2.5"), price)]
    plan = there(project.latest_plan())
    write_estimate(project=project, plan=plan, items=items, version=project.version, actor=by)


def send_back(project: Project, by: User) -> None:
    review(plan_round=project.lines.get().round, project=project, by=by, conclusion="return", note="Bổ sung dự toán")


@pytest.fixture
def project(centre_staff: User, centre_head: User, reviewer: User) -> Project:
    """Sent on 1 February with teachers at 24 triệu, sent again on 1 March with machines at 20; then typed anew."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    made = make_project(plan=plan, by=centre_staff)
    estimate(made, centre_staff, "Thuê giáo viên", 24 * MILLION)
    submit_all(plan=plan, by=centre_head, on=FEBRUARY)
    send_back(made, reviewer)
    estimate(made, centre_staff, "Máy may", 20 * MILLION)
    made.refresh_from_db()
    resubmit_project(project=made, on=MARCH, note="Đã bổ sung", actor=centre_head)
    send_back(made, reviewer)
    estimate(made, centre_staff, "Chưa gửi", 10 * MILLION)
    return Project.objects.get(pk=made.pk)


def page(client: Client, project: Project, as_of: AsOf) -> str:
    """The part of the money; the history below names all that was ever typed."""
    text = client.get(f"{project.get_absolute_url()}{as_of.query}").content.decode()
    return text[text.index('id="money"') : text.index('id="warnings"')]


def test_each_day_shows_what_had_been_sent(client: Client, project: Project, centre_staff: User) -> None:
    client.force_login(centre_staff)
    before = page(client, project, AsOf(JANUARY))
    assert "chưa có dự toán chi tiết được giữ lại" in before and "khoản," not in before
    first = page(client, project, AsOf(FEBRUARY))
    assert "Thuê giáo viên" in first and "60.000.000" in first and "theo bản thuyết minh ngày 01/02/2006" in first
    assert "Máy may" not in first and "chênh" not in first, "it adds up to the 60 triệu that were asked for"
    second = page(client, project, AsOf(MARCH))
    assert "Máy may" in second and "50.000.000" in second and "Chưa gửi" not in second
    assert "chênh 10.000.000" in second
    assert "Chưa gửi" in page(client, project, AsOf())


def test_what_had_not_been_recorded_by_then_is_not_shown(client: Client, project: Project, centre_staff: User) -> None:
    client.force_login(centre_staff)
    assert "Thuê giáo viên" not in page(client, project, AsOf(MARCH, dt.date(2006, 1, 1)))


def test_without_an_estimate_nothing_is_said_of_one(client: Client, project: Project, centre_staff: User) -> None:
    bare = make_project(plan=there(project.latest_plan()), by=centre_staff, name="Không dự toán")
    client.force_login(centre_staff)
    assert "dự toán chi tiết" not in page(client, bare, AsOf(MARCH)).lower()
    assert EstimateItem.objects.exists()
