"""Plans, rounds and letters on screen: who does what, what is seen, and what a wrong step answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import AnnualPlan, Decision, DecisionDocument, PlanRound
from projects.ledger.remainders import approved_cells, envelopes
from projects.models import Project
from tests.factories import MILLION, decide, forward_all, make_plan, make_project, requested_cells, source, submit_all
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """One project of 60 triệu of city money, submitted."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    return plan


@pytest.fixture
def forwarded(plan: AnnualPlan) -> AnnualPlan:
    """The same, appraised, endorsed and forwarded: it waits for its letter."""
    forward_all(plan=plan)
    return plan


def letter(plan: AnnualPlan, **changes: Any) -> dict[str, Any]:
    """What the form of a letter posts: 60 triệu assigned and approved by 341/UBND-CN."""
    [(line, component, of_source)] = requested_cells(plan)
    city = source("KCDP").pk
    data = {
        "number": "341/UBND-CN",
        "issued_on": "16/06/2006",
        "nature": "adjustment",
        f"source-{city}-before": "",
        f"source-{city}-after": "60 tr",
        f"line-{line}-{component}-{of_source}-before": "",
        f"line-{line}-{component}-{of_source}-after": "60.000.000",
    }
    return {
        key.replace("CITY", f"source-{city}").replace("LINE", f"line-{line}-{component}-{of_source}"): value
        for key, value in (data | changes).items()
    }


def post(client: Client, plan: AnnualPlan, data: dict[str, Any], **extra: Any) -> Any:
    return client.post(reverse("projects:decision_create", args=[plan.pk]), data, **extra)


