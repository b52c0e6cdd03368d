"""Who may decide which change (field-rules §3: TT 36/2013, TT 17/2018): every cell against a table by hand."""

from __future__ import annotations

import pytest

from programmes.models import Authority
from projects.rules.deciders import LABELS, LetterChange, allowed_levels, refusal

# “The authority that approved the plan”, “the agency below it”, “the director of the Department”.
ITSELF = ("more_money", "other_contents", "next_year", "add_project", "stop")
BELOW = ("less_money", "place", "beneficiary", "time_within_year")
DIRECTOR = ("group_place", "group_beneficiary")

# (level of the money, who approved) → who may decide changes of the three kinds. Unknown: the highest of the ladder.
ALLOWED: dict[tuple[str, str | None], tuple[set[str], set[str], set[str]]] = {
    ("national", None): ({"central"}, {"central", "agency"}, {"central", "agency", "department"}),
    ("national", "central"): ({"central"}, {"central", "agency"}, {"central", "agency", "department"}),
    ("national", "agency"): (
        {"central", "agency"},
        {"central", "agency", "department"},
        {"central", "agency", "department"},
    ),
    # A Department never approves national money: its letter on record changes nothing.
    ("national", "department"): ({"central"}, {"central", "agency"}, {"central", "agency", "department"}),
    ("national", "city"): ({"central"}, {"central", "agency"}, {"central", "agency", "department"}),
    ("city", None): ({"city"}, {"city", "department"}, {"city", "department"}),
    ("city", "city"): ({"city"}, {"city", "department"}, {"city", "department"}),
    ("city", "department"): ({"city", "department"},) * 3,
    ("city", "central"): ({"city"}, {"city", "department"}, {"city", "department"}),
    ("city", "agency"): ({"city"}, {"city", "department"}, {"city", "department"}),
}
CELLS = [
    (change, level, approved_by, levels)
    for (level, approved_by), groups in ALLOWED.items()
    for changes, levels in zip((ITSELF, BELOW, DIRECTOR), groups, strict=True)
    for change in changes
]


def test_every_change_is_in_the_table() -> None:
    assert {*ITSELF, *BELOW, *DIRECTOR} == {str(change) for change in LetterChange}
    assert len(CELLS) == 11 * 10


@pytest.mark.parametrize(("change", "level", "approved_by", "levels"), CELLS)
def test_who_may_decide(change: str, level: str, approved_by: str | None, levels: set[str]) -> None:
    assert {str(one) for one in allowed_levels(LetterChange(change), level, approved_by)} == levels
    for one in Authority.Level.values:
        text = refusal(LetterChange(change), level, Authority(name="Cơ quan", level=one), approved_by)
        assert (text == "") == (one in levels), one


def test_the_refusal_says_who_it_would_have_to_be() -> None:
    office = Authority(name="Sở Công Thương", level="department")
    assert refusal(LetterChange.LESS_MONEY, "national", office) == (
        "Sở Công Thương không đủ thẩm quyền để giảm kinh phí hỗ trợ (khuyến công quốc gia): "
        f"phải là {Authority.Level.AGENCY.label} hoặc {Authority.Level.CENTRAL.label} "
        "(TT 36/2013/TT-BCT, TT 17/2018/TT-BCT)."
    )


@pytest.mark.parametrize("change", LetterChange)
def test_a_letter_of_nobody_changes_nothing(change: LetterChange) -> None:
    assert refusal(change, "city", None) == f"Để {LABELS[change]} phải ghi rõ cơ quan ban hành văn bản."
