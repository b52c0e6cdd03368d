"""What a list of establishments may not bring, and who may not bring it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import Organisation, User
from projects.importing.lists.firms import write_firms
from projects.importing.models import ImportBatch, ImportedRow
from projects.importing.proposals import RowState
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
from projects.models import Beneficiary, PersonalNumber
from projects.refusals import NotAllowed, Refused
from tests.factories import make_plan
from tests.importing.firm_lists import COMPANY, COOPERATIVE, HEADER, entered, known, listed, read
from tests.importing.lists import changed, proposed, workbook
from tests.kept import stored_rows
from tests.people import make_person

pytestmark = pytest.mark.django_db


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


def test_the_owner_s_number_of_another_stops_all(office: Organisation, centre_staff: User) -> None:
    """A tax code is never twelve digits, so what is left is a code that only the registry's own check finds."""
    rows = read(office, [HEADER, COMPANY, COOPERATIVE], centre_staff).rows
    rows[1].entry.tax_code = rows[0].entry.tax_code
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        write_firms(rows=rows, actor=centre_staff)
    assert refusal.value.code == "twice" and stored_rows() == before
