"""A project of one year becomes one of another: its contents are those in force, its days move along."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.content_successors import ContentsOfYear
from programmes.models import ActivityType, AnnualPlan
from projects.models import Project
from projects.rules.plan_years import moved_by_years
from tests.factories import MILLION, make_plan, make_project
from tests.sent import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


@pytest.fixture
def old_plan(centre_staff: User) -> AnnualPlan:
    return make_plan(organisation=centre_staff.memberships.get().scope)


@pytest.fixture
def new_plan(old_plan: AnnualPlan) -> AnnualPlan:
    return make_plan(organisation=old_plan.organisation, year=2021)


def old_project(plan: AnnualPlan, by: User, *contents: str) -> Project:
    asked = {code: {"KCDP": 60 * MILLION} for code in contents}
    project = make_project(plan=plan, by=by, name="Thêu ren", contents=asked)
    Project.objects.filter(pk=project.pk).update(start_on=dt.date(2006, 3, 1), end_on=dt.date(2006, 11, 30))
    return project


def content(code: str) -> ActivityType:
    return ActivityType.objects.get(code=code)


def test_each_content_of_the_first_decree_has_its_counterpart(old_plan: AnnualPlan) -> None:
    known = ContentsOfYear(2021)
    became = {
        row.code: [one.code for one in known.counterparts_of(row)]
        for row in ActivityType.objects.filter(regulation__code="ND134")
    }
    assert became == {
        "134-1": ["45-1"],
        "134-2": ["45-2"],
        "134-3": ["45-3"],
        "134-4": ["45-4"],
        "134-5": ["45-5", "45-6"],
        "134-6": ["45-7"],
        "134-7": ["45-9"],
    }
    both, before = ContentsOfYear(2012), ContentsOfYear(2006)
    assert both.counterparts_of(content("134-5")) == [content("134-5")], "in force in part of the year"
    assert before.counterparts_of(content("45-6")) == [content("134-5")]
    assert before.counterparts_of(content("45-8")) == []


def test_copy_of_an_old_project_has_the_contents_and_days_of_the_new_year(
    client: Client, centre_staff: User, old_plan: AnnualPlan, new_plan: AnnualPlan
) -> None:
    old = old_project(old_plan, centre_staff, "134-1")
    client.force_login(centre_staff)
    form = fields_of(client.get(f"{reverse('projects:project_create')}?plan={new_plan.pk}&copy={old.pk}"))
    assert form["content-0-activity_type"] == str(content("45-1").pk)
    assert (form["name"], form["content-0-amount_KCDP"]) == ("Thêu ren", "60")
    assert (form["start_on"], form["end_on"]) == ("01/03/2021", "30/11/2021")


def test_content_that_became_two_is_left_to_be_chosen(
    client: Client, centre_staff: User, old_plan: AnnualPlan, new_plan: AnnualPlan
) -> None:
    old = old_project(old_plan, centre_staff, "134-5", "134-1")
    client.force_login(centre_staff)
    page = client.get(f"{reverse('projects:project_create')}?plan={new_plan.pk}&copy={old.pk}")
    form, text = fields_of(page), page.content.decode()
    assert form["content-0-activity_type"] == "" and form["content-0-amount_KCDP"] == "60"
    assert form["content-1-activity_type"] == str(content("45-1").pk)
    assert "Nội dung cũ: “Tư vấn, thông tin” (NĐ 134/2004/NĐ-CP)." in text
    assert "Chọn một trong: “Tư vấn trợ giúp cơ sở”, “Thông tin, tuyên truyền”." in text


def test_next_of_its_kind_keeps_what_repeats(
    client: Client, centre_staff: User, centre_head: User, old_plan: AnnualPlan
) -> None:
    """Content, places, time and who answers for it; the name is typed first."""
    project = old_project(old_plan, centre_staff, "134-1")
    Project.objects.filter(pk=project.pk).update(officer=centre_head)
    client.force_login(centre_staff)
    sent = fields_of(client.get(f"{reverse('projects:project_create')}?plan={old_plan.pk}&copy={project.pk}"))
    sent |= {"name": "Chiếu cói", "officer": str(centre_head.pk), "save_and_new": "1"}
    done = client.post(f"{reverse('projects:project_create')}?plan={old_plan.pk}", sent, follow=True)
    assert done.redirect_chain[-1][0].endswith(f"&next={Project.objects.latest('pk').pk}")
    form, text = fields_of(done), done.content.decode()
    assert form["content-0-activity_type"] == str(content("134-1").pk)
    assert (form["places"], form["start_on"], form["end_on"]) == (sent["places"], "01/03/2006", "30/11/2006")
    assert (form["officer"], form["kind"]) == (str(centre_head.pk), "group")
    assert not any(form.get(name) for name in ("name", "support-0-name", "content-0-amount_KCDP", "code"))
    assert "autofocus" in text.partition('name="name"')[2][:200] and "Thêm đề án</h1>" in text


def test_places_that_were_only_copied_go_with_the_scope(
    client: Client, centre_staff: User, old_plan: AnnualPlan
) -> None:
    """Who chooses the whole city does not have to clear first what the page brought along; what was typed is asked."""
    project = old_project(old_plan, centre_staff, "134-1")
    client.force_login(centre_staff)
    address = f"{reverse('projects:project_create')}?plan={old_plan.pk}&next={project.pk}"
    sent = fields_of(client.get(address)) | {"name": "Hội chợ", "area_scope": "whole_city", "kind": "task"}
    assert sent["places"]
    refused = client.post(address, sent | {"places": "Huyện Tiên Lãng, Huyện Kiến Thụy"})
    assert refused.status_code == 422
    assert client.post(address, sent).status_code == 302
    made = Project.objects.get(name="Hội chợ")
    assert (made.area_scope, list(made.places.all())) == ("whole_city", [])
    address = f"{reverse('projects:project_create')}?plan={old_plan.pk}&next={made.pk}"
    sent = fields_of(client.get(address)) | {"name": "Thêu", "places": sent["places"], "kind": "group"}
    assert sent["area_scope"] == "whole_city" and client.post(address, sent).status_code == 302
    assert Project.objects.get(name="Thêu").area_scope == "units"


def test_days_move_by_whole_years() -> None:
    assert moved_by_years(dt.date(2004, 2, 29), 15) == dt.date(2019, 2, 28)
    assert moved_by_years(dt.date(2004, 2, 29), 16) == dt.date(2020, 2, 29)
    assert moved_by_years(None, 3) is None
