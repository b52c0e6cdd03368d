"""How old lists write headers, states, papers and days, and what each spelling means."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.lists.money_levels import level_in
from projects.importing.lists.opening_papers import number_and_day
from projects.importing.lists.opening_states import state_in
from projects.models import (
    PastEvent,
    PastLetter,
    PastRecord,
)
from projects.refusals import Refused
from tests.factories import MILLION
from tests.importing.lists import proposed, saved
from tests.importing.opening_lists import (
    FIRM,
    HEADER,
    LETTER,
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def test_header_of_two_rows(plan: AnnualPlan, centre_staff: User) -> None:
    outer: tuple[Any, ...] = (
        "STT",
        "Tên đề án",
        "Đơn vị thụ hưởng",
        "Quyết định",
        None,
        "KP được duyệt",
        "Hợp đồng",
        None,
        None,
    )
    inner: tuple[Any, ...] = (None, None, None, "Ngày", "Số", None, "Ngày", "Số", "Giá trị")
    line: tuple[Any, ...] = (1, "Hỗ trợ máy móc", FIRM, day(200), LETTER, 100, day(190), "1/HĐ", 90)
    outer += ("Tạm ứng", None, None, "Thanh toán", None, None)
    inner += ("Ngày", "Số chứng từ", "Số tiền", "Ngày", "Chứng từ", "Số tiền")
    line += (day(180), "UNC 5", 50, day(90), "UNC 9", 40)
    imported(plan, centre_staff, book([outer, inner, line]))
    assert [str(one) for one in PastEvent.objects.order_by("pk")] == [
        f"Hợp đồng 1/HĐ ngày {day(190)}",
        f"Tạm ứng UNC 5 ngày {day(180)}",
        f"Thanh toán UNC 9 ngày {day(90)}",
    ]
    assert PastLetter.objects.get().number == LETTER


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Đã quyết toán 28/06/2026", "settled"),
        ("Đã thanh lý HĐ", "liquidated"),
        ("Đã nghiệm thu, chờ quyết toán", "accepted"),
        ("Chưa nghiệm thu", ""),
        ("Đang thực hiện", "in_progress"),
        ("Đang làm thủ tục quyết toán", ""),
        ("Chưa ký HĐ", ""),
        ("Đã ký hợp đồng", "contracted"),
        ("Chưa triển khai", ""),
        ("Đang nghiệm thu", ""),
        ("Đang hoàn thiện hồ sơ quyết toán", ""),
        ("Đang thực hiện, đã nghiệm thu", "accepted"),
        ("Đã TL HĐ", "liquidated"),
        ("Đang lắp đặt máy", "in_progress"),
        ("Đã bàn giao máy", "in_progress"),
        ("", ""),
    ],
)
def test_words_of_progress(text: str, state: str) -> None:
    assert state_in(text) == state


@pytest.mark.parametrize(
    ("text", "number", "on"),
    [
        ("45/QĐ-UBND", "45/QĐ-UBND", None),
        ("QĐ số 45/QĐ-UBND ngày 05/02/2026", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("45/QĐ-UBND, ngày 5/2/2026", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("45/QĐ-UBND (05/02/2026)", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("Công văn số 341/UBND-CN", "341/UBND-CN", None),
        ("-", "", None),
        ("12 ngày 31/02/2026", "12", None),
        ("45/QĐ-UBND-05/02/2026", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("45/QĐ-UBND, 5.2.2026", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("Quyết định số 45/QĐ-UBND ngày 05 tháng 02 năm 2026", "45/QĐ-UBND", dt.date(2026, 2, 5)),
        ("QĐ số 45/QĐ-UBND của UBND thành phố", "45/QĐ-UBND", None),
        ("HĐ số 05/2026/HĐ-KC ngày 12/3/2026", "05/2026/HĐ-KC", dt.date(2026, 3, 12)),
        ("12/3/2026", "", dt.date(2026, 3, 12)),
        ("05/HĐKC ngày 12/3", "05/HĐKC", None),
    ],
)
def test_numbers_with_their_days(text: str, number: str, on: dt.date | None) -> None:
    assert number_and_day(text) == (number, on)


def test_words_of_sources() -> None:
    assert [level_in(text) for text in ("KCĐP", "Khuyến công quốc gia", "KCQG và KCĐP", "")] == [
        "city",
        "national",
        "",
        "",
    ]


def test_an_empty_book_is_no_list(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused):
        brought(plan, centre_staff, saved(Workbook()), kind="")


def test_unit_is_asked_before_what_follows_from_the_amounts(plan: AnnualPlan, centre_staff: User) -> None:
    content = load_workbook(BytesIO(book([HEADER, row(1)], beside=())))
    for line in content["Giải ngân"].iter_rows(max_row=3):
        for cell in line:
            cell.value = None
    content["Giải ngân"]["A1"] = "THEO DÕI GIẢI NGÂN KCĐP"
    batch = brought(plan, centre_staff, saved(content))
    proposal = proposed(batch, centre_staff)
    assert asked_of(proposal) == ["unit", "authority"] and proposal.notes == []
    content["Giải ngân"]["A1"] = "THEO DÕI GIẢI NGÂN KCĐP (ĐVT: triệu đồng)"
    proposal = proposed(brought(plan, centre_staff, saved(content)), centre_staff)
    assert asked_of(proposal) == ["authority", "assigned"] and set(proposal.units.values()) == {MILLION}


def test_day_without_its_year_is_one_of_the_year_that_runs(plan: AnnualPlan, centre_staff: User) -> None:
    on = timezone.localdate()
    said = {"letter": f"{LETTER} ngày {on.day}/{on.month}", "on": None, "advance": None, "advanced": None}
    said |= {"signed": None, "number": f"1/HĐ ngày {on.day}/{on.month}", "progress": f"Đã NT {on.day}/{on.month}"}
    imported(plan, centre_staff, book([HEADER, row(1, **said)]))
    assert PastLetter.objects.get().issued_on == PastEvent.objects.get().stated_on == on
    assert (PastRecord.objects.get().outcome, PastRecord.objects.get().stated_on) == ("accepted", on)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"number": f"PL 01 ngày {day(50)} của HĐ 1 ngày {day(90)}", "signed": None}, "ô này ghi nhiều ngày"),
        ({"letter": f"{LETTER} ngày {day(50)}, sửa ngày {day(40)}", "on": None}, "ô này ghi nhiều ngày"),
        ({"letter": f"{LETTER} ngày 31/02/2026", "on": None}, "không đọc được, hoặc thiếu năm"),
        ({"number": "Chưa ký", "signed": None}, "ghi là chưa ký mà có giá trị hợp đồng"),
    ],
)
def test_paper_of_which_the_cell_says_two_things_is_named(
    plan: AnnualPlan, centre_staff: User, said: dict[str, Any], words: str
) -> None:
    assert words in said_of(read_rows(plan, centre_staff, row(1, **said)))


def test_contract_that_is_not_signed_is_no_contract(plan: AnnualPlan, centre_staff: User) -> None:
    said = {"number": "chưa ký", "signed": None, "contract": None, "advance": None, "advanced": None}
    imported(plan, centre_staff, book([HEADER, row(1, **said, progress="Đang làm hồ sơ")]))
    assert not PastEvent.objects.exists()


def test_state_of_which_nothing_is_known_is_noted(plan: AnnualPlan, centre_staff: User) -> None:
    proposal = read_rows(plan, centre_staff, row(1, progress="Xong 70%"), row(2, progress="Chưa quyết toán"))
    assert [one.text for one in proposal.rows[0].notes] == [
        "không rõ “Xong 70%” là trạng thái nào, ghi là “Đã ký hợp đồng” theo các cột khác"
    ]
    assert not proposal.rows[1].notes and not proposal.rows[0].wrong
