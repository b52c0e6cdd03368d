"""A list that was typed for an old font becomes records in Unicode; what stood in the file stays beside them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.services.batches import bring_pasted
from projects.models import Project
from tests.importing.lists import FAIR, HEADER, TRAINING, answered, brought, imported, proposed, workbook
from tests.importing.old_fonts import as_tcvn3, as_vni

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(write: Any) -> bytes:
    rows = [[write(cell) if isinstance(cell, str) else cell for cell in row] for row in (HEADER, TRAINING, FAIR)]
    return workbook(rows, unit=write("ĐVT: Triệu đồng"))


@pytest.mark.parametrize("write", [as_tcvn3, as_vni])
def test_records_are_in_unicode_and_the_row_stays_as_typed(plan: AnnualPlan, centre_staff: User, write: Any) -> None:
    batch = imported(plan, typed(write), centre_staff)
    one = Project.objects.get(name=TRAINING[1])
    assert Project.objects.filter(name=FAIR[1]).exists()
    [origin] = one.imported_rows.all()
    assert origin.batch == batch and origin.cells[1] == write(TRAINING[1])


@pytest.mark.parametrize(("write", "said"), [(as_tcvn3, "TCVN3 (.VnTime)"), (as_vni, "VNI (VNI-Times)")])
def test_the_page_says_it_once(plan: AnnualPlan, centre_staff: User, write: Any, said: str) -> None:
    batch = brought(plan, typed(write), centre_staff)
    page = logged_in(centre_staff).get(batch.get_absolute_url()).content.decode()
    assert page.count(f"Tệp gõ bằng phông {said}, đã đổi sang Unicode.") == 1
    assert TRAINING[1] in page


def test_a_list_in_unicode_says_nothing_of_fonts(plan: AnnualPlan, centre_staff: User) -> None:
    assert not any("phông" in note for note in proposed(brought(plan, typed(str), centre_staff), centre_staff).notes)


def test_names_that_read_both_ways_wait_for_an_answer(plan: AnnualPlan, centre_staff: User) -> None:
    text = "STT\tTen de an\tKCDP\n1\tHòa Phát\t60\n2\tPhú Xá\t20\n"
    batch = bring_pasted(plan=plan, kind="plan", text=text, actor=centre_staff)
    [asked] = [one for one in proposed(batch, centre_staff).open_questions if one.key.startswith("font:")]
    assert [str(one.label) for one in asked.options] == [
        "Unicode, giữ nguyên “Hòa Phát”",
        "Phông TCVN3 (.VnTime), đọc là “Hũa Phỏt”",
    ]
    assert asked.likely == "unicode" and all(one.is_waiting for one in proposed(batch, centre_staff).rows)
    said = answered(batch, centre_staff, {"font": "tcvn3"})
    assert [one.values["name"] for one in proposed(said, centre_staff).rows] == ["Hũa Phỏt", "Phỳ Xỏ"]
