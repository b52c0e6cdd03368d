"""The form of a letter fills in the rounds that the letter is about, keeps what was chosen, and adds to a letter that
is recorded already only when its writer says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan, Decision, PlanRound
from projects.models import CellKey
from tests.factories import MILLION, decide, forward_all, make_plan, make_project, requested_cells, source, submit_all
from tests.kept import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
@kept
def plan(centre_staff: User, centre_head: User) -> AnnualPlan:
    """Two rounds before the Department's head: one of city money, one of the State's."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    make_project(plan=plan, by=centre_staff, name="Thêu ren")
    make_project(plan=plan, by=centre_staff, name="Máy xẻ đá", amounts={"KCQG": 90 * MILLION})
    submit_all(plan=plan, by=centre_head, on=dt.date(2006, 2, 1))
    forward_all(plan=plan)
    return plan


def post(client: Client, plan: AnnualPlan, **data: Any) -> Any:
    return client.post(reverse("projects:decision_create", args=[plan.pk]), data)


def filled(text: str) -> list[str]:
    """The amounts that stand in the sheet."""
    return [amount for amount in ("60.000.000", "90.000.000") if f'value="{amount}"' in text]


def name_of(key: CellKey) -> str:
    return "line-" + "-".join(str(part) for part in key)


def test_only_the_rounds_that_the_letter_is_about_are_filled_in(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    city, state = (PlanRound.objects.get(level=level) for level in ("city", "national"))
    opened = client.get(reverse("projects:decision_create", args=[plan.pk])).content.decode()
    assert "Văn bản duyệt đợt:" in opened and str(city) in opened and str(state) in opened
    nothing = post(client, plan, fill="1").content.decode()
    assert filled(nothing) == [] and "Chọn đợt mà văn bản này duyệt, rồi điền." in nothing
    one = post(client, plan, fill="1", fill_round=str(city.pk)).content.decode()
    assert filled(one) == ["60.000.000"] and "Chọn đợt mà" not in one
    both = post(client, plan, fill="1", fill_round=[str(city.pk), str(state.pk)]).content.decode()
    assert filled(both) == ["60.000.000", "90.000.000"]


def test_one_round_that_waits_is_filled_in_without_a_question(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    [state_key] = [key for key, amount in requested_cells(plan).items() if amount == 90 * MILLION]
    decide(plan=plan, by=department_head, assigned={"KCQG": 90 * MILLION}, approved={state_key: 90 * MILLION})
    client.force_login(department_head)
    text = post(client, plan, fill="1").content.decode()
    assert "Văn bản duyệt đợt:" not in text and 'value="60.000.000"' in text
    assert f'name="{name_of(state_key)}-after" value="90' not in text, "what was decided stays as it is"


def test_filling_in_replaces_the_amounts_alone_so_that_the_chosen_file_stays(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    """htmx gets no field for the file; without JavaScript the page says which file is to be chosen again."""
    client.force_login(department_head)
    city = PlanRound.objects.get(level="city")
    address = reverse("projects:decision_create", args=[plan.pk])
    data = {"fill": "1", "fill_round": str(city.pk)}
    part = client.post(address, data, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert filled(text) == ["60.000.000"] and 'name="scan"' not in text and 'name="number"' not in text
    assert (
        part["HX-Trigger-After-Swap"] == "amounts-filled"
        and "amounts-filled from:body" in post(client, plan).content.decode()
    )
    scan = SimpleUploadedFile("341.pdf", b"%PDF-1.4")
    whole = client.post(address, data | {"scan": scan}).content.decode()
    assert "Tệp “341.pdf” chưa được giữ lại" in whole


def test_letter_of_the_same_number_and_date_is_asked_about(
    client: Client, department_head: User, plan: AnnualPlan
) -> None:
    client.force_login(department_head)
    city, state = (f"source-{source(code).pk}-after" for code in ("KCDP", "KCQG"))
    head = {"number": "341/UBND-CN", "issued_on": "16/06/2006", "nature": "adjustment"}
    assert post(client, plan, **head, **{city: "60 tr"}).status_code == 302
    again = post(client, plan, **head, **{state: "90 tr"})
    text = again.content.decode()
    assert again.status_code == 422 and f"được {department_head} ghi nhận lúc" in text and "năm 2006" in text
    assert "lần đầu đã ghi xong" in text and "Ghi thêm vào văn bản đã ghi nhận này" in text
    assert plan.allocations.count() == 1, "nothing was added"
    assert post(client, plan, **head, **{state: "90 tr"}, adds="on").status_code == 302
    assert (Decision.objects.count(), plan.allocations.count()) == (1, 2)


def test_nothing_is_asked_of_a_letter_that_is_new(client: Client, department_head: User, plan: AnnualPlan) -> None:
    client.force_login(department_head)
    opened = client.get(reverse("projects:decision_create", args=[plan.pk])).content.decode()
    assert "Ghi thêm vào văn bản" not in opened
    for code, day in (("KCDP", "16/06/2006"), ("KCQG", "17/06/2006")):
        sheet = {f"source-{source(code).pk}-after": "60 tr"}
        assert post(client, plan, number="341/UBND-CN", issued_on=day, nature="adjustment", **sheet).status_code == 302
    assert Decision.objects.count() == 2
