"""What can't be law is refused in the admin beside its field, as the loading of files refuses it with its line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from programmes.models import (
    AdminUnit,
    AdminUnitSuccession,
    AdvanceShare,
    CityClass,
    DeadlineRule,
    DeciderRule,
    EligibilityRule,
    PriorityArea,
    PriorityRule,
    Regulation,
    SupportNorm,
)
from tests.accounts.pages import address
from tests.factories import activity

pytestmark = pytest.mark.django_db

OVERLAP = "Trùng thời gian với"
DATES = {"effective_from": "01/06/2018", "clause": "Điều 1"}


@pytest.fixture
def law(db: None) -> Regulation:
    return Regulation.objects.create(
        code="TT", number="28/2018/TT-BTC", title="Thông tư", issued_on=dt.date(2018, 3, 28)
    )


@pytest.fixture
def named(law: Regulation) -> None:
    """What rules are chosen by: a city of a province, a norm."""
    AdminUnit.objects.create(code="290", kind="city", name="Thành phố Hải Dương")
    norm = {"code": "machinery", "item": "Máy móc", "unit": "cơ sở", "clause": "Điều 1", "funding_level": "national"}
    SupportNorm.objects.create(
        **norm, regulation=law, activity_type=activity(), max_percent=50, effective_from=dt.date(2018, 1, 1)
    )


def errors(answer: Any, model: str) -> dict[str, str]:
    """What stands beside each field of the form that came back."""
    assert answer.status_code == 200, f"{model} was stored"
    form = answer.context["adminform"].form
    return {name: " ".join(map(str, said)) for name, said in form.errors.items()}


RULES: list[tuple[type[Any], dict[str, Any]]] = [
    (EligibilityRule, {"subject": "place", "unit_kind": "district", "answer": "eligible"}),
    (EligibilityRule, {"subject": "type", "beneficiary_type": "artisan", "answer": "not_eligible"}),
    (CityClass, {"unit_code": "290", "urban_class": 3}),
    (PriorityRule, {"priority_group": "island", "rank": 1}),
    (PriorityArea, {"unit_code": "290", "priority_group": "poor"}),
    (AdvanceShare, {"norm_code": "machinery", "funding_level": "national", "max_percent": 70}),
    (DeadlineRule, {"subject": "settlement", "days": 15}),
    (DeciderRule, {"change": "stop", "funding_level": "national", "decided_by": "central"}),
]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("model", "row"), RULES)
def test_two_rules_of_one_day_are_refused_beside_the_day(
    signed_in: Client, law: Regulation, model: type[Any], row: dict[str, Any]
) -> None:
    held = model.objects.create(regulation=law, effective_from=dt.date(2018, 5, 11), **row)
    page = address(model._meta.model_name, "add")
    refused = errors(signed_in.post(page, {**row, **DATES, "regulation": str(law.pk)}), model.__name__)
    assert f"{OVERLAP} quy định có hiệu lực từ 11/05/2018" in refused["effective_from"]
    model.objects.filter(pk=held.pk).update(effective_to=dt.date(2018, 5, 31))
    assert signed_in.post(page, {**row, **DATES, "regulation": str(law.pk)}).status_code == 302
    assert model.objects.count() == 2


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("model", "row"), RULES)
def test_what_was_read_in_a_document_names_it(
    signed_in: Client, law: Regulation, model: type[Any], row: dict[str, Any]
) -> None:
    page = address(model._meta.model_name, "add")
    refused = errors(signed_in.post(page, {**row, **DATES, "is_confirmed": "on"}), model.__name__)
    assert refused["regulation"] == "Đã đối chiếu văn bản thì phải ghi văn bản nào."
    assert not model.objects.exists()


def norm_row() -> dict[str, Any]:
    row = {"code": "machinery", "funding_level": "national", "activity_type": str(activity().pk), "item": "Máy móc"}
    return {**row, "unit": "cơ sở", "max_percent": "50", **DATES}


def test_a_norm_without_its_document_and_one_of_the_same_days_are_refused(signed_in: Client, law: Regulation) -> None:
    page = address("supportnorm", "add")
    refused = errors(signed_in.post(page, norm_row()), "SupportNorm")
    assert set(refused) == {"regulation"} and refused["regulation"]
    assert signed_in.post(page, {**norm_row(), "regulation": str(law.pk)}).status_code == 302
    later = {**norm_row(), "regulation": str(law.pk), "effective_from": "01/01/2019"}
    said = errors(signed_in.post(page, later), "SupportNorm")["effective_from"]
    assert said.startswith(f"{OVERLAP} “Máy móc”, TT 28/2018/TT-BTC, Điều 1, hiệu lực từ 01/06/2018")
    assert SupportNorm.objects.count() == 1


@pytest.mark.usefixtures("named")
def test_a_city_has_no_class_before_its_decision(signed_in: Client, law: Regulation) -> None:
    row = {"unit_code": "290", "urban_class": "3", "regulation": str(law.pk), "clause": "Điều 1"}
    page = address("cityclass", "add")
    said = errors(signed_in.post(page, {**row, "effective_from": "27/03/2018"}), "CityClass")["effective_from"]
    assert said == "Loại đô thị không thể có trước ngày 28/03/2018 của quyết định công nhận 28/2018/TT-BTC."
    assert signed_in.post(page, {**row, "effective_from": "28/03/2018"}).status_code == 302


def heir(successor: str) -> dict[str, str]:
    rows = {"succeeded_by-TOTAL_FORMS": "1", "succeeded_by-INITIAL_FORMS": "0"}
    unit = {"name": "Huyện Tiên Lãng", "kind": "district", "valid_to": "30/06/2025"}
    return {**unit, **rows, "succeeded_by-0-successor": successor, "succeeded_by-0-is_partial": "false"}


def test_a_successor_is_a_unit_that_is_there_and_begins_later(signed_in: Client) -> None:
    old = AdminUnit.objects.create(code="315", name="Huyện Tiên Lãng", kind="district", valid_to="2025-06-30")
    page = address("adminunit", "change", old.pk)
    for value, said in (
        ("999999", "Không có đơn vị hành chính này."),
        (
            str(AdminUnit.objects.create(code="1", name="Xã Cũ", kind="commune", valid_from="2025-06-30").pk),
            "“Xã Cũ” có từ ngày 30/06/2025, khi “Huyện Tiên Lãng” còn đến ngày 30/06/2025.",
        ),
    ):
        answer = signed_in.post(page, heir(value))
        assert answer.status_code == 200
        [[form]] = [list(one.formset.forms) for one in answer.context["inline_admin_formsets"]]
        assert said in " ".join(form.errors["successor"])
    assert not AdminUnitSuccession.objects.exists()
    new = AdminUnit.objects.create(code="2", name="Xã Mới", kind="commune", valid_from="2025-07-01")
    assert signed_in.post(page, heir(str(new.pk))).status_code == 302
    assert AdminUnitSuccession.objects.get().successor == new
