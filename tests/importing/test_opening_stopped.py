"""Projects of a Centre's list whose money was lowered, taken back, or that were given up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from khuyencong.funding import Nature
from programmes.models import AnnualPlan
from projects.importing.lists.opening_states import goes_to_next_year, is_stopped
from projects.ledger.proof import prove
from projects.models import ApprovalEntry, PastEvent, PastLetter, PastLetterApproved, Project
from projects.refusals import Refused
from projects.services.past_letters import annul_past_letter
from tests.factories import MILLION
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
from tests.projects.opening import confirmed, days_ago

pytestmark = pytest.mark.django_db
LETTER, STOP = "45/QĐ-UBND", "88/QĐ-UBND"
HEADER = (
    *("STT", "Tên đề án", "Đơn vị thụ hưởng", "Số QĐ", "Ngày QĐ", "KP được duyệt", "Số HĐ", "Ngày HĐ", "Giá trị HĐ"),
    *("Tạm ứng", "Ngày tạm ứng", "Thu hồi", "Ngày thu hồi", "Tiến độ"),
)
BY_LETTER = f"Dừng thực hiện theo QĐ {STOP} ngày {day(60)}"


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of_this_year(centre_staff)


def line(place: int = 1, **cells: Any) -> list[Any]:
    """By the letter of the column: approved and contracted with 100, 30 advanced."""
    found = [place, f"Hỗ trợ máy móc số {place}", FIRM, LETTER, day(200), 100, f"{place}/HĐ", day(190), 100,
             30, day(180), None, None, "Đang thực hiện"]  # fmt: skip
    return [cells.get(chr(65 + at), cell) for at, cell in enumerate(found)]


def nothing_done(place: int, **cells: Any) -> list[Any]:
    return line(place, **{**dict.fromkeys("GHIJK"), **cells})


def states() -> list[str]:
    return list(Project.objects.order_by("name").values_list("status", flat=True))


def test_stopped_by_a_letter_keeps_what_was_paid(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    content = sheet_of(
        HEADER,
        line(1, N=BY_LETTER),
        nothing_done(2, N=f"Không thực hiện (QĐ {STOP} ngày {day(60)})"),
        line(3),
    )
    proposal = read(plan, centre_staff, content)
    assert not wrong_of(proposal) and set(asked_of(proposal)) == {"authority", "assigned"}
    imported(plan, centre_staff, content)
    assert [one.state.value for one in read(plan, centre_staff, content).rows] == ["equal"] * 3
    stop = PastLetter.objects.get(number=STOP)
    assert [one.amount_vnd // MILLION for one in stop.approved.all()] == [-70, -100] and not stop.assigned.exists()
    all_confirmed(centre_staff, department_head)
    assert states() == ["stopped", "stopped", "in_progress"] and prove().is_clean
    assert books() == {
        "Hỗ trợ máy móc số 1": {"KCDP": {"approved": 30, "contract": 100, "advance": 30}},
        "Hỗ trợ máy móc số 2": {"KCDP": {}},
        "Hỗ trợ máy móc số 3": {"KCDP": {"approved": 100, "contract": 100, "advance": 30}},
    }
    assert set(ApprovalEntry.objects.filter(amount_vnd__lt=0).values_list("nature", flat=True)) == {Nature.STOP}
    last = Project.objects.get(name="Hỗ trợ máy móc số 1").status_changes.latest("pk")
    assert (last.transition, last.effective_on) == ("stop", days_ago(60))
    assert last.decision is not None and last.decision.number == STOP
    assert [one.state.value for one in read(plan, centre_staff, content).rows] == ["equal"] * 3


def test_letter_of_the_stop_annulled_and_confirmed_again(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    imported(plan, centre_staff, sheet_of(HEADER, line(1, N=BY_LETTER)))
    all_confirmed(centre_staff, department_head)
    first, stop = (PastLetter.objects.get(number=number) for number in (LETTER, STOP))
    annul_past_letter(letter=stop, reason="Nhầm", version=stop.version, actor=department_head)
    assert states() == ["stated"] and prove().is_clean
    assert books() == {"Hỗ trợ máy móc số 1": {"KCDP": {"approved": 100}}}
    stop.refresh_from_db()
    confirmed(stop, department_head, sent_by=centre_staff)
    assert states() == ["stopped"] and prove().is_clean
    assert books()["Hỗ trợ máy móc số 1"]["KCDP"] == {"approved": 30, "contract": 100, "advance": 30}
    first.refresh_from_db()
    with pytest.raises(Refused, match="nhỏ hơn 0"):
        annul_past_letter(letter=first, reason="Nhầm", version=first.version, actor=department_head)
    assert states() == ["stopped"] and prove().is_clean


def test_letter_that_takes_back_waits_for_the_one_that_gave(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    imported(plan, centre_staff, sheet_of(HEADER, line(1, N=BY_LETTER)))
    with pytest.raises(Refused, match="xác nhận văn bản duyệt trước"):
        confirmed(PastLetter.objects.get(number=STOP), department_head, sent_by=centre_staff)


def test_stops_without_a_letter_are_asked_about_once(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    rows = [line(1, N="Dừng"), nothing_done(2, N="Hủy, không thực hiện"), line(3, D=STOP, E=day(60), K=day(20))]
    content = sheet_of(HEADER, *rows)
    proposal = read(plan, centre_staff, content)
    [question] = [one for one in proposal.open_questions if one.key.startswith("stopped")]
    assert len(question.cells) == 2
    chosen = next(one.value for one in question.options if STOP in str(one.label))
    imported(plan, centre_staff, content, {"stopped": chosen})
    all_confirmed(centre_staff, department_head)
    assert states() == ["stopped", "stopped", "in_progress"] and prove().is_clean
    assert books()["Hỗ trợ máy móc số 1"]["KCDP"]["approved"] == 30


def test_stop_of_which_there_is_no_letter_yet_is_taken_over_as_it_stands(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    content = sheet_of(HEADER, line(1, N="Dừng"))
    imported(plan, centre_staff, content, {"stopped": "later"})
    [row] = read(plan, centre_staff, sheet_of(HEADER, line(1, N="Dừng"), title="KCĐP")).rows
    assert row.state.value == "choice", "an answer is of one list"
    all_confirmed(centre_staff, department_head)
    assert states() == ["contracted"] and books()["Hỗ trợ máy móc số 1"]["KCDP"]["approved"] == 100
    assert prove().is_clean


def test_what_was_recovered_is_paid_no_more(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    content = sheet_of(HEADER, line(1, L=30, M=day(100), N=BY_LETTER), line(2, L=10, M=day(50)))
    imported(plan, centre_staff, content)
    assert [(one.kind, one.amount_vnd // MILLION) for one in PastEvent.objects.filter(kind="recovery")] == [
        ("recovery", 30), ("recovery", 10),
    ]  # fmt: skip
    all_confirmed(centre_staff, department_head)
    assert books() == {
        "Hỗ trợ máy móc số 1": {"KCDP": {"contract": 100, "advance": 30, "recovery": -30}},
        "Hỗ trợ máy móc số 2": {"KCDP": {"approved": 100, "contract": 100, "advance": 30, "recovery": -10}},
    }
    assert states() == ["stopped", "in_progress"] and prove().is_clean


def test_recovered_after_the_stop_stays_approved_as_the_stop_left_it(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    imported(plan, centre_staff, sheet_of(HEADER, line(1, L=30, M=day(20), N=BY_LETTER)))
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"]["KCDP"] == {
        "approved": 30, "contract": 100, "advance": 30, "recovery": -30,
    }  # fmt: skip
    assert states() == ["stopped"] and prove().is_clean


def test_day_of_a_recovery_that_is_missing_is_asked_about(plan: AnnualPlan, centre_staff: User) -> None:
    proposal = read(plan, centre_staff, sheet_of(HEADER, line(1, L=10)))
    assert [one.key.split(":")[1] for one in proposal.open_questions if one.key.startswith("day")] == ["recovery"]


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        ({"L": 31, "M": day(50)}, "L5", "thu hồi nhiều hơn số đã chi"),
        ({"L": 30, "M": day(185)}, "L5", "thu hồi nhiều hơn số đã chi"),
        ({"N": f"Dừng theo QĐ {STOP}"}, "N5", "chưa rõ ngày"),
        ({"N": BY_LETTER, "K": day(20)}, "J5", "đã chi 30 triệu, được duyệt 0 triệu"),
        ({"N": f"Đã nghiệm thu, {BY_LETTER}"}, "N5", "không ghi là dừng"),
    ],
)
def test_what_a_stop_can_not_be_is_named_and_the_others_go_on(
    plan: AnnualPlan, centre_staff: User, cells: dict[str, Any], cell: str, words: str
) -> None:
    proposal = read(plan, centre_staff, sheet_of(HEADER, line(1, **cells), line(2)))
    assert proposal.rows[1].state.value == "choice" and not proposal.rows[1].wrong
    assert words in wrong_of(proposal)[cell]


def test_money_lowered_by_a_later_letter(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    header = (*HEADER[:6], f"Điều chỉnh giảm (QĐ {STOP} ngày {day(60)})", *HEADER[6:])
    rows = [[*line(1)[:6], 40, *line(1)[6:]], [*line(2)[:6], None, *line(2)[6:]]]
    imported(plan, centre_staff, sheet_of(header, *rows))
    all_confirmed(centre_staff, department_head)
    assert books()["Hỗ trợ máy móc số 1"]["KCDP"]["approved"] == 60 and states() == ["in_progress", "in_progress"]
    [lowered] = ApprovalEntry.objects.filter(amount_vnd__lt=0)
    assert (lowered.nature, lowered.amount_vnd) == (Nature.ADJUSTMENT, -40 * MILLION) and prove().is_clean


def test_money_as_it_stands_after_a_later_letter(plan: AnnualPlan, centre_staff: User, department_head: User) -> None:
    header = (*HEADER[:6], "Số QĐ điều chỉnh", "Ngày QĐ điều chỉnh", "KP sau điều chỉnh", *HEADER[6:])
    rows = [
        [*line(1)[:6], STOP, day(60), 60, *line(1)[6:]],
        [*line(2)[:6], STOP, day(60), 150, *line(2)[6:]],
        [*line(3)[:6], None, None, 100, *line(3)[6:]],
        [*nothing_done(4)[:6], STOP, day(60), 0, *nothing_done(4, N="Không thực hiện")[6:]],
    ]
    content = sheet_of(header, *rows)
    assert not wrong_of(read(plan, centre_staff, content))
    imported(plan, centre_staff, content)
    assert [(one.letter.number, one.amount_vnd // MILLION) for one in PastLetterApproved.objects.order_by("pk")] == [
        (LETTER, 100), (STOP, -40), (LETTER, 100), (STOP, 50), (LETTER, 100), (LETTER, 100), (STOP, -100),
    ]  # fmt: skip
    all_confirmed(centre_staff, department_head)
    approved = {name: one["KCDP"].get("approved", 0) for name, one in books().items()}
    assert list(approved.values()) == [60, 150, 100, 0] and prove().is_clean
    assert states() == ["in_progress"] * 3 + ["stopped"]


def test_column_of_changes_of_which_nobody_says_what_it_states_is_asked_about_once(
    plan: AnnualPlan, centre_staff: User
) -> None:
    header = (*HEADER[:6], f"KP điều chỉnh theo QĐ {STOP} ngày {day(60)}", *HEADER[6:])
    rows = [[*line(1)[:6], 60, *line(1)[6:]], [*line(2)[:6], 90, *line(2)[6:]]]
    assert asked_of(read(plan, centre_staff, sheet_of(header, *rows))).count("change") == 1
    imported(plan, centre_staff, sheet_of(header, *rows), {"change": "after"})
    assert sorted(one.amount_vnd // MILLION for one in PastLetterApproved.objects.all()) == [-40, -10, 100, 100]


@pytest.mark.parametrize("cell", [-40, "-40", "(40)"])
def test_less_than_nothing_in_a_column_of_changes_takes_away(plan: AnnualPlan, centre_staff: User, cell: Any) -> None:
    header = (*HEADER[:6], f"Điều chỉnh tăng, giảm (QĐ {STOP} ngày {day(60)})", *HEADER[6:])
    raised = [*line(2)[:6], 20, *line(2)[6:]]
    imported(plan, centre_staff, sheet_of(header, [*line(1)[:6], cell, *line(1)[6:]], raised))
    assert sorted(one.amount_vnd // MILLION for one in PastLetterApproved.objects.all()) == [-40, 20, 100, 100]


def test_stopped_with_less_taken_back_than_was_left_is_named(plan: AnnualPlan, centre_staff: User) -> None:
    header = (*HEADER[:6], f"Điều chỉnh giảm (QĐ {STOP} ngày {day(60)})", *HEADER[6:])
    proposal = read(plan, centre_staff, sheet_of(header, [*line(1)[:6], 60, *line(1, N="Đã dừng")[6:]]))
    assert "còn để lại 10 triệu chưa chi" in wrong_of(proposal)["O5"]


def test_next_year_is_asked_about_once_and_taken_over_as_it_stands(
    plan: AnnualPlan, centre_staff: User, department_head: User
) -> None:
    rows = [nothing_done(1, N="Chuyển năm sau"), line(2, N=f"Chuyển sang năm {plan.year + 1}"), line(3)]
    assert asked_of(read(plan, centre_staff, sheet_of(HEADER, *rows))).count("next") == 1
    imported(plan, centre_staff, sheet_of(HEADER, *rows), {"next": "keep"})
    all_confirmed(centre_staff, department_head)
    assert states() == ["approved", "contracted", "in_progress"] and prove().is_clean


@pytest.mark.parametrize(
    ("text", "stopped", "next_year"),
    [
        ("Dừng", True, False),
        ("Đã dừng theo QĐ 88", True, False),
        ("Ngừng thực hiện", True, False),
        ("Hủy", True, False),
        ("Huỷ bỏ", True, False),
        ("Không thực hiện", True, False),
        ("Cơ sở xin rút", True, False),
        ("Đình chỉ", True, False),
        ("Dung thuc hien", True, False),
        ("Đúng tiến độ", False, False),
        ("Dung tien do", False, False),
        ("Đang xây dựng nhà xưởng", False, False),
        ("Tạm dừng chờ mặt bằng", False, False),
        ("Không dừng", False, False),
        ("Hủy hợp đồng cũ, ký lại", False, False),
        ("Họp rút kinh nghiệm", False, False),
        ("Chuyển năm sau", False, True),
        ("Chuyển tiếp sang năm 2027", False, True),
        ("Xin chuyển nguồn", False, True),
        ("Chuyển giao máy năm 2026", False, False),
        ("", False, False),
    ],
)
def test_words_of_a_stop(text: str, stopped: bool, next_year: bool) -> None:
    assert (is_stopped(text), goes_to_next_year(text)) == (stopped, next_year)


def test_pages_show_what_the_letter_takes_back(
    plan: AnnualPlan, centre_staff: User, department_head: User, client: Client
) -> None:
    imported(plan, centre_staff, sheet_of(HEADER, line(1, L=10, M=day(100), N=BY_LETTER)))
    client.force_login(centre_staff)
    shown = client.get(PastLetter.objects.get(number=STOP).get_absolute_url()).content.decode()
    assert "80.000.000" in shown and "Thu hồi" in shown and "Ngừng thực hiện" in shown
    project = Project.objects.get()
    assert client.get(f"/projects/{project.pk}/past/").status_code in (302, 403, 409)
    all_confirmed(centre_staff, department_head)
    assert "Ngừng thực hiện" in client.get(project.get_absolute_url()).content.decode()
