"""An administrator keeps the rules of law: what a rule is about is read and chosen by name; refusals stand beside."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from programmes.models import (
    AdminUnit,
    AdvanceShare,
    CityClass,
    DeciderRule,
    EligibilityRule,
    PriorityArea,
    Regulation,
    SupportNorm,
)
from tests.accounts.pages import address
from tests.factories import activity

pytestmark = pytest.mark.django_db

SOURCE = {"regulation": "", "clause": "", "effective_from": "", "effective_to": ""}


@pytest.fixture(autouse=True)
def _reference(numbers: None) -> None:
    """A city under its last name, and a norm in its newest words."""
    for name, last in (("Thành phố Chí Linh cũ", "2010-12-31"), ("Thành phố Chí Linh", None)):
        since = None if last else "2011-01-01"
        AdminUnit.objects.create(code="290", kind="city", name=name, valid_from=since, valid_to=last)
    for since, item in (("2014-04-08", "Máy móc"), ("2018-05-11", "Máy móc thiết bị tiên tiến")):
        SupportNorm.objects.create(
            code="machinery",
            item=item,
            regulation=activity().regulation,
            clause="Điều 8",
            funding_level="national",
            activity_type=activity(),
            unit="cơ sở",
            max_percent=50,
            effective_from=since,
        )


def errors(client: Client, name: str, data: dict[str, Any]) -> dict[str, list[str]]:
    answer = client.post(address(name, "add"), SOURCE | data)
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def test_lists_name_the_city_and_the_norm_rather_than_their_codes(signed_in: Client) -> None:
    CityClass.objects.create(unit_code="290", urban_class=3)
    AdvanceShare.objects.create(norm_code="machinery", max_percent=70)
    AdvanceShare.objects.create(max_percent=70)
    cities = signed_in.get(address("cityclass", "changelist")).content.decode()
    assert ">Thành phố Chí Linh</a>" in cities and "Thành phố Chí Linh cũ" not in cities
    PriorityArea.objects.create(unit_code="290", priority_group="poor")
    assert ">Thành phố Chí Linh</a>" in signed_in.get(address("priorityarea", "changelist")).content.decode()
    shares = signed_in.get(address("advanceshare", "changelist")).content.decode()
    assert "Máy móc thiết bị tiên tiến</a>" in shares and "Mọi khoản hỗ trợ không có tỷ lệ riêng</a>" in shares
    assert ">machinery" not in shares


def test_city_and_norm_are_chosen_by_name(signed_in: Client) -> None:
    form = signed_in.get(address("cityclass", "add")).content.decode()
    assert '<option value="290">Thành phố Chí Linh (290)</option>' in form
    assert "Máy móc thiết bị tiên tiến (machinery)" in signed_in.get(address("advanceshare", "add")).content.decode()
    assert list(errors(signed_in, "cityclass", {"unit_code": "999", "urban_class": "3"})) == ["unit_code"]
    assert list(errors(signed_in, "advanceshare", {"norm_code": "no_such", "max_percent": "70"})) == ["norm_code"]
    typed = SOURCE | {"unit_code": "290", "urban_class": "3"}
    assert signed_in.post(address("cityclass", "add"), typed).status_code == 302
    assert CityClass.objects.get().unit_code == "290"


def test_a_code_that_is_offered_no_more_stays_with_its_row(signed_in: Client) -> None:
    row = AdvanceShare.objects.create(norm_code="gone", max_percent=70)
    page = address("advanceshare", "change", row.pk)
    assert '<option value="gone" selected>gone</option>' in signed_in.get(page).content.decode()
    assert signed_in.post(page, SOURCE | {"norm_code": "gone", "max_percent": "60"}).status_code == 302
    row.refresh_from_db()
    assert (row.norm_code, row.max_percent) == ("gone", 60)


def test_codes_that_no_norm_has_are_refused_beside_their_field(signed_in: Client) -> None:
    data = {
        "subject": "place",
        "unit_kind": "ward",
        "answer": "not_eligible",
        "allowed_norm_codes": "machinery maschinery",
    }
    said = errors(signed_in, "eligibilityrule", data)
    assert said == {"allowed_norm_codes": ["Không có mức hỗ trợ mang mã: maschinery."]}
    typed = SOURCE | data | {"allowed_norm_codes": "machinery"}
    assert signed_in.post(address("eligibilityrule", "add"), typed).status_code == 302
    assert EligibilityRule.objects.get().allowed_norm_codes == "machinery"


@pytest.mark.parametrize("since", ["01/01/2020", "01/01/2022"])
def test_a_second_rule_for_the_same_days_is_refused_beside_its_first_day(signed_in: Client, since: str) -> None:
    DeciderRule.objects.create(change="stop", funding_level="city", decided_by="city", effective_from="2020-01-01")
    data = {"change": "stop", "funding_level": "city", "decided_by": "department", "effective_from": since}
    said = errors(signed_in, "deciderrule", data)
    assert list(said) == ["effective_from"] and "từ 01/01/2020 đến …" in said["effective_from"][0]


def test_list_is_narrowed_to_what_holds_today_and_to_documents_that_rules_quote(signed_in: Client) -> None:
    quoted = Regulation.objects.create(code="Q", number="616/QĐ-TTg", title="Quyết định")
    Regulation.objects.create(code="X", number="999/QĐ-TTg", title="Quyết định")
    for first, last, level in ((None, "2018-12-31", 2), ("2019-10-26", None, 1)):
        CityClass.objects.create(
            unit_code="290", urban_class=level, effective_from=first, effective_to=last, regulation=quoted
        )
    CityClass.objects.create(unit_code="288", urban_class=3, effective_from="2999-01-01")
    page = address("cityclass", "changelist")
    assert "616/QĐ-TTg" in signed_in.get(page).content.decode()
    for asked, classes in (("now", [1]), ("ended", [2]), ("later", [3])):
        found = signed_in.get(page, {"in_force": asked}).context["cl"].result_list
        assert [row.urban_class for row in found] == classes, asked
    assert "999/QĐ-TTg" not in signed_in.get(page).content.decode()
    units = signed_in.get(address("adminunit", "changelist"), {"in_force": "ended"}).context["cl"].result_list
    assert [unit.name for unit in units] == ["Thành phố Chí Linh cũ"]


def test_rule_without_a_province_holds_in_the_whole_country(signed_in: Client) -> None:
    DeciderRule.objects.create(change="stop", funding_level="national", decided_by="agency")
    page = signed_in.get(address("deciderrule", "changelist")).content.decode()
    assert "Cả nước" in page and ">Ngừng thực hiện đề án</a>" in page


def test_a_priority_rule_names_norms_that_there_are_and_a_place_is_chosen_by_name(signed_in: Client) -> None:
    form = signed_in.get(address("priorityarea", "add")).content.decode()
    assert '<option value="290">Thành phố Chí Linh (290)</option>' in form
    wrong = {"unit_code": "999", "priority_group": "poor"}
    assert list(errors(signed_in, "priorityarea", wrong)) == ["unit_code"]
    wrong = {"priority_group": "typical_product", "rank": "1", "norm_codes": "machinery no_such"}
    said = errors(signed_in, "priorityrule", wrong)
    assert list(said) == ["norm_codes"] and "no_such" in str(said["norm_codes"])
    typed = SOURCE | wrong | {"norm_codes": "machinery"}
    assert signed_in.post(address("priorityrule", "add"), typed).status_code == 302
