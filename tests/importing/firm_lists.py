"""An office's list of establishments, and the steps from it to the province's registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from khuyencong.accounts.models import Organisation, User
from projects.importing.models import ImportBatch
from projects.importing.proposals import Proposal, RowState
from projects.importing.services.batches import bring_file, write_batch
from projects.models import Beneficiary
from tests.importing.lists import answered, proposed, workbook

HEADER = (
    *("STT", "Tên cơ sở", "MST", "Địa chỉ", "Xã, phường", "Người đại diện", "Điện thoại", "Số lao động", "Chủ là nữ"),
    *("DTTS", "Làng nghề", "Loại hình", "Ghi chú"),
)
COMPANY = (
    *(1, "Công ty TNHH Thành Đạt", "0283183496", "Thôn 1", "Tiên Lãng", "Nguyễn Thị A", 912345678, 25, "x"),
    *(None, None, "Doanh nghiệp", "May xuất khẩu"),
)
COOPERATIVE = (2, "HTX Lật Dương", None, None, "Tiên Lãng", None, None, None, None, "x", "Chiếu cói", None, None)


def listed(office: Organisation, rows: Any, actor: User) -> ImportBatch:
    content = workbook(rows, unit="", title="Danh bạ")
    return bring_file(plan=None, kind="firms", name="danh-ba.xlsx", content=content, actor=actor, organisation=office)


def read(office: Organisation, rows: Any, actor: User) -> Proposal:
    return proposed(listed(office, rows, actor), actor)


def entered(office: Organisation, rows: Any, actor: User, answers: Mapping[str, str] | None = None) -> ImportBatch:
    batch = answered(listed(office, rows, actor), actor, answers)
    return write_batch(batch=batch, version=batch.version, actor=actor)


def states(proposal: Proposal) -> list[RowState]:
    return [one.state for one in proposal.rows]


def known(office: Organisation, name: str, **more: Any) -> Beneficiary:
    fields = {"type": "enterprise", **more}
    return Beneficiary.objects.create(province=office.province(), name=name, **fields)
