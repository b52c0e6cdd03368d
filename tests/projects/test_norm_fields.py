"""Choosing the norm of a content, its units and eligible cost: on the form, in history, copies and merges."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import ActivityType
from projects.models import FieldChange, Project
from tests.factories import MILLION, make_plan
from tests.law import norm_named, project_of
from tests.sent import fields_of
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

NOW, THEN = dt.date(2019, 6, 1), dt.date(2015, 6, 1)
NORM, UNITS, COST = "content-0-norm", "content-0-units", "content-0-eligible_cost_vnd"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Máy tiện CNC",
        "kind": "single",
        "area_scope": "not_fixed",
        "content-TOTAL_FORMS": "3",
        "content-INITIAL_FORMS": "0",
        "content-0-activity_type": str(ActivityType.objects.get(code="45-3").pk),
        "content-0-amount_KCQG": "300 tr",
        NORM: str(norm_named("machinery", NOW).pk),
        UNITS: "1",
        COST: "700 tr",
        "support-TOTAL_FORMS": "4",
        "support-INITIAL_FORMS": "0",
    } | changes


@pytest.fixture
def address(client: Client, centre_staff: User) -> str:
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2019)
    client.force_login(centre_staff)
    return f"{reverse('projects:project_create')}?plan={plan.pk}"


def test_norm_is_chosen_on_the_form_and_judges(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    folded = page[page.index("Mức hỗ trợ áp dụng, số lượng") - 80 : page.index("Mức hỗ trợ áp dụng, số lượng")]
    assert "<details" in folded and " open" not in folded, "a quick entry does not meet it"
    assert "300.000.000 đồng/cơ sở" in page and "200.000.000 đồng/cơ sở" not in page, "the norms of its year"
    assert client.post(address, typed()).status_code == 302
    component = Project.objects.get().components.get()
    assert (there(component.norm).code, component.units, component.eligible_cost_vnd) == ("machinery", 1, 700 * MILLION)
    assert (
        "Trong mức hỗ trợ: đề nghị 300.000.000 đồng"
        in client.get(component.project.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (NORM, "consulting", "Mức hỗ trợ này thuộc nội dung “Tư vấn trợ giúp cơ sở”"),
        (NORM, "999999", "invalid-feedback"),
        (UNITS, "0", "1"),
        (UNITS, "hai", "số nguyên"),
        (COST, "-700 tr", "âm"),
        (COST, "bảy trăm", "60.000.000"),
    ],
)
def test_bad_figures_are_said_beside_the_field(
    client: Client, address: str, field: str, value: str, message: str
) -> None:
    value = str(norm_named(value, NOW).pk) if value == "consulting" else value
    refused = client.post(address, typed(**{field: value}))
    page = refused.content.decode()
    assert refused.status_code == 422 and not Project.objects.exists()
    assert message in page and '<details class="panel" open>' in page


def test_history_names_what_changed_and_a_save_without_change_keeps_it(client: Client, address: str) -> None:
    client.post(address, typed())
    project = Project.objects.get()
    edit = reverse("projects:project_edit", args=[project.pk])
    assert client.post(edit, fields_of(client.get(edit))).status_code == 302
    assert there(Project.objects.get().components.get().norm).code == "machinery" and not FieldChange.objects.exists()
    client.post(edit, {**fields_of(client.get(edit)), UNITS: "2"})
    change = FieldChange.objects.get(field="components")
    assert "số lượng: 1" in change.before and "số lượng: 2" in change.after and "28/2018/TT-BTC" in change.after


def test_two_people_change_two_figures_of_one_content(client: Client, address: str, centre_head: User) -> None:
    client.post(address, typed())
    edit = reverse("projects:project_edit", args=[Project.objects.get().pk])
    mine, other = fields_of(client.get(edit)), Client()
    other.force_login(centre_head)
    other.post(edit, {**fields_of(other.get(edit)), UNITS: "3"})
    assert client.post(edit, {**mine, COST: "900 tr"}).status_code == 302
    component = Project.objects.get().components.get()
    assert (component.units, component.eligible_cost_vnd) == (3, 900 * MILLION)


def test_two_norms_for_one_content_are_asked_by_name(client: Client, address: str, centre_head: User) -> None:
    client.post(address, typed())
    edit = reverse("projects:project_edit", args=[Project.objects.get().pk])
    mine, other = fields_of(client.get(edit)), Client()
    other.force_login(centre_head)
    other.post(edit, {**fields_of(other.get(edit)), NORM: str(norm_named("production_line", NOW).pk)})
    asked = client.post(edit, {**mine, NORM: str(norm_named("demo_model_new", NOW).pk)})
    assert asked.status_code == 409 and "Dây chuyền công nghệ (tối đa" not in asked.content.decode()
    assert "Dây chuyền công nghệ (50%" in asked.content.decode()


def test_copy_takes_the_norm_of_its_own_year(client: Client, centre_staff: User) -> None:
    old = project_of(by=centre_staff, year=2015, norm="machinery", eligible=700 * MILLION, units=1)
    assert old.components.get().norm == norm_named("machinery", THEN)
    plan = make_plan(organisation=centre_staff.memberships.get().scope, year=2019)
    client.force_login(centre_staff)
    copy = f"{reverse('projects:project_create')}?plan={plan.pk}&copy={old.pk}"
    form = fields_of(client.get(copy))
    assert (form[NORM], form[UNITS], form[COST]) == (str(norm_named("machinery", NOW).pk), "1", "700")
    kept = fields_of(client.get(reverse("projects:project_edit", args=[old.pk])))
    assert kept[NORM] == str(norm_named("machinery", THEN).pk)
