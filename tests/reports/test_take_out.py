"""Everybody takes out what they may see, and nothing else: the page, the workbook and the CSV files agree."""

from __future__ import annotations

import datetime as dt
import io
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from khuyencong.accounts.models import Organisation, User
from khuyencong.paper.type_widths import text_width
from programmes.models import AnnualPlan
from projects.models import Project, Voucher
from reports.takeout.all_tables import TABLES
from tests.factories import make_plan, make_project
from tests.kept import kept
from tests.people import make_person
from tests.projects.accounting import write_accounts
from tests.reports.taken import CSV, PAGE, XLSX, ZIP, count_of, download, read_archive, read_contents, read_csv
from tests.reports.taken import read_workbook as read
from tests.stories import EMBROIDERY, cell_of, tell_year

pytestmark = pytest.mark.django_db

OWN, NEAR, FAR = EMBROIDERY, "Của trung tâm thứ hai", "Của tỉnh khác"


@pytest.fixture
@kept
def three_centres(people: dict[str, User], observer: User, administrator: User, stranger: User) -> dict[str, User]:
    """A whole year of one Centre with its accounts; a draft of another Centre of the same Department; one far away."""
    plan = tell_year(people)
    write_accounts(cell_of(plan, EMBROIDERY), people["accountant"], dt.date(2006, 9, 6))
    second = Organisation.objects.create(
        code="tt-2", kind="centre", name="Trung tâm 2", parent=plan.organisation.parent
    )
    near = make_person(role="centre_staff", scope=second, username="near")
    make_project(plan=make_plan(organisation=second), by=near, name=NEAR)
    far = make_plan(organisation=stranger.memberships.get().scope)
    make_project(plan=far, by=stranger, name=FAR)
    return {**people, "observer": observer, "administrator": administrator, "near": near, "stranger": stranger}


def seen_by(role: str) -> set[str]:
    if role == "stranger":
        return {FAR}
    whole = {"reviewer", "department_head", "observer", "administrator"}
    return {NEAR} if role == "near" else {OWN, NEAR} if role in whole else {OWN}


def test_page_and_files_hold_the_same_rows_for_each_role(three_centres: dict[str, User]) -> None:
    for role, user in three_centres.items():
        client = Client()
        client.force_login(user)
        page = client.get(PAGE)
        shown = {str(row.table.title): row.row_count for _title, rows in page.context["groups"] for row in rows}
        workbook, archive = download(client, XLSX), download(client, ZIP)
        sheets, files = read(workbook), read_archive(archive)
        assert count_of(sheets) == count_of(files) == shown, role
        said = read_contents(workbook)
        assert said.pop("Tổng cộng") == sum(shown.values()) == page.context["total"]
        assert said == shown
        for names in ({row["Tên đề án"] for row in rows["Đề án"]} for rows in (sheets, files)):
            assert names & {OWN, NEAR, FAR} == seen_by(role), role
        for hidden in {OWN, NEAR, FAR} - seen_by(role):
            with ZipFile(io.BytesIO(archive)) as whole:
                assert not any(hidden.encode() in whole.read(name) for name in whole.namelist()), (role, hidden)
            with ZipFile(io.BytesIO(workbook)) as whole:
                assert not any(hidden.encode() in whole.read(name) for name in whole.namelist()), (role, hidden)
        alone = read_csv(download(client, CSV, table="de-an"))
        assert alone == files["Đề án"]


def test_a_year_leaves_no_kind_of_record_behind(three_centres: dict[str, User], client: Client) -> None:
    client.force_login(three_centres["centre_staff"])
    counts = count_of(read(download(client, XLSX)))
    money = ("Kinh phí được giao", "Kinh phí được duyệt", "Hợp đồng", "Giá trị hợp đồng, phụ lục", "Chứng từ")
    work = ("Dự toán", "Dòng chứng từ", "Quyết toán", "Kinh phí đã thực hiện", "Báo cáo tiến độ")
    told = ("Lịch sử trạng thái", "Lịch sử sửa đổi", "Bản thuyết minh", "Phiếu thẩm định", "Tiêu chí thẩm định")
    assert all(counts[title] for title in money + work + told)
    assert (
        counts["Địa bàn của đề án"] == Project.places.through.objects.filter(project__in=visible(three_centres)).count()
    )


