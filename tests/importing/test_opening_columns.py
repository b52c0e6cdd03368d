"""A Centre keeps the money of each letter, source or instalment in a column of its own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan
from projects.importing.services.batches import take_back_batch
from projects.ledger.proof import prove
from projects.models import PastEvent, PastLetter, PastLetterApproved, Project, Voucher
from projects.services.past_letters import annul_past_letter
from tests.factories import MILLION
from tests.importing.lists import saved
from tests.importing.opening_lists import (
    FIRM,
    all_confirmed,
    asked_of,
    books,
    day,
    imported,
    plan_of_this_year,
    read,
    sheet_of,
    wrong_of,
)
from tests.projects.opening import confirmed

pytestmark = pytest.mark.django_db
NATIONAL, FIRST, SECOND = "123/QĐ-BCT", "45/QĐ-UBND", "88/QĐ-UBND"
START = ("STT", "Tên đề án", "Đơn vị thụ hưởng")


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def line(place: int = 1, *cells: Any, name: str = "") -> list[Any]:
    return [place, name or f"Hỗ trợ máy móc số {place}", FIRM, *cells]


def letters() -> dict[str, dict[str, float]]:
    """What each prepared letter assigns and approves, in triệu đồng by source."""
    found: dict[str, dict[str, float]] = {}
    for one in PastLetter.objects.all():
        sums = found[f"{one.number} {one.issued_on:%d/%m/%Y}" if one.issued_on else one.number] = {}
        for words, rows in (("giao", one.assigned.all()), ("duyệt", one.approved.all())):
            for row in rows:
                key = f"{words} {row.source.code}"
                sums[key] = sums.get(key, 0) + row.amount_vnd / MILLION
    return found


def test_two_sources_in_two_columns_each_by_its_letter(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    header = (
        *(*START, "Số QĐ KCQG", "Ngày QĐ KCQG", "KCQG được duyệt", "Số QĐ KCĐP", "Ngày QĐ KCĐP", "KCĐP được duyệt"),
        *("Số HĐ", "Ngày HĐ", "Giá trị HĐ", "Thanh toán KCQG", "Thanh toán KCĐP", "Ngày thanh toán", "Tiến độ"),
    )
    paid = ("1/HĐ-KC", day(150), 250, 80, 40, day(100), "Đang thực hiện")
    content = sheet_of(
        header,
        line(1, NATIONAL, day(200), 200, FIRST, day(180), 50, *paid),
        line(2, None, None, None, FIRST, day(180), 60, "2/HĐ-KC", day(150), 60, None, 60, day(100), "Đang thực hiện"),
        (None, "Cộng", None, None, None, 200, None, None, 110, None, None, 310, 80, 100),
        title="THEO DÕI GIẢI NGÂN",
    )
    proposal = read(plan, centre_staff, content)
    assert set(asked_of(proposal)) == {"authority", "assigned"} and not any(one.difference for one in proposal.sums)
    imported(plan, centre_staff, content)
    all_confirmed(centre_staff, department_head)
    assert books() == {
        "Hỗ trợ máy móc số 1": {
            "KCQG": {"approved": 200, "contract": 200, "payment": 80},
            "KCDP": {"approved": 50, "contract": 50, "payment": 40},
        },
        "Hỗ trợ máy móc số 2": {"KCDP": {"approved": 60, "contract": 60, "payment": 60}},
    }
    assert (
        letters()
        == {
            f"{NATIONAL} {day(200)}": {"giao KCQG": 200, "duyệt KCQG": 200},
            f"{FIRST} {day(180)}": {"giao KCDP": 110, "duyệt KCDP": 60},
        }
        or letters()[f"{FIRST} {day(180)}"]["giao KCDP"] == 110
    )
    assert prove().is_clean


def test_letters_in_the_heads_of_their_columns(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    header = (
        *(*START, f"Duyệt lần 1 (QĐ {FIRST} ngày {day(200)})", f"Duyệt bổ sung (QĐ {SECOND} ngày {day(60)})"),
        *("Tổng được duyệt", "Số HĐ", "Ngày HĐ", "Giá trị HĐ", "Thanh toán", "Ngày thanh toán"),
    )
    content = sheet_of(
        header,
        line(1, 60, 40, 100, "1/HĐ", day(190), 100, 90, day(30)),
        line(2, 70, None, 70, *[None] * 5),
        line(3, None, 30, 30, *[None] * 5),
        (None, "Tổng cộng", None, 130, 70, 200),
    )
    proposal = read(plan, centre_staff, content)
    assert not wrong_of(proposal) and not any(one.difference for one in proposal.sums)
    batch = imported(plan, centre_staff, content)
    assert letters()[f"{FIRST} {day(200)}"]["giao KCDP"] == 130 and letters()[f"{SECOND} {day(60)}"]["giao KCDP"] == 70
    assert [one.amount_vnd // MILLION for one in PastLetterApproved.objects.order_by("plan_line", "pk")] == [
        60, 40, 70, 30,
    ]  # fmt: skip
    assert [one.state.value for one in read(plan, centre_staff, content).rows] == ["equal"] * 3
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"] == {"KCDP": {"approved": 100, "contract": 100, "payment": 90}}
    assert prove().is_clean
    second = PastLetter.objects.get(number=SECOND)
    annul_past_letter(letter=second, reason="Nhầm", version=second.version, actor=department_head)
    assert prove().is_clean and books()["Hỗ trợ máy móc số 1"] == {"KCDP": {"approved": 60}}
    second.refresh_from_db()
    confirmed(second, department_head, sent_by=centre_staff)
    assert books()["Hỗ trợ máy móc số 1"] == {"KCDP": {"approved": 100, "contract": 100, "payment": 90}}
    assert prove().is_clean and batch.rows.count() == 3


def test_payment_before_the_letter_that_made_it_possible_is_asked_about(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    header = (*START, f"Duyệt lần 1 (QĐ {FIRST} ngày {day(200)})", f"Bổ sung (QĐ {SECOND} ngày {day(60)})",
              "Thanh toán", "Ngày thanh toán")  # fmt: skip
    content = sheet_of(header, line(1, 60, 40, 90, day(100)))
    assert "order" in asked_of(read(plan, centre_staff, content))
    imported(plan, centre_staff, content)
    all_confirmed(centre_staff, department_head)
    assert f"tệp ghi ngày {day(100)}, tính từ ngày {day(60)}" in Voucher.objects.get().content
    assert prove().is_clean and books()["Hỗ trợ máy móc số 1"] == {"KCDP": {"approved": 100, "payment": 90}}


def test_letter_in_a_second_row_of_the_header(plan: AnnualPlan, centre_staff: User) -> None:
    outer = (*START, "Kinh phí được duyệt", None, "Tạm ứng", None)
    inner = (None, None, None, f"Lần 1 QĐ {FIRST}", f"Bổ sung QĐ {SECOND}", "Số tiền", "Ngày")
    imported(
        plan,
        centre_staff,
        sheet_of(outer, inner, line(1, 60, 40, 30, day(20)), merged=["D4:E4", "F4:G4", "A4:A5", "B4:B5", "C4:C5"]),
    )
    assert letters() == {
        FIRST: {"giao KCDP": 60, "duyệt KCDP": 60},
        SECOND: {"giao KCDP": 40, "duyệt KCDP": 40},
    }


def test_sum_beside_the_parts_that_says_otherwise_is_named(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số QĐ", "Duyệt lần 1", "Duyệt lần 2", "Tổng kinh phí được duyệt")
    proposal = read(plan, centre_staff, sheet_of(header, line(1, FIRST, 60, 40, 101), line(2, FIRST, 50, None, 50)))
    assert wrong_of(proposal) == {"G5": "cột tổng ghi 101 triệu, các cột cộng lại 100 triệu: sửa cho khớp rồi nhập lại"}


def test_one_letter_beside_two_amounts_of_one_source_is_asked_about_once(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số QĐ", "Ngày QĐ", "Duyệt lần 1", "Duyệt lần 2")
    rows = [line(1, FIRST, day(200), 60, 40), line(2, FIRST, day(200), 50, 20), line(3, SECOND, day(60), 30, None)]
    content = sheet_of(header, *rows)
    proposal = read(plan, centre_staff, content)
    [question] = [one for one in proposal.open_questions if one.key.startswith("letter:")]
    assert "“Duyệt lần 2”" in question.text and len(question.cells) == 2
    imported(plan, centre_staff, content, {"letter": next(o.value for o in question.options if SECOND in str(o.label))})
    assert letters()[f"{SECOND} {day(60)}"]["giao KCDP"] == 90


def test_letters_in_one_cell_go_with_the_amounts_in_their_order(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số, ngày QĐ", "Duyệt lần 1", "Duyệt lần 2")
    said = f"{FIRST} ngày {day(200)}; {SECOND} ngày {day(60)}"
    imported(plan, centre_staff, sheet_of(header, line(1, said, 60, 40)))
    assert letters() == {
        f"{FIRST} {day(200)}": {"giao KCDP": 60, "duyệt KCDP": 60},
        f"{SECOND} {day(60)}": {"giao KCDP": 40, "duyệt KCDP": 40},
    }


def test_two_letters_for_one_amount_are_named_and_the_others_go_on(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số, ngày QĐ", "KP được duyệt")
    said = f"{FIRST} ngày {day(200)}; {SECOND} ngày {day(60)}"
    proposal = read(plan, centre_staff, sheet_of(header, line(1, said, 100), line(2, FIRST, 50)))
    assert list(wrong_of(proposal)) == ["D5"] and "2 văn bản" in wrong_of(proposal)["D5"]
    assert [one.state.value for one in proposal.rows] == ["wrong", "choice"]


def test_two_columns_of_which_nobody_says_what_they_are_stay_a_question(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số QĐ", "Kinh phí được duyệt", "Kinh phí được giao")
    assert "column" in asked_of(read(plan, centre_staff, sheet_of(header, line(1, FIRST, 60, 60))))


def test_money_of_two_sources_in_one_column_is_asked_about_once(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    header = (*START, f"KCQG được duyệt (QĐ {NATIONAL})", f"KCĐP được duyệt (QĐ {FIRST})", "Tạm ứng", "Ngày tạm ứng")
    content = sheet_of(header, line(1, 200, 50, 70, day(20)), line(2, 100, 20, 30, day(20)), title="THEO DÕI")
    proposal = read(plan, centre_staff, content)
    assert asked_of(proposal).count("spent") == 1
    imported(plan, centre_staff, content, {"spent": "national", "authority": "unknown"})
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"] == {
        "KCQG": {"approved": 200, "advance": 70},
        "KCDP": {"approved": 50},
    }
    assert prove().is_clean


@pytest.mark.parametrize("paid", ["Chi", "TT", "Thanh toán"])
def test_instalments_in_columns_with_their_days(plan: AnnualPlan, centre_staff: User, paid: str) -> None:
    parts = (f"{paid} đợt 1", f"Ngày {paid} đợt 1", f"{paid} đợt 2", f"Ngày {paid} đợt 2")
    header = (*START, "Số QĐ", "KP được duyệt", *parts, "Tổng đã chi")
    content = sheet_of(header, line(1, FIRST, 100, 50, day(90), 30, day(20), 80))
    imported(plan, centre_staff, content, {"kind": "payment"})
    events = PastEvent.objects.order_by("counted_on").values_list("stated_on", "amount_vnd")
    assert [(f"{on:%d/%m/%Y}", vnd // MILLION) for on, vnd in events] == [(day(90), 50), (day(20), 30)]
    assert (
        "cột tổng"
        in wrong_of(read(plan, centre_staff, sheet_of(header, line(1, FIRST, 100, 50, day(90), 30, day(20), 81))))["J5"]
    )


def test_list_of_several_letters_is_taken_back_whole(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, f"Duyệt lần 1 (QĐ {FIRST})", f"Bổ sung (QĐ {SECOND})")
    batch = imported(plan, centre_staff, sheet_of(header, line(1, 60, 40)))
    take_back_batch(batch=batch, actor=centre_staff)
    assert not PastLetter.objects.exists() and Project.objects.get().status == "discarded"
    assert not AllocationEntry.objects.exists()


def test_sources_in_a_second_row_of_the_header(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    outer = (*START, "Số QĐ", "Kinh phí được duyệt", None, None, "Đã thanh toán", None, None, "Ngày thanh toán")
    inner = (*[None] * 4, "Tổng", "KCQG", "KCĐP", "Tổng", "KCQG", "KCĐP")
    content = sheet_of(
        outer, inner, line(1, FIRST, 100, 60, 40, 50, 30, 20, day(20)), merged=["E4:G4", "H4:J4"], title="THEO DÕI"
    )
    assert [one for one in asked_of(read(plan, centre_staff, content)) if one == "column"] == []
    imported(plan, centre_staff, content, {"letter": "unknown", "authority": "unknown"})
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"] == {
        "KCQG": {"approved": 60, "payment": 30},
        "KCDP": {"approved": 40, "payment": 20},
    }
    assert prove().is_clean


def test_shares_in_percent_are_no_money(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số QĐ", "KP được duyệt", "Thanh toán (trđ)", "Thanh toán (%)", "Ngày thanh toán")
    imported(plan, centre_staff, sheet_of(header, line(1, FIRST, 200, 50, 25, day(20))))
    assert PastEvent.objects.get().amount_vnd == 50 * MILLION


def test_bare_number_of_a_letter_that_the_list_names_whole_elsewhere(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Duyệt lần 1 (QĐ 45)", "Duyệt bổ sung (QĐ 88)", "Tiến độ")
    beside = (
        ("Số văn bản", "Ngày", "Cơ quan", "Nguồn", "Số tiền (triệu đồng)"),
        (FIRST, day(200), "UBND TP Hải Phòng", "KCĐP", 150),
        (SECOND, day(60), "UBND TP Hải Phòng", "KCĐP", 50),
    )
    content = load_workbook(BytesIO(sheet_of(header, line(1, 60, 40, None), line(2, 70, None, "Dừng theo QĐ 88"))))
    for one in beside:
        (content["QĐ"] if "QĐ" in content.sheetnames else content.create_sheet("QĐ")).append(one)
    proposal = read(plan, centre_staff, saved(content))
    assert not proposal.open_questions and not wrong_of(proposal)
    imported(plan, centre_staff, saved(content))
    assert letters() == {
        f"{FIRST} {day(200)}": {"giao KCDP": 150, "duyệt KCDP": 130},
        f"{SECOND} {day(60)}": {"giao KCDP": 50, "duyệt KCDP": -30},
    }


def test_money_of_another_source_than_its_letter_gives_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*START, "Số QĐ", "KCQG được duyệt", "KCĐP được duyệt")
    rows = [line(1, FIRST, 60, 40), line(2, FIRST, None, 40), line(3, FIRST, 70, None)]
    [question] = [one for one in read(plan, centre_staff, sheet_of(header, *rows)).open_questions
                  if one.key.startswith("letter")]  # fmt: skip
    assert "KCQG" in question.text and len(question.cells) == 2
