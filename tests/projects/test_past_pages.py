"""A past year entered by hand: letters and projects by the Centre's staff, confirmed letter by letter by the head."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision
from projects.desk.inbox import inbox
from projects.models import PastLetter, PastRecord, Project
from tests.factories import activity, district, make_plan
from tests.people import Tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tree: Tree) -> AnnualPlan:
    district()
    return make_plan(organisation=tree.centre)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def add_letter(client: Client, plan: AnnualPlan, **typed: str) -> PastLetter:
    said = {"kind": "official_letter", "number": "341/UBND-CN", "issued_on": "16/06/2006", "assigned_KCDP": "60 tr"}
    sent = client.post(f"/plans/{plan.pk}/past/letters/new/", said | typed)
    assert sent.status_code == 302, sent.content.decode()
    return PastLetter.objects.latest("pk")


def project_fields(letter: PastLetter | None = None, **typed: str) -> dict[str, str]:
    """What the form of a past record sends."""
    rows = {f"{name}-{kind}_FORMS": "0" for name in ("content", "support") for kind in ("TOTAL", "INITIAL")}
    rows |= {"content-TOTAL_FORMS": "1", "support-TOTAL_FORMS": "1"}
    rows |= {"content-0-activity_type": str(activity().pk), "content-0-amount_KCDP": "60 tr"}
    rows |= {"support-0-name": "Lao động nông thôn", "support-0-type": "group"}
    said = {"name": "Thêu ren móc chỉ", "kind": "group", "area_scope": "units", "places": "Tiên Lãng"}
    said |= {"outcome": "carried_out", "is_day_unknown": "on", "pace": "on", "source": "Báo cáo năm 2006"}
    said |= {"words": "Đúng tiến độ.", "letter_city": str(letter.pk) if letter else ""}
    return rows | said | typed


def test_a_year_is_entered_sent_and_confirmed(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    client.force_login(centre_staff)
    assert f"/plans/{plan.pk}/past/" in page(client, plan.get_absolute_url())
    letter = add_letter(client, plan)
    sent = client.post(f"/plans/{plan.pk}/past/new/", project_fields(letter))
    assert sent.status_code == 302 and sent["Location"] == f"/plans/{plan.pk}/past/", sent.content.decode()
    year = page(client, f"/plans/{plan.pk}/past/")
    assert "Thêu ren móc chỉ" in year and "Đã thực hiện, chưa rõ ngày" in year and "Đang chuẩn bị" in year
    assert "Chưa chọn văn bản" not in year
    assert inbox(department_head) == []
    [task] = inbox(centre_staff)
    assert task.label == "Có 1 văn bản của hồ sơ cũ năm 2006 chưa gửi Sở xác nhận"
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    assert inbox(centre_staff) == []
    [task] = inbox(department_head)
    assert task.label == "Có 1 văn bản của hồ sơ cũ năm 2006 chờ xác nhận"
    client.force_login(department_head)
    assert task.label in page(client, "/") and "1 đề án" not in page(client, "/")
    assert "Xem và xác nhận" in page(client, letter.get_absolute_url())
    seen = page(client, f"/past-letters/{letter.pk}/confirm/")
    assert "Thêu ren móc chỉ" in seen and "60.000.000" in seen and "Báo cáo năm 2006" in seen
    letter.refresh_from_db()
    sent = client.post(f"/past-letters/{letter.pk}/confirm/", {"reason": "", "version": letter.version})
    assert sent.status_code == 302, sent.content.decode()
    assert Project.objects.get().status == "past" and Decision.objects.get().number == "341/UBND-CN"
    assert inbox(department_head) == [] and "Sở đã xác nhận" in page(client, f"/plans/{plan.pk}/past/")


def test_letter_that_is_not_confirmed_comes_back_with_its_reason(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan, number="", is_number_unknown="on")
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    letter.refresh_from_db()
    client.force_login(department_head)
    address, typed = f"/past-letters/{letter.pk}/confirm/", {"version": str(letter.version), "refuse": "1"}
    empty = client.post(address, typed)
    assert empty.status_code == 422 and "Ghi lý do không xác nhận." in empty.content.decode()
    assert client.post(address, typed | {"reason": "Thiếu số văn bản"}).status_code == 302
    [task] = inbox(centre_staff)
    assert task.label == "Có 1 văn bản của hồ sơ cũ năm 2006 bị Sở trả lại"
    client.force_login(centre_staff)
    assert "Thiếu số văn bản" in page(client, letter.get_absolute_url())
    opened = page(client, f"/past-letters/{letter.pk}/edit/")
    assert "checked" in opened and "60.000.000" in opened
    letter.refresh_from_db()
    right = {"kind": "official_letter", "number": "341/UBND-CN", "issued_on": "16/06/2006", "assigned_KCDP": "60 tr"}
    sent = client.post(f"/past-letters/{letter.pk}/edit/", right | {"version": str(letter.version)})
    assert sent.status_code == 302, sent.content.decode()
    assert PastLetter.objects.get().number == "341/UBND-CN"


def test_limits_are_said_on_the_page_of_the_head(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan, assigned_KCDP="50 tr")
    client.post(f"/plans/{plan.pk}/past/new/", project_fields(letter))
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    letter.refresh_from_db()
    client.force_login(department_head)
    sent = client.post(f"/past-letters/{letter.pk}/confirm/", {"reason": "", "version": letter.version})
    assert sent.status_code == 422 and "50.000.000" in sent.content.decode()
    assert Project.objects.get().status == "stated" and not Decision.objects.exists()


def test_record_is_put_right_on_its_page(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan)
    client.post(f"/plans/{plan.pk}/past/new/", project_fields(letter))
    project = Project.objects.get()
    seen = page(client, project.get_absolute_url())
    assert f'btn-primary" href="/projects/{project.pk}/past/">Sửa hồ sơ cũ' in seen
    assert f'btn-secondary" href="/projects/{project.pk}/discard/">Bỏ bản nhập nhầm' in seen
    assert "không sửa được ở đây" not in seen
    opened = page(client, f"/projects/{project.pk}/past/")
    assert "Báo cáo năm 2006" in opened and f'<option value="{letter.pk}" selected' in opened
    right = {"is_day_unknown": "", "stated_on": "22/01/2007", "outcome": "liquidated", "pace": ""}
    right |= {"version": str(project.version), "content-INITIAL_FORMS": "1", "support-INITIAL_FORMS": "1"}
    sent = client.post(f"/projects/{project.pk}/past/", project_fields(letter, **right))
    assert sent.status_code == 302, sent.content.decode()
    assert str(PastRecord.objects.latest("pk")) == "Đã thanh lý ngày 22/01/2007"
    stale = client.post(f"/projects/{project.pk}/past/", project_fields(letter, **right, words="Khác"))
    assert stale.status_code == 422
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    assert "lấy lại văn bản" in page(client, f"/projects/{project.pk}/past/", 403)
    assert "lấy lại văn bản rồi sửa" in page(client, project.get_absolute_url())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"is_day_unknown": ""}, "Ghi ngày, hoặc đánh dấu"),
        ({"stated_on": "22/01/2007"}, "bỏ chọn “chưa rõ ngày”"),
        ({"is_day_unknown": "", "stated_on": "22/01/2005"}, '#id_stated_on">Ngày của trạng thái</a>: Ngày của'),
        ({"source": ""}, "Hồ sơ, báo cáo làm căn cứ"),
        ({"outcome": ""}, "Trạng thái theo hồ sơ"),
        ({"content-0-amount_KCDP": ""}, "Nhập kinh phí nhà nước"),
    ],
)
def test_what_the_form_lacks_is_said_and_nothing_is_stored(
    plan: AnnualPlan, centre_staff: User, client: Client, typed: Any, message: str
) -> None:
    client.force_login(centre_staff)
    sent = client.post(f"/plans/{plan.pk}/past/new/", project_fields(**typed))
    text = sent.content.decode()
    assert sent.status_code == 422 and message in text and "Thêu ren móc chỉ" in text
    assert not Project.objects.exists()


def test_buttons_that_nobody_knows_and_refused_ones(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan, assigned_KCDP="")
    assert client.post(f"/past-letters/{letter.pk}/moves/confirm/").status_code == 404
    sent = client.post(f"/past-letters/{letter.pk}/moves/send/", follow=True)
    assert "chưa có số tiền nào" in sent.content.decode()
    dropped = client.post(f"/past-letters/{letter.pk}/moves/drop/", follow=True)
    assert "Đã bỏ Công văn số 341/UBND-CN" in dropped.content.decode() and not PastLetter.objects.exists()


def test_page_of_the_year_asks_the_same_for_any_number(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, f"/plans/{plan.pk}/past/")
        return len(queries)

    counts: list[Any] = []
    for number in range(3):
        letter = add_letter(client, plan, number=f"{number}/CV")
        client.post(f"/plans/{plan.pk}/past/new/", project_fields(letter, name=f"Đề án {number}"))
        counts.append(asked())
    assert Project.objects.count() == 3 and counts[1] == counts[2]


def test_what_is_wrong_stands_in_one_list_and_a_missing_content_is_named(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    empty = {"content-0-activity_type": "", "content-0-amount_KCDP": "", "outcome": "", "source": ""}
    answer = client.post(f"/plans/{plan.pk}/past/new/", project_fields() | empty)
    said = answer.content.decode()
    assert answer.status_code == 422 and said.count("Chưa lưu được. Hãy sửa những chỗ sau:") == 1
    assert "Đề án phải có ít nhất một nội dung hoạt động." in said and "Phải nhập ít nhất 1 dòng" not in said


def test_amount_that_may_be_a_slip_of_the_unit_is_asked_about(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    """“200” on a letter of old papers is more often 200 triệu than 200 đồng."""
    client.force_login(centre_staff)
    sent = {"kind": "official_letter", "number": "341/UBND-CN", "issued_on": "16/06/2006", "assigned_KCDP": "200"}
    address = f"/plans/{plan.pk}/past/letters/new/"
    asked = client.post(address, sent)
    assert asked.status_code == 422 and "Chưa rõ “200” là bao nhiêu" in asked.content.decode()
    assert client.post(address, sent | {"assigned_KCDP-means": "200000000"}).status_code == 302
    assert PastLetter.objects.get().assigned.get().amount_vnd == 200_000_000


def test_record_is_changed_from_the_list_while_the_centre_has_its_letter(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan)
    client.post(f"/plans/{plan.pk}/past/new/", project_fields(letter))
    way = f"/projects/{Project.objects.get().pk}/past/"
    assert way in page(client, f"/plans/{plan.pk}/past/") and client.get(way).status_code == 200
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    assert way not in page(client, f"/plans/{plan.pk}/past/") and client.get(way).status_code == 403


def test_letter_of_a_closed_year_offers_no_way_back(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    client.force_login(centre_staff)
    letter = add_letter(client, plan)
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    assert "Lấy lại để sửa" in page(client, letter.get_absolute_url())
    AnnualPlan.objects.update(is_closed=True)
    assert "Lấy lại để sửa" not in page(client, letter.get_absolute_url())
