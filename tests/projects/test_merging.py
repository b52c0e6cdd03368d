"""Two changes of one text brought together: what only one side changed stands, what both changed is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from projects.forms.merging import Clash, Opened, Values, at, merge, put, reconcile

A, B, C = "Đào tạo nghề", "Dạy nghề", "Truyền nghề"


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "merged", "is_taken", "is_clash"),
    [
        (A, A, A, A, False, False),
        (A, A, B, B, False, False),
        (A, B, A, B, True, False),
        (A, B, B, B, False, False),
        (A, B, C, C, False, True),
        ("", None, "", "", False, False),
        (A, "", None, None, False, False),
        (None, B, None, B, True, False),
        (A, None, A, None, True, False),
        (A, None, B, B, False, True),
        (A, B, None, None, False, True),
        (A, A, None, None, False, False),
    ],
)
def test_one_value(base: Any, theirs: Any, yours: Any, merged: Any, is_taken: bool, is_clash: bool) -> None:
    texts = [{} if text is None else {"name": text} for text in (base, theirs, yours)]
    found = merge(*texts)
    assert found.values.get("name") == merged
    assert bool(found.taken) is is_taken and bool(found.clashes) is is_clash


def test_rows_added_by_both_sides_are_all_there_yours_first() -> None:
    base = {"rows": {"a": {"sum": "1"}}}
    theirs = {"rows": {"a": {"sum": "1"}, "b": {"sum": "2"}}}
    yours = {"rows": {"a": {"sum": "1"}, "c": {"sum": "3"}}}
    found = merge(base, theirs, yours)
    rows = found.values["rows"]
    assert isinstance(rows, Mapping) and list(rows) == ["a", "c", "b"]
    assert found.taken == (("rows", "b"),) and not found.clashes


def test_two_cells_of_one_row_are_two_values() -> None:
    base = {"rows": {"a": {"city": "60", "own": "10"}}}
    found = merge(base, {"rows": {"a": {"city": "70", "own": "10"}}}, {"rows": {"a": {"city": "60", "own": "20"}}})
    assert found.values == {"rows": {"a": {"city": "70", "own": "20"}}}
    assert found.taken == (("rows", "a", "city"),) and not found.clashes


def test_row_removed_by_one_and_changed_by_the_other_is_asked() -> None:
    base: Values = {"rows": {"a": {"sum": "1"}}}
    changed: Values = {"rows": {"a": {"sum": "2"}}}
    gone: Values = {"rows": {}}
    assert merge(base, changed, gone).clashes == (Clash(("rows", "a"), {"sum": "1"}, {"sum": "2"}, None),)
    assert merge(base, gone, changed).clashes == (Clash(("rows", "a"), {"sum": "1"}, None, {"sum": "2"}),)
    assert merge(base, gone, base).values == {"rows": {}}


def test_text_that_could_not_be_read_is_compared_as_a_whole() -> None:
    base, theirs = {"places": {"315": "Tiên Lãng"}}, {"places": {"315": "Tiên Lãng", "316": "Vĩnh Bảo"}}
    found = merge(base, theirs, {"places": "Tiên Lãng, Hà Nội"})
    assert [clash.path for clash in found.clashes] == [("places",)]


def test_choice_of_theirs_puts_it_in_and_choice_of_mine_keeps_what_stands_in_the_form() -> None:
    stored: Values = {"name": B, "notes": "của họ", "rows": {"a": {"sum": "2"}}}
    asked = ((("name",), A), (("notes",), ""), (("rows", "a"), None))
    opened = Opened(2, stored, asked)
    yours: Values = {"name": C, "notes": "của tôi", "rows": {}}
    choices = opened.choices({"choice-0": "theirs", "choice-1": "mine", "choice-2": "theirs"})
    found = reconcile(opened, Opened(2, stored), yours, choices)
    assert found.values == {"name": B, "notes": "của tôi", "rows": {"a": {"sum": "2"}}} and not found.clashes


@pytest.mark.parametrize("choice", [{}, {"choice-0": ""}, {"choice-0": "both"}, {"choice-1": "mine"}])
def test_what_is_asked_and_not_decided_is_asked_again_with_its_original(choice: dict[str, str]) -> None:
    opened = Opened(2, {"name": B}, ((("name",), A),))
    found = reconcile(opened, Opened(2, {"name": B}), {"name": C}, opened.choices(choice))
    assert found.clashes == (Clash(("name",), A, B, C),)


def test_change_by_a_third_one_while_the_choice_was_made_is_asked() -> None:
    opened = Opened(2, {"name": B}, ((("name",), A),))
    kept = reconcile(opened, Opened(3, {"name": "Khác nữa"}), {"name": C}, {("name",): "mine"})
    assert kept.clashes == (Clash(("name",), B, "Khác nữa", C),)
    given_up = reconcile(opened, Opened(3, {"name": "Khác nữa"}), {"name": C}, {("name",): "theirs"})
    assert given_up.values == {"name": "Khác nữa"} and not given_up.clashes


def test_paths() -> None:
    values = {"name": A, "rows": {"a": {"sum": "1"}}}
    assert at(values, ("rows", "a", "sum")) == "1" and at(values, ("rows", "b", "sum")) is None
    assert at(values, ("name", "a")) is None
    assert put(values, ("rows", "a", "sum"), "2")["rows"] == {"a": {"sum": "2"}}
    assert put(values, ("rows", "a"), None)["rows"] == {}
    assert put(values, ("rows", "b", "sum"), "2") == values, "the row was removed meanwhile"
    assert values == {"name": A, "rows": {"a": {"sum": "1"}}}, "what was given stays"
