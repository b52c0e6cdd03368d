"""What a list of establishments leaves open: which one a name means, what it is, where it is."""

from __future__ import annotations

import pytest

from khuyencong.accounts.models import Organisation, User
from programmes.models import AdminUnit
from projects.importing.proposals import RowState
from projects.importing.services.batches import answer_batch
from projects.models import Beneficiary
from tests.importing.firm_lists import COMPANY, COOPERATIVE, HEADER, entered, known, listed, read, states
from tests.importing.lists import changed, proposed

pytestmark = pytest.mark.django_db


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


def test_a_place_that_is_none_is_asked_about(office: Organisation, centre_staff: User) -> None:
    rows = [HEADER, changed(COOPERATIVE, E="Tiên Lang Mới")]
    [question] = read(office, rows, centre_staff).open_questions
    assert "Không có đơn vị hành chính" in question.text
    entered(office, rows, centre_staff, {"place": "none"})
    assert Beneficiary.objects.get().unit is None
