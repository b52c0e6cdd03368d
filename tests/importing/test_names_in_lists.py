"""Names of a list beside each other and beside the registry: the place of a tone tells nothing, a tone does."""

from __future__ import annotations

import pytest

from projects.importing.matching.firms import FirmFinder, Spelling
from projects.models import Beneficiary
from tests.people import Tree

pytestmark = pytest.mark.django_db


def known(tree: Tree, name: str) -> Beneficiary:
    return Beneficiary.objects.create(province=tree.province, name=name, type="enterprise")


@pytest.mark.parametrize(
    ("stored", "written", "is_asked"),
    [
        ("Công ty TNHH Đại An", "Cty TNHH Đại Ân", True),
        ("Công ty TNHH Vân Long", "Công ty TNHH Văn Long", True),
        ("Công ty TNHH Đại An", "cong ty tnhh dai an", False),
        ("Cong ty TNHH Dai An", "Công ty TNHH Đại Ân", False),
        ("Công ty TNHH Thuỷ sản Hoà An", "CÔNG TY TNHH THỦY SẢN HÒA AN", False),
        ("HTX Phú Quí", "Hợp tác xã Phú Quý", False),
    ],
)
def test_a_name_with_other_marks_is_asked_about(tree: Tree, stored: str, written: str, is_asked: bool) -> None:
    one = known(tree, stored)
    [firm] = FirmFinder(tree.province, [Spelling(written)]).firms
    assert (firm.known, firm.maybe) == ((None, [one]) if is_asked else (one, []))


def test_a_tone_on_another_letter_is_the_same_name_within_a_list(tree: Tree) -> None:
    finder = FirmFinder(tree.province, [Spelling("HTX Hoà Quý"), Spelling("HTX Hòa Quí"), Spelling("HTX Hóa Quý")])
    first, other = finder.firms
    assert [one.name for one in first.spellings] == ["HTX Hoà Quý", "HTX Hòa Quí"] and not first.near
    assert other.near == [first], "hòa and hóa may be two"
