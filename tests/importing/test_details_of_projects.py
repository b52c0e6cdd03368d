"""Lists that say below each project what its money is spent on: such a row is no project, unless the office says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from tests.importing.lists import answered, asked_for, brought, imported, money, proposed, sheet

pytestmark = pytest.mark.django_db
HEADER = ("TT", "Nội dung", "Đơn vị thụ hưởng", "Địa điểm", "KCĐP", "Đối ứng")
TRAINING = (1, "Đào tạo nghề may", "HTX Lật Dương", "H. Tiên Lãng", 60, 20)
MODEL = (2, "Mô hình trình diễn dệt chiếu", "HTX Đại Thắng", "H. Tiên Lãng", 100, 100)
PROJECTS = [
    ("Đào tạo nghề may", {"city": 60, "own": 20}),
    ("Mô hình trình diễn dệt chiếu", {"city": 100, "own": 100}),
]
SPENT_ON_TRAINING = [("Đào tạo nghề thuê giáo viên", 40, 10), ("Đào tạo nghề mua vật liệu", 20, 10)]
SPENT_ON_MODEL = [("Mô hình trình diễn máy dệt", 80, 80), ("Mô hình trình diễn lắp đặt", 20, 20)]
DETAILS = [(name, {"city": city, "own": own}) for name, city, own in (*SPENT_ON_TRAINING, *SPENT_ON_MODEL)]
MARKS = [("1.1", "1.2", "2.1", "2.2"), ("a", "b", "a)", "b)"), ("-", "-", "-", "-"), (None, None, None, None)]


def rows_of(marks: Sequence[Any], *heads: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Two projects with two rows below each, which bear these marks."""
    parts = [
        (mark, name, None, None, *amounts)
        for mark, (name, *amounts) in zip(marks, [*SPENT_ON_TRAINING, *SPENT_ON_MODEL], strict=True)
    ]
    return [HEADER, *heads, TRAINING, *parts[:2], MODEL, *parts[2:]]


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("is_summed", [True, False])
def test_what_a_project_is_spent_on_is_asked_once_and_offered_as_no_project(
    plan: AnnualPlan, centre_staff: User, marks: Sequence[Any], is_summed: bool
) -> None:
    total = [("Tổng cộng", None, None, None, 160, 120)] if is_summed else []
    batch = brought(plan, sheet([*rows_of(marks), *total]), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.likely == "whole" and question.cells == ["Danh mục!B3", "Danh mục!B6"]
    found = proposed(answered(batch, centre_staff), centre_staff)
    assert money(found) == PROJECTS and all(one.stated == one.ours for one in found.sums)


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("whole", PROJECTS),
        ("head", DETAILS),
        ("record", [PROJECTS[0], *DETAILS[:2], PROJECTS[1], *DETAILS[2:]]),
    ],
)
def test_each_answer_gives_each_project_its_money(
    plan: AnnualPlan, centre_staff: User, marks: Sequence[Any], answer: str, written: list[Any]
) -> None:
    batch = answered(brought(plan, sheet(rows_of(marks)), centre_staff), centre_staff, {"rows": answer})
    assert money(proposed(batch, centre_staff)) == written


