"""Every address of the site and who may ask it, written by hand, and a record of each kind that one names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khuyencong.accounts.models import Authorisation, User
from programmes.models import AnnualPlan, DecisionDocument, NormDocument, PlanRound, RoundDocument, SupportNorm
from projects.importing.models import ImportBatch
from projects.models import (
    Beneficiary,
    Comment,
    Contract,
    FieldChange,
    PlanLine,
    ProgressReport,
    Project,
    ProjectDocument,
    ProjectRevision,
    RecordedPaper,
    ReviewNote,
    Voucher,
)
from projects.papers.snapshots import take_snapshot
from projects.services.past_letters import LetterHead, confirm_past_letter, prepare_past_letter, send_past_letter
from projects.services.past_records import StatedOutcome, enter_past_record
from projects.services.project_entry import ContentInput, ProjectInput
from projects.services.project_parts import SupportInput
from reports.models import SavedView
from tests.factories import (
    MILLION,
    activity,
    decide,
    district,
    make_plan,
    make_project,
    requested_cells,
    source,
    submit_all,
    submit_annual_report,
)
from tests.kept import kept

ROLES = ("centre_staff", "centre_head", "accountant", "reviewer", "department_head", "observer", "administrator")
ALL = frozenset(ROLES)
WRITERS = frozenset({"centre_staff", "centre_head"})
HEAD = frozenset({"centre_head"})
DEPARTMENT = frozenset({"department_head"})
REVIEWERS = frozenset({"reviewer"})
PAPER_MAKERS = REVIEWERS | DEPARTMENT
ACCOUNTANTS = frozenset({"accountant"})
ADMINISTRATORS = frozenset({"administrator"})
ERASERS = HEAD | ADMINISTRATORS
DELEGATORS = frozenset({"centre_head", "accountant", "department_head"})
ENDERS = WRITERS | frozenset({"administrator"})  # who delegated, to whom, who keeps the roles
COMMENTERS = WRITERS | REVIEWERS | DEPARTMENT


@dataclass(frozen=True)
class Rule:
    """Who may GET and who may POST; None: the method is not there at all. ``row`` names the record in the address,
    ``more`` what follows it there: the name of a step, or another record. For whoever is none of the ``readers`` the
    record is not there.
    """

    get: frozenset[str] | None
    post: frozenset[str] | None
    row: str = ""
    more: tuple[str, ...] = ()
    readers: frozenset[str] = ALL


TABLE = {
    "healthz": Rule(ALL, None),
    "readyz": Rule(ALL, None),
    "set_language": Rule(ALL, ALL),
    "accounts:login": Rule(ALL, ALL),
    "accounts:logout": Rule(None, ALL),
    "accounts:profile": Rule(ALL, None),
    "accounts:password_change": Rule(ALL, ALL),
    "accounts:delegation_create": Rule(DELEGATORS, DELEGATORS),
    "accounts:delegation_end": Rule(ENDERS, ENDERS, "delegation"),
    "projects:home": Rule(ALL, None),
    "projects:plan_list": Rule(ALL, None),
    "projects:plan_create": Rule(WRITERS, WRITERS),
    "projects:plan_detail": Rule(ALL, None, "plan"),
    "projects:round_open": Rule(None, WRITERS, "plan"),
    "projects:place_suggest": Rule(ALL, None, "plan"),
    "projects:plan_amounts": Rule(WRITERS, WRITERS, "plan"),
    "projects:plan_assess": Rule(WRITERS, WRITERS, "plan"),
    "projects:plan_copy": Rule(WRITERS, WRITERS, "plan"),
    "projects:decision_create": Rule(DEPARTMENT, DEPARTMENT, "plan"),
    "projects:round_submit": Rule(HEAD, HEAD, "draft_round"),
    "projects:round_recall": Rule(None, HEAD, "sent_round"),
    "projects:round_step/return": Rule(REVIEWERS, REVIEWERS, "judged_round", ("return",)),
    "projects:round_step/endorse": Rule(REVIEWERS, REVIEWERS, "settled_round", ("endorse",)),
    "projects:round_step/forward": Rule(DEPARTMENT, DEPARTMENT, "endorsed_round", ("forward",)),
    "projects:round_step/reopen": Rule(DEPARTMENT, DEPARTMENT, "endorsed_round", ("reopen",)),
    "projects:round_review": Rule(ALL, None, "judged_round"),
    "projects:line_review": Rule(ALL, REVIEWERS, "judged_round", ("submitted",)),
    "projects:line_reconsider": Rule(REVIEWERS, REVIEWERS, "judged_round", ("appraised",)),
    "projects:round_share": Rule(None, PAPER_MAKERS, "judged_round"),
    "projects:lines_accept": Rule(REVIEWERS, REVIEWERS, "judged_round"),
    "projects:round_deadline": Rule(DEPARTMENT, DEPARTMENT, "judged_round"),
    "projects:note_add": Rule(PAPER_MAKERS, PAPER_MAKERS, "judged_round", ("submitted",)),
    "projects:decision_detail": Rule(ALL, None, "decision"),
    "projects:decision_appendix": Rule(ALL, None, "adjusting"),
    "projects:round_papers": Rule(PAPER_MAKERS, None, "decided_round"),
    "projects:paper/approved-list": Rule(ALL, None, "decision", ("approved-list",)),
    "projects:paper_make/minutes": Rule(PAPER_MAKERS, PAPER_MAKERS, "decided_round", ("minutes",)),
    "projects:paper_detail": Rule(ALL, None, "paper"),
    "projects:paper_word": Rule(ALL, None, "paper"),
    "projects:decision_correct": Rule(DEPARTMENT, DEPARTMENT, "decision"),
    "projects:decision_cancel": Rule(DEPARTMENT, DEPARTMENT, "decision"),
    "projects:line_restore": Rule(DEPARTMENT, DEPARTMENT, "decision", ("dropped",)),
    "projects:decision_head": Rule(DEPARTMENT, DEPARTMENT, "decision"),
    "projects:decision_document_add": Rule(COMMENTERS, COMMENTERS, "decision"),
    "projects:round_documents": Rule(ALL, None, "draft_round"),
    "projects:round_document_add": Rule(COMMENTERS, COMMENTERS, "draft_round"),
    "projects:round_document": Rule(ALL, None, "round_file"),
    "projects:document_withdraw": Rule(WRITERS, WRITERS, "file", ("projects",)),
    "projects:document_erase": Rule(ERASERS, ERASERS, "wrong_file", ("projects",)),
    "projects:comment_withdraw": Rule(WRITERS, WRITERS, "remark"),
    "projects:settlement_correct": Rule(ACCOUNTANTS, ACCOUNTANTS, "approved"),
    "projects:plan_books": Rule(ALL, DEPARTMENT, "plan"),
    "projects:contract_head": Rule(ACCOUNTANTS, ACCOUNTANTS, "contract"),
    "projects:voucher_head": Rule(ACCOUNTANTS, ACCOUNTANTS, "voucher"),
    "projects:adjustment_correct": Rule(DEPARTMENT, DEPARTMENT, "adjustment"),
    "projects:note_withdraw": Rule(DEPARTMENT, DEPARTMENT, "note", readers=PAPER_MAKERS),
    "projects:decision_document": Rule(ALL, None, "scan"),
    "projects:past_year": Rule(ALL, None, "old_plan"),
    "projects:past_record_create": Rule(WRITERS, WRITERS, "old_plan"),
    "projects:past_record_edit": Rule(WRITERS, WRITERS, "old"),
    "projects:past_letter_create": Rule(WRITERS, WRITERS, "old_plan"),
    "projects:past_letter_detail": Rule(ALL, None, "old_letter"),
    "projects:past_letter_edit": Rule(WRITERS, WRITERS, "old_letter"),
    "projects:past_letter_confirm": Rule(DEPARTMENT, DEPARTMENT, "waiting_letter"),
    "projects:plan_warnings": Rule(WRITERS, WRITERS, "plan"),
    "projects:past_letter_annul": Rule(DEPARTMENT, DEPARTMENT, "confirmed_letter"),
    "projects:past_letter_move/send": Rule(None, WRITERS, "old_letter", ("send",)),
    "projects:past_letter_move/recall": Rule(None, WRITERS, "waiting_letter", ("recall",)),
    "projects:past_letter_move/drop": Rule(None, WRITERS, "old_letter", ("drop",)),
    "projects:project_list": Rule(ALL, None),
    "projects:project_create": Rule(WRITERS, WRITERS),
    "projects:project_detail": Rule(ALL, None, "draft"),
    "projects:project_edit": Rule(WRITERS, WRITERS, "draft"),
    "projects:project_estimate": Rule(WRITERS, WRITERS, "draft"),
    "projects:commitment_record": Rule(WRITERS, WRITERS, "draft"),
    "projects:project_discard": Rule(WRITERS, WRITERS, "draft"),
    "projects:project_resubmit": Rule(HEAD, HEAD, "returned"),
    "projects:project_step/withdraw": Rule(HEAD, HEAD, "draft", ("withdraw",)),
    "projects:project_step/start": Rule(WRITERS, WRITERS, "contracted", ("start",)),
    "projects:project_step/start_task": Rule(WRITERS, WRITERS, "task", ("start_task",)),
    "projects:project_step/accept": Rule(HEAD, HEAD, "in_progress", ("accept",)),
    "projects:project_step/liquidate": Rule(ACCOUNTANTS, ACCOUNTANTS, "settled", ("liquidate",)),
    "projects:project_years": Rule(WRITERS, WRITERS, "approved"),
    "projects:project_adjust": Rule(DEPARTMENT, DEPARTMENT, "approved"),
    "projects:contract_create": Rule(ACCOUNTANTS, ACCOUNTANTS, "approved"),
    "projects:project_settle": Rule(ACCOUNTANTS, ACCOUNTANTS, "accepted"),
    "projects:contract_detail": Rule(ALL, None, "contract"),
    "projects:contract_amend": Rule(ACCOUNTANTS, ACCOUNTANTS, "contract"),
    "projects:contract_correct": Rule(ACCOUNTANTS, ACCOUNTANTS, "contract"),
    "projects:voucher_list": Rule(ALL, None),
    "projects:voucher_create": Rule(ACCOUNTANTS, ACCOUNTANTS),
    "projects:voucher_detail": Rule(ALL, None, "voucher"),
    "projects:voucher_correct": Rule(ACCOUNTANTS, ACCOUNTANTS, "voucher"),
    "projects:voucher_request": Rule(ALL, None, "voucher"),
    "projects:plan_carry_over": Rule(DEPARTMENT, DEPARTMENT, "plan"),
    "projects:comment_add": Rule(COMMENTERS, COMMENTERS, "submitted"),
    "projects:comment_answer": Rule(COMMENTERS, COMMENTERS, "remark"),
    "projects:appraisal": Rule(ALL, None, "approved"),
    "projects:warning_reason": Rule(WRITERS, WRITERS, "draft"),
    "projects:norm_list": Rule(ALL, None),
    "projects:norm_create": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "projects:norm_detail": Rule(ALL, None, "norm"),
    "projects:norm_correct": Rule(ADMINISTRATORS, ADMINISTRATORS, "norm"),
    "projects:norm_end": Rule(ADMINISTRATORS, ADMINISTRATORS, "norm"),
    "projects:norm_document_add": Rule(ADMINISTRATORS, ADMINISTRATORS, "norm"),
    "projects:norm_document": Rule(ALL, None, "norm_scan"),
    "projects:journal": Rule(ALL, None),
    "projects:rights": Rule(ALL, None),
    "projects:proof": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "projects:draft_save": Rule(None, ALL),
    "projects:draft_discard": Rule(None, ALL),
    "projects:notice_settings": Rule(ALL, ALL),
    "projects:progress_create": Rule(WRITERS, WRITERS, "approved"),
    "projects:progress_edit": Rule(WRITERS, WRITERS, "approved", ("report",)),
    "projects:project_document_add": Rule(COMMENTERS, COMMENTERS, "draft"),
    "projects:project_document": Rule(ALL, None, "file"),
    "projects:beneficiary_list": Rule(ALL, None),
    "projects:beneficiary_suggest": Rule(ALL, None),
    "projects:beneficiary_create": Rule(WRITERS, WRITERS),
    "projects:beneficiary_detail": Rule(ALL, None, "beneficiary"),
    "projects:beneficiary_edit": Rule(WRITERS, WRITERS, "beneficiary"),
    "importing:bring": Rule(WRITERS, WRITERS, "plan"),
    "importing:bring_firms": Rule(WRITERS, WRITERS),
    "importing:bring_organisations": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "importing:bring_units": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "importing:batch": Rule(ALL, WRITERS, "batch"),
    "importing:columns": Rule(WRITERS, WRITERS, "batch"),
    "importing:so_far": Rule(WRITERS, None, "batch"),
    "importing:law": Rule(WRITERS, None, "batch"),
    "importing:drop": Rule(None, WRITERS, "batch"),
    "importing:take_back": Rule(WRITERS, WRITERS, "batch"),
    "importing:annotated": Rule(WRITERS, None, "batch"),
    "importing:source_file": Rule(WRITERS, None, "batch"),
    "importing:erase": Rule(ERASERS, ERASERS, "batch"),
    "reports:index": Rule(ALL, None),
    "reports:annual": Rule(ALL, None),
    "reports:annual_print": Rule(ALL, None),
    "reports:annual_xlsx": Rule(ALL, None),
    "reports:report_detail": Rule(ALL, None, "catalogue"),
    "reports:report_print": Rule(ALL, None, "catalogue"),
    "reports:report_cell": Rule(ALL, None, "catalogue"),
    "reports:report_xlsx": Rule(ALL, None, "catalogue"),
    "reports:view_save": Rule(ALL, ALL),
    "reports:view_delete": Rule(None, DEPARTMENT, "view"),
    "reports:annual_docx": Rule(ALL, None),
    "reports:submitted_list": Rule(ALL, None),
    "reports:submitted_create": Rule(HEAD, HEAD),
    "reports:submitted_detail": Rule(ALL, None, "submitted_report"),
    "reports:submitted_xlsx": Rule(ALL, None, "submitted_report"),
    "reports:period": Rule(ALL, None),
    "reports:period_print": Rule(ALL, None),
    "reports:period_xlsx": Rule(ALL, None),
    "reports:parallel": Rule(ALL, ALL, "plan"),
    "reports:parallel_paper": Rule(None, ALL, "plan"),
    "reports:form_2_xlsx": Rule(ALL, None),
    "reports:dashboard": Rule(ALL, None),
    "reports:take_out": Rule(ALL, None),
    "reports:take_out_xlsx": Rule(ALL, None),
    "reports:take_out_zip": Rule(ALL, None),
    "reports:take_out_csv": Rule(ALL, None),
}
QUERY = {name: "?year=2006&period=q2" for name in TABLE if name.startswith("reports:")} | {
    "reports:report_cell": "?row=315&figure=approved_vnd",
    "reports:submitted_create": "?kind=annual&year=2006",
    "reports:view_save": "?report=areas&query=year%3D2006",
    "reports:take_out_csv": "?table=de-an",
}


@pytest.fixture
@kept
def rows(centre_staff: User, centre_head: User, department_head: User) -> dict[str, Any]:
    """One record of each kind that an address can name."""
    plan = make_plan(organisation=centre_staff.memberships.get().scope)
    approved = make_project(plan=plan, by=centre_staff, name="Đã duyệt")
    dropped = make_project(plan=plan, by=centre_staff, name="Bị loại").lines.get()
    submit_all(plan=plan, by=centre_head)
    assigned = {"KCDP": 60 * MILLION}
    cells = {key: 0 if key[0] == dropped.pk else vnd for key, vnd in requested_cells(plan).items()}
    decision = decide(plan=plan, by=department_head, assigned=assigned, approved=cells)
    approved.refresh_from_db()
    make_project(plan=plan, by=centre_staff, name="Đã gửi", amounts={"KCQG": MILLION})
    submit_all(plan=plan, by=centre_head)
    draft = make_project(plan=plan, by=centre_staff, name="Đang lập")
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    scan = SimpleUploadedFile("b.pdf", b"%PDF-1.4")
    by_staff: dict[str, Any] = {"uploaded_by": centre_staff, "uploader_role": "centre_staff"}
    norm = SupportNorm.objects.create(
        code="machinery",
        regulation=activity().regulation,
        clause="Điều 1",
        funding_level="city",
        province=plan.organisation.province(),
        activity_type=activity(),
        item="Máy móc",
        unit="cơ sở",
        max_percent=50,
        effective_from=dt.date(2006, 1, 1),
    )
    ruled = SimpleUploadedFile("c.pdf", b"%PDF-1.4 c")
    wide = {"KCDP": 90 * MILLION}
    adjusting = decide(plan=plan, by=department_head, assigned=wide, number="2/QĐ", on=dt.date(2006, 7, 1))
    moved = FieldChange(project=approved, field="end_on", after="30/11/2006", actor=department_head, decision=adjusting)
    moved.save()
    text = take_snapshot(approved)
    adjustment = ProjectRevision.objects.create(
        project=approved, number=9, occasion="adjustment", effective_on=dt.date(2006, 7, 1),
        recorded_by=department_head, decision=adjusting, snapshot=text | {"end_on": "2006-11-30", "before": text},
    )  # fmt: skip
    report = ProgressReport.objects.create(
        project=approved, month=dt.date(2006, 7, 1), is_on_schedule=True, reported_by=centre_staff
    )
    rows = {
        "contract": Contract.objects.create(
            project=approved, number="05/HĐ", signed_on=dt.date(2006, 7, 1), partner="HTX", recorded_by=department_head
        ),
        "voucher": Voucher.objects.create(
            organisation=plan.organisation,
            year=2006,
            number="PC-01",
            issued_on=dt.date(2006, 7, 2),
            recorded_by=department_head,
        ),
        "catalogue": SimpleNamespace(pk="areas"),  # its rows are those of the plans that one sees
        "view": SavedView.objects.create(
            owner=department_head, report="areas", name="Theo huyện", shared_with=plan.organisation.province()
        ),
        "plan": plan,
        "draft": draft,
        "approved": approved,
        "adjusting": adjusting,
        "adjustment": adjustment,
        "report": report,
        "remark": Comment.objects.create(
            project=draft, text="Nêu rõ địa điểm", author=centre_staff, author_role="centre_staff"
        ),
        "note": ReviewNote.objects.create(
            project=draft, round=draft.lines.get().round, text="Giá cao", author=department_head
        ),
        "draft_round": PlanRound.objects.get(status="draft"),
        "sent_round": PlanRound.objects.get(status="submitted"),
        "decided_round": PlanRound.objects.get(status="approved"),
        "decision": decision,
        "dropped": dropped,
        "beneficiary": Beneficiary.objects.create(
            province=plan.organisation.province(), name="Công ty Dũng Hồng", type="enterprise", unit=district()
        ),
        "norm": norm,
        "norm_scan": NormDocument.objects.create(norm=norm, file=ruled, uploaded_by=department_head),
        "batch": batch_of_one_row(plan, centre_staff),
        "file": ProjectDocument.objects.create(project=draft, file=file, **by_staff),
        "wrong_file": ProjectDocument.objects.create(
            project=draft,
            file=SimpleUploadedFile("d.pdf", b"%PDF-1.4 d"),
            **by_staff,
            withdrawn_at=timezone.now(),
            withdrawn_by=centre_staff,
            withdraw_reason="Nhầm tệp",
        ),
        "round_file": RoundDocument.objects.create(
            round=PlanRound.objects.get(status="draft"), file=SimpleUploadedFile("e.pdf", b"%PDF-1.4 e"), **by_staff
        ),
        "scan": DecisionDocument.objects.create(decision=decision, file=scan, uploaded_by=department_head),
    }
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    rows["delegation"] = Authorisation.objects.create(
        kind="delegation",
        user=centre_staff,
        role="centre_head",
        scope=plan.organisation,
        principal=centre_head,
        starts_on=tomorrow,
        ends_on=tomorrow,
        reason="Nghỉ phép",
        recorded_by=centre_head,
    )
    rows["submitted_report"] = submit_annual_report(by=centre_head)
    rows["paper"] = RecordedPaper.objects.get(appraisal__project=approved)
    return rows | under_way(plan, centre_staff) | of_the_past(plan, centre_staff, department_head)


def of_the_past(plan: AnnualPlan, staff: User, head: User) -> dict[str, Any]:
    """A past record of 2005, letters that are prepared, before the Department's head, and confirmed."""
    old_plan = make_plan(organisation=plan.organisation, year=2005)
    content = ContentInput(activity(), {source("KCDP"): MILLION})
    data = ProjectInput(old_plan, [content], [district()], [SupportInput(group_description="Lao động")])
    stated = StatedOutcome("carried_out", "báo cáo năm 2005")
    old = Project(name="Đề án của năm 2005", kind="group")
    enter_past_record(project=old, data=data, stated=stated, actor=staff)
    letters = []
    for number, code in (("1/CV", "KCDP"), ("2/CV", "KCDP"), ("3/CV", "KCQG")):
        paper = LetterHead(number=number, issued_on=dt.date(2005, 6, 1))
        letters.append(prepare_past_letter(plan=old_plan, head=paper, assigned={source(code): MILLION}, actor=staff))
    for letter in letters[1:]:
        send_past_letter(letter=letter, actor=staff)
    prepared, waiting, accepted = letters
    confirm_past_letter(letter=accepted, version=2, actor=head)
    return {
        "old_plan": old_plan,
        "old": old,
        "old_letter": prepared,
        "waiting_letter": waiting,
        "confirmed_letter": accepted,
    }


