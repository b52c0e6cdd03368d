"""A list from the file to the records: brought, answered, written all or none, dropped, taken back, its file erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.accounts.models import Organisation, User
from khuyencong.identifiers import mask_personal_numbers
from programmes.models import AnnualPlan
from projects.importing.finding import headings_key, kind_meant, table_of
from projects.importing.kinds import KINDS
from projects.importing.layout.headers import find_table
from projects.importing.layout.listed import ListRow, RowAt
from projects.importing.models import Habit, ImportBatch, ImportedRow
from projects.importing.proposals import ListKind, ProposedRow, RowState, unheard
from projects.importing.reading.files import Unreadable, read_workbook
from projects.importing.reading.pasted import read_pasted
from projects.importing.reading.sheets import Sheet, SourceFile
from projects.importing.understanding import UnderstoodList, packed, understand_list, unpacked
from projects.models import Beneficiary, PastLetter, Project
from projects.refusals import Refused
from projects.rules.permissions import RIGHTS, has, why_not_write_plan
from projects.services.guards import hold_plans, refuse_closed, refuse_hindered, require, require_reason
from projects.services.storing import refuse_invalid


class StaleBatch(Refused):
    """Somebody answered or wrote the batch after this page was opened."""

    def __init__(self) -> None:
        text = _("Lần nhập này vừa có thay đổi ở cửa sổ khác. Hãy xem lại rồi tiếp tục.")
        super().__init__(text, code="stale")


def bring_file(
    *,
    plan: AnnualPlan | None,
    kind: str,
    name: str,
    content: bytes,
    actor: User,
    organisation: Organisation | None = None,
) -> ImportBatch:
    """Reads a workbook for the plan; nothing of it is kept where it can't be read or holds no such list.
    Without a ``kind`` it is of that of which its header names most columns. A file that was written already is read
    and answered as it was then.

    A list that belongs to no plan is brought by an ``organisation``, whose province it is of. Raises NotAllowed,
    PlanClosed, and Refused beside the field ``file`` with what the file is and what helps.
    """
    owner = _owner(plan, organisation, kind, actor)
    try:
        source = read_workbook(name, content)
    except Unreadable as problem:
        raise Refused({"file": problem.message}, code=problem.code) from problem
    return _bring(owner, plan, kind, source, actor, "file", content)


def bring_pasted(
    *, plan: AnnualPlan | None, kind: str, text: str, actor: User, organisation: Organisation | None = None
) -> ImportBatch:
    """Reads rows that were copied from a sheet, with their header. Raises as :func:`bring_file`, beside ``pasted``."""
    owner = _owner(plan, organisation, kind, actor)
    try:
        source = read_pasted(text)
    except Unreadable as problem:
        raise Refused({"pasted": problem.message}, code=problem.code) from problem
    return _bring(owner, plan, kind, source, actor, "pasted", b"")


def _owner(plan: AnnualPlan | None, organisation: Organisation | None, kind: str, actor: User) -> Organisation:
    """Whose list it is: the plan's organisation, else the one that brings it. Raises NotAllowed, PlanClosed, and
    Refused where such a list is of a plan and none was given, or the other way round."""
    owner = plan.organisation if plan is not None else organisation
    kinds = [KINDS[kind]] if kind else [one for one in KINDS.values() if one.is_of_plan == (plan is not None)]
    if owner is None or any(one.is_of_plan != (plan is not None) for one in kinds):
        raise Refused(_("Loại danh sách này không nhập ở đây."), code="kind")
    for right in {one.right for one in kinds}:
        require(actor, right, owner.pk)
    refuse_closed([plan] if plan is not None else [])
    return owner


@transaction.atomic
def _bring(
    owner: Organisation,
    plan: AnnualPlan | None,
    kind: str,
    source: SourceFile,
    actor: User,
    field: str,
    content: bytes,
) -> ImportBatch:
    sheets = packed(source)
    kind = kind or kind_meant(unpacked(sheets), is_of_plan=plan is not None)
    batch = ImportBatch(
        organisation=owner,
        plan=plan,
        kind=kind,
        file_name=PurePath(source.name).name[:255],
        format=source.format,
        sha256=source.sha256,
        size_bytes=source.size,
        sheets=sheets,
        has_links=source.has_links,
        created_by=actor,
    )
    if table_of(batch, KINDS[kind], source.sheets) is None:
        raise Refused({field: _other_form(KINDS[kind], source.sheets)}, code="other_form")
    if (before := ImportBatch.objects.with_same_content(batch).order_by("-written_at").first()) is not None:
        batch.answers, batch.layout = before.answers, before.layout
    if content:
        batch.file.save("file", ContentFile(content), save=False)
    batch.save()
    return batch


def _other_form(kind: ListKind, sheets: Sequence[Sheet]) -> str:
    """Why a file holds no list of the kind, and what it looks like instead."""
    others = [one for one in KINDS.values() if one.is_of_plan == kind.is_of_plan]
    like = next((one for one in others if any(find_table(sheet, one.columns) for sheet in sheets)), None)
    if like is not None:
        text = _("Tệp này không phải là “%(kind)s” mà giống “%(like)s”: hãy nhập đúng loại danh sách.")
        return text % {"kind": kind.title, "like": like.title}
    columns = ", ".join(f"“{one.title}”" for one in kind.columns if one.is_needed)
    text = _("Không tìm thấy danh sách trong tệp này: không có dòng tiêu đề với cột %(columns)s.")
    return text % {"columns": columns}


def hold_batch(batch: ImportBatch, actor: User, version: int | None = None) -> ImportBatch:
    """The batch as it stands now, held with its plan, or with the province's registry. Raises NotAllowed, PlanClosed,
    StaleBatch, and Refused once it is written or dropped."""
    if batch.plan_id:
        hold_plans(actor, KINDS[batch.kind].right, batch.plan_id)
    else:
        require(actor, KINDS[batch.kind].right, batch.organisation_id)
        Beneficiary.objects.lock_registry(batch.organisation.province())
    held = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    held.plan, held.organisation = batch.plan, batch.organisation
    if not held.is_open:
        raise Refused(_("Lần nhập này đã kết thúc: %(stage)s.") % {"stage": held.get_stage_display()}, code="over")
    if version is not None and held.version != version:
        raise StaleBatch
    return held


@transaction.atomic
def answer_batch(*, batch: ImportBatch, answers: Mapping[str, str], version: int, actor: User) -> ImportBatch:
    """Keeps what was chosen; an empty answer takes one back. What is so for the office's later lists too is remembered
    when the list is written. Raises as :func:`hold_batch`."""
    held = hold_batch(batch, actor, version)
    kept = {**held.answers, **{key: answer for key, answer in answers.items() if answer}}
    for key in (key for key, answer in answers.items() if not answer):
        kept.pop(key, None)
    held.answers, held.version = kept, held.version + 1
    held.save(update_fields=["answers", "version"])
    return held


@transaction.atomic
def lay_out_batch(*, batch: ImportBatch, layout: Mapping[str, Any], version: int, actor: User) -> ImportBatch:
    """Keeps which sheet, header and columns hold the list, and its unit. Raises as :func:`hold_batch`."""
    held = hold_batch(batch, actor, version)
    held.layout, held.version = dict(layout), held.version + 1
    held.save(update_fields=["layout", "version"])
    return held


@transaction.atomic
def drop_batch(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Gives the list up before anything was written. Raises as :func:`hold_batch`."""
    held = hold_batch(batch, actor)
    held.stage = ImportBatch.Stage.DROPPED
    held.save(update_fields=["stage"])
    return held


