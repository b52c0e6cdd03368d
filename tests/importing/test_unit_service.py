"""Who may bring units of a province, what the service refuses whoever calls it, and the pages of the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Organisation, Role, User
from programmes.models import AdminUnit, AdminUnitSuccession
from programmes.unit_rules import first_overlap, wrong_parent, wrong_time
from projects.importing.lists.units import write_units
from projects.importing.models import ImportBatch
from projects.importing.services.batches import answer_batch, write_batch
from projects.refusals import NotAllowed, Refused
from projects.services.admin_units import UnitEntry, save_units
from tests.factories import make_plan
from tests.importing.lists import proposed
from tests.importing.unit_lists import entered, listed, make_province, new_book, new_rows
from tests.kept import stored_rows
from tests.people import Tree, make_person, make_tree

pytestmark = pytest.mark.django_db

LAST, FIRST = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
HEADER = ("STT", "Tên xã, phường", "Mã", "Từ ngày")
COMMUNE = (1, "Xã An Châu", "20000", "01/07/2025")


@pytest.fixture
def province(numbers: None) -> Organisation:
    return make_province()


@pytest.fixture
def keeper(province: Organisation) -> User:
    return make_person(role="administrator", scope=province, full_name="Trịnh Thị Lan")


@pytest.fixture
def units(province: Organisation, keeper: User) -> dict[str, AdminUnit]:
    """The province of both times, a district with a commune, a commune of today; and one of another province."""
    old = AdminUnit.objects.create(code="70", kind="province", name="Tỉnh Thanh Giang", valid_to=LAST)
    today = AdminUnit.objects.create(code="70", kind="province", name="Tỉnh Thanh Giang", valid_from=FIRST)
    district = AdminUnit.objects.create(code="700", kind="district", name="Huyện Sông Mây", parent=old, valid_to=LAST)
    abroad = AdminUnit.objects.create(code="22", kind="province", name="Tỉnh Quảng Ninh", valid_from=FIRST)
    return {
        "old": old,
        "today": today,
        "district": district,
        "former": AdminUnit.objects.create(
            code="700.30001", kind="commune", name="Xã Hòa Bình", parent=district, valid_to=LAST
        ),
        "commune": AdminUnit.objects.create(
            code="20000", kind="commune", name="Xã An Châu", parent=today, valid_from=FIRST
        ),
        "abroad": abroad,
        "theirs": AdminUnit.objects.create(
            code="06700", kind="commune", name="Xã Hải Hà", parent=abroad, valid_from=FIRST
        ),
    }


def new(units: dict[str, AdminUnit], **values: Any) -> AdminUnit:
    given = {"code": "20001", "kind": "commune", "name": "Xã An Điền", "valid_from": FIRST, "parent": units["today"]}
    return AdminUnit(**given | values)


def other(unit: AdminUnit, **values: Any) -> AdminUnit:
    changed = copy(unit)
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def saved(province: Organisation, actor: User, *made: AdminUnit, heirs: Any = ()) -> None:
    save_units(entries=[UnitEntry(province, unit, "Nhập từ tệp", heirs) for unit in made], actor=actor)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda units: new(units, code="20000"), "overlap"),
        (lambda units: new(units, code="06700"), "overlap"),
        (lambda units: new(units, parent=units["district"]), "place"),
        (lambda units: new(units, parent=None), "place"),
        (lambda units: new(units, parent=units["old"]), "place"),
        (lambda units: new(units, parent=units["abroad"]), "other_province"),
        (lambda units: new(units, valid_from=dt.date(2025, 1, 1)), "place"),
        (lambda units: new(units, kind="township", name="Thị trấn An"), "place"),
        (lambda units: new(units, kind="district", name="Huyện An"), "place"),
        (lambda units: new(units, kind="special_zone", name="Đặc khu An", valid_from=None, valid_to=LAST), "place"),
        (lambda units: new(units, kind="province", name="Tỉnh Mới", parent=None), "other_province"),
        (lambda units: new(units, name="An Điền"), "invalid"),
        (lambda units: new(units, kind="hamlet"), "invalid"),
        (lambda units: new(units, code=""), "invalid"),
        (lambda units: new(units, valid_to=dt.date(2025, 1, 1)), "place"),
        (lambda units: other(units["commune"], code="20009"), "identity"),
        (lambda units: other(units["commune"], kind="ward", name="Phường An Châu"), "identity"),
        (lambda units: other(units["commune"], valid_from=dt.date(2025, 8, 1)), "identity"),
        (lambda units: other(units["former"], parent=units["today"]), "identity"),
        (lambda units: other(units["commune"], name="Phường An Châu"), "invalid"),
        (lambda units: other(units["theirs"], name="Xã Hà Hải"), "other_province"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    units: dict[str, AdminUnit], province: Organisation, keeper: User, made: Callable[[Any], AdminUnit], code: str
) -> None:
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        saved(province, keeper, new(units, code="20005", name="Xã Bình Lâm"), made(units))
    assert (refusal.value.code, stored_rows()) == (code, before) and len(str(refusal.value)) > 10


def test_what_overlaps_is_named(units: dict[str, AdminUnit], province: Organisation, keeper: User) -> None:
    with pytest.raises(Refused) as refusal:
        saved(province, keeper, new(units, code="20000"))
    assert str(refusal.value) == "Mã 20000: “Xã An Châu” và “Xã An Điền” có cùng một thời gian."


def test_a_successor_begins_when_what_it_follows_has_ended(
    units: dict[str, AdminUnit], province: Organisation, keeper: User
) -> None:
    AdminUnit.objects.filter(pk=units["commune"].pk).update(valid_to=FIRST)
    ended = AdminUnit.objects.get(pk=units["commune"].pk)
    before = stored_rows()
    for heir, code in ((units["commune"], "succession"), (ended, "succession"), (units["theirs"], "other_province")):
        with pytest.raises(Refused, match=f"“{heir.name}”") as refusal:
            saved(province, keeper, new(units), heirs=[(heir, False)])
        assert (refusal.value.code, stored_rows()) == (code, before)
    saved(province, keeper, new(units), heirs=[(units["former"], True)])
    link = AdminUnitSuccession.objects.get(successor__code="20001")
    assert (link.predecessor, link.is_partial) == (units["former"], True)


def test_a_link_that_is_there_stays_as_it_is(units: dict[str, AdminUnit], province: Organisation, keeper: User) -> None:
    pair = {"predecessor": units["former"], "successor": units["commune"]}
    AdminUnitSuccession.objects.create(**pair, is_partial=None, remark="Các nguồn khác nhau")
    saved(province, keeper, units["commune"], heirs=[(units["former"], False)])
    assert AdminUnitSuccession.objects.get(**pair).is_partial is None


def test_nothing_to_save_is_nothing(units: dict[str, AdminUnit], observer: User) -> None:
    save_units(entries=[], actor=observer)


def test_two_provinces_at_once_and_one_without_a_code_are_refused(
    units: dict[str, AdminUnit], province: Organisation, keeper: User
) -> None:
    second = make_province("nui-xa", "Tỉnh Núi Xa", "71")
    keeper.memberships.create(role="administrator", scope=second)
    with pytest.raises(Refused) as refusal:
        save_units(entries=[UnitEntry(one, new(units)) for one in (province, second)], actor=keeper)
    assert refusal.value.code == "other_province" and "không cùng một tỉnh" in str(refusal.value)
    Organisation.objects.filter(pk=province.pk).update(area_code="")
    with pytest.raises(Refused) as refusal:
        saved(province, keeper, new(units))
    assert refusal.value.code == "no_code" and "chưa có mã hành chính" in str(refusal.value)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_may(province: Organisation, keeper: User, role: str) -> None:
    outsider = make_person(role=role, scope=province, username="nguoi-khac")
    with pytest.raises(NotAllowed):
        listed(province, [HEADER, COMMUNE], outsider)
    batch = listed(province, [HEADER, COMMUNE], keeper)
    before = stored_rows()
    for write in (
        lambda: answer_batch(batch=batch, answers={}, version=1, actor=outsider),
        lambda: write_batch(batch=batch, version=1, actor=outsider),
        lambda: write_units(rows=proposed(batch, keeper).rows, actor=outsider),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert stored_rows() == before


def test_an_administrator_of_another_province_or_no_longer_there_writes_nothing(
    units: dict[str, AdminUnit], province: Organisation, keeper: User
) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22")
    stranger = make_person(role="administrator", scope=abroad.province, username="tinh-khac")
    before = stored_rows()
    with pytest.raises(NotAllowed, match="Chỉ quản trị"):
        saved(province, stranger, new(units))
    keeper.is_active = False
    with pytest.raises(NotAllowed):
        saved(province, keeper, new(units))
    assert stored_rows() == before
    part = make_person(role="administrator", scope=abroad.department, username="cua-so")
    entered(abroad.department, [HEADER, (1, "Xã Quảng Hà", "06701", "01/07/2025")], part)
    assert AdminUnit.objects.get(code="06701").parent == units["abroad"]


def test_a_list_of_units_is_of_no_plan(tree: Tree, administrator: User) -> None:
    with pytest.raises(Refused) as refusal:
        write_units(rows=[], actor=administrator, plan=make_plan(organisation=tree.centre))
    assert refusal.value.code == "kind"


def test_the_units_that_ship_keep_the_rules(law: None) -> None:
    units = list(AdminUnit.objects.with_lineage())
    assert len(units) > 500 and first_overlap(units) is None
    assert not [(str(one), wrong_time(one)) for one in units if wrong_time(one)]
    below = [one for one in units if one.kind != "province"]
    assert not [(str(one), wrong_parent(one)) for one in below if wrong_parent(one)]


def test_from_the_administration_to_the_units(province: Organisation, keeper: User, client: Client) -> None:
    """The whole way as a person takes it."""
    index, bring = reverse("admin:programmes_adminunit_changelist"), reverse("importing:bring_units")
    observer = make_person(role="observer", scope=province)
    client.force_login(observer)
    assert client.get(bring).status_code == 403
    client.force_login(keeper)
    assert bring in client.get(index).content.decode()
    shown = client.get(bring).content.decode()
    assert "Nhập danh sách đơn vị hành chính từ Excel" in shown and "không rút lại được" in shown
    client.post(bring, {"file": SimpleUploadedFile("sau-sap-xep.xlsx", new_book(new_rows()))})
    batch = ImportBatch.objects.get()
    page = client.get(batch.get_absolute_url())
    assert "Cần chọn 1 mục" in page.content.decode()
    [(field, question)] = page.context["answers"].open_rows
    sent = {"version": batch.version, field.html_name: question.likely, "write": "1"}
    written = client.post(batch.get_absolute_url(), sent, follow=True).content.decode()
    unit = AdminUnit.objects.get(code="20000")
    address = reverse("admin:programmes_adminunit_change", args=[unit.pk])
    assert "Đã nhập 100 dòng" in written and index in written and address in written
    history = client.get(reverse("admin:programmes_adminunit_history", args=[unit.pk])).content.decode()
    assert "Nhập từ tệp “sau-sap-xep.xlsx”" in history
    client.force_login(observer)
    seen = client.get(batch.get_absolute_url())
    assert seen.status_code == 200 and index not in seen.content.decode()


def test_rows_that_were_not_brought_are_not_among_those_written(
    province: Organisation, keeper: User, client: Client
) -> None:
    batch = entered(province, [HEADER, COMMUNE, (2, "Xã Sai Mã", "2x", "01/07/2025")], keeper)
    client.force_login(keeper)
    page = client.get(batch.get_absolute_url()).content.decode()
    left_out, table = page.split('id="left-out"')[1].split("<table")
    assert "Xã An Châu" in table and "Xã Sai Mã" not in table and "1 dòng" in table
    assert "Xã Sai Mã" in left_out and "Xã An Châu" not in left_out
