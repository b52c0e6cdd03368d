"""The tables of what was judged and what happened, and of the lists that all share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import FormerName, Organisation
from programmes.models import (
    ActivityType,
    AdminUnit,
    AdminUnitSuccession,
    AdvanceShare,
    Authority,
    DeadlineRule,
    EligibilityRule,
    FundingSource,
    PlanRound,
    Regulation,
    SupportNorm,
)
from projects.models import (
    Appraisal,
    AppraisalAnswer,
    Comment,
    FieldChange,
    Project,
    ProjectRevision,
    StatusChange,
    WarningReason,
)
from projects.models.field_labels import label_of
from projects.rules.workflow import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from reports.takeout.columns import Column, Kind, Table
from reports.takeout.shared_columns import (
    ID,
    IN_FORCE,
    activity,
    beneficiary,
    decision,
    everything,
    organisation,
    person,
    plan_round,
    project,
    regulation,
    unit,
)


class FieldLabels(dict[Any, str]):
    """Fields as their forms call them; months of progress reports make them too many to list."""

    def __missing__(self, field: str) -> str:
        self[field] = label_of(field) if field else ""
        return self[field]


def step_labels() -> dict[str, Any]:
    tables = {"round": ROUND_TRANSITIONS, "project": PROJECT_TRANSITIONS}
    return {f"{kind}/{step.name}": step.label for kind, table in tables.items() for step in table.values()}


def status_labels() -> dict[str, Any]:
    """A status that rounds and projects share has one name."""
    return {**dict(PlanRound.Status.choices), **dict(Project.Status.choices)}


HISTORY = (
    Table(
        "tham-dinh",
        _("Phiếu thẩm định"),
        Appraisal,
        Appraisal.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            Column("conclusion"),
            Column("note"),
            Column("appraised_on"),
            Column("sheet", "Phiếu như đã ký (JSON)"),
            *person("appraiser", "người thẩm định"),
            Column("recorded_at"),
        ),
    ),
    Table(
        "tieu-chi-tham-dinh",
        _("Tiêu chí thẩm định"),
        AppraisalAnswer,
        AppraisalAnswer.objects.visible_to,
        (
            ID,
            Column("appraisal_id", "ID phiếu thẩm định", Kind.NUMBER),
            *project("appraisal__project")[:2],
            Column("criterion"),
            Column("verdict"),
            Column("note"),
        ),
    ),
    Table(
        "y-kien",
        _("Ý kiến"),
        Comment,
        Comment.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            Column("field", labels=FieldLabels),
            Column("text"),
            *person("author", "người nêu ý kiến"),
            Column("recorded_at"),
        ),
    ),
    Table(
        "ly-do-canh-bao",
        _("Lý do của cảnh báo"),
        WarningReason,
        WarningReason.objects.visible_to,
        (
            ID,
            *project(),
            Column("code"),
            Column("text"),
            Column("reason"),
            *person("actor", "người ghi lý do"),
            Column("recorded_at"),
        ),
    ),
    Table(
        "lich-su-trang-thai",
        _("Lịch sử trạng thái"),
        StatusChange,
        lambda user: StatusChange.objects.visible_to(user).with_step(),
        (
            ID,
            *plan_round(),
            *project(),
            Column("step", "Bước", labels=step_labels),
            Column("source_status", labels=status_labels),
            Column("target_status", labels=status_labels),
            Column("effective_on"),
            Column("reason"),
            *decision(),
            *person("actor", "người thực hiện"),
            Column("recorded_at"),
        ),
    ),
    Table(
        "lich-su-sua-doi",
        _("Lịch sử sửa đổi"),
        FieldChange,
        FieldChange.objects.visible_to,
        (
            ID,
            *project(),
            *beneficiary(),
            Column("field", labels=FieldLabels),
            Column("before"),
            Column("after"),
            *decision(),
            *person("actor", "người thực hiện"),
            Column("recorded_at"),
        ),
    ),
    Table(
        "ban-thuyet-minh",
        _("Bản thuyết minh"),
        ProjectRevision,
        ProjectRevision.objects.visible_to,
        (
            ID,
            *project(),
            Column("number"),
            Column("occasion"),
            Column("effective_on"),
            Column("reason"),
            *decision(),
            Column("snapshot", "Nội dung lúc đó (JSON)"),
            *person("recorded_by", "người ghi nhận"),
            Column("recorded_at"),
        ),
    ),
)
REFERENCE = (
    Table(
        "don-vi",
        _("Đơn vị, cơ quan"),
        Organisation,
        Organisation.objects.known_to,
        (
            ID,
            Column("code"),
            Column("kind"),
            Column("name"),
            Column("parent_id", "ID đơn vị cấp trên", Kind.NUMBER),
            Column("parent__code", "Mã đơn vị cấp trên"),
            Column("successor_id", "ID đơn vị kế thừa", Kind.NUMBER),
            Column("successor__code", "Mã đơn vị kế thừa"),
            Column("area_code"),
        ),
    ),
    Table(
        "ten-goi-truoc-day",
        _("Tên gọi trước đây"),
        FormerName,
        FormerName.objects.visible_to,
        (ID, *organisation("organisation", "đơn vị"), Column("name"), Column("valid_from"), Column("valid_to")),
    ),
    Table(
        "nguon-kinh-phi",
        _("Nguồn kinh phí"),
        FundingSource,
        partial(everything, FundingSource),
        (ID, Column("code"), Column("name"), Column("short_name"), Column("level"), Column("position")),
    ),
    Table(
        "noi-dung-hoat-dong",
        _("Nội dung hoạt động"),
        ActivityType,
        partial(everything, ActivityType),
        (ID, Column("code"), Column("short_name"), Column("legal_wording"), *regulation()),
    ),
    Table(
        "van-ban-quy-pham",
        _("Văn bản quy phạm"),
        Regulation,
        partial(everything, Regulation),
        (
            ID,
            Column("code"),
            Column("number", kind=Kind.CODE),
            Column("title"),
            Column("issued_on"),
            Column("effective_from"),
            Column("effective_to"),
            Column("replaced_or_amended_by"),
            Column("evidence"),
        ),
    ),
    Table(
        "muc-ho-tro",
        _("Mức hỗ trợ"),
        SupportNorm,
        SupportNorm.objects.visible_to,
        (
            ID,
            Column("code"),
            *activity(),
            Column("item"),
            Column("funding_level"),
            *organisation("province", "tỉnh, thành phố áp dụng"),
            Column("unit"),
            Column("max_percent"),
            Column("max_amount_vnd"),
            *IN_FORCE,
        ),
    ),
    Table(
        "dieu-kien-ho-tro",
        _("Điều kiện hỗ trợ"),
        EligibilityRule,
        partial(everything, EligibilityRule),
        (
            ID,
            Column("subject"),
            Column("unit_kind"),
            Column("answer"),
            Column("allows_craft_village"),
            Column("allowed_norm_code"),
            Column("explanation"),
            *IN_FORCE,
        ),
    ),
    Table(
        "ty-le-tam-ung",
        _("Tỷ lệ tạm ứng"),
        AdvanceShare,
        partial(everything, AdvanceShare),
        (ID, Column("norm_code"), Column("max_percent"), *IN_FORCE),
    ),
    Table(
        "thoi-han",
        _("Thời hạn"),
        DeadlineRule,
        partial(everything, DeadlineRule),
        (ID, Column("subject"), Column("days"), Column("month"), Column("day"), *IN_FORCE),
    ),
    Table(
        "co-quan-ban-hanh",
        _("Cơ quan ban hành"),
        Authority,
        partial(everything, Authority),
        (
            ID,
            Column("code"),
            Column("name"),
            Column("level"),
            *organisation("province", "tỉnh, thành phố"),
            Column("effective_from"),
            Column("effective_to"),
            Column("notes"),
        ),
    ),
    Table(
        "don-vi-hanh-chinh",
        _("Đơn vị hành chính"),
        AdminUnit,
        partial(everything, AdminUnit),
        (
            ID,
            Column("code"),
            Column("name"),
            Column("kind"),
            *unit("parent", "đơn vị cấp trên"),
            Column("valid_from"),
            Column("valid_to"),
            Column("former_communes"),
            Column("resolution"),
        ),
    ),
    Table(
        "ke-thua-don-vi-hanh-chinh",
        _("Đơn vị hành chính kế thừa"),
        AdminUnitSuccession,
        partial(everything, AdminUnitSuccession),
        (ID, *unit("predecessor", "đơn vị cũ"), *unit("successor", "đơn vị mới"), Column("is_partial")),
    ),
)
