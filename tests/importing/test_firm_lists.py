"""From an office's list of establishments to the province's registry: new, changed by field, equal, asked, wrong."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import Organisation, User
from projects.importing.proposals import RowState
from projects.importing.services.batches import bring_pasted, write_batch
from projects.models import Beneficiary, FieldChange
from projects.refusals import Refused
from tests.importing.firm_lists import COMPANY, COOPERATIVE, HEADER, entered, known, listed, read, states
from tests.importing.lists import changed, proposed

pytestmark = pytest.mark.django_db


def test_a_list_enters_the_registry(office: Organisation, centre_staff: User) -> None:
    batch = entered(office, [HEADER, COMPANY, COOPERATIVE], centre_staff)
    company, cooperative = Beneficiary.objects.order_by("pk")
    assert (company.name, company.tax_code, company.type, str(company.unit)) == (
        *("Công ty TNHH Thành Đạt", "0283183496", "enterprise", "Huyện Tiên Lãng"),
    )
    assert (company.address, company.representative, company.phone) == ("Thôn 1", "Nguyễn Thị A", "0912345678")
    assert company.is_women_owned and not company.is_minority_owned
    assert company.notes == "May xuất khẩu\nSố lao động: 25"
    assert (cooperative.type, cooperative.is_minority_owned, cooperative.craft_village) == (
        *("cooperative", True, "Chiếu cói"),
    )
    assert company.province == office.province() and Beneficiary.objects.matching("thanh dat").count() == 1
    assert (batch.plan, batch.organisation, batch.stage) == (None, office, "written")


def test_nothing_is_written_before_it_is_confirmed(office: Organisation, centre_staff: User) -> None:
    assert states(read(office, [HEADER, COMPANY], centre_staff)) == [RowState.NEW]
    assert not Beneficiary.objects.exists()


def test_the_same_list_again_changes_nothing(office: Organisation, centre_staff: User) -> None:
    entered(office, [HEADER, COMPANY, COOPERATIVE], centre_staff)
    again = listed(office, [HEADER, COMPANY, COOPERATIVE], centre_staff)
    assert states(proposed(again, centre_staff)) == [RowState.EQUAL] * 2
    with pytest.raises(Refused) as refusal:
        write_batch(batch=again, version=again.version, actor=centre_staff)
    assert refusal.value.code == "nothing"


def test_what_changed_is_told_field_by_field_and_kept(office: Organisation, centre_staff: User) -> None:
    entered(office, [HEADER, COMPANY], centre_staff)
    later = changed(COMPANY, D="Thôn 2", E="Thủy Nguyên", H=30, I=None, J="x")
    batch = listed(office, [HEADER, later], centre_staff)
    [row] = proposed(batch, centre_staff).rows
    assert row.state == RowState.CHANGED and row.changes == [
        "đơn vị hành chính “Huyện Tiên Lãng” → “Huyện Thủy Nguyên”",
        "địa chỉ “Thôn 1” → “Thôn 2”",
        "do người dân tộc thiểu số làm chủ không → có",
        "ghi chú “May xuất khẩu\nSố lao động: 25” → “May xuất khẩu\nSố lao động: 30”",
    ]
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    company = Beneficiary.objects.get()
    assert (company.address, str(company.unit), company.version) == ("Thôn 2", "Huyện Thủy Nguyên", 2)
    assert company.is_women_owned, "an empty cell says nothing"
    fields = FieldChange.objects.of_beneficiary(company).values_list("field", "actor")
    assert sorted(fields) == [
        (one, centre_staff.pk) for one in sorted(["unit", "address", "is_minority_owned", "notes"])
    ]


def test_what_the_list_leaves_empty_stays(office: Organisation, centre_staff: User) -> None:
    known(office, "HTX Lật Dương", type="cooperative", phone="0225", notes="Của xã", craft_village="Lật Dương")
    entered(office, [HEADER, changed(COOPERATIVE, H=7, K=None, J=None)], centre_staff)
    one = Beneficiary.objects.get()
    assert (one.phone, one.notes, one.craft_village) == ("0225", "Của xã\nSố lao động: 7", "Lật Dương")


def test_a_code_that_the_registry_lacked_is_added(office: Organisation, centre_staff: User) -> None:
    known(office, "Cty TNHH Thành Đạt")
    [row] = read(office, [HEADER, COMPANY], centre_staff).rows
    assert "mã số thuế (trống) → “0283183496”" in row.changes


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("Bà Nguyễn Thị A", "Nghệ nhân", "artisan"),
        ("Cơ sở mộc A", "hộ kinh doanh", "household"),
        ("Cơ sở mộc A", "Hộ", "household"),
        ("Xưởng A", "DN", "enterprise"),
        ("Công ty A", "Chủ đầu tư hạ tầng CCN", "cluster_investor"),
        ("Tổ mộc A", "THT", "cooperative_group"),
    ],
)
def test_types_in_the_words_of_offices(
    office: Organisation, centre_staff: User, name: str, text: str, kind: str
) -> None:
    entered(office, [HEADER, changed(COOPERATIVE, B=name, L=text)], centre_staff)
    assert Beneficiary.objects.get().type == kind


def test_the_address_tells_the_place_where_no_column_does(office: Organisation, centre_staff: User) -> None:
    header = ("Tên cơ sở", "MST", "Địa chỉ", "Người đại diện")
    rows = [
        header,
        ("Công ty TNHH A", None, "thôn 1, Huyện Tiên Lãng", "(bỏ trống)"),
        ("Công ty TNHH B", None, "H. Thủy Nguyên, TP Hải Phòng", None),
        ("Công ty TNHH C", None, "số 5 Lê Lợi", None),
    ]
    shown = read(office, rows, centre_staff).rows[0].values
    assert (shown["address"], shown["place"], shown["type"]) == (
        *("thôn 1", "Huyện Tiên Lãng", "Doanh nghiệp nhỏ và vừa"),
    )
    assert shown["representative"] is shown["notes"] is None, "a column of which no row says anything is not shown"
    entered(office, rows, centre_staff)
    found = [(one.address, str(one.unit or ""), one.representative) for one in Beneficiary.objects.order_by("pk")]
    assert found == [("thôn 1", "Huyện Tiên Lãng", ""), ("", "Huyện Thủy Nguyên", ""), ("số 5 Lê Lợi", "", "")]


def test_rows_with_a_name_alone_are_heads_and_told(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, ("I", "Doanh nghiệp", *[None] * 11), COMPANY, (None, "Tổng cộng", *[None] * 11), COOPERATIVE]
    proposal = read(office, rows, centre_staff)
    assert [one.row.number for one in proposal.rows] == [6, 8]
    assert "dòng 5 “Doanh nghiệp” chỉ có tên" in proposal.notes[0]


def test_pasted_rows_are_read_like_a_file(office: Organisation, centre_staff: User) -> None:
    text = "Tên cơ sở\tMST\tXã, phường\nHTX Lật Dương\t\tTiên Lãng"
    batch = bring_pasted(plan=None, kind="firms", text=text, actor=centre_staff, organisation=office)
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert str(Beneficiary.objects.get().unit) == "Huyện Tiên Lãng"


def test_many_ask_no_more_than_few(office: Organisation, centre_staff: User) -> None:
    counts = []
    for count, mark in ((2, "a"), (40, "b")):
        rows = [HEADER, *(changed(COOPERATIVE, A=n, B=f"HTX {mark} {n}") for n in range(1, count + 1))]
        batch = listed(office, rows, centre_staff)
        with CaptureQueriesContext(connection) as asked:
            write_batch(batch=batch, version=batch.version, actor=centre_staff)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 40
    assert Beneficiary.objects.count() == 42


def test_a_code_taken_meanwhile_is_seen(office: Organisation, centre_staff: User) -> None:
    """The list is understood again when it is written, with the registry held."""
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    known(office, "Công ty TNHH Thành Đạt", tax_code="0283183496")
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Beneficiary.objects.get().address == "Thôn 1"
