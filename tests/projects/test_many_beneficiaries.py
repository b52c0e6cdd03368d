"""Changes of many establishments at once are what one after the other would be, with the same refusals, in few
statements."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import Organisation, User
from projects.models import Beneficiary, FieldChange, PersonalNumber
from projects.refusals import NotAllowed, Refused
from projects.services.beneficiaries import StaleBeneficiary, save_beneficiary, save_many_beneficiaries
from tests.factories import district
from tests.kept import stored_rows
from tests.people import make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(centre_staff: User) -> Organisation:
    centre = Organisation.objects.select_related("parent__parent").get(pk=centre_staff.memberships.get().scope_id)
    return centre.province()


def stored(province: Organisation, name: str = "HTX Lật Dương", **more: Any) -> Beneficiary:
    fields = {"province": province, "name": name, "type": "cooperative", **more}
    return Beneficiary.objects.select_related("province").get(pk=Beneficiary.objects.create(**fields).pk)


def changed(one: Beneficiary, **fields: Any) -> Beneficiary:
    now = copy.copy(one)
    for name, value in fields.items():
        setattr(now, name, value)
    return now


def plain(one: Beneficiary) -> dict[str, Any]:
    """All that is stored of it, but for its own number, with its history in words."""
    found = Beneficiary.objects.filter(pk=one.pk).values().get()
    history = FieldChange.objects.of_beneficiary(one).order_by("field").values_list("field", "before", "after", "actor")
    return {**found, "id": 0, "name_key": bytes(found["name_key"]), "history": list(history)}


CHANGES: dict[str, Any] = {
    "name": "HTX  Lật Dương Mới",
    "type": "enterprise",
    "tax_code": "0283 183 496",
    "address": " Thôn 1",
    "is_women_owned": True,
    "notes": "Số lao động: 7",
}


def test_they_are_stored_as_one_after_the_other(province: Organisation, centre_staff: User) -> None:
    first, second = stored(province), stored(province)
    unit = district()
    save_beneficiary(beneficiary=changed(first, unit=unit, **CHANGES), version=1, actor=centre_staff)
    one_by_one = plain(first)
    Beneficiary.objects.filter(pk=first.pk).update(tax_code="")
    save_many_beneficiaries(changed=[changed(second, unit=unit, **CHANGES)], actor=centre_staff)
    assert plain(second) == one_by_one
    assert Beneficiary.objects.matching("lat duong moi").count() == 2
    assert Beneficiary.objects.get(pk=second.pk).version == 2


def test_nothing_changed_is_nothing_written(centre_staff: User) -> None:
    before = stored_rows()
    assert save_many_beneficiaries(changed=[], actor=centre_staff) == []
    assert stored_rows() == before


def test_a_personal_number_stays(province: Organisation, centre_staff: User) -> None:
    one = stored(province)
    PersonalNumber.objects.create(beneficiary=one, number="031090001234")
    save_many_beneficiaries(changed=[changed(one, address="Thôn 1")], actor=centre_staff)
    assert PersonalNumber.objects.get().number == "031090001234"
    assert [one.field for one in FieldChange.objects.all()] == ["address"]


REFUSED: dict[str, dict[str, Any]] = {
    "twice": {"tax_code": "0200000000"},
    "code": {"tax_code": "12"},
    "invalid": {"address": "x" * 300},
    "other_registry": {},
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_one_refuses_stops_all(province: Organisation, centre_staff: User, code: str) -> None:
    stored(province, "Có mã", tax_code="0200000000")
    good, bad = stored(province, "HTX A"), stored(province, "HTX B")
    fields = REFUSED[code] or {"province": make_tree(code="la", name="Lạ", area_code="22").province}
    before = stored_rows()
    with pytest.raises(Refused) as refusal:
        both = [changed(good, address="Thôn 1"), changed(bad, **fields)]
        save_many_beneficiaries(changed=both, actor=centre_staff)
    assert refusal.value.code == code and stored_rows() == before


def test_two_that_get_one_code_stop_all(province: Organisation, centre_staff: User) -> None:
    pair = [changed(stored(province, name), tax_code="0283183496") for name in ("HTX A", "HTX B")]
    with pytest.raises(Refused) as refusal:
        save_many_beneficiaries(changed=pair, actor=centre_staff)
    assert refusal.value.code == "twice" and not Beneficiary.objects.exclude(tax_code="").exists()


def test_what_somebody_saved_meanwhile_stops_all(province: Organisation, centre_staff: User) -> None:
    good, old = stored(province, "HTX A"), stored(province, "HTX B")
    save_beneficiary(beneficiary=changed(old, phone="0225"), version=1, actor=centre_staff)
    before = stored_rows()
    with pytest.raises(StaleBeneficiary):
        both = [changed(good, address="Thôn 1"), changed(old, address="Thôn 2")]
        save_many_beneficiaries(changed=both, actor=centre_staff)
    assert stored_rows() == before


def test_one_that_is_gone_stops_all(province: Organisation, centre_staff: User) -> None:
    gone = stored(province)
    Beneficiary.objects.filter(pk=gone.pk).delete()
    with pytest.raises(Refused) as refusal:
        save_many_beneficiaries(changed=[gone], actor=centre_staff)
    assert refusal.value.code == "other_registry"


def test_only_whoever_keeps_the_registry_may(province: Organisation, reviewer: User, stranger: User) -> None:
    one = changed(stored(province), address="Thôn 1")
    for outsider in (reviewer, stranger):
        with pytest.raises(NotAllowed):
            save_many_beneficiaries(changed=[one], actor=outsider)


def test_forty_ask_no_more_than_two(province: Organisation, centre_staff: User) -> None:
    counts = []
    for count in (2, 40):
        changes = [changed(stored(province, f"HTX {count} {n}"), address=f"Thôn {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            save_many_beneficiaries(changed=changes, actor=centre_staff)
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 15
