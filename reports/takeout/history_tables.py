"""The tables of what old files state, what was judged and what happened."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.models import PlanRound
from projects.models import (
    Appraisal,
    AppraisalAnswer,
    Comment,
    CommentWithdrawal,
    FieldChange,
    NoteWithdrawal,
    PastEvent,
    PastLetter,
    PastLetterApproved,
    PastLetterAssigned,
    PastRecord,
    Project,
    ProjectRevision,
    RecommendedAmount,
    ReviewAssignment,
    ReviewDeadline,
    ReviewNote,
    StatusChange,
    WarningReason,
)
from projects.models.field_labels import label_of
from projects.rules.transitions import PROJECT_TRANSITIONS, ROUND_TRANSITIONS
from reports.models import SubmittedReport
from reports.takeout.columns import RecordColumn, RecordKind, RecordTable
from reports.takeout.shared_columns import (
    AMOUNT,
    ID,
    MONEY_KEY,
    PLAN,
    SOURCE,
    activity,
    beneficiary,
    decision,
    organisation,
    person,
    plan_round,
    project,
    reference,
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
            RecordColumn("goes_on"),
            RecordColumn("is_on_schedule"),
            RecordColumn("words"),
            RecordColumn("source"),
            RecordColumn("corrects_id", "ID dòng được sửa", RecordKind.NUMBER),
            *person("recorded_by", "người ghi nhận"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "van-ban-ho-so-cu",
        _("Văn bản hồ sơ cũ"),
        PastLetter,
        PastLetter.objects.visible_to,
        (
            ID,
            *PLAN,
            RecordColumn("kind"),
            *reference("authority", "cơ quan ban hành", ("name", "Cơ quan ban hành")),
            RecordColumn("number", kind=RecordKind.CODE),
            RecordColumn("issued_on"),
            RecordColumn("signer"),
            RecordColumn("subject"),
            RecordColumn("summary"),
            RecordColumn("state"),
            RecordColumn("note"),
            RecordColumn("version", "Lần ghi"),
            *person("prepared_by", "người chuẩn bị"),
            RecordColumn("prepared_at"),
            *person("moved_by", "người xử lý gần nhất"),
            RecordColumn("moved_at"),
            RecordColumn("decision_id", "ID văn bản đã xác nhận", RecordKind.NUMBER),
        ),
    ),
    RecordTable(
        "giao-van-ban-cu",
        _("Giao theo văn bản cũ"),
        PastLetterAssigned,
        PastLetterAssigned.objects.visible_to,
        (ID, RecordColumn("letter_id", "ID văn bản hồ sơ cũ", RecordKind.NUMBER), *SOURCE, AMOUNT),
    ),
    RecordTable(
        "duyet-van-ban-cu",
        _("Duyệt theo văn bản cũ"),
        PastLetterApproved,
        PastLetterApproved.objects.visible_to,
        (ID, RecordColumn("letter_id", "ID văn bản hồ sơ cũ", RecordKind.NUMBER), *MONEY_KEY, AMOUNT),
    ),
    RecordTable(
        "viec-ho-so-cu",
        _("Việc theo hồ sơ cũ"),
        PastEvent,
        PastEvent.objects.visible_to,
        (
            ID,
            *project(),
            RecordColumn("kind"),
            RecordColumn("number", kind=RecordKind.CODE),
            RecordColumn("stated_on"),
            RecordColumn("counted_on"),
            RecordColumn("component_id", "ID nội dung đề án", RecordKind.NUMBER),
            *SOURCE,
            AMOUNT,
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
        "kinh-phi-tham-dinh",
        _("Kinh phí thẩm định đề nghị"),
        RecommendedAmount,
        RecommendedAmount.objects.visible_to,
        (
            ID,
            RecordColumn("appraisal_id", "ID phiếu thẩm định", RecordKind.NUMBER),
            *project("appraisal__project")[:2],
            *activity(),
            *SOURCE,
            RecordColumn("requested_vnd"),
            RecordColumn("amount_vnd"),
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
            RecordColumn("answers_id", "Trả lời ý kiến ID", RecordKind.NUMBER),
            *person("author", "người nêu ý kiến"),
            RecordColumn("author_role"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "y-kien-da-rut",
        _("Ý kiến đã rút"),
        CommentWithdrawal,
        CommentWithdrawal.objects.visible_to,
        (
            ID,
            RecordColumn("comment_id", "ID ý kiến", RecordKind.NUMBER),
            RecordColumn("reason"),
            *person("recorded_by", "người rút"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "giao-tham-dinh",
        _("Giao thẩm định"),
        ReviewAssignment,
        ReviewAssignment.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            *person("reviewer", "người được giao thẩm định"),
            *person("recorded_by", "người giao, nhận"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "han-tham-dinh",
        _("Hạn thẩm định"),
        ReviewDeadline,
        ReviewDeadline.objects.visible_to,
        (
            ID,
            *plan_round(),
            RecordColumn("due_on"),
            RecordColumn("reason"),
            *person("recorded_by", "người đặt hạn"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "ghi-chu-noi-bo",
        _("Ghi chú nội bộ của Sở"),
        ReviewNote,
        ReviewNote.objects.visible_to,
        (
            ID,
            *project(),
            *plan_round(),
            RecordColumn("text"),
            *person("author", "người ghi chú"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "ghi-chu-noi-bo-da-rut",
        _("Ghi chú nội bộ đã rút"),
        NoteWithdrawal,
        NoteWithdrawal.objects.visible_to,
        (
            ID,
            RecordColumn("note_id", "ID ghi chú", RecordKind.NUMBER),
            RecordColumn("reason"),
            *person("recorded_by", "người rút"),
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
            RecordColumn("in_round_id", "ID đợt của dòng", RecordKind.NUMBER),
            RecordColumn("effective_on"),
            RecordColumn("is_day_unknown"),
            RecordColumn("reason"),
            *decision(),
            *person("actor", "người thực hiện"),
            *person("on_behalf_of", "người ủy quyền"),
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
            RecordColumn("reason"),
            *person("actor", "người thực hiện"),
            *person("on_behalf_of", "người ủy quyền"),
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
            RecordColumn("corrects_id", "Đính chính cho ID", RecordKind.NUMBER),
            RecordColumn("reason"),
            *decision(),
            RecordColumn("snapshot", "Nội dung lúc đó (JSON)"),
            *person("recorded_by", "người ghi nhận"),
            RecordColumn("recorded_at"),
        ),
    ),
    RecordTable(
        "bao-cao-da-chot",
        _("Báo cáo đã chốt"),
        SubmittedReport,
        SubmittedReport.objects.visible_to,
        (
            ID,
            RecordColumn("kind"),
            *organisation("organisation", "đơn vị báo cáo"),
            RecordColumn("year"),
            RecordColumn("query"),
            RecordColumn("effective_on"),
            RecordColumn("recorded_on"),
            RecordColumn("title"),
            RecordColumn("submitted_on"),
            RecordColumn("number"),
            RecordColumn("note"),
            RecordColumn("layout"),
            RecordColumn("sha256"),
            RecordColumn("file_sha256"),
            *person("submitted_by", "người chốt"),
            *person("on_behalf_of", "người ủy quyền"),
            RecordColumn("recorded_at"),
        ),
    ),
)