@transaction.atomic
def write_batch(
    *, batch: ImportBatch, version: int, actor: User, told: Callable[[int, int], None] = unheard
) -> ImportBatch:
    """Writes every row that is new or changed, all or none, each with where it came from; ``told``: how many rows of
    how many are written so far, of which nobody else sees any before the end.

    Raises as :func:`hold_batch`; Refused while a question is open, and what the services of the records raise.
    """
    held = hold_batch(batch, actor, version)
    understood = understand_list(held, actor)
    proposal = understood.proposal
    if proposal is None or proposal.open_questions:
        raise Refused(_("Còn mục chưa chọn, nên chưa nhập được."), code="open")
    rows = [one for one in proposal.rows if one.state in (RowState.NEW, RowState.CHANGED)]
    if not rows:
        raise Refused(_("Không có dòng nào để nhập."), code="nothing")
    told(0, len(rows))
    written = understood.kind.write(plan=held.plan, rows=rows, actor=actor, told=lambda done: told(done, len(rows)))
    keep_origins(held, [one for one in proposal.rows if one.state == RowState.EQUAL] + rows, written)
    _remember(understood, actor)
    held.stage, held.written_at, held.version = ImportBatch.Stage.WRITTEN, timezone.now(), held.version + 1
    held.left_out = [_why_left_out(one) for one in proposal.rows if one.is_idle]
    held.save(update_fields=["stage", "written_at", "left_out", "version"])
    return held


