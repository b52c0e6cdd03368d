"""Who may have issued a letter: authorities under the names that they had in those years, of one's own province."""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from programmes.models import AllocationEntry, AnnualPlan, Authority
from projects.forms.decision import DecisionForm
from projects.services.decision_checks import DecisionRefused
from projects.services.decisions import AssignedChange, record_decision
from tests.factories import MILLION, make_decision, make_plan, source
from tests.people import make_tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

ALWAYS = {"ubnd-hai-phong", "chu-tich-ubnd-hai-phong", "hdnd-hai-phong"}
OLD_AGENCY, AGENCY = "cuc-cong-nghiep-dia-phuong", "cuc-cong-thuong-dia-phuong"
NEW_AGENCY = "cuc-doi-moi-sang-tao-chuyen-doi-xanh"


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.mark.parametrize(
    ("year", "others"),
    [
        (2005, {"so-cong-nghiep-hai-phong", "bo-cong-nghiep", OLD_AGENCY}),
        (2006, {"so-cong-nghiep-hai-phong", "bo-cong-nghiep", "bo-cong-thuong", OLD_AGENCY}),
        (2014, {"so-cong-thuong-hai-phong", "bo-cong-thuong", OLD_AGENCY}),
        (2022, {"so-cong-thuong-hai-phong", "bo-cong-thuong", AGENCY}),
        (2027, {"so-cong-thuong-hai-phong", "bo-cong-thuong", NEW_AGENCY}),
    ],
)
def test_authorities_are_offered_in_their_years(plan: AnnualPlan, year: int, others: set[str]) -> None:
    """The year of the plan, the one before, in which it is made, and the one after, in which it is closed."""
    plan.year = year
    offered = DecisionForm(plan=plan).fields["authority"].queryset  # type: ignore[attr-defined]
    assert {one.code for one in offered} == ALWAYS | others


def test_another_province_has_authorities_of_its_own(plan: AnnualPlan) -> None:
    other = make_tree(code="quang-binh", name="Quảng Bình", area_code="44").province
    theirs = Authority.objects.create(code="ubnd-quang-binh", name="UBND tỉnh Quảng Bình", level="city", province=other)
    assert not Authority.objects.for_letters_of(2006, plan.organisation.province()).contains(theirs)
    assert Authority.objects.for_letters_of(2006, other).contains(theirs)


def assign(plan: AnnualPlan, by: User, authority: Authority, on: dt.date) -> None:
    letter = make_decision(organisation=plan.organisation.parent, number="1/QĐ", on=on)
    letter.authority = authority
    change = AssignedChange(source("KCDP"), None, 10 * MILLION)
    record_decision(plan=plan, decision=letter, assigned=[change], approved=[], nature="adjustment", actor=by)


def test_a_letter_is_not_of_an_authority_of_another_time_or_province(plan: AnnualPlan, department_head: User) -> None:
    agency = Authority.objects.get(code=AGENCY)
    with pytest.raises(DecisionRefused, match="Ngày 16/06/2006 chưa có hoặc không còn cơ quan mang tên Cục"):
        assign(plan, department_head, agency, dt.date(2006, 6, 16))
    other = make_tree(code="quang-binh", name="Quảng Bình", area_code="44").province
    theirs = Authority.objects.create(code="ubnd-quang-binh", name="UBND tỉnh Quảng Bình", level="city", province=other)
    with pytest.raises(DecisionRefused, match="UBND tỉnh Quảng Bình thuộc tỉnh, thành phố khác"):
        assign(plan, department_head, theirs, dt.date(2006, 6, 16))
    assert not AllocationEntry.objects.exists()
    assign(plan, department_head, Authority.objects.get(code="hdnd-hai-phong"), dt.date(2006, 6, 16))
    assert AllocationEntry.objects.get().amount_vnd == 10 * MILLION
