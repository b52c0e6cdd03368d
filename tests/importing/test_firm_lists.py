"""From an office's list of establishments to the province's registry: new, changed by field, equal, asked, wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit
from projects.importing.lists.firms import write_firms
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import Proposal, RowState
from projects.importing.services.batches import (
    StaleBatch,
    answer_batch,
    bring_file,
    bring_pasted,
    drop_batch,
    lay_out_batch,
    take_back_batch,
    write_batch,
)
from projects.models import Beneficiary, FieldChange, PersonalNumber
from projects.refusals import NotAllowed, Refused
from tests.factories import district, make_plan
from tests.importing.lists import answered, changed, proposed, workbook
from tests.kept import stored_rows
from tests.people import make_person

pytestmark = pytest.mark.django_db

HEADER = (
    *("STT", "Tên cơ sở", "MST", "Địa chỉ", "Xã, phường", "Người đại diện", "Điện thoại", "Số lao động", "Chủ là nữ"),
    *("DTTS", "Làng nghề", "Loại hình", "Ghi chú"),
)
COMPANY = (
    *(1, "Công ty TNHH Thành Đạt", "0283183496", "Thôn 1", "Tiên Lãng", "Nguyễn Thị A", 912345678, 25, "x"),
    *(None, None, "Doanh nghiệp", "May xuất khẩu"),
)
COOPERATIVE = (2, "HTX Lật Dương", None, None, "Tiên Lãng", None, None, None, None, "x", "Chiếu cói", None, None)


@pytest.fixture
def office(centre_staff: User) -> Organisation:
    """The Centre, with two districts to name."""
    district()
    district("311", "Huyện Thủy Nguyên")
    return Organisation.objects.select_related("parent__parent").get(pk=centre_staff.memberships.get().scope_id)


def listed(office: Organisation, rows: Any, actor: User) -> ImportBatch:
    content = workbook(rows, unit="", title="Danh bạ")
    return bring_file(plan=None, kind="firms", name="danh-ba.xlsx", content=content, actor=actor, organisation=office)


def read(office: Organisation, rows: Any, actor: User) -> Proposal:
    return proposed(listed(office, rows, actor), actor)


def entered(office: Organisation, rows: Any, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    batch = answered(listed(office, rows, actor), actor, answers)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def states(proposal: Proposal) -> list[RowState]:
    return [one.state for one in proposal.rows]


def known(office: Organisation, name: str, **more: Any) -> Beneficiary:
    fields = {"type": "enterprise", **more}
    return Beneficiary.objects.create(province=office.province(), name=name, **fields)


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


def test_where_each_came_from_stands_on_its_page(office: Organisation, centre_staff: User, client: Client) -> None:
    entered(office, [HEADER, COMPANY], centre_staff)
    row = ImportedRow.objects.get()
    assert (row.sheet, row.number, row.became, row.cells[1]) == ("Danh bạ", 5, "new", "Công ty TNHH Thành Đạt")
    client.force_login(centre_staff)
    page = client.get(Beneficiary.objects.get().get_absolute_url()).content.decode()
    assert "Tệp “danh-ba.xlsx”, trang “Danh bạ”, dòng 5" in page


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
    ("cells", "place", "words"),
    [
        ({"B": None}, "B5", "thiếu tên đơn vị"),
        ({"B": "Các cơ sở sản xuất mây tre"}, "B5", "là một nhóm"),
        ({"B": "Công ty " + "dài " * 80}, "B5", "dài hơn 255 ký tự"),
        ({"C": "12345"}, "C5", "10"),
        ({"C": "031090001234"}, "C5", "số định danh cá nhân không nhập từ tệp"),
        ({"C": 31090001234}, "C5", "số định danh cá nhân không nhập từ tệp"),
        ({"F": "Nguyễn " * 30}, "F5", "dài hơn 120 ký tự"),
        ({"H": "hai mươi"}, "H5", "không phải là số người"),
        ({"I": "có lẽ"}, "I5", "chỉ ghi x hoặc để trống"),
    ],
)
def test_each_wrong_cell_is_named_and_the_others_go_on(
    office: Organisation, centre_staff: User, cells: dict[str, Any], place: str, words: str
) -> None:
    batch = listed(office, [HEADER, changed(COMPANY, **cells), COOPERATIVE], centre_staff)
    wrong, right = proposed(batch, centre_staff).rows
    assert wrong.wrong[0].cell == f"Danh bạ!{place}" and words in wrong.wrong[0].text
    assert right.state == RowState.NEW
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert [one.name for one in Beneficiary.objects.all()] == ["HTX Lật Dương"]


def test_a_personal_number_is_shown_masked_and_kept_nowhere(
    office: Organisation, centre_staff: User, client: Client
) -> None:
    rows = [
        *(HEADER, changed(COMPANY, C="031090001234"), changed(COMPANY, C=31090001234)),
        changed(COOPERATIVE, M="CCCD 031090001234"),
    ]
    batch = listed(office, rows, centre_staff)
    client.force_login(centre_staff)
    assert "31090001234" not in client.get(batch.get_absolute_url()).content.decode()
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert "031…234" in ImportedRow.objects.get().cells[12] and not PersonalNumber.objects.exists()


def test_the_owner_s_number_is_not_replaced_by_a_list(office: Organisation, centre_staff: User) -> None:
    one = known(office, "Công ty TNHH Thành Đạt")
    PersonalNumber.objects.create(beneficiary=one, number="031090001234")
    [row] = read(office, [HEADER, COMPANY], centre_staff).rows
    assert row.state == RowState.WRONG and "số định danh cá nhân" in row.wrong[0].text


def test_a_near_name_is_asked_about(office: Organisation, centre_staff: User) -> None:
    one = known(office, "Công ty Thành Đạt", unit=AdminUnit.objects.get(code="311"))
    batch = listed(office, [HEADER, changed(COMPANY, C=None)], centre_staff)
    [question] = proposed(batch, centre_staff).open_questions
    assert [option.value for option in question.options] == [f"b{one.pk}", "new", "skip"]
    assert "huyện Thủy Nguyên" in str(question.options[0].label).replace("Huyện", "huyện")
    entered(office, [HEADER, changed(COMPANY, C=None)], centre_staff, {"firm": f"b{one.pk}"})
    assert Beneficiary.objects.get().address == "Thôn 1"


def test_several_of_one_name_are_asked_about(office: Organisation, centre_staff: User) -> None:
    known(office, "HTX Lật Dương", type="cooperative")
    known(office, "Hợp tác xã Lật Dương", type="cooperative")
    [question] = read(office, [HEADER, COOPERATIVE], centre_staff).open_questions
    assert len(question.options) == 4
    entered(office, [HEADER, COOPERATIVE], centre_staff, {"firm": "new"})
    assert Beneficiary.objects.count() == 3


def test_two_rows_may_not_mean_one_establishment(office: Organisation, centre_staff: User) -> None:
    one = known(office, "HTX Lật Dương", type="cooperative")
    rows = [HEADER, COOPERATIVE, changed(COOPERATIVE, B="Cơ sở Lật Dương")]
    batch = listed(office, rows, centre_staff)
    keys = {question.key: f"b{one.pk}" for question in proposed(batch, centre_staff).open_questions}
    batch = answer_batch(batch=batch, answers=keys, version=batch.version, actor=centre_staff)
    assert states(proposed(batch, centre_staff)) == [RowState.CHANGED, RowState.WRONG]


def test_a_name_twice_is_asked_about(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, COOPERATIVE, changed(COOPERATIVE, A=3, D="Thôn 9")]
    [question] = read(office, rows, centre_staff).open_questions
    assert question.cells == ["Danh bạ!B6"]
    entered(office, rows, centre_staff, {"twin": "skip"})
    assert Beneficiary.objects.count() == 1
    entered(office, [HEADER, COMPANY, changed(COMPANY, C=None)], centre_staff, {"twin": "another"})
    assert Beneficiary.objects.filter(name="Công ty TNHH Thành Đạt").count() == 2


def test_one_code_is_one_establishment(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, COMPANY, changed(COMPANY, B="HTX Kim Long"), changed(COMPANY, B="Cty TNHH Thành Đạt")]
    first, second, third = read(office, rows, centre_staff).rows
    assert first.state == RowState.NEW and third.state == RowState.CHOICE
    assert second.wrong[0].text == "mã số thuế 0283183496 đã ghi ở Danh bạ!B5 với tên khác"


def test_a_type_that_the_name_contradicts_is_asked_about(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, changed(COOPERATIVE, L="Doanh nghiệp"), changed(COMPANY, L="Xưởng")]
    wrong, unknown = read(office, rows, centre_staff).open_questions
    assert (wrong.cells, wrong.likely) == (["Danh bạ!L5"], "cooperative")
    assert (unknown.cells, unknown.likely) == (["Danh bạ!L6"], "enterprise")
    entered(office, rows, centre_staff)
    assert sorted(Beneficiary.objects.values_list("type", flat=True)) == ["cooperative", "enterprise"]


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


def test_a_place_that_is_none_is_asked_about(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, changed(COOPERATIVE, E="Tiên Lang Mới")]
    [question] = read(office, rows, centre_staff).open_questions
    assert "Không có đơn vị hành chính" in question.text
    entered(office, rows, centre_staff, {"place": "none"})
    assert Beneficiary.objects.get().unit is None


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


def test_columns_may_be_said(office: Organisation, centre_staff: User, client: Client) -> None:
    header = ("Tên cơ sở", "Mã", "Ở đâu")
    batch = listed(office, [header, ("HTX Lật Dương", "0283183496", "Tiên Lãng")], centre_staff)
    client.force_login(centre_staff)
    address = reverse("importing:columns", args=[batch.pk])
    page = client.get(address)
    assert page.status_code == 200 and "unit" not in page.context["chosen"].fields, "a list without money"
    sent = {"version": batch.version, "c-1": "name", "c-2": "tax_code", "c-3": "place"}
    assert client.post(address, sent).status_code == 302
    batch.refresh_from_db()
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Beneficiary.objects.get().tax_code == "0283183496"


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


def test_only_whoever_keeps_the_registry_may(office: Organisation, centre_staff: User, reviewer: User) -> None:
    for outsider in (reviewer, make_person(role="accountant", scope=office, username="ke-toan")):
        with pytest.raises(NotAllowed):
            listed(office, [HEADER, COMPANY], outsider)
        with pytest.raises(NotAllowed):
            bring_pasted(plan=None, kind="firms", text="Tên cơ sở\nA", actor=outsider, organisation=office)
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    for write in (
        lambda: answer_batch(batch=batch, answers={}, version=1, actor=reviewer),
        lambda: lay_out_batch(batch=batch, layout={}, version=1, actor=reviewer),
        lambda: write_batch(batch=batch, version=1, actor=reviewer),
        lambda: drop_batch(batch=batch, actor=reviewer),
        lambda: write_firms(rows=proposed(batch, centre_staff).rows, actor=reviewer),
    ):
        with pytest.raises(NotAllowed):
            write()
    assert not Beneficiary.objects.exists()


def test_a_stranger_keeps_another_registry(office: Organisation, centre_staff: User, stranger: User) -> None:
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    with pytest.raises(NotAllowed):
        listed(office, [HEADER, COMPANY], stranger)
    with pytest.raises(NotAllowed):
        write_batch(batch=batch, version=1, actor=stranger)
    assert not ImportBatch.objects.visible_to(stranger).exists()


def test_a_list_of_a_plan_is_none_of_the_registry(office: Organisation, centre_staff: User) -> None:
    plan = make_plan(organisation=office)
    content = workbook([HEADER, COMPANY])
    for kind, of_plan, owner in (("firms", plan, None), ("plan", None, office), ("firms", None, None)):
        with pytest.raises(Refused) as refusal:
            bring_file(plan=of_plan, kind=kind, name="a.xlsx", content=content, actor=centre_staff, organisation=owner)
        assert refusal.value.code == "kind"
    with pytest.raises(Refused) as refusal:
        write_firms(rows=[], actor=centre_staff, plan=plan)
    assert refusal.value.code == "kind"


def test_another_form_is_refused_and_nothing_kept(office: Organisation, centre_staff: User) -> None:
    with pytest.raises(Refused) as refusal:
        listed(office, [("Họ và tên", "Ngày sinh"), ("An", "1990")], centre_staff)
    assert refusal.value.code == "other_form" and not ImportBatch.objects.exists()


def test_a_page_that_is_out_of_date_writes_nothing(office: Organisation, centre_staff: User) -> None:
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    answer_batch(batch=batch, answers={}, version=batch.version, actor=centre_staff)
    with pytest.raises(StaleBatch):
        write_batch(batch=batch, version=batch.version, actor=centre_staff)


def test_a_list_of_the_registry_is_not_taken_back(office: Organisation, centre_staff: User) -> None:
    """Others may have used what it added; each establishment is changed on its page."""
    batch = entered(office, [HEADER, COMPANY], centre_staff)
    with pytest.raises(Refused) as refusal:
        take_back_batch(batch=batch, actor=centre_staff)
    assert "không rút lại được" in str(refusal.value) and Beneficiary.objects.count() == 1


def test_a_code_taken_meanwhile_is_seen(office: Organisation, centre_staff: User) -> None:
    """The list is understood again when it is written, with the registry held."""
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    known(office, "Công ty TNHH Thành Đạt", tax_code="0283183496")
    write_batch(batch=batch, version=batch.version, actor=centre_staff)
    assert Beneficiary.objects.get().address == "Thôn 1"


def test_the_owner_s_number_of_another_stops_all(office: Organisation, centre_staff: User) -> None:
    """A tax code is never twelve digits, so what is left is a code that only the registry's own check finds."""
    rows = read(office, [HEADER, COMPANY, COOPERATIVE], centre_staff).rows
    rows[1].entry.tax_code = rows[0].entry.tax_code
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        write_firms(rows=rows, actor=centre_staff)
    assert refusal.value.code == "twice" and stored_rows() == before