def _why_left_out(one: ProposedRow) -> str:
    """“Danh mục!7 Đào tạo nghề may: G7 …”: the row, what it is called, and what is wrong with it."""
    why = "; ".join(f"{remark.cell}: {remark.text}" for remark in one.wrong) or _("không nhập theo lựa chọn")
    name = one.values.get("name") or " · ".join(filter(None, raw_cells(one.row)))[:100]
    return mask_personal_numbers(f"{one.row.table.sheet.name}!{one.row.number} {name}: {why}")


def why_not_take_back(user: User, batch: ImportBatch) -> str:
    """What stands in the way before its rows are looked at; empty where nothing does."""
    if batch.stage == ImportBatch.Stage.TAKEN_BACK:
        return _("Lần nhập này đã được rút lại.")
    if batch.stage != ImportBatch.Stage.WRITTEN:
        return _("Chỉ rút lại được lần nhập đã ghi.")
    if KINDS[batch.kind].take_back is None:
        return _("Loại danh sách này không rút lại được.")
    return why_not_write_plan(user, batch.plan, KINDS[batch.kind].right) if batch.plan else ""


def hindrance_to_taking_back(user: User, batch: ImportBatch) -> str:
    """What a page says before it is tried: also that the Department has one of its letters."""
    if hindrance := why_not_take_back(user, batch):
        return hindrance
    letters = PastLetter.objects.filter(approved__plan_line__project__imported_rows__batch=batch)
    if letter := letters.exclude(state__in=PastLetter.OPEN).first():
        text = _(
            "%(letter)s đã gửi Sở xác nhận, nên không rút lại lần nhập được: lấy lại văn bản, hoặc đề nghị Sở "
            "hủy xác nhận, rồi rút lại."
        )
        return text % {"letter": letter}
    return ""


