"""A list of what was approved and paid already becomes prepared records with their letters."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Decision
from projects.importing.models import ImportedRow
from projects.importing.services.batches import bring_pasted
from projects.ledger.proof import prove
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Contract,
    PastEvent,
    PastLetter,
    PastRecord,
    PaymentEntry,
    Project,
    SettlementEntry,
    Voucher,
)
from projects.refusals import Refused
from tests.factories import MILLION, make_project, submit_all
from tests.importing.lists import HEADER as PLAN_HEADER
from tests.importing.lists import proposed, workbook
from tests.importing.opening_lists import (
    FINISHED,
    HEADER,
    LETTER,
    LETTERS,
    asked_of,
    book,
    brought,
    day,
    imported,
    plan_of_this_year,
    read_rows,
    row,
    said_of,
)
from tests.projects.opening import confirmed, days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def test_the_list_becomes_records_and_letters_that_wait(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    rows = [HEADER, row(1), row(2, firm="HTX Lật Dương", approved=50, number=None, signed=None, contract=None,
            advance=None, advanced=None, progress="Chưa ký HĐ"), (None, "Cộng", *[None] * 4, 150)]  # fmt: skip
    batch = imported(plan, centre_staff, book(rows))
    assert batch.kind == "opening" and batch.rows.count() == 2
    first, _second = Project.objects.order_by("code")
    assert (first.status, first.kind, first.places_text) == ("stated", "single", "Xã Tiên Lãng")
    assert [(one.outcome, one.goes_on) for one in PastRecord.objects.order_by("pk")] == [
        ("in_progress", True),
        ("approved", True),
    ]
    assert "nhập từ tệp giai-ngan.xlsx, trang Giải ngân, dòng 5" in PastRecord.objects.earliest("pk").source
    assert [(str(one), one.amount_vnd) for one in PastEvent.objects.order_by("pk")] == [
        (f"Hợp đồng 1/HĐ-KC ngày {day(190)}", 100 * MILLION),
        (f"Tạm ứng chưa rõ số ngày {day(180)}", 70 * MILLION),
    ]
    [letter] = PastLetter.objects.all()
    assert (letter.kind, letter.number, letter.issued_on) == ("decision", LETTER, days_ago(200))
    assert str(letter.authority) == "UBND thành phố Hải Phòng" and letter.assigned.get().amount_vnd == 150 * MILLION
    assert not Decision.objects.exists() and not Contract.objects.exists(), "nothing counts before it is confirmed"
    confirmed(letter, department_head, sent_by=centre_staff)
    assert sorted(Project.objects.values_list("status", flat=True)) == ["approved", "in_progress"]
    sums = [
        sum(one.amount_vnd for one in model.objects.all()) for model in (AllocationEntry, ApprovalEntry, PaymentEntry)
    ]
    assert sums == [150 * MILLION, 150 * MILLION, 70 * MILLION] and not prove().findings


def test_finished_project_comes_with_its_settlement(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    imported(plan, centre_staff, book([HEADER, row(1, **FINISHED, paid_on=day(70))]))
    confirmed(PastLetter.objects.get(), department_head, sent_by=centre_staff)
    assert Project.objects.get().status == "settled"
    assert SettlementEntry.objects.get().effective_on == days_ago(60)
    assert next(one.number for one in Voucher.objects.order_by("issued_on")).startswith("Chưa rõ số")


def test_two_records_of_one_name_are_told_by_their_money(plan: AnnualPlan, centre_staff: User) -> None:
    same = {"name": "Hỗ trợ máy dệt", **dict.fromkeys(("contract", "number", "signed", "advance", "advanced"))}
    rows = [row(1, **same, approved=40), row(2, **same, approved=60)]
    imported(plan, centre_staff, book([HEADER, *rows]))
    again = read_rows(plan, centre_staff, *reversed(rows))
    assert [one.state.name for one in again.rows] == ["EQUAL", "EQUAL"]


def test_other_sheets_of_the_file_say_more(plan: AnnualPlan, centre_staff: User) -> None:
    register = [
        ("Tên cơ sở", "MST", "Địa chỉ", "Người đại diện", "Điện thoại", "Số lao động", "Chủ là nữ"),
        ("Cty TNHH Minh Phát", "0200850624", "thôn 1, Xã Tiên Lãng", "(bỏ trống)", "0900 000 001", 7, "x"),
        ("HKD An Bình", None, "Xã Tiên Lãng", "Bà An", 900000002, "nhiều", "Nam"),
    ]
    rows = [HEADER, row(1), row(2, firm="Hộ kinh doanh An Bình", approved=20, contract=20, advance=None, advanced=None)]
    imported(plan, centre_staff, book(rows, beside=(register, LETTERS)))
    company, household = Beneficiary.objects.order_by("pk")
    assert (company.tax_code, company.address, company.phone) == ("0200850624", "thôn 1, Xã Tiên Lãng", "0900 000 001")
    assert company.is_women_owned and company.representative == "" and company.notes == "Số lao động: 7"
    assert (household.representative, household.is_women_owned, household.tax_code) == ("Bà An", False, "")
    assert (household.phone, household.notes) == ("0900000002", "Số lao động: nhiều")


def test_without_the_sheet_of_letters_the_office_says_who_and_how_much(plan: AnnualPlan, centre_staff: User) -> None:
    content = book([HEADER, row(1), row(2, name="Hỗ trợ máy dệt")], beside=())
    proposal = proposed(brought(plan, centre_staff, content), centre_staff)
    assert asked_of(proposal) == ["authority", "assigned"]
    imported(plan, centre_staff, content)
    letter = PastLetter.objects.get()
    assert letter.assigned.get().amount_vnd == 200 * MILLION and letter.authority is not None
    more = book([HEADER, row(3, name="Hỗ trợ máy khâu")], beside=())
    assert asked_of(proposed(brought(plan, centre_staff, more), centre_staff)) == [], "both are known now"


def test_letter_that_assigns_nothing_is_said_to(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, centre_staff, book([HEADER, row(1)], beside=()), {"assigned": "elsewhere", "authority": "unknown"})
    letter = PastLetter.objects.get()
    assert not letter.assigned.exists() and letter.authority is None


def test_letter_of_which_the_list_has_no_row_assigns_too(plan: AnnualPlan, centre_staff: User) -> None:
    letters = (*LETTERS, ("112/QĐ-UBND", day(100), "UBND thành phố Hải Phòng", "KCĐP", 90))
    imported(plan, centre_staff, book([HEADER, row(1)], beside=(letters,)))
    assert [
        (one.number, one.assigned.get().amount_vnd // MILLION) for one in PastLetter.objects.order_by("issued_on")
    ] == [
        (LETTER, 150),
        ("112/QĐ-UBND", 90),
    ]


def test_letter_that_assigns_in_two_rows_assigns_both(plan: AnnualPlan, centre_staff: User) -> None:
    letters = (LETTERS[0], *((LETTER, day(200), "UBND thành phố Hải Phòng", None, vnd) for vnd in (60, 90)))
    imported(plan, centre_staff, book([HEADER, row(1)], beside=(letters,)))
    [assigned] = PastLetter.objects.get().assigned.all()
    assert (assigned.source.code, assigned.amount_vnd) == ("KCDP", 150 * MILLION)


def test_number_and_day_may_stand_in_one_cell(plan: AnnualPlan, centre_staff: User) -> None:
    said = {
        "letter": f"QĐ số {LETTER} ngày {day(200)}",
        "on": None,
        "number": f"1/HĐ-KC ngày {day(190)}",
        "signed": None,
    }
    imported(plan, centre_staff, book([HEADER, row(1, **said)]))
    assert PastLetter.objects.get().issued_on == days_ago(200)
    assert PastEvent.objects.get(kind="contract").stated_on == days_ago(190)


def test_row_without_a_letter_is_asked_about_once(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, row(1), row(2, letter=None, on=None), row(3, letter=None, on=None, name="Hỗ trợ máy dệt")]
    batch = brought(plan, centre_staff, book(rows))
    [question] = proposed(batch, centre_staff).open_questions
    assert question.key.startswith("letter:") and len(question.cells) == 2
    imported(plan, centre_staff, book(rows), {"letter": question.options[0].value, "assigned": "equal"})
    assert PastLetter.objects.get().approved.count() == 3


def test_letter_that_nobody_knows(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, row(1, letter=None, on=None, signed=day(10), advanced=day(9))]
    imported(plan, centre_staff, book(rows, beside=()), {"letter": "unknown", "authority": "unknown"})
    letter = PastLetter.objects.get()
    assert (letter.number, letter.issued_on, letter.kind) == ("", None, "")


def test_day_that_is_missing_is_asked_about_once_for_its_kind_and_keeps_its_mark(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    rows = [
        HEADER,
        row(1, signed=None, advanced=None),
        row(2, advanced=None, name="Hỗ trợ máy dệt"),
        row(3, **FINISHED),
    ]
    content = book(rows, beside=((*LETTERS[:1], (*LETTERS[1][:4], 900)),), title=f"GIẢI NGÂN KCĐP (đến {day(40)})")
    proposal = proposed(brought(plan, centre_staff, content), centre_staff)
    assert asked_of(proposal) == ["day", "day", "day"]
    assert [one.key.split(":")[1] for one in proposal.open_questions] == ["contract", "advance", "payment"]
    imported(plan, centre_staff, content, {"day:contract": "letter", "day:advance": "contract"})
    days = PastEvent.objects.filter(project__name="Hỗ trợ máy móc số 1").values_list("kind", "stated_on", "counted_on")
    assert list(days) == [("contract", None, days_ago(200)), ("advance", None, days_ago(200))]
    assert PastEvent.objects.get(kind="payment").counted_on == days_ago(40), "the day of the sheet is the likeliest"
    confirmed(PastLetter.objects.get(), department_head, sent_by=centre_staff)
    assert "chưa rõ ngày" in Contract.objects.get(project__name="Hỗ trợ máy móc số 1").subject


def test_today_where_the_office_says_so_and_state_without_a_day(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, row(1, advanced=None, progress="Đã nghiệm thu")]
    imported(plan, centre_staff, book(rows), {"day:advance": "today", "day:acceptance": "today"})
    assert PastEvent.objects.get(kind="advance").counted_on == timezone.localdate()
    record = PastRecord.objects.get()
    assert (record.outcome, record.stated_on, record.effective_on) == ("accepted", None, timezone.localdate())


def test_payment_before_its_letter_is_asked_about(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    rows = [HEADER, row(1, advanced=day(210))]
    assert asked_of(proposed(brought(plan, centre_staff, book(rows)), centre_staff)) == ["order"]
    imported(plan, centre_staff, book(rows))
    paid = PastEvent.objects.get(kind="advance")
    assert (paid.stated_on, paid.counted_on) == (days_ago(210), days_ago(200))
    confirmed(PastLetter.objects.get(), department_head, sent_by=centre_staff)
    assert f"tệp ghi ngày {day(210)}, tính từ ngày {day(200)}" in Voucher.objects.get().content


def test_settlement_before_its_contract_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    said = {"settled": 60, "progress": f"Đã quyết toán {day(195)}"}
    assert asked_of(read_rows(plan, centre_staff, row(1, **said))) == ["order"]


def test_what_the_books_can_keep_is_only_noted(plan: AnnualPlan, centre_staff: User) -> None:
    proposal = read_rows(plan, centre_staff, row(1, signed=day(205), advanced=day(199)), row(2, advanced=day(195)))
    assert not proposal.open_questions and [one.state.value for one in proposal.rows] == ["new", "new"]
    assert "trước ngày văn bản duyệt" in said_of(proposal) and "trước ngày ký hợp đồng" in said_of(proposal)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"advance": 101}, "vượt số được duyệt"),
        ({"paid": 31, "paid_on": day(70)}, "vượt số được duyệt"),
        ({"settled": 101, "progress": f"Đã quyết toán {day(60)}"}, "vượt giá trị hợp đồng"),
        ({"contract": None, "number": None, "signed": None, "settled": 10}, "không có hợp đồng"),
        ({"approved": None}, "thiếu kinh phí được duyệt"),
        ({"approved": 0}, "thiếu kinh phí được duyệt"),
        ({"approved": "một trăm"}, "không phải là số tiền"),
        ({"name": None}, "thiếu tên đề án"),
        ({"on": "31/02/2026"}, "không đọc được"),
        ({"signed": "hôm qua"}, "không đọc được"),
        ({"advanced": "01/01/2099"}, "sau hôm nay"),
        ({"on": "01/01/2099"}, "sau hôm nay"),
        ({"progress": "Đã nghiệm thu 01/01/2099"}, "sau hôm nay"),
    ],
)
def test_row_that_no_letter_could_confirm_says_why(
    plan: AnnualPlan, centre_staff: User, said: dict[str, Any], words: str
) -> None:
    proposal = read_rows(plan, centre_staff, row(1, **said))
    assert words in said_of(proposal) and proposal.rows[0].state.value == "wrong"


def test_contract_without_a_value_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, row(1, contract=None)]
    assert asked_of(proposed(brought(plan, centre_staff, book(rows)), centre_staff)) == ["value"]
    imported(plan, centre_staff, book(rows), {"value": "equal"})
    assert PastEvent.objects.get(kind="contract").amount_vnd == 100 * MILLION


def test_column_of_payments_that_may_hold_the_advances(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [HEADER, row(1, paid=90, paid_on=day(70))]
    assert asked_of(proposed(brought(plan, centre_staff, book(rows)), centre_staff)) == ["paid"]
    imported(plan, centre_staff, book(rows), {"paid": "all"})
    assert [one.amount_vnd // MILLION for one in PastEvent.objects.filter(kind__in=["advance", "payment"])] == [70, 20]


@pytest.mark.parametrize(
    "title", ["THEO DÕI GIẢI NGÂN", "GIẢI NGÂN ĐỀ ÁN KHUYẾN CÔNG TRÊN ĐỊA BÀN THÀNH PHỐ HẢI PHÒNG NĂM 2026"]
)
def test_money_of_which_source_is_asked_about(plan: AnnualPlan, centre_staff: User, title: str) -> None:
    """A title names the city as a place."""
    proposal = read_rows(plan, centre_staff, row(1), beside=(), title=title)
    assert "source" in asked_of(proposal)


def test_group_of_rows_says_whose_money_it_is(plan: AnnualPlan, centre_staff: User) -> None:
    head = ("I", "Khuyến công quốc gia", *[None] * 14)
    imported(plan, centre_staff, book([HEADER, head, row(1)], beside=(), title="GIẢI NGÂN"))
    assert PastLetter.objects.get().assigned.get().source.code == "KCQG"


def test_sums_of_the_file_are_compared(plan: AnnualPlan, centre_staff: User) -> None:
    proposal = read_rows(plan, centre_staff, row(1), (None, "Cộng", *[None] * 4, 110, None, None, 100, 70))
    assert [(str(one.column.title), one.difference // MILLION) for one in proposal.sums if one.difference] == [
        ("Kinh phí được duyệt", 10)
    ]


def test_the_same_list_again_changes_nothing_and_a_changed_row_is_prepared_anew(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    imported(plan, centre_staff, book([HEADER, row(1)]))
    assert [one.state.value for one in read_rows(plan, centre_staff, row(1)).rows] == ["equal"]
    changed = read_rows(plan, centre_staff, row(1, advance=50, progress=f"Đã nghiệm thu {day(50)}")).rows[0]
    assert changed.changes == ["hợp đồng, chứng từ, nghiệm thu, quyết toán", "Đang thực hiện → Đã nghiệm thu"]
    imported(plan, centre_staff, book([HEADER, row(1, advance=50)]))
    assert PastEvent.objects.get(kind="advance").amount_vnd == 50 * MILLION and Project.objects.count() == 1
    assert [one.became for one in ImportedRow.objects.order_by("pk")] == ["new", "changed"]
    confirmed(PastLetter.objects.get(), department_head, sent_by=centre_staff)
    assert [one.state.value for one in read_rows(plan, centre_staff, row(1, advance=50)).rows] == ["equal"]
    late = read_rows(plan, centre_staff, row(1, approved=110))
    assert "kinh phí được duyệt 100 triệu → 110 triệu" in late.rows[0].changes[0]
    assert "chưa có văn bản nào được xác nhận" in said_of(late)


def test_row_of_another_letter_is_a_change(plan: AnnualPlan, centre_staff: User) -> None:
    imported(plan, centre_staff, book([HEADER, row(1)]))
    assert read_rows(plan, centre_staff, row(1, letter="46/QĐ-UBND")).rows[0].changes == ["văn bản duyệt"]


def test_project_that_is_drafted_here_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    make_project(plan=plan, by=centre_staff, name="Hỗ trợ máy móc số 1", group="", kind="task")
    content = book([HEADER, row(1, firm=None)])
    assert asked_of(proposed(brought(plan, centre_staff, content), centre_staff)) == ["ordinary"]
    imported(plan, centre_staff, content, {"ordinary": "two"})
    assert sorted(Project.objects.values_list("status", flat=True)) == ["draft", "stated"]


def test_two_rows_that_say_the_same_are_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    assert asked_of(read_rows(plan, centre_staff, row(1), row(1))) == ["twin"]


def test_letter_later_than_the_first_step_here_is_refused_with_its_words(
    plan: AnnualPlan, centre_staff: User, centre_head: User
) -> None:
    make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head, on=days_ago(205))
    assert "phải qua các bước này" in said_of(read_rows(plan, centre_staff, row(1)))


def test_what_the_list_is_follows_of_its_header(plan: AnnualPlan, centre_staff: User) -> None:
    assert brought(plan, centre_staff, book([HEADER, row(1)]), kind="").kind == "opening"
    plan_list = workbook([PLAN_HEADER, (1, "Đào tạo nghề", "HTX", "Tiên Lãng", "Quý II", None, 60, 20)])
    assert brought(plan, centre_staff, plan_list, kind="").kind == "plan"
    with pytest.raises(Refused, match="mà giống “Danh mục đề án của kế hoạch năm”"):
        brought(plan, centre_staff, plan_list, kind="opening")
    with pytest.raises(Refused, match="Không tìm thấy danh sách"):
        bring_pasted(plan=plan, kind="", text="a\tb\n1\t2", actor=centre_staff)


def test_way_in_and_out_on_the_pages(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    client.force_login(centre_staff)
    way_in = client.get(f"/import/plans/{plan.pk}/")
    assert "số liệu đầu kỳ" in way_in.content.decode(), way_in.status_code
    batch = brought(plan, centre_staff, book([HEADER, row(1)]))
    shown = client.get(batch.get_absolute_url()).content.decode()
    assert "lấy thêm từ trang “Khác 0”" in shown and "giao 150 triệu, các dòng duyệt 100 triệu" in shown
    written = client.post(batch.get_absolute_url(), {"version": 1, "write": 1}, follow=True).content.decode()
    letter = PastLetter.objects.get()
    assert "1 văn bản chờ Trung tâm gửi" in written and letter.get_absolute_url() in written
    client.post(f"/past-letters/{letter.pk}/moves/send/")
    assert "1 văn bản chờ Sở xác nhận" in client.get(batch.get_absolute_url()).content.decode()
    confirmed(letter, department_head)
    assert "Văn bản chờ xác nhận" not in client.get(batch.get_absolute_url()).content.decode()