def visible(people: dict[str, User]) -> list[Project]:
    return list(Project.objects.visible_to(people["centre_staff"]))


def test_numbers_dates_and_words_are_what_they_are(three_centres: dict[str, User], client: Client) -> None:
    client.force_login(three_centres["reviewer"])
    client.cookies["django_language"] = "en"
    content = download(client, XLSX)
    sheets, files = read(content), read_archive(download(client, ZIP))
    voucher = Voucher.objects.get(number="PC-9")
    [payment] = sheets["Dòng chứng từ"]
    assert payment["Số tiền (đồng)"] == 60_000_000 and payment["ID chứng từ"] == voucher.pk
    assert payment["Tính từ ngày"] == dt.datetime(2006, 9, 6) and payment["Loại"] == "Thanh toán"
    [line] = files["Dòng chứng từ"]
    assert (line["Số tiền (đồng)"], line["Tính từ ngày"]) == ("60000000", "2006-09-06")
    project = next(row for row in sheets["Đề án"] if row["Tên đề án"] == OWN)
    assert payment["Mã đề án"] == project["Mã đề án"] and payment["ID đề án"] == project["ID"]
    assert project["Lập lúc"] == dt.datetime(2006, 2, 1, 12)
    assert project["Địa bàn"] == "Huyện Kiến Thụy" and project["Trạng thái"] == "Đang thực hiện"
    letters = {row["ID"]: row for row in sheets["Quyết định, văn bản"]}
    assert all(letters[row["ID văn bản"]]["Số, ký hiệu"] == row["Số văn bản"] for row in sheets["Kinh phí được duyệt"])
    steps = {(row["Bước"], row["ID đợt"] is None) for row in sheets["Lịch sử trạng thái"]}
    assert {("Thống nhất đợt", False), ("Ngừng thực hiện", True)} <= steps


def test_other_readers_find_the_same_values(three_centres: dict[str, User], client: Client) -> None:
    client.force_login(three_centres["observer"])
    content = download(client, XLSX)
    other = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for title, rows in read(content).items():
        titles, *found = other.get_sheet_by_name(title).to_python()
        for row, values in zip(rows, found, strict=True):
            for heading, value in zip(titles, values, strict=True):
                wanted = row[str(heading)]
                if isinstance(wanted, dt.datetime) and not isinstance(value, dt.datetime):
                    wanted = wanted.date()
                assert value == ("" if wanted is None else wanted), (title, heading)


def test_queries_of_the_page_do_not_grow(client: Client, centre_staff: User) -> None:
    plan: AnnualPlan = make_plan(organisation=centre_staff.memberships.get().scope)
    client.force_login(centre_staff)
    counts = []
    for wanted in (1, 6):
        for number in range(Project.objects.count(), wanted):
            make_project(plan=plan, by=centre_staff, name=f"Đề án {number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= len(TABLES) + 8


def test_unknown_table_is_not_there_and_nothing_is_public(client: Client, reviewer: User) -> None:
    assert [client.get(address).status_code for address in (PAGE, XLSX, ZIP, CSV)] == [302] * 4
    client.force_login(reviewer)
    assert client.get(CSV).status_code == client.get(CSV, {"table": "khong-co"}).status_code == 404
    assert PAGE in client.get("/reports/").content.decode()


def test_a_printed_table_has_all_its_columns_on_a_page_and_their_whole_titles(three_centres: dict[str, User]) -> None:
    client = Client()
    client.force_login(three_centres["centre_staff"])
    book = load_workbook(io.BytesIO(download(client, XLSX)))
    for sheet in book.worksheets:
        page = sheet.page_setup
        assert (page.paperSize, page.orientation, page.fitToHeight) == (9, "landscape", 0), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and "&P" in sheet.oddFooter.center.text, sheet.title
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == "$1:$1", sheet.title
        widths = {n: one.width for one in sheet.column_dimensions.values() for n in range(one.min, one.max + 1)}
        for number, title in enumerate(sheet[1], start=1):
            width = widths[number]
            assert width >= 2 * text_width(title.value, is_bold=True), f"{sheet.title}: {title.value}"
