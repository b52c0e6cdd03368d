"""The accountant's day in the browser's own terms: pay, see the balance first, put a slip right, print the request."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import CellKey, PaymentEntry, Project, SettlementEntry, Voucher
from projects.services.steps import take_step
from tests.factories import MILLION, decide, make_project
from tests.projects.accounting import out, pay, project_of, sign

pytestmark = pytest.mark.django_db
CREATE = "projects:voucher_create"


@pytest.fixture
def desk(client: Client, accountant: User) -> Client:
    client.force_login(accountant)
    return client


def typed(*amounts: tuple[CellKey, str], **changes: Any) -> dict[str, Any]:
    data = {
        "project": [project_of(key).pk for key, _text in amounts],
        "direction": "out",
        "number": "PC-001",
        "issued_on": "01/07/2006",
    }
    rows = {"line-" + "-".join(map(str, key)) + "-amount": text for key, text in amounts}
    return data | rows | changes


def test_accountant_pays_from_the_project_with_number_date_and_kind_filled_in(
    desk: Client, cells: list[CellKey]
) -> None:
    project = project_of(cells[0])
    assert f"{reverse(CREATE)}?project={project.pk}" in desk.get(project.get_absolute_url()).content.decode()
    page = desk.get(reverse(CREATE), {"project": project.pk}).content.decode()
    assert 'placeholder="PC-001"' in page and "autofocus" in page and "60.000.000" in page
    answer = desk.post(reverse(CREATE), typed((cells[0], "40 tr")))
    assert (answer.status_code, answer["Location"]) == (302, project.get_absolute_url())
    entry = PaymentEntry.objects.get()
    assert (entry.kind, entry.amount_vnd, entry.voucher.number) == ("advance", 40 * MILLION, "PC-001")
    page = desk.get(project.get_absolute_url()).content.decode()
    assert "PC-001 ngày 01/07/2006" in page and "20.000.000" in page


def test_voucher_without_a_number_gets_the_next_one_of_its_own_year(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 1), number="PC-009")
    pay(plan, accountant, (cells[0], "payment", 1), number="Ủy nhiệm chi")
    for issued_on in ("02/07/2006", "03/07/2006", "05/01/2007"):
        assert desk.post(reverse(CREATE), typed((cells[0], "1 tr"), number="", issued_on=issued_on)).status_code == 302
    numbers = list(Voucher.objects.order_by("pk").values_list("number", "year"))[2:]
    assert numbers == [("PC-010", 2006), ("PC-011", 2006), ("PC-001", 2007)]


def test_effect_is_seen_before_saving_and_nothing_is_written(desk: Client, cells: list[CellKey]) -> None:
    seen = desk.post(reverse(CREATE), typed((cells[0], "65 tr")), headers={"HX-Request": "true"})
    assert "-5.000.000" in seen.content.decode() and "vượt" in seen.content.decode()
    seen = desk.post(reverse(CREATE), typed((cells[0], "45 tr"), preview="1"))
    assert "15.000.000" in seen.content.decode() and seen.status_code == 200
    assert not Voucher.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-5", "không được âm"),
        ("5,5", "Chưa rõ dấu chấm"),
        ("0,0000005 tr", "số đồng nguyên"),
        ("2.000.000.000.000.000", "quá lớn"),
        ("12 abc", "Không đọc được số tiền"),
    ],
)
def test_unreadable_amount_is_refused_beside_the_field_and_kept(
    desk: Client, cells: list[CellKey], text: str, words: str
) -> None:
    answer = desk.post(reverse(CREATE), typed((cells[0], text), payee="Bà Lan"))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and f'value="{text}"' in page and 'value="Bà Lan"' in page
    assert not Voucher.objects.exists()


def test_over_the_balance_says_by_how_much_above_and_beside(desk: Client, cells: list[CellKey]) -> None:
    answer = desk.post(reverse(CREATE), typed((cells[0], "60.000.001")))
    page = answer.content.decode()
    assert answer.status_code == 422 and "vượt 1 đồng" in page and "Vượt 1 đồng." in page
    assert "341/UBND-CN ngày 16/06/2006: 60.000.000" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"issued_on": "31/02/2006"}, "Không có ngày 31/02/2006 trong lịch."),
        ({"issued_on": "15/06/2006"}, "trước ngày đề án"),
        ({"issued_on": "01/01/2099"}, "không được sau hôm nay"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_wrong_head_is_refused_and_the_amount_is_kept(
    desk: Client, cells: list[CellKey], change: dict[str, str], words: str
) -> None:
    answer = desk.post(reverse(CREATE), typed((cells[0], "40 tr"), **change))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert 'value="40 tr"' in answer.content.decode() or change.get("direction")
    assert not Voucher.objects.exists()


def test_payment_on_a_stopped_project_is_refused_beside_its_amount(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User, department_head: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 40))
    kept = {cells[0]: 40 * MILLION}
    on = dt.date(2006, 9, 1)
    decide(plan=plan, by=department_head, approved=kept, stopped=[cells[0]], number="10/QĐ", on=on)
    kind = "line-" + "-".join(map(str, cells[0])) + "-kind"
    sent = typed((cells[0], "5 tr"), number="PC-002", issued_on="02/09/2006") | {kind: "payment"}
    answer = desk.post(reverse(CREATE), sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count("chỉ ghi thu hồi, không chi thêm") == 2 and 'value="5 tr"' in page
    assert Voucher.objects.count() == 1
    assert desk.post(reverse(CREATE), sent | {kind: "recovery"}).status_code == 302


def test_one_voucher_for_two_projects_is_put_together_without_losing_what_is_typed(
    desk: Client, plan: AnnualPlan, cells: list[CellKey]
) -> None:
    wider = desk.post(
        reverse(CREATE), typed((cells[0], "40 tr"), add="1", add_code=f"{project_of(cells[1]).code} · Mây tre")
    ).content.decode()
    assert 'value="40 tr"' in wider and "Mây tre" in wider
    unknown = desk.post(reverse(CREATE), typed((cells[0], "40 tr"), add="1", add_code="KC9999-001"))
    assert "Không có đề án mang mã" in unknown.content.decode()
    desk.post(reverse(CREATE), typed((cells[0], "40 tr"), (cells[1], "50 tr")))
    voucher = Voucher.objects.get()
    assert voucher.entries.count() == 2 and (out(cells[0]), out(cells[1])) == (40 * MILLION, 50 * MILLION)


def test_slip_is_put_right_on_the_voucher_page(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    voucher = pay(plan, accountant, (cells[0], "advance", 50))
    [entry] = voucher.entries.all()
    address = reverse("projects:voucher_correct", args=[voucher.pk])
    nothing = desk.post(address, {f"right-{entry.pk}": "5 tr"})
    assert nothing.status_code == 422 and 'value="5 tr"' in nothing.content.decode()
    assert desk.post(address, {f"right-{entry.pk}": "5 tr", "reason": "Thừa số 0"}).status_code == 302
    page = desk.get(voucher.get_absolute_url()).content.decode()
    assert "bút toán đảo" in page and "đã ghi đảo" in page and "Thừa số 0" in page
    assert out(cells[0]) == 5 * MILLION


def test_request_for_payment_says_the_amount_in_words(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 10))
    desk.post(reverse(CREATE), typed((cells[0], "1.005.000"), number="PC-002"))
    voucher = Voucher.objects.get(number="PC-002")
    page = desk.get(reverse("projects:voucher_request", args=[voucher.pk])).content.decode()
    assert "Một triệu không trăm linh năm nghìn đồng" in page and "Giấy đề nghị thanh toán" in page
    assert "10.000.000" in page and "TRUNG TÂM KHUYẾN CÔNG" in page


def test_project_settles_with_what_was_paid_filled_in(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User, centre_head: User
) -> None:
    sign(cells[0], accountant, 60)
    take_step(project_of(cells[0]), "start", actor=centre_head, on=dt.date(2006, 7, 1))
    pay(plan, accountant, (cells[0], "payment", 58))
    take_step(project_of(cells[0]), "accept", actor=centre_head, on=dt.date(2006, 11, 1), reason="BB 1")
    address = reverse("projects:project_settle", args=[project_of(cells[0]).pk])
    assert 'value="58.000.000"' in desk.get(address).content.decode()
    name = "line-" + "-".join(map(str, cells[0]))
    over = desk.post(address, {"paper": "QT-1", "on": "10/11/2006", name: "61 tr"})
    assert over.status_code == 422 and "vượt 1.000.000 đồng" in over.content.decode()
    assert desk.post(address, {"paper": "QT-1", "on": "10/11/2006", name: "58 tr"}).status_code == 302
    assert SettlementEntry.objects.get().amount_vnd == 58 * MILLION
    assert project_of(cells[0]).status == Project.Status.SETTLED


def test_list_is_searched_without_marks_and_never_adds_in_and_out(
    desk: Client, plan: AnnualPlan, cells: list[CellKey], accountant: User
) -> None:
    pay(plan, accountant, (cells[0], "advance", 40), payee="Hợp tác xã Thêu ren", number="PC-7")
    pay(plan, accountant, (cells[0], "advance", 60), direction="in", number="UNC-8")
    page = desk.get(reverse("projects:voucher_list"), {"q": "hop tac xa"}).content.decode()
    assert "PC-7" in page and "UNC-8" not in page
    page = desk.get(reverse("projects:voucher_list"), {"year": "2006"}).content.decode()
    assert "<strong>40.000.000</strong>" in page and "<strong>60.000.000</strong>" in page and "100.000.000" not in page
    empty = desk.get(reverse("projects:voucher_list"), {"q": "không có"}).content.decode()
    assert "Không có chứng từ nào khớp" in empty


def test_pages_ask_the_same_few_queries_however_many_rows(
    desk: Client,
    plan: AnnualPlan,
    cells: list[CellKey],
    accountant: User,
    centre_staff: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for index in range(30):
        pay(plan, accountant, (cells[0], "advance", 1), number=f"PC-{index}")
    with django_assert_max_num_queries(12):
        assert desk.get(reverse("projects:voucher_list")).status_code == 200
    make_project(plan=plan, by=centre_staff, name="Khác")
    with django_assert_max_num_queries(15):
        assert desk.get(reverse(CREATE), {"project": project_of(cells[0]).pk}).status_code == 200
