"""Widgets that are written in one go say what Django's own say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from khuyencong.widgets import DateInput, QuickSelect, TextInput

HOSTILE = "\"><script>alert(1)</script>&amp;' đề án"
CHOICES = [("", "Tất cả"), ("a&b", HOSTILE), (HOSTILE, "Huyện <Vĩnh Bảo>"), (7, "Số")]
GROUPED = [("", "Tất cả"), ("NĐ <134>", [("a&b", HOSTILE), (7, "Số")]), (HOSTILE, [("x", "y")])]


@pytest.mark.parametrize("value", ["", None, 0, 60_000, "Dệt thảm", HOSTILE, dt.date(2006, 6, 16)])
@pytest.mark.parametrize("attrs", [{}, {"autofocus": True, "disabled": False, "title": HOSTILE, "size": 11}])
@pytest.mark.parametrize(("ours", "theirs"), [(TextInput, forms.TextInput), (DateInput, forms.DateInput)])
def test_input_is_that_of_django(ours: type[Any], theirs: type[Any], attrs: dict[str, Any], value: Any) -> None:
    drawn = [widget(attrs=attrs).render("ten", value, {"id": "id_ten"}) for widget in (ours, theirs)]
    assert parse_html(drawn[0]) == parse_html(drawn[1])


def test_date_is_written_as_the_field_says() -> None:
    assert 'value="16/06/2006"' in DateInput(format="%d/%m/%Y").render("ngay", dt.date(2006, 6, 16))


@pytest.mark.parametrize("value", ["", None, "a&b", HOSTILE, 7, "7", "không có"])
@pytest.mark.parametrize("choices", [CHOICES, GROUPED])
def test_select_is_that_of_django(value: Any, choices: list[Any]) -> None:
    attrs = {"class": "form-select", "title": HOSTILE}
    drawn = [widget(attrs=attrs, choices=choices).render("chon", value) for widget in (QuickSelect, forms.Select)]
    assert parse_html(drawn[0]) == parse_html(drawn[1])