@transaction.atomic
def take_back_batch(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Undoes a list that nobody has touched since, whole: what it added is discarded, what it changed put back.
    Establishments that it added to the registry stay there.

    Raises NotAllowed, PlanClosed, and Refused: once taken back, or for a record that was touched, naming it; then
    nothing is written.
    """
    if batch.plan_id:
        hold_plans(actor, KINDS[batch.kind].right, batch.plan_id)
    held = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    held.plan, held.organisation = batch.plan, batch.organisation
    take_back = KINDS[held.kind].take_back
    if hindrance := why_not_take_back(actor, held):
        raise Refused(hindrance, code="over")
    rows = list(held.rows.written().select_related("project", "batch"))
    if take_back is not None:
        take_back(plan=held.plan, rows=rows, actor=actor)
    held.stage, held.taken_back_at, held.taken_back_by = ImportBatch.Stage.TAKEN_BACK, timezone.now(), actor
    held.save(update_fields=["stage", "taken_back_at", "taken_back_by"])
    return held


def why_not_erase(user: User, batch: ImportBatch) -> str:
    """Why this user can't erase the file of the list; empty where nothing stands in the way."""
    if not has(user, "erase", batch.organisation_id):
        return RIGHTS["erase"].refusal()
    if batch.erased_at is not None:
        return _("Tệp gốc của lần nhập này đã được xóa.")
    return _("Hãy nhập hoặc bỏ tệp này trước khi xóa tệp gốc.") if batch.is_open else ""


@transaction.atomic
def erase_file(*, batch: ImportBatch, reason: str, actor: User) -> ImportBatch:
    """Takes the file and all that was read of it out of the system; its name (personal numbers in it are masked), size
    and checksum and the masked cells of its rows stay. It changes no figure, so a closed year takes it too. Raises
    NotAllowed, and Refused without a reason, for a list that is still open, or once it is erased."""
    require(actor, "erase", batch.organisation_id)
    held = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    refuse_hindered(why_not_erase(actor, held))
    require_reason(reason)
    held.erase(reason, actor)
    held.sheets, held.answers, held.file_name = [], {}, mask_personal_numbers(held.file_name)
    refuse_invalid(held)
    held.save(update_fields=["sheets", "answers", "file_name", *held.ERASED])
    return held


def raw_cells(row: ListRow) -> list[str]:
    """The cells of a row as they stand in the file, also where an old font was read."""
    typed = row.table.sheet.typed
    shown = ("" if cell is None else str(cell) for cell in row.raw)
    return [typed.get((row.number, column), text) for column, text in enumerate(shown, 1)]


def keep_origins(batch: ImportBatch, rows: list[ProposedRow], written: Mapping[RowAt, Any]) -> None:
    """Where each record came from: the sheet, the row and its cells as they stood."""
    became = {RowState.NEW: "new", RowState.CHANGED: "changed", RowState.EQUAL: "equal"}
    origins = []
    for one in rows:
        record = written.get(one.row.at, one.existing)
        if not isinstance(record, Project | Beneficiary):
            continue  # what the administration keeps says in its own history where it came from
        owner = {"project": record} if isinstance(record, Project) else {"beneficiary": record}
        said = {"version_written": record.version, "before": one.before, **owner}
        origins.append(_origin(batch, one.row, became=became[one.state], **said))
        origins += [_origin(batch, row, became=ImportedRow.Became.JOINED, **owner) for row in one.joined]
    for origin in origins:
        origin.clean_fields(exclude={"batch", "project", "beneficiary", "cells"})
    ImportedRow.objects.bulk_create(origins, batch_size=500)


def _origin(batch: ImportBatch, row: ListRow, **said: Any) -> ImportedRow:
    cells = [mask_personal_numbers(text) for text in raw_cells(row)]
    return ImportedRow(batch=batch, sheet=row.table.sheet.name, number=row.number, cells=cells, **said)


def _remember(understood: UnderstoodList, actor: User) -> None:
    """The columns under these headings, where a person chose them, and the answers that hold for later lists."""
    batch, table, proposal = understood.batch, understood.table, understood.proposal
    said: dict[str, str] = {}
    if proposal is not None:
        said = {one.key: one.answer for one in proposal.questions if one.is_habit and one.key in batch.answers}
    if batch.layout and table is not None:
        columns = ",".join(f"{key}:{at}" for key, at in sorted(table.columns.items()))
        said[headings_key(batch.kind, table)] = columns
    for key, answer in said.items():
        Habit.objects.update_or_create(
            organisation=batch.organisation, key=key, defaults={"answer": answer[:300], "said_by": actor}
        )
