"""Lists of what was approved and paid already, made for tests, with days counted back from today."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from khuyencong.accounts.models import User
from programmes.models import AnnualPlan
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal
from projects.importing.services.batches import answer_batch, bring_file, write_batch
from projects.models import ApprovalEntry, ContractEntry, PastLetter, PaymentEntry, SettlementEntry
from tests.factories import MILLION, activity, place_of
from tests.importing.lists import proposed, saved, workbook
from tests.projects.opening import city, confirmed, days_ago, running_plan

HEADER = (
    *("STT", "Tên đề án", "Đơn vị thụ hưởng", "Xã, phường", "Số QĐ", "Ngày QĐ", "KP được duyệt", "Số HĐ", "Ngày HĐ"),
    *("Giá trị HĐ", "Tạm ứng", "Ngày tạm ứng", "Thanh toán", "Ngày TT", "Quyết toán", "Tiến độ"),
)
FIRM, LETTER = "Công ty TNHH Minh Phát", "45/QĐ-UBND"


def day(count: int) -> str:
    return f"{days_ago(count):%d/%m/%Y}"


def row(place: int = 1, **said: Any) -> list[Any]:
    """Approved 200 days ago with 100, contracted, 70 advanced; what ``said`` names by heading stands instead."""
    cells = dict(zip(HEADER, [
        place, f"Hỗ trợ máy móc số {place}", FIRM, "Xã Tiên Lãng", LETTER, day(200), 100, f"{place}/HĐ-KC", day(190),
        100, 70, day(180), None, None, None, "Đang thực hiện",
    ], strict=True))  # fmt: skip
    names = {
        "name": "Tên đề án",
        "firm": "Đơn vị thụ hưởng",
        "letter": "Số QĐ",
        "on": "Ngày QĐ",
        "approved": "KP được duyệt",
    }
    names |= {"contract": "Giá trị HĐ", "number": "Số HĐ", "signed": "Ngày HĐ", "advance": "Tạm ứng"}
    names |= {"advanced": "Ngày tạm ứng", "paid": "Thanh toán", "paid_on": "Ngày TT", "settled": "Quyết toán"}
    names |= {"progress": "Tiến độ", "area": "Xã, phường"}
    cells |= {names[key]: cell for key, cell in said.items()}
    return list(cells.values())


FINISHED = {"paid": 30, "settled": 100, "progress": f"Đã quyết toán {days_ago(60):%d/%m/%Y}"}
LETTERS = (
    ("Số văn bản", "Ngày", "Cơ quan", "Nguồn", "Số tiền (triệu đồng)"),
    (LETTER, day(200), "UBND TP Hải Phòng", "KCĐP", 150),
)


def book(rows: Sequence[Sequence[Any]], beside: Any = (LETTERS,), title: str = "THEO DÕI GIẢI NGÂN KCĐP") -> bytes:
    """The list in triệu đồng, and the other sheets beside it."""
    content = load_workbook(BytesIO(workbook(rows, title="Giải ngân")))
    content["Giải ngân"]["A1"] = title
    for number, other in enumerate(beside):
        sheet = content.create_sheet(f"Khác {number}")
        for one in other:
            sheet.append(list(one))
    return saved(content)


def plan_of_this_year(centre_staff: User) -> AnnualPlan:
    """The Centre's plan of the year that runs, with a content, a place and the city's committee to name."""
    activity("134-3", "Mô hình trình diễn, chuyển giao công nghệ")
    made = running_plan(centre_staff.memberships.get().scope)
    place_of(made)
    city(made)
    return AnnualPlan.objects.for_page().get(pk=made.pk)


def brought(plan: AnnualPlan, actor: User, content: bytes, kind: str = "opening") -> ImportBatch:
    return bring_file(plan=plan, kind=kind, name="giai-ngan.xlsx", content=content, actor=actor)


def imported(plan: AnnualPlan, actor: User, content: bytes, answers: dict[str, str] | None = None) -> ImportBatch:
    """``answers`` by the beginning of their questions; all others as they are likely. One answer may open another
    question."""
    batch = brought(plan, actor, content)
    while batch.version < 4:
        found = {}
        for one in proposed(batch, actor).open_questions:
            said = next((value for key, value in (answers or {}).items() if one.key.startswith(key)), None)
            found[one.key] = said or one.likely
        batch = answer_batch(batch=batch, answers=found, version=batch.version, actor=actor)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def sheet_of(*rows: Sequence[Any], merged: Sequence[str] = (), title: str = "THEO DÕI GIẢI NGÂN KCĐP") -> bytes:
    """Rows under headings of their own from row 4 on, in triệu đồng, with merged cells."""
    content = load_workbook(BytesIO(workbook(rows, title="Giải ngân")))
    page = content["Giải ngân"]
    page["A1"] = title
    for area in merged:
        page.merge_cells(area)
    return saved(content)


def read(plan: AnnualPlan, actor: User, content: bytes) -> Proposal:
    return proposed(brought(plan, actor, content), actor)


def read_rows(plan: AnnualPlan, actor: User, *rows: Any, **how: Any) -> Proposal:
    return read(plan, actor, book([HEADER, *rows], **how))


def asked_of(proposal: Proposal) -> list[str]:
    """The kinds of its open questions."""
    return [one.key.partition(":")[0] for one in proposal.open_questions]


def said_of(proposal: Proposal) -> str:
    return " | ".join(one.text for row in proposal.rows for one in (*row.wrong, *row.notes))


def wrong_of(proposal: Proposal) -> dict[str, str]:
    """What is wrong, by cell."""
    return {one.cell.partition("!")[2]: one.text for row in proposal.rows for one in row.wrong}


def all_confirmed(staff: User, head: User) -> None:
    """Every letter that the Centre has, in the order of their days."""
    letters = list(PastLetter.objects.open())
    for letter in sorted(letters, key=lambda one: str(one.issued_on or "")):
        confirmed(letter, head, sent_by=staff)


Account = dict[str, float]


def books() -> dict[str, dict[str, Account]]:
    """What the books hold by project and level of money, in triệu đồng; what is nothing is left out."""
    found: dict[str, dict[str, Account]] = {}
    tables: dict[str, Any] = {
        "approved": ApprovalEntry.objects.all(),
        "contract": ContractEntry.objects.all(),
        "advance": PaymentEntry.objects.filter(kind="advance"),
        "payment": PaymentEntry.objects.filter(kind="payment"),
        "recovery": PaymentEntry.objects.filter(kind="recovery"),
        "settled": SettlementEntry.objects.all(),
    }
    for figure, entries in tables.items():
        for entry in entries.select_related("plan_line__project", "source"):
            account = found.setdefault(entry.plan_line.project.name, {}).setdefault(entry.source.code, {})
            account[figure] = account.get(figure, 0) + entry.amount_vnd
    return {
        name: {source: {figure: vnd / MILLION for figure, vnd in one.items() if vnd} for source, one in sources.items()}
        for name, sources in found.items()
    }