def test_second_plan_of_a_year_is_refused_beside_the_year(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    data = {"organisation": plan.organisation_id, "year": "2006"}
    response = client.post(reverse("projects:plan_create"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Đã có kế hoạch năm 2006 của đơn vị này.") == 2  # on top and beside
    assert 'value="2006"' in page
    assert AnnualPlan.objects.count() == 1


def test_department_head_records_the_letter_with_its_scan(
    client: Client, department_head: User, forwarded: AnnualPlan
) -> None:
    client.force_login(department_head)
    scan = SimpleUploadedFile("341.pdf", b"%PDF-1.4 scan", content_type="application/pdf")
    response = post(client, forwarded, letter(forwarded) | {"scan": scan}, follow=True)
    assert "Đã ghi nhận 341/UBND-CN ngày 16/06/2006" in response.content.decode()
    assert DecisionDocument.objects.get().original_name == "341.pdf"
    assert Project.objects.get().status == Project.Status.APPROVED
    assert envelopes([forwarded])[1].unallocated_vnd == 0


def test_unknown_number_and_date_are_marked_not_invented(
    client: Client, department_head: User, forwarded: AnnualPlan
) -> None:
    client.force_login(department_head)
    data = letter(forwarded, number="", issued_on="", is_number_unknown="on", is_date_unknown="on")
    assert post(client, forwarded, data).status_code == 302
    decision = Decision.objects.get()
    assert (decision.number, decision.issued_on, decision.label) == ("", None, "Văn bản chưa rõ số, chưa rõ ngày")
    assert decision.effective_on == dt.date(2006, 1, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": ""}, "Ghi số văn bản, hoặc đánh dấu “chưa rõ số”."),
        ({"issued_on": ""}, "Ghi ngày ban hành, hoặc đánh dấu “chưa rõ ngày”."),
        ({"issued_on": "31/12/2099"}, "Ngày ban hành không được sau hôm nay."),
        ({"issued_on": "16/13/2006"}, "ngày/tháng/năm"),
        ({"is_number_unknown": "on"}, "Đã ghi số thì bỏ chọn"),
        ({"LINE-after": "-5"}, "âm"),
        ({"LINE-after": "abc"}, "60.000.000"),
        ({"CITY-after": "50 tr"}, "vượt 10.000.000 đồng"),
        ({"CITY-after": "", "LINE-after": ""}, "Chưa nhập số tiền nào"),
        ({"LINE-before": "1"}, "người khác đã ghi nhận văn bản khác"),
    ],
)
def test_wrong_letter_is_refused_in_words_and_nothing_is_written(
    client: Client, department_head: User, forwarded: AnnualPlan, changes: dict[str, str], message: str
) -> None:
    client.force_login(department_head)
    data = letter(forwarded, summary="Ghi nhớ của tôi", **changes)
    response = post(client, forwarded, data)
    page = response.content.decode()
    assert response.status_code == 422
    summary = page[page.index("error-summary") : page.index('<section class="panel">')]
    assert message in summary
    if "vượt" in message:
        assert page.count("Vượt kinh phí được giao của KCĐP 10.000.000 đồng.") == 2, "beside both amounts"
    assert "Ghi nhớ của tôi" in page
    assert not Decision.objects.exists()
    assert Project.objects.get().status == Project.Status.APPRAISED


def test_same_letter_twice_is_refused(client: Client, department_head: User, forwarded: AnnualPlan) -> None:
    client.force_login(department_head)
    data = letter(forwarded)
    assert post(client, forwarded, data).status_code == 302
    assert post(client, forwarded, data).status_code == 422
    assert Decision.objects.count() == 1 and sum(approved_cells(forwarded).values()) == 60 * MILLION


def test_one_letter_serves_two_plans_and_its_record_is_one(
    client: Client, centre_staff: User, department_head: User, forwarded: AnnualPlan
) -> None:
    other = Organisation.objects.create(
        code="tt-2", kind="centre", name="Trung tâm thứ hai", parent=forwarded.organisation.parent
    )
    second = make_plan(organisation=other)
    client.force_login(department_head)
    assert post(client, forwarded, letter(forwarded)).status_code == 302
    data = {"number": "341/UBND-CN", "issued_on": "16/06/2006", f"source-{source('KCDP').pk}-after": "40 tr"}
    assert post(client, second, data | {"adds": "on"}).status_code == 302
    assert Decision.objects.count() == 1
    assert [envelopes([one])[1].assigned_vnd for one in (forwarded, second)] == [60 * MILLION, 40 * MILLION]


def test_preview_names_an_amount_that_can_not_be_read_and_the_file_to_choose_again(
    client: Client, department_head: User, forwarded: AnnualPlan
) -> None:
    client.force_login(department_head)
    scan = SimpleUploadedFile("341.pdf", b"%PDF-1.4")
    data = letter(forwarded, number="", **{"LINE-after": "abc", "preview": "1"})
    page = post(client, forwarded, data | {"scan": scan})
    text = page.content.decode()
    assert "60.000.000" in text and "error-summary" in text and "Ghi số văn bản" not in text
    assert "Tệp “341.pdf” chưa được giữ lại" in text


def test_preview_and_fill_write_nothing(client: Client, department_head: User, forwarded: AnnualPlan) -> None:
    client.force_login(department_head)
    filled = post(client, forwarded, letter(forwarded, **{"LINE-after": "", "fill": "1"})).content.decode()
    assert 'value="60.000.000"' in filled
    preview = post(client, forwarded, letter(forwarded, **{"CITY-after": "50 tr", "preview": "1"})).content.decode()
    assert "vượt" in preview and "error-summary" not in preview
    fragment = post(client, forwarded, letter(forwarded), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and "Còn chưa phân bổ" in fragment
    assert fragment.count('hx-swap-oob="true">60.000.000</span>') == 2, "the changes as one types"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", ["centre_staff", "centre_head", "accountant", "reviewer", "observer", "administrator"])
def test_only_the_department_head_decides(
    request: pytest.FixtureRequest, client: Client, plan: AnnualPlan, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    address = reverse("projects:decision_create", args=[plan.pk])
    assert client.get(address).status_code == client.post(address, letter(plan)).status_code == 403
    assert not Decision.objects.exists()


def test_round_that_lacks_something_is_not_sent(client: Client, centre_staff: User, centre_head: User) -> None:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, amounts={}, places=[], group="", kind="single")
    client.force_login(centre_head)
    plan_round = PlanRound.objects.get()
    response = client.post(reverse("projects:round_submit", args=[plan_round.pk]))
    page = response.content.decode()
    assert response.status_code == 422
    for problem in ("chưa có kinh phí đề nghị", "chưa chọn địa bàn", "chưa có đơn vị hoặc nhóm thụ hưởng"):
        assert problem in page
    assert Project.objects.get().status == Project.Status.DRAFT


def test_head_sends_and_takes_back(client: Client, centre_head: User, plan: AnnualPlan) -> None:
    client.force_login(centre_head)
    plan_round = PlanRound.objects.get()
    page = client.post(reverse("projects:round_recall", args=[plan_round.pk]), follow=True).content.decode()
    assert "Đã rút lại" in page
    assert Project.objects.get().status == Project.Status.DRAFT
    page = client.post(reverse("projects:round_submit", args=[plan_round.pk]), follow=True).content.decode()
    assert "Đã gửi" in page
    assert Project.objects.get().status == Project.Status.SUBMITTED


@pytest.mark.parametrize("role", ["centre_staff", "accountant", "reviewer", "department_head", "observer"])
def test_only_the_centre_head_sends_and_takes_back(
    request: pytest.FixtureRequest, client: Client, plan: AnnualPlan, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    plan_round = PlanRound.objects.get()
    assert client.post(reverse("projects:round_recall", args=[plan_round.pk])).status_code == 403
    assert client.post(reverse("projects:round_submit", args=[plan_round.pk])).status_code == 403


def test_plan_page_shows_the_totals_and_the_letter(
    client: Client, department_head: User, observer: User, plan: AnnualPlan
) -> None:
    decide(plan=plan, by=department_head, assigned={"KCDP": 250 * MILLION}, approved=requested_cells(plan))
    client.force_login(observer)
    page = client.get(reverse("projects:plan_detail", args=[plan.pk])).content.decode()
    for text in ("Tổng cộng · 1 đề án", "341/UBND-CN ngày 16/06/2006", ">250<", ">190<"):
        assert text in page, text
    before = client.get(reverse("projects:plan_detail", args=[plan.pk]), {"as_of": "15/06/2006"}).content.decode()
    assert "tính đến ngày" in before and ">190<" not in before
    wrong = client.get(reverse("projects:plan_detail", args=[plan.pk]), {"as_of": "hôm qua"})
    assert "Ngày phải viết theo dạng" in wrong.content.decode()


def test_letter_page_lists_its_entries(
    client: Client, department_head: User, accountant: User, stranger: User, plan: AnnualPlan
) -> None:
    decision = decide(plan=plan, by=department_head, assigned={"KCDP": 250 * MILLION}, approved=requested_cells(plan))
    client.force_login(accountant)
    page = client.get(decision.get_absolute_url()).content.decode()
    assert "250.000.000" in page and "60.000.000" in page and "Đào tạo nghề thêu ren" in page
    client.force_login(stranger)
    assert client.get(decision.get_absolute_url()).status_code == 404
