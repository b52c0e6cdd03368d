"""Pages of the catalogue: what they say, what opens, what is refused and how, views kept under a name."""

from __future__ import annotations

import datetime as dt
import io
import random
from unittest import mock
from urllib.parse import parse_qs, urlencode, urlsplit

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AdminUnit, AdminUnitSuccession
from projects.models import Project
from reports.catalogue import page
from reports.catalogue.definitions import REPORTS
from reports.catalogue.saved import SavedViewForm
from reports.models import SavedView
from tests.factories import MILLION, district, make_plan, make_project
from tests.people import Tree
from tests.reports.pages import WRONG, address, text_of, words_of
from tests.reports.random_years import Years

pytestmark = pytest.mark.django_db


def test_index_names_every_report_and_the_place_of_the_indicators(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["reviewer"])
    text = text_of(client, reverse("reports:index"))
    assert all(str(report.title) in text for report in REPORTS)
    assert "Chỉ tiêu: phần mềm chưa ghi nhận chỉ tiêu nên chưa có báo cáo này." in text


def test_report_of_2006_says_what_the_article_says(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["department_head"])
    text = text_of(client, address("source-content"))
    assert "Kế hoạch khuyến công năm 2006 theo nguồn kinh phí và nội dung hoạt động" in text
    assert "II Kinh phí khuyến công địa phương 5 250 250 – 250 – – – – –" in text
    assert "Tổng cộng 6 313 313 – 313 – – – – –" in text, "what is not recorded prints a dash"
    areas = text_of(client, address("areas"))
    for row in (
        "Huyện Tiên Lãng 2 2 0 0 0 110",
        "Huyện Vĩnh Bảo 1 1 0 0 0 63",
        "Huyện Kiến Thụy, huyện Thủy Nguyên (chung) 1 1",
    ):
        assert row in areas


def test_each_screen_says_whose_figures_it_shows_and_of_which_day(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["department_head"])
    department = people_2006["department_head"].memberships.get().scope
    opened = ("section=KCDP&figure=approved_vnd", "report_cell")
    for asked, said in (
        ("year=2006", "Trung tâm Khuyến công Hải Phòng · số liệu hiện nay"),
        (f"year=2006&organisation={department.code}", f"{department} · số liệu hiện nay"),
        ("year=2006&as_of=30/06/2006", "Trung tâm Khuyến công Hải Phòng · số liệu tính đến ngày 30/06/2006"),
        ("year=2006&period=q3", "Trung tâm Khuyến công Hải Phòng · số liệu tính đến ngày 30/09/2006"),
    ):
        page = text_of(client, address("source-content", asked))
        assert said in page and said in text_of(client, address("source-content", f"{asked}&{opened[0]}", opened[1]))
        assert ("Xem số liệu hiện nay" in page) is ("as_of" in asked), "the day of a period can't be left out"


