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
    assert advance_limit(content("machinery"), ON) == (None, "", False) and warned(1_000, approved=1) == ""


def test_the_rule_of_the_code_goes_before_the_one_for_the_rest_and_the_later_before_the_earlier() -> None:
    law = Regulation.objects.create(code="TT36", number="36/2013/TT-BCT", title="x")
    rule(70, effective_from=dt.date(2014, 1, 1), regulation=law, clause="Điều 13", is_confirmed=True)
    rule(60, effective_from=dt.date(2010, 1, 1))
    rule(30, "cluster", effective_from=dt.date(2010, 1, 1))
    rule(20, "cluster", effective_from=dt.date(2014, 1, 1), effective_to=dt.date(2019, 6, 1))
    rule(99, "other")
    assert (
        advance_limit(content(), ON) == advance_limit(content("machinery"), ON) == (70, f"{law.cited}, Điều 13", True)
    )
    assert [advance_limit(content("cluster"), day).percent for day in (dt.date(2013, 12, 31), ON)] == [30, 20]
    assert advance_limit(content("cluster"), dt.date(2019, 6, 2)).percent == 30
    assert advance_limit(content(), dt.date(2013, 12, 31)) == (60, "(chưa xác nhận)", False)
    assert advance_limit(content("cluster"), dt.date(2009, 12, 31)).percent is None
