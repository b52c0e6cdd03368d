"""What a list did not bring is told when the rest is written, and stays on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.models import Project
from tests.importing.lists import FAIR, HEADER, TRAINING, answered, brought, changed, imported, plan_of, workbook
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    return plan_of(centre_staff)


def test_rows_that_stayed_behind_are_named_when_the_others_are_written(
    plan: AnnualPlan, centre_staff: User, client: Client
) -> None:
    wrong = changed(TRAINING, A=3, B="Đào tạo nghề may", C="HTX 079123456789", G="40,5x")
    unknown = changed(TRAINING, A=4, B="Đào tạo nghề mộc", D="Xã Không Có")
    content = workbook([HEADER, TRAINING, FAIR, wrong, unknown])
    batch = answered(brought(plan, content, centre_staff), centre_staff, {"place": "skip"})
    client.force_login(centre_staff)
    sent = fields_of(client.get(batch.get_absolute_url())) | {"write": "1"}
    page = client.post(batch.get_absolute_url(), sent, follow=True).content.decode()
    assert "Đã nhập 2 dòng" in page and "Còn 2 dòng không nhập." in page
    batch.refresh_from_db()
    assert batch.left_out == [
        "Danh mục!7 Đào tạo nghề may: Danh mục!G7: “40,5x”: không phải là số tiền",
        "Danh mục!8 Đào tạo nghề mộc: không nhập theo lựa chọn",
    ]
    again = client.get(batch.get_absolute_url()).content.decode()
    assert all(text in again for text in batch.left_out) and "2 dòng không nhập" in again


def test_put_right_and_brought_again_only_what_was_left_out_is_added(plan: AnnualPlan, centre_staff: User) -> None:
    second = changed(TRAINING, A=2, B="Đào tạo nghề may", G="40,5x")
    imported(plan, workbook([HEADER, TRAINING, second]), centre_staff)
    batch = imported(plan, workbook([HEADER, TRAINING, changed(second, G=40.5)]), centre_staff)
    assert sorted(batch.rows.values_list("became", flat=True)) == ["equal", "new"]
    assert Project.objects.in_plans([plan]).count() == 2 and batch.left_out == []
