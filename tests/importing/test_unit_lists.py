"""From a list of administrative units to the places that plans may name: a province that ships none brings its own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.reference_data import load_reference_data
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import RowState
from projects.importing.services.batches import bring_pasted, take_back_batch, write_batch
from projects.refusals import Refused
from tests.factories import make_plan, make_project
from tests.importing.lists import proposed
from tests.importing.unit_lists import (
    answered_all,
    entered,
    listed,
    make_province,
    new_book,
    new_rows,
    old_rows,
    read,
    states,
)
from tests.kept import stored_rows
from tests.people import make_person

pytestmark = pytest.mark.django_db

LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
HEADER = ("STT", "Tên xã, phường", "Mã", "Từ ngày", "Đến ngày", "Nghị quyết", "Sáp nhập từ")
COMMUNE = (1, "Xã An Châu", "20000", "01/07/2025", None, "1700/NQ-UBTVQH15", "Xã An Châu Một; Xã An Châu Hai")


@pytest.fixture
def province(numbers: None) -> Organisation:
    return make_province()


@pytest.fixture
def keeper(province: Organisation) -> User:
    return make_person(role="administrator", scope=province, full_name="Trịnh Thị Lan")


def test_a_hundred_communes_come_in_with_one_question(province: Organisation, keeper: User) -> None:
    batch = listed(province, new_book(new_rows()), keeper)
    [question] = proposed(batch, keeper).open_questions
    assert (question.likely, len(question.rows)) == ("new", 100)
    assert question.text == "Danh sách không ghi thời gian. Các xã, phường, đặc khu này có từ khi nào?"
    batch = answered_all(batch, keeper)
    proposal = proposed(batch, keeper)
    assert states(proposal) == [RowState.NEW] * 100
    assert [note.split(",")[0].split(":")[0] for note in proposal.notes] == [
        "danh mục chưa có xã",
        "danh mục chưa có tỉnh Thanh Giang (mã 70) từ 01/07/2025",
    ]
    write_batch(batch=batch, version=batch.version, actor=keeper)
    units = AdminUnit.objects.in_province("70")
    assert units.count() == 100 and set(units.values_list("valid_from", "valid_to")) == {(FIRST, None)}
    assert set(units.values_list("parent__name", "parent__code")) == {("Tỉnh Thanh Giang", "70")}
    assert (units.filter(kind="ward").count(), units.filter(kind="commune").count()) == (25, 75)
    one = AdminUnit.objects.get(code="20003")
    assert (one.name, one.former_communes) == (
        "Phường An Hải",
        "Xã An Hải Một, xã An Hải Hai và một phần xã An Khánh Một",
    )
    assert not AdminUnitSuccession.objects.exists()
    assert AdminUnit.objects.matching("cat quang").count() == 1, "search and order are filled"


def test_a_plan_of_that_province_can_name_them(province: Organisation, keeper: User) -> None:
    entered(province, new_book(new_rows()), keeper)
    department = Organisation.objects.create(code="so", kind="department", name="Sở Công Thương", parent=province)
    centre = Organisation.objects.create(code="tt", kind="centre", name="Trung tâm Khuyến công", parent=department)
    staff = make_person(role="centre_staff", scope=centre)
    plan = make_plan(organisation=centre, year=2026)
    place = AdminUnit.objects.of_plan(plan).get(name="Xã Cát Mỹ")
    project = make_project(plan=plan, by=staff, name="Hỗ trợ máy", places=[place])
    assert list(project.places.all()) == [place]
    earlier = make_plan(organisation=centre, year=2024)
    assert not AdminUnit.objects.of_plan(earlier).exists()


def test_old_units_hang_on_the_districts_above_them_and_today_s_follow_them(
    province: Organisation, keeper: User
) -> None:
    old = listed(province, old_rows(), keeper, "cu.xlsx")
    [time] = proposed(old, keeper).open_questions
    assert ([one.value for one in time.options], time.likely) == (["old", "skip"], "old")
    old = answered_all(old, keeper)
    assert states(proposed(old, keeper)) == [RowState.NEW] * 205
    write_batch(batch=old, version=old.version, actor=keeper)
    commune = AdminUnit.objects.get(name="Xã An Châu Hai")
    assert (commune.code, commune.valid_from, commune.valid_to) == ("700.30001", None, LAST)
    above = AdminUnit.objects.get(pk=commune.parent_id)
    assert (above.name, above.kind, above.code, str(above.parent)) == (
        "Huyện Sông Mây",
        "district",
        "700",
        "Tỉnh Thanh Giang",
    )
    assert AdminUnit.objects.in_province("70").count() == 205
    entered(province, new_book(new_rows()), keeper)
    links = AdminUnitSuccession.objects.filter(predecessor__name="Xã An Châu Một")
    assert set(links.values_list("successor__name", "is_partial")) == {("Xã An Châu", True), ("Phường Vĩnh Thủy", True)}
    assert AdminUnitSuccession.objects.get(predecessor=commune).is_partial is False
    provinces = AdminUnitSuccession.objects.get(predecessor__kind="province")
    assert (provinces.predecessor.valid_to, provinces.successor.valid_from) == (LAST, FIRST)
    assert AdminUnitSuccession.objects.count() == 301


def test_the_same_list_again_changes_nothing(province: Organisation, keeper: User) -> None:
    entered(province, old_rows(), keeper)
    entered(province, new_book(new_rows()), keeper)
    for rows, count in ((old_rows(), 205), (new_book(new_rows()), 100)):
        again = answered_all(listed(province, rows, keeper), keeper)
        assert states(proposed(again, keeper)) == [RowState.EQUAL] * count
        before = stored_rows()
        with pytest.raises(Refused) as refusal:
            write_batch(batch=again, version=again.version, actor=keeper)
        assert refusal.value.code == "nothing" and stored_rows() == before


def test_a_list_brought_before_the_old_units_is_linked_when_it_is_brought_again(
    province: Organisation, keeper: User
) -> None:
    entered(province, new_book(new_rows()), keeper)
    entered(province, old_rows(), keeper)
    again = answered_all(listed(province, new_book(new_rows()), keeper), keeper)
    assert {tuple(one.changes) for one in proposed(again, keeper).rows} == {("liên kết với 3 đơn vị cũ",)}
    write_batch(batch=again, version=again.version, actor=keeper)
    assert AdminUnitSuccession.objects.count() == 301


def test_the_administration_s_history_says_where_each_came_from(province: Organisation, keeper: User) -> None:
    entered(province, [HEADER, COMMUNE], keeper)
    entered(province, [HEADER, (*COMMUNE[:4], "31/12/2025", *COMMUNE[5:])], keeper)
    place = "Nhập từ tệp “don-vi.xlsx”, trang “Đơn vị”, dòng 5"
    told = [(one.object_repr, one.action_flag, one.get_change_message(), one.user) for one in LogEntry.objects.all()]
    assert sorted(told) == sorted(
        [
            ("Tỉnh Thanh Giang", 1, f"{place}.", keeper),
            ("Xã An Châu", 1, f"{place}.", keeper),
            ("Xã An Châu", 2, f"{place}: đến ngày (trống) → “31/12/2025”.", keeper),
        ]
    )
    assert not ImportedRow.objects.exists()


def test_a_name_is_put_right_and_says_how_many_projects_name_it(province: Organisation, keeper: User) -> None:
    entered(province, [HEADER, COMMUNE], keeper)
    unit = AdminUnit.objects.get(code="20000")
    centre = Organisation.objects.create(code="tt", kind="centre", name="Trung tâm Khuyến công", parent=province)
    staff = make_person(role="centre_staff", scope=centre)
    make_project(plan=make_plan(organisation=centre, year=2026), by=staff, places=[unit])
    rows = [HEADER, (1, "Xã An Trâu", "20000", *COMMUNE[3:])]
    [row] = read(province, rows, keeper).rows
    assert row.changes == ["tên “Xã An Châu” → “Xã An Trâu”"]
    assert row.notes[0].text.startswith("1 đề án ghi địa bàn này")
    entered(province, rows, keeper)
    unit.refresh_from_db()
    assert unit.name == "Xã An Trâu" and AdminUnit.objects.matching("an trau").exists()


def test_an_empty_cell_takes_nothing_away_and_spelling_alone_changes_nothing(
    province: Organisation, keeper: User
) -> None:
    entered(province, [HEADER, (1, "Xã Hòa Thủy", *COMMUNE[2:])], keeper)
    silent = (1, "XÃ HOÀ THUỶ", 20000, "01/07/2025", None, None, None)
    assert states(read(province, [HEADER, silent], keeper)) == [RowState.EQUAL]


def test_a_unit_that_goes_on_under_its_code_follows_itself(province: Organisation, keeper: User) -> None:
    header = ("STT", "Tên đơn vị hành chính", "Mã", "Từ ngày", "Đến ngày")
    rows = [
        header,
        (1, "Huyện Sông Mây", "700", None, "31/12/2024"),
        (2, "Thành phố Sông Mây", "700", "01/01/2025", "30/06/2025"),
    ]
    entered(province, rows, keeper)
    link = AdminUnitSuccession.objects.get()
    assert (link.predecessor.kind, link.successor.kind, link.is_partial) == ("district", "city", False)


def test_pasted_rows_are_read_like_a_file(province: Organisation, keeper: User) -> None:
    text = "Tên xã, phường\tMã\tTừ ngày\nXã An Châu\t20000\t01/07/2025\nPhường An Hải\t20003\t01/07/2025"
    batch = bring_pasted(plan=None, kind="units", text=text, actor=keeper, organisation=province)
    assert states(proposed(batch, keeper)) == [RowState.NEW] * 2
    write_batch(batch=batch, version=batch.version, actor=keeper)
    assert AdminUnit.objects.in_province("70").count() == 2


def test_the_list_that_ships_is_equal_to_itself(numbers: None) -> None:
    """Of Hải Phòng: its units, its former ones below districts of two provinces, and what became of each."""
    load_reference_data()
    city = Organisation.objects.get(code="hai-phong")
    keeper = make_person(role="administrator", scope=city)
    rows = [HEADER]
    for one in AdminUnit.objects.in_province("31").filter(valid_from=FIRST):
        rows.append((len(rows), one.name, one.code, one.valid_from, None, one.resolution, one.former_communes))  # type: ignore[arg-type]
    proposal = read(city, rows, keeper)
    assert [one.wrong for one in proposal.rows if one.wrong] == [] and len(proposal.rows) == 114
    changed = [one for one in proposal.rows if one.state != RowState.EQUAL]
    assert [(str(one.existing), one.changes, one.asks) for one in changed] == []


def test_many_ask_no_more_than_few(province: Organisation, keeper: User) -> None:
    entered(province, old_rows(), keeper)
    counts = []
    for rows in (new_rows(4), new_rows(100)):
        batch = answered_all(listed(province, new_book(rows), keeper), keeper)
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            write_batch(batch=batch, version=batch.version, actor=keeper)
            transaction.set_rollback(True)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 3 and counts[0] <= 30, counts  # statements of many rows are cut


def test_a_list_of_units_is_not_taken_back(province: Organisation, keeper: User) -> None:
    batch = entered(province, [HEADER, COMMUNE], keeper)
    assert (batch.plan, batch.organisation, batch.stage) == (None, province, ImportBatch.Stage.WRITTEN)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=keeper)
    assert "không rút lại được" in str(refusal.value)
