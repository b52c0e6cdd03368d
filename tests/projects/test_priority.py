"""The order of priority (field-rules §5): each group on the day before a law, its first day and after; unknown is
never “no”."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from khuyencong.accounts.models import User
from programmes.models import PriorityArea, PriorityRule
from projects.models import Project
from projects.rules.priority import Priority, priorities_of
from projects.rules.warning_facts import load_facts
from tests.projects.prioritised import at, helped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

BEFORE_45, FIRST_45 = dt.date(2012, 7, 4), dt.date(2012, 7, 5)
BEFORE_46, FIRST_46 = dt.date(2013, 2, 9), dt.date(2013, 2, 10)
BEFORE_20, FIRST_20 = dt.date(2017, 11, 14), dt.date(2017, 11, 15)
BEFORE_235, FIRST_235 = dt.date(2025, 10, 14), dt.date(2025, 10, 15)
UNKNOWN = "chưa xác định được"


def of(project: Project, on: dt.date) -> Priority:
    load_facts([project], on=on)
    return priorities_of([project], {project.pk: on})[project.pk]


def told(priority: Priority) -> dict[str, tuple[str, str]]:
    return {step.step.value: (step.text, step.citation) for step in priority.steps}


def test_before_the_decree_of_2012_no_order_is_known(centre_staff: User) -> None:
    priority = of(at(centre_staff, "Huyện Cát Hải", on=BEFORE_45), BEFORE_45)
    assert not priority.steps and not priority.is_known and priority.words == UNKNOWN


AREAS = [
    (FIRST_45, "huyện Cát Hải: hải đảo (chưa xác nhận)", "NĐ 45/2012/NĐ-CP, Điều 6 khoản 1"),
    (BEFORE_46, "huyện Cát Hải: hải đảo (chưa xác nhận)", "NĐ 45/2012/NĐ-CP, Điều 6 khoản 1"),
    (
        FIRST_46,
        "nhóm 1 – huyện Cát Hải: hải đảo (chưa xác nhận)",
        "TT 46/2012/TT-BCT, Điều 6 khoản 1 điểm a, khoản 3 điểm a",
    ),
    (
        BEFORE_20,
        "nhóm 1 – huyện Cát Hải: hải đảo (chưa xác nhận)",
        "TT 46/2012/TT-BCT, Điều 6 khoản 1 điểm a, khoản 3 điểm a",
    ),
    (
        FIRST_20,
        "nhóm 1 – huyện Cát Hải: hải đảo (chưa xác nhận)",
        "TT 46/2012/TT-BCT, Điều 6 khoản 1 điểm a, khoản 3 điểm a (chưa xác nhận)",
    ),
]


@pytest.mark.parametrize(("on", "text", "clause"), AREAS)
def test_an_island_on_each_day(centre_staff: User, on: dt.date, text: str, clause: str) -> None:
    assert told(of(at(centre_staff, "Huyện Cát Hải", on=on), on))["area"] == (text, clause)


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("Huyện Bạch Long Vĩ", dt.date(2025, 6, 30)),
        ("Xã Việt Hải", dt.date(2025, 6, 30)),  # of huyện Cát Hải
        ("Đặc khu Cát Hải", dt.date(2025, 7, 1)),
        ("Đặc khu Bạch Long Vĩ", FIRST_235),
    ],
)
def test_islands_of_both_times_and_what_lies_in_them(centre_staff: User, name: str, on: dt.date) -> None:
    priority = of(at(centre_staff, name, on=on), on)
    assert priority.is_known and priority.words == "hải đảo"


def test_a_place_of_which_nothing_is_recorded_is_unknown(centre_staff: User) -> None:
    priority = of(at(centre_staff, "Huyện Tiên Lãng", on=FIRST_46), FIRST_46)
    text, clause = told(priority)["area"]
    assert text == "chưa có số liệu địa bàn thuộc nhóm nào" and not clause
    assert priority.words == UNKNOWN


def test_the_whole_city_is_in_no_group(centre_staff: User) -> None:
    assert of(at(centre_staff, on=FIRST_46), FIRST_46).steps[0].is_unknown


def test_a_project_is_in_a_group_as_far_as_all_its_places_are(centre_staff: User) -> None:
    project = at(centre_staff, "Huyện Cát Hải", "Huyện Tiên Lãng", on=FIRST_46)
    said = f"{UNKNOWN} cho cả đề án (huyện Cát Hải: hải đảo (chưa xác nhận); huyện Tiên Lãng: {UNKNOWN})"
    assert told(of(project, FIRST_46))["area"][0] == said
    PriorityArea.objects.create(unit_code="315", priority_group="difficult", effective_from=FIRST_46)
    area = of(project, FIRST_46).steps[0]
    assert area.rule and area.rule.rank == 4, "the part that comes last"
    PriorityArea.objects.create(unit_code="315", priority_group="poor", effective_from=FIRST_46)
    area = of(project, FIRST_46).steps[0]
    assert area.rule and area.rule.rank == 2, "the first of the groups of a place"


def test_the_first_group_of_a_place_counts_with_its_own_confirmation(centre_staff: User) -> None:
    project = at(centre_staff, "Huyện Tiên Lãng", on=FIRST_46)
    said = {"unit_code": "315", "effective_from": FIRST_46}
    PriorityArea.objects.create(priority_group="poor", **said)
    PriorityArea.objects.create(
        priority_group="difficult", is_confirmed=True, regulation=PriorityRule.objects.all()[0].regulation, **said
    )
    assert told(of(project, FIRST_46))["area"][0] == "nhóm 2 – huyện Tiên Lãng: huyện nghèo (chưa xác nhận)"
    PriorityRule.objects.filter(priority_group="difficult").update(rank=1)
    text = told(of(project, FIRST_46))["area"][0]
    assert text.startswith("nhóm 1 – huyện Tiên Lãng: địa bàn") and "chưa xác nhận" not in text


GROUPS = [
    ("highland", 1, "a"),
    ("island", 1, "a"),
    ("border", 1, "a"),
    ("ethnic_area", 1, "a"),
    ("poor", 2, "b"),
    ("new_rural", 3, "c"),
    ("difficult", 4, "d"),
]


@pytest.mark.parametrize(("group", "rank", "point"), GROUPS)
def test_each_group_of_places_in_its_order(centre_staff: User, group: str, rank: int, point: str) -> None:
    project = at(centre_staff, "Huyện Tiên Lãng", on=FIRST_46)
    PriorityArea.objects.create(unit_code="315", priority_group=group, effective_from=FIRST_46, effective_to=BEFORE_20)
    area = of(project, FIRST_46).steps[0]
    assert area.rule and (area.rule.priority_group, area.rule.rank) == (group, rank)
    assert area.citation == f"TT 46/2012/TT-BCT, Điều 6 khoản 1 điểm {point}, khoản 3 điểm a"
    assert of(project, BEFORE_46).steps[0].rule is None and of(project, FIRST_20).steps[0].rule is None


TRADES = [
    ("product_selection_regional", FIRST_45, "sản phẩm công nghiệp nông thôn tiêu biểu", False),
    (
        "product_prize_national",
        FIRST_46,
        "nhóm 1 – Mô hình trình diễn, chuyển giao công nghệ, máy móc: sản phẩm",
        False,
    ),
    ("machinery", FIRST_46, "chưa ghi ngành nghề", False),
    ("", FIRST_46, "chưa ghi ngành nghề", False),
    ("cleaner_production_pilot", FIRST_45, "sản xuất sạch hơn", False),
    ("cleaner_production_pilot", BEFORE_46, "sản xuất sạch hơn", False),
    ("cleaner_production_pilot", FIRST_46, "", True),
    ("cleaner_production_pilot", FIRST_235, "", True),
]


@pytest.mark.parametrize(("norm", "on", "text", "is_out_of_turn"), TRADES)
def test_a_trade_is_known_by_its_content(
    centre_staff: User, norm: str, on: dt.date, text: str, is_out_of_turn: bool
) -> None:
    priority = of(at(centre_staff, "Huyện Cát Hải" if on.year < 2025 else "Xã Tiên Lãng", on=on, norm=norm), on)
    if is_out_of_turn:
        assert priority.out_of_turn and "Điều 6 khoản 3 điểm b" in priority.out_of_turn.citation
        assert not priority.is_known and priority.words == "không xét theo thứ tự" and priority.on == on
    else:
        assert text in told(priority)["trade"][0]


def test_owners_are_asked_from_2025_on(centre_staff: User) -> None:
    project = helped(at(centre_staff, "Xã Tiên Lãng", on=BEFORE_235), {"is_women_owned": True})
    assert "owner" not in told(of(project, BEFORE_235))
    text, clause = told(of(project, FIRST_235))["owner"]
    assert text == "HTX 0: do phụ nữ làm chủ" and clause == "NĐ 235/2025/NĐ-CP (chưa xác nhận)"
    project = helped(project, {"is_minority_owned": True})
    assert of(project, FIRST_235).words == "do người dân tộc thiểu số làm chủ"


def test_an_establishment_without_a_mark_is_unknown(centre_staff: User) -> None:
    project = helped(at(centre_staff, "Xã Tiên Lãng", on=FIRST_235), {})
    assert told(of(project, FIRST_235))["owner"][0].startswith("chưa ghi chủ cơ sở")
    both = helped(project, {"is_women_owned": True, "is_minority_owned": True}, {})
    assert told(of(both, FIRST_235))["owner"][0].startswith(f"{UNKNOWN} cho cả đề án")
    task = at(centre_staff, "Xã Tiên Lãng", on=FIRST_235, kind=Project.Kind.TASK)
    assert "owner" not in told(of(task, FIRST_235)), "nobody is helped"


def test_a_whole_city_is_not_judged_by_places_that_it_names(centre_staff: User) -> None:
    project = at(centre_staff, "Huyện Cát Hải", on=FIRST_46)
    Project.objects.filter(pk=project.pk).update(area_scope=Project.AreaScope.WHOLE_CITY)
    assert of(Project.objects.get(pk=project.pk), FIRST_46).words == UNKNOWN


def test_in_few_words_each_group_that_is_known(centre_staff: User) -> None:
    project = helped(at(centre_staff, "Đặc khu Cát Hải", on=FIRST_235), {"is_women_owned": True})
    assert of(project, FIRST_235).words == "hải đảo, do phụ nữ làm chủ"


def test_place_goes_before_trade_and_trade_before_owner(centre_staff: User) -> None:
    island = at(centre_staff, "Đặc khu Cát Hải", on=FIRST_235, name="Đảo")
    product = at(centre_staff, "Xã Tiên Lãng", on=FIRST_235, norm="product_selection_national", name="Bình chọn")
    women = helped(at(centre_staff, "Xã Tiên Lãng", on=FIRST_235, name="Phụ nữ"), {"is_women_owned": True})
    unknown = at(centre_staff, "Xã Tiên Lãng", on=FIRST_235, name="Chưa rõ")
    projects = [unknown, women, product, island]
    load_facts(projects, on=FIRST_235)
    found = priorities_of(projects, dict.fromkeys((one.pk for one in projects), FIRST_235))
    in_order = sorted(projects, key=lambda one: found[one.pk].sort_key)
    assert [one.name for one in in_order] == ["Đảo", "Bình chọn", "Phụ nữ", "Chưa rõ"]


def test_a_task_that_helps_nobody_does_not_go_before_what_women_own(centre_staff: User) -> None:
    """Nor does what is judged on a day of which no order of owners is known."""
    women = helped(at(centre_staff, "Đặc khu Cát Hải", on=FIRST_235, name="Phụ nữ"), {"is_women_owned": True})
    task = at(centre_staff, "Đặc khu Cát Hải", on=FIRST_235, name="Nhiệm vụ", kind=Project.Kind.TASK)
    before = at(centre_staff, "Đặc khu Cát Hải", on=BEFORE_235, name="Trước")
    keys = [of(one, FIRST_235).sort_key for one in (women, task)]
    assert keys[0] < keys[1] and of(before, BEFORE_235).sort_key == keys[1]


def test_two_queries_for_any_number(centre_staff: User, django_assert_num_queries: Any) -> None:
    projects = [at(centre_staff, "Đặc khu Cát Hải", on=FIRST_235, name=f"Đề án {number}") for number in range(6)]
    load_facts(projects, on=FIRST_235)
    days = dict.fromkeys((one.pk for one in projects), FIRST_235)
    for some in (projects[:1], projects):
        with django_assert_num_queries(2):
            priorities_of(some, days)


def test_each_rule_that_ships_names_its_document() -> None:
    assert not PriorityRule.objects.filter(regulation=None).exists()
    assert not PriorityArea.objects.filter(regulation=None, is_confirmed=True).exists()
