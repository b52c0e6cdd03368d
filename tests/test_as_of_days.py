"""The two days of a question: which rows they take in, how they are said and carried on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone

from khuyencong.asof import NOW, AsOf
from khuyencong.forms import AsOfForm

JUNE, JULY = dt.date(2006, 6, 30), dt.date(2006, 7, 15)


def local(day: dt.date, hour: int, minute: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def test_day_of_recording_ends_at_local_midnight() -> None:
    as_of = AsOf(recorded_on=JUNE)
    assert as_of.has_recorded(local(JUNE, 23, 59))
    assert not as_of.has_recorded(local(JUNE + dt.timedelta(days=1), 0, 0))


def test_row_counts_when_both_days_take_it_in() -> None:
    as_of, noon = AsOf(JUNE, JULY), local(JULY, 12, 0)
    assert as_of.covers(JUNE, noon)
    assert not as_of.covers(JUNE + dt.timedelta(days=1), noon)
    assert not as_of.covers(JUNE, noon + dt.timedelta(days=1))
    assert NOW.covers(dt.date(2099, 1, 1), local(dt.date(2099, 1, 1), 0, 0)) and not NOW


@pytest.mark.parametrize(
    ("day", "month"),
    [(dt.date(2006, 6, 29), (2006, 6)), (JUNE, (2006, 7)), (dt.date(2006, 12, 31), (2007, 1))],
)
def test_month_counts_once_it_has_ended(day: dt.date, month: tuple[int, int]) -> None:
    assert AsOf(day).months_before == dt.date(*month, 1)


def test_words_addresses_and_file_names() -> None:
    both = AsOf(JUNE, JULY)
    assert str(both) == "Số liệu tính đến ngày 30/06/2006, theo những gì đã ghi nhận đến hết ngày 15/07/2006"
    assert str(AsOf(JUNE)) == "Số liệu tính đến ngày 30/06/2006"
    assert str(AsOf(None, JULY)) == "Số liệu theo những gì đã ghi nhận đến hết ngày 15/07/2006"
    assert both.query == "?as_of=30%2F06%2F2006&recorded=15%2F07%2F2006" == f"?{both.more_query[1:]}"
    assert both.file_suffix == "-tinh-den-2006-06-30-ghi-nhan-den-2006-07-15"
    assert (str(NOW), NOW.query, NOW.more_query, NOW.file_suffix, NOW.parameters) == ("", "", "", "", {})
    assert AsOfForm(QueryDict(both.query[1:])).asked == both


@pytest.mark.parametrize("text", ["", " ", "30/06/2006", "2006-06-30"])
def test_readable_days_are_taken(text: str) -> None:
    form = AsOfForm({"as_of": text, "page": "2"})
    assert not form.has_wrong_day and form.kept == []
    assert form.asked == (AsOf(JUNE) if text.strip() else NOW)


def test_today_is_the_last_day_that_can_be_asked() -> None:
    today = timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    assert AsOfForm({"as_of": f"{today:%d/%m/%Y}"}).asked == AsOf(today)
    for name in ("as_of", "recorded"):
        form = AsOfForm({name: f"{tomorrow:%d/%m/%Y}"})
        assert form.has_wrong_day and form.asked == NOW and list(form.errors) == [name]
