"""How a document names the letters that approved its plan: one, several, of several authorities, not wholly known."""

from __future__ import annotations

import datetime as dt

import pytest

from programmes.citation import called, cited
from programmes.models import Authority, Decision
from reports.wording.letters import carried_out, issued_with

CITY, MINISTRY = Authority(name="UBND thành phố Hải Phòng"), Authority(name="Bộ Công Thương")
CITY_IN_FULL = "Ủy ban nhân dân thành phố Hải Phòng"
PLAN = "phê duyệt kế hoạch khuyến công năm 2019"


def letter(
    number: str, month: int = 0, authority: Authority | None = CITY, *, kind: str = "decision", subject: str = PLAN
) -> Decision:
    issued_on = dt.date(2019, month, 5) if month else None
    unknown = {"is_number_unknown": not number, "is_date_unknown": not month}
    return Decision(number=number, issued_on=issued_on, authority=authority, kind=kind, subject=subject, **unknown)


def test_letter_is_cited_with_all_that_names_it() -> None:
    """NĐ 30/2020: kind, number, day in words, the authority's full name, subject."""
    one = letter("341/UBND-CN", 6, kind="official_letter")
    assert cited(one) == f"Công văn số 341/UBND-CN ngày 05 tháng 6 năm 2019 của {CITY_IN_FULL} về việc {PLAN}"
    council = letter("9/NQ-HĐND", 2, Authority(name="HĐND thành phố Hải Phòng"), kind="resolution")
    said = "Nghị quyết số 9/NQ-HĐND ngày 05 tháng 02 năm 2019 của Hội đồng nhân dân thành phố Hải Phòng"
    assert cited(council).startswith(said)
    assert cited(letter("1/KH", 3, kind="other")).startswith("Văn bản số 1/KH ")


def test_what_nobody_knows_is_a_blank_to_fill_in() -> None:
    nothing = letter("", 0, None, kind="", subject="")
    assert cited(nothing) == "…… số …… ngày …… tháng …… năm …… của …… về việc ……"
    assert cited(letter("12/QĐ-BCT", 0, MINISTRY, kind="")).startswith("…… số 12/QĐ-BCT"), "the kind is never guessed"


def test_a_row_of_a_table_calls_it_by_its_kind_and_says_what_is_unknown() -> None:
    on = dt.date(2006, 6, 16)
    assert called("official_letter", "341/UBND-CN", on) == "Công văn số 341/UBND-CN ngày 16/06/2006"
    assert called("other", "1/KH", on) == "Văn bản số 1/KH ngày 16/06/2006"
    assert called("", "", None) == "Văn bản chưa rõ số, chưa rõ ngày"


@pytest.mark.parametrize("typed", ["V/v " + PLAN, "Về việc " + PLAN, "về " + PLAN, PLAN[0].upper() + PLAN[1:] + "."])
def test_subject_reads_the_same_however_it_was_typed(typed: str) -> None:
    assert cited(letter("1/QĐ", 3, subject=typed)).endswith(f"{CITY_IN_FULL} về việc {PLAN}")
    assert cited(letter("1/QĐ", 3, subject="UBND giao vốn")).endswith("về việc UBND giao vốn")


def test_list_is_issued_with_one_letter_alone() -> None:
    first, second, unknown = letter("1/QĐ-UBND", 3), letter("2/QĐ-UBND", 8), letter("", kind="", subject="")
    one = f"Quyết định số 1/QĐ-UBND ngày 05 tháng 3 năm 2019 của {CITY_IN_FULL} về việc {PLAN}"
    other = f"Quyết định số 2/QĐ-UBND ngày 05 tháng 8 năm 2019 của {CITY_IN_FULL} về việc {PLAN}"
    blank = f"…… số …… ngày …… tháng …… năm …… của {CITY_IN_FULL} về việc ……"
    assert issued_with([first]) == f"(Kèm theo {one})"
    assert issued_with([first, second]) == f"(Theo {one}; {other})"
    assert issued_with([unknown, first]) == f"(Theo {blank}; {one})", "left to be filled in, not left out"
    assert issued_with([]) == ""


def test_sentence_names_several_letters_of_one_authority_together() -> None:
    letters = [letter("1/QĐ-UBND", 3), letter("2/QĐ-UBND", 8), letter("9/QĐ-UBND", 9)]
    assert carried_out(letters) == (
        "các Quyết định số 1/QĐ-UBND ngày 05 tháng 3 năm 2019, số 2/QĐ-UBND ngày 05 tháng 8 năm 2019 và "
        f"số 9/QĐ-UBND ngày 05 tháng 9 năm 2019 của {CITY_IN_FULL} về việc {PLAN}"
    )
    other = letter("9/QĐ-UBND", 9, subject="Điều chỉnh kế hoạch")
    assert carried_out([letters[0], other]).endswith(f"{CITY_IN_FULL} về việc điều chỉnh kế hoạch")
    assert carried_out([letters[0], other]).count(CITY_IN_FULL) == 2, "each subject is told beside its letter"


def test_sentence_tells_letters_of_other_authorities_apart_and_leaves_open_what_is_unknown() -> None:
    letters = [letter("12/QĐ-BCT", 0, MINISTRY), letter("341/UBND-CN", 6, kind="", subject="")]
    assert carried_out(letters) == (
        f"Quyết định số 12/QĐ-BCT ngày …… tháng …… năm …… của Bộ Công Thương về việc {PLAN} và "
        f"…… số 341/UBND-CN ngày 05 tháng 6 năm 2019 của {CITY_IN_FULL} về việc ……"
    )
    assert carried_out([]) == ""
