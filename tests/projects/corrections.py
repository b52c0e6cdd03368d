"""Of each recorded thing a wrong one, and the call that puts it right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import Organisation, User
from khuyencong.asof import AsOf
from programmes.models import AllocationEntry, BooksChange, Decision, PlanRound, SupportNorm
from projects.figures.past_texts import former_texts
from projects.models import (
    ApprovalEntry,
    Beneficiary,
    Comment,
    Commitment,
    Contract,
    ContractEntry,
    CostLine,
    PastRecord,
    PaymentEntry,
    PlanLine,
    ProgressReport,
    Project,
    ProjectDocument,
    RecordedPaper,
    ReviewAssignment,
    ReviewDeadline,
    ReviewNote,
    SettlementEntry,
    Voucher,
    WarningReason,
    YearAssessment,
)
from projects.papers.round_papers import PaperWords
from projects.rules.warnings import findings_of
from projects.services.account_heads import correct_account_head
from projects.services.adjust import correct_adjustment
from projects.services.admin_units import UnitEntry, save_units
from projects.services.amounts import AmountChange, update_amounts
from projects.services.beneficiaries import save_beneficiary
from projects.services.books import reopen_books
from projects.services.cancelling import cancel_decision, restore_line
from projects.services.commitments import record_commitment
from projects.services.contracts import settle_project
from projects.services.corrections import Correction, record_corrections
from projects.services.documents import withdraw_document
from projects.services.letter_heads import correct_head
from projects.services.norms import correct_norm
from projects.services.organisations import OrganisationEntry, save_organisations
from projects.services.papers import make_paper
from projects.services.past_letters import LetterHead, annul_past_letter
from projects.services.past_records import StatedOutcome, change_past_record
from projects.services.payments import RightAmount, correct_entries
from projects.services.progress import change_progress_report
from projects.services.projects import update_project
from projects.services.review import reconsider_line, review_project, withdraw_comment
from projects.services.review_work import assign_lines, set_deadline, withdraw_review_note
from projects.services.steps import take_step
from projects.services.warning_reasons import give_reason
from projects.services.year_assessments import assess_year
from reports.models import SubmittedReport
from reports.submitted.kinds import build_draft
from reports.submitted.submission import submit_report
from tests.factories import MILLION, all_met, district, source
from tests.projects.world import ON, World, adjusted, norm_row, project_input
from tests.projects.writes import _digest_of_list, signed_on_paper
from tests.there import there

People = dict[str, User]


@dataclass
class Case:
    """``correct(actor, reason)`` puts it right. ``stands(as_of)`` is what is read: ``wrong`` before, ``right`` after.

    ``read`` are the addresses at which both are read on, by that ``reader``; ``tables`` those of the take-out.
    ``words``: of the wrong one, as the page says it, or as “page|file” do. ``keeps_days``: what had been recorded by a
    day can be asked for. ``who``: those whose right goes so far, where the service lets others do less.
    """

    correct: Callable[[User, str], Any]
    stands: Callable[[AsOf], Any]
    wrong: Any
    right: Any
    read: list[str]
    tables: list[str]
    words: list[str]
    reader: str = "department_head"
    keeps_days: bool = True
    who: set[str] = field(default_factory=set)


def _sum(rows: Any) -> int:
    return int(rows.aggregate(total=Sum("amount_vnd", default=0))["total"])


def _assigned(world: World, as_of: AsOf) -> int:
    return _sum(AllocationEntry.objects.for_plans([world.following]).from_source("KCQG").effective_by(as_of))


def _version(project: Project) -> int:
    return Project.objects.get(pk=project.pk).version


def _status(line: PlanLine) -> Callable[[AsOf], Any]:
    return lambda as_of: PlanLine.objects.filter(pk=line.pk).with_status(as_of).get().status


def _head(world: World, people: People) -> Case:
    letter = world.rows["mistaken"]
    right = LetterHead(number="89/QĐ", issued_on=letter.issued_on, authority=letter.authority)
    return Case(
        lambda actor, reason: correct_head(decision=letter, head=right, reason=reason, actor=actor),
        lambda as_of: Decision.objects.get(pk=letter.pk).number,
        *("88/QĐ", "89/QĐ"),
        [letter.get_absolute_url()],
        ["dinh-chinh-van-ban"],
        ["88/QĐ"],
        keeps_days=False,
    )


def _correct_entry(decision: Decision, entry: Any, standing: int, right: int) -> Callable[[User, str], Any]:
    corrections = [Correction(entry, standing, right)]
    return lambda actor, reason: record_corrections(
        decision=decision, corrections=corrections, reason=reason, actor=actor
    )


def _allocation(world: World, people: People) -> Case:
    letter = world.rows["mistaken"]
    entry = AllocationEntry.objects.of_decision(letter).get()
    return Case(
        _correct_entry(letter, entry, 2 * MILLION, 3 * MILLION),
        lambda as_of: _assigned(world, as_of),
        *(2 * MILLION, 3 * MILLION),
        [letter.get_absolute_url()],
        ["kinh-phi-giao"],
        ["1.000.000"],  # that the letter added to what another one had assigned
    )


def _approval(world: World, people: People) -> Case:
    letter, line = world.rows["letter"], world.cell("approved")[0]
    entry = ApprovalEntry.objects.get(plan_line=line)
    return Case(
        _correct_entry(letter, entry, 60 * MILLION, 55 * MILLION),
        lambda as_of: _sum(ApprovalEntry.objects.filter(plan_line=line).effective_by(as_of)),
        *(60 * MILLION, 55 * MILLION),
        [letter.get_absolute_url()],
        ["kinh-phi-duyet"],
        ["60.000.000"],
    )


def _letter(world: World, people: People) -> Case:
    letter = world.rows["mistaken"]
    return Case(
        lambda actor, reason: cancel_decision(decision=letter, reason=reason, actor=actor),
        lambda as_of: _assigned(world, as_of),
        *(2 * MILLION, MILLION),
        [letter.get_absolute_url()],
        ["dinh-chinh-van-ban", "kinh-phi-giao"],
        ["88/QĐ"],
    )


def _dropped(world: World, people: People) -> Case:
    line = world.rows["dropped"]
    return Case(
        lambda actor, reason: restore_line(decision=world.rows["letter"], line=line, reason=reason, actor=actor),
        _status(line),
        *("refused", "appraised"),
        [line.project.get_absolute_url()],
        ["lich-su-trang-thai"],
        ["341/UBND-CN"],
    )


def _adjustment(world: World, people: People) -> Case:
    project, revision = world.projects["contracted"], world.rows["adjustment"]

    def stands(as_of: AsOf) -> dt.date | None:
        text = former_texts([project], as_of).get(project.pk)
        return text.end_on if text else Project.objects.get(pk=project.pk).end_on

    return Case(
        lambda actor, reason: correct_adjustment(
            revision=revision,
            wanted=replace(adjusted(), end_on=dt.date(2006, 11, 30)),
            reason=reason,
            actor=actor,
            version=_version(project),
        ),
        stands,
        *(dt.date(2006, 12, 15), dt.date(2006, 11, 30)),
        [project.get_absolute_url(), f"{reverse('projects:journal')}?project={project.pk}"],
        ["lich-su-sua-doi", "ban-thuyet-minh"],
        ["15/12/2006"],
    )


def _past_record(world: World, people: People) -> Case:
    project = world.rows["past"]
    data = replace(project_input(world), plan=world.following)
    right = StatedOutcome("carried_out", "báo cáo năm 2007")
    return Case(
        lambda actor, reason: change_past_record(
            project=Project.objects.get(pk=project.pk), data=data, stated=right, version=_version(project), actor=actor
        ),
        lambda as_of: there(PastRecord.objects.filter(as_of.recorded(), project=project).order_by("pk").last()).outcome,
        *("unknown", "carried_out"),
        [project.get_absolute_url()],
        ["ho-so-cu"],
        ["báo cáo năm 2007"],
    )


def _past_letter(world: World, people: People) -> Case:
    letter = world.rows["confirmed_letter"]
    letter.refresh_from_db()
    entries = AllocationEntry.objects.filter(decision=letter.decision)
    return Case(
        lambda actor, reason: annul_past_letter(letter=letter, reason=reason, version=letter.version, actor=actor),
        lambda as_of: _sum(entries.effective_by(as_of)),
        *(MILLION, 0),
        [letter.decision.get_absolute_url()],
        ["kinh-phi-giao"],
        ["confirmed_letter/CV"],
    )


def _round(world: World, people: People) -> Case:
    found = world.rounds["endorsed"]
    return Case(
        lambda actor, reason: take_step(found, "reopen", actor=actor, on=dt.date(2006, 8, 1), reason=reason),
        lambda as_of: PlanRound.objects.get(pk=found.pk).status,
        *("endorsed", "submitted"),
        [f"{reverse('projects:journal')}?kind=round"],
        ["lich-su-trang-thai"],
        ["Sở đã thống nhất"],
        keeps_days=False,
    )


def _appraisal(world: World, people: People) -> Case:
    project, here = world.projects["submitted"], world.rounds["judged"]
    words: dict[str, Any] = {"conclusion": "accept", "answers": all_met(), "note": "Nhầm hồ sơ khác", "on": ON}
    reviewer = people["named reviewer"]
    review_project(plan_round=here, project=project, actor=reviewer, version=_version(project), **words)
    return Case(
        lambda actor, reason: reconsider_line(
            plan_round=here, project=project, actor=actor, on=dt.date(2006, 8, 1), reason=reason
        ),
        _status(project.lines.get()),
        *("appraised", "submitted"),
        [project.get_absolute_url()],
        ["lich-su-trang-thai", "tham-dinh"],
        ["Nhầm hồ sơ khác"],
    )


def _assignment(world: World, people: People) -> Case:
    project, here = world.projects["submitted"], world.rounds["judged"]
    words: dict[str, Any] = {"plan_round": here, "projects": [project.pk]}
    wrong, right = people["named reviewer"], people["reviewer"]
    assign_lines(reviewer=wrong, actor=people["named department_head"], **words)
    rows = ReviewAssignment.objects.of_line(project.lines.get())
    return Case(
        lambda actor, reason: assign_lines(reviewer=right, actor=actor, **words),
        lambda as_of: there(rows.filter(as_of.recorded()).last()).reviewer,
        *(wrong, right),
        [f"{reverse('projects:round_review', args=[here.pk])}?line={project.pk}"],
        ["giao-tham-dinh"],
        [str(wrong)],
        who={"department_head"},
    )


def _deadline(world: World, people: People) -> Case:
    here = world.rounds["judged"]
    wrong, right = dt.date(2006, 9, 1), dt.date(2006, 9, 15)
    set_deadline(plan_round=here, due_on=wrong, actor=people["named department_head"])
    rows = ReviewDeadline.objects.of_rounds([here.pk])
    return Case(
        lambda actor, reason: set_deadline(plan_round=here, due_on=right, reason=reason, actor=actor),
        lambda as_of: there(rows.filter(as_of.recorded()).last()).due_on,
        *(wrong, right),
        [reverse("projects:round_deadline", args=[here.pk])],
        ["han-tham-dinh"],
        ["01/09/2006|2006-09-01"],
    )


def _comment(world: World, people: People) -> Case:
    remark = world.rows["remark"]
    return Case(
        lambda actor, reason: withdraw_comment(comment=remark, reason=reason, actor=actor),
        lambda as_of: Comment.objects.standing().contains(remark),
        *(True, False),
        [remark.project.get_absolute_url()],
        ["y-kien", "y-kien-da-rut"],
        ["Thiếu báo giá"],
        keeps_days=False,
    )


def _note(world: World, people: People) -> Case:
    note = world.rows["note"]
    return Case(
        lambda actor, reason: withdraw_review_note(note=note, reason=reason, actor=actor),
        lambda as_of: ReviewNote.objects.standing().contains(note),
        *(True, False),
        [f"{reverse('projects:round_review', args=[note.round_id])}?line={note.project_id}"],
        ["ghi-chu-noi-bo", "ghi-chu-noi-bo-da-rut"],
        ["Giá cao"],
        keeps_days=False,
    )


def _warning(world: World, people: People) -> Case:
    draft = world.projects["draft"]
    mark = findings_of(draft, user=None).warnings[0].fingerprint
    give_reason(project=draft, fingerprint=mark, reason="Không rõ", actor=people["named centre_staff"])
    rows = WarningReason.objects.filter(project=draft, fingerprint=mark).order_by("pk")
    return Case(
        lambda actor, reason: give_reason(project=draft, fingerprint=mark, reason=reason, actor=actor),
        lambda as_of: there(rows.filter(as_of.recorded()).last()).reason,
        *("Không rõ", "Vì gõ nhầm"),
        [draft.get_absolute_url()],
        ["ly-do-canh-bao"],
        ["Không rõ"],
    )


def _commitment(world: World, people: People) -> Case:
    draft = world.projects["draft"]
    first = record_commitment(project=draft, signed=signed_on_paper(), seen=None, actor=people["named centre_staff"])
    right = replace(signed_on_paper(), signer="Trần Thị Lan", files=(), document=first.document)
    rows = Commitment.objects.of_project(draft)
    return Case(
        lambda actor, reason: record_commitment(project=draft, signed=right, seen=first.pk, reason=reason, actor=actor),
        lambda as_of: there(rows.filter(as_of.recorded()).first()).signer,
        *("Nguyễn Thị Hoa, chủ nhiệm HTX", "Trần Thị Lan"),
        [draft.get_absolute_url()],
        ["cam-ket-thu-huong"],
        ["Nguyễn Thị Hoa, chủ nhiệm HTX"],
    )


def _reversed(entry: Any, wrong: int, right: int, read: str, table: str) -> Case:
    """An entry of the accounts, which is reversed on its own day."""
    model = type(entry)
    key = {"plan_line": entry.plan_line_id, "component": entry.component_id, "source": entry.source_id}
    return Case(
        lambda actor, reason: correct_entries(rights=[RightAmount(entry, right)], reason=reason, actor=actor),
        lambda as_of: _sum(model.objects.filter(**key).effective_by(as_of)),
        *(wrong, right),
        [read],
        [table],
        [f"{wrong:,}".replace(",", ".")],
    )


def _contract_head(world: World, people: People) -> Case:
    return _account_head(world.rows["contract"], "partner", "HTX", "HTX Lật Dương")


def _voucher_head(world: World, people: People) -> Case:
    return _account_head(PaymentEntry.objects.get().voucher, "number", "PC-1", "PC-01")


def _account_head(record: Contract | Voucher, name: str, wrong: str, right: str) -> Case:
    return Case(
        lambda actor, reason: correct_account_head(
            record=record, head={name: right}, seen=0, reason=reason, actor=actor
        ),
        lambda as_of: getattr(type(record)._default_manager.get(pk=record.pk), name),
        *(wrong, right),
        [record.get_absolute_url()],
        ["sua-hop-dong-chung-tu"],
        [wrong],
        keeps_days=False,
    )


def _contract(world: World, people: People) -> Case:
    contract = world.rows["contract"]
    entry = ContractEntry.objects.get(contract=contract)
    return _reversed(entry, 50 * MILLION, 40 * MILLION, contract.get_absolute_url(), "gia-tri-hop-dong")


def _voucher(world: World, people: People) -> Case:
    payment = PaymentEntry.objects.get()
    return _reversed(payment, 10 * MILLION, 9 * MILLION, payment.voucher.get_absolute_url(), "dong-chung-tu")


def _settlement(world: World, people: People) -> Case:
    project = world.projects["accepted"]
    amounts = {world.cell("accepted"): 55 * MILLION}
    settle_project(project=project, paper="QT-1", on=ON, amounts=amounts, actor=people["named accountant"])
    entry = SettlementEntry.objects.get()
    return _reversed(entry, 55 * MILLION, 54 * MILLION, project.get_absolute_url(), "quyet-toan")


def _progress(world: World, people: People) -> Case:
    project, pk = world.projects["in_progress"], world.rows["report"].pk

    def correct(actor: User, reason: str) -> Any:
        report = ProgressReport.objects.get(pk=pk)
        report.is_on_schedule = False
        words: dict[str, Any] = {"project": project, "report": report, "amounts": {}, "version": _version(project)}
        return change_progress_report(reason=reason, actor=actor, **words)

    return Case(
        correct,
        lambda as_of: ProgressReport.objects.get(pk=pk).is_on_schedule,
        *(True, False),
        [project.get_absolute_url(), f"{reverse('projects:journal')}?project={project.pk}"],
        ["lich-su-sua-doi"],
        ["đúng tiến độ"],
        keeps_days=False,
    )


def _draft(world: World, people: People) -> Case:
    draft = world.projects["draft"]

    def correct(actor: User, reason: str) -> Any:
        project = copy(draft)
        project.name = "Dệt chiếu cói"
        return update_project(project=project, data=project_input(world), version=_version(draft), actor=actor)

    return Case(
        correct,
        lambda as_of: Project.objects.get(pk=draft.pk).name,
        *("draft", "Dệt chiếu cói"),
        [draft.get_absolute_url()],
        ["lich-su-sua-doi"],
        ["draft"],
        keeps_days=False,
    )


def _costs(world: World, people: People) -> Case:
    draft = world.projects["draft"]
    change = AmountChange(draft.components.get().pk, source("KCQG"), MILLION, 2 * MILLION)
    return Case(
        lambda actor, reason: update_amounts(plan=world.plan, changes=[change], actor=actor),
        lambda as_of: CostLine.objects.get(plan_line__project=draft).amount_vnd,
        *(MILLION, 2 * MILLION),
        [draft.get_absolute_url()],
        ["lich-su-sua-doi"],
        ["1.000.000"],
        keeps_days=False,
    )


def _document(world: World, people: People) -> Case:
    scan = world.rows["file"]
    return Case(
        lambda actor, reason: withdraw_document(document=scan, reason=reason, actor=actor),
        lambda as_of: ProjectDocument.objects.current().contains(scan),
        *(True, False),
        [scan.project.get_absolute_url()],
        ["ho-so-de-an"],
        ["a.pdf"],
        keeps_days=False,
    )


def _assessment(world: World, people: People) -> Case:
    words: dict[str, Any] = {"plan": world.plan, "directions": ""}
    first = assess_year(assessment="Chưa đạt.", seen=None, actor=people["named centre_staff"], **words)
    return Case(
        lambda actor, reason: assess_year(assessment="Đạt kế hoạch.", seen=first.pk, actor=actor, **words),
        lambda as_of: YearAssessment.objects.standing([world.plan], as_of)[world.plan.pk].assessment,
        *("Chưa đạt.", "Đạt kế hoạch."),
        [reverse("projects:plan_assess", args=[world.plan.pk])],
        ["danh-gia-nam"],
        ["Chưa đạt."],
        reader="centre_head",
    )


def _paper(world: World, people: People) -> Case:
    letter, department = world.rows["letter"], people["named department_head"]
    first = make_paper(
        kind="approved-list", subject=letter, words=PaperWords(), seen=_digest_of_list(letter), actor=department
    )
    slip = ApprovalEntry.objects.get(plan_line=world.cell("approved")[0])
    _correct_entry(letter, slip, 60 * MILLION, 55 * MILLION)(department, "Gõ nhầm")
    words: dict[str, Any] = {"kind": "approved-list", "subject": letter, "seen": _digest_of_list(letter)}
    rows = RecordedPaper.objects.made("approved-list", decision=letter)
    return Case(
        lambda actor, reason: make_paper(words=PaperWords(), reason=reason, actor=actor, **words),
        lambda as_of: there(rows.filter(as_of.recorded()).first()).number,
        *(1, 2),
        [first.get_absolute_url(), reverse("projects:paper", args=[letter.pk, "approved-list"])],
        ["giay-to-da-lap"],
        [],
    )


def _report(world: World, people: People) -> Case:
    head = people["named centre_head"]
    draft = build_draft("annual", head, {"year": "2006"}, timezone.localdate())
    words: dict[str, Any] = {"kind": "annual", "query": draft.query, "seen": draft.digest, "number": ""}
    first = submit_report(submitted_on=ON, note="", actor=head, **words)
    return Case(
        lambda actor, reason: submit_report(submitted_on=ON + dt.timedelta(days=1), note=reason, actor=actor, **words),
        lambda as_of: SubmittedReport.objects.filter(as_of.recorded()).count(),
        *(1, 2),
        [first.get_absolute_url(), reverse("reports:submitted_list")],
        [],
        [],
    )


def _beneficiary(world: World, people: People) -> Case:
    def correct(actor: User, reason: str) -> Any:
        helped = Beneficiary.objects.get(pk=world.rows["helped"].pk)
        helped.name = "HTX chiếu cói"
        return save_beneficiary(beneficiary=helped, version=helped.version, actor=actor)

    return Case(
        correct,
        lambda as_of: Beneficiary.objects.get(pk=world.rows["helped"].pk).name,
        *("HTX Lật Dương", "HTX chiếu cói"),
        [world.rows["helped"].get_absolute_url()],
        ["lich-su-sua-doi"],
        ["HTX Lật Dương"],
        keeps_days=False,
    )


def _organisation(world: World, people: People) -> Case:
    pk = world.plan.organisation_id

    def correct(actor: User, reason: str) -> Any:
        office = Organisation.objects.get(pk=pk)
        told, office.name = f"{office.name} → Trung tâm Khuyến công", "Trung tâm Khuyến công"
        return save_organisations(entries=[OrganisationEntry(office, told)], actor=actor)

    wrong = world.plan.organisation.name
    return Case(
        correct,
        lambda as_of: Organisation.objects.get(pk=pk).name,
        *(wrong, "Trung tâm Khuyến công"),
        [reverse("admin:accounts_organisation_history", args=[pk])],
        [],
        [wrong],
        reader="administrator",
        keeps_days=False,
    )


def _unit(world: World, people: People) -> Case:
    unit = district()

    def correct(actor: User, reason: str) -> Any:
        now = type(unit).objects.get(pk=unit.pk)
        told, now.name = f"{now.name} → Huyện Tiên Lãng mới", "Huyện Tiên Lãng mới"
        entry = UnitEntry(Organisation.objects.get(code="hai-phong"), now, told)
        return save_units(entries=[entry], actor=actor)

    return Case(
        correct,
        lambda as_of: type(unit).objects.get(pk=unit.pk).name,
        *("Huyện Tiên Lãng", "Huyện Tiên Lãng mới"),
        [reverse("admin:programmes_adminunit_history", args=[unit.pk])],
        [],
        ["Huyện Tiên Lãng"],
        reader="administrator",
        keeps_days=False,
    )


def _norm_of_province(world: World, people: People) -> Case:
    stored = world.rows["norm"]
    return Case(
        lambda actor, reason: correct_norm(
            norm=norm_row(world, pk=stored.pk, max_percent=30), seen=0, reason=reason, actor=actor
        ),
        lambda as_of: SupportNorm.objects.get(pk=stored.pk).max_percent,
        *(50, 30),
        [stored.get_absolute_url()],
        ["sua-muc-ho-tro"],
        ["50"],
        keeps_days=False,
    )


def _books(world: World, people: People) -> Case:
    plan = world.rows["closed_books"]
    rows = BooksChange.objects.of_plan(plan)
    return Case(
        lambda actor, reason: reopen_books(plan=plan, reason=reason, actor=actor),
        lambda as_of: there(rows.filter(as_of.recorded()).first()).is_closed,
        *(True, False),
        [reverse("projects:plan_books", args=[plan.pk])],
        ["khoa-so"],
        ["Hết năm"],
    )


# By the name of the thing in ``recorded_things.py``.
CASES: dict[str, Callable[[World, People], Case]] = {
    "Số, ngày, cơ quan, người ký, trích yếu của văn bản": _head,
    "Kinh phí giao theo văn bản": _allocation,
    "Kinh phí duyệt, bổ sung, ngừng theo văn bản": _approval,
    "Cả văn bản ghi nhầm": _letter,
    "Số 0 gõ nhầm làm loại đề án": _dropped,
    "Địa bàn, thời gian, thụ hưởng điều chỉnh theo văn bản": _adjustment,
    "Hồ sơ cũ chờ xác nhận": _past_record,
    "Văn bản của hồ sơ cũ đã xác nhận, việc theo hồ sơ cũ": _past_letter,
    "Bước của đợt (gửi, trả lại, thống nhất, trình)": _round,
    "Kết luận thẩm định, tiêu chí, số thẩm định đề nghị": _appraisal,
    "Giao thẩm định": _assignment,
    "Hạn thẩm định": _deadline,
    "Ý kiến và trả lời": _comment,
    "Ghi chú nội bộ của Sở": _note,
    "Lý do của cảnh báo": _warning,
    "Cam kết của đơn vị thụ hưởng": _commitment,
    "Số, bên ký, nội dung, thời hạn của hợp đồng": _contract_head,
    "Số, người nhận, nội dung của chứng từ": _voucher_head,
    "Hợp đồng, phụ lục": _contract,
    "Chứng từ tạm ứng, thanh toán, thu hồi": _voucher,
    "Quyết toán": _settlement,
    "Báo cáo tiến độ, kinh phí đã thực hiện": _progress,
    "Đề án đang soạn: nội dung, địa bàn, thụ hưởng": _draft,
    "Kinh phí đề nghị, dự toán chi tiết": _costs,
    "Tài liệu, bản quét của đề án, đợt, văn bản, mức hỗ trợ": _document,
    "Mức hỗ trợ riêng của tỉnh, thành phố": _norm_of_province,
    "Đánh giá chung, phương hướng của năm": _assessment,
    "Khóa sổ của năm": _books,
    "Giấy tờ đã lập": _paper,
    "Báo cáo đã chốt": _report,
    "Đơn vị thụ hưởng trong danh bạ": _beneficiary,
    "Đơn vị, cơ quan và tên gọi trước đây": _organisation,
    "Đơn vị hành chính": _unit,
}