def batch_of_one_row(plan: AnnualPlan, staff: User) -> ImportBatch:
    """A list of the plan that waits for its confirmation."""
    rows = [["Tên đề án", "Địa điểm", "KCĐP (triệu đồng)"], ["Đào tạo nghề từ tệp", "Tiên Lãng", 60]]
    sheet = {
        "name": "DM",
        "rows": rows,
        "is_hidden": False,
        "hidden_rows": [],
        "merged": [],
        "errors": [],
        "valueless": [],
    }
    return ImportBatch.objects.create(
        organisation=plan.organisation, plan=plan, kind="plan", file_name="dm.xlsx", format="xlsx", sha256="0" * 64,
        size_bytes=1, sheets=[sheet | {"strays": []}], created_by=staff,
    )  # fmt: skip


STATUSES = ("submitted", "returned", "appraised", "contracted", "in_progress", "accepted", "settled")


def under_way(plan: AnnualPlan, staff: User) -> dict[str, Any]:
    """A project in each status that an address asks for, and a round in each."""
    rounds = {
        name: PlanRound.objects.create(plan=plan, level="city", number=number, status=status)
        for number, (name, status) in enumerate(
            (("judged_round", "submitted"), ("settled_round", "submitted"), ("endorsed_round", "endorsed")), start=10
        )
    }
    found: dict[str, Any] = {}
    for name in (*STATUSES, "task", "settled_line", "endorsed_line"):
        project = make_project(plan=plan, by=staff, name=f"Đề án {name}", kind="task" if name == "task" else "group")
        status = {"task": "approved", "settled_line": "appraised", "endorsed_line": "appraised"}.get(name, name)
        Project.objects.filter(pk=project.pk).update(status=status)
        home = rounds.get(name.replace("_line", "_round"), rounds["judged_round"])
        PlanLine.objects.filter(project=project).update(round=home)
        found[name] = Project.objects.get(pk=project.pk)
    return rounds | found


def address_of(name: str, rows: dict[str, Any]) -> str:
    """Without its query."""
    rule = TABLE[name]
    more = [rows[key].pk if key in rows else key for key in rule.more]
    return reverse(name.partition("/")[0], args=[rows[rule.row].pk, *more] if rule.row else [])
