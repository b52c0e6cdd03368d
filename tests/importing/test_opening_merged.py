"""One project in several rows of a Centre's list: under a merged name, or with several amounts in one cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportedRow
from projects.importing.services.batches import answer_batch
from projects.ledger.proof import prove
from projects.models import PastEvent, PastLetter, PastLetterApproved, Project
from tests.factories import MILLION, activity
from tests.importing.lists import proposed
from tests.importing.opening_lists import (
    FIRM,
    all_confirmed,
    asked_of,
    books,
    brought,
    day,
    imported,
    plan_of_this_year,
    read,
    sheet_of,
    wrong_of,
)
from tests.projects.opening import days_ago

pytestmark = pytest.mark.django_db
LETTER, SECOND = "45/QĐ-UBND", "88/QĐ-UBND"
HEADER = (
    *("STT", "Tên đề án", "Đơn vị thụ hưởng", "Số QĐ", "Ngày QĐ", "KP được duyệt", "Số, ngày HĐ", "Giá trị HĐ"),
    *("Tạm ứng", "Ngày tạm ứng", "Thanh toán", "Ngày TT", "Tiến độ"),
)
NAMES = [f"{letter}5:{letter}6" for letter in "ABC"]


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def line(place: int, **cells: Any) -> list[Any]:
    """By the letter of the column; the usual project has a letter, a contract and nothing paid."""
    found = [place, f"Hỗ trợ máy móc số {place}", FIRM, LETTER, day(200), 100, f"{place}/HĐKC ngày {day(190)}", 100,
             None, None, None, None, "Đang thực hiện"]  # fmt: skip
    return [cells.get(chr(65 + at), cell) for at, cell in enumerate(found)]


def more(**cells: Any) -> list[Any]:
    """A row below it that says only this."""
    return [cells.get(chr(65 + at)) for at in range(len(HEADER))]


def paid() -> list[tuple[str, str, float]]:
    """Kind, day and triệu đồng of each payment that was prepared."""
    events = PastEvent.objects.filter(kind__in=["advance", "payment"]).order_by("counted_on", "pk")
    return [(one.kind, f"{one.counted_on:%d/%m/%Y}", one.vnd / MILLION) for one in events]


def test_instalments_in_rows_under_one_name(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    whole = [f"{letter}5:{letter}7" for letter in "ABCDEFGHM"]
    content = sheet_of(
        HEADER,
        line(1, I=50, J=day(180)),
        more(K=30, L=day(90)),
        more(K=20, L=day(20)),
        line(2, I=70, J=day(150)),
        (None, "Cộng", None, None, None, 200, None, 200, 120, None, 50),
        merged=whole,
    )
    proposal = read(plan, centre_staff, content)
    assert not wrong_of(proposal) and not any(one.difference for one in proposal.sums)
    assert set(asked_of(proposal)) == {"authority", "assigned"}
    batch = imported(plan, centre_staff, content)
    assert Project.objects.count() == 2 and batch.rows.count() == 2
    assert paid() == [
        ("advance", day(180), 50), ("advance", day(150), 70), ("payment", day(90), 30), ("payment", day(20), 20),
    ]  # fmt: skip
    assert [one.state.value for one in read(plan, centre_staff, content).rows] == ["equal", "equal"]
    all_confirmed(centre_staff, department_head)
    assert books() == {
        "Hỗ trợ máy móc số 1": {"KCDP": {"approved": 100, "contract": 100, "advance": 50, "payment": 50}},
        "Hỗ trợ máy móc số 2": {"KCDP": {"approved": 100, "contract": 100, "advance": 70}},
    }
    assert prove().is_clean
    assert [one.state.value for one in read(plan, centre_staff, content).rows] == ["equal", "equal"]


def test_several_letters_in_rows_under_one_name(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    content = sheet_of(
        HEADER, line(1, F=60, H=100, K=90, L=day(20)), more(D=SECOND, E=day(60), F=40), merged=[*NAMES, "G5:G6"]
    )
    imported(plan, centre_staff, content)
    assert [(one.letter.number, one.amount_vnd // MILLION) for one in PastLetterApproved.objects.order_by("pk")] == [
        (LETTER, 60), (SECOND, 40),
    ]  # fmt: skip
    assert [one.approved.count() for one in PastLetter.objects.all()] == [1, 1]
    all_confirmed(centre_staff, department_head)
    assert books() == {"Hỗ trợ máy móc số 1": {"KCDP": {"approved": 100, "contract": 100, "payment": 90}}}
    assert prove().is_clean


def test_contents_in_rows_under_one_name(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    activity("134-4", "Phát triển sản phẩm, hội chợ")
    header = (*HEADER, "Nội dung hoạt động")
    first = [*line(1, F=60, G=None, H=None, K=20, L=day(20)), "Mô hình trình diễn, chuyển giao công nghệ"]
    second = [*more(F=40, K=10, L=day(10)), "Phát triển sản phẩm, hội chợ"]
    imported(plan, centre_staff, sheet_of(header, first, second, merged=[*NAMES, "D5:D6", "E5:E6"]))
    lines = PastLetterApproved.objects.order_by("pk").values_list("component__activity_type__code", "amount_vnd")
    assert [(code, vnd // MILLION) for code, vnd in lines] == [("134-3", 60), ("134-4", 40)]
    events = PastEvent.objects.order_by("pk").values_list("component__activity_type__code", "amount_vnd")
    assert [(code, vnd // MILLION) for code, vnd in events] == [("134-3", 20), ("134-4", 10)]
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"] == {"KCDP": {"approved": 100, "payment": 30}} and prove().is_clean


def test_amount_written_again_in_each_row_is_asked_about_once(plan: AnnualPlan, centre_staff: User) -> None:
    content = sheet_of(
        HEADER,
        line(1, I=50, J=day(180)),
        line(1, K=30, L=day(90)),
        line(2),
        line(3, K=10, L=day(60)),
        line(3, K=20, L=day(50)),
        merged=["B5:B6", "B8:B9"],
    )
    assert sorted(asked_of(read(plan, centre_staff, content))) == ["again", "again", "assigned", "authority"]
    imported(plan, centre_staff, content, {"again": "once"})
    assert sum(one.amount_vnd for one in PastLetterApproved.objects.all()) == 300 * MILLION
    assert sum(one.vnd for one in PastEvent.objects.filter(kind="contract")) == 300 * MILLION


def test_rows_without_a_name_below_a_project_are_asked_about_once(plan: AnnualPlan, centre_staff: User) -> None:
    content = sheet_of(
        HEADER, line(1, I=50, J=day(180)), more(K=30, L=day(90)), line(2), more(K=10, L=day(20)), more(K=5, L=day(10))
    )
    assert asked_of(read(plan, centre_staff, content)).count("unnamed") == 1
    imported(plan, centre_staff, content, {"unnamed": "part"})
    assert [vnd for _kind, _on, vnd in paid()] == [50, 30, 10, 5] and Project.objects.count() == 2


def test_what_is_wrong_in_a_row_of_a_project_is_named_in_its_cell(plan: AnnualPlan, centre_staff: User) -> None:
    content = sheet_of(HEADER, line(1, I=50, J=day(180)), more(K="ba mươi", L=day(90)), line(2), merged=NAMES)
    proposal = read(plan, centre_staff, content)
    assert list(wrong_of(proposal)) == ["K6"]
    assert [one.state.value for one in proposal.rows] == ["wrong", "choice"]


@pytest.mark.parametrize(
    ("cell", "kinds", "amounts"),
    [
        ("50 ({a}), 30 ({b})", ("payment", "payment"), (50, 30)),
        ("50 ({a}); 30,5 ({b})", ("payment", "payment"), (50, 30.5)),
        ("50 triệu ngày {a}\n30 triệu ngày {b}", ("payment", "payment"), (50, 30)),
        ("{a}: 50; {b}: 30", ("payment", "payment"), (50, 30)),
        ("TƯ 50 ({a}), TT 30 ({b})", ("advance", "payment"), (50, 30)),
        ("Tạm ứng: 50 (UNC 12, {a}); Thanh toán: 30 (UNC 31, {b})", ("advance", "payment"), (50, 30)),
        ("50.000.000 đồng ({a}) và 30.000.000 đồng ({b})", ("payment", "payment"), (50, 30)),
    ],
)
def test_amounts_with_their_days_in_one_cell(
    plan: AnnualPlan, centre_staff: User, cell: str, kinds: tuple[str, str], amounts: tuple[float, float]
) -> None:
    """Days of the year that runs, without the year."""
    header = (*HEADER[:8], "Đã giải ngân", "Ngày giải ngân", "Tiến độ")
    first, last = max(days_ago(20), dt.date(plan.year, 1, 1)), days_ago(0)
    said = cell.format(a=f"{first.day}/{first.month}", b=f"{last.day}/{last.month}")
    content = sheet_of(
        header, [*line(1)[:8], said, None, "Đang thực hiện"], (None, "Cộng", *[None] * 3, 100, None, 100)
    )
    imported(plan, centre_staff, content, {"kind": "payment"})
    days = (f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}")
    assert paid() == list(zip(kinds, days, amounts, strict=True))
    contract = PastEvent.objects.get(kind="contract")
    assert (contract.number, f"{contract.stated_on:%d/%m/%Y}") == ("1/HĐKC", day(190))


def test_number_of_the_voucher_beside_the_day_in_the_cell(plan: AnnualPlan, centre_staff: User) -> None:
    cell = f"50 (UNC 12 ngày {day(90)}), 30 (UNC 31, {day(20)})"
    imported(plan, centre_staff, sheet_of(HEADER, line(1, K=cell)))
    assert list(PastEvent.objects.exclude(kind="contract").order_by("counted_on").values_list("number", flat=True)) == [
        "UNC 12", "UNC 31",
    ]  # fmt: skip
    assert ImportedRow.objects.get().cells[10] == cell


def test_money_that_only_went_out_is_asked_about_once(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER[:8], "Đã giải ngân", "Ngày giải ngân", "Tiến độ")
    rows = [
        [*line(1)[:8], 50, day(100), "Đang thực hiện"],
        [*line(2)[:8], 100, day(90), f"Đã nghiệm thu {day(80)}"],
    ]
    assert asked_of(read(plan, centre_staff, sheet_of(header, *rows))).count("kind") == 1
    imported(plan, centre_staff, sheet_of(header, *rows), {"kind": "state"})
    assert paid() == [("advance", day(100), 50), ("payment", day(90), 100)]


@pytest.mark.parametrize("cell", ["50 + 30", "50; 30 (20/6)", "đã chi 50 (12/3) còn nợ", "50 (31/2)", "50 (20/6/2099)"])
def test_cell_that_says_too_little_is_named(plan: AnnualPlan, centre_staff: User, cell: str) -> None:
    assert list(wrong_of(read(plan, centre_staff, sheet_of(HEADER, line(1, K=cell))))) == ["K5"]


def test_more_paid_than_approved_names_the_project_and_by_how_much(plan: AnnualPlan, centre_staff: User) -> None:
    content = sheet_of(HEADER, line(1, I=70, J=day(180)), more(K=31, L=day(90)), line(2), merged=NAMES)
    assert wrong_of(read(plan, centre_staff, content)) == {
        "K5": f"tạm ứng và thanh toán vượt số được duyệt: đến ngày {day(90)} đã chi 101 triệu, được duyệt 100 triệu"
    }


def test_papers_and_days_of_contract_and_settlement_beside_their_amounts(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER[:6], "Giá trị HĐ", "Quyết toán")
    row = [*line(1)[:6], f"100 (05/HĐKC ngày {day(150)})", f"95 (BB 12 ngày {day(20)})"]
    imported(plan, centre_staff, sheet_of(header, row))
    assert [str(one) for one in PastEvent.objects.order_by("pk")] == [
        f"Hợp đồng 05/HĐKC ngày {day(150)}",
        f"Quyết toán BB 12 ngày {day(20)}",
    ]


def test_money_that_was_paid_is_of_the_source_that_its_row_names(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    header = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Số QĐ", "Ngày QĐ", "Nguồn vốn", "KP được duyệt", "Thanh toán")
    content = sheet_of(
        header,
        (1, "Hỗ trợ máy móc số 1", FIRM, LETTER, day(200), "KCQG", 200, 120),
        (None, None, None, None, None, "KCĐP", 50, 45),
        merged=[f"{letter}5:{letter}6" for letter in "ABCDE"],
    )
    imported(plan, centre_staff, content)
    all_confirmed(centre_staff, department_head)
    assert books() == {
        "Hỗ trợ máy móc số 1": {
            "KCQG": {"approved": 200, "payment": 120},
            "KCDP": {"approved": 50, "payment": 45},
        }
    }


def test_money_in_a_row_that_names_no_source_is_told(plan: AnnualPlan, centre_staff: User) -> None:
    header = (
        "STT",
        "Tên đề án",
        "Đơn vị thụ hưởng",
        "Số QĐ",
        "Nguồn vốn",
        "KCQG được duyệt",
        "KCĐP được duyệt",
        "Thanh toán",
    )
    content = sheet_of(header, (1, "Hỗ trợ máy móc số 1", FIRM, LETTER, None, 200, 50, 120), title="THEO DÕI")
    batch = brought(plan, centre_staff, content)
    while asked := proposed(batch, centre_staff).open_questions:
        said = {one.key: "row" if one.key.startswith("spent") else one.options[0].value for one in asked}
        batch = answer_batch(batch=batch, answers=said, version=batch.version, actor=centre_staff)
    assert wrong_of(proposed(batch, centre_staff)) == {"H5": "dòng này không ghi nguồn vốn"}
