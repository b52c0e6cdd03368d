"""Money as people type it and as documents print it."""

import random
import re
import unicodedata

import pytest
from django.utils.functional import Promise
from django.utils.translation import override

from khuyencong import money
from khuyencong.money import (
    MAX_VND,
    MoneyError,
    MoneyUnit,
    certain_reading,
    format_million,
    format_vnd,
    in_unit,
    in_words,
    parse_vnd,
    readings,
    typed_in,
)
from khuyencong.templatetags import khuyencong as filters


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("0", 0),
        ("60.000.000", 60_000_000),
        ("60000000", 60_000_000),
        ("60 000 000", 60_000_000),
        ("60\u00a0000\u202f000", 60_000_000),
        ("60,000,000", 60_000_000),
        ("６０．０００", 60_000),
        ("  60.000  ", 60_000),
        ("1.234.567,00", 1_234_567),
        ("1,234,567.00", 1_234_567),
        ("60 tr", 60_000_000),
        ("60tr", 60_000_000),
        ("60 TRIỆU", 60_000_000),
        ("60 trieu", 60_000_000),
        (unicodedata.normalize("NFD", "60 triệu đồng"), 60_000_000),
        ("60 trđ", 60_000_000),
        ("1,5 tr", 1_500_000),
        ("1.5 tr", 1_500_000),
        ("1 500 tr", 1_500_000_000),
        ("1.500,25 tr", 1_500_250_000),
        ("1,2345 tr", 1_234_500),
        ("0,06 tỷ", 60_000_000),
        ("0,060 tỉ", 60_000_000),
        ("0.060 tỷ", 60_000_000),
        ("2 tỷ đồng", 2_000_000_000),
        ("5 nghìn", 5_000),
        ("5 ngàn", 5_000),
        ("62,5k", 62_500),
        ("60.000.000 đ", 60_000_000),
        ("60.000.000đồng", 60_000_000),
        ("60.000.000 VNĐ", 60_000_000),
        ("60.000.000 VND", 60_000_000),
        ("60.000.000 ₫", 60_000_000),
        ("₫ 60.000.000", 60_000_000),
        ("0,000001 tr", 1),
        ("1000000 tỷ", MAX_VND),
    ],
)
def test_parse_vnd_reads_what_people_type(typed: str, vnd: int) -> None:
    parsed = parse_vnd(typed)
    assert parsed == vnd
    assert type(parsed) is int


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", money.EMPTY),
        ("\u200b \x00", money.EMPTY),
        ("-60.000.000", money.NEGATIVE),
        ("− 5 tr", money.NEGATIVE),
        ("(60)", money.NEGATIVE),
        ("(60.000.000 ₫)", money.NEGATIVE),
        ("-₫ 60.000", money.NEGATIVE),
        ("60,5", money.AMBIGUOUS),
        ("60.00", money.AMBIGUOUS),
        ("0.500", money.AMBIGUOUS),
        ("1,500 tr", money.AMBIGUOUS),
        ("1.500 tr", money.AMBIGUOUS),
        ("1.313 tỷ", money.AMBIGUOUS),
        ("1,313 tỷ đồng", money.AMBIGUOUS),
        ("1.23.456", money.BAD_GROUPS),
        ("1.234,567.890", money.BAD_GROUPS),
        ("1.234.56", money.BAD_GROUPS),
        ("60..000", money.BAD_GROUPS),
        ("0123456789", money.BAD_GROUPS),
        ("0,0000001 tr", money.FRACTION),
        ("1.234.567,89", money.FRACTION),
        ("1,2345 k", money.FRACTION),
        ("1000000000000001", money.TOO_LARGE),
        ("1000001 tỷ", money.TOO_LARGE),
        *((typed, money.UNREADABLE) for typed in ("abc", "đồng", "60%", "60 tr 5", "60 cái", "1e9", "0x10", "60.000.")),
        *((typed, money.UNREADABLE) for typed in ("10²", "½", "٦٠", "NaN", "1_000", "()", "=1+1", ".5", "9" * 5000)),
    ],
)
def test_parse_vnd_refuses_what_is_not_certain(typed: str, reason: Promise) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_vnd(typed)
    assert caught.value.message is reason
    with override("vi"):
        assert str(caught.value) == str(reason)


