"""How a document names the letters that approved its plan: one, several, of several authorities, not wholly known."""

from __future__ import annotations

import datetime as dt

from programmes.models import Authority, Decision
from reports.wording.letters import carried_out, issued_with

CITY, MINISTRY = Authority(name="UBND thành phố Hải Phòng"), Authority(name="Bộ Công Thương")


def letter(number: str, month: int = 0, authority: Authority | None = CITY) -> Decision:
    issued_on = dt.date(2019, month, 5) if month else None
    unknown = {"is_number_unknown": not number, "is_date_unknown": not month}
    return Decision(number=number, issued_on=issued_on, authority=authority, **unknown)


def test_list_is_issued_with_one_letter_alone() -> None:
    first, second, unknown = letter("1/QĐ-UBND", 3), letter("2/QĐ-UBND", 8), letter("")
    one = "số 1/QĐ-UBND ngày 05/03/2019 của UBND thành phố Hải Phòng"
    other = "số 2/QĐ-UBND ngày 05/08/2019 của UBND thành phố Hải Phòng"
    assert issued_with([first]) == f"(Kèm theo văn bản {one})"
    assert issued_with([first, second]) == f"(Theo các văn bản {one}; {other})"
    assert issued_with([unknown, first]) == f"(Theo văn bản {one})"
    assert issued_with([unknown]) == issued_with([]) == ""


def test_sentence_names_several_letters_of_one_authority_together() -> None:
    letters = [letter("1/QĐ-UBND", 3), letter("2/QĐ-UBND", 8), letter("9/QĐ-UBND", 9)]
    assert carried_out(letters) == (
        "các Quyết định số 1/QĐ-UBND ngày 05/03/2019, số 2/QĐ-UBND ngày 05/08/2019 và số 9/QĐ-UBND ngày 05/09/2019 "
        "của UBND thành phố Hải Phòng"
    )
    assert carried_out([letter("1/QĐ-UBND", 3, None)]) == "Quyết định số 1/QĐ-UBND ngày 05/03/2019"


def test_sentence_tells_letters_of_other_authorities_apart_and_leaves_open_what_is_unknown() -> None:
    letters = [letter("12/QĐ-BCT", 0, MINISTRY), letter("341/UBND-CN", 6), letter("", 7)]
    assert carried_out(letters) == (
        "Quyết định số 12/QĐ-BCT ngày …… của Bộ Công Thương và các văn bản số 341/UBND-CN ngày 05/06/2019 và "
        "số …… ngày 05/07/2019 của UBND thành phố Hải Phòng"
    )
    assert carried_out([]) == ""
