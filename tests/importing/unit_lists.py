"""A made-up province, with its lists of units as an office keeps them: a title, a header of two rows, groups by
district, a sum at the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from khuyencong.accounts.models import Organisation, User
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal, RowState
from projects.importing.services.batches import bring_file, write_batch
from tests.importing.lists import answered, proposed, saved, workbook

DISTRICTS = ("Huyện Sông Mây", "Huyện Núi Voi", "Thị xã Cửa Rừng", "Thành phố Đồng Xanh", "Quận Bến Sỏi")
WORDS = ("An", "Bình", "Cát", "Đông", "Hòa", "Lâm", "Minh", "Phú", "Tân", "Vĩnh")
NAMES = [f"{one} {other}" for one in WORDS for other in ("Châu", "Điền", "Giang", "Hải", "Khánh", "Lộc", "Mỹ", "Quang",
         "Sơn", "Thủy")]  # fmt: skip


def new_rows(count: int = 100) -> list[tuple[Any, ...]]:
    """Communes of today in groups by the district that was, a ward in four, with what each was made of."""
    rows: list[tuple[Any, ...]] = []
    for number in range(count):
        if number % 20 == 0:
            rows.append((("I", "II", "III", "IV", "V")[number // 20], f"Địa bàn {DISTRICTS[number // 20].lower()} cũ"))
        kind = "Phường" if number % 4 == 3 else "Xã"
        former = f"Xã {NAMES[number]} Một, xã {NAMES[number]} Hai và một phần xã {NAMES[(number + 1) % count]} Một"
        rows.append((number % 20 + 1, f"{kind} {NAMES[number]}", f"{20000 + number}", former, 12.5, 15000))
    return rows


def new_book(rows: Sequence[tuple[Any, ...]], foot: str = "Tổng số: 100 xã, phường") -> bytes:
    """Under a title, with a header of two rows whose cells are merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sau sắp xếp"
    sheet.append(["ỦY BAN NHÂN DÂN TỈNH THANH GIANG"])
    sheet.append(["DANH SÁCH CÁC ĐƠN VỊ HÀNH CHÍNH CẤP XÃ SAU SẮP XẾP"])
    sheet.append(["(Kèm theo Nghị quyết số 1700/NQ-UBTVQH15)"])
    sheet.append([])
    top = ("STT", "Tên xã, phường", "Mã", "Sáp nhập từ các xã, phường cũ", "Quy mô", None)
    sheet.append(list(top))
    sheet.append([None, None, None, None, "Diện tích (km2)", "Dân số (người)"])
    for area in ("A1:F1", "A2:F2", "A5:A6", "B5:B6", "C5:C6", "D5:D6", "E5:F5"):
        sheet.merge_cells(area)
    for row in rows:
        sheet.append(list(row))
    sheet.append([foot])
    sheet.append([])
    sheet.append([None, None, None, "Thanh Giang, ngày 05 tháng 7 năm 2025"])
    return saved(book)


def merged_book() -> bytes:
    """A unit whose name stands in a cell over the rows of what it was made of."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Tên đơn vị hành chính mới", "Mã", "Đơn vị hành chính cũ", "Từ ngày"])
    sheet.append([1, "Xã An Châu", "20000", "Xã Hòa Bình", "01/07/2025"])
    sheet.append([None, None, None, "Xã Không Tên", None])
    for area in ("A2:A3", "B2:B3", "C2:C3", "E2:E3"):
        sheet.merge_cells(area)
    return saved(book)


OLD_HEADER = ("STT", "Tên đơn vị hành chính", "Mã đơn vị", "Loại")


def old_rows(count: int = 100) -> list[tuple[Any, ...]]:
    """The districts with their codes, each over its former communes, two for each commune of today."""
    rows: list[tuple[Any, ...]] = [OLD_HEADER]
    for number in range(count):
        if number % 20 == 0:
            district = DISTRICTS[number // 20]
            rows.append((("I", "II", "III", "IV", "V")[number // 20], district, 700 + number // 20, None))
        for half, word in enumerate(("Một", "Hai")):
            rows.append((number * 2 + half + 1, f"{NAMES[number]} {word}", 30000 + number * 2 + half, "Xã"))
    return rows


def make_province(code: str = "thanh-giang", name: str = "Tỉnh Thanh Giang", area_code: str = "70") -> Organisation:
    return Organisation.objects.create(code=code, kind="province", name=name, area_code=area_code)


def listed(province: Organisation, rows: Any, actor: User, name: str = "don-vi.xlsx") -> ImportBatch:
    content = rows if isinstance(rows, bytes) else workbook(rows, unit="", title="Đơn vị")
    return bring_file(plan=None, kind="units", name=name, content=content, actor=actor, organisation=province)


def read(province: Organisation, rows: Any, actor: User) -> Proposal:
    return proposed(listed(province, rows, actor), actor)


def answered_all(batch: ImportBatch, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    """With every question answered, one after the other."""
    while proposed(batch, actor).open_questions:
        batch = answered(batch, actor, answers)
    return batch


def entered(province: Organisation, rows: Any, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    batch = answered_all(listed(province, rows, actor), actor, answers)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def states(proposal: Proposal) -> list[RowState]:
    return [one.state for one in proposal.rows]
