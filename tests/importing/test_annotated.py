"""The copy that comes back: the office's own file with its faulty cells marked, or its values in a new one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.proposals import RowState
from projects.importing.reading.files import read_workbook
from projects.importing.reading.whole import may_be_opened_whole
from projects.importing.services.batches import bring_file, bring_pasted
from tests.importing.lists import HEADER, TRAINING, changed, read, workbook
from tests.importing.reading.builders import with_members

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
WRONG, NOTED = "00F4C7C3", "00FCE8B2"
BROKEN = workbook([
    HEADER,
    changed(TRAINING, G="năm mươi"),
    changed(TRAINING, A=2, B=None),
    changed(TRAINING, A=3, B="Đào tạo nghề may", E="03/2002"),
])  # fmt: skip


@pytest.fixture
def copy_of(plan: AnnualPlan, centre_staff: User, client: Client) -> Callable[[bytes], bytes]:
    client.force_login(centre_staff)

    def copied(content: bytes) -> bytes:
        batch = bring_file(plan=plan, kind="plan", name="danh-muc", content=content, actor=centre_staff)
        answer = client.get(reverse("importing:annotated", args=[batch.pk]))
        assert answer.status_code == 200
        return answer.content

    return copied


def marks(content: bytes) -> dict[str, str]:
    """Cells with a comment, by their colour."""
    page = load_workbook(BytesIO(content)).worksheets[0]
    found = [cell for row in page.iter_rows() for cell in row if cell.comment]
    return {cell.coordinate: cell.fill.fgColor.rgb for cell in found}


def test_each_faulty_cell_is_coloured_and_says_what_is_wrong(copy_of: Callable[[bytes], bytes]) -> None:
    content = copy_of(BROKEN)
    assert marks(content) == {"G5": WRONG, "B6": WRONG, "E7": NOTED}
    page = load_workbook(BytesIO(content)).worksheets[0]
    assert "năm mươi" in page["G5"].comment.text and page["G5"].value == "năm mươi"
    assert page["A1"].value == "DANH MỤC ĐỀ ÁN KHUYẾN CÔNG"


def test_what_is_still_asked_of_a_cell_stands_there_too(copy_of: Callable[[bytes], bytes]) -> None:
    rows = [HEADER, changed(TRAINING, D="Xã Không Có"), changed(TRAINING, A=2, B="Đào tạo nghề may", E="Quý V")]
    content = copy_of(workbook(rows))
    page = load_workbook(BytesIO(content)).worksheets[0]
    assert marks(content).items() >= {"D5": NOTED, "E6": NOTED}.items()
    assert "Không có đơn vị hành chính tên “Xã Không Có”." in page["D5"].comment.text


def test_a_wrong_row_names_all_its_cells_at_once(
    copy_of: Callable[[bytes], bytes], plan: AnnualPlan, centre_staff: User
) -> None:
    """Nobody is asked about it any more, and whoever puts the amount right would find the time wrong next."""
    row = changed(TRAINING, D="Xã Không Có", E="30/02/2026", G="năm mươi")
    content = workbook([HEADER, changed(TRAINING, A=2, B="Đào tạo nghề may", D="Xã Không Có"), row])
    assert marks(copy_of(content)).items() >= {"D6": NOTED, "E6": NOTED, "G6": WRONG}.items()
    page = load_workbook(BytesIO(copy_of(content))).worksheets[0]
    assert page["D6"].comment.text == "Không có đơn vị hành chính tên “Xã Không Có”.", "once"
    [wrong] = read(plan, content, centre_staff).in_state(RowState.WRONG)
    assert [one.cell for one in wrong.wrong + wrong.notes] == ["Danh mục!G6", "Danh mục!D6", "Danh mục!E6"]
    assert not wrong.asks


def test_the_office_keeps_its_own_formats_and_formulas(copy_of: Callable[[bytes], bytes]) -> None:
    own = load_workbook(BytesIO(BROKEN))
    own.worksheets[0].column_dimensions["B"].width = 61
    own.worksheets[0]["J9"] = "=SUM(G5:G7)"
    buffer = BytesIO()
    own.save(buffer)
    page = load_workbook(BytesIO(copy_of(buffer.getvalue()))).worksheets[0]
    assert page.column_dimensions["B"].width == 61 and page["J9"].value == "=SUM(G5:G7)"


def test_pasted_rows_come_back_in_a_new_workbook(plan: AnnualPlan, centre_staff: User, client: Client) -> None:
    text = "\n".join("\t".join(str(cell or "") for cell in row) for row in [HEADER, changed(TRAINING, G="=1+x")])
    batch = bring_pasted(plan=plan, kind="plan", text=text, actor=centre_staff)
    client.force_login(centre_staff)
    content = client.get(reverse("importing:annotated", args=[batch.pk])).content
    assert marks(content)["G2"] == WRONG
    assert load_workbook(BytesIO(content)).worksheets[0]["G2"].data_type == "s", "a text and no formula of ours"


@pytest.mark.parametrize(
    "inner",
    [
        '<mergeCells count="1"><mergeCell ref="A100:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink ref="A100:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
def test_a_few_kilobytes_that_would_become_all_cells_of_a_sheet(copy_of: Callable[[bytes], bytes], inner: str) -> None:
    own = _with_inner(inner)
    assert len(own) < 10_000 and marks(copy_of(own)) == {"G5": WRONG, "B6": WRONG, "E7": NOTED}


def test_very_many_cells_that_are_formatted_and_blank(copy_of: Callable[[bytes], bytes]) -> None:
    cells = '<c s="0"/>' * 200
    own = _with_inner("", "".join(f'<row r="{row}">{cells}</row>' for row in range(100, 2_200)))
    assert not may_be_opened_whole(own)
    assert marks(copy_of(own)) == {"G5": WRONG, "B6": WRONG, "E7": NOTED}


def _with_inner(after: str, rows: str = "") -> bytes:
    text = ZipFile(BytesIO(BROKEN)).read(SHEET).decode()
    return with_members(BROKEN, {SHEET: text.replace("</sheetData>", f"{rows}</sheetData>{after}")})


@pytest.mark.office
@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_libreoffice_opens_the_copy(
    copy_of: Callable[[bytes], bytes], libreoffice: str, tmp_path: Path, extension: str
) -> None:
    """Also that of a file which it saved in an older format itself."""

    def saved_as(content: bytes, name: str, kind: str) -> bytes:
        (tmp_path / name).write_bytes(content)
        command = [libreoffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
        subprocess.run([*command, tmp_path / name], check=True, capture_output=True, timeout=120, cwd=tmp_path)
        return (tmp_path / f"{Path(name).stem}.{kind}").read_bytes()

    own = BROKEN if extension == "xlsx" else saved_as(BROKEN, "danh-muc.xlsx", extension)
    opened = read_workbook("mo-ra.ods", saved_as(copy_of(own), "ghi-chu.xlsx", "ods"))
    assert opened.sheets[0].value(5, 7) == "năm mươi"
