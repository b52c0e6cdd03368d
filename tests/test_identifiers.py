"""Tax codes and the personal numbers of household businesses."""

import random

import pytest
from django.core.exceptions import ValidationError

from khuyencong.identifiers import (
    WRONG_CHECK_DIGIT,
    WRONG_PERSONAL_NUMBER,
    check_tax_code,
    mask_personal_number,
    mask_personal_numbers,
)

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # field-rules §6


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100233488", "0100233488"),
        (" 01 0023 3488 ", "0100233488"),
        ("01.00.233.488", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("0314409058002", "0314409058-002"),
        ("0314409058–002", "0314409058-002"),
        ("031187001234", "031187001234"),
        ("031 187 001 234", "031187001234"),
    ],
)
def test_right_codes_are_stored_in_one_form(typed: str, stored: str) -> None:
    found = check_tax_code(typed)
    assert (found.code, found.warning) == (stored, "")
    assert found.is_personal == (len(stored) == 12)


@pytest.mark.parametrize(
    ("typed", "stored", "warning"),
    [
        ("0100233480", "0100233480", WRONG_CHECK_DIGIT),
        ("0314409057-001", "0314409057-001", WRONG_CHECK_DIGIT),
        ("0314409058-000", "0314409058-000", WRONG_CHECK_DIGIT),
        ("000187001234", "000187001234", WRONG_PERSONAL_NUMBER),
        ("031987001234", "031987001234", WRONG_PERSONAL_NUMBER),
        ("999187001234", "999187001234", WRONG_PERSONAL_NUMBER),
    ],
)
def test_doubtful_codes_are_kept_with_a_warning(typed: str, stored: str, warning: str) -> None:
    found = check_tax_code(typed)
    assert (found.code, found.warning) == (stored, warning)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123456789",
        "01002334881",
        "01002334880012",
        "O100233488",
        "0100233488a",
        "０１００２３３４８８",
        "0100233488'--",
    ],
)
def test_other_lengths_and_characters_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_tax_code(typed)
    assert caught.value.code == "tax_code_length"


def test_check_digit_agrees_with_the_rule() -> None:
    source = random.Random(31)
    for _ in range(2000):
        nine = f"{source.randrange(1, 10**9):09}"
        remainder = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11
        right = {str(10 - remainder)} if remainder and nine[2:] != "0000000" else set()
        assert {digit for digit in "0123456789" if not check_tax_code(nine + digit).warning} == right


def test_personal_numbers_in_words_are_masked_however_they_are_written() -> None:
    written_so = "031085001234|031 085 001 234|031.085.001.234|031–085–001234|０３１０８５００１２３４|0310 8500 1234"
    for written in f"{written_so}|031 - 085 - 001234|031—085—001234|031/085/001234|031  085  001234".split("|"):
        assert mask_personal_numbers(f"CCCD {written}, cấp 2021") == "CCCD 031…234, cấp 2021"
    for kept in (
        "0310850012345 và 1031085001234",
        "Chi từ 01.02.2006-30.06.2006, kỳ 01.02.2006 30.06.2006",
        "ĐT 0912345678 15 người; MST 0200123456 12 lao động",
        "Tổng 1.031.085.001.234 đồng, 05/06/2006 12:00:01",
    ):
        assert mask_personal_numbers(kept) == kept


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("012345678901", "012…901"),
        ("0100233488", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("", ""),
    ],
)
def test_only_personal_numbers_are_masked(code: str, shown: str) -> None:
    assert mask_personal_number(code) == shown
