"""An impatient clerk at the page that confirms a list: answers corrected, two windows, the same file once more."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.forms import field_name
from projects.importing.models import ImportBatch
from projects.importing.services.batches import bring_file, bring_pasted, take_back_batch
from projects.models import Project
from projects.refusals import Refused
from tests.importing.lists import PLACED, THREAD, answered, asked_for, brought, imported, plan_of, proposed, sheet

pytestmark = pytest.mark.django_db
DOUBTFUL = sheet([(*PLACED, "KCĐP"), (*THREAD, "2.700")])
THOUSANDS, UNITS = 2_700_000_000, 2_700_000


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


@pytest.fixture
def batch(plan: AnnualPlan, centre_staff: User) -> ImportBatch:
    """What “2.700” means is answered: 2.700 triệu."""
    return answered(brought(plan, DOUBTFUL, centre_staff), centre_staff)


def form_of(batch: ImportBatch, actor: User, answer: str) -> dict[str, Any]:
    [question] = proposed(batch, actor).questions
    value = {str(one.label): one.value for one in question.options}[answer]
    return {"version": batch.version, field_name(question.key): value}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_corrected_answer_is_shown_before_it_is_written(batch: ImportBatch, centre_staff: User) -> None:
    client, address = logged_in(centre_staff), batch.get_absolute_url()
    assert ">Lưu lựa chọn<" in client.get(address).content.decode()
    sent = {**form_of(batch, centre_staff, "2,7 triệu"), "write": "1"}
    page = client.post(address, sent, follow=True)
    assert "Lựa chọn đã sửa được lưu, chưa nhập: hãy xem lại kết quả rồi bấm nhập." in page.content.decode()
    assert not Project.objects.exists()
    batch.refresh_from_db()
    client.post(address, {**form_of(batch, centre_staff, "2,7 triệu"), "write": "1"})
    assert asked_for(AnnualPlan.objects.get()) == UNITS


def test_window_that_was_overtaken_shows_what_stands_and_goes_on(batch: ImportBatch, centre_staff: User) -> None:
    client, address = logged_in(centre_staff), batch.get_absolute_url()
    overtaken = form_of(batch, centre_staff, "2.700 triệu")
    client.post(address, form_of(batch, centre_staff, "2,7 triệu"))
    page = client.post(address, {**overtaken, "write": "1"}, follow=True)
    assert "vừa có thay đổi ở cửa sổ khác" in page.content.decode() and not Project.objects.exists()
    fields = {name: field.initial for name, field in page.context["answers"].fields.items() if name != "version"}
    client.post(address, {**fields, "version": page.context["batch"].version, "write": "1"})
    assert asked_for(AnnualPlan.objects.get()) == UNITS


def test_same_file_once_more_is_answered_as_it_was(plan: AnnualPlan, centre_staff: User) -> None:
    [question] = proposed(brought(plan, DOUBTFUL, centre_staff), centre_staff).questions
    second = question.options[1].value
    first = imported(plan, DOUBTFUL, centre_staff, {question.key: second})
    assert asked_for(plan) == UNITS
    again = brought(plan, DOUBTFUL, centre_staff)
    proposal = proposed(again, centre_staff)
    assert not proposal.open_questions and [row.state.value for row in proposal.rows] == ["equal"]
    take_back_batch(batch=first, actor=centre_staff)
    assert proposed(brought(plan, DOUBTFUL, centre_staff), centre_staff).open_questions, "it was not right then"


def test_list_of_another_kind_than_chosen_is_called_what_it_looks_like(plan: AnnualPlan, centre_staff: User) -> None:
    with pytest.raises(Refused) as refusal:
        bring_file(plan=plan, kind="opening", name="kh.xlsx", content=DOUBTFUL, actor=centre_staff)
    assert refusal.value.message_dict == {
        "file": [
            "Tệp này không phải là “Tình hình đã duyệt, đã chi (số liệu đầu kỳ)” mà giống “Danh mục đề án của kế hoạch "
            "năm”: hãy nhập đúng loại danh sách."
        ]
    }
    with pytest.raises(Refused) as refusal:
        bring_pasted(plan=plan, kind="opening", text="Một\tHai\n1\t2", actor=centre_staff)
    assert "không có dòng tiêu đề" in refusal.value.message_dict["pasted"][0]