def test_parse_vnd_reads_back_every_printed_amount() -> None:
    source = random.Random(2006)
    for vnd in [*range(1001), *(source.randrange(10 ** source.randint(1, 15)) for _ in range(3000))]:
        assert parse_vnd(format_vnd(vnd)) == parse_vnd(str(vnd)) == parse_vnd(f"{vnd:,}") == vnd
        million = format_million(vnd)
        if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", million):
            with pytest.raises(MoneyError):  # "1,005 tr" could also be 1005 triệu, "1.005 tr" 1,005 triệu
                parse_vnd(f"{million} tr")
        else:
            assert parse_vnd(f"{million} tr") == vnd


TR, D = MoneyUnit.MILLION, MoneyUnit.DONG


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("300", TR, [300_000_000]),
        ("62,5", TR, [62_500_000]),
        ("62.5", TR, [62_500_000]),
        ("0", TR, [0]),
        ("0,313", TR, [313_000]),
        ("2 700", TR, [2_700_000_000]),
        ("1.500,25", TR, [1_500_250_000]),
        ("2.700", TR, [2_700_000_000, 2_700_000]),
        ("1,313", TR, [1_313_000_000, 1_313_000]),
        ("999999", TR, [999_999_000_000]),
        ("1000000", TR, [1_000_000, 10**12]),
        ("60.000.000", TR, [60_000_000, 60 * 10**12]),
        ("60000000", TR, [60_000_000, 60 * 10**12]),
        ("9999999999", TR, [9_999_999_999]),  # as triệu it would be more than an amount may be
        ("60.000.000 đ", TR, [60_000_000]),
        ("300 ₫", TR, [300]),
        ("60 tr", TR, [60_000_000]),
        ("60 nghìn", TR, [60_000]),
        ("0.313 tỷ", TR, [313_000_000]),
        ("1.313 tỷ", TR, [1_313_000_000_000, 1_313_000_000]),
        ("1.500 tr", D, [1_500_000_000, 1_500_000]),
        ("60.000.000", D, [60_000_000]),
        ("10.000", D, [10_000]),
        ("300", D, [300, 300_000_000]),
        ("2.700", D, [2_700, 2_700_000_000, 2_700_000]),
        ("300 đ", D, [300]),
        ("60 tr", D, [60_000_000]),
    ],
)
def test_text_may_mean_several_amounts_of_plan_money(typed: str, unit: MoneyUnit, meant: list[int]) -> None:
    assert readings(typed, unit) == meant
    is_certain = len(meant) == 1 and typed != "9999999999"
    assert certain_reading(typed, unit) == (meant[0] if is_certain else None)


@pytest.mark.parametrize(
    ("typed", "unit", "reason"),
    [
        ("", TR, money.EMPTY),
        ("(300)", TR, money.NEGATIVE),
        ("0,0000001", TR, money.FRACTION),
        ("9" * 17, TR, money.TOO_LARGE),
        ("60,5", D, money.AMBIGUOUS),
        ("ba trăm", TR, money.UNREADABLE),
    ],
)
def test_text_that_means_no_amount_is_refused_in_either_unit(typed: str, unit: MoneyUnit, reason: Promise) -> None:
    with pytest.raises(MoneyError) as caught:
        readings(typed, unit)
    assert caught.value.message is reason


@pytest.mark.parametrize("unit", MoneyUnit)
def test_amount_printed_into_a_field_of_either_unit_reads_back_as_itself_alone(unit: MoneyUnit) -> None:
    source = random.Random(16)
    amounts = [*range(12_000), 1_313_000, 10**12, MAX_VND]
    for vnd in [*amounts, *(source.randrange(10 ** source.randint(4, 15)) for _ in range(3000))]:
        assert certain_reading(typed_in(vnd, unit), unit) == vnd
        assert readings(typed_in(vnd, unit), unit) == [vnd]


def test_amounts_of_whole_millions_stand_plainly_in_a_field_of_millions() -> None:
    assert [typed_in(vnd, TR) for vnd in (0, 300_000_000, 62_500_000, 2_700_000_000)] == ["0", "300", "62,5", "2700"]
    assert typed_in(1_313_000, TR) == "1.313.000 đ", "1,313 could be read as 1313"
    assert (typed_in(60_000_000, D), typed_in(300, D)) == ("60.000.000", "300 đ")
    assert (in_unit(2_700_000_000, TR), in_unit(300, D), in_unit(None, TR)) == ("2.700", "300", "–")


