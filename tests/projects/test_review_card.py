"""The opened line of a review says who is to be helped, and is where the reader looks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import PlanRound
from projects.models import Beneficiary, Support
from tests.factories import MILLION, approved_project, district, make_plan, make_project, submit_all
from tests.projects.reviewing import answers, page, post, project

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(centre_staff: User) -> Beneficiary:
    return Beneficiary.objects.create(
        province=centre_staff.memberships.get().scope.province(),
        name="Công ty TNHH Dũng Hồng",
        type="enterprise",
        tax_code="0200638946",
        unit=district(),
        address="Thôn 3",
    )


def card(text: str) -> str:
    """What the open line says of whom it helps."""
    start = text.index("<h2>Đơn vị thụ hưởng</h2>")
    return text[start : text.index("</section>", start)]


def test_reviewer_reads_who_is_helped_and_what_they_got_before(
    client: Client,
    centre_staff: User,
    centre_head: User,
    reviewer: User,
    department_head: User,
    firm: Beneficiary,
) -> None:
    centre = centre_staff.memberships.get().scope
    last_year = make_plan(organisation=centre, year=2005)
    before = approved_project(staff=centre_staff, head=centre_head, department=department_head, plan=last_year)
    Support.objects.create(project=before, beneficiary=firm, amount_vnd=25 * MILLION)
    plan = make_plan(organisation=centre)
    asked = make_project(plan=plan, by=centre_staff, name="Máy dệt cói")
    waits = make_project(plan=plan, by=centre_staff, name="Xúc tiến")
    submit_all(plan=plan, by=centre_head)
    for one in (asked, waits):
        Support.objects.create(project=one, beneficiary=firm)
    client.force_login(reviewer)
    address = reverse("projects:round_review", args=[PlanRound.objects.get(plan=plan).pk])
    said = card(client.get(address, {"line": asked.pk}).content.decode())
    for words in ("Công ty TNHH Dũng Hồng", "Doanh nghiệp", "mã số thuế 0200638946", "Huyện Tiên Lãng", "Thôn 3"):
        assert words in said
    assert "2005" in said and before.name in said and "60" in said and "riêng đơn vị này: 25" in said
    assert "Xúc tiến" not in said, "what is only asked for is a warning, not money"


def test_line_without_earlier_support_says_so(
    client: Client, centre_staff: User, centre_head: User, reviewer: User, firm: Beneficiary
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    asked = make_project(plan=plan, by=centre_staff, name="Máy dệt cói")
    Support.objects.create(project=asked, beneficiary=firm)
    other = make_project(plan=plan, by=centre_staff, name="Đào tạo thêu")
    submit_all(plan=plan, by=centre_head)
    client.force_login(reviewer)
    assert "Chưa được hỗ trợ ở đề án nào mà bạn được xem." in card(page(client, asked))
    assert "<h2>Đơn vị thụ hưởng</h2>" not in page(client, other), "a group has no card"


def test_ways_to_a_line_lead_to_where_it_is_open(
    client: Client, centre_staff: User, centre_head: User, reviewer: User
) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    for name in ("Thêu ren", "Chiếu cói"):
        make_project(plan=plan, by=centre_staff, name=name)
    submit_all(plan=plan, by=centre_head)
    client.force_login(reviewer)
    one = project("Chiếu cói")
    text = page(client, one)
    row = text[text.index('id="opened"') :]
    assert "Chiếu cói" in row[: row.index("</tr>")] and text.count('id="opened"') == 1
    assert f'href="?line={one.pk}#opened"' in text
    assert post(client, one, answers(one))["Location"].endswith("/review/#opened")
