"""Two people edit the rows of one project at once: contents, amounts, places, those who are helped."""

from __future__ import annotations

import pytest
from django.test import Client

from khuyencong.accounts.models import User
from projects.models import Beneficiary, Project
from tests.factories import MILLION, activity
from tests.projects.side_by_side import amounts, both_opened, save, shared_project
from tests.sent import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(centre_staff: User) -> Project:
    return shared_project(centre_staff)


def test_two_amounts_of_one_row_two_places_and_two_beneficiaries_are_merged(
    mine: Client, theirs: Client, project: Project
) -> None:
    me, they = both_opened(mine, theirs, project)
    group = {"support-1-name": "Nhóm của lãnh đạo", "support-1-type": "group", "support-1-planned_count": "20"}
    new = {"support-1-name": "HTX Hải Tiến", "support-1-type": "cooperative"}
    assert (
        save(
            theirs, project, they, **group, **{"content-0-amount_KCDP": "70 tr"}, places="Tiên Lãng, vinh bao"
        ).status_code
        == 302
    )
    answer = save(mine, project, me, **new, **{"content-0-amount_DOIUNG": "5 tr"}, places="Tiên Lãng, kien thuy")
    assert answer.status_code == 302, answer.content.decode()
    assert amounts(project) == {"KCDP": 70 * MILLION, "DOIUNG": 5 * MILLION}
    assert {str(one) for one in project.supports.all()} == {"Lao động nông thôn", "HTX Hải Tiến", "Nhóm của lãnh đạo"}
    assert {place.code for place in project.places.all()} == {"314", "315", "316"}


def test_content_added_by_each_is_there_and_one_removed_by_the_other_is_gone(
    mine: Client, theirs: Client, project: Project
) -> None:
    third = activity("134-2", "Nâng cao năng lực quản lý")
    me, they = both_opened(mine, theirs, project)
    added = {"content-1-activity_type": str(activity("134-3").pk), "content-1-amount_KCQG": "30 tr"}
    assert save(theirs, project, they, **added, **{"content-0-DELETE": "on"}).status_code == 302
    own = {"content-1-activity_type": str(third.pk), "content-1-amount_KCDP": "10 tr"}
    assert save(mine, project, me, **own).status_code == 302
    assert {component.activity_type.code for component in project.components.all()} == {"134-2", "134-3"}
    assert amounts(project) == {"KCQG": 30 * MILLION, "KCDP": 10 * MILLION}


def test_same_new_establishment_typed_by_both_is_one(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    new = {"support-1-name": "HTX Hải Tiến", "support-1-type": "cooperative"}
    assert save(theirs, project, they, **new).status_code == 302
    assert save(mine, project, me, notes="Thêm ghi chú", **new).status_code == 302
    assert Beneficiary.objects.count() == 1 and project.supports.count() == 2


def test_row_that_one_removed_and_the_other_changed_is_asked(mine: Client, theirs: Client, project: Project) -> None:
    me, they = both_opened(mine, theirs, project)
    other = {"support-1-name": "Nhóm khác", "support-1-type": "group"}
    save(theirs, project, they, **other, **{"support-0-DELETE": "on"})
    answer = save(mine, project, me, **{"support-0-planned_count": "45"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Lao động nông thôn" in page and "Số lượng dự kiến: 45" in page
    assert save(mine, project, fields_of(answer), **{"choice-0": "mine"}).status_code == 302
    assert {(str(one), one.planned_count) for one in project.supports.all()} == {
        ("Lao động nông thôn", 45),
        ("Nhóm khác", None),
    }