def test_parse_vnd_never_fails_in_another_way() -> None:
    source = random.Random(7)
    for _ in range(5000):
        typed = "".join(source.choice("0019., -trđkỷ\u0309\u00a0%\x00٣²") for _ in range(source.randint(0, 8)))
        try:
            assert 0 <= parse_vnd(typed) <= MAX_VND
        except MoneyError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("vnd", "text"), [(None, "–"), (0, "0"), (999, "999"), (1_234_567, "1.234.567"), (-60_000, "-60.000")]
)
def test_format_vnd(vnd: int | None, text: str) -> None:
    assert format_vnd(vnd) == filters.vnd(vnd) == text


@pytest.mark.parametrize(
    ("vnd", "text"),
    [
        (None, "–"),
        (0, "0"),
        (62_500_000, "62,5"),
        (1, "0,000001"),
        (1_234_567_890_120, "1.234.567,89012"),
        (-500_000, "-0,5"),
        (9_007_199_254_740_993, "9.007.199.254,740993"),
    ],
)
def test_format_million_is_exact(vnd: int | None, text: str) -> None:
    assert format_million(vnd) == filters.million(vnd) == text


@pytest.mark.parametrize(
    ("vnd", "words"),
    [
        (0, "không đồng"),
        (4, "bốn đồng"),
        (10, "mười đồng"),
        (11, "mười một đồng"),
        (14, "mười bốn đồng"),
        (15, "mười lăm đồng"),
        (20, "hai mươi đồng"),
        (21, "hai mươi mốt đồng"),
        (24, "hai mươi tư đồng"),
        (55, "năm mươi lăm đồng"),
        (100, "một trăm đồng"),
        (104, "một trăm linh bốn đồng"),
        (105, "một trăm linh năm đồng"),
        (111, "một trăm mười một đồng"),
        (1_000, "một nghìn đồng"),
        (1_001, "một nghìn không trăm linh một đồng"),
        (1_010, "một nghìn không trăm mười đồng"),
        (1_005_000, "một triệu không trăm linh năm nghìn đồng"),
        (1_000_005, "một triệu không trăm linh năm đồng"),
        (250_000_000, "hai trăm năm mươi triệu đồng"),
        (1_000_000_001, "một tỷ không trăm linh một đồng"),
        (21_034_000_000, "hai mươi mốt tỷ không trăm ba mươi tư triệu đồng"),
        (1_005 * 10**9, "một nghìn không trăm linh năm tỷ đồng"),
        (MAX_VND, "một triệu tỷ đồng"),
        (-5_000, "âm năm nghìn đồng"),
    ],
)
def test_in_words(vnd: int, words: str) -> None:
    assert in_words(vnd) == words


def test_in_words_starts_a_sentence() -> None:
    assert in_words(250_000_000, capitalise=True) == "Hai trăm năm mươi triệu đồng"
    assert in_words(-1, capitalise=True) == "Âm một đồng"


def words_to_number(words: str) -> int:
    """Read the words back, independently of how they were made."""
    names = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    digits = {name: value for value, name in enumerate(names)} | {"mốt": 1, "tư": 4, "lăm": 5}
    billions, rest, group, digit = 0, 0, 0, 0
    for word in words.removesuffix(" đồng").split():
        if word in digits:
            digit = digits[word]
        elif word in ("trăm", "mươi"):
            group, digit = group + digit * (100 if word == "trăm" else 10), 0
        elif word == "mười":
            group += 10
        elif word in ("nghìn", "triệu"):
            rest, group, digit = rest + (group + digit) * (1000 if word == "nghìn" else 10**6), 0, 0
        elif word == "tỷ":
            billions, rest, group, digit = rest + group + digit, 0, 0, 0
    return billions * 10**9 + rest + group + digit


def test_in_words_says_each_amount_once() -> None:
    source = random.Random(15)
    for vnd in [*range(12_000), *(source.randrange(10 ** source.randint(4, 15)) for _ in range(3000))]:
        assert words_to_number(in_words(vnd)) == vnd
