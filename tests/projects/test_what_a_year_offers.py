"""Contents and types of establishments are those of the law of the plan's year; what a record holds is kept, marked."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import Membership, User
from programmes.models import ActivityType, AnnualPlan
from projects.models import Beneficiary, Project, Support
from projects.refusals import Refused
from projects.rules.warnings import warnings_of
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.factories import MILLION, make_plan, make_project, source
from tests.people import Tree
from tests.sent import fields_of
from tests.there import there

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

OF_2025 = ("Nghệ nhân", "Liên hiệp hợp tác xã", "Chủ đầu tư hạ tầng cụm công nghiệp")
ARTISAN_2006 = "Loại hình “Nghệ nhân” không thuộc đối tượng hỗ trợ (nghệ nhân mới có từ ngày 15/10/2025"


def plan_of(user: User, year: int) -> AnnualPlan:
    return make_plan(organisation=user.memberships.get().scope, year=year)


def entry_page(client: Client, user: User, year: int) -> str:
    client.force_login(user)
    return client.get(reverse("projects:project_create"), {"plan": plan_of(user, year).pk}).content.decode()


def select(page: str, name: str) -> str:
    """What stands between the tags of a list."""
    found = re.search(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("year", "is_offered"), [(2006, False), (2012, False), (2024, False), (2025, True), (2026, True)]
)
def test_types_of_the_decree_of_2025_are_offered_from_its_year(
    client: Client, centre_staff: User, year: int, is_offered: bool
) -> None:
    offered = select(entry_page(client, centre_staff, year), "support-0-type")
    assert [name in offered for name in OF_2025] == [is_offered] * 3
    assert "Hợp tác xã" in offered and "Tổ hợp tác" in offered and "Hộ kinh doanh" in offered


@pytest.mark.parametrize(
    ("year", "decrees"),
    [(2006, ["134"]), (2011, ["134"]), (2012, ["134", "45"]), (2013, ["45"]), (2026, ["45"])],
)
def test_contents_of_the_entry_form_are_of_the_decrees_of_the_year(
    client: Client, centre_staff: User, year: int, decrees: list[str]
) -> None:
    """In 2012 one decree followed the other: both stand there, each with its contents under it."""
    offered = select(entry_page(client, centre_staff, year), "content-0-activity_type")
    assert ("Hợp tác quốc tế" in offered) == ("45" in decrees)
    assert ("Tư vấn, thông tin" in offered) == ("134" in decrees)
    groups = re.findall(r'<optgroup label="NĐ (\d+)/', offered)
    assert groups == (decrees if len(decrees) > 1 else [])


def typed(**changes: str) -> dict[str, str]:
    content = ActivityType.objects.get(code="134-1").pk
    rows = {"content-TOTAL_FORMS": "1", "content-INITIAL_FORMS": "0", "content-0-activity_type": str(content)}
    rows |= {"support-TOTAL_FORMS": "1", "support-INITIAL_FORMS": "0", "support-0-name": "Nguyễn Văn Hòa"}
    return {"name": "Truyền nghề chạm bạc", "kind": "single", "area_scope": "not_fixed", **rows, **changes}


def test_a_type_of_another_time_is_refused_with_the_words_of_the_law(client: Client, centre_staff: User) -> None:
    """A page may stand open for long, and an address may be typed by hand."""
    client.force_login(centre_staff)
    address = f"{reverse('projects:project_create')}?plan={plan_of(centre_staff, 2006).pk}"
    answer = client.post(address, typed(**{"support-0-type": "artisan"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and ARTISAN_2006 in page
    assert "Nguyễn Văn Hòa" in page and not Beneficiary.objects.exists()
    assert client.post(address, typed(**{"support-0-type": "household"})).status_code == 302


def entered(user: User, plan: AnnualPlan, *, content: str, kind: str) -> Project:
    new = Beneficiary(province=plan.organisation.province(), name="Nguyễn Văn Hòa", type=kind)
    contents = [ContentInput(ActivityType.objects.get(code=content), {source("KCDP"): 10 * MILLION})]
    data = ProjectInput(plan=plan, contents=contents, supports=[SupportInput(new_beneficiary=new)])
    return create_project(project=Project(name="Truyền nghề", area_scope="not_fixed"), data=data, actor=user)


@pytest.mark.parametrize(
    ("year", "content", "kind", "code"),
    [
        (2006, "134-1", "artisan", "type_of_another_time"),
        (2024, "45-1", "cluster_investor", "type_of_another_time"),
        (2006, "45-1", "household", "content_of_another_time"),
        (2026, "134-1", "household", "content_of_another_time"),
        (2025, "45-1", "artisan", ""),
        (2012, "134-1", "household", ""),
        (2012, "45-1", "household", ""),
        (2006, "134-1", "cooperative_union", ""),  # whether they were meant was not read: not refused
    ],
)
def test_the_service_refuses_what_is_of_another_time(
    centre_staff: User, year: int, content: str, kind: str, code: str
) -> None:
    plan = plan_of(centre_staff, year)
    if not code:
        assert entered(centre_staff, plan, content=content, kind=kind).pk
        return
    with pytest.raises(Refused) as refused:
        entered(centre_staff, plan, content=content, kind=kind)
    assert refused.value.code == code and str(year) in " ".join(refused.value.messages)
    assert not Project.objects.exists() and not Beneficiary.objects.exists()


def test_a_record_that_holds_an_artisan_keeps_him_with_a_mark(client: Client, centre_staff: User) -> None:
    """The registry knows what he is today; what he was in 2006 it does not say, so the project is warned and kept."""
    plan = plan_of(centre_staff, 2006)
    project = make_project(plan=plan, by=centre_staff)
    artisan = Beneficiary.objects.create(province=plan.organisation.province(), name="Nguyễn Văn Hòa", type="artisan")
    Support.objects.create(project=project, beneficiary=artisan)
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    page = client.get(address).content.decode()
    assert ARTISAN_2006 in page and "Nghệ nhân" not in select(page, "support-1-type")
    [warning] = [one for one in warnings_of(project, user=None) if one.code.startswith("type")]
    assert warning.needs_reason and warning.citation == "NĐ 134/2004/NĐ-CP (chưa xác nhận)"
    assert client.post(address, fields_of(client.get(address)) | {"notes": "Đã gọi điện"}).status_code == 302
    assert set(project.supports.values_list("beneficiary", flat=True)) == {None, artisan.pk}


def test_the_list_of_projects_groups_contents_by_decree(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    page = client.get(reverse("projects:project_list"), {"activity": "45-8"}).content.decode()
    offered = select(page, "activity")
    assert re.findall(r'<optgroup label="(.*?)">', offered) == ["NĐ 134/2004/NĐ-CP", "NĐ 45/2012/NĐ-CP"]
    assert '<option value="45-8" selected>Hợp tác quốc tế</option>' in offered
    assert "Nội dung: Hợp tác quốc tế" in page, "what is chosen stands in words where the list is folded"


def test_an_administrator_chooses_a_content_under_its_decree(client: Client, tree: Tree) -> None:
    keeper = User.objects.create(username="keeper", full_name="Quản trị")
    Membership.objects.create(user=keeper, scope=there(tree.province), role="administrator")
    client.force_login(keeper)
    offered = select(client.get(reverse("admin:programmes_supportnorm_add")).content.decode(), "activity_type")
    assert re.findall(r'<optgroup label="(.*?)">', offered) == ["NĐ 134/2004/NĐ-CP", "NĐ 45/2012/NĐ-CP"]
