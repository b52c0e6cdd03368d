"""Lists as offices write them, made for tests: a workbook of rows, and the steps from it to the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal
from projects.importing.services.batches import answer_batch, bring_file, write_batch
from projects.importing.understanding import understand_list
from projects.models import CostLine
from tests.factories import MILLION, activity, district, make_plan

HEADER = ("STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Thời gian", "KCQG", "KCĐP", "Vốn đối ứng")
TRAINING = (1, "Đào tạo nghề thêu ren", "HTX Lật Dương", "H. Tiên Lãng", "Quý II-IV", None, 60, 20)
PLACED = ("STT", "Tên đề án", "Địa điểm")
THREAD = (1, "Đào tạo nghề thêu ren", "H. Tiên Lãng")
SEWING = (2, "Đào tạo nghề may", "H. Tiên Lãng")
FAIR = (2, "Tham gia hội chợ", None, "Toàn thành phố", "Cả năm", "-", "40,5", None)


def workbook(rows: Sequence[Sequence[Any]], *, unit: str = "ĐVT: Triệu đồng", title: str = "Danh mục") -> bytes:
    """A sheet with a heading, the unit, an empty row, then the rows from row 4 on, of which the first is the header."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(["DANH MỤC ĐỀ ÁN KHUYẾN CÔNG"])
    sheet.append([unit])
    sheet.append([])
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def sheet(
    rows: Sequence[Sequence[Any]], *, unit: str = "ĐVT: Triệu đồng", merged: Sequence[str] = (), title: str = "Danh mục"
) -> bytes:
    """A sheet whose list begins in row 2."""
    book = Workbook()
    page = book.worksheets[0]
    page._WorkbookChild__title = title  # openpyxl refuses what Excel takes
    for row in ([unit], *rows):
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    return saved(book)


def read(plan: AnnualPlan, content: bytes, actor: User) -> Proposal:
    return proposed(brought(plan, content, actor), actor)


def money(proposal: Proposal) -> list[tuple[str, dict[str, float]]]:
    """What each row says, in millions."""
    return [
        (row.entry.name, {key: vnd / MILLION for key, vnd in row.entry.amounts.items() if vnd is not None})
        for row in proposal.rows
    ]


def saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plan_of(centre_staff: User, year: int = 2006) -> AnnualPlan:
    """The Centre's plan of the year, with two contents and two districts to name."""
    activity()
    activity("134-3", "Mô hình trình diễn, chuyển giao công nghệ")
    activity("134-4", "Phát triển sản phẩm, hội chợ")
    district()
    district("311", "Huyện Thủy Nguyên")
    make_plan(organisation=centre_staff.memberships.get().scope, year=year)
    return AnnualPlan.objects.for_page().get(year=year)


def brought(plan: AnnualPlan, content: bytes, actor: User, *, name: str = "danh-muc.xlsx") -> ImportBatch:
    return bring_file(plan=plan, kind="plan", name=name, content=content, actor=actor)


def proposed(batch: ImportBatch, actor: User) -> Proposal:
    found = understand_list(ImportBatch.objects.select_related("plan", "organisation").get(pk=batch.pk), actor).proposal
    assert found is not None
    return found


def answered(batch: ImportBatch, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    """Each open question by its kind (what stands before the first colon), else with what is likely."""
    given = answers or {}
    known = {
        one.key: given.get(one.key) or given.get(one.key.partition(":")[0]) or one.likely or one.options[0].value
        for one in proposed(batch, actor).open_questions
    }
    return answer_batch(batch=batch, answers=known, version=batch.version, actor=actor)


def imported(plan: AnnualPlan, content: bytes, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    """From the file to the records, with every question answered."""
    batch = answered(brought(plan, content, actor), actor, answers)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def changed(row: tuple[Any, ...], **cells: Any) -> tuple[Any, ...]:
    """The row with other cells, by the letter of their column."""
    at = {ord(letter) - 65: cell for letter, cell in cells.items()}
    return tuple(at.get(place, cell) for place, cell in enumerate(row))


def asked_for(plan: AnnualPlan) -> int:
    """All that the projects of the plan ask for, in đồng."""
    return sum(CostLine.objects.for_plans([plan]).counted().values_list("amount_vnd", flat=True))
