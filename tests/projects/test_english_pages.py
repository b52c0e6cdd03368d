"""In English: names and explanations are translated, counts agree, and what the law says stays as it is written."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from khuyencong.accounts.models import User
from projects.desk.inbox import inbox
from projects.rules.permissions import RIGHTS
from projects.rules.warnings import findings_of
from tests.factories import MILLION, district, make_plan, make_project
from tests.law import project_of
from tests.people import Tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_norms_have_units_in_english_and_items_as_the_law_words_them(english: Client, observer: User) -> None:
    english.force_login(observer)
    page = english.get(reverse("projects:norm_list"), {"on": "01/06/2019"}).content.decode()
    assert '<span lang="vi">Chuyển giao công nghệ, ứng dụng máy móc tiên tiến</span>' in page
    assert "/establishment<" in page and "Demonstration models, technology transfer, machinery" in page
    assert '<span lang="vi">TT 28/2018/TT-BTC, Điều 8 khoản 4</span>' in page and "/cơ sở" not in page


def test_in_vietnamese_nothing_is_marked_as_another_language(client: Client, observer: User) -> None:
    client.force_login(observer)
    page = client.get(reverse("projects:norm_list"), {"on": "01/06/2019"}).content.decode()
    assert "lang=" not in page.split("<main")[1].split("</main>")[0] and "/cơ sở<" in page


def test_warning_is_one_language_throughout(centre_staff: User) -> None:
    """Also its explanation and the name of the content."""
    project = project_of(by=centre_staff, year=2019, norm="machinery", units=1, amounts={"KCQG": 400 * MILLION})
    with override("en"):
        texts = [one.text for one in findings_of(project, user=None).warnings]
    assert any("300.000.000 VND per establishment" in text for text in texts)
    assert any("its own share" in text for text in texts)


def test_one_project_waits_as_one(english: Client, centre_head: User, centre_staff: User, tree: Tree) -> None:
    make_project(plan=make_plan(organisation=tree.centre), by=centre_staff, places=[district()])
    english.force_login(centre_head)
    page = english.get(reverse("projects:home")).content.decode()
    assert "Submit round 1 (KCĐP) of 2006 to the Department" in page and "· 1 project<" in page
    with override("vi"):
        assert inbox(centre_head)[0].label == "Gửi đợt 1 (KCĐP) năm 2006 lên Sở"


def test_refusal_names_who_may_do_it() -> None:
    with override("en"):
        said = RIGHTS["submit_centre"].refusal()
    assert said == "Only these roles may submit the Centre's reports: centre head."
