"""Columns that many tables share: who, which project, which line of which plan, what a row puts right.

A reference stands by its id, which joins the tables again, and by what a reader knows it by.
"""

from __future__ import annotations

from django.db import models

from khuyencong.accounts.models import User
from khuyencong.text import at_start
from reports.takeout.columns import RecordColumn, RecordKind

ID = RecordColumn("pk", "ID", RecordKind.NUMBER)


def reference(path: str, title: str, *shown: tuple[str, str]) -> tuple[RecordColumn, ...]:
    """The id of what a row refers to, then (path below it, title) of what it is called."""
    return (
        RecordColumn(f"{path}_id", f"ID {title}", RecordKind.NUMBER),
        *(RecordColumn(f"{path}__{name}", words) for name, words in shown),
    )


def person(path: str, title: str) -> tuple[RecordColumn, ...]:
    return reference(path, title, ("full_name", at_start(title)))


def project(path: str = "project") -> tuple[RecordColumn, ...]:
    return reference(path, "đề án", ("code", "Mã đề án"), ("name", "Tên đề án"))


def organisation(path: str, title: str) -> tuple[RecordColumn, ...]:
    return reference(path, title, ("code", f"Mã {title}"), ("name", at_start(title)))


def plan_round(path: str = "round") -> tuple[RecordColumn, ...]:
    return (
        RecordColumn(f"{path}_id", "ID đợt", RecordKind.NUMBER),
        RecordColumn(f"{path}__plan__year", "Năm kế hoạch"),
        RecordColumn(f"{path}__level", "Cấp nguồn của đợt"),
        RecordColumn(f"{path}__number", "Đợt số"),
    )


def decision(path: str = "decision") -> tuple[RecordColumn, ...]:
    return (
        RecordColumn(f"{path}_id", "ID văn bản", RecordKind.NUMBER),
        RecordColumn(f"{path}__number", "Số văn bản", RecordKind.CODE),
        RecordColumn(f"{path}__issued_on", "Ngày văn bản"),
    )


def contract(path: str = "contract") -> tuple[RecordColumn, ...]:
    return (
        RecordColumn(f"{path}_id", "ID hợp đồng", RecordKind.NUMBER),
        RecordColumn(f"{path}__number", "Số hợp đồng", RecordKind.CODE),
        RecordColumn(f"{path}__signed_on", "Ngày ký hợp đồng"),
    )


def beneficiary(path: str = "beneficiary") -> tuple[RecordColumn, ...]:
    return reference(path, "đơn vị thụ hưởng", ("name", "Đơn vị thụ hưởng"))


def unit(path: str, title: str) -> tuple[RecordColumn, ...]:
    return reference(path, title, ("code", f"Mã {title}"), ("name", at_start(title)))


def activity(path: str = "activity_type") -> tuple[RecordColumn, ...]:
    return reference(
        path, "nội dung hoạt động", ("code", "Mã nội dung hoạt động"), ("short_name", "Nội dung hoạt động")
    )


def regulation(path: str = "regulation") -> tuple[RecordColumn, ...]:
    return reference(path, "văn bản quy phạm", ("code", "Mã văn bản quy phạm"), ("number", "Văn bản quy phạm"))


PLAN = (
    RecordColumn("plan_id", "ID kế hoạch", RecordKind.NUMBER),
    RecordColumn("plan__year", "Năm kế hoạch"),
    RecordColumn("plan__organisation__code", "Mã đơn vị lập kế hoạch"),
)
SOURCE = (
    RecordColumn("source_id", "ID nguồn", RecordKind.NUMBER),
    RecordColumn("source__code", "Mã nguồn kinh phí"),
    RecordColumn("source__short_name", "Nguồn kinh phí"),
)
# Money stands on a line of a plan × a content of the project × a source.
MONEY_KEY = (
    RecordColumn("plan_line_id", "ID dòng kế hoạch", RecordKind.NUMBER),
    *plan_round("plan_line__round"),
    RecordColumn("plan_line__project_id", "ID đề án", RecordKind.NUMBER),
    RecordColumn("plan_line__project__code", "Mã đề án"),
    RecordColumn("component_id", "ID nội dung của đề án", RecordKind.NUMBER),
    RecordColumn("component__activity_type__code", "Mã nội dung hoạt động"),
    *SOURCE,
)
AMOUNT = RecordColumn("amount_vnd", "Số tiền (đồng)")
RECORDED = (
    RecordColumn("effective_on", "Tính từ ngày"),
    RecordColumn("recorded_at", "Ghi nhận lúc"),
    *person("recorded_by", "người ghi nhận"),
    RecordColumn("reason", "Lý do"),
)
REVERSES = RecordColumn("reverses_id", "ID bút toán được ghi đảo", RecordKind.NUMBER)
CORRECTS = RecordColumn("corrects_id", "ID bút toán được đính chính", RecordKind.NUMBER)
FILE = (
    RecordColumn("title", "Tên tài liệu"),
    RecordColumn("original_name", "Tên tệp"),
    RecordColumn("size_bytes", "Dung lượng (byte)"),
    RecordColumn("sha256", "SHA-256"),
    RecordColumn("uploaded_at", "Tải lên lúc"),
    *person("uploaded_by", "người tải lên"),
    RecordColumn("uploader_role"),
    RecordColumn("withdrawn_at", "Rút lúc"),
    *person("withdrawn_by", "người rút"),
    RecordColumn("withdraw_reason", "Lý do rút"),
    RecordColumn("erased_at", "Xóa nội dung lúc"),
    *person("erased_by", "người xóa nội dung"),
    RecordColumn("erase_reason", "Lý do xóa nội dung"),
)
IN_FORCE = (
    *regulation(),
    RecordColumn("clause", "Điều, khoản"),
    RecordColumn("effective_from", "Hiệu lực từ"),
    RecordColumn("effective_to", "Hiệu lực đến"),
    RecordColumn("is_confirmed", "Đã đối chiếu văn bản"),
)


def everything(model: type[models.Model], user: User) -> models.QuerySet:
    """Reference data is public to whoever signs in."""
    return model._default_manager.all()
