"""A day of which a source tells a month alone stays that month."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from khuyencong.partial_dates import partial_date_in_words, read_partial_date, year_of


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ("10/2005", "10/2005", "tháng 10/2005"),
        (" 1/2005 ", "01/2005", "tháng 01/2005"),
        ("3/10/2005", "03/10/2005", "ngày 03/10/2005"),
        ("2005", "2005", "năm 2005"),
    ],
)
def test_it_is_kept_and_said_as_it_is_told(typed: str, kept: str, said: str) -> None:
    assert read_partial_date(typed) == kept == read_partial_date(kept)
    assert partial_date_in_words(kept) == said
    assert year_of(kept) == 2005


@pytest.mark.parametrize(
    "typed", ["", "13/2005", "0/2005", "31/02/2005", "10-2005", "tháng 10", "05", "0000", "1/1/1/2005"]
)
def test_what_is_no_day_month_or_year_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="ví dụ 03/10/2005, 10/2005"):
        read_partial_date(typed)
