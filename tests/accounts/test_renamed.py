"""A renamed organisation: whoever renames it says from which day, and days and papers of before keep the old name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from khuyencong.accounts.models import Organisation, User
from projects.models import Voucher
from tests.accounts.pages import address
from tests.factories import make_plan, make_project
from tests.people import Tree

pytestmark = pytest.mark.django_db
OLD = "Trung tâm Khuyến công Hải Phòng"
NEW = "Trung tâm Khuyến công và Phát triển công nghiệp"


def rename(client: Client, centre: Organisation, **typed: str) -> Any:
    counts = {f"{name}-{kind}_FORMS": "0" for name in ("former_names", "signers") for kind in ("TOTAL", "INITIAL")}
    data = {"name": NEW, **counts, **typed}
    return client.post(address("organisation", "change", centre.pk), data)


def test_day_of_the_new_name_is_asked_and_the_old_one_kept(signed_in: Client, tree: Tree) -> None:
    refused = rename(signed_in, tree.centre)
    assert refused.status_code == 200 and "Ghi ngày mang tên mới" in refused.content.decode()
    assert Organisation.objects.get(pk=tree.centre.pk).name == OLD
    assert rename(signed_in, tree.centre, renamed_on="01/07/2025").status_code == 302
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert [centre.name_on(dt.date(2025, *day)) for day in ((6, 30), (7, 1))] == [OLD, NEW]
    again = rename(signed_in, centre, name="Trung tâm Khuyến công", renamed_on="01/07/2025")
    assert "không sau tên gọi trước đây gần nhất" in again.content.decode()
    assert rename(signed_in, centre, name="Trung tâm Khuyến công", renamed_on="01/01/2026").status_code == 302
    days = (dt.date(2025, 6, 30), dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert [centre.name_on(day) for day in days] == [OLD, NEW, "Trung tâm Khuyến công"]


def test_slip_in_a_name_is_put_right_for_all_days(signed_in: Client, tree: Tree) -> None:
    assert rename(signed_in, tree.centre, name=f"{OLD}.", is_slip="on").status_code == 302
    centre = Organisation.objects.get(pk=tree.centre.pk)
    assert centre.name == f"{OLD}." and not centre.former_names.exists()
    kept = rename(signed_in, centre, name=f"{OLD}.", renamed_on="01/07/2025")
    assert "Chỉ ghi ngày khi tên được đổi." in kept.content.decode()


def test_pages_of_a_day_and_a_paper_of_a_day_bear_the_name_of_that_day(
    client: Client, centre_staff: User, accountant: User, tree: Tree
) -> None:
    plan = make_plan(organisation=tree.centre)
    project = make_project(plan=plan, by=centre_staff)
    words = {"organisation": tree.centre, "direction": "out", "payee": "Cơ sở", "content": "Tạm ứng", "year": 2006}
    voucher = Voucher.objects.create(number="PC-1", issued_on=dt.date(2006, 7, 1), recorded_by=accountant, **words)
    tree.centre.former_names.create(name=OLD, valid_to=dt.date(2025, 6, 30))
    Organisation.objects.filter(pk=tree.centre.pk).update(name=NEW)
    client.force_login(centre_staff)
    for page in (project.get_absolute_url(), plan.get_absolute_url()):
        assert NEW in (text := client.get(page).content.decode()), page
        assert OLD not in text
        then = client.get(page, {"as_of": "2006-12-31"}).content.decode()
        assert OLD in then
    assert OLD in client.get(voucher.get_absolute_url()).content.decode()
