"""Form fields for money, dates and tax codes, and the filters that print them."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from khuyencong.forms import DateField, MoneyField, TaxCodeField, TextBlockField, TextLineField, parse_date
from khuyencong.identifiers import WRONG_LENGTH
from khuyencong.money import UNREADABLE

DAY = datetime.date(2006, 6, 16)


class Support(forms.Form):
    amount = MoneyField(required=False)
    paid_on = DateField(required=False)
    tax_code = TaxCodeField(required=False)
    name = TextLineField(required=False)
    note = TextBlockField(required=False)


def test_form_cleans_what_was_typed() -> None:
    form = Support(
        {
            "amount": "60 tr",
            "paid_on": "16062006",
            "tax_code": "01.0023.3488",
            "name": " a  b ",
            "note": "a\r\n b ",
        }
    )
    assert form.is_valid()
    assert form.cleaned_data == {
        "amount": 60_000_000, "paid_on": DAY, "tax_code": "0100233488", "name": "a b", "note": "a\n b"
    }  # fmt: skip


def test_form_reads_blanks_as_nothing() -> None:
    form = Support({"amount": " \u00a0", "paid_on": "  ", "tax_code": "\u200b", "name": "\u200b"})
    assert form.is_valid()
    assert form.cleaned_data == {"amount": None, "paid_on": None, "tax_code": "", "name": "", "note": ""}


def test_form_keeps_what_was_typed_beside_the_error() -> None:
    form = Support({"amount": "60 cái", "paid_on": "16/06/06", "tax_code": "123"})
    assert form.errors == {
        "amount": [str(UNREADABLE)],
        "paid_on": ["Ngày phải viết theo dạng ngày/tháng/năm, ví dụ 16/06/2006."],
        "tax_code": [str(WRONG_LENGTH)],
    }
    for name, typed in form.data.items():
        assert f'value="{typed}"' in str(form[name])


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/02/2019", "31/02/2019"),
        ("29-2-2019", "29/02/2019"),
        ("31042019", "31/04/2019"),
        ("2019-06-31", "31/06/2019"),
        ("0/1/2019", "00/01/2019"),
    ],
)
def test_day_that_no_calendar_has_is_named(typed: str, day: str) -> None:
    form = Support({"paid_on": typed})
    assert form.errors["paid_on"] == [f"Không có ngày {day} trong lịch."]


def test_form_shows_recorded_values_as_documents_print_them() -> None:
    form = Support(initial={"amount": 60_000_000, "paid_on": DAY})
    amount, paid_on = str(form["amount"]), str(form["paid_on"])
    for part in (
        'value="60.000.000"',
        'inputmode="text"',
        'autocomplete="off"',
        'class="money"',
        'type="text"',
    ):
        assert part in amount
    assert 'value="16/06/2006"' in paid_on
    assert 'placeholder="ngày/tháng/năm"' in paid_on
    assert 'value="0"' in str(Support(initial={"amount": 0})["amount"])


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        ({"amount": 60_000_000}, {"amount": "60 tr"}, False),
        ({"amount": 60_000_000}, {"amount": "60.000.001"}, True),
        ({"amount": 60_000_000}, {"amount": "?"}, True),
        ({"amount": 60_000_000}, {}, True),
        ({"amount": 0}, {}, True),
        ({}, {"amount": "0"}, True),
        ({}, {"amount": " "}, False),
        ({"paid_on": DAY}, {"paid_on": "16062006"}, False),
        ({"paid_on": DAY}, {"paid_on": "17/06/2006"}, True),
        ({"note": "a\nb"}, {"note": "a\r\nb"}, False),
    ],
)
def test_form_sees_a_change_only_in_meaning(initial: dict[str, Any], typed: dict[str, str], changed: bool) -> None:
    assert Support(typed, initial=initial).has_changed() is changed


def test_money_that_is_required_says_so() -> None:
    with pytest.raises(ValidationError) as caught:
        MoneyField().clean("")
    assert caught.value.code == "required"
    assert MoneyField().clean("0") == 0


@pytest.mark.parametrize(
    "typed",
    ["16/06/2006", "16/6/2006", " 16 / 06 / 2006 ", "16-06-2006", "16.6.2006", "16062006", "2006-06-16"],
)
def test_parse_date_reads_what_people_type(typed: str) -> None:
    assert parse_date(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "16/06/06",
            "160606",
            "6/16/2006",
            "31/31/2006",
            "16/06-2006",
            "16/06/0206",
            "20060616",
        ),
        *("1662006", "16/06/2006x", "tháng 6", "١٦/٠٦/٢٠٠٦", "00/00/2006", "2006-6-16 00:00", "-"),
    ],
)
def test_parse_date_refuses_the_rest(typed: str) -> None:
    assert parse_date(typed) is None
    with pytest.raises(ValidationError, match="ngày/tháng/năm"):
        DateField().clean(typed)


def test_date_field_takes_dates_as_they_are() -> None:
    assert DateField().clean(DAY) == DAY


@pytest.mark.parametrize(
    ("expression", "value", "shown"),
    [
        ("vnd", 1_234_567, "1.234.567"),
        ("vnd", None, "–"),
        ("vnd", "", "–"),
        ("million", 62_500_000, "62,5"),
        ("million", None, "–"),
        ("dash", 0, "0"),
        ("dash", "", "–"),
        ("dash", None, "–"),
        ("dash", "<b>", "&lt;b&gt;"),
        ("vndate", DAY, "16/06/2006"),
        ("vndate", datetime.datetime(2006, 6, 15, 18, 0, tzinfo=datetime.UTC), "16/06/2006"),
        ("vndate", None, "–"),
        ("percent", 62, "62%"),
        ("percent:1", Decimal("62.45"), "62,5%"),
        ("percent:1", 1234.5, "1.234,5%"),
        ("percent", Decimal("-0.2"), "0%"),
        ("percent", None, "–"),
    ],
)
def test_filters_are_in_every_template(expression: str, value: Any, shown: str) -> None:
    assert Template("{{ value|" + expression + " }}").render(Context({"value": value})) == shown
