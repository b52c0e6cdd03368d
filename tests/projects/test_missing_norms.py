"""The administrator of a province is told which norms of its own are missing, where they stand, how to enter them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import Regulation, SupportNorm
from projects.pages.missing_norms import missing_norms
from tests.law import norm_named
from tests.people import Tree, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

ON = dt.date(2026, 11, 30)


@pytest.fixture
def keeper(tree: Tree) -> User:
    return make_person(role="administrator", scope=tree.province, full_name="Quản trị thành phố")


def keep(tree: Tree, code: str) -> None:
    """The city's own norm in the place of that one."""
    norm = norm_named(code, ON)
    law = Regulation.objects.get(code="QD21-2019-HP")
    norm.pk, norm.province, norm.regulation, norm.funding_level = None, tree.province, law, "city"
    norm.save()


def test_what_is_missing_goes_when_it_is_entered(tree: Tree, keeper: User) -> None:
    [before] = missing_norms(keeper, ON)
    assert before.province == tree.province and before.document == Regulation.objects.get(code="QD21-2019-HP")
    codes = {norm.code for norm in before.norms}
    assert {"machinery", "trademark"} <= codes and "vocational_training" not in codes, "what has no ceiling is no gap"
    keep(tree, "machinery")
    [after] = missing_norms(keeper, ON)
    assert codes - {norm.code for norm in after.norms} == {"machinery"}


def test_with_all_entered_nothing_is_said(tree: Tree, keeper: User) -> None:
    SupportNorm.objects.in_force(ON).exclude(code="machinery").delete()
    keep(tree, "machinery")
    assert missing_norms(keeper, ON) == []


def test_the_page_tells_the_administrator_alone(client: Client, keeper: User, centre_staff: User) -> None:
    client.force_login(keeper)
    page = client.get(reverse("projects:norm_list")).content.decode()
    assert "Mức riêng chưa nhập" in page and "QĐ 21/2019/QĐ-UBND" in page and "Thay cho mức" in page
    assert "kế hoạch vẫn lập và duyệt bình thường" in page
    assert "Mức riêng chưa nhập" not in client.get(reverse("projects:norm_list"), {"on": "16/06/2006"}).content.decode()
    client.force_login(centre_staff)
    assert "Mức riêng chưa nhập" not in client.get(reverse("projects:norm_list")).content.decode()
