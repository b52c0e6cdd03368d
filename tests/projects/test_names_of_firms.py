"""Two people write one firm in two ways: it is found, asked about, and not supported twice unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AdminUnit
from projects.models import Beneficiary, Project, Support
from projects.rules.warnings import warnings_of
from tests.law import project_of
from tests.people import Tree

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "0200123456", "0201234567"


@pytest.fixture
def company(tree: Tree) -> Beneficiary:
    name = "Công ty Cổ phần Thương mại và Sản xuất Ánh Thảo"
    return Beneficiary.objects.create(province=tree.province, name=name, type="enterprise", tax_code=CODE)


@pytest.mark.parametrize("typed", ["cty cp ánh thảo", "CTCP TM&SX Ánh Thảo", "cong ty co phan tmsx anh thao", "anh th"])
def test_registry_and_projects_are_searched_by_short_forms(
    client: Client, centre_staff: User, company: Beneficiary, typed: str
) -> None:
    other = Beneficiary.objects.create(province=company.province, name="HTX Ánh Dương", type="cooperative")
    assert list(Beneficiary.objects.matching(typed)) == [company] and other
    project = project_of(by=centre_staff, year=2019, content="134-1")
    Support.objects.create(project=project, beneficiary=company)
    assert list(Project.objects.matching(typed)) == [project]


def entered(client: Client, name: str, **more: str) -> str:
    answer = client.post(reverse("projects:beneficiary_create"), {"name": name, "type": "enterprise", **more})
    return "" if answer.status_code == 302 else answer.content.decode()


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("CTCP TM&SX Ánh Thảo", "", "Danh bạ đã có đơn vị cùng tên."),
        ("Cty TNHH Ánh Thảo", "", "Danh bạ đã có đơn vị tên gần giống"),
        ("Chi nhánh Kiến An", f"{CODE}-001", "hoặc cùng mã số thuế của đơn vị mẹ"),
        ("Cty TNHH Ánh Thảo", OTHER_CODE, ""),
        ("Công ty CP Ánh Thảo Nguyên", "", ""),
    ],
)
def test_a_twin_is_asked_about_and_another_firm_is_not(
    client: Client, centre_staff: User, company: Beneficiary, name: str, code: str, said: str
) -> None:
    client.force_login(centre_staff)
    page = entered(client, name, tax_code=code)
    assert said in page and bool(page) == bool(said)
    if said:
        assert company.get_absolute_url() in page, "the one that may be the same is shown"
        assert entered(client, name, tax_code=code, is_another="on") == ""


def helped(by: User, year: int, beneficiary: Beneficiary, status: str = "") -> Project:
    project = project_of(by=by, year=year, name=f"Đề án {year}")
    Support.objects.create(project=project, beneficiary=beneficiary)
    if status:
        Project.objects.filter(pk=project.pk).update(status=status)
    return Project.objects.get(pk=project.pk)


def said_of(project: Project, user: User) -> list[str]:
    return [one.text for one in warnings_of(project, user=user) if one.code == "already_supported"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "Chi nhánh Kiến An", "tax_code": f"{CODE}-001"}, "Chi nhánh Kiến An đã được hỗ trợ"),
        ({"name": "CTCP TM & SX Ánh Thảo"}, "Một đơn vị cùng tên với CTCP TM & SX Ánh Thảo đã được hỗ trợ"),
        ({"name": "CTCP TM & SX Ánh Thảo", "tax_code": OTHER_CODE}, ""),
        ({"name": "CTCP TM & SX Ánh Thảo", "unit": "316"}, ""),
        ({"name": "Công ty TNHH Ánh Thảo"}, "Một đơn vị có tên gần giống Công ty TNHH Ánh Thảo đã được hỗ trợ"),
        ({"name": "Công ty TNHH Ánh Thảo", "tax_code": OTHER_CODE}, ""),
    ],
)
@pytest.mark.usefixtures("law")
def test_support_of_a_branch_or_of_one_of_that_name_is_told(
    centre_staff: User, company: Beneficiary, values: dict[str, Any], said: str
) -> None:
    """Two tax codes or two places tell two establishments apart."""
    Beneficiary.objects.filter(pk=company.pk).update(unit=AdminUnit.objects.get(code="315", kind="district"))
    helped(centre_staff, 2018, company, "approved")
    if "unit" in values:
        values = values | {"unit": AdminUnit.objects.get(code="316", kind="district")}
    twin = Beneficiary.objects.create(province=company.province, type="enterprise", **values)
    found = said_of(helped(centre_staff, 2019, twin), centre_staff)
    assert len(found) == bool(said) and said in "".join(found)
