"""Columns that many tables share: who, which project, which line of which plan, what a row puts right.

A reference stands by its id, which joins the tables again, and by what a reader knows it by.
"""

from __future__ import annotations

from django.db import models

from khuyencong.accounts.models import User
from reports.takeout.columns import Column, Kind

ID = Column("pk", "ID", Kind.NUMBER)


def reference(path: str, title: str, *shown: tuple[str, str]) -> tuple[Column, ...]:
    """The id of what a row refers to, then (path below it, title) of what it is called."""
    return (
        Column(f"{path}_id", f"ID {title}", Kind.NUMBER),
        *(Column(f"{path}__{name}", words) for name, words in shown),
    )


def person(path: str, title: str) -> tuple[Column, ...]:
    return reference(path, title, ("full_name", title[:1].upper() + title[1:]))


def project(path: str = "project") -> tuple[Column, ...]:
    return reference(path, "đề án", ("code", "Mã đề án"), ("name", "Tên đề án"))


def organisation(path: str, title: str) -> tuple[Column, ...]:
    return reference(path, title, ("code", f"Mã {title}"), ("name", title[:1].upper() + title[1:]))


def plan_round(path: str = "round") -> tuple[Column, ...]:
    return (
        Column(f"{path}_id", "ID đợt", Kind.NUMBER),
        Column(f"{path}__plan__year", "Năm kế hoạch"),
        Column(f"{path}__level", "Cấp nguồn của đợt"),
        Column(f"{path}__number", "Đợt số"),
    )


def decision(path: str = "decision") -> tuple[Column, ...]:
    return (
        Column(f"{path}_id", "ID văn bản", Kind.NUMBER),
        Column(f"{path}__number", "Số văn bản", Kind.CODE),
        Column(f"{path}__issued_on", "Ngày văn bản"),
    )


def contract(path: str = "contract") -> tuple[Column, ...]:
    return (
        Column(f"{path}_id", "ID hợp đồng", Kind.NUMBER),
        Column(f"{path}__number", "Số hợp đồng", Kind.CODE),
        Column(f"{path}__signed_on", "Ngày ký hợp đồng"),
    )


def beneficiary(path: str = "beneficiary") -> tuple[Column, ...]:
    return reference(path, "đơn vị thụ hưởng", ("name", "Đơn vị thụ hưởng"))


def unit(path: str, title: str) -> tuple[Column, ...]:
    return reference(path, title, ("code", f"Mã {title}"), ("name", title[:1].upper() + title[1:]))


def activity(path: str = "activity_type") -> tuple[Column, ...]:
    return reference(
        path, "nội dung hoạt động", ("code", "Mã nội dung hoạt động"), ("short_name", "Nội dung hoạt động")
    )


def regulation(path: str = "regulation") -> tuple[Column, ...]:
    return reference(path, "văn bản quy phạm", ("code", "Mã văn bản quy phạm"), ("number", "Văn bản quy phạm"))


PLAN = (
    Column("plan_id", "ID kế hoạch", Kind.NUMBER),
    Column("plan__year", "Năm kế hoạch"),
    Column("plan__organisation__code", "Mã đơn vị lập kế hoạch"),
)
SOURCE = (
    Column("source_id", "ID nguồn", Kind.NUMBER),
    Column("source__code", "Mã nguồn kinh phí"),
    Column("source__short_name", "Nguồn kinh phí"),
)
# Money stands on a line of a plan × a content of the project × a source.
MONEY_KEY = (
    Column("plan_line_id", "ID dòng kế hoạch", Kind.NUMBER),
    *plan_round("plan_line__round"),
    Column("plan_line__project_id", "ID đề án", Kind.NUMBER),
    Column("plan_line__project__code", "Mã đề án"),
    Column("component_id", "ID nội dung của đề án", Kind.NUMBER),
    Column("component__activity_type__code", "Mã nội dung hoạt động"),
    *SOURCE,
)
AMOUNT = Column("amount_vnd", "Số tiền (đồng)")
RECORDED = (
    Column("effective_on", "Tính từ ngày"),
    Column("recorded_at", "Ghi nhận lúc"),
    *person("recorded_by", "người ghi nhận"),
    Column("reason", "Lý do"),
)
REVERSES = Column("reverses_id", "ID bút toán được ghi đảo", Kind.NUMBER)
CORRECTS = Column("corrects_id", "ID bút toán được đính chính", Kind.NUMBER)
FILE = (
    Column("title", "Tên tài liệu"),
    Column("original_name", "Tên tệp"),
    Column("size_bytes", "Dung lượng (byte)"),
    Column("sha256", "SHA-256"),
    Column("uploaded_at", "Tải lên lúc"),
    *person("uploaded_by", "người tải lên"),
)
IN_FORCE = (
    *regulation(),
    Column("clause", "Điều, khoản"),
    Column("effective_from", "Hiệu lực từ"),
    Column("effective_to", "Hiệu lực đến"),
    Column("is_confirmed", "Đã đối chiếu văn bản"),
)


def everything(model: type[models.Model], user: User) -> models.QuerySet:
    """Reference data is public to whoever signs in."""
    return model._default_manager.all()
