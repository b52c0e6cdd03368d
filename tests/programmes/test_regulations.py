"""The documents that the law of the product rests on, with the days that were read in them (field-facts A5)."""

from __future__ import annotations

import datetime as dt

import pytest

from programmes.models import DeadlineRule, Regulation
from tests.law import load_law

pytestmark = pytest.mark.django_db

# Code: issued, in force from, in force to; what nobody has read stays unknown.
READ = {
    "ND134": ("2004-06-09", None, "2012-07-04"),
    "TT03-2005": ("2005-06-23", None, "2013-02-09"),
    "ND45": ("2012-05-21", "2012-07-05", None),
    "TT46": ("2012-12-28", "2013-02-10", None),
    "TT36": ("2013-12-27", "2014-02-10", None),
    "TTLT26": ("2014-02-18", "2014-04-08", "2018-05-10"),
    "TT28": ("2018-03-28", "2018-05-11", None),
    "TT17-2018": ("2018-07-10", "2018-08-23", None),
    "ND235": ("2025-08-27", "2025-10-15", None),
}
NOT_READ = (
    "TT64-2024",
    "QD136-2007",
    "QD1288-2014",
    "QD1881-2020",
    "QD2646-2025",
    "TT33-2022",
    "TT34-2022",
    "TT14-2018",
)


@pytest.mark.parametrize("code", READ)
def test_days_of_a_document_are_those_read_in_it(code: str) -> None:
    load_law()
    found = Regulation.objects.get(code=code)
    days = tuple(day and dt.date.fromisoformat(day) for day in READ[code])
    assert (found.issued_on, found.effective_from, found.effective_to) == days


def test_deadlines_hold_from_the_day_of_the_document_that_sets_them() -> None:
    load_law()
    rules = DeadlineRule.objects.select_related("regulation")
    assert len(rules) == 6 and all(one.effective_from == one.regulation.effective_from for one in rules)
    first, then = rules.filter(subject="registration").order_by("effective_from")
    assert first.effective_to == dt.date(2018, 8, 22) and then.effective_from == dt.date(2018, 8, 23)


def test_one_ends_the_day_before_the_next_is_in_force() -> None:
    load_law()
    for before, after in (("TT03-2005", "TT46"), ("TTLT26", "TT28"), ("ND134", "ND45")):
        end = Regulation.objects.get(code=before).effective_to
        begin = Regulation.objects.get(code=after).effective_from
        assert end and begin and end + dt.timedelta(days=1) == begin, before


@pytest.mark.parametrize("code", NOT_READ)
def test_what_nobody_read_says_so(code: str) -> None:
    load_law()
    found = Regulation.objects.get(code=code)
    assert found.effective_from is None and "ch" in found.evidence, "nothing is guessed"


def test_no_english_stands_in_what_a_vietnamese_page_shows() -> None:
    load_law()
    for one in Regulation.objects.all():
        for text in (one.replaced_or_amended_by, one.evidence, one.title):
            assert not {"amends", "amended", "content", "not", "found", "the"} & set(text.lower().split()), one.code
