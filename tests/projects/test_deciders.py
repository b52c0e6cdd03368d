"""Who may decide which change (field-rules §3): the rules as money × change × day, and what no rule says."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Authority, DeciderRule, Regulation
from projects.models import ApprovalEntry
from projects.pages.letter_authority import unruled_changes
from projects.rules.deciders import DeciderBook, LetterChange, decider_book, refusal
from projects.services.decision_checks import DecisionRefused
from tests.factories import MILLION, approved_project, decide
from tests.people import Tree
from tests.there import there

pytestmark = pytest.mark.django_db

FIRST, BEFORE = dt.date(2014, 2, 10), dt.date(2014, 2, 9)
TT36 = "TT 36/2013/TT-BCT, Điều 11 khoản "
MINISTRY, AGENCY, DEPARTMENT = {"central"}, {"central", "agency"}, {"central", "agency", "department"}
NATIONAL = {
    "more_money": (MINISTRY, "2 điểm a"),
    "other_contents": (MINISTRY, "2 điểm a"),
    "next_year": (MINISTRY, "2 điểm a"),
    "add_project": (MINISTRY, "2 điểm a"),
    "stop": (MINISTRY, "2 điểm a"),
    "less_money": (AGENCY, "2 điểm b"),
    "place": (AGENCY, "2 điểm b"),
    "beneficiary": (AGENCY, "2 điểm b"),
    "time_within_year": (AGENCY, "2 điểm b"),
    "group_place": (DEPARTMENT, "4"),
    "group_beneficiary": (DEPARTMENT, "4"),
}


def test_every_change_is_in_the_table() -> None:
    assert set(NATIONAL) == {str(change) for change in LetterChange}


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("change", NATIONAL)
@pytest.mark.parametrize("on", [FIRST, dt.date(2018, 8, 23), dt.date(2026, 11, 30)])
def test_national_money_goes_by_the_circular_from_10_02_2014(tree: Tree, change: str, on: dt.date) -> None:
    levels, clause = NATIONAL[change]
    rule = decider_book(tree.province).find(change, "national", on)
    assert rule is not None and rule.citation == TT36 + clause
    for one in Authority.Level.values:
        text = refusal(LetterChange(change), "national", Authority(name="Cơ quan", level=one), rule)
        assert (text == "") == (one in levels), one
        assert text == "" or TT36 + clause in text


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize("change", NATIONAL)
@pytest.mark.parametrize(
    ("level", "on"), [("national", BEFORE), ("national", dt.date(2006, 9, 1)), ("city", dt.date(2006, 9, 1)),
                      ("city", FIRST), ("city", dt.date(2026, 11, 30))],
)  # fmt: skip
def test_what_no_rule_says_is_refused_to_nobody(tree: Tree, change: str, level: str, on: dt.date) -> None:
    rule = decider_book(tree.province).find(change, level, on)
    assert rule is None
    assert not refusal(LetterChange(change), level, Authority(name="Sở", level="department"), rule)


def test_a_province_rules_its_own_money_between_its_days(tree: Tree) -> None:
    words = {"change": "more_money", "funding_level": "city"}
    DeciderRule.objects.create(**words, decided_by="city")
    own = DeciderRule.objects.create(
        **words, decided_by="department", province=tree.province, effective_from=FIRST, effective_to=dt.date(2019, 1, 1)
    )
    book = decider_book(tree.province)
    assert book.find("more_money", "city", FIRST) == own
    for on in (BEFORE, dt.date(2019, 1, 2)):
        assert there(book.find("more_money", "city", on)).decided_by == "city"
    assert there(DeciderBook(DeciderRule.objects.filter(province=None)).find("more_money", "city", FIRST)) != own


def test_the_refusal_says_who_has_to_decide() -> None:
    office = Authority(name="Sở Công Thương", level="department")
    rule = DeciderRule(change="less_money", funding_level="national", decided_by="agency", is_confirmed=True)
    assert refusal(LetterChange.LESS_MONEY, "national", office, rule) == (
        "Sở Công Thương không đủ thẩm quyền để giảm kinh phí hỗ trợ (khuyến công quốc gia): "
        "phải do Cục thuộc Bộ Công Thương hoặc Bộ Công Thương quyết định."
    )


@pytest.mark.parametrize("change", LetterChange)
def test_a_letter_of_nobody_changes_nothing(change: LetterChange) -> None:
    said = f"Để {change.label} phải ghi rõ cơ quan ban hành văn bản."
    assert refusal(change, "city", None, None) == said


@pytest.mark.parametrize(("level", "by"), [("city", "central"), ("city", "agency"), ("national", "city")])
def test_a_rule_names_somebody_who_decides_over_that_money(level: str, by: str) -> None:
    with pytest.raises(ValidationError, match="không có thẩm quyền đối với nguồn kinh phí đó"):
        DeciderRule(change="stop", funding_level=level, decided_by=by).full_clean()


def test_two_rules_never_hold_on_one_day(tree: Tree) -> None:
    words = {"change": "stop", "funding_level": "city", "decided_by": "city", "province": tree.province}
    DeciderRule.objects.create(**words, effective_from=FIRST)
    with pytest.raises(ValidationError, match="Trùng thời gian với quy định có hiệu lực từ 10/02/2014 đến …"):
        DeciderRule(**words, effective_from=dt.date(2020, 1, 1)).full_clean()
    DeciderRule(**{**words, "province": None}, effective_from=FIRST).full_clean()


@pytest.fixture
def plan(centre_staff: User, centre_head: User, department_head: User) -> AnnualPlan:
    """Thêu ren approved by the city with 60 triệu of its money in 2006."""
    return there(approved_project(staff=centre_staff, head=centre_head, department=department_head).latest_plan())


@pytest.mark.usefixtures("law")
def test_a_letter_of_2006_about_city_money_is_recorded_and_its_page_says_that_no_rule_is_known(
    client: Client, plan: AnnualPlan, department_head: User
) -> None:
    entry = ApprovalEntry.objects.get()
    words: dict[str, Any] = {"plan": plan, "by": department_head, "level": "department", "on": dt.date(2006, 9, 1)}
    letter = decide(**words, assigned={"KCDP": 70 * MILLION}, approved={entry.key: 65 * MILLION}, number="9/SCN")
    [text] = unruled_changes(letter)
    assert text.startswith(
        "Chưa ghi nhận quy định nào về thẩm quyền tăng kinh phí hỗ trợ (khuyến công địa phương) vào ngày 01/09/2006"
    )
    client.force_login(department_head)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert text in page and "36/2013" not in page


@pytest.mark.usefixtures("law")
def test_the_first_approval_is_no_change(plan: AnnualPlan) -> None:
    assert unruled_changes(ApprovalEntry.objects.get().decision) == []


def test_where_the_city_has_ruled_its_rule_is_quoted(plan: AnnualPlan, department_head: User) -> None:
    entry = ApprovalEntry.objects.get()
    law = Regulation.objects.create(code="QC", number="1/2005/QĐ-UB", title="Quy chế")
    DeciderRule.objects.create(
        change="more_money", funding_level="city", decided_by="city", province=plan.organisation.province(),
        regulation=law, clause="Điều 5", is_confirmed=True,
    )  # fmt: skip
    said = re.escape("phải do Ủy ban nhân dân thành phố quyết định (QĐ 1/2005/QĐ-UB, Điều 5)")
    with pytest.raises(DecisionRefused, match=said):
        decide(
            plan=plan, by=department_head, assigned={"KCDP": 70 * MILLION}, approved={entry.key: 65 * MILLION},
            level="department", number="9/SCN", on=dt.date(2006, 9, 1),
        )  # fmt: skip
