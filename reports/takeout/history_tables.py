"""The tables of what was judged and what happened, and of the lists that all share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from khuyencong.accounts.models import FormerName, Organisation, Signer
from programmes.models import (
    ActivityType,
    AdminUnit,
    AdminUnitSuccession,
    AdvanceShare,
    Authority,
    CityClass,
    DeadlineRule,
    DeciderRule,
    EligibilityRule,
    FundingSource,
    NormDocument,
    PlanRound,
    Regulation,
    SupportNorm,
)
from projects.models import (
    Appraisal,
    AppraisalAnswer,
    Comment,
    FieldChange,
    PastRecord,
    Project,
    ProjectRevision,
    StatusChange,
    WarningReason,
)
from projects.models.field_labels import label_of
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from reports.takeout.columns import RecordColumn, RecordKind, RecordTable
from reports.takeout.shared_columns import (
    FILE,
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
    reference,
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
    RecordTable(
        "ho-so-cu",
        _("Hồ sơ cũ"),
        PastRecord,
        PastRecord.objects.visible_to,
        (
            ID,
            *project(),
            RecordColumn("outcome"),
            RecordColumn("stated_on"),
            RecordColumn("effective_on"),
            RecordColumn("is_on_schedule"),
            RecordColumn("words"),
            RecordColumn("source"),
            *person("recorded_by", "người ghi nhận"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "tham-dinh",
        _("Phiếu thẩm định"),
        Appraisal,
        Appraisal.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            RecordColumn("conclusion"),
            RecordColumn("note"),
            RecordColumn("appraised_on"),
            RecordColumn("sheet", "Phiếu như đã ký (JSON)"),
            *person("appraiser", "người thẩm định"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "tieu-chi-tham-dinh",
        _("Tiêu chí thẩm định"),
        AppraisalAnswer,
        AppraisalAnswer.objects.visible_to,
        (
            ID,
            RecordColumn("appraisal_id", "ID phiếu thẩm định", RecordKind.NUMBER),
            *project("appraisal__project")[:2],
            RecordColumn("criterion"),
            RecordColumn("verdict"),
            RecordColumn("note"),
        ),
    ),
    RecordTable(
        "y-kien",
        _("Ý kiến"),
        Comment,
        Comment.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            RecordColumn("field", labels=FieldLabels),
            RecordColumn("text"),
            *person("author", "người nêu ý kiến"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "ly-do-canh-bao",
        _("Lý do của cảnh báo"),
        WarningReason,
        WarningReason.objects.visible_to,
        (
            ID,
            *project(),
            RecordColumn("code"),
            RecordColumn("text"),
            RecordColumn("reason"),
            *person("actor", "người ghi lý do"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "lich-su-trang-thai",
        _("Lịch sử trạng thái"),
        StatusChange,
        lambda user: StatusChange.objects.visible_to(user).with_step(),
        (
            ID,
            *plan_round(),
            *project(),
            RecordColumn("step", "Bước", labels=step_labels),
            RecordColumn("source_status", labels=status_labels),
            RecordColumn("target_status", labels=status_labels),
            RecordColumn("effective_on"),
            RecordColumn("reason"),
            *decision(),
            *person("actor", "người thực hiện"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "lich-su-sua-doi",
        _("Lịch sử sửa đổi"),
        FieldChange,
        FieldChange.objects.visible_to,
        (
            ID,
            *project(),
            *beneficiary(),
            RecordColumn("field", labels=FieldLabels),
            RecordColumn("before"),
            RecordColumn("after"),
            *decision(),
            *person("actor", "người thực hiện"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "ban-thuyet-minh",
        _("Bản thuyết minh"),
        ProjectRevision,
        ProjectRevision.objects.visible_to,
        (
            ID,
            *project(),
            RecordColumn("number"),
            RecordColumn("occasion"),
            RecordColumn("effective_on"),
            RecordColumn("reason"),
            *decision(),
            RecordColumn("snapshot", "Nội dung lúc đó (JSON)"),
            *person("recorded_by", "người ghi nhận"),
            RecordColumn("recorded_at"),
        ),
    ),
)
REFERENCE = (
    RecordTable(
        "don-vi",
        _("Đơn vị, cơ quan"),
        Organisation,
        Organisation.objects.known_to,
        (
            ID,
            RecordColumn("code"),
            RecordColumn("kind"),
            RecordColumn("name"),
            RecordColumn("parent_id", "ID đơn vị cấp trên", RecordKind.NUMBER),
            RecordColumn("parent__code", "Mã đơn vị cấp trên"),
            RecordColumn("successor_id", "ID đơn vị kế thừa", RecordKind.NUMBER),
            RecordColumn("successor__code", "Mã đơn vị kế thừa"),
            RecordColumn("area_code"),
            RecordColumn("works_since", kind=RecordKind.CODE),
        ),
    ),
    RecordTable(
        "ten-goi-truoc-day",
        _("Tên gọi trước đây"),
        FormerName,
        FormerName.objects.visible_to,
        (
            ID,
            *organisation("organisation", "đơn vị"),
            RecordColumn("name"),
            RecordColumn("valid_from"),
            RecordColumn("valid_to"),
        ),
    ),
    RecordTable(
        "nguoi-ky-van-ban",
        _("Người ký văn bản"),
        Signer,
        Signer.objects.visible_to,
        (
            ID,
            *organisation("organisation", "đơn vị"),
            RecordColumn("valid_from"),
            RecordColumn("on_behalf_of"),
            RecordColumn("in_place_of"),
            RecordColumn("position"),
            RecordColumn("name"),
            RecordColumn("has_preparer"),
            RecordColumn("preparer"),
        ),
    ),
    RecordTable(
        "nguon-kinh-phi",
        _("Nguồn kinh phí"),
        FundingSource,
        partial(everything, FundingSource),
        (
            ID,
            RecordColumn("code"),
            RecordColumn("name"),
            RecordColumn("short_name"),
            RecordColumn("level"),
            RecordColumn("position"),
        ),
    ),
    RecordTable(
        "noi-dung-hoat-dong",
        _("Nội dung hoạt động"),
        ActivityType,
        partial(everything, ActivityType),
        (ID, RecordColumn("code"), RecordColumn("short_name"), RecordColumn("legal_wording"), *regulation()),
    ),
    RecordTable(
        "van-ban-quy-pham",
        _("Văn bản quy phạm"),
        Regulation,
        partial(everything, Regulation),
        (
            ID,
            RecordColumn("code"),
            RecordColumn("number", kind=RecordKind.CODE),
            RecordColumn("title"),
            RecordColumn("issued_on"),
            RecordColumn("effective_from"),
            RecordColumn("effective_to"),
            RecordColumn("replaced_or_amended_by"),
            RecordColumn("evidence"),
        ),
    ),
    RecordTable(
        "muc-ho-tro",
        _("Mức hỗ trợ"),
        SupportNorm,
        SupportNorm.objects.visible_to,
        (
            ID,
            RecordColumn("code"),
            *activity(),
            RecordColumn("item"),
            RecordColumn("funding_level"),
            *organisation("province", "tỉnh, thành phố áp dụng"),
            RecordColumn("unit"),
            RecordColumn("max_percent"),
            RecordColumn("max_amount_vnd"),
            RecordColumn("has_no_ceiling"),
            RecordColumn("note"),
            *IN_FORCE,
        ),
    ),
    RecordTable(
        "tep-muc-ho-tro",
        _("Tệp của mức hỗ trợ"),
        NormDocument,
        NormDocument.objects.visible_to,
        (ID, *reference("norm", "mức hỗ trợ", ("code", "Mã mức hỗ trợ"), ("item", "Mức hỗ trợ")), *FILE),
    ),
    RecordTable(
        "dieu-kien-ho-tro",
        _("Điều kiện hỗ trợ"),
        EligibilityRule,
        partial(everything, EligibilityRule),
        (
            ID,
            RecordColumn("subject"),
            RecordColumn("unit_kind"),
            RecordColumn("beneficiary_type"),
            RecordColumn("holds_where"),
            RecordColumn("answer"),
            RecordColumn("allows_craft_village"),
            RecordColumn("allowed_norm_codes"),
            RecordColumn("explanation"),
            *IN_FORCE,
        ),
    ),
    RecordTable(
        "loai-do-thi",
        _("Loại đô thị"),
        CityClass,
        partial(everything, CityClass),
        (ID, RecordColumn("unit_code"), RecordColumn("urban_class"), *IN_FORCE),
    ),
    RecordTable(
        "ty-le-tam-ung",
        _("Tỷ lệ tạm ứng"),
        AdvanceShare,
        partial(everything, AdvanceShare),
        (
            ID,
            RecordColumn("norm_code"),
            RecordColumn("funding_level"),
            RecordColumn("max_percent"),
            RecordColumn("precondition"),
            *IN_FORCE,
        ),
    ),
    RecordTable(
        "thoi-han",
        _("Thời hạn"),
        DeadlineRule,
        partial(everything, DeadlineRule),
        (ID, RecordColumn("subject"), RecordColumn("days"), RecordColumn("month"), RecordColumn("day"), *IN_FORCE),
    ),
    RecordTable(
        "tham-quyen",
        _("Thẩm quyền quyết định"),
        DeciderRule,
        partial(everything, DeciderRule),
        (
            ID,
            RecordColumn("change"),
            RecordColumn("funding_level"),
            *organisation("province", "tỉnh, thành phố áp dụng"),
            RecordColumn("decided_by"),
            *IN_FORCE,
        ),
    ),
    RecordTable(
        "co-quan-ban-hanh",
        _("Cơ quan ban hành"),
        Authority,
        partial(everything, Authority),
        (
            ID,
            RecordColumn("code"),
            RecordColumn("name"),
            RecordColumn("level"),
            *organisation("province", "tỉnh, thành phố"),
            RecordColumn("effective_from"),
            RecordColumn("effective_to"),
            RecordColumn("notes"),
        ),
    ),
    RecordTable(
        "don-vi-hanh-chinh",
        _("Đơn vị hành chính"),
        AdminUnit,
        partial(everything, AdminUnit),
        (
            ID,
            RecordColumn("code"),
            RecordColumn("name"),
            RecordColumn("kind"),
            *unit("parent", "đơn vị cấp trên"),
            RecordColumn("valid_from"),
            RecordColumn("valid_to"),
            RecordColumn("former_communes"),
            RecordColumn("resolution"),
        ),
    ),
    RecordTable(
        "ke-thua-don-vi-hanh-chinh",
        _("Đơn vị hành chính kế thừa"),
        AdminUnitSuccession,
        partial(everything, AdminUnitSuccession),
        (
            ID,
            *unit("predecessor", "đơn vị cũ"),
            *unit("successor", "đơn vị mới"),
            RecordColumn("is_partial"),
            RecordColumn("remark"),
        ),
    ),
)
