"""What can't be saved in the province's registry and among its norms, and what a save leaves in the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from khuyencong.accounts.models import Organisation, User
from programmes.models import Regulation, SupportNorm
from projects.models import Beneficiary, FieldChange, PersonalNumber
from projects.services.beneficiaries import save_beneficiary
from projects.services.norms import add_norm, end_norm
from tests.factories import activity, district
from tests.people import Tree, make_person, make_tree
from tests.projects.attempts import code_of

pytestmark = pytest.mark.django_db
NUMBER, PERSON, OLD = "0200000385", "031085001234", "031085001236"


def new(province: Any, **words: Any) -> Beneficiary:
    return Beneficiary(province=province, **{"name": "HTX Lật Dương", "type": "cooperative"} | words)


def saved(by: User, one: Beneficiary, **words: Any) -> str:
    return code_of(lambda: save_beneficiary(beneficiary=one, actor=by, **words))


def test_a_number_stands_once_in_a_registry(centre_staff: User, tree: Tree) -> None:
    """Whether it is a tax code or the number of a person that stands for one; each province has its own registry."""
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    both = make_person(role="centre_staff", scope=abroad, username="both")
    both.memberships.create(scope=tree.centre, role="centre_staff")
    firm = save_beneficiary(beneficiary=new(tree.province, tax_code=NUMBER), actor=centre_staff)
    household = save_beneficiary(beneficiary=new(tree.province), personal_number=PERSON, actor=centre_staff)

    def said(province: Any = tree.province, by: User = both, number: str | None = None, **words: Any) -> str:
        return saved(by, new(province, **words), personal_number=number)

    assert said() == said(tax_code="0200000386") == said(number="031085001235") == "done"
    Beneficiary.objects.create(province=tree.province, name="Ghi từ trước", type="household", tax_code=OLD)
    assert said(tax_code=NUMBER) == said(number=PERSON) == said(number=OLD) == "twice"
    assert said(tax_code=PERSON) == said(number=NUMBER) == "code", "each in its place"
    assert said(abroad, tax_code=NUMBER) == said(abroad, number=PERSON) == "done"
    assert saved(centre_staff, firm, version=1) == "done", "one's own number is not another's"
    assert saved(centre_staff, Beneficiary.objects.get(pk=household.pk), version=1, personal_number=PERSON) == "done"
    household = Beneficiary.objects.get(pk=household.pk)
    assert saved(centre_staff, household, version=1, personal_number=OLD) == "twice"


def test_a_person_s_number_is_read_before_it_is_looked_for_and_kept(centre_staff: User, tree: Tree) -> None:
    spaced = "031 085 001 234"
    save_beneficiary(beneficiary=new(tree.province), personal_number=spaced, actor=centre_staff)
    assert PersonalNumber.objects.get().number == PERSON
    assert saved(centre_staff, new(tree.province), personal_number=PERSON) == "twice"
    assert saved(centre_staff, new(tree.province), personal_number=spaced) == "twice"
    other = save_beneficiary(beneficiary=new(tree.province), actor=centre_staff)
    save_beneficiary(beneficiary=other, personal_number="031.085.001.236", version=1, actor=centre_staff)
    assert PersonalNumber.objects.get(beneficiary=other).number == OLD


def test_who_may_save_where(centre_staff: User, reviewer: User, tree: Tree) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    both = make_person(role="centre_head", scope=abroad, username="both")
    both.memberships.create(scope=tree.centre, role="centre_head")
    firm = save_beneficiary(beneficiary=new(tree.province), actor=centre_staff)
    assert saved(centre_staff, new(abroad)) == saved(reviewer, new(tree.province)) == "not_allowed"
    firm.province = abroad
    assert saved(centre_staff, firm, version=1) == "not_allowed"
    firm.province = abroad
    assert saved(both, firm, version=1) == "other_registry"


def test_a_change_starts_from_what_stands(centre_staff: User, tree: Tree) -> None:
    firm = save_beneficiary(beneficiary=new(tree.province), actor=centre_staff)
    assert {saved(centre_staff, firm, version=version) for version in (None, 0, 2)} == {"stale"}
    firm.phone = "0225 111"
    again = save_beneficiary(beneficiary=firm, version=1, actor=centre_staff)
    assert again.version == Beneficiary.objects.get().version == 2
    assert saved(centre_staff, firm, version=1) == "stale"


def test_the_history_tells_every_field_in_vietnamese_and_no_number(centre_staff: User, tree: Tree) -> None:
    first = {"tax_code": "", "unit": None, "address": "", "representative": "", "phone": "", "craft_village": ""}
    firm = new(tree.province, notes="", **first)
    save_beneficiary(beneficiary=firm, personal_number=PERSON, actor=centre_staff)
    assert not FieldChange.objects.exists(), "what is new has no history"
    changes: dict[str, Any] = {
        "name": "HTX Tiên Lãng",
        "type": "household",
        "unit": district(),
        "address": "Số 5",
        "phone": "0225",
        "representative": "Bà Lan",
        "is_women_owned": True,
        "is_minority_owned": True,
        "craft_village": "Lật Dương",
        "notes": f"Chủ hộ {PERSON}",
    }
    for name, value in changes.items():
        setattr(firm, name, value)
    with override("en"):
        save_beneficiary(beneficiary=firm, personal_number="031085001235", version=1, actor=centre_staff)
    rows = FieldChange.objects.values_list("field", "before", "after", "actor", "beneficiary")
    found = {field: (before, after) for field, before, after, *_who in rows}
    assert {row[3:] for row in rows} == {(centre_staff.pk, firm.pk)}
    masked = found.pop("notes")[1]
    assert masked.startswith("Chủ hộ ") and PERSON not in masked
    assert found.pop("personal_number") == ("031…234", "031…235")
    assert found == {
        "name": ("HTX Lật Dương", "HTX Tiên Lãng"),
        "type": ("Hợp tác xã", "Hộ kinh doanh"),
        "unit": ("", "Huyện Tiên Lãng"),
        "address": ("", "Số 5"),
        "phone": ("", "0225"),
        "representative": ("", "Bà Lan"),
        "craft_village": ("", "Lật Dương"),
        "is_women_owned": ("không", "có"),
        "is_minority_owned": ("không", "có"),
    }


def test_a_personal_number_stays_unless_something_else_is_said(centre_staff: User, tree: Tree) -> None:
    firm = save_beneficiary(beneficiary=new(tree.province), personal_number=PERSON, actor=centre_staff)
    other = save_beneficiary(beneficiary=new(tree.province), personal_number="031085001236", actor=centre_staff)
    save_beneficiary(beneficiary=firm, version=1, actor=centre_staff)
    save_beneficiary(beneficiary=firm, version=2, personal_number="031085001235", actor=centre_staff)
    assert set(PersonalNumber.objects.values_list("beneficiary", "number")) == {
        (firm.pk, "031085001235"),
        (other.pk, "031085001236"),
    }
    firm.tax_code = NUMBER
    save_beneficiary(beneficiary=firm, version=3, personal_number="", actor=centre_staff)
    assert PersonalNumber.objects.get().beneficiary == other
    changed = FieldChange.objects.filter(field="personal_number").values_list("before", "after")
    assert list(changed) == [("031…234", "031…235"), ("031…235", "")]


def norm(province: Organisation | None, **words: Any) -> SupportNorm:
    common = {"code": "machinery", "regulation": activity().regulation, "clause": "Điều 1", "funding_level": "city"}
    common |= {"activity_type": activity(), "item": "Máy móc", "unit": "cơ sở", "max_percent": 50}
    return SupportNorm(province=province, **{"effective_from": dt.date(2006, 1, 1)} | common | words)


def test_norms_are_kept_by_the_province_s_own_administrator(administrator: User, observer: User, tree: Tree) -> None:
    abroad = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    stored = [norm(province) for province in (tree.province, abroad, None)]
    for one in stored:
        one.save()

    def said(province: Organisation | None, by: User = administrator) -> str:
        return code_of(lambda: add_norm(norm=norm(province, code="startup"), actor=by))

    def ended(one: SupportNorm, by: User = administrator) -> str:
        return code_of(lambda: end_norm(norm=one, effective_to=dt.date(2099, 1, 1), reason="Hết", actor=by))

    assert [said(province) for province in (tree.province, abroad, None)] == ["done", "not_allowed", "not_allowed"]
    assert [ended(one) for one in stored] == ["done", "not_allowed", "not_allowed"]
    assert said(tree.province, observer) == ended(stored[0], observer) == "not_allowed"


def test_two_norms_never_hold_on_one_day(administrator: User, tree: Tree) -> None:
    first = add_norm(norm=norm(tree.province), actor=administrator)
    later = norm(tree.province, effective_from=dt.date(2010, 1, 1), max_percent=40)
    with pytest.raises(ValidationError, match="Trùng thời gian"):
        add_norm(norm=later, actor=administrator)
    with pytest.raises(ValidationError, match="từ ngày bắt đầu trở đi"):
        end_norm(norm=first, effective_to=dt.date(2005, 12, 31), reason="Hết", actor=administrator)
    first.max_percent = 1  # what the page held is not what is stored
    ended = end_norm(norm=first, effective_to=dt.date(2009, 12, 31), reason="Hết", actor=administrator)
    assert (ended.max_percent, SupportNorm.objects.get().max_percent) == (50, 50)
    assert SupportNorm.objects.get().effective_to == ended.effective_to == dt.date(2009, 12, 31)
    document = Regulation(code="QD9", number="9/QĐ-UBND", title="Quy định")
    stored = add_norm(norm=later, regulation=document, actor=administrator)
    assert SupportNorm.objects.get(pk=stored.pk).regulation.number == "9/QĐ-UBND"
    assert SupportNorm.objects.count() == 2
