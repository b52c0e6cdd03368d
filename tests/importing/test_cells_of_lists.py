"""Cells as programs and people leave them: formulas that nobody counted, numbers and texts that lost something."""

from __future__ import annotations

import unicodedata

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Beneficiary, Project
from tests.importing.lists import HEADER, TRAINING, asked_for, brought, changed, imported, proposed, workbook

pytestmark = pytest.mark.django_db


def test_formulas_that_nobody_counted_are_named_but_for_sums(plan: AnnualPlan, centre_staff: User) -> None:
    """As programs write them: without a value."""
    rows = [
        HEADER,
        changed(TRAINING, G="=30*2"),
        changed(TRAINING, A=2, B="Đào tạo nghề may"),
        (None, "Tổng cộng", None, None, None, None, "=SUM(G5:G6)", "=SUM(H5:H6)"),
    ]
    found = proposed(brought(plan, workbook(rows), centre_staff), centre_staff)
    assert [[one.cell for one in row.wrong] for row in found.rows] == [["Danh mục!G5"], []]
    assert "công thức chưa có giá trị" in found.rows[0].wrong[0].text and not found.sums


def test_numbers_that_lost_their_zeros_and_texts_of_other_programs(plan: AnnualPlan, centre_staff: User) -> None:
    header = [*HEADER, "MST"]
    decomposed = unicodedata.normalize("NFD", "Đào\u00a0tạo nghề may")
    rows = [header, (*TRAINING, 231851495), (*changed(TRAINING, A="2", B=decomposed, G="60,5\u00a0"), "0231851495 ")]
    imported(plan, workbook(rows), centre_staff)
    assert Beneficiary.objects.get().tax_code == "0231851495"
    assert Project.objects.filter(name="Đào tạo nghề may").exists() and asked_for(plan) == 160_500_000
