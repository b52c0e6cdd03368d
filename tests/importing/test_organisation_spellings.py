"""Organisations as offices spell them: the same one under several names is one, and nobody is asked about it."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import User
from projects.importing.proposals import RowState
from tests.importing.test_organisation_lists import CENTRE, HEADER, changed, read, states
from tests.people import Tree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["Sở Công Thương thành phố Hải Phòng", "SCT TP Hải Phòng", "Sở Công Thương TP. Hải Phòng", "SCT Hải Phòng"]
)
def test_the_provinces_own_kind_before_its_name_makes_no_other_office(
    tree: Tree, administrator: User, name: str
) -> None:
    """Neither as a superior nor as a row; asked about is only what may be another one."""
    proposal = read(tree.province, [HEADER, changed(CENTRE, D=name), (3, name)], administrator)
    assert states(proposal) == [RowState.NEW, RowState.EQUAL] and not proposal.questions
    assert proposal.rows[0].values["parent"] == "Sở Công Thương Hải Phòng"


def test_the_city_of_a_provinces_name_is_another_one(tree: Tree, administrator: User) -> None:
    tree.province.name = "Tỉnh Hải Phòng"
    tree.province.save()
    proposal = read(tree.province, [HEADER, (1, "Sở Công Thương thành phố Hải Phòng")], administrator)
    assert states(proposal) == [RowState.CHOICE]
