"""Organisations as offices spell them: the same one under several names is one, and nobody is asked about it."""

from __future__ import annotations

from typing import Any

import pytest

from khuyencong.accounts.models import User
from projects.importing.proposals import Proposal, RowState
from projects.importing.services.batches import bring_file
from tests.importing.lists import proposed, workbook
from tests.people import Tree

pytestmark = pytest.mark.django_db

HEADER = ("STT", "Tên đơn vị", "Loại đơn vị", "Đơn vị cấp trên")


def read(tree: Tree, actor: User, *rows: tuple[Any, ...]) -> Proposal:
    content = workbook([HEADER, *rows], unit="", title="Đơn vị")
    batch = bring_file(
        plan=None,
        kind="organisations",
        name="don-vi.xlsx",
        content=content,
        actor=actor,
        organisation=tree.province,
    )
    return proposed(batch, actor)


@pytest.mark.parametrize(
    "name", ["Sở Công Thương thành phố Hải Phòng", "SCT TP Hải Phòng", "Sở Công Thương TP. Hải Phòng", "SCT Hải Phòng"]
)
def test_the_provinces_own_kind_before_its_name_makes_no_other_office(
    tree: Tree, administrator: User, name: str
) -> None:
    """Neither as a superior nor as a row, nor as both: a row that is there already stands above the others."""
    centre = (1, "Trung tâm Khuyến công miền biển", "Trung tâm", name)
    proposal = read(tree, administrator, centre, (2, name))
    assert [one.state for one in proposal.rows] == [RowState.NEW, RowState.EQUAL] and not proposal.questions
    assert proposal.rows[0].values["parent"] == "Sở Công Thương Hải Phòng"


def test_the_city_of_a_provinces_name_is_another_one(tree: Tree, administrator: User) -> None:
    tree.province.name = "Tỉnh Hải Phòng"
    tree.province.save()
    proposal = read(tree, administrator, (1, "Sở Công Thương thành phố Hải Phòng"))
    assert [one.state for one in proposal.rows] == [RowState.CHOICE]
