"""Reference data in the admin: one's own province's rows, and units that projects name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khuyencong.accounts.models import Membership, Organisation, User
from programmes.models import ActivityType, AdminUnit, Authority, FundingSource, Regulation, SupportNorm
from projects.models import Project
from tests.accounts.pages import address, shown
from tests.factories import activity, district, make_plan, make_project
from tests.people import Tree, make_person, make_tree

pytestmark = pytest.mark.django_db


def norm(code: str, province: Organisation | None) -> SupportNorm:
    return SupportNorm.objects.create(
        code=code,
        item=code,
        province=province,
        regulation=activity().regulation,
        clause="Điều 1",
        funding_level="city",
        activity_type=activity(),
        unit="cơ sở",
        max_percent=50,
        effective_from="2020-01-01",
    )


def test_reading_another_province_does_not_open_its_norms_and_authorities(
    signed_in: Client, administrator: User, tree: Tree
) -> None:
    other = make_tree(code="quang-ninh", name="Quảng Ninh", area_code="22").province
    Membership.objects.create(user=administrator, scope=other, role="observer")
    mine, theirs = norm("mine", tree.province), norm("theirs", other)
    authority = Authority.objects.create(code="theirs", name="UBND tỉnh Quảng Ninh", level="city", province=other)
    assert shown(signed_in, "supportnorm") == {str(mine)}
    assert shown(signed_in, "authority") == set()
    for name, row in (("supportnorm", theirs), ("authority", authority)):
        assert signed_in.post(address(name, "change", row.pk), {"max_percent": "99"}).status_code == 302
        assert signed_in.post(address(name, "delete", row.pk), {"post": "yes"}).status_code == 302
    data = {"code": "new", "name": "Mới", "level": "city", "province": str(other.pk)}
    assert signed_in.post(address("authority", "add"), data).status_code == 200
    assert not Authority.objects.filter(code="new").exists()
    theirs.refresh_from_db()
    assert theirs.max_percent == 50


@pytest.mark.parametrize("level", ["province", "department", "centre"])
def test_administrator_of_a_part_keeps_the_norms_of_the_province(client: Client, tree: Tree, level: str) -> None:
    row = norm("mine", tree.province)
    client.force_login(make_person(role="administrator", scope=getattr(tree, level), username="local"))
    assert shown(client, "supportnorm") == {str(row)}


def test_code_is_not_changed_after_it_was_typed(signed_in: Client) -> None:
    source = FundingSource.objects.create(code="KHAC", name="Khác", short_name="Khác", level="other")
    data = {"code": "MOI", "name": "Nguồn khác", "short_name": "Khác", "level": "other", "position": "4"}
    assert signed_in.post(address("fundingsource", "change", source.pk), data).status_code == 302
    source.refresh_from_db()
    assert (source.code, source.name) == ("KHAC", "Nguồn khác")


def test_norm_that_was_not_read_in_the_document_is_marked(signed_in: Client) -> None:
    norm("unread", None)
    assert "icon-no" in signed_in.get(address("supportnorm", "changelist")).content.decode()


@pytest.fixture
def project(tree: Tree, centre_staff: User) -> Project:
    return make_project(plan=make_plan(organisation=tree.centre), by=centre_staff, places=[district()])


def test_unit_that_a_project_names_is_not_deleted(signed_in: Client, project: Project) -> None:
    unit = project.places.get()
    assert signed_in.post(address("adminunit", "delete", unit.pk), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": str(unit.pk), "post": "yes"}
    signed_in.post(address("adminunit", "changelist"), data)
    assert project.places.get() == unit


def test_unit_that_nothing_names_is_deleted(signed_in: Client) -> None:
    unit = district("314", "Huyện Kiến Thụy")
    assert signed_in.post(address("adminunit", "delete", unit.pk), {"post": "yes"}).status_code == 302
    assert not AdminUnit.objects.filter(pk=unit.pk).exists()


def test_unit_is_found_without_marks(signed_in: Client) -> None:
    district()
    assert shown(signed_in, "adminunit", q="tien lang") == {"Huyện Tiên Lãng"}
    assert shown(signed_in, "adminunit", q="thuy nguyen") == set()


def add_rows(number: int, tree: Tree) -> None:
    """One more of each kind that is kept here, with all that its list shows."""
    regulation = Regulation.objects.create(code=f"R{number}", number=f"{number}/NĐ", title="Nghị định")
    ActivityType.objects.create(code=f"A{number}", short_name="a", legal_wording="a", regulation=regulation)
    FundingSource.objects.create(code=f"F{number}", name="f", short_name="f", level="other")
    Authority.objects.create(code=f"u{number}", name="u", level="city", province=tree.province)
    norm(f"n{number}", tree.province)
    district(f"9{number}", f"Huyện {number}")
    make_person(role="observer", scope=tree.centre, username=f"person{number}")
    Organisation.objects.create(code=f"o{number}", kind="centre", name="o", parent=tree.department)


NAMES = ["regulation", "activitytype", "fundingsource", "supportnorm", "authority", "adminunit", "user", "organisation"]


@pytest.mark.parametrize("name", NAMES)
def test_lists_ask_as_often_for_many_rows_as_for_few(signed_in: Client, tree: Tree, name: str) -> None:
    page = address(name, "changelist")
    add_rows(1, tree)
    signed_in.get(page)
    with CaptureQueriesContext(connection) as few:
        before = signed_in.get(page).context["cl"].result_count
    for number in (2, 3, 4):
        add_rows(number, tree)
    with CaptureQueriesContext(connection) as many:
        assert signed_in.get(page).context["cl"].result_count == before + 3
    assert len(many) == len(few)
