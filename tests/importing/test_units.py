"""In which unit a sheet states its money, and where it says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.layout.units import bare_unit, stated_unit, unit_in_heading
from tests.importing.lists import PLACED, SEWING, THREAD, answered, brought, money, proposed, read, sheet

pytestmark = pytest.mark.django_db

HEADER = (*PLACED, "KCĐP")
ROW = (*THREAD, 60_000)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("ĐVT: 1000đ", 1000),
        ("ĐVT: 1.000đ", 1000),
        ("(Đơn vị tính: 1.000 đồng)", 1000),
        ("Đơn vị tính: 1000 đồng", 1000),
        ("Đơn vị: nghìn đ", 1000),
        ("ĐVT : Ngàn đồng", 1000),
        ("ĐVT: 1.000.000 đồng", 10**6),
        ("Đơn vị tính: Tr.đ", 10**6),
        ("Đvt: triệu", 10**6),
        ("Đơn vị tính: VNĐ", 1),
        ("Đơn vị tính là tỷ đồng", 10**9),
        ("(Triệu đồng)", 10**6),
        ("DANH MỤC ĐỀ ÁN (Đơn vị tính: nghìn đồng)", 1000),
        ("DANH MỤC ĐỀ ÁN (nghìn đồng)", 1000),
        ("Danh mục đề án năm 2006 - ĐVT: triệu đồng", 10**6),
        ("ĐVT: USD", None),
        ("ĐVT: 10.000đ", None),
        ("ĐVT", None),
        ("Đơn vị tính", None),
        ("Đơn vị: Hội đồng", None),
        ("Kế hoạch (hợp đồng)", None),
        ("Đơn vị: Trung tâm", None),
    ],
)
def test_what_states_a_unit(text: str, unit: int | None) -> None:
    said = stated_unit([text])
    assert (bare_unit([text]) if said is None else said) == unit


def test_two_units_above_a_list_are_none() -> None:
    assert stated_unit(["ĐVT: nghìn đồng", "ĐVT: Triệu đồng"]) is None


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("KCĐP (1000đ)", 1000),
        ("KCĐP (1.000 đ)", 1000),
        ("Kinh phí nghìn đồng", 1000),
        ("KCĐP / Triệu đồng", 10**6),
        ("KCĐP / (tr.đ)", 10**6),
        ("Số tiền, đồng", 1),
        ("Số tiền (ĐVT: đồng)", 1),
        ("Giá trị (hợp đồng)", None),
        ("Giá trị hợp đồng", None),
        ("Số người (lao động)", None),
        ("KCĐP", None),
    ],
)
def test_the_unit_of_a_column(heading: str, unit: int | None) -> None:
    assert unit_in_heading(heading) == unit


@pytest.mark.parametrize(
    "below",
    [
        (None, "(ĐVT: nghìn đồng)", None, None),
        (None, None, None, "(1000đ)"),
        (None, None, None, "Nghìn đồng"),
        ("Đơn vị tính: 1.000 đồng", None, None, None),
    ],
)
def test_a_unit_below_the_header(plan: AnnualPlan, centre_staff: User, below: Sequence[Any]) -> None:
    found = read(plan, sheet([HEADER, below, ROW], unit="DANH MỤC"), centre_staff)
    assert not found.open_questions and money(found) == [("Đào tạo nghề thêu ren", {"city": 60})]


def test_each_column_has_its_unit_below(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*HEADER, "Đối ứng"), (None, None, None, "(triệu đồng)", "(đồng)"), (*THREAD, 60, 20_000_000)]
    assert money(read(plan, sheet(rows, unit=""), centre_staff))[0][1] == {"city": 60, "own": 20}


def test_a_column_that_says_its_own_unit_leaves_the_others_to_the_sheet(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*PLACED, "KCĐP (đồng)", "Đối ứng", "Ghi chú"), (*THREAD, 60_000_000, 20, "12 (nghìn đồng)")]
    assert money(read(plan, sheet(rows), centre_staff))[0][1] == {"city": 60, "own": 20}


def test_an_odd_unit_is_asked_about_and_nothing_proposed(plan: AnnualPlan, centre_staff: User) -> None:
    batch = brought(plan, sheet([HEADER, ROW, (*SEWING, 50_000)], unit="ĐVT: 10.000đ"), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert "ĐVT: 10.000đ" in question.text and not question.likely
    batch = answered(batch, centre_staff, {"unit": "1000"})
    assert money(proposed(batch, centre_staff))[0][1] == {"city": 60}


def test_the_page_of_columns_proposes_no_unit_that_the_sheet_does_not_say(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    batch = brought(plan, sheet([HEADER, ROW], unit="ĐVT: 10.000đ"), centre_staff)
    client.force_login(centre_staff)
    address, said = reverse("importing:columns", args=[batch.pk]), {"version": batch.version, "c-2": "name"}
    assert client.get(address).context["chosen"]["unit"].value() is None
    assert client.post(address, {**said, "c-4": "city", "unit": ""}).status_code == 422
    assert client.post(address, {**said, "c-4": "city", "unit": "1000"}).status_code == 302