def test_details_that_do_not_add_up_are_no_projects_without_a_word(plan: AnnualPlan, centre_staff: User) -> None:
    """1.1 below 1, in a group that says the content of all: nothing else of the row would be asked about."""
    rows = [HEADER, ("I", "Đào tạo nghề"), TRAINING, ("1.1", "Thuê giáo viên", None, None, 40, 10)]
    batch = brought(plan, sheet([*rows, ("1.2", "Mua vật liệu", None, None, 10, None)]), centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert question.key.startswith("rows:")
    assert money(proposed(answered(batch, centre_staff), centre_staff)) == PROJECTS[:1]


def test_a_project_without_money_is_the_sum_of_its_parts(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [(*row[:4], None, None) if row in (TRAINING, MODEL) else row for row in rows_of(MARKS[0])]
    batch = brought(plan, sheet(rows), centre_staff)
    assert money(proposed(answered(batch, centre_staff), centre_staff)) == PROJECTS


def test_heads_of_groups_and_projects_with_details_are_two_questions(plan: AnnualPlan, centre_staff: User) -> None:
    rows = [*rows_of(MARKS[0]), (3, "Hỗ trợ máy móc", None, "H. Tiên Lãng", 70, 30)]
    rows += [("3.1", "Đào tạo nghề khoan", None, "H. Tiên Lãng", 40, 10)]
    rows += [("3.2", "Đào tạo nghề tiện", None, "H. Tiên Lãng", 30, 20)]
    batch = brought(plan, sheet(rows), centre_staff)
    assert [one.likely for one in proposed(batch, centre_staff).open_questions] == ["whole", "head"]
    imported(plan, sheet(rows), centre_staff)
    assert asked_for(plan) == (60 + 20 + 100 + 100 + 40 + 10 + 30 + 20) * 1_000_000


@pytest.mark.parametrize("marks", [("-", "-"), ("a", "b"), ("+", "+")])
def test_marked_details_are_asked_about_once_whatever_they_add_up_to(
    plan: AnnualPlan, centre_staff: User, marks: Sequence[str]
) -> None:
    """Below a project of 60 with details of 50; and below one without money, which has theirs."""
    for amounts, meant in (((60, 20), {"city": 60, "own": 20}), ((None, None), {"city": 50, "own": 10})):
        spent = [(marks[0], "Thuê giáo viên", None, None, 40, 10), (marks[1], "Mua vật liệu", None, None, 10, None)]
        rows = [HEADER, (*TRAINING[:4], *amounts), *spent, MODEL]
        rows.append(("Tổng cộng", None, None, None, meant["city"] + 100, meant["own"] + 100))
        batch = brought(plan, sheet(rows), centre_staff)
        assert [one.likely for one in proposed(batch, centre_staff).open_questions] == ["whole"]
        found = proposed(answered(batch, centre_staff), centre_staff)
        assert money(found) == [("Đào tạo nghề may", meant), PROJECTS[1]]
        assert [one.difference for one in found.sums] == [0, 0]


@pytest.mark.parametrize("mark", ["1.1", "-", "a"])
def test_a_single_detail_before_the_next_project_is_no_project(plan: AnnualPlan, centre_staff: User, mark: str) -> None:
    rows = [HEADER, TRAINING, (mark, "Thuê giáo viên", None, None, 60, 20), MODEL]
    batch = brought(plan, sheet(rows), centre_staff)
    assert [one.likely for one in proposed(batch, centre_staff).open_questions] == ["whole"]
    assert money(proposed(answered(batch, centre_staff), centre_staff)) == PROJECTS


@pytest.mark.parametrize("marks", [("1.1", "1.2"), ("a", "b"), ("-", "-"), (None, None)])
def test_a_list_of_names_and_money_asks_too_what_a_project_is_spent_on(
    plan: AnnualPlan, centre_staff: User, marks: Sequence[Any]
) -> None:
    """Nothing but the mark and the sum tells a detail from a project of a group there."""
    spent = [(marks[0], "Máy bào", 60), (marks[1], "Máy cưa", 40)]
    rows = [("TT", "Nội dung", "KCĐP"), (1, "Hỗ trợ máy mộc", 100), *spent, (2, "Hỗ trợ máy may", 50)]
    batch = brought(plan, sheet([*rows, (None, "Cộng", 150)]), centre_staff)
    assert [one.likely for one in proposed(batch, centre_staff).open_questions] == ["whole"]
    found = proposed(answered(batch, centre_staff), centre_staff)
    assert money(found) == [("Hỗ trợ máy mộc", {"city": 100}), ("Hỗ trợ máy may", {"city": 50})]
    assert [one.difference for one in found.sums] == [0]
