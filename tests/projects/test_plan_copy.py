"""A plan begins with what an earlier year had: ticked, copied all or none, as drafts of the new year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from khuyencong.accounts.models import User
from programmes.models import ActivityType, AnnualPlan
from projects.models import CostLine, Project
from projects.services.discarding import discard_draft
from projects.services.steps import take_step
from tests.factories import MILLION, make_plan, make_project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


@pytest.fixture
def old(centre_staff: User) -> AnnualPlan:
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    both = {"KCDP": 60 * MILLION, "DOIUNG": 20 * MILLION}
    make_project(plan=plan, by=centre_staff, name="Thêu ren", amounts=both)
    make_project(plan=plan, by=centre_staff, name="Bản tin", contents={"134-5": {"KCDP": 30 * MILLION}})
    make_project(plan=plan, by=centre_staff, name="Chiếu cói", contents={"134-3": {"KCQG": 9 * MILLION}})
    Project.objects.update(start_on=dt.date(2006, 3, 1), end_on=dt.date(2006, 11, 30), notes="Ghi chú")
    return plan


@pytest.fixture
def new(old: AnnualPlan) -> AnnualPlan:
    return make_plan(organisation=old.organisation, year=2021)


def address(plan: AnnualPlan) -> str:
    return reverse("projects:plan_copy", args=[plan.pk])


def ids(*names: str) -> list[int]:
    return [Project.objects.get(name=name, lines__round__plan__year=2006).pk for name in names]


def advice() -> str:
    return f"content-{ActivityType.objects.get(code='134-5').pk}"


def copies() -> dict[str, Project]:
    return {project.name: project for project in Project.objects.for_year(2021)}


def test_what_is_ticked_becomes_drafts_of_the_new_year(
    client: Client, centre_staff: User, centre_head: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    Project.objects.filter(name="Thêu ren").update(officer=centre_head)
    client.force_login(centre_staff)
    assert address(new) in client.get(new.get_absolute_url()).content.decode()
    page = client.get(address(new)).content.decode()
    assert page.count("checked") == 4, "three projects, and that amounts are kept"
    sent: dict[str, Any] = {"amounts": "keep", "project": ids("Thêu ren", "Bản tin"), advice(): "45-6"}
    done = client.post(address(new), sent, follow=True)
    assert "Đã sao chép 2 đề án vào kế hoạch." in done.content.decode()
    made = copies()
    assert set(made) == {"Thêu ren", "Bản tin"}
    embroidery = made["Thêu ren"]
    assert (embroidery.code, embroidery.status, embroidery.notes) == ("KC2021-001", "draft", "Ghi chú")
    assert (embroidery.start_on, embroidery.end_on) == (dt.date(2021, 3, 1), dt.date(2021, 11, 30))
    assert (embroidery.officer, embroidery.created_by) == (centre_head, centre_staff)
    assert [place.name for place in embroidery.places.all()] == ["Huyện Tiên Lãng"]
    assert embroidery.supports.get().group_description == "Lao động nông thôn"
    assert embroidery.components.get().activity_type.code == "45-1"
    assert made["Bản tin"].components.get().activity_type.code == "45-6"
    asked = CostLine.objects.filter(plan_line__project=embroidery).amounts_by("source__code")
    assert asked == {"KCDP": 60 * MILLION, "DOIUNG": 20 * MILLION}


def test_amounts_may_be_left_to_be_typed(client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan) -> None:
    client.force_login(centre_staff)
    assert client.post(address(new), {"amounts": "empty", "project": ids("Thêu ren")}).status_code == 302
    assert not CostLine.objects.filter(plan_line__project=copies()["Thêu ren"]).exists()


def test_content_that_became_two_must_be_chosen_where_it_is_copied(
    client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    refused = client.post(address(new), {"amounts": "keep", "project": ids("Thêu ren", "Bản tin")})
    assert refused.status_code == 422 and not copies()
    assert "Chọn nội dung của năm kế hoạch này." in refused.content.decode()
    assert refused.content.decode().count("checked") == 3, "what was ticked stays so"
    none = client.post(address(new), {"amounts": "keep"})
    assert none.status_code == 422 and "ít nhất một đề án" in none.content.decode()


def test_what_is_there_already_is_marked_and_not_copied_twice(
    client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    sent = {"amounts": "keep", "project": ids("Thêu ren")}
    assert client.post(address(new), sent).status_code == 302
    twice = client.post(address(new), sent)
    assert twice.status_code == 422 and "đã có đề án cùng tên" in twice.content.decode()
    page = client.get(address(new)).content.decode()
    assert "trùng tên với KC2021-001" in page and page.count("checked") == 3
    another = html.fromstring(page).xpath("//input[@name='another']/@value")
    assert client.post(address(new), {"amounts": "keep", "another": another}).status_code == 302
    assert Project.objects.for_year(2021).count() == 2


def test_what_is_ticked_as_another_one_of_its_name_is_copied_once_too(
    client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    client.post(address(new), {"amounts": "keep", "project": ids("Thêu ren")})
    boxes = html.fromstring(client.get(address(new)).content).xpath("//input[@name='another']")
    sent = {"amounts": "keep", "another": [box.get("value") for box in boxes], "project": ids("Chiếu cói")}
    assert client.post(address(new), sent).status_code == 302
    twice = client.post(address(new), sent)
    assert twice.status_code == 422 and "đã có đề án cùng tên" in twice.content.decode()
    assert Project.objects.for_year(2021).count() == 3
    assert not html.fromstring(twice.content).xpath("//input[@type='checkbox'][@checked]"), "ticked anew, or not at all"


def test_what_never_became_part_of_the_plan_is_not_offered(
    client: Client, centre_staff: User, centre_head: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    withdrawn, discarded, kept = Project.objects.order_by("pk")
    take_step(withdrawn, "withdraw", actor=centre_head, on=dt.date(2006, 2, 1), reason="Thôi")
    discard_draft(project=discarded, actor=centre_staff)
    client.force_login(centre_staff)
    page = client.get(address(new)).content.decode()
    assert kept.name in page and withdrawn.name not in page and discarded.name not in page
    tricked = client.post(address(new), {"amounts": "keep", "project": [withdrawn.pk]})
    assert tricked.status_code == 422 and not copies()


def test_any_earlier_year_may_be_chosen(client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan) -> None:
    between = make_plan(organisation=old.organisation, year=2015)
    client.force_login(centre_staff)
    assert "không có đề án nào để sao chép" in client.get(address(new)).content.decode(), "the last year comes first"
    assert "Thêu ren" in client.get(f"{address(new)}?from={old.pk}").content.decode()
    assert client.get(f"{address(between)}?from={new.pk}").status_code == 404
    assert "của năm nào trước đó" in client.get(address(old)).content.decode()


def test_place_that_the_new_year_has_not_is_left_out_and_told(
    client: Client, centre_staff: User, old: AnnualPlan
) -> None:
    plan = make_plan(organisation=old.organisation, year=2026)
    client.force_login(centre_staff)
    assert "không còn trong năm mới" in client.get(address(plan)).content.decode()
    assert client.post(address(plan), {"amounts": "keep", "project": ids("Thêu ren")}).status_code == 302
    assert not Project.objects.for_year(2026).get().places.exists()


def test_closed_books_and_strangers(
    client: Client, centre_staff: User, observer: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    client.force_login(observer)
    assert client.get(address(new)).status_code == 403
    AnnualPlan.objects.filter(pk=new.pk).update(is_closed=True)
    client.force_login(centre_staff)
    assert client.post(address(new), {"amounts": "keep", "project": ids("Thêu ren")}).status_code == 403


def test_statements_do_not_grow_with_the_projects(
    client: Client, centre_staff: User, centre_head: User, old: AnnualPlan, django_assert_max_num_queries: Any
) -> None:
    client.force_login(centre_staff)
    counts = []
    for year, more in ((2020, 2), (2021, 30)):
        plan = make_plan(organisation=old.organisation, year=year)
        for number in range(more):
            make_project(plan=old, by=centre_staff, name=f"Đề án {more}-{number}")
        Project.objects.update(officer=centre_head)
        wanted = Project.objects.filter(name__startswith=f"Đề án {more}-", lines__round__plan=old)
        page = f"{address(plan)}?from={old.pk}"
        client.get(page)
        with django_assert_max_num_queries(80) as asked:
            client.post(page, {"amounts": "keep", "project": list(wanted.values_list("pk", flat=True))})
        counts.append(len(asked))
        assert Project.objects.for_year(year).count() == more
    assert counts[0] == counts[1]


def test_what_was_asked_for_is_state_money_as_on_the_page_of_the_plan(
    client: Client, centre_staff: User, old: AnnualPlan, new: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    page = html.fromstring(client.get(address(new)).content.decode())
    [row] = [one for one in page.iterfind(".//tbody/tr") if "Thêu ren" in one.text_content()]
    assert row.find("td[@data-label='Đề nghị']").text == "60", "without the 20 of its own"