def test_a_figure_opens_to_its_rule_its_rows_and_their_letters(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    report = lxml.html.fromstring(client.get(address("source-content")).content.decode())
    [city] = [link.get("href") for link in report.xpath("//td[@data-label='Sau điều chỉnh']/a") if link.text == "250"]
    opened = client.get(city)
    text = words_of(opened.content)
    assert "Sau điều chỉnh: 250 triệu đồng" in text and "Con số này gồm 5 khoản" in text
    assert "Kinh phí được duyệt sau mọi lần bổ sung" in text, "the rule in words"
    assert text.count("Công văn số 341/UBND-CN ngày 16/06/2006") == 5 and "Tổng cộng 250.000.000" in text
    letters = {link.get("href") for link in lxml.html.fromstring(opened.content.decode()).xpath("//td/a")}
    assert [client.get(letter).status_code for letter in letters] == [200]


def test_a_ratio_opens_to_the_two_figures_of_which_it_is_made(tree: Tree, centre_staff: User, client: Client) -> None:
    Years(random.Random(3), tree.centre, centre_staff)
    client.force_login(centre_staff)
    text = text_of(client, address("sources", "year=2007&row=KCDP&figure=paid_percent", "report_cell"))
    assert "Đã chi chia cho kinh phí sau điều chỉnh." in text and "Tính từ: Đã chi:" in text


def test_a_cell_that_is_not_there_is_not_found(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    for query in ("row=KCDP", "row=XX&figure=paid_vnd", "row=KCDP&figure=abc", "figure="):
        text_of(client, address("sources", f"year=2006&{query}", "report_cell"), 404)


def test_what_cannot_be_answered_is_said_in_words(people_2006: dict[str, User], client: Client) -> None:
    """Beside the field, on the page, in print and instead of a file alike; never as an empty table."""
    client.force_login(people_2006["centre_staff"])
    for name in ("report_detail", "report_print", "report_xlsx", "report_cell"):
        for query, status, said in WRONG:
            text = text_of(client, address("sources", query, name), status)
            assert said in text and "Tổng cộng" not in text, (name, query)


COMPARED = "period=dates&from=01/01/2006&to=31/12/2007"


@pytest.mark.parametrize("code", ["comparison", "five-years"])
def test_years_beside_each_other_are_not_asked_of_days_of_two_years(
    people_2006: dict[str, User], client: Client, code: str
) -> None:
    client.force_login(people_2006["centre_head"])
    said = "Báo cáo này so sánh các năm với nhau, nên kỳ báo cáo phải nằm trong một năm."
    for name in ("report_detail", "report_print", "report_xlsx", "report_cell"):
        assert said in text_of(client, address(code, COMPARED, name), 400)
    assert client.get(saving(code, COMPARED)).status_code == 400
    assert said in text_of(client, f"{reverse('reports:submitted_create')}?kind={code}&{COMPARED}", 404)
    text_of(client, address("source-content", COMPARED))


def test_columns_are_kept_where_the_question_is_refused_and_dropped_where_they_are_wrong(
    people_2006: dict[str, User], client: Client
) -> None:
    client.force_login(people_2006["centre_head"])

    def kept(query: str, status: int) -> str | None:
        answer = client.get(address("areas", query))
        assert answer.status_code == status
        [form] = lxml.html.fromstring(answer.content.decode()).find_class("filters")[:1]
        return form.fields.get("columns")

    assert kept("year=2031&columns=approved_vnd,paid_vnd", 404) == "approved_vnd,paid_vnd"
    assert kept(f"year=2006&columns={'a' * 700}", 400) is None
    assert "Danh sách cột đã chọn quá dài." in text_of(client, address("areas", f"columns={'a' * 700}"), 400)


def test_fields_that_narrow_are_drawn_when_they_are_asked_for(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["department_head"])

    def fields(url: str, status: int = 200) -> dict[str, str | None]:
        answer = client.get(url)
        assert answer.status_code == status, url
        page = lxml.html.fromstring(answer.content.decode())
        links.extend(link.get("href") for link in page.find_class("unfold"))
        [form] = page.find_class("filters")[:1]
        return {field.name: field.value for field in form.inputs if field.name}

    links: list[str] = []
    assert fields(address("areas", "year=2006&period=h1")).keys() == {"year", "period", "from", "to", "organisation"}
    [link] = links
    opened = fields(f"{reverse('reports:report_detail', args=['areas'])}?{urlsplit(link).query}")
    assert opened.keys() >= {"source", "activity", "units", "as_of", "recorded", "columns"}
    assert (opened["year"], opened["period"], opened["source"]) == ("2006", "h1", ""), "what was asked is kept"
    assert fields(address("areas", "year=2006&source=KCDP"))["source"] == "KCDP", "what narrows stays in sight"
    assert "units" not in fields(address("sources", "year=2006&source=KCDP&units=new")), "it makes no difference there"
    assert "source" in fields(address("areas", "year=2006&source=KHAC"), 400), "and so does what is wrong"
    assert links == [link]
    opened_page = client.get(f"{reverse('reports:report_detail', args=['areas'])}?{urlsplit(link).query}").content
    assert b'<details class="asked no-print" open>' in opened_page, "unfolded on a phone without JavaScript too"
    for refused in (address("areas", "year=2031"), f"{reverse('reports:dashboard')}?year=2031"):
        page = lxml.html.fromstring(client.get(refused).content.decode())
        assert [dict(link.attrib).keys() for link in page.find_class("unfold")] == [{"class", "href"}], "a plain link"


def test_without_a_year_the_newest_plan_is_shown(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    assert "Đề án và kinh phí khuyến công năm 2006 theo địa bàn" in text_of(
        client, reverse("reports:report_detail", args=["areas"])
    )
    assert client.get(reverse("reports:report_detail", args=["khong-co"])).status_code == 404


def test_nothing_late_is_said_and_is_no_empty_table(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    for name in ("report_detail", "report_print"):
        text = text_of(client, address("late", name=name))
        assert "Không có đề án nào đang thực hiện mà chậm tiến độ theo báo cáo mới nhất." in text


def test_a_report_too_long_for_a_page_says_so_and_shows_its_sums(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_staff"])
    with mock.patch.object(page, "MAX_ROWS", 3):
        text = text_of(client, address("disbursement"))
        assert "Báo cáo có 6 dòng, nhiều hơn một trang hiển thị được" in text
        assert "Dự án đào tạo nghề thêu ren móc chỉ" not in text and "Tổng cộng 313" in text
        assert "Hãy thu hẹp phạm vi, hoặc in từ tệp Excel." in text_of(
            client, address("disbursement", name="report_print")
        )


def test_areas_can_be_asked_in_the_units_of_another_time(centre_staff: User, client: Client) -> None:
    """A district that became one ward is that ward; one that was split keeps its name and says so."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    whole, split = district("311", "Huyện Thủy Nguyên"), district("315", "Huyện Tiên Lãng")
    day = dt.date(2025, 7, 1)
    wards = [
        AdminUnit.objects.create(code=code, kind="ward", name=f"Phường {name}", parent=whole.parent, valid_from=day)
        for code, name in (("11473", "Thủy Nguyên"), ("11755", "Tiên Lãng"), ("11758", "Quyết Thắng"))
    ]
    AdminUnitSuccession.objects.create(predecessor=whole, successor=wards[0])
    for ward in wards[1:]:
        AdminUnitSuccession.objects.create(predecessor=split, successor=ward, is_partial=True)
    for number, places in enumerate(([whole], [split], [whole, split], [wards[0]])):
        project = make_project(plan=plan, by=centre_staff, name=f"Đề án {number}", amounts={"KCDP": MILLION})
        project.places.set(places)  # the ward too, which no plan of 2006 may name: what the past was given later
    client.force_login(centre_staff)
    new = text_of(client, address("areas", "year=2006&units=new"))
    assert "Phường Thủy Nguyên 2 0 0 0 2 2" in new, "the district's project and the ward's stand together"
    assert "Huyện Tiên Lãng (cũ, nay thuộc 2 đơn vị) 1" in new
    old = text_of(client, address("areas", "year=2006&units=old"))
    assert "Huyện Thủy Nguyên 2 0 0 0 2 2" in old and "cũ, nay" not in old


def saving(report: str, query: str) -> str:
    return f"{reverse('reports:view_save')}?{urlencode({'report': report, 'query': query})}"


def test_a_view_is_kept_shared_and_thrown_away(
    people_2006: dict[str, User], client: Client, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, staff = people_2006["department_head"], people_2006["centre_staff"]
    client.force_login(head)
    department = head.memberships.get().scope
    query = "year=2006&period=q2&source=KCDP&columns=approved_vnd,paid_vnd"
    save = saving("areas", query)
    assert "Theo địa bàn · Năm 2006 · Quý II" in text_of(client, save)
    data = {"name": "Quý II, tiền thành phố", "shared_with": department.pk}
    answer = client.post(save, data)
    view = SavedView.objects.get()
    assert answer.status_code == 302 and answer["Location"] == view.get_absolute_url()
    assert parse_qs(urlsplit(answer["Location"]).query) == parse_qs(query)
    assert "Quý II, tiền thành phố" in text_of(client, reverse("reports:index"))
    again = client.post(save, data)
    assert again.status_code == 422 and "Bạn đã lưu một mẫu báo cáo mang tên này." in again.content.decode()
    with monkeypatch.context() as patch:  # both were looked for before either was saved
        patch.setattr(SavedViewForm, "clean", lambda form: form.cleaned_data)
        again = client.post(save, data)
    assert again.status_code == 422 and "Bạn đã lưu một mẫu báo cáo mang tên này." in again.content.decode()
    client.force_login(staff)
    assert "Quý II, tiền thành phố" in text_of(client, reverse("reports:index")), "shared below the Department"
    assert client.post(reverse("reports:view_delete", args=[view.pk])).status_code == 403
    client.force_login(stranger)
    assert client.post(reverse("reports:view_delete", args=[view.pk])).status_code == 404
    assert "Quý II" not in text_of(client, reverse("reports:index"))
    client.force_login(head)
    assert client.post(reverse("reports:view_delete", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("year=2006", " ", "Hãy đặt tên cho mẫu báo cáo."),
        ("year=x", "Của tôi", "điều kiện báo cáo chưa hợp lệ"),
    ],
)
def test_a_view_without_a_name_or_with_a_wrong_question_is_not_kept(
    people_2006: dict[str, User], client: Client, query: str, name: str, said: str
) -> None:
    client.force_login(people_2006["centre_staff"])
    answer = client.post(saving("areas", query), {"name": name})
    assert answer.status_code == 422 and said in answer.content.decode() and not SavedView.objects.exists()
    assert client.get(saving("areas", "year=x")).status_code == 400


def test_a_view_is_still_to_be_saved_after_signing_in_again(people_2006: dict[str, User], client: Client) -> None:
    """What the address holds survives the sign-in; the name has to be typed again."""
    save = saving("areas", "year=2006&period=q2")
    answer = client.post(save, {"name": "Quý II"})
    assert answer.status_code == 302 and parse_qs(urlsplit(answer["Location"]).query)["next"] == [save]
    client.force_login(people_2006["centre_staff"])
    assert "Quý II" in text_of(client, save) and not SavedView.objects.exists()


def test_a_column_that_is_no_longer_there_is_named_and_the_rest_is_shown(
    people_2006: dict[str, User], client: Client
) -> None:
    client.force_login(people_2006["centre_staff"])
    text = text_of(client, address("sources", "year=2006&columns=approved_vnd,profit_vnd"))
    assert "Có 1 cột được chọn không có trong báo cáo của kỳ này (profit_vnd)." in text and "Tổng cộng 313" in text
    on_paper = "Cột được chọn nhưng không có trong báo cáo của kỳ này: profit_vnd."
    assert on_paper in text_of(client, address("sources", "year=2006&columns=profit_vnd", "report_print"))
    file = client.get(address("sources", "year=2006&columns=profit_vnd", "report_xlsx")).content
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert on_paper in [cell.value for row in sheet for cell in row] and on_paper not in text
    only = text_of(client, address("sources", "year=2006&columns=profit_vnd"))
    assert "Tổng cộng 6 313 313 0" in only, "with none left the whole report is shown"


def test_a_column_of_parts_of_a_year_is_named_where_a_year_is_asked(
    people_2006: dict[str, User], client: Client
) -> None:
    client.force_login(people_2006["centre_staff"])
    text = text_of(client, address("sources", "year=2006&columns=approved_vnd,paid_vnd_in"))
    assert "Có 1 cột được chọn không có trong báo cáo của kỳ này (Trong kỳ: Chi)." in text
    part = text_of(client, address("sources", "year=2006&period=q4&columns=approved_vnd,paid_vnd_in"))
    assert "không có trong báo cáo" not in part and "Chi" in part


def test_reports_answer_to_head(people_2006: dict[str, User], client: Client) -> None:
    client.force_login(people_2006["centre_head"])
    urls = (address("areas"), address("areas", name="report_xlsx"), "/reports/annual.xlsx?year=2006")
    for url in (*urls, f"{reverse('reports:submitted_create')}?kind=annual&year=2006"):
        answer = client.head(url)
        assert answer.status_code == 200 and not answer.content


def test_queries_do_not_grow_with_rows(tree: Tree, centre_staff: User, client: Client) -> None:
    Years(random.Random(1), tree.centre, centre_staff)
    client.force_login(centre_staff)
    few = queries_of_each(client)
    plan = centre_staff.memberships.get().scope.plans.get(year=2007)
    for number in range(6):
        places = [district(f"32{number}", f"Huyện {number}")]
        make_project(plan=plan, by=centre_staff, name=f"Thêm {number}", places=places)
    assert queries_of_each(client) == few and max(few.values()) <= 40, few
    assert Project.objects.count() > 20


def queries_of_each(client: Client) -> dict[str, int]:
    """How often each report's page asks the database."""
    counts = {}
    for report in REPORTS:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(report.code, "year=2007&as_of=30/11/2007")).status_code == 200
        counts[report.code] = len(captured)
    return counts