def test_from_the_list_of_establishments_to_their_pages(
    office: Organisation, centre_staff: User, reviewer: User, client: Client
) -> None:
    """The whole way as a person takes it."""
    index, bring = reverse("projects:beneficiary_list"), reverse("importing:bring_firms")
    client.force_login(reviewer)
    assert bring not in client.get(index).content.decode()
    assert client.get(bring).status_code == 403
    client.force_login(centre_staff)
    assert bring in client.get(index).content.decode()
    assert "Nhập danh bạ từ Excel" in client.get(bring).content.decode()
    empty = client.post(bring, {})
    assert empty.status_code == 422 and "một trong hai cách" in empty.content.decode()
    bad = client.post(bring, {"file": SimpleUploadedFile("a.xlsx", b"khong phai")})
    assert bad.status_code == 422 and bad.context["form"].errors["file"]
    rows = [HEADER, COMPANY, changed(COOPERATIVE, L="Doanh nghiệp")]
    answer = client.post(bring, {"file": SimpleUploadedFile("danh-ba.xlsx", workbook(rows, unit=""))})
    batch = ImportBatch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == batch.get_absolute_url()
    page = client.get(batch.get_absolute_url())
    assert "Đã đọc “danh-ba.xlsx”, chưa ghi gì." in page.content.decode()
    assert "Đơn vị tính" not in page.content.decode() and "Cần chọn 1 mục" in page.content.decode()
    [(field, _question)] = page.context["answers"].open_rows
    sent = {"version": batch.version, field.html_name: "cooperative", "write": "1"}
    written = client.post(batch.get_absolute_url(), sent, follow=True).content.decode()
    assert "Đã nhập 2 dòng" in written and "HTX Lật Dương" in written
    client.force_login(reviewer)
    assert client.get(batch.get_absolute_url()).status_code == 200, "the Department sees what its Centre entered"


def test_a_list_is_given_up(office: Organisation, centre_staff: User, client: Client) -> None:
    batch = listed(office, [HEADER, COMPANY], centre_staff)
    client.force_login(centre_staff)
    answer = client.post(reverse("importing:drop", args=[batch.pk]))
    assert answer["Location"] == f"{reverse('importing:bring_firms')}?organisation={office.code}"
    assert "Đã bỏ" in client.get(answer["Location"]).content.decode()


def test_who_writes_for_two_centres_chooses(office: Organisation, centre_staff: User, client: Client) -> None:
    other = Organisation.objects.create(code="tt-2", kind="centre", name="Trung tâm Hai", parent=office.parent)
    centre_staff.memberships.create(scope=other, role="centre_staff")
    client.force_login(centre_staff)
    address = f"{reverse('importing:bring_firms')}?organisation=tt-2"
    client.post(address, {"pasted": "Tên cơ sở\tMST\nHTX Lật Dương\t0283183496"})
    assert ImportBatch.objects.get().organisation == other
