"""Pages and the summary of appraisals tell the order of priority with its reason; a review is sorted by it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import PlanRound, PriorityArea
from projects.models import Project
from projects.papers.round_papers import PaperWords, summary_paper
from tests.factories import review, submit_all
from tests.projects.prioritised import at
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]
UNKNOWN = "chưa xác định được"


def test_pages_tell_it_and_the_review_is_sorted_by_it(
    client: Client, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    on = dt.date(2026, 3, 1)
    plain = at(centre_staff, "Xã Tiên Lãng", on=on, name="A ở xã")
    island = at(centre_staff, "Đặc khu Cát Hải", on=on, name="B ở đảo")
    submit_all(plan=plain.lines.get().round.plan, by=centre_head, on=on)
    client.force_login(reviewer)
    page = client.get(island.get_absolute_url()).content.decode()
    assert "nhóm 1 – đặc khu Cát Hải: hải đảo (chưa xác nhận)" in page
    assert "Điều 6 khoản 1 điểm a, khoản 3 điểm a (chưa xác nhận)" in page
    address = reverse("projects:round_review", args=[PlanRound.objects.get(status="submitted").pk])

    def order(sort: str) -> list[int]:
        text = client.get(f"{address}?sort={sort}").content.decode()
        return [int(pk) for pk in re.findall(r'<tr data-line="([0-9]+)"', text)]

    assert order("name") == [plain.pk, island.pk] and order("priority") == [island.pk, plain.pk]
    text = client.get(f"{address}?sort=priority&line={plain.pk}").content.decode()
    assert "ưu tiên: hải đảo" in text and f"ưu tiên: {UNKNOWN}" in text
    assert "Chưa xác định được: địa bàn, ngành nghề, chủ cơ sở" in text
    assert "Địa bàn: chưa có số liệu địa bàn thuộc nhóm nào" in text, "the opened line says why"


def test_a_page_of_2006_says_that_no_order_is_known(client: Client, centre_staff: User) -> None:
    project = at(centre_staff, "Huyện Tiên Lãng", on=dt.date(2006, 6, 16))
    client.force_login(centre_staff)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "chưa có quy định về thứ tự ưu tiên của ngày 31/12/2006" in page


def test_the_summary_of_appraisals_lists_who_goes_first(centre_staff: User, centre_head: User, reviewer: User) -> None:
    on = dt.date(2026, 3, 1)
    plain = at(centre_staff, "Xã Tiên Lãng", on=on, name="A ở xã")
    plan_round = plain.lines.get().round
    at(centre_staff, "Đặc khu Cát Hải", on=on, name="B ở đảo")
    submit_all(plan=plan_round.plan, by=centre_head, on=on)
    plan_round.refresh_from_db()
    for project in Project.objects.order_by("code"):
        review(plan_round=plan_round, project=project, by=reviewer)
    said = list(there(summary_paper(plan_round, reviewer, PaperWords())).lines())
    first = said.index("Thứ tự ưu tiên")
    assert said[first + 1].startswith(
        "- Đề án số 2: nhóm 1 – đặc khu Cát Hải: hải đảo (chưa xác nhận), theo TT 46/2012"
    )
    assert said[first + 2].startswith("- Các đề án còn lại: chưa xác định được")
    PriorityArea.objects.all().delete()
    assert "Thứ tự ưu tiên" not in there(summary_paper(plan_round, reviewer, PaperWords())).lines()
