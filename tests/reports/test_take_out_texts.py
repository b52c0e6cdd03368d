"""Whatever people typed comes out as text and whole, in every format; personal numbers come out masked."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from khuyencong.accounts.models import User
from projects.models import Beneficiary, Comment, FieldChange, PersonalNumber, Project, ProjectRevision
from reports.takeout.all_tables import TABLES, table_named
from reports.takeout.contents import contents_of
from reports.takeout.csvs import guard
from reports.takeout.xlsx import write_workbook
from tests.factories import make_plan, make_project
from tests.reports.hostile import HOSTILE
from tests.reports.taken import CSV, XLSX, ZIP, download, read_archive, read_csv
from tests.reports.taken import read_workbook as read

pytestmark = pytest.mark.django_db

NUMBER = "031085001234"
MORE = {
    "<r><t>đậm</t></r>": "<r><t>đậm</t></r>",
    "</t></is></c>": "</t></is></c>",
    "'nháy": "'nháy",
    "＝1+1": "＝1+1",
    "một\nhai": "một\nhai",
    "ﬁ №５": "ﬁ №５",
    "Đ" * 500: "Đ" * 500,
    f"Chủ hộ {NUMBER}": "Chủ hộ 031…234",
    "Số 031 085 001 234, gọi 0225.3842842": "Số 031…234, gọi 0225.3842842",
}
TYPED = {**HOSTILE, **MORE}


@pytest.fixture
def project(centre_staff: User) -> Project:
    return make_project(plan=make_plan(organisation=centre_staff.memberships.get().scope), by=centre_staff)


@pytest.fixture
def remarks(project: Project, centre_staff: User) -> Project:
    """One remark for each text, as a program that goes round the forms would write it."""
    rows = [Comment(project=project, text="x", author=centre_staff) for _ in TYPED]
    Comment.objects.bulk_create(rows)
    _store_raw(list(TYPED))
    return project


def _store_raw(texts: list[str]) -> None:
    """Past the fields that clean, into the rows themselves; what a database refuses is left to the cleaning of it."""
    from django.db import connection

    from khuyencong.triggers import drop_triggers, install_triggers

    drop_triggers("default")
    with connection.cursor() as cursor:
        for comment, text in zip(Comment.objects.order_by("pk"), texts, strict=True):
            stored = text.replace("\x00", "").replace("\ud800", "")
            cursor.execute("UPDATE projects_comment SET text = %s WHERE id = %s", [stored, comment.pk])
    install_triggers("default")


def test_every_text_is_itself_in_every_format(client: Client, remarks: Project, centre_staff: User) -> None:
    client.force_login(centre_staff)
    workbook = download(client, XLSX)
    wanted = list(TYPED.values())
    assert [row["Ý kiến"] for row in read(workbook)["Ý kiến"]] == wanted
    other = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_name("Ý kiến").to_python()
    assert [row[other[0].index("Ý kiến")] for row in other[1:]] == wanted
    sheet = load_workbook(io.BytesIO(workbook))["Ý kiến"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Ý kiến")
    cells = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@")
    rows = read_csv(download(client, CSV, table="y-kien"))
    assert [row["Ý kiến"] for row in rows] == wanted
    assert read_archive(download(client, ZIP))["Ý kiến"] == rows


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "'"])
def test_csv_is_guarded_so_that_a_program_can_undo_it(text: str) -> None:
    guarded = guard(text)
    assert guarded == "'" + text and guarded.removeprefix("'") == text


@pytest.mark.parametrize("text", ["Thêu ren", "1=1", "0123", "", None])
def test_harmless_text_is_left_alone(text: str | None) -> None:
    assert guard(text) == text


def test_no_file_holds_a_personal_number(client: Client, project: Project, centre_staff: User) -> None:
    province = centre_staff.memberships.get().scope.province()
    named = {"name": f"Hộ {NUMBER}", "notes": f"CCCD {NUMBER}", "representative": NUMBER, "phone": NUMBER}
    household = Beneficiary.objects.create(province=province, type="household", **named)
    PersonalNumber.objects.create(beneficiary=household, number=NUMBER)
    Beneficiary.objects.create(province=province, name="Mã đặt nhầm chỗ", type="household", tax_code=NUMBER)
    project.supports.create(beneficiary=household)
    Project.objects.filter(pk=project.pk).update(parties=f"Ông A ({NUMBER})", name=f"Máy của {NUMBER}")
    FieldChange.objects.create(project=project, field="notes", after=NUMBER, actor=centre_staff)
    snapshot = {"notes": f"số {NUMBER}"}
    occasion = {"occasion": "adjustment", "effective_on": "2006-01-01", "number": 7}
    ProjectRevision.objects.create(project=project, recorded_by=centre_staff, snapshot=snapshot, **occasion)
    client.force_login(centre_staff)
    for content in (download(client, XLSX), download(client, ZIP)):
        with ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if NUMBER.encode() in archive.read(name)]
    for table in TABLES:
        assert NUMBER.encode() not in download(client, CSV, table=table.slug)
    rows = read_csv(download(client, CSV, table="don-vi-thu-huong"))
    assert [(row["Số định danh cá nhân (đã che)"], row["Mã số thuế"]) for row in rows] == [
        ("031…234", ""),
        ("", "031…234"),
    ]


def test_tax_code_keeps_its_zeros(client: Client, centre_staff: User) -> None:
    province = centre_staff.memberships.get().scope.province()
    Beneficiary.objects.create(province=province, name="Công ty", type="enterprise", tax_code="0200000001")
    client.force_login(centre_staff)
    [row] = read(download(client, XLSX))["Đơn vị thụ hưởng"]
    assert row["Mã số thuế"] == "0200000001" and row["Do phụ nữ làm chủ"] == "Không" and row["Địa chỉ"] is None


def test_text_longer_than_a_cell_is_cut_and_said(client: Client, project: Project, centre_staff: User) -> None:
    long = "Dài. " * 8_000 + "Hết"
    Project.objects.filter(pk=project.pk).update(aims=long)
    client.force_login(centre_staff)
    workbook = download(client, XLSX)
    [row] = read(workbook)["Đề án"]
    assert len(row["3. Mục tiêu"]) <= 32_767 and row["3. Mục tiêu"].endswith("…")
    notes = [row[2] for row in load_workbook(io.BytesIO(workbook))["Mục lục"].iter_rows(values_only=True) if row[2]]
    assert "có ô dài hơn 32.767 ký tự bị cắt; nguyên văn ở tệp de-an.csv" in notes
    assert read_csv(download(client, CSV, table="de-an"))[0]["3. Mục tiêu"] == long


def test_rows_beyond_a_sheet_go_on_in_the_next(project: Project, centre_staff: User) -> None:
    Comment.objects.bulk_create(Comment(project=project, text=f"Ý {n}", author=centre_staff) for n in range(10))
    table = table_named("y-kien")
    assert table is not None
    file = io.BytesIO()
    with translation.override("vi"):
        write_workbook(file, [table], centre_staff, contents_of(centre_staff, timezone.now()), max_rows=5)
    sheets = read(file.getvalue())
    assert list(sheets) == ["Ý kiến", "Ý kiến (2)", "Ý kiến (3)"]
    assert [row["Ý kiến"] for rows in sheets.values() for row in rows] == [f"Ý {n}" for n in range(10)]
    assert [len(rows) for rows in sheets.values()] == [4, 4, 2]
