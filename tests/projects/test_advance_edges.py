"""What may be advanced before acceptance, exactly at the share and one đồng above it, by the rule of the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from programmes.models import AdvanceShare, FundingSource, Regulation, SupportNorm
from projects.ledger.line_accounts import LineAccount
from projects.models import PlanLine, ProjectComponent
from projects.rules.advances import advance_limit, advance_warning

pytestmark = pytest.mark.django_db
ON = dt.date(2019, 6, 1)
FIGURES = ("promised_vnd", "approved_vnd", "contracted_vnd", "advanced_vnd", "received_vnd", "paid_vnd", "settled_vnd")


def rule(percent: int, code: str = "", **words: Any) -> AdvanceShare:
    return AdvanceShare.objects.create(norm_code=code, max_percent=percent, **words)


def content(code: str = "") -> ProjectComponent:
    return ProjectComponent(norm=SupportNorm(code=code) if code else None)


def warned(advanced: int, *, approved: int | None = None, contracted: int | None = None) -> str:
    figures = dict.fromkeys(FIGURES) | {"approved_vnd": approved, "contracted_vnd": contracted}
    account = LineAccount(PlanLine(), content(), FundingSource(), **figures)
    return advance_warning(account, advanced, ON)


@pytest.mark.parametrize(
    ("percent", "base", "most"), [(70, 50_000_000, 35_000_000), (50, 3, 1), (33, 100, 33), (100, 7, 7), (30, 0, 0)]
)
def test_at_the_share_and_one_đồng_above(percent: int, base: int, most: int) -> None:
    rule(percent)
    assert warned(most, contracted=base) == warned(most, approved=base) == ""
    said = warned(most + 1, contracted=base)
    assert f"quá {percent}% của" in said and said.endswith("(chưa xác nhận)")


def test_the_share_is_of_the_contract_once_there_is_one() -> None:
    rule(50, is_confirmed=True)
    assert warned(30, approved=60) == warned(20, approved=60, contracted=40) == ""
    assert warned(1_000, approved=60) == "Tạm ứng 1.000 đồng, quá 50% của 60 đồng (tối đa 30 đồng)."
    assert "quá 50% của 40 đồng (tối đa 20 đồng)" in warned(21, approved=60, contracted=40)
    assert "của 0 đồng (tối đa 0 đồng)" in warned(1)


def test_without_a_rule_nothing_is_said() -> None:
    assert advance_limit(content("machinery"), ON)[:3] == (None, "", False) and warned(1_000, approved=1) == ""


def test_the_rule_of_the_code_goes_before_the_one_for_the_rest_and_the_later_before_the_earlier() -> None:
    law = Regulation.objects.create(code="TT36", number="36/2013/TT-BCT", title="x")
    rule(70, effective_from=dt.date(2014, 1, 1), regulation=law, clause="Điều 13", is_confirmed=True)
    rule(60, effective_from=dt.date(2010, 1, 1))
    rule(30, "cluster", effective_from=dt.date(2010, 1, 1))
    rule(20, "cluster", effective_from=dt.date(2014, 1, 1), effective_to=dt.date(2019, 6, 1))
    rule(99, "other")
    assert (
        advance_limit(content(), ON)[:3]
        == advance_limit(content("machinery"), ON)[:3]
        == (70, f"{law.cited}, Điều 13", True)
    )
    assert [advance_limit(content("cluster"), day).percent for day in (dt.date(2013, 12, 31), ON)] == [30, 20]
    assert advance_limit(content("cluster"), dt.date(2019, 6, 2)).percent == 30
    assert advance_limit(content(), dt.date(2013, 12, 31))[:3] == (60, "(chưa xác nhận)", False)
    assert advance_limit(content("cluster"), dt.date(2009, 12, 31)).percent is None


def test_a_rule_for_one_level_of_money_goes_before_one_for_all_of_it() -> None:
    rule(60)
    rule(30, funding_level="national")
    rule(20, "machinery")
    assert [advance_limit(content(), ON, level).percent for level in ("national", "city", "")] == [30, 60, 60]
    assert advance_limit(content("machinery"), ON, "national").percent == 20, "the content goes before the level"


def test_the_papers_that_have_to_be_there_first_stand_in_the_warning() -> None:
    rule(70, precondition="hợp đồng thực hiện đề án")
    assert "Hồ sơ: hợp đồng thực hiện đề án." in warned(71, approved=100)


def test_what_is_paid_after_acceptance_is_not_advanced() -> None:
    rule(0, "relocation_interest")
    account = LineAccount(
        PlanLine(), content("relocation_interest"), FundingSource(), **(dict.fromkeys(FIGURES) | {"approved_vnd": 100})
    )
    assert advance_warning(account, 0, ON) == ""
    assert "chỉ chi sau nghiệm thu" in advance_warning(account, 1, ON)


TT36, TTLT26 = "TT 36/2013/TT-BCT, Điều ", "TTLT 26/2014/TTLT-BTC-BCT, Điều 8 khoản 2 điểm b"
SHARES = [
    ("cluster_infrastructure", 30, "13 khoản 1"),
    ("pollution_cluster", 30, "13 khoản 1"),
    ("vocational_training", 70, "13 khoản 2 điểm a"),
    ("trademark", 70, "13 khoản 2 điểm b"),
    ("consulting", 70, "13 khoản 2 điểm b"),
    ("association_regional", 70, "13 khoản 2 điểm b"),
    ("association_national", 70, "13 khoản 2 điểm b"),
    ("cluster_link", 70, "13 khoản 2 điểm b"),
    ("fair_domestic", 70, "13 khoản 2 điểm c"),
    ("fair_domestic_booth", 70, "13 khoản 2 điểm c"),
    ("publicity", 70, "13 khoản 2 điểm c"),
    ("cluster_planning", 70, "13 khoản 2 điểm c"),
    ("demo_model_new", 70, "13 khoản 2 điểm d"),
    ("demo_model_running", 70, "13 khoản 2 điểm d"),
    ("machinery", 70, "13 khoản 2 điểm d"),
    ("pollution_establishment", 70, "13 khoản 2 điểm d"),
    ("startup", 100, "13 khoản 3"),
    ("relocation_interest", 0, "15 khoản 1"),
]


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(("code", "percent", "clause"), SHARES)
def test_shares_of_national_money_stand_in_the_circular_from_10_02_2014(code: str, percent: int, clause: str) -> None:
    for day in (dt.date(2014, 2, 10), dt.date(2026, 11, 30)):
        found = advance_limit(content(code), day, "national")
        assert found[:3] == (percent, TT36 + clause, True) and found.precondition
    assert advance_limit(content(code), dt.date(2014, 2, 9), "national").percent is None
    assert advance_limit(content(code), dt.date(2006, 6, 16), "city").percent is None


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    ("day", "percent", "citation"),
    [
        (dt.date(2014, 4, 7), None, ""),
        (dt.date(2014, 4, 8), 70, TTLT26),
        (dt.date(2018, 5, 10), 70, TTLT26),
        (dt.date(2018, 5, 11), 70, "TT 28/2018/TT-BTC (chưa xác nhận)"),
    ],
)
def test_city_money_has_only_the_general_share(day: dt.date, percent: int | None, citation: str) -> None:
    assert advance_limit(content("startup"), day, "city")[:2] == (percent, citation)
