"""Bắc Giang's national projects of 2018 and 2020 as they were: each of several establishments, in wards and communes.

QĐ 4768/QĐ-BCT of 22/12/2017: 400 for two; QĐ 3872/QĐ-BCT of 27/12/2019: 900 for three and 600 for two (field-rules §9).
The decision gives a project its sum; what each establishment got of it was not published, so one content has the sum
and the number of establishments, and the ceiling of each of them times that number.
"""

from __future__ import annotations

import datetime as dt

import pytest

from khuyencong.accounts.models import User
from programmes.models import ActivityType, AdminUnit, AnnualPlan, CityClass
from projects.models import Beneficiary, Project, WarningCode
from projects.rules.eligibility import place_answers
from projects.rules.norms import NormAnswer
from projects.rules.warning_facts import load_facts
from projects.rules.warnings import findings_of
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from projects.services.projects import create_project
from tests.factories import MILLION, make_plan, source
from tests.law import norm_named
from tests.people import make_person, make_tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]

OF_2018, OF_2020 = dt.date(2017, 12, 22), dt.date(2019, 12, 27)
D45 = "NĐ 45/2012/NĐ-CP, Điều 1 khoản 2 điểm a"
# Name, money in triệu đồng, day of approval, and who is helped where.
PROJECTS = {
    "bê tông, gạch không nung": (
        *(400, OF_2018),
        {
            "Công ty TNHH MTV Xây dựng, Dịch vụ và Thương mại Cơ Tấn": "Xã Song Mai",
            "Công ty TNHH Sản xuất vật liệu xây dựng và Thương mại Tân Phát": "Thị trấn Thanh Sơn",
        },
    ),
    "cơ khí": (
        *(900, OF_2020),
        {
            "Công ty TNHH Cơ khí chính xác Thành Phát": "Phường Dĩnh Kế",
            "Công ty TNHH KORESU": "Xã Tân Dĩnh",
            "Công ty TNHH MTV Kim khí Bắc Giang": "Phường Thọ Xương",
        },
    ),
    "bao bì": (
        *(600, OF_2020),
        {
            "Công ty TNHH Thương mại và Sản xuất bao bì Ánh Thảo": "Phường Trần Phú",
            "Công ty CP Giấy xuất khẩu Bắc Giang": "Phường Mỹ Độ",
        },
    ),
}


@pytest.fixture
def staff(law: None) -> User:
    return make_person(role="centre_staff", scope=make_tree(code="bac-giang", name="Bắc Giang", area_code="24").centre)


@pytest.fixture
def places(staff: User) -> dict[str, AdminUnit]:
    """The city was of class 2, as the sources of the plan of 2020 have it; since when is not asked here."""
    province = AdminUnit.objects.create(code="24", kind="province", name="Tỉnh Bắc Giang")
    city = AdminUnit.objects.create(code="213", kind="city", name="Thành phố Bắc Giang", parent=province)
    CityClass.objects.create(unit_code="213", urban_class=2, effective_from=dt.date(2014, 12, 3))
    found = {
        name: AdminUnit.objects.create(code=f"213.{number}", kind="ward", name=name, parent=city)
        for number, name in enumerate(("Phường Dĩnh Kế", "Phường Thọ Xương", "Phường Trần Phú", "Phường Mỹ Độ"))
    }
    found["Xã Song Mai"] = AdminUnit.objects.create(code="213.9", kind="commune", name="Xã Song Mai", parent=city)
    for code, kind, name, district in (
        ("217.1", "commune", "Xã Tân Dĩnh", "Huyện Lạng Giang"),
        ("220.1", "township", "Thị trấn Thanh Sơn", "Huyện Sơn Động"),
    ):
        above = AdminUnit.objects.create(code=code[:3], kind="district", name=district, parent=province)
        found[name] = AdminUnit.objects.create(code=code, kind=kind, name=name, parent=above)
    return found


def entered(
    staff: User, places: dict[str, AdminUnit], name: str, millions: int | None = None
) -> tuple[Project, dt.date]:
    """The project as its Centre would enter it, all its establishments in one."""
    granted, on, helped = PROJECTS[name]
    centre = staff.memberships.get().scope
    plan = AnnualPlan.objects.filter(year=on.year + 1).first() or make_plan(organisation=centre, year=on.year + 1)
    amounts = {source("KCQG"): (millions or granted) * MILLION, source("DOIUNG"): 2_000 * MILLION}
    content = ContentInput(
        ActivityType.objects.get(code="45-3"), amounts, 3_000 * MILLION, len(helped), norm_named("machinery", on)
    )
    new = [
        Beneficiary(province=centre.province(), name=one, type="enterprise", unit=places[at])
        for one, at in helped.items()
    ]
    data = ProjectInput(
        plan=plan,
        contents=[content],
        places=[places[at] for at in helped.values()],
        supports=[SupportInput(new_beneficiary=one) for one in new],
    )
    project = create_project(
        project=Project(name=f"Ứng dụng máy móc: {name}", area_scope="units"), data=data, actor=staff, is_another=True
    )
    return Project.objects.get(pk=project.pk), on


@pytest.mark.parametrize("name", PROJECTS)
def test_each_project_is_one_record_exactly_at_the_ceiling_of_its_day(
    staff: User, places: dict[str, AdminUnit], name: str
) -> None:
    project, on = entered(staff, places, name)
    granted, _on, helped = PROJECTS[name]
    assert project.supports.count() == project.places.count() == len(helped)
    found = findings_of(project, user=None, on=on)
    [one] = found.assessments
    each = 200 if on == OF_2018 else 300
    assert (one.answer, one.limit_vnd) == (NormAnswer.WITHIN, each * len(helped) * MILLION)
    assert granted == each * len(helped)
    assert [one.code for one in found.warnings] == [WarningCode.COMMITMENT_MISSING], "no paper of them was published"
    over, _day = entered(staff, places, name, granted + 1)
    [more] = findings_of(over, user=None, on=on).assessments
    assert more.answer == NormAnswer.OVER


def test_what_was_right_in_2020_is_over_by_the_norm_of_2017(staff: User, places: dict[str, AdminUnit]) -> None:
    project, _on = entered(staff, places, "bao bì")
    [one] = findings_of(project, user=None, on=OF_2018).assessments
    assert (one.answer, one.limit_vnd) == (NormAnswer.OVER, 400 * MILLION)


@pytest.mark.parametrize("name", PROJECTS)
def test_wards_of_a_class_2_city_and_communes_are_eligible(
    staff: User, places: dict[str, AdminUnit], name: str
) -> None:
    project, on = entered(staff, places, name)
    answers = place_answers(project, load_facts([project], on=on).places, on)
    assert {(one.unit.name, one.answer.value, one.citation) for one in answers} == {
        (at, "eligible", D45) for at in PROJECTS[name][2].values()
    }


def test_an_establishment_alone_has_one_ceiling(staff: User, places: dict[str, AdminUnit]) -> None:
    """Three establishments are three units; a number that does not count them would let each have less or more."""
    project, on = entered(staff, places, "cơ khí")
    project.components.update(units=2)
    [one] = findings_of(Project.objects.get(pk=project.pk), user=None, on=on).assessments
    assert (one.answer, one.limit_vnd) == (NormAnswer.OVER, 600 * MILLION)
