"""Centre staff enter, find, change and copy projects; others are told why they can't."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AnnualPlan, PlanRound
from projects.models import Beneficiary, CostLine, PlanLine, Project, ProjectComponent, Support
from tests.factories import MILLION, activity, district, make_plan, make_project, submit_all
from tests.sent import opened
from tests.there import there

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre_staff: User) -> AnnualPlan:
    activity()
    activity("134-3", "Mô hình trình diễn")
    district()
    district("314", "Huyện Kiến Thụy")
    return make_plan(organisation=centre_staff.memberships.get().scope)


def typed(**changes: Any) -> dict[str, Any]:
    """What the form of a new project posts, filled for the first project of 2006."""
    data = {
        "name": "Dự án đào tạo nghề thêu ren móc chỉ",
        "kind": "single",
        "area_scope": "units",
        "places": "tien lang",
        "start_on": "",
        "end_on": "",
        "content-TOTAL_FORMS": "3",
        "content-INITIAL_FORMS": "0",
        "content-0-activity_type": str(activity().pk),
        "content-0-amount_KCDP": "60 tr",
        "support-TOTAL_FORMS": "4",
        "support-INITIAL_FORMS": "0",
        "support-0-name": "Công ty TNHH Thương mại Dũng Hồng",
        "support-0-type": "enterprise",
    }
    return data | changes


def errors_of(response: Any) -> str:
    """The text of the summary on top of a refused form."""
    page = response.content.decode()
    assert response.status_code == 422, response.status_code
    return page[page.index('class="error-summary"') : page.index('<form method="post" novalidate class="project-form"')]


def test_staff_enter_the_first_project_of_2006(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    response = client.post(reverse("projects:project_create"), typed(), follow=True)
    assert response.status_code == 200
    project = Project.objects.get()
    assert (project.code, project.status, project.officer) == ("KC2006-001", "draft", centre_staff)
    assert [place.name for place in project.places.all()] == ["Huyện Tiên Lãng"]
    assert [support.beneficiary.name for support in project.supports.all()] == ["Công ty TNHH Thương mại Dũng Hồng"]
    [cost] = CostLine.objects.select_related("source", "plan_line__round")
    assert (cost.amount_vnd, cost.source.code) == (60 * MILLION, "KCDP")
    assert (cost.plan_line.round.level, cost.plan_line.round.number) == ("city", 1)
    page = response.content.decode()
    assert "Dự án đào tạo nghề thêu ren móc chỉ" in page and "Tiên Lãng" in page


def test_known_beneficiary_is_taken_from_the_registry(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    client.post(reverse("projects:project_create"), typed())
    second = typed(name="Đề án khác", **{"support-0-name": "cong ty TNHH thuong mai DŨNG HỒNG", "support-0-type": ""})
    assert client.post(reverse("projects:project_create"), second).status_code == 302
    assert Beneficiary.objects.count() == 1
    assert Beneficiary.objects.get().supports.count() == 2


def test_unknown_beneficiary_asks_for_its_type_and_loses_nothing(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    response = client.post(reverse("projects:project_create"), typed(**{"support-0-type": ""}))
    assert "Danh bạ chưa có tên này" in errors_of(response)
    page = response.content.decode()
    for text in ("Công ty TNHH Thương mại Dũng Hồng", "60 tr", "tien lang", "thêu ren móc chỉ"):
        assert text in page
    assert not Project.objects.exists() and not Beneficiary.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Tên đề án"),
        ({"content-0-amount_KCDP": "-60 tr"}, "âm"),
        ({"content-0-amount_KCDP": "sáu mươi"}, "60.000.000"),
        ({"content-0-activity_type": ""}, "Nội dung hoạt động"),
        ({"start_on": "01/06/2006", "end_on": "31/05/2006"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"start_on": "31/02/2006"}, "Không có ngày 31/02/2006 trong lịch."),
        ({"places": "Hà Nội"}, "Không có địa bàn “Hà Nội”"),
        ({"places": "lang"}, "Có phải: Huyện Tiên Lãng"),
        ({"area_scope": "whole_city"}, "Một số địa bàn"),
        ({"support-0-planned_count": "0"}, "Số lượng dự kiến"),
        (
            {"content-1-activity_type": "same", "content-1-amount_KCDP": "1 tr"},
            "Nội dung này đã chọn ở dòng trên.",
        ),
    ],
)
def test_bad_input_is_named_on_top_and_beside_the_field_and_nothing_is_saved(
    client: Client, centre_staff: User, plan: AnnualPlan, changes: dict[str, str], message: str
) -> None:
    client.force_login(centre_staff)
    changes = {key: str(activity().pk) if value == "same" else value for key, value in changes.items()}
    response = client.post(reverse("projects:project_create"), typed(**changes))
    assert message.lower() in errors_of(response).lower()
    assert response.content.decode().count("invalid-feedback") >= 1
    assert not Project.objects.exists() and not PlanLine.objects.exists() and not Beneficiary.objects.exists()


def test_project_sent_twice_is_stored_once(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    assert client.post(reverse("projects:project_create"), typed()).status_code == 302
    assert "đã có đề án cùng tên (KC2006-001)" in errors_of(client.post(reverse("projects:project_create"), typed()))
    assert Project.objects.count() == 1
    refused = client.post(reverse("projects:project_create"), typed(is_another="on", start_on="sai"))
    assert 'name="is_another"' in refused.content.decode(), "the tick stays where something else is refused"
    confirmed = typed(is_another="on", **{"support-0-type": ""})
    assert client.post(reverse("projects:project_create"), confirmed).status_code == 302
    assert Project.objects.count() == 2


def test_places_of_another_province_are_not_offered(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    other = AdminUnit.objects.create(code="30", kind="province", name="Tỉnh Hải Dương")
    AdminUnit.objects.create(code="291", kind="district", name="Huyện Nam Sách", parent=other)
    client.force_login(centre_staff)
    page = client.get(reverse("projects:project_create"), follow=True).content.decode()
    assert "Tiên Lãng" in page and "Nam Sách" not in page
    address = reverse("projects:place_suggest", args=[plan.pk])
    assert client.get(address, {"places": "nam sach"}).content.decode().strip() == ""
    offered = client.get(address, {"places": "Kiến Thụy, tien"}).content.decode()
    assert offered.strip() == '<option value="Kiến Thụy, Huyện Tiên Lãng"></option>'


@pytest.mark.parametrize("query", ["plan=abc", "copy=abc", "plan=0", "copy=99999999999999999999999", "plan=1²"])
def test_unknown_plan_or_copy_is_not_found(client: Client, centre_staff: User, plan: AnnualPlan, query: str) -> None:
    client.force_login(centre_staff)
    assert client.get(f"{reverse('projects:project_create')}?{query}").status_code == 404


def test_two_sources_land_in_the_rounds_of_their_levels(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    client.force_login(centre_staff)
    client.post(reverse("projects:project_create"), typed(**{"content-0-amount_KCQG": "63 tr"}))
    assert sorted(PlanRound.objects.values_list("level", "number")) == [("city", 1), ("national", 1)]
    assert Project.objects.get().lines.count() == 2


def test_change_keeps_unchanged_parts_and_moves_the_line(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)
    client.force_login(centre_staff)
    data = typed(
        code=project.code,
        name="Tên mới",
        **opened(client, reverse("projects:project_edit", args=[project.pk])),
        **{
            "content-INITIAL_FORMS": "1",
            "content-0-amount_KCDP": "",
            "content-0-amount_KCQG": "70 tr",
            "support-INITIAL_FORMS": "1",
            "support-0-name": "Lao động nông thôn",
            "support-0-type": "group",
            "support-0-planned_count": "30",
        },
    )
    response = client.post(reverse("projects:project_edit", args=[project.pk]), data)
    assert response.status_code == 302, errors_of(response)
    project.refresh_from_db()
    assert (project.name, project.version, project.search) == (
        "Tên mới",
        2,
        f"ten moi {project.code.lower().replace('-', ' ')}",
    )
    [line] = project.lines.all()
    assert line.round.level == "national"
    assert CostLine.objects.get().amount_vnd == 70 * MILLION
    assert project.supports.get().planned_count == 30


def test_typing_is_shown_once_more_when_the_project_was_sent_meanwhile(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    client.force_login(centre_staff)
    answer = client.post(
        reverse("projects:project_edit", args=[project.pk]), typed(version="1", necessity="Đoạn văn rất dài")
    )
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Đoạn văn rất dài" in page and "chưa được lưu" in page
    project.refresh_from_db()
    assert project.necessity == ""


def test_two_rows_of_one_establishment_are_refused_beside_the_second(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    province = plan.organisation.province()
    Beneficiary.objects.create(province=province, name="HTX Hải Tiến", type="cooperative", tax_code="0200000385")
    client.force_login(centre_staff)
    rows = {
        "support-0-name": "HTX Hải Tiến",
        "support-0-type": "",
        "support-1-name": "HTX Hải Tiến 0200000385",
        "support-1-type": "",
    }
    response = client.post(reverse("projects:project_create"), typed(**rows))
    assert "đã có ở dòng trên" in errors_of(response)


def test_name_that_differs_by_a_mark_is_another_establishment(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    Beneficiary.objects.create(province=plan.organisation.province(), name="HTX Hải Tiến", type="cooperative")
    client.force_login(centre_staff)
    row = {"support-0-name": "HTX Hải Tiên", "support-0-type": "cooperative"}
    assert client.post(reverse("projects:project_create"), typed(**row)).status_code == 302
    assert there(Project.objects.get().supports.get().beneficiary).name == "HTX Hải Tiên"
    unmarked = typed(name="Khác", **{"support-0-name": "htx hai tien", "support-0-type": "cooperative"})
    assert "nhiều đơn vị cùng tên" in errors_of(client.post(reverse("projects:project_create"), unmarked))


def test_establishment_in_the_project_stays_when_a_twin_appears(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    province = plan.organisation.province()
    first = Beneficiary.objects.create(province=province, name="Hộ Nguyễn Văn A", type="household")
    project = make_project(plan=plan, by=centre_staff, group="")
    Support.objects.create(project=project, beneficiary=first)
    Beneficiary.objects.create(province=province, name="Hộ Nguyễn Văn A", type="household")
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    assert f'name="support-0-beneficiary" value="{first.pk}"' in client.get(address).content.decode()
    row = {"support-0-name": first.name, "support-0-type": "", "support-0-beneficiary": str(first.pk)}
    answer = client.post(address, typed(code=project.code, **opened(client, address), **row))
    assert answer.status_code == 302, errors_of(answer)
    assert project.supports.get().beneficiary == first


def test_draft_joins_next_years_plan_and_counts_once(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)
    following = make_plan(organisation=plan.organisation, year=2007)
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    assert ">2007</a>" in client.get(address).content.decode()
    address = f"{address}?plan={following.pk}"
    start = opened(client, address)
    data = typed(code=project.code, name=project.name, **{"support-0-type": "enterprise"}, **start)
    assert client.post(address, data).status_code == 302
    assert sorted(line.round.plan.year for line in project.lines.all()) == [2006, 2007]
    assert Project.objects.count() == 1


def test_filter_that_can_not_be_read_is_named_and_the_rest_still_narrows(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    make_project(plan=plan, by=centre_staff, name="Năm nay")
    make_project(plan=make_plan(organisation=plan.organisation, year=2007), by=centre_staff, name="Năm sau")
    client.force_login(centre_staff)
    page = client.get(reverse("projects:project_list"), {"year": "2007", "status": "xyz"}).content.decode()
    assert "Năm sau" in page and "Năm nay" not in page
    assert "đã bỏ qua: Trạng thái “xyz”" in page


def test_what_is_chosen_is_said_in_words_and_again_when_only_the_rows_are_sent(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    make_project(plan=plan, by=centre_staff, name="Dệt thảm")
    client.force_login(centre_staff)
    address = reverse("projects:project_list")
    assert '<span id="chosen">Lọc theo năm, nguồn' in client.get(address).content.decode()
    asked = {"year": "2006", "status": "draft", "q": "det"}
    assert '<span id="chosen">Năm: 2006 · Trạng thái: Đang lập</span>' in client.get(address, asked).content.decode()
    rows = client.get(address, asked, headers={"hx-request": "true"}).content.decode()
    assert '<span id="chosen" hx-swap-oob="true">Năm: 2006 · Trạng thái: Đang lập</span>' in rows
    assert "Dệt thảm" in rows and 'role="search"' not in rows


def test_unknown_record_is_a_page_of_the_site_even_with_debug(client: Client, centre_staff: User) -> None:
    client.force_login(centre_staff)
    with override_settings(DEBUG=True):
        answer = client.get(reverse("projects:project_detail", args=[999]))
    assert answer.status_code == 404 and "urlpatterns" not in answer.content.decode().lower()
    assert "Trang chủ" in answer.content.decode()


def test_submitted_project_is_not_rewritten(
    client: Client, centre_staff: User, centre_head: User, plan: AnnualPlan
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    submit_all(plan=plan, by=centre_head)
    client.force_login(centre_staff)
    address = reverse("projects:project_edit", args=[project.pk])
    assert client.get(address).status_code == client.post(address, typed(version="1")).status_code == 403


def test_copy_starts_from_the_text_and_the_amounts(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff, name="Bản gốc")
    client.force_login(centre_staff)
    page = client.get(reverse("projects:project_create"), {"copy": project.pk}, follow=True).content.decode()
    for text in ("Bản gốc", "60.000.000", "Huyện Tiên Lãng", "Lao động nông thôn"):
        assert text in page, text


@pytest.mark.parametrize("asked", ["theu", "THÊU REN", "thêu", "kc2006-001", "lao dong nong thon", "Thêu  Ren"])
def test_search_ignores_marks_and_case(client: Client, centre_staff: User, plan: AnnualPlan, asked: str) -> None:
    make_project(plan=plan, by=centre_staff)
    make_project(plan=plan, by=centre_staff, name="Bản tin khuyến công", group="", kind="task")
    client.force_login(centre_staff)
    page = client.get(reverse("projects:project_list"), {"q": asked}).content.decode()
    assert "Đào tạo nghề thêu ren" in page and "Bản tin khuyến công" not in page


def test_total_of_the_list_is_that_of_all_rows_found_not_of_the_page(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    for index in range(51):
        make_project(plan=plan, by=centre_staff, name=f"Đề án {index}", amounts={"KCDP": MILLION})
    client.force_login(centre_staff)
    for page_number in (1, 2):
        page = client.get(reverse("projects:project_list"), {"year": 2006, "page": page_number}).content.decode()
        assert "Tổng cộng · 51 đề án" in page and ">51</td>" in page


@pytest.mark.parametrize("role", ["accountant", "reviewer", "department_head", "observer", "administrator"])
def test_others_read_but_do_not_enter(
    request: pytest.FixtureRequest, client: Client, centre_staff: User, plan: AnnualPlan, role: str
) -> None:
    project = make_project(plan=plan, by=centre_staff)
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("projects:project_detail", args=[project.pk])).status_code == 200
    assert client.get(reverse("projects:project_list")).status_code == 200
    for address in (reverse("projects:project_create"), reverse("projects:project_edit", args=[project.pk])):
        assert client.get(address).status_code == client.post(address, typed(version="1")).status_code == 403


def test_stranger_finds_nothing(client: Client, centre_staff: User, stranger: User, plan: AnnualPlan) -> None:
    project = make_project(plan=plan, by=centre_staff)
    client.force_login(stranger)
    for name in ("project_detail", "project_edit"):
        assert client.get(reverse(f"projects:{name}", args=[project.pk])).status_code == 404
    assert client.get(reverse("projects:plan_detail", args=[plan.pk])).status_code == 404
    assert "Chưa có đề án nào" in client.get(reverse("projects:project_list")).content.decode()


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def add_projects(plan: AnnualPlan, by: User, numbers: range) -> None:
    """One as it is typed, the others as copies of its rows: entering hundreds is not the subject."""
    make_project(plan=plan, by=by, name=f"Đề án {numbers[0]}")
    line = PlanLine.objects.select_related("project").latest("pk")
    component, cost = line.project.components.get(), line.cost_lines.get()
    for index in numbers[1:]:
        project = Project.objects.create(
            code=f"KC-{index}", name=f"Đề án {index}", organisation=plan.organisation, created_by=by
        )
        project.places.set(line.project.places.all())
        content = ProjectComponent.objects.create(project=project, activity_type=component.activity_type)
        copy = PlanLine.objects.create(round=line.round, project=project)
        key = {"plan_line": copy, "component": content, "source": cost.source}
        CostLine.objects.create(amount_vnd=cost.amount_vnd, **key)


def test_lists_take_at_most_twelve_queries_and_the_same_at_5_and_at_500_rows(
    client: Client, centre_staff: User, plan: AnnualPlan
) -> None:
    client.force_login(centre_staff)
    lists = [
        reverse("projects:project_list"),
        reverse("projects:project_list")
        + "?year=2006&source=KCDP&activity=134-1&area=315&status=draft&schedule=none&q=a",
        reverse("projects:plan_list"),
        reverse("projects:beneficiary_list"),
    ]
    counts = []
    for start, stop in ((0, 5), (5, 500)):
        add_projects(plan, centre_staff, range(start, stop))
        for index in range(start, stop):
            Beneficiary.objects.create(
                province=plan.organisation.province(), name=f"Công ty {index}", type="enterprise"
            )
        counts.append([queries_of(client, address) for address in lists])
    assert counts[0] == counts[1], dict(zip(lists, zip(*counts, strict=True), strict=True))
    assert max(counts[1]) <= 12
    grid = reverse("projects:plan_detail", args=[plan.pk])
    words = "the grid, envelopes, rounds with why they came back, letters and words of the year, each table once"
    assert queries_of(client, grid) <= 30, words


def test_names_that_differ_by_a_mark_alone_are_told_apart(client: Client, centre_staff: User, plan: AnnualPlan) -> None:
    for code, name in (("10888", "Xã Cẩm Giàng"), ("10909", "Xã Cẩm Giang")):
        AdminUnit.objects.create(code=code, kind="commune", name=name, parent=district().parent)
    client.force_login(centre_staff)
    for typed_name, code in (("Cẩm Giàng", "10888"), ("Xã Cẩm Giang", "10909"), ("10888", "10888")):
        data = typed(name=f"Đề án ở {typed_name}", places=typed_name, **{"support-0-type": "enterprise"})
        assert client.post(reverse("projects:project_create"), data).status_code == 302
        assert Project.objects.order_by("-pk")[0].places.get().code == code
    ambiguous = errors_of(client.post(reverse("projects:project_create"), typed(name="Khác", places="cam giang")))
    assert "có thể là: Xã Cẩm Giang (10909); Xã Cẩm Giàng (10888)" in ambiguous
