"""The history as an inspector reads it: all rows of one's scope, found by words, person and day, never a number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, PlanRound
from projects.models import Beneficiary, FieldChange, PersonalNumber, Project
from projects.papers.snapshots import Difference, take_snapshot
from projects.rules.workflow import apply_transition
from projects.services.history import record_field_changes, record_project_changes
from tests.factories import make_plan, make_project, review, submit_all
from tests.people import Tree
from tests.sent import opened

pytestmark = pytest.mark.django_db

NUMBER, OTHER_NUMBER = "031085001234", "031085009234"  # alike once masked
JOURNAL = reverse("projects:journal")


@pytest.fixture
def plan(tree: Tree, centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=tree.centre)


@pytest.fixture
def embroidery(plan: AnnualPlan, centre_staff: User) -> Project:
    return make_project(plan=plan, by=centre_staff, name="Đào tạo nghề thêu ren")


@pytest.fixture
def household(tree: Tree) -> Beneficiary:
    row = Beneficiary.objects.create(province=tree.province, name="Hộ kinh doanh Minh An", type="household")
    PersonalNumber.objects.create(beneficiary=row, number=NUMBER)
    return row


def rename(project: Project, name: str, by: User) -> None:
    before = take_snapshot(project)
    project.name = name
    project.save()
    record_project_changes(project, before, actor=by)


def rows_of(client: Client, **query: Any) -> list[str]:
    response = client.get(JOURNAL, query)
    assert response.status_code == 200
    rows = html.fromstring(response.content.decode()).xpath("//table/tbody/tr")
    return [" ".join(row.text_content().split()) for row in rows]


def correct(client: Client, household: Beneficiary, **changes: str) -> int:
    """Opens the form of the household as its user does, changes some fields and saves."""
    address = reverse("projects:beneficiary_edit", args=[household.pk])
    kept = {"name": household.name, "type": "household", "tax_code": "031…234", "unit": ""}
    return client.post(address, kept | changes | opened(client, address)).status_code


def test_changes_and_steps_stand_in_one_list_newest_first(
    client: Client, embroidery: Project, centre_staff: User, centre_head: User, reviewer: User, observer: User
) -> None:
    rename(embroidery, "Đào tạo nghề thêu tranh", centre_staff)
    submit_all(plan=embroidery.lines.get().round.plan, by=centre_head)
    plan_round = PlanRound.objects.get(lines__project=embroidery)
    review(plan_round=plan_round, project=embroidery, by=reviewer, conclusion="return", note="Bổ sung dự toán lớp học.")
    client.force_login(observer)
    rows = rows_of(client)
    assert len(rows) == 4
    assert "Trả lại bổ sung" in rows[0] and "Phạm Quang Đức" in rows[0] and "Bổ sung dự toán lớp học." in rows[0]
    assert "Đào tạo nghề thêu tranh" in rows[0]
    assert any("Đợt 1 · KCĐP, kế hoạch năm 2006" in row and "Đang lập Đã gửi Sở" in row for row in rows[1:3])
    assert "Tên đề án Đào tạo nghề thêu ren Đào tạo nghề thêu tranh" in rows[3] and "Nguyễn Thị Hoa" in rows[3]
    assert embroidery.get_absolute_url() in client.get(JOURNAL).content.decode()
    assert client.post(JOURNAL).status_code == 405


def test_stranger_and_person_without_role_see_nothing(
    client: Client, embroidery: Project, household: Beneficiary, centre_staff: User, stranger: User
) -> None:
    rename(embroidery, "Đào tạo nghề thêu tranh", centre_staff)
    client.force_login(centre_staff)
    assert correct(client, household, address="Số 5 phố Cũ") == 302
    assert len(rows_of(client)) == 2
    client.force_login(stranger)
    assert rows_of(client) == []
    assert "Nguyễn Thị Hoa" not in client.get(JOURNAL).content.decode()
    assert client.get(JOURNAL, {"project": embroidery.pk}).status_code == 404
    assert client.get(JOURNAL, {"beneficiary": household.pk}).status_code == 404
    stranger.memberships.all().delete()
    assert rows_of(client) == []


def test_narrowed_by_words_person_kind_record_and_day(
    client: Client, plan: AnnualPlan, embroidery: Project, centre_staff: User, centre_head: User, observer: User
) -> None:
    weaving = make_project(plan=plan, by=centre_staff, name="Dệt chiếu cói")
    rename(embroidery, "Đào tạo nghề thêu tranh", centre_staff)
    rename(weaving, "Dệt chiếu xuất khẩu", centre_head)
    submit_all(plan=plan, by=centre_head)
    client.force_login(observer)
    assert len(rows_of(client)) == 5
    assert len(rows_of(client, q="theu REN")) == 1  # stood before
    assert len(rows_of(client, q="tranh")) == 2  # the record is called so now
    assert len(rows_of(client, q=weaving.code)) == 2
    assert len(rows_of(client, q="dot 1 kcdp 2006")) == 1
    assert len(rows_of(client, q="gui so chieu")) == 1
    assert rows_of(client, q="không đâu có") == []
    assert len(rows_of(client, person=centre_staff.pk)) == 1
    assert [len(rows_of(client, kind=kind)) for kind in ("project", "round", "beneficiary")] == [4, 1, 0]
    assert len(rows_of(client, project=embroidery.pk)) == 2
    today = FieldChange.objects.latest("pk").recorded_at.astimezone(dt.timezone(dt.timedelta(hours=7))).date()
    tomorrow = today + dt.timedelta(days=1)
    assert len(rows_of(client, first=f"{today:%d/%m/%Y}", last=f"{today:%d/%m/%Y}")) == 5
    assert rows_of(client, first=f"{tomorrow:%d/%m/%Y}") == [] == rows_of(client, last="31/12/2005")


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"first": "31/02/2006"}, "first", "Không có ngày 31/02/2006 trong lịch."),
        ({"last": "hôm qua"}, "last", "Ngày phải viết theo dạng ngày/tháng/năm"),
        ({"first": "02/06/2006", "last": "01/06/2006"}, "last", "“Đến ngày” không được trước “Từ ngày”."),
        ({"person": "999999"}, "person", "999999"),
        ({"kind": "voucher"}, "kind", "voucher"),
    ],
)
def test_unreadable_filter_is_said_beside_its_field(
    client: Client, embroidery: Project, centre_staff: User, query: dict[str, str], field: str, said: str
) -> None:
    rename(embroidery, "Thêu tranh", centre_staff)
    client.force_login(centre_staff)
    response = client.get(JOURNAL, query)
    page = html.fromstring(response.content.decode())
    assert response.status_code == 422
    assert said in page.get_element_by_id(f"id_{field}_error").text_content()
    assert not page.xpath("//table")
    if field in ("first", "last"):
        assert page.get_element_by_id(f"id_{field}").get("value") == query[field]


@pytest.mark.parametrize("text", ["x", "-1", "٣", "9" * 30, "999999"])
def test_a_record_that_is_not_there_is_not_found(client: Client, centre_staff: User, text: str) -> None:
    client.force_login(centre_staff)
    assert client.get(JOURNAL, {"project": text}).status_code == 404


def test_personal_number_is_nowhere_in_history(client: Client, household: Beneficiary, centre_staff: User) -> None:
    client.force_login(centre_staff)
    assert correct(client, household, tax_code=OTHER_NUMBER, notes=f"Chủ hộ: {NUMBER}") == 302
    assert PersonalNumber.objects.get().number == OTHER_NUMBER
    changes = {row.field: (row.before, row.after) for row in FieldChange.objects.all()}
    assert changes == {"personal_number": ("031…234", "031…234"), "notes": ("", "Chủ hộ: 031…234")}
    assert_no_number(client)
    shown = html.fromstring(client.get(household.get_absolute_url()).content.decode()).get_element_by_id("history")
    assert "Chủ hộ: 031…234" in shown.text_content() and NUMBER not in shown.text_content()
    assert correct(client, household, tax_code="0100109106", notes="") == 302
    assert FieldChange.objects.filter(field="personal_number").latest("pk").after == ""


def test_number_typed_into_a_project_is_masked(client: Client, embroidery: Project, centre_staff: User) -> None:
    rename(embroidery, f"Thêu ren cho hộ {OTHER_NUMBER}", centre_staff)
    client.force_login(centre_staff)
    assert "Thêu ren cho hộ 031…234" in rows_of(client)[0]
    assert_no_number(client)
    record_field_changes(embroidery, [Difference("notes", "", f"số {NUMBER}")], actor=centre_staff)
    assert_no_number(client)


def assert_no_number(client: Client) -> None:
    """Neither the table nor the page that shows it has the digits."""
    stored = str(list(FieldChange.objects.values()))
    page = client.get(JOURNAL).content.decode()
    assert "031…234" in page
    for text in (stored, page):
        assert NUMBER not in text and OTHER_NUMBER not in text


def test_english_pages_record_vietnamese(client: Client, household: Beneficiary, centre_staff: User) -> None:
    client.force_login(centre_staff)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert correct(client, household, type="cooperative", is_women_owned="on", name="HTX Minh An") == 302
    rows = [(row.field, row.before, row.after) for row in FieldChange.objects.order_by("pk")]
    assert rows == [
        ("name", "Hộ kinh doanh Minh An", "HTX Minh An"),
        ("type", "Hộ kinh doanh", "Hợp tác xã"),
        ("is_women_owned", "không", "có"),
    ]


def test_nothing_is_recorded_of_a_refused_or_empty_save_or_a_new_row(
    client: Client, household: Beneficiary, centre_staff: User
) -> None:
    client.force_login(centre_staff)
    assert correct(client, household, tax_code="12345", address="Số 5") == 422
    assert correct(client, household) == 302
    new = {"name": "HTX Lật Dương", "type": "cooperative", "tax_code": "", "unit": ""}
    assert client.post(reverse("projects:beneficiary_create"), new).status_code == 302
    assert not FieldChange.objects.exists()


def test_pages_of_records_show_the_newest_changes(
    client: Client, embroidery: Project, household: Beneficiary, centre_staff: User
) -> None:
    for number in range(12):
        rename(embroidery, f"Thêu ren {number}", centre_staff)
    client.force_login(centre_staff)
    correct(client, household, name="Hộ Minh An Phát")
    page = html.fromstring(client.get(embroidery.get_absolute_url()).content.decode())
    [listed] = page.find_class("changes")
    assert len(listed.findall("li")) == 10 and "Thêu ren 11" in listed[0].text_content()
    [link] = page.xpath(f"//a[@href='{JOURNAL}?project={embroidery.pk}']")
    assert len(html.fromstring(client.get(link.get("href")).content.decode()).xpath("//tbody/tr")) == 12
    shown = client.get(household.get_absolute_url()).content.decode()
    assert "Tên đơn vị" in shown and "Hộ Minh An Phát" in shown and f"?beneficiary={household.pk}" in shown


def test_long_texts_open_on_demand_and_pages_cost_the_same(
    client: Client, embroidery: Project, household: Beneficiary, centre_staff: User, centre_head: User
) -> None:
    submit_all(plan=AnnualPlan.objects.get(), by=centre_head)
    record_field_changes(embroidery, [Difference("need", "", "rất dài " * 40)], actor=centre_staff)
    for _number in range(2):
        record_field_changes(household, [Difference("address", "a", "b")], actor=centre_staff)
    client.force_login(centre_staff)
    assert queries(client) == (few := queries(client)) and few <= 12
    assert client.get(JOURNAL).content.decode().count('class="change-text"') == 1
    record_field_changes(household, [Difference("address", "a", "b")] * 494, actor=centre_staff)
    apply_transition(PlanRound.objects.get(), "recall", actor=centre_head, effective_on=dt.date(2006, 3, 2))
    assert queries(client) == few
    assert len(rows_of(client, q="o")) == 50 and "Trang 1/10" in client.get(JOURNAL).content.decode()
    assert len(rows_of(client, page=10)) == 50


def queries(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(JOURNAL, {"q": "o", "first": "01/01/2006"}).status_code == 200
    return len(caught)
